"""A long line in few points: per pixel column its first, lowest, highest and last value."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FEW = 4  # points in a pixel column from which on they are thinned out


def envelope(x: Array, y: Array) -> Array:
    """(m,) indices, rising, of the points that draw the same picture of the line through pixels
    x, y (n,), x not falling. All of them where they are few, or where x falls or a value is
    missing."""
    n = len(x)
    columns = np.floor(x) if n else x
    if n < 2 or not np.isfinite(x).all() or not np.isfinite(y).all() or (np.diff(x) < 0).any():
        return np.arange(n)
    starts = np.flatnonzero(np.diff(columns, prepend=columns[0] - 1))
    if n < FEW * len(starts):
        return np.arange(n)
    ends = np.append(starts[1:], n) - 1
    # within its column a point is the lowest: sort by column, then value, and take the ends
    column = np.repeat(np.arange(len(starts)), ends - starts + 1)
    order = np.lexsort((y, column))
    return np.unique(np.concatenate([starts, ends, order[starts], order[ends]]))
