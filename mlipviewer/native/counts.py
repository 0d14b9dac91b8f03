"""Counts for density images: typed wrappers around `counts.c`."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function

Floats = NDArray[np.float64]
Counts = NDArray[np.int32]

_ADDRESS, _COUNT, _REAL = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double


@cache
def _count_points() -> Any:
    call = function("count_points")
    call.argtypes = [_ADDRESS] * 3 + [_COUNT] + [_REAL] * 4 + [_COUNT] * 3 + [_ADDRESS]
    call.restype = None
    return call


@cache
def _count_lines() -> Any:
    call = function("count_crossings")
    call.argtypes = [_ADDRESS] * 2 + [_COUNT] * 5 + [_ADDRESS]
    call.restype = None
    return call


def count_points(
    x: Floats,
    y: Floats,
    group: NDArray[np.int32] | None,
    n_groups: int,
    box: tuple[float, float, float, float],
    size: tuple[int, int],
) -> Counts:
    """(height, width, n_groups) points x, y (n,) in each bin of `box` (x0, x1, y0, y1), the first
    row at y1; `group` (n,) within 0..n_groups - 1. Raises NativeMissing."""
    x, y = (np.ascontiguousarray(one, np.float64) for one in (x, y))
    width, height = size
    counts = np.zeros((height, width, n_groups), np.int32)
    groups = None if group is None else np.ascontiguousarray(group, np.int32)
    if groups is not None and groups.size and not 0 <= groups.min() <= groups.max() < n_groups:
        raise ValueError(f"a group is outside 0..{n_groups - 1}")
    x0, x1, y0, y1 = box
    _count_points()(
        x.ctypes.data, y.ctypes.data, None if groups is None else groups.ctypes.data, len(x),
        x0, width / (x1 - x0), y0, height / (y1 - y0), width, height, n_groups, counts.ctypes.data,
    )  # fmt: skip
    return counts


@cache
def _mix_counts() -> Any:
    call = function("mix_counts")
    call.argtypes = [_ADDRESS, _COUNT, _COUNT, _ADDRESS, _ADDRESS, _COUNT, _ADDRESS]
    call.restype = None
    return call


def mix_counts(counts: Counts, rgb: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> Any:
    """(height, width, 4) colours of counts (height, width, groups): the mean of `rgb` (groups, 3),
    opaque as `alpha` says of the total (its last entry: and above). Raises NativeMissing."""
    counts, rgb = np.ascontiguousarray(counts, np.int32), np.ascontiguousarray(rgb, np.uint8)
    alpha = np.ascontiguousarray(alpha, np.uint8)
    height, width, n_groups = counts.shape
    if rgb.shape != (n_groups, 3) or not len(alpha):
        raise ValueError("a colour for each group, and an opacity, are needed")
    pixels = np.empty((height, width, 4), np.uint8)
    _mix_counts()(
        counts.ctypes.data, height * width, n_groups, rgb.ctypes.data, alpha.ctypes.data,
        len(alpha), pixels.ctypes.data,
    )  # fmt: skip
    return pixels


def count_lines(x: Floats, y: Floats, width: int, height: int) -> Counts:
    """(height, width) how many lines x (m,) rising, y (n, m), in pixels, cross each pixel.

    Raises NativeMissing.
    """
    counted = np.zeros((height, width), np.int32)
    columns = np.ascontiguousarray(x, np.float32)
    lines = np.ascontiguousarray(np.asarray(y).T, np.float32)
    begin = max(int(np.ceil(columns[0])), 0) if len(columns) else 0
    end = min(int(np.floor(columns[-1])), width) if len(columns) else 0
    if len(lines) != len(columns):
        raise ValueError("a line has a y for each x")
    if end <= begin or len(columns) < 2:
        return counted
    changes = np.zeros((end - begin, height + 1), np.int32)
    _count_lines()(
        columns.ctypes.data, lines.ctypes.data, lines.shape[1], len(columns), begin, end, height,
        changes.ctypes.data,
    )  # fmt: skip
    counted[:, begin:end] = np.cumsum(changes, axis=1, dtype=np.int32)[:, :-1].T
    return counted
