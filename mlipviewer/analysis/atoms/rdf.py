"""The radial distribution function and the coordination by distance, averaged over frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.pair_distances import (
    BEGIN,
    END,
    counted_pairs,
    density_of,
    frames_of,
    mask_of,
    shells,
)
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Area, Array, Axis, Line, Plot, Rule, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import member

WHICH = "an element, a species, a condition, or * for all"


@dataclass(frozen=True)
class RdfParams(Params):
    centre: str = param("*", f"distances are from these atoms: {WHICH}")
    neighbour: str = param("*", f"to these: {WHICH}")
    cutoff: float = param(8.0, "the largest distance", unit="A", low=0.5, high=30.0)
    bins: int = param(200, "how many bins up to there", low=10, high=5000)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)
    begin: int = param(1, BEGIN, low=1)
    end: int = param(0, END, low=0)


def run(inputs: Inputs, params: RdfParams, progress: Progress) -> Result:
    """g(r), pairs in a shell over those of the same atoms spread evenly, and n(r), how many
    neighbours are within r; means over frames. Of chosen atoms, only these are centres.

    Without a cell that repeats in all directions g(r) is relative to the mean within the cut-off.
    Summary: n_frames, n_centres (mean), first_peak (A), first_minimum (A), coordination (up to it).
    Table `rdf`: r (A), g, n. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    edges = np.linspace(0, params.cutoff, params.bins + 1)
    volumes = 4 / 3 * np.pi * np.diff(edges**3)
    g, n, centres, k = np.zeros(params.bins), np.zeros(params.bins), 0, 0
    even, ids = False, np.empty(0, np.int32)
    for frame in frames_of(inputs, params.every, progress, params.begin, params.end):
        first, second = mask_of(frame, params.centre), mask_of(frame, params.neighbour)
        if inputs.atoms is not None:
            first &= member(frame.atom_ids, inputs.atoms)
        n_first, n_second = counted_pairs(first, second)
        mean = shells(frame, first, second, params.cutoff, params.bins) / n_first
        both = int((first & second).sum())
        density = density_of(frame, 1) * (n_second - both / n_first)
        if not np.isfinite(density):
            density, even = float(mean.sum()) / volumes.sum(), True
        g += mean / (density * volumes) if density > 0 else 0.0
        n += np.cumsum(mean)
        centres, k, ids = centres + n_first, k + 1, frame.atom_ids[first]
    r = (edges[1:] + edges[:-1]) / 2
    found = _result(r, edges[1:], g / max(k, 1), n / max(k, 1), (k, centres, even))
    return replace(found, arrays={**found.arrays, "centres": np.sort(ids)})


def _result(r: Array, ends: Array, g: Array, n: Array, seen: tuple[int, int, bool]) -> Result:
    k, centres, even = seen
    peak, low = first_shell(g)
    note = "the cell does not repeat in all directions: g(r) is relative to the mean up to here"
    return Result(
        summary={
            "n_frames": k,
            "n_centres": centres // max(k, 1),
            "first_peak": None if peak is None else round(float(r[peak]), 4),
            "first_minimum": None if low is None else round(float(r[low]), 4),
            "coordination": None if low is None else round(float(n[low]), 4),
        },
        tables={"rdf": {"r": r.tolist(), "g": g.tolist(), "n": n.tolist()}},
        units={"r": "Å", "first_peak": "Å", "first_minimum": "Å"},
        notes=(note,) if even else (),
        arrays={"r": r, "end": ends, "g": g, "n": n},
    )


def first_shell(g: Array) -> tuple[int | None, int | None]:
    """The bins of the first peak above 1 of a smoothed g and of the minimum behind it."""
    width = max(len(g) // 60, 1)
    smooth = np.convolve(g, np.ones(2 * width + 1) / (2 * width + 1), mode="same")
    above = np.flatnonzero(smooth > 1)
    if not len(above):
        return None, None
    start = int(above[0])
    below = np.flatnonzero(smooth[start:] < 1)
    if not len(below):
        return start + int(smooth[start:].argmax()), None
    end = start + int(below[0])
    peak = start + int(g[start : end + 1].argmax())
    again = np.flatnonzero(smooth[end:] > 1)
    stop = end + int(again[0]) if len(again) else len(g)
    valley = smooth[end:stop]
    flat = np.flatnonzero(valley <= valley.min() + 1e-12)
    return peak, end + int(flat[len(flat) // 2])


def below(result: Result, name: str) -> Area:
    """What lies below a curve stands for the centres."""
    x = result.arrays["end" if name == "n" else "r"]
    outline = np.concatenate([x, x[[-1, 0]]])
    heights = np.concatenate([result.arrays[name], [0.0, 0.0]])
    return Area(outline, heights, result.arrays["centres"], Space.ATOM, label="the centres")


def pair_said(centre: str, neighbour: str) -> str:
    """Centre and neighbour in words."""
    words = ["all" if one.strip() in ("", "*") else one for one in (centre, neighbour)]
    return "of all atoms" if words == ["all", "all"] else f"{words[0]} - {words[1]}"


def draw(_inputs: Inputs, params: RdfParams, result: Result) -> Plot:
    """g(r), with the end of the first shell."""
    about = result.summary
    low = about["first_minimum"]
    curve = Line(result.arrays["r"], result.arrays["g"], "g(r)")
    ends = () if low is None else (Rule(float(low), "first minimum", vertical=True),)
    said = "" if low is None else f" / {about['coordination']} neighbours up to {low} Å"
    return Plot(
        title=f"g(r) {pair_said(params.centre, params.neighbour)}",
        x=Axis("distance (Å)"),
        y=Axis("g(r)"),
        marks=(below(result, "g"), curve, Rule(1.0, "", vertical=False), *ends),
        status=f"{about['n_frames']} frames / {about['n_centres']} centres{said}",
    )


def draw_coordination(_inputs: Inputs, params: RdfParams, result: Result) -> Plot:
    """How many neighbours are within a distance."""
    return Plot(
        title=f"n(r) {pair_said(params.centre, params.neighbour)}",
        x=Axis("distance (Å)"),
        y=Axis("neighbours within it"),
        marks=(below(result, "n"), Line(result.arrays["end"], result.arrays["n"], "n(r)")),
        status=f"{result.summary['n_frames']} frames / {result.summary['n_centres']} centres",
    )


ANALYSIS = Analysis(
    name="rdf",
    title="Radial distribution",
    about="How often atoms have others at a distance, and how many are within it.",
    needs=(Needs.TRAJECTORY,),
    params=RdfParams,
    run=run,
    plots=MappingProxyType({"g(r)": draw, "n(r)": draw_coordination}),
    on_atoms=True,
)
