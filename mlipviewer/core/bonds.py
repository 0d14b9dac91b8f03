"""Bonds of a frame over periodic images, by the neighbour list of vesin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

LONGEST = 8.0
"""A; longer bonds are not looked for."""


@dataclass(frozen=True, eq=False)
class BondList:
    """Every bond twice, once from each end: rows `first`, `second` (m,), and vectors (m, 3) in A
    from the first atom to that image of the second to which it is bonded."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    vectors: NDArray[np.float64]

    @property
    def n(self) -> int:
        return len(self.first)


def whole_cell(frame: Frame) -> tuple[Array, NDArray[np.bool_]]:
    """A cell (3, 3) in A that can be inverted, and which of its vectors repeat.

    A missing cell, or vectors that lie in a plane, become a unit cell that does not repeat.
    """
    if frame.cell is not None and np.isfinite(frame.cell).all():
        cell = np.array(frame.cell, float)
        sizes = np.linalg.norm(cell, axis=1)
        if abs(np.linalg.det(cell)) > 1e-9 * max(float(sizes.prod()), 1e-9):
            return cell, np.array(frame.pbc, bool)
    return np.eye(3), np.zeros(3, bool)


def listed_bonds(frame: Frame) -> BondList:
    """The bonds that a file lists, to the nearest image."""
    assert frame.bonds is not None
    first, second = (np.concatenate([frame.bonds[:, k], frame.bonds[:, 1 - k]]) for k in (0, 1))
    vectors = frame.positions[second] - frame.positions[first]
    cell, repeats = whole_cell(frame)
    if repeats.any():
        turns = np.rint(vectors @ np.linalg.inv(cell)) * repeats
        vectors = vectors - turns @ cell
    good = np.isfinite(vectors).all(axis=1)
    return BondList(first[good], second[good], vectors[good])


def bonds_of(frame: Frame, codes: Array, lengths: Array) -> BondList:
    """Atoms (codes (n,)) are bonded up to `lengths[code, code]` A; atoms without a place never."""
    good = np.flatnonzero(np.isfinite(frame.positions).all(axis=1))
    reach = float(min(np.max(lengths, initial=0.0), LONGEST))
    if reach <= 0 or len(good) < 1:
        return BondList(np.empty(0, int), np.empty(0, int), np.empty((0, 3)))
    from vesin import NeighborList

    cell, repeats = whole_cell(frame)
    points = np.ascontiguousarray(frame.positions[good], np.float64)
    search = NeighborList(cutoff=reach, full_list=True, n_threads=1)
    first, second, vectors, apart = search.compute(
        points, cell if repeats.any() else np.zeros((3, 3)), repeats.tolist(), "ijDd"
    )
    first, second = good[np.asarray(first, np.int64)], good[np.asarray(second, np.int64)]
    kept = apart <= np.asarray(lengths)[codes[first], codes[second]]
    return BondList(first[kept], second[kept], vectors[kept])
