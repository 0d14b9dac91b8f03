"""The distribution of angles between neighbours, summed over frames."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.atoms.rdf import pair_said
from mlipviewer.analysis.methods.neighbourhood import neighbourhood
from mlipviewer.analysis.methods.pair_distances import BEGIN, END, counted_pairs, frames_of, mask_of
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Area, Axis, Line, Plot, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import member
from mlipviewer.core.trajectory import Array, Frame

WHICH = "an element, a species, a condition, or * for all"


@dataclass(frozen=True)
class AdfParams(Params):
    centre: str = param("*", f"angles at these atoms: {WHICH}")
    neighbour: str = param("*", f"between these: {WHICH}")
    cutoff: float = param(3.5, "neighbours up to here", unit="A", low=0.5, high=15.0)
    bins: int = param(180, "how many bins from 0 to 180 degrees", low=10, high=3600)
    every: int = param(1, "look at every so many frames", low=1, high=1_000_000)
    begin: int = param(1, BEGIN, low=1)
    end: int = param(0, END, low=0)


def run(inputs: Inputs, params: AdfParams, progress: Progress) -> Result:
    """Density of angles (per degree), of all frames; of chosen atoms, only these are centres.

    Summary: n_frames, n_angles, mean, most_frequent (degrees). Table `adf`: angle, density. Raises
    AnalysisProblem, ReadProblem, Cancelled.
    """
    counts, k, ids = np.zeros(params.bins, np.int64), 0, np.empty(0, np.int32)
    for frame in frames_of(inputs, params.every, progress, params.begin, params.end):
        centre, ends = mask_of(frame, params.centre), mask_of(frame, params.neighbour)
        if inputs.atoms is not None:
            centre &= member(frame.atom_ids, inputs.atoms)
        counted_pairs(centre, ends)
        counts += _angles(frame, centre, ends, params)
        k, ids = k + 1, frame.atom_ids[centre]
    angle = (np.arange(params.bins) + 0.5) * 180 / params.bins
    total = int(counts.sum())
    density = counts / max(total, 1) / (180 / params.bins)
    mean = float((angle * counts).sum() / total) if total else None
    return Result(
        summary={
            "n_frames": k,
            "n_angles": total,
            "mean": None if mean is None else round(mean, 4),
            "most_frequent": round(float(angle[counts.argmax()]), 4) if total else None,
        },
        tables={"adf": {"angle": angle.tolist(), "density": density.tolist()}},
        units={"angle": "degrees", "density": "1/degree"},
        arrays={"angle": angle, "density": density, "centres": np.sort(ids)},
    )


def _angles(frame: Frame, centre: Array, ends: Array, params: AdfParams) -> Array:
    from mlipviewer.native.local_order import angle_counts

    rows = np.flatnonzero(centre | ends)
    with neighbourhood(frame, rows, 16) as grid:
        return angle_counts(grid, params.cutoff, params.bins, centre[rows], ends[rows])


def draw(_inputs: Inputs, params: AdfParams, result: Result) -> Plot:
    """The density of angles."""
    about, angle, density = result.summary, result.arrays["angle"], result.arrays["density"]
    outline = np.concatenate([angle, angle[[-1, 0]]]), np.concatenate([density, [0.0, 0.0]])
    below = Area(*outline, result.arrays["centres"], Space.ATOM, label="the centres")
    return Plot(
        title=f"Angles {pair_said(params.centre, params.neighbour)}",
        x=Axis("angle (degrees)"),
        y=Axis("density (1/degree)"),
        marks=(below, Line(angle, density, "angles")),
        status=f"{about['n_frames']} frames / {about['n_angles']} angles",
        empty="" if about["n_angles"] else "No atom has two neighbours within the cut-off.",
    )


ANALYSIS = Analysis(
    name="adf",
    title="Angles",
    about="How often neighbours of an atom make an angle.",
    needs=(Needs.TRAJECTORY,),
    params=AdfParams,
    run=run,
    plots=MappingProxyType({"Angles": draw}),
    on_atoms=True,
)
