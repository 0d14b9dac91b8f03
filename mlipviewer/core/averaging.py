"""Positions averaged over neighbouring frames: thermal noise shrinks, slow change stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from mlipviewer.core.periodic import nearest_images
from mlipviewer.core.trajectory import Array, Frame


def time_averaged(frame: Frame, others: Iterable[Frame]) -> Frame:
    """The frame with the mean positions of its atoms over itself and other frames.

    Atoms are followed by their ids; each way is the shortest over the images of the frame's cell,
    so that crossing a wall does no harm. An atom that some frames lack is averaged over the rest.
    """
    base = np.asarray(frame.positions, float)
    total, count = np.zeros_like(base), np.ones(frame.n_atoms)
    for other in others:
        mine, theirs = _same_atoms(frame, other)
        way = nearest_images(np.asarray(other.positions)[theirs] - base[mine], frame)
        good = np.isfinite(way).all(axis=1)
        total[mine[good]] += way[good]
        count[mine[good]] += 1
    return replace(frame, positions=base + total / count[:, None])


def _same_atoms(frame: Frame, other: Frame) -> tuple[Array, Array]:
    """The rows of atoms that both have, in both."""
    if np.array_equal(frame.atom_ids, other.atom_ids):
        rows = np.arange(frame.n_atoms)
        return rows, rows
    _, mine, theirs = np.intersect1d(frame.atom_ids, other.atom_ids, return_indices=True)
    return mine, theirs


def frame_averaged(read: Callable[[int], Frame], n_frames: int, index: int, around: int) -> Frame:
    """Frame `index` with positions averaged over up to `around` frames before and after; what is
    incomplete is left out. Raises ReadProblem."""
    frame = read(index)
    if around <= 0:
        return frame
    near = range(max(index - around, 0), min(index + around, n_frames - 1) + 1)
    others = (read(one) for one in near if one != index)
    return time_averaged(frame, (one for one in others if one.complete))
