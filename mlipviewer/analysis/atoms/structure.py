"""How many atoms of each structure there are, along a trajectory."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.frames import cna, ptm
from mlipviewer.analysis.methods.histogram_cutoff import usual_cutoff
from mlipviewer.analysis.methods.neighbourhood import AMONG
from mlipviewer.analysis.methods.times import TIME, along, in_order, time_units, times_of
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Params, Result, param
from mlipviewer.core.computation import over_frames
from mlipviewer.core.plot import Array, Axis, Bars, Cursor, Line, Plot, Rule, Space
from mlipviewer.core.progress import Progress

CNA, PTM = "cna", "ptm"
BINS, WIDEST = 1000, 0.5
"""Deviations are counted in bins of 0.0005: a cut-off then needs no second look at the atoms."""


@dataclass(frozen=True)
class StructureParams(Params):
    method: str = param(
        CNA,
        "cna: common neighbours, with a cut-off for each atom (adaptive); ptm: template matching",
        choices=(CNA, PTM),
    )
    cutoff: float = param(
        0.0,
        "with ptm, the largest deviation; 0: behind the peak of the crystal in the histogram",
        low=0.0,
        high=WIDEST,
    )
    among: str = param("", AMONG)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)


def run(inputs: Inputs, params: StructureParams, progress: Progress) -> Result:
    """Classes of all atoms in all frames.

    Summary: n_frames, n_atoms (of the last frame), method, cutoff (of ptm), and the share of each
    class in the first and last frame. Tables `counts`: frame (from 0), time (ps, where known),
    class, count, fraction; `deviations` (ptm): rmsd, count over all frames. Raises AnalysisProblem,
    ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    frames = range(0, trajectory.n_frames, params.every)
    by_ptm = params.method == PTM
    module: Any = ptm if by_ptm else cna
    asked = (
        ptm.PtmParams(cutoff=0.0, among=params.among)
        if by_ptm
        else cna.CnaParams(among=params.among)
    )
    found = over_frames(inputs, module.COMPUTATION, asked, frames, progress)
    n_classes = len(module.CLASSES)
    counted = [_counted(one.columns, by_ptm, n_classes) for one in found]
    seen = np.array([np.array(frames), times_of(trajectory, frames)])
    return _summed(seen, np.array(counted), params, module.CLASSES)


def _counted(columns: Any, by_ptm: bool, n_classes: int) -> Array:
    """(n_classes, bins) atoms by class and deviation; one bin without deviations."""
    if not by_ptm:
        return np.bincount(columns["cna"], minlength=n_classes)[:, None]
    deviations = columns["ptm_rmsd"]
    bins = np.minimum(np.nan_to_num(deviations, posinf=WIDEST) / WIDEST * BINS, BINS).astype(int)
    places = columns["ptm"].astype(np.int64) * (BINS + 1) + bins
    found: Array = np.bincount(places, minlength=n_classes * (BINS + 1))
    return found.reshape(n_classes, BINS + 1).astype(np.int32)


def at_cutoff(_inputs: Inputs, params: StructureParams, known: Result) -> Result:
    """The result for another cut-off of the deviations."""
    seen = np.array([known.arrays["frames"], known.arrays[TIME]])
    return _summed(seen, known.arrays["counted"], params, known.names)


def _summed(
    seen: Array, counted: Array, params: StructureParams, classes: tuple[str, ...]
) -> Result:
    """The result of counts in frames; `seen` (2, n_frames): their indices and times."""
    frames, times = seen[0].astype(int), seen[1]
    by_ptm = params.method == PTM
    cutoff = params.cutoff or usual_cutoff(_histogram(counted), WIDEST / BINS) if by_ptm else None
    counts = _within(counted, cutoff) if cutoff is not None else counted[:, :, 0]
    left_out = classes.index("left out")
    shown = [i for i in range(len(classes)) if i != left_out and (counts[:, i].any() or i < 5)]
    totals = counts[:, [i for i in range(len(classes)) if i != left_out]].sum(axis=1)
    fractions = counts / np.maximum(totals, 1)[:, None]
    tables: dict[str, Any] = {"counts": _long(seen, counts, fractions, shown, classes)}
    if by_ptm:
        edges = (np.arange(BINS) + 0.5) * WIDEST / BINS
        tables["deviations"] = {"rmsd": edges.tolist(), "count": _histogram(counted).tolist()}
    ends = {
        f"{classes[i]}_{when}": round(float(fractions[at, i]), 6)
        for i in shown
        for when, at in (("first", 0), ("last", -1))
    }
    return Result(
        summary={
            "n_frames": len(frames),
            "n_atoms": int(totals[-1]),
            "method": params.method,
            "cutoff": cutoff,
            **ends,
        },
        tables=tables,
        units=time_units(times),
        arrays={
            "frames": frames,
            TIME: times,
            "counted": counted,
            "fractions": fractions,
            "shown": np.array(shown),
        },
        names=classes,
    )


def _histogram(counted: Array) -> Array:
    """(BINS,) the deviations of all matched atoms of all frames."""
    found: Array = counted[:, 1 : len(ptm.CLASSES) - 1, :BINS].sum(axis=(0, 1))
    return found


def _within(counted: Array, cutoff: float) -> Array:
    """(n_frames, n_classes) with what deviates more than the cut-off counted as other."""
    last = round(cutoff / WIDEST * BINS)
    counts: Array = counted[:, :, :last].sum(axis=2)
    beyond = counted[:, :, last:].sum(axis=2)
    left_out = len(ptm.CLASSES) - 1
    counts[:, 0] += beyond[:, :left_out].sum(axis=1)
    counts[:, left_out] = counted[:, left_out].sum(axis=1)
    return counts


def _long(
    seen: Array, counts: Array, fractions: Array, shown: list[int], classes: tuple[str, ...]
) -> dict[str, list[Any]]:
    k, (frames, times) = len(shown), seen
    return {
        "frame": np.repeat(frames.astype(int), k).tolist(),
        **({TIME: np.repeat(times, k).tolist()} if in_order(times) else {}),
        "class": [classes[i] for i in shown] * len(frames),
        "count": counts[:, shown].ravel().tolist(),
        "fraction": fractions[:, shown].ravel().tolist(),
    }


def draw_shares(_inputs: Inputs, _params: StructureParams, result: Result) -> Plot:
    """The share of each class along the frames."""
    frames, fractions = result.arrays["frames"], result.arrays["fractions"]
    x, axis = along(frames, result.arrays[TIME])
    lines = tuple(
        Line(x, 100 * fractions[:, i], result.names[i], rows=frames.astype(np.int32),
             space=Space.FRAME, colour=number)
        for number, i in enumerate(result.arrays["shown"].tolist())
    )  # fmt: skip
    about = result.summary
    cutoff = "" if about["cutoff"] is None else f" / deviation up to {about['cutoff']:.3f}"
    return Plot(
        title="Structure",
        x=axis,
        y=Axis("atoms (%)"),
        marks=(*lines, Cursor(0.0)),
        status=f"{len(frames)} frames / {about['n_atoms']} atoms / {about['method']}{cutoff}",
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
    shown = result.arrays["shown"]
    share = 100 * result.arrays["fractions"][:, shown].mean(axis=0)
    at = np.arange(len(shown), dtype=float)
    names = tuple((float(i), result.names[place]) for i, place in enumerate(shown))
    none = tuple(np.empty(0, np.int32) for _ in shown)
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
    plots=MappingProxyType({"Shares": draw_shares, "Deviations": draw_deviations}),
    adjustable=("cutoff",),
    adjust=at_cutoff,
)
