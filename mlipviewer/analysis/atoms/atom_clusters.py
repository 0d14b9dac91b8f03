"""Clusters of the crystalline phase along a trajectory, and the front of its growth."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.frames import cluster
from mlipviewer.analysis.methods.class_areas import (
    ALONG,
    ON_FRAMES,
    ON_INSERTED,
    ON_TIME,
    x_axis,
)
from mlipviewer.analysis.methods.components import front_of
from mlipviewer.analysis.methods.growth_rate import Rate, straight_line
from mlipviewer.analysis.methods.labels import (
    Births,
    LabelParams,
    cutoff_of,
    labelled_frames,
    looked_at,
)
from mlipviewer.analysis.methods.layering import AXES
from mlipviewer.analysis.methods.times import TIME, in_order, time_column, time_units, times_of
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Result, param
from mlipviewer.core.computation import over_frames
from mlipviewer.core.plot import Array, Axis, Bars, Cursor, Line, Plot, Space
from mlipviewer.core.progress import Progress

EITHER, DOWN, UP = "either", "down", "up"
MOST_BARS = 200


@dataclass(frozen=True)
class AtomClustersParams(LabelParams):
    phase: str = param("bcc, fcc, hcp", "classes that are crystalline, with commas between")
    distance: float = param(
        0.0, "atoms so near belong together; 0: bonded ones", unit="A", low=0.0, high=30.0
    )
    axis: str = param("z", "the front moves along it", choices=AXES)
    front: str = param(
        EITHER,
        "which side of the crystal; either: the one that moves more",
        choices=(EITHER, DOWN, UP),
    )
    width: float = param(
        1.75, "thickness of the slices in which the crystalline share is taken", unit="A", low=0.1
    )
    fit_from: int = param(0, "first frame of the line that gives the velocity", low=0, names="in")
    fit_to: int = param(-1, "last frame of that line; -1: the last", low=-1, names="out")
    along: str = param(ON_TIME, ALONG, choices=(ON_TIME, ON_FRAMES, ON_INSERTED))


def run(inputs: Inputs, params: AtomClustersParams, progress: Progress) -> Result:
    """Connected parts of the crystalline phase in each frame, and where its front is.

    Summary: n_frames, n_clusters_last, largest_first, largest_last (atoms), front_first, front_last
    (A along the axis), velocity, velocity_error (A/ps, or A/frame; positive towards larger
    heights), cutoff. Tables `largest`: frame, time (ps, where known), n_clusters, n_crystalline,
    largest, front; `clusters` (last frame): cluster, size. Raises AnalysisProblem, ReadProblem,
    Cancelled.
    """
    trajectory = inputs.the_trajectory()
    frames = looked_at(trajectory, params.every)
    cutoff = cutoff_of(inputs, params, progress)
    asked = cluster.ClusterParams(
        params.method, cutoff or 0.0, params.column, params.phase, params.distance, params.among
    )
    placed = over_frames(inputs, cluster.COMPUTATION, asked, frames, progress)
    axis = "xyz".index(params.axis)
    rows, births = [], Births()
    for one, found in zip(labelled_frames(inputs, params, progress, cutoff), placed, strict=True):
        clusters, heights = found.columns["cluster"][one.rows], one.places[:, axis]
        sides = [front_of(heights, clusters == 1, params.width, down) for down in (True, False)]
        sizes = np.bincount(clusters[clusters > 0])
        rows.append(
            (np.count_nonzero(sizes), sizes.sum(), sizes[1] if len(sizes) > 1 else 0, *sides)
        )
        births.see(one.ids)
    table = np.array(rows, float)
    arrays = {
        "frames": np.array(frames),
        TIME: times_of(trajectory, frames),
        "inserted": births.inserted,
        "sizes": table[:, :3],
        "sides": table[:, 3:],
        "last_clusters": clusters,
        "last_ids": one.ids,
    }
    return _told(arrays, params, cutoff)


def adjusted(_inputs: Inputs, params: AtomClustersParams, known: Result) -> Result:
    """The result for another side of the crystal or part of the run."""
    cutoff = known.summary["cutoff"]
    return _told(known.arrays, params, cutoff if isinstance(cutoff, float) else None)


def _told(arrays: Any, params: AtomClustersParams, cutoff: float | None) -> Result:
    frames, times, sizes = arrays["frames"], arrays[TIME], arrays["sizes"].astype(int)
    front = arrays["sides"][:, _side(arrays["sides"], params.front)]
    rate, unit = _velocity(frames, times, front, params)
    counts = np.bincount(arrays["last_clusters"][arrays["last_clusters"] > 0])[1:]
    present = np.flatnonzero(counts)
    return Result(
        summary={
            "n_frames": len(frames),
            "n_clusters_last": int(sizes[-1, 0]),
            "largest_first": int(sizes[0, 2]),
            "largest_last": int(sizes[-1, 2]),
            "front_first": _number(front[0]),
            "front_last": _number(front[-1]),
            "velocity": _number(rate.slope),
            "velocity_error": _number(rate.error),
            "cutoff": cutoff,
        },
        tables={
            "largest": {
                "frame": frames.tolist(),
                **time_column(times),
                "n_clusters": sizes[:, 0].tolist(),
                "n_crystalline": sizes[:, 1].tolist(),
                "largest": sizes[:, 2].tolist(),
                "front": [_number(place) for place in front],
            },
            "clusters": {
                "cluster": (present + 1).tolist(),
                "size": counts[present].tolist(),
            },
        },
        units={**time_units(times), "front": "A", "velocity": unit, "velocity_error": unit},
        arrays={**arrays, "front": front, "line": np.array([rate.slope, rate.intercept])},
    )


def _number(value: float) -> float | None:
    return round(float(value), 6) if np.isfinite(value) else None


def _side(sides: Array, wanted: str) -> int:
    """The column of the lower (0) or upper (1) front."""
    if wanted != EITHER:
        return 0 if wanted == DOWN else 1
    known = [side[np.isfinite(side)] for side in sides.T]
    moved = [abs(float(side[-1] - side[0])) if len(side) > 1 else -1.0 for side in known]
    return int(np.argmax(moved))


def _velocity(
    frames: Array, times: Array, front: Array, params: AtomClustersParams
) -> tuple[Rate, str]:
    timed = in_order(times)
    last = params.fit_to if params.fit_to >= 0 else int(frames[-1])
    own = (frames >= params.fit_from) & (frames <= last)
    x = (times if timed else frames.astype(float))[own]
    return straight_line(x, front[own]), "A/ps" if timed else "A/frame"


def draw_largest(_inputs: Inputs, params: AtomClustersParams, result: Result) -> Plot:
    """The atoms of the crystalline phase, and of its largest cluster."""
    x, axis = x_axis(params.along, result.arrays)
    sizes = result.arrays["sizes"]
    rows = result.arrays["frames"].astype(np.int32)
    lines = tuple(
        Line(x, sizes[:, i], name, rows=rows, space=Space.FRAME, colour=colour)
        for i, name, colour in ((1, "crystalline", 7), (2, "largest cluster", 0))
    )
    return Plot(
        title="Largest crystalline cluster",
        x=axis,
        y=Axis("atoms"),
        marks=(*lines, Cursor(0.0)),
        status=f"{len(rows)} frames / {result.summary['n_clusters_last']} clusters in the last",
    )


def draw_front(_inputs: Inputs, params: AtomClustersParams, result: Result) -> Plot:
    """Where the crystalline share crosses one half, and the line of its velocity."""
    arrays, about = result.arrays, result.summary
    x, axis = x_axis(ON_TIME, arrays)
    rows, front = arrays["frames"].astype(np.int32), arrays["front"]
    slope, start = arrays["line"]
    last = params.fit_to if params.fit_to >= 0 else int(rows[-1])
    own = (rows >= params.fit_from) & (rows <= last)
    at = arrays[TIME] if in_order(arrays[TIME]) else arrays["frames"].astype(float)
    line = Line(x[own], start + slope * at[own], "", dashed=True, colour=-1)
    unit = result.units["velocity"].replace("A", "Å")
    error = "" if about["velocity_error"] is None else f" ± {about['velocity_error']:.2g}"
    speed = "" if about["velocity"] is None else f" / {about['velocity']:.3g}{error} {unit}"
    return Plot(
        title="Front of the crystal",
        x=axis,
        y=Axis(f"{params.axis} (Å)"),
        marks=(Line(x, front, "front", rows=rows, space=Space.FRAME), line, Cursor(0.0)),
        status=f"{int(np.isfinite(front).sum())} of {len(rows)} frames have a front{speed}",
    )


def draw_sizes(_inputs: Inputs, _params: AtomClustersParams, result: Result) -> Plot:
    """Sizes of the clusters of the last frame; a bar stands for its atoms."""
    table, arrays = result.tables["clusters"], result.arrays
    number, size = np.array(table["cluster"])[:MOST_BARS], np.array(table["size"])[:MOST_BARS]
    rows = tuple(np.sort(arrays["last_ids"][arrays["last_clusters"] == i]) for i in number)
    labels = tuple(f"cluster {i}\n{n} atoms" for i, n in zip(number, size, strict=True))
    bars = Bars(number.astype(float), size.astype(float), rows, Space.ATOM, labels=labels)
    return Plot(
        title="Clusters in the last frame",
        x=Axis("cluster, by size", whole=True),
        y=Axis("atoms"),
        marks=(bars,),
        status=f"{len(number)} shown / {len(table['size'])} clusters",
    )


ANALYSIS = Analysis(
    name="atom-clusters",
    title="Crystalline clusters",
    about="Connected parts of the crystalline phase, the largest over time, and its front.",
    needs=(Needs.TRAJECTORY,),
    params=AtomClustersParams,
    run=run,
    plots=MappingProxyType({"Largest": draw_largest, "Front": draw_front, "Sizes": draw_sizes}),
    adjustable=("front", "fit_from", "fit_to"),
    adjust=adjusted,
    picture=("along",),
    on_atoms=True,
)
