"""Non-dominated sets, exactly: minimisation in every column."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Mask

Ranks = NDArray[np.int32]
BLOCK = 128


def non_dominated(points: NDArray[np.float64]) -> Mask:
    """(n,) which rows of (n, d) no other row dominates; equal rows do not dominate each other.

    b dominates a iff b <= a everywhere and b < a somewhere. Columns are replaced by the ranks of
    their values, so that the answer is exactly the same for any increasing map of a column.
    """
    if points.size == 0:
        return np.ones(len(points), bool)
    ranks = _column_ranks(points)
    if points.shape[1] == 1:
        return np.asarray(ranks[:, 0] == 0)
    return _mask_2d(ranks) if points.shape[1] == 2 else _mask_nd(ranks)


def _column_ranks(points: NDArray[np.float64]) -> Ranks:
    columns = [np.unique(column, return_inverse=True)[1] for column in points.T]
    return np.stack(columns, axis=1).astype(np.int32)


def _mask_2d(ranks: Ranks) -> Mask:
    """By increasing x: a point stays if its y is below all y at smaller x, least at its own."""
    order = np.lexsort((ranks[:, 1], ranks[:, 0]))
    x, y = ranks[order].T
    first = np.flatnonzero(np.r_[True, x[1:] != x[:-1]])
    group = np.cumsum(np.r_[False, x[1:] != x[:-1]])
    least = y[first]
    before = np.r_[np.iinfo(np.int32).max, np.minimum.accumulate(least)[:-1]]
    mask = np.empty(len(x), bool)
    mask[order] = (y == least[group]) & (y < before[group])
    return mask


def _mask_nd(ranks: Ranks) -> Mask:
    """By increasing sum of ranks, a row is compared with the front so far and with its block.

    A row that dominates another has the smaller sum, so no later row can remove an earlier one;
    and "<= everywhere with a smaller sum" is dominance itself.
    """
    total = ranks.sum(axis=1, dtype=np.int64)
    order = np.argsort(total, kind="stable")
    small = ranks.astype(np.int16) if ranks.max() < 2**15 else ranks
    columns, total = np.ascontiguousarray(small[order].T), total[order]
    front = np.empty(0, np.int64)
    for start in range(0, len(order), BLOCK):
        block = np.arange(start, min(start + BLOCK, len(order)))
        block = block[~_dominated(columns, total, block, by=front)]
        block = block[~_dominated(columns, total, block, by=block)]
        front = np.r_[front, block]
    mask = np.zeros(len(order), bool)
    mask[order[front]] = True
    return mask


def _dominated(
    columns: NDArray[Any],
    total: NDArray[np.int64],
    rows: NDArray[np.int64],
    by: NDArray[np.int64],
) -> Mask:
    below = total[by][:, None] < total[rows][None, :]
    for column in columns:
        below &= column[by][:, None] <= column[rows][None, :]
    return np.asarray(below.any(axis=0))


def without_repeats(points: NDArray[np.float64], mask: Mask) -> Mask:
    """The mask with only the first of exactly equal rows."""
    rows = np.flatnonzero(mask)
    _, first = np.unique(points[rows], axis=0, return_index=True)
    new = np.zeros_like(mask)
    new[rows[first]] = True
    return new


def front_layers(
    points: NDArray[np.float64], n_layers: int, keep_repeats: bool, progress: Progress
) -> Ranks:
    """(n,) 1 for the front, 2 for the front of the rest ..., 0 beyond `n_layers`."""
    layer = np.zeros(len(points), np.int32)
    left = np.arange(len(points))
    for number in range(1, n_layers + 1):
        progress.step(number - 1, n_layers)
        mask = non_dominated(points[left])
        if not keep_repeats:
            mask = without_repeats(points[left], mask)
        layer[left[mask]] = number
        left = left[~mask]
        if left.size == 0:
            break
    return layer
