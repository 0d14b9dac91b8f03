"""Whether one file goes on where another ends: a restart of the same run, and no other run."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.differences import displacements
from mlipviewer.core.file_names import template
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, FrameSource
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.io.trajectories.pieces import are_pieces, step_of

SAME = 0.02
"""A between places that are the same but for how many digits were written."""

USUAL = 3.0
"""How many times as far as between neighbouring frames atoms may have come between two files."""


class _Enough(Exception):
    """The first frames are there."""


@dataclass(frozen=True)
class First:
    """What the beginning of a file says."""

    path: Path
    format: str
    n_atoms: int = -1
    step: float | None = None
    alone: bool = False  # whether the file holds one frame


def begin(one: First) -> First:
    """With what its first frame says, as far as that can be read. Of a long file no more than its
    beginning is looked at."""
    seen: list[FrameSource] = []

    def told(source: FrameSource) -> None:
        if source.n_frames > 1:
            seen.append(source)
            raise _Enough

    try:
        source = open_trajectory(one.path, one.format, told=told)
    except _Enough:
        source = seen[0]
    except ReadProblem:
        return one
    try:
        n_atoms = source.frame(0).n_atoms
        return First(one.path, one.format, n_atoms, step_of(source, 0), source.n_frames == 1)
    except ReadProblem:
        return one


def counts_on(one: Path, other: Path) -> bool:
    """Whether the names differ in one number alone, which is one more in the second."""
    if template(one.name) != template(other.name):
        return False
    numbers = ([int(n) for n in re.findall(r"\d+", path.name)] for path in (one, other))
    steps = [b - a for a, b in zip(*numbers, strict=True) if a != b]
    return steps == [1]


def goes_on(one: First, other: First, progress: Progress | None = None) -> bool:
    """Whether `other` goes on where `one` ends. Both are read whole only where their names or
    first steps allow it. Raises Cancelled."""
    counted = counts_on(one.path, other.path)
    later = one.step is not None and other.step is not None and other.step > one.step
    if not counted and not (later and one.n_atoms == other.n_atoms):
        return False
    try:
        sources = [open_trajectory(e.path, e.format, progress) for e in (one, other)]
        return _go_on(sources[0], sources[1], counted)
    except ReadProblem:
        return False


def _go_on(one: FrameSource, other: FrameSource, counted: bool) -> bool:
    """By the steps where both files tell them, else by where the atoms are."""
    if are_pieces(one, other):
        return True
    last, then = one.n_frames - 1, step_of(other, 0)
    steps = [step_of(one, 0), step_of(one, last)]
    if then is not None and steps[0] is not None and steps[1] is not None and then > steps[0]:
        near = counted or then - steps[1] <= _interval(one, other)
        return near if then > steps[1] else _same_at(one, other, then)
    end, first = one.frame(last), other.frame(0)
    if not _same_atoms(end, first) or far(one.frame(0), first) <= SAME:
        return False  # both begin at the same places: runs beside each other
    gap = far(end, first)
    return gap <= SAME or (then is None and gap <= USUAL * _usual(one, other) + SAME)


def _interval(one: FrameSource, other: FrameSource) -> float:
    """The steps between two frames, at most; without bound where both files hold one frame."""
    pairs = ((one, one.n_frames - 2), (other, 0))
    steps = [(step_of(s, k), step_of(s, k + 1)) for s, k in pairs if s.n_frames > 1]
    found = [b - a for a, b in steps if a is not None and b is not None]
    return max(found, default=0.0 if steps else math.inf)


def _same_at(one: FrameSource, other: FrameSource, step: float) -> bool:
    """Whether the atoms of the first file are at that step where the second begins."""
    low, high = 0, one.n_frames - 1
    while low < high:
        middle = (low + high) // 2
        found = step_of(one, middle)
        if found is None:
            return False
        low, high = (middle + 1, high) if found < step else (low, middle)
    before, after = one.frame(low), other.frame(0)
    there = step_of(one, low) == step and _same_atoms(before, after)
    return there and far(before, after) <= SAME


def _usual(one: FrameSource, other: FrameSource) -> float:
    """How far atoms come from one frame to the next, in A."""
    last = one.n_frames - 1
    ends = [(one.frame(last - 1), one.frame(last))] if last else []
    starts = [(other.frame(0), other.frame(1))] if other.n_frames > 1 else []
    return max((far(a, b) for a, b in ends + starts if _same_atoms(a, b)), default=0.0)


def _same_atoms(one: Frame, other: Frame) -> bool:
    def kinds(frame: Frame) -> NDArray[np.generic]:
        return frame.numbers[np.argsort(frame.atom_ids, kind="stable")]

    ids = np.array_equal(np.sort(one.atom_ids), np.sort(other.atom_ids))
    return ids and np.array_equal(kinds(one), kinds(other))


def far(one: Frame, other: Frame) -> float:
    """How far the atoms are from each other, root mean square over the nearest images, in A."""
    moved = displacements(one, other)
    return float(np.sqrt(np.mean((moved**2).sum(axis=1)))) if len(moved) else 0.0
