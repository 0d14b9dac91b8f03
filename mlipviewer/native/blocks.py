"""Spheres sorted into blocks of space, so that what others hide as a whole is never looked at."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function

PER_BLOCK = 64
"""Spheres of a block, about."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """`order` (n,) rows; block k has order[starts[k]:starts[k + 1]] within its box (b, 6) in A."""

    order: NDArray[np.int32]
    starts: NDArray[np.int32]
    boxes: NDArray[np.float32]

    def nearest_first(self, back: NDArray[np.float64]) -> NDArray[np.int32]:
        """The numbers of the blocks, first those that lie farthest along `back` (3,)."""
        with np.errstate(invalid="ignore"):
            middles = self.boxes[:, :3] + self.boxes[:, 3:]
            along = middles @ back.astype(np.float32)
        return np.argsort(-along).astype(np.int32)


def blocks_of(positions: NDArray[np.float32]) -> Blocks:
    """Sort spheres (n, 3) into blocks. Rows without a place are in the first one."""
    n = len(positions)
    ends = [(column.min(initial=np.inf), column.max(initial=-np.inf)) for column in positions.T]
    if not np.isfinite(ends).all():
        good = positions[np.isfinite(positions).all(axis=1)]
        ends = [(c.min(initial=0.0), c.max(initial=0.0)) for c in good.T]
    low, high = (np.array(one, np.float32) for one in zip(*ends, strict=True))
    size = np.maximum(high - low, 1e-3).astype(float)
    edge = (float(np.prod(size)) * PER_BLOCK / max(n, 1)) ** (1 / 3)
    counts = np.clip(np.round(size / max(edge, 1e-6)), 1, 400).astype(np.int32)
    total = int(np.prod(counts, dtype=np.int64))
    order, cells = np.empty(n, np.int32), np.empty(n, np.int32)
    starts, boxes = np.empty(total + 1, np.int32), np.empty((total, 6), np.float32)
    scale = (counts / size).astype(np.float32)
    given = np.ascontiguousarray(positions, np.float32)
    arrays = (low, scale, counts, cells, order, starts, boxes)
    call = function("sort_blocks")
    call.restype = None
    place = ctypes.c_void_p
    call(
        place(given.ctypes.data),
        ctypes.c_int64(n),
        *(place(array.ctypes.data) for array in arrays),
    )
    return Blocks(order, starts, boxes)
