"""From point to point of a plot by keys: to the next one along an axis. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.plot import Plot, Points, Space
from mlipviewer.core.rows import Rows

SIDES = {"left": (0, -1), "right": (0, 1), "down": (1, -1), "up": (1, 1)}
"""By name: along x (0) or y (1), towards smaller or larger values."""


def next_point(plot: Plot, selected: dict[Space, Rows], side: str) -> tuple[Space, int] | None:
    """The space and row of the point beside the selected one, in the order of x or y; without a
    selected one that with the smallest x and y first (`right`, `up`: the first, else the last).
    None where there are no points."""
    axis, step = SIDES[side]
    found = [(mark, _row_places(mark, axis)) for mark in plot.marks if isinstance(mark, Points)]
    found = [(mark, order) for mark, order in found if len(order)]
    if not found:
        return None
    space = found[0][0].space
    ways = [(m.x, m.y)[axis][order] for m, order in found if m.space is space]
    ids = np.concatenate([np.asarray(m.rows)[order] for m, order in found if m.space is space])
    ids = ids[np.argsort(np.concatenate(ways), kind="stable")]
    at = np.flatnonzero(np.isin(ids, selected.get(space, ())))
    if len(at) == 0:
        return space, int(ids[0 if step > 0 else -1])
    here = int(at[-1] if step > 0 else at[0]) + step
    return space, int(ids[np.clip(here, 0, len(ids) - 1)])


def _row_places(mark: Points, axis: int) -> NDArray[np.intp]:
    """The points that are drawn, in the order of an axis, then of the other."""
    x, y = np.asarray(mark.x, float), np.asarray(mark.y, float)
    order: NDArray[np.intp] = np.lexsort((x, y) if axis else (y, x))
    drawn: NDArray[np.intp] = order[np.isfinite(x[order]) & np.isfinite(y[order])]
    return drawn
