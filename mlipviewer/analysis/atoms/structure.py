"""How many atoms of each structure there are, along a trajectory."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

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
from mlipviewer.analysis.methods.floors import Control, control_of
from mlipviewer.analysis.methods.growth_rate import straight_line
from mlipviewer.analysis.methods.histogram_cutoff import usual_cutoff
from mlipviewer.analysis.methods.labels import (
    BINS,
    CLASSES,
    CNA,
    COLUMN,
    LEFT_OUT,
    PTM,
    RULES,
    WIDEST,
    Births,
    LabelParams,
    asked_of,
    deviation_bins,
    labels_over,
    looked_at,
)
from mlipviewer.analysis.methods.times import TIME, in_order, time_units, times_of
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Result, param
from mlipviewer.core.plot import Array, Axis, Bars, Cursor, Line, Plot, Rule, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import member
from mlipviewer.core.structure_classes import hues_of

MERGED = {"fcc": "close-packed", "hcp": "close-packed", "other": "disordered", "ico": "disordered"}


@dataclass(frozen=True)
class StructureParams(LabelParams):
    method: str = param(
        CNA,
        "cna: common neighbours, with a cut-off for each atom (adaptive); ptm: template matching;"
        " rules: conditions of your own; column: a column of the frames that holds classes",
        choices=(CNA, PTM, RULES, COLUMN),
    )
    merge: bool = param(False, "count fcc and hcp as close-packed, and what is none as disordered")
    show: str = param(COUNTS, "areas of counts or of shares", choices=(COUNTS, FRACTIONS))
    along: str = param(ON_TIME, ALONG, choices=(ON_TIME, ON_FRAMES, ON_INSERTED))
    fit_from: int = param(
        0, "first frame of the line that gives the rate of growth", low=0, names="in"
    )
    fit_to: int = param(-1, "last frame of that line; -1: the last", low=-1, names="out")


def run(inputs: Inputs, params: StructureParams, progress: Progress) -> Result:
    """Classes of all atoms in all frames, or of the chosen ones.

    Summary: n_frames, n_atoms (of the last frame), method, cutoff (of ptm), n_inserted, the share
    of each class in the first and last frame; control, noise (A by component) and error_floor: the
    share of a made crystal, as dense and as warm as that of the last frame, that the same method
    calls otherwise. Tables `counts`: frame (from 0), time (ps, where known), class, count,
    fraction; `growth`: class, rate, error, at_zero (of a straight line through the counts);
    `deviations` (ptm): rmsd, count over all frames; `control`: class, fraction. Raises
    AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    frames = looked_at(trajectory, params.every)
    births = Births()
    counted = []
    for found in labels_over(inputs, asked_of(params), frames, progress):
        columns = found.columns
        if inputs.atoms is not None:
            own = member(columns["id"], inputs.atoms)
            columns = {name: columns[name][own] for name in ("id", "label", "deviation")}
        births.see(columns["id"][columns["label"] != LEFT_OUT])
        counted.append(_counted(columns, params.method == PTM))
    progress.step(len(frames), len(frames))
    made = control_of(trajectory, frames, asked_of(params))
    arrays = {
        "frames": np.array(frames),
        "counted": np.array(counted),
        **_control_arrays(made, params.method == PTM),
        TIME: times_of(trajectory, frames),
        "inserted": births.inserted,
    }
    return _summed(arrays, params)


def _counted(columns: Any, by_ptm: bool) -> Array:
    """(n_classes, bins) atoms by class and deviation; one bin without deviations."""
    n = len(CLASSES)
    if not by_ptm:
        return np.bincount(columns["label"], minlength=n)[:, None]
    places = columns["label"].astype(np.int64) * (BINS + 1) + deviation_bins(columns["deviation"])
    found: Array = np.bincount(places, minlength=n * (BINS + 1))
    return found.reshape(n, BINS + 1).astype(np.int32)


def adjusted(_inputs: Inputs, params: StructureParams, known: Result) -> Result:
    """The result for another cut-off of the deviations, line or merging."""
    return _summed(known.arrays, params)


def _summed(arrays: Any, params: StructureParams) -> Result:
    frames, counted = arrays["frames"], arrays["counted"]
    by_ptm = params.method == PTM
    cutoff = params.cutoff or usual_cutoff(_histogram(counted), WIDEST / BINS) if by_ptm else None
    counts = _within(counted, cutoff) if cutoff is not None else counted[:, :, 0]
    names, counts = _listed(counts, params.merge)
    totals = counts.sum(axis=1)
    fractions = counts / np.maximum(totals, 1)[:, None]
    tables: dict[str, Any] = {"counts": _long(arrays, counts, fractions, names)}
    tables["growth"], unit = _growth(arrays, counts, names, params)
    if by_ptm:
        edges = (np.arange(BINS) + 0.5) * WIDEST / BINS
        tables["deviations"] = {"rmsd": edges.tolist(), "count": _histogram(counted).tolist()}
    control, table = _control_told(arrays, cutoff, params.merge)
    tables |= table
    ends = {
        f"{name}_{when}": round(float(fractions[at, i]), 6)
        for i, name in enumerate(names)
        for when, at in (("first", 0), ("last", -1))
    }
    about: dict[str, Any] = {
        "n_frames": len(frames),
        "n_atoms": int(totals[-1]),
        "method": params.method,
    }
    inserted = int(arrays["inserted"][-1])
    return Result(
        summary={**about, "cutoff": cutoff, "n_inserted": inserted, **ends, **control},
        tables=tables,
        units={**time_units(arrays[TIME]), "noise": "Å", "rate": unit, "error": unit},
        arrays={**arrays, "counts": counts, "fractions": fractions},
        names=names,
    )


def _control_arrays(made: Control | None, by_ptm: bool) -> dict[str, Array]:
    """Counts (1, n_classes, bins) of the control, its lattice as a number and its noise."""
    if made is None:
        return {}
    about = np.array([CLASSES.index(made.lattice), made.noise])
    return {"control": _counted(made.columns, by_ptm)[None], "control_about": about}


def _control_told(arrays: Any, cutoff: float | None, merge: bool) -> tuple[Any, dict[str, Any]]:
    """What summary and tables tell of the control crystal."""
    if "control" not in arrays:
        return {"control": "", "noise": None, "error_floor": None}, {}
    counted = arrays["control"]
    counts = _within(counted, cutoff) if cutoff is not None else counted[:, :, 0]
    names, counts = _listed(counts, merge)
    shares = counts[0] / counts[0].sum()
    lattice, noise = CLASSES[int(arrays["control_about"][0])], float(arrays["control_about"][1])
    called = MERGED.get(lattice, lattice) if merge else lattice
    floor = round(1 - float(shares[names.index(called)]), 6)
    told = {"control": lattice, "noise": round(noise, 4), "error_floor": floor}
    return told, {"control": {"class": list(names), "fraction": shares.tolist()}}


def _listed(counts: Array, merge: bool) -> tuple[tuple[str, ...], Array]:
    """Names and counts (k, c) of the classes that are told: the usual five, and those there are."""
    told = [i for i in range(len(CLASSES)) if i != LEFT_OUT and (counts[:, i].any() or i < 5)]
    own = [CLASSES[i] for i in told]
    if not merge:
        return tuple(own), counts[:, told]
    merged = [MERGED.get(name, name) for name in own]
    names = tuple(dict.fromkeys(merged))
    sums = [sum(counts[:, i] for i, m in zip(told, merged, strict=True) if m == n) for n in names]
    return names, np.stack(sums, axis=1)


def _growth(
    arrays: Any, counts: Array, names: tuple[str, ...], params: StructureParams
) -> tuple[dict[str, list[Any]], str]:
    """Straight lines through the counts between the chosen frames, and the unit of their slope."""
    frames, times = arrays["frames"], arrays[TIME]
    timed = in_order(times)
    last = params.fit_to if params.fit_to >= 0 else int(frames[-1])
    own = (frames >= params.fit_from) & (frames <= last)
    x = (times if timed else frames.astype(float))[own]
    rates = [straight_line(x, counts[own, i]) for i in range(len(names))]
    table: dict[str, list[Any]] = {
        "class": list(names),
        "rate": [rate.slope for rate in rates],
        "error": [rate.error for rate in rates],
        "at_zero": [rate.intercept for rate in rates],
    }
    return table, "1/ps" if timed else "1/frame"


def _histogram(counted: Array) -> Array:
    """(BINS,) the deviations of all matched atoms of all frames."""
    found: Array = counted[:, 1:LEFT_OUT, :BINS].sum(axis=(0, 1))
    return found


def _within(counted: Array, cutoff: float) -> Array:
    """(n_frames, n_classes) with what deviates more than the cut-off counted as other."""
    last = round(cutoff / WIDEST * BINS)
    counts: Array = counted[:, :, :last].sum(axis=2)
    beyond = counted[:, :, last:].sum(axis=2)
    counts[:, 0] += beyond[:, :LEFT_OUT].sum(axis=1)
    counts[:, LEFT_OUT] = counted[:, LEFT_OUT].sum(axis=1)
    return counts


def _long(
    arrays: Any, counts: Array, fractions: Array, names: tuple[str, ...]
) -> dict[str, list[Any]]:
    times, n = arrays[TIME], len(names)
    return {
        "frame": np.repeat(arrays["frames"], n).tolist(),
        **({TIME: np.repeat(times, n).tolist()} if in_order(times) else {}),
        "class": list(names) * len(times),
        "count": counts.ravel().tolist(),
        "fraction": fractions.ravel().tolist(),
    }


def draw_counts(_inputs: Inputs, params: StructureParams, result: Result) -> Plot:
    """Areas of the classes upon each other, with the growth of the crystal."""
    arrays = result.arrays
    x, axis = x_axis(params.along, arrays)
    areas = class_areas(x, arrays["frames"], arrays["counts"], result.names, params.show)
    return Plot(
        title="Structure types" + _floor_said(result),
        x=axis,
        y=Axis("atoms" if params.show == COUNTS else "atoms (%)"),
        marks=(areas, Cursor(0.0)),
        status=_status(result) + _growth_said(result),
    )


def _floor_said(result: Result) -> str:
    floor = result.summary["error_floor"]
    return "" if floor is None else f", error floor {100 * float(floor):.1f} %"


def _growth_said(result: Result) -> str:
    """The rate of the class that grows fastest."""
    table, unit = result.tables["growth"], result.units["rate"]
    rates = np.nan_to_num(np.array(table["rate"], float))
    best = int(rates.argmax())
    if rates[best] <= 0:
        return ""
    error = table["error"][best]
    width = "" if np.isnan(error) else f" ± {error:.2g}"
    per = unit.removeprefix("1/")
    return f" / {table['class'][best]} grows by {rates[best]:.4g}{width} atoms per {per}"


def _status(result: Result) -> str:
    about = result.summary
    cutoff = "" if about["cutoff"] is None else f" / deviation up to {about['cutoff']:.3f}"
    n_frames = len(result.arrays["frames"])
    floor, control = about["error_floor"], about["control"]
    said = "" if floor is None else f" / of a {control} control {100 * floor:.1f} % otherwise"
    return f"{n_frames} frames / {about['n_atoms']} atoms / {about['method']}{cutoff}{said}"


def draw_shares(_inputs: Inputs, params: StructureParams, result: Result) -> Plot:
    """The share of each class along the frames."""
    frames, fractions = result.arrays["frames"], result.arrays["fractions"]
    x, axis = x_axis(params.along, result.arrays)
    lines = tuple(
        Line(x, 100 * fractions[:, i], name, rows=frames.astype(np.int32),
             space=Space.FRAME, colour=hue, pattern=i)
        for i, (name, hue) in enumerate(zip(result.names, hues_of(result.names), strict=True))
    )  # fmt: skip
    return Plot(
        title="Structure" + _floor_said(result),
        x=axis,
        y=Axis("atoms (%)"),
        marks=(*lines, Cursor(0.0)),
        status=_status(result),
    )


def draw_deviations(_inputs: Inputs, _params: StructureParams, result: Result) -> Plot:
    """How well atoms fit their templates, and the cut-off."""
    if "deviations" not in result.tables:
        return _draw_classes(result)
    counts = np.array(result.tables["deviations"]["count"], float)
    step = 5  # bins drawn together
    height = counts.reshape(-1, step).sum(axis=1)
    at = (np.arange(len(height)) + 0.5) * step * WIDEST / BINS
    cutoff = float(result.summary["cutoff"] or 0.0)
    none = tuple(np.empty(0, np.int32) for _ in at)
    bars = Bars(at, height, none, Space.FRAME, thick=0.95 * step * WIDEST / BINS)
    return Plot(
        title="Deviation from the templates",
        x=Axis("rmsd / distance of nearest neighbours"),
        y=Axis("atoms in all frames"),
        marks=(bars, Rule(cutoff, "cut-off", vertical=True)),
        status=f"{int(counts.sum())} matched / cut-off {cutoff:.3f}",
    )


def _draw_classes(result: Result) -> Plot:
    """Common neighbours have no deviations: the mean share of each class."""
    share = 100 * result.arrays["fractions"].mean(axis=0)
    at = np.arange(len(share), dtype=float)
    names = tuple((float(i), name) for i, name in enumerate(result.names))
    none = tuple(np.empty(0, np.int32) for _ in share)
    return Plot(
        title="Mean share of each class",
        x=Axis("atoms (%)"),
        y=Axis(ticks=names),
        marks=(Bars(at, share, none, Space.FRAME, across=True),),
        status=f"{len(result.arrays['frames'])} frames / common neighbours have no deviations",
    )


ANALYSIS = Analysis(
    name="structure",
    title="Structure types",
    about="How many atoms are bcc, fcc, hcp or disordered, along a trajectory.",
    needs=(Needs.TRAJECTORY,),
    params=StructureParams,
    run=run,
    plots=MappingProxyType(
        {"Counts": draw_counts, "Shares": draw_shares, "Deviations": draw_deviations}
    ),
    adjustable=("cutoff", "merge", "fit_from", "fit_to"),
    adjust=adjusted,
    picture=("show", "along"),
    on_atoms=True,
)
