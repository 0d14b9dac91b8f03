"""The structure factor S(q): by Fourier sums over the waves of the cell, and from g(r)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.atoms.rdf import WHICH, pair_said
from mlipviewer.analysis.methods.fourier_sums import amplitudes, from_pairs, lengths, waves
from mlipviewer.analysis.methods.pair_distances import (
    BEGIN,
    END,
    counted_pairs,
    frames_of,
    mask_of,
    shells,
)
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Params, Result, param
from mlipviewer.core.periodic import whole_cell
from mlipviewer.core.plot import Area, Array, Axis, Line, Plot, Rule, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import member
from mlipviewer.core.trajectory import Frame

WIDTH = 0.02  # A of the shells of distance


@dataclass(frozen=True)
class StructureFactorParams(Params):
    centre: str = param("*", f"waves of these atoms: {WHICH}")
    neighbour: str = param("*", f"and of these: {WHICH}")
    largest: float = param(12.0, "the largest q", unit="1/Å", low=0.5, high=60.0)
    bins: int = param(240, "how many bins of q", low=10, high=5000)
    cutoff: float = param(
        0.0, "pairs up to here; 0: half of the cell, or all", unit="Å", low=0.0, high=100.0
    )
    waves: int = param(60, "waves of each bin at most; drawn at random", low=1, high=100_000)
    window: bool = param(True, "of Lorch: takes off the ripples that the end of the pairs makes")
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)
    begin: int = param(1, BEGIN, low=1)
    end: int = param(0, END, low=0)


def run(inputs: Inputs, params: StructureFactorParams, progress: Progress) -> Result:
    """S_ab(q) = <A_a(q) A_b(-q)> / sqrt(N_a N_b) with A the sum of exp(i q r): in a periodic cell
    over its waves, and of pairs, delta + sqrt(N_a / N_b) sum (n(r) - even) sin(qr) / (qr).

    Means over frames; of chosen atoms, only these are centres. A frame without a cell that repeats
    in all directions is a particle: all its pairs, and no waves. Summary: n_frames, n_centres,
    smallest_q and smallest_S (of the longest waves), peak_q and peak_S (the highest, of waves where
    there are some), cutoff (A). Tables `structure_factor`: q (1/A), waves, pairs, n_waves.
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    edges = np.linspace(0, params.largest, params.bins + 1)
    q = (edges[1:] + edges[:-1]) / 2
    total, seen, paired = np.zeros(params.bins), np.zeros(params.bins), np.zeros(params.bins)
    k, centres, chosen, cutoff, level, ids = 0, 0, None, 0.0, 1.0, np.empty(0, np.int32)
    for frame in frames_of(inputs, params.every, progress, params.begin, params.end):
        first, second = mask_of(frame, params.centre), mask_of(frame, params.neighbour)
        if inputs.atoms is not None:
            first &= member(frame.atom_ids, inputs.atoms)
        counted_pairs(first, second)
        cell = whole_cell(frame)
        if cell is not None:
            chosen = waves(cell, params.largest, params.bins, params.waves) if not k else chosen
            if chosen is not None:
                found = _waved(frame, cell, chosen, (first, second), progress)
                _add(found, lengths(chosen, cell), edges, (total, seen))
        cutoff = params.cutoff or cutoff or _reach(frame, cell)
        level = _shared(first, second)
        paired += level + _pairs(frame, cell, (first, second), q, cutoff, params.window)
        centres, k, ids = centres + int(first.sum()), k + 1, frame.atom_ids[first]
    with np.errstate(invalid="ignore"):
        waved = total / np.where(seen > 0, seen, np.nan)
    result = _result(q, waved, paired / max(k, 1), seen / max(k, 1), (k, centres, cutoff, ids))
    return replace(result, arrays={**result.arrays, "level": np.array(level)})


def _shared(first: Array, second: Array) -> float:
    """What S is at large q: 1 for the same atoms, 0 where both have none in common."""
    return float((first & second).sum() / np.sqrt(first.sum() * second.sum()))


def _reach(frame: Frame, cell: Array | None) -> float:
    """Half of the lowest height of the cell; of a particle its whole size."""
    if cell is not None:
        return float(0.5 / np.linalg.norm(np.linalg.inv(cell), axis=0).max())
    return max(float(np.linalg.norm(np.ptp(frame.positions, axis=0))), 0.5) * 1.001


def _waved(
    frame: Frame, cell: Array, whole: Array, masks: tuple[Array, Array], progress: Progress
) -> Array:
    """(k,) S of each wave."""
    scaled = (frame.positions - frame.origin) @ np.linalg.inv(cell)
    one = amplitudes(whole, scaled[masks[0]], progress)
    same = np.array_equal(*masks)
    other = one if same else amplitudes(whole, scaled[masks[1]], progress)
    return np.asarray((one * other.conj()).real / np.sqrt(masks[0].sum() * masks[1].sum()))


def _add(values: Array, q: Array, edges: Array, sums: tuple[Array, Array]) -> None:
    at = np.searchsorted(edges, q, side="right") - 1
    good = at < len(sums[0])  # a cell that shrinks has longer waves
    sums[0][:] += np.bincount(at[good], values[good], len(sums[0]))
    sums[1][:] += np.bincount(at[good], minlength=len(sums[1]))


def _pairs(
    frame: Frame,
    cell: Array | None,
    masks: tuple[Array, Array],
    q: Array,
    cutoff: float,
    window: bool,
) -> Array:
    first, second = masks
    n, m = int(first.sum()), int(second.sum())
    bins = max(int(np.ceil(cutoff / WIDTH)), 1)
    mean = shells(frame, first, second, cutoff, bins) / n
    density = 0.0 if cell is None else m / abs(float(np.linalg.det(cell)))
    edges = np.linspace(0, cutoff, bins + 1)
    lorch = window and cell is not None
    return np.asarray(np.sqrt(n / m) * from_pairs(q, edges, mean, density, lorch))


def _result(
    q: Array, waved: Array, paired: Array, n_waves: Array, seen: tuple[int, int, float, Array]
) -> Result:
    k, centres, cutoff, ids = seen
    known = np.flatnonzero(np.isfinite(waved))
    best = waved if len(known) else paired
    inner = q > 0.5  # what lies below is the shape of a particle
    peak = int(np.nanargmax(np.where(inner, best, -np.inf)))
    smallest = int(known[0]) if len(known) else None
    plain = [float(x) if np.isfinite(x) else None for x in waved]
    return Result(
        summary={
            "n_frames": k,
            "n_centres": centres // max(k, 1),
            "smallest_q": None if smallest is None else float(q[smallest]),
            "smallest_S": None if smallest is None else float(waved[smallest]),
            "peak_q": float(q[peak]),
            "peak_S": float(best[peak]),
            "cutoff": cutoff,
        },
        tables={
            "structure_factor": {
                "q": q.tolist(),
                "waves": plain,
                "pairs": paired.tolist(),
                "n_waves": n_waves.tolist(),
            }
        },
        units=MappingProxyType(
            {**dict.fromkeys(("q", "smallest_q", "peak_q"), "1/Å"), "cutoff": "Å"}
        ),
        notes=() if len(known) else ("no periodic cell: S(q) of all pairs of a particle",),
        arrays={"q": q, "waves": waved, "pairs": paired, "centres": np.sort(ids)},
    )


def draw(_inputs: Inputs, params: StructureFactorParams, result: Result) -> Plot:
    """S(q) by both ways; what lies below stands for the centres."""
    q, waved, paired = (result.arrays[name] for name in ("q", "waves", "pairs"))
    about, known = result.summary, np.isfinite(waved)
    outline = np.concatenate([q, q[[-1, 0]]])
    heights = np.concatenate([paired, [0.0, 0.0]])
    ids = result.arrays["centres"]
    area = Area(outline, heights, ids, Space.ATOM, label="the centres")
    lines = [Line(q, paired, "from g(r)", colour=0)]
    if known.any():
        lines.append(Line(q[known], waved[known], "waves of the cell", colour=1, pattern=1))
    return Plot(
        title=f"S(q) {pair_said(params.centre, params.neighbour)}",
        x=Axis("q (1/Å)"),
        y=Axis("S(q)"),
        marks=(area, *lines, Rule(float(result.arrays["level"]), "", vertical=False)),
        status=f"{about['n_frames']} frames / {about['n_centres']} centres / highest"
        f" {about['peak_S']:.3g} at {about['peak_q']:.3g} 1/Å / pairs to {about['cutoff']:.3g} Å",
    )


ANALYSIS = Analysis(
    name="structure-factor",
    title="Structure factor",
    about="S(q) of all or of some atoms, by waves of the cell and from distances of pairs.",
    needs=(Needs.TRAJECTORY,),
    params=StructureFactorParams,
    run=run,
    plots=MappingProxyType({"S(q)": draw}),
    on_atoms=True,
)
