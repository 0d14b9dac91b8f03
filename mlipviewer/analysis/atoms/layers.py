"""Layers of atoms at an interface: what each is made of, along a trajectory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.frames import layer
from mlipviewer.analysis.methods.class_areas import (
    ALONG,
    COUNTS,
    FRACTIONS,
    ON_FRAMES,
    ON_INSERTED,
    ON_TIME,
    class_areas,
    x_axis,
)
from mlipviewer.analysis.methods.labels import (
    CLASSES,
    LEFT_OUT,
    Births,
    LabelParams,
    cutoff_of,
    labelled_frames,
    looked_at,
)
from mlipviewer.analysis.methods.layering import (
    AXES,
    BIN,
    DOWN,
    MINIMA,
    SPACING,
    UP,
    by_borders,
    by_spacing,
    counted,
    minima_of,
)
from mlipviewer.analysis.methods.times import TIME, in_order, time_units, times_of
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Result, param
from mlipviewer.core.computation import over_frames
from mlipviewer.core.plot import Array, Axis, Bars, Cursor, Line, Plot, Rule, Space
from mlipviewer.core.progress import Progress

FINEST = 500  # bins of a drawn profile
MOST_LINES = 10


@dataclass(frozen=True)
class LayersParams(LabelParams):
    axis: str = param("z", "layers follow each other along it", choices=AXES)
    wall: str = param(
        "",
        "a condition, e.g. element == 'O': layers begin at the outermost of these atoms; else at"
        " `height`",
    )
    edge: int = param(1, "the plane is the mean of so many outermost atoms of the wall", low=1)
    height: float = param(0.0, "where the layers begin, without a wall", unit="A")
    direction: str = param(UP, "to which side of the plane the layers lie", choices=(UP, DOWN))
    layers: str = param(
        SPACING,
        "spacing: all equally thick; minima: between the minima of the density over all frames",
        choices=(SPACING, MINIMA),
    )
    spacing: float = param(
        1.75, "thickness of a layer; 1.75 A are (001) planes of bcc lithium", unit="A", low=0.01
    )
    first: int = param(0, "draw the counts of layers from this one on; 0: all", low=0)
    last: int = param(0, "draw the counts of layers up to this one; 0: all", low=0)
    show: str = param(COUNTS, "areas of counts or of shares", choices=(COUNTS, FRACTIONS))
    along: str = param(ON_TIME, ALONG, choices=(ON_TIME, ON_FRAMES, ON_INSERTED))


def run(inputs: Inputs, params: LayersParams, progress: Progress) -> Result:
    """Classes of the atoms in each layer, in each frame.

    Layer 0 is what lies behind the interface. Summary: n_frames, n_layers, interface_first and
    interface_last (A along the axis), cutoff. Tables `counts`: frame, time (ps, where known),
    layer, class, count, fraction (of the layer); `layers`: layer, low, high (A from the interface),
    n_atoms (mean over frames), and the mean share of each class; `profile`: distance, density (mean
    atoms per A and frame). Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    frames = looked_at(trajectory, params.every)
    cutoff = cutoff_of(inputs, params, progress)
    borders = None
    if params.layers == MINIMA:
        borders = minima_of(_density(_seen(inputs, params, progress, cutoff)))
    tables, planes, births = [], np.empty(len(frames)), Births()
    density = np.zeros(0)
    seen = _seen(inputs, params, progress, cutoff)
    for number, (distances, labels, ids, plane) in enumerate(seen):
        layers = _layers(distances, borders, params.spacing)
        tables.append(_table(layers, labels))
        planes[number] = plane
        births.see(ids)
        density = counted(distances, density)
    names, counts = _named(_stacked(tables))
    times = times_of(trajectory, frames)
    return Result(
        summary={
            "n_frames": len(frames),
            "n_layers": counts.shape[1] - 1,
            "interface_first": round(float(planes[0]), 6),
            "interface_last": round(float(planes[-1]), 6),
            "cutoff": cutoff,
        },
        tables={
            "counts": _long(np.array(frames), times, counts, names),
            "layers": _layer_table(counts, names, borders, params.spacing, BIN * len(density)),
            "profile": _profile(density, len(frames)),
        },
        units={**time_units(times), "low": "A", "high": "A", "distance": "A", "density": "1/A"},
        arrays={
            "frames": np.array(frames),
            TIME: times,
            "inserted": births.inserted,
            "counts": counts,
            "interface": planes,
            **{"last_ids": ids, "last_layers": layers},
        },
        names=names,
    )


Seen = tuple[Array, Array, Array, float]


def _seen(
    inputs: Inputs, params: LayersParams, progress: Progress, cutoff: float | None
) -> Iterator[Seen]:
    """Distances from the interface, labels and ids of the atoms of each frame, and its plane."""
    trajectory = inputs.the_trajectory()
    frames = looked_at(trajectory, params.every)
    shared = ("axis", "wall", "edge", "height", "direction")
    asked = layer.LayerParams(**{name: getattr(params, name) for name in shared})
    labelled = labelled_frames(inputs, params, progress, cutoff)
    placed = over_frames(inputs, layer.COMPUTATION, asked, frames, progress)
    for one, found in zip(labelled, placed, strict=True):
        distances = found.columns["interface_distance"][one.rows]
        yield distances, one.labels, one.ids, float(found.values["interface"])


def _layers(distances: Array, borders: Array | None, spacing: float) -> Array:
    return by_spacing(distances, spacing) if borders is None else by_borders(distances, borders)


def _named(counts: Array) -> tuple[tuple[str, ...], Array]:
    """The classes that there are, and their counts (k, n_layers, c)."""
    shown = [i for i in range(len(CLASSES)) if i != LEFT_OUT and counts[:, :, i].any()] or [0]
    return tuple(CLASSES[i] for i in shown), counts[:, :, shown]


def _density(seen: Iterator[Seen]) -> Array:
    """(k,) atoms of all frames in bins from the interface on."""
    found = np.zeros(0)
    for distances, *_ in seen:
        found = counted(distances, found)
    return found


def _table(layers: Array, labels: Array) -> Array:
    """(n_layers, n_classes) atoms."""
    n = (int(layers.max(initial=0)) + 1) * len(CLASSES)
    places = layers.astype(np.int64) * len(CLASSES) + labels
    return np.bincount(places, minlength=n).reshape(-1, len(CLASSES))


def _stacked(tables: list[Array]) -> Array:
    """(k, n_layers, n_classes) of frames that may have more or fewer layers."""
    found = np.zeros((len(tables), max(len(one) for one in tables), len(CLASSES)), np.int64)
    for own, one in zip(found, tables, strict=True):
        own[: len(one)] = one
    return found


def _profile(density: Array, n_frames: int) -> dict[str, list[float]]:
    """Distances in A and the mean number of atoms per A there, in at most 500 bins."""
    step = max(2, -(-len(density) // FINEST))
    padded = np.append(density, np.zeros(-len(density) % step)).reshape(-1, step).sum(axis=1)
    at = (np.arange(len(padded)) + 0.5) * step * BIN
    return {"distance": at.tolist(), "density": (padded / step / BIN / n_frames).tolist()}


def _long(frames: Array, times: Array, counts: Array, names: tuple[str, ...]) -> dict[str, Any]:
    k, n_layers, n = counts.shape
    totals = np.maximum(counts.sum(axis=2, keepdims=True), 1)
    each = n_layers * n
    return {
        "frame": np.repeat(frames, each).tolist(),
        **({TIME: np.repeat(times, each).tolist()} if in_order(times) else {}),
        "layer": np.tile(np.repeat(np.arange(n_layers), n), k).tolist(),
        "class": list(names) * (k * n_layers),
        "count": counts.ravel().tolist(),
        "fraction": (counts / totals).ravel().tolist(),
    }


def _layer_table(
    counts: Array, names: tuple[str, ...], borders: Array | None, spacing: float, farthest: float
) -> dict[str, list[Any]]:
    n = counts.shape[1]
    ends = spacing * np.arange(n) if borders is None else np.concatenate(([0.0], borders))
    ends = np.append(ends[: n - 1], farthest if borders is not None else spacing * (n - 1))
    totals = counts.sum(axis=(0, 2))
    return {
        "layer": list(range(1, n)),
        "low": ends[:-1].tolist(),
        "high": ends[1:].tolist(),
        "n_atoms": (totals[1:] / len(counts)).tolist(),
        **{
            name: (counts[:, 1:, i].sum(axis=0) / np.maximum(totals[1:], 1)).tolist()
            for i, name in enumerate(names)
        },
    }


def draw_counts(_inputs: Inputs, params: LayersParams, result: Result) -> Plot:
    """Areas of the classes of the chosen layers."""
    counts = result.arrays["counts"]
    low, high = _chosen(params, counts.shape[1])
    x, axis = x_axis(params.along, result.arrays)
    own = counts[:, low : high + 1].sum(axis=1)
    areas = class_areas(x, result.arrays["frames"], own, result.names, params.show)
    title = "All layers" if (params.first, params.last) == (0, 0) else f"Layers {low} to {high}"
    return Plot(
        title=title if low != high else f"Layer {low}",
        x=axis,
        y=Axis("atoms" if params.show == COUNTS else "atoms (%)"),
        marks=(areas, Cursor(0.0)),
        status=_status(result),
    )


def _chosen(params: LayersParams, n: int) -> tuple[int, int]:
    low = min(max(params.first, 1 if params.last else 0), n - 1)
    return low, max(low, min(params.last or n - 1, n - 1))


def _status(result: Result) -> str:
    about = result.summary
    return f"{about['n_frames']} frames / {about['n_layers']} layers"


def draw_layers(_inputs: Inputs, _params: LayersParams, result: Result) -> Plot:
    """The crystalline share of each layer over the frames."""
    counts, frames = result.arrays["counts"], result.arrays["frames"]
    crystal = [i for i, name in enumerate(result.names) if name not in ("other", "ico")]
    totals = counts.sum(axis=2)
    with np.errstate(invalid="ignore"):
        share = np.where(totals > 0, 100 * counts[:, :, crystal].sum(axis=2) / totals, np.nan)
    x, axis = x_axis(ON_TIME, result.arrays)
    own = [i for i in range(1, counts.shape[1]) if np.isfinite(share[:, i]).any()][:MOST_LINES]
    rows = frames.astype(np.int32)
    lines = tuple(
        Line(x, share[:, i], f"layer {i}", rows=rows, space=Space.FRAME, colour=number)
        for number, i in enumerate(own)
    )
    none = Line(x, np.zeros(len(x)), "none", rows=rows, space=Space.FRAME)
    return Plot(
        title="Crystalline share of each layer",
        x=axis,
        y=Axis("crystalline atoms (%)"),
        marks=(*(lines or (none,)), Cursor(0.0)),
        status=_status(result),
    )


def draw_profile(_inputs: Inputs, _params: LayersParams, result: Result) -> Plot:
    """The density along the axis over all frames, over the layers: a layer stands for the atoms
    that it has in the last frame."""
    table, layers, arrays = result.tables["profile"], result.tables["layers"], result.arrays
    low, high = np.array(layers["low"], float), np.array(layers["high"], float)
    thick = np.maximum(high - low, 1e-9)
    mean = np.array(layers["n_atoms"], float) / thick
    rows = tuple(np.sort(arrays["last_ids"][arrays["last_layers"] == i]) for i in layers["layer"])
    labels = tuple(
        f"layer {i}\n{a:.2f} to {b:.2f} Å\n{n:.1f} atoms"
        for i, a, b, n in zip(layers["layer"], low, high, layers["n_atoms"], strict=True)
    )
    bars = Bars((low + high) / 2, mean, rows, Space.ATOM, thick=thick, labels=labels, faint=True)
    line = Line(np.array(table["distance"]), np.array(table["density"]), "atoms")
    planes = arrays["interface"]
    return Plot(
        title="Density from the interface, and the layers",
        x=Axis("distance from the interface (Å)"),
        y=Axis("atoms per Å"),
        marks=(bars, line, Rule(0.0, "interface", vertical=True)),
        status=f"{_status(result)} / interface at {planes[0]:.2f} to {planes[-1]:.2f} Å",
    )


ANALYSIS = Analysis(
    name="layers",
    title="Layers",
    about="What each layer at an interface is made of, along a trajectory.",
    needs=(Needs.TRAJECTORY,),
    params=LayersParams,
    run=run,
    plots=MappingProxyType(
        {"Counts by layer": draw_counts, "Layers": draw_layers, "Profile": draw_profile}
    ),
    picture=("first", "last", "show", "along"),
    on_atoms=True,
)
