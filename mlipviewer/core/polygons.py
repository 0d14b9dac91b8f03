"""Regions of a plane with straight edges, and their text: `0.1 0.35, 0.2 0.4, 0.15 0.5`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOST_CORNERS = 60


def in_polygon(x: Array, y: Array, polygon: Array) -> NDArray[np.bool_]:
    """Which points (n,) lie inside a polygon (k, 2), by counting crossings; NaN is outside."""
    result = np.zeros(len(x), bool)
    with np.errstate(invalid="ignore"):
        for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            if ay == by:
                continue
            crosses = (ay > y) != (by > y)
            result ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return result & np.isfinite(x) & np.isfinite(y)


def read_polygon(text: str) -> Array:
    """(k, 2) corners. Raises ValueError in words."""
    try:
        corners = np.array([[float(one) for one in pair.split()] for pair in text.split(",")])
    except ValueError:
        corners = np.empty(0)
    if corners.ndim != 2 or corners.shape[1] != 2 or len(corners) < 3:
        raise ValueError("write at least three corners as x y, x y, x y")
    if len(corners) > 1000 or not np.isfinite(corners).all():
        raise ValueError("corners are at most 1000 and finite")
    return corners


def write_polygon(corners: Array) -> str:
    """The text that `read_polygon` reads; of many corners, evenly chosen ones."""
    step = max(1, -(-len(corners) // MOST_CORNERS))
    return ", ".join(f"{x:.4g} {y:.4g}" for x, y in np.asarray(corners, float)[::step].tolist())
