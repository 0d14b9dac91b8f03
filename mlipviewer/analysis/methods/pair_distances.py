"""Pair and angle distributions summed over frames, of chosen atoms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.neighbourhood import neighbourhood, taking_part
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.periodic import periodic_cell
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]


BEGIN, END = "the first frame to look at, from 1", "the last frame to look at; 0: to the end"


def frames_of(
    inputs: Inputs, every: int, progress: Progress, begin: int = 1, end: int = 0
) -> Iterator[Frame]:
    """Every so many frames of the trajectory, from `begin` (from 1) to `end` (0: the last).

    Raises AnalysisProblem where that is no frame, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    stop = min(end or trajectory.n_frames, trajectory.n_frames)
    wanted = range(begin - 1, stop, every)
    if trajectory.n_frames and not wanted:
        raise AnalysisProblem(
            f"frames {begin} to {end} are none of the {trajectory.n_frames} of {trajectory.name}"
        )
    for done, index in enumerate(wanted):
        progress.step(done, len(wanted))
        yield trajectory.frame(index)


def mask_of(frame: Frame, what: str) -> Array:
    """(n,) the atoms of an element, for which a condition holds, or all (`*`, empty)."""
    what = what.strip()
    mask = np.zeros(frame.n_atoms, bool)
    if what in ("", "*"):
        mask[:] = True
        return mask
    condition = f"element == {what!r} or species == {what!r}" if what.isalnum() else what
    mask[taking_part(frame, condition)] = True
    return mask


def shells(frame: Frame, first: Array, second: Array, cutoff: float, bins: int) -> Array:
    """(bins,) neighbours among the second of the atoms of the first, by distance up to the cut-off.

    Raises AnalysisProblem."""
    from mlipviewer.native.local_order import pair_counts

    rows = np.flatnonzero(first | second)
    kinds = (first[rows].astype(np.int32) + 2 * second[rows]) - 1  # 0, 1 or 2: both
    with neighbourhood(frame, rows, 16) as grid:
        counts = pair_counts(grid, cutoff, bins, kinds, 3)
    found: Array = counts[[0, 2]][:, [1, 2]].sum(axis=(0, 1))
    return found


def density_of(frame: Frame, n: int) -> float:
    """n atoms per A^3 of the cell, NaN where it does not repeat in all directions."""
    found = periodic_cell(frame)
    if found is None or not found[1].all():
        return float("nan")
    return n / abs(float(np.linalg.det(found[0])))


def counted_pairs(first: Array, second: Array) -> tuple[int, int]:
    """How many centres and neighbours there are. Raises AnalysisProblem where there are none."""
    n, m = int(first.sum()), int(second.sum())
    if not n or not m:
        raise AnalysisProblem("no atoms are chosen as centres or as neighbours")
    return n, m
