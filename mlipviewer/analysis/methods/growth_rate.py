"""A straight line through a series, with an error that knows that neighbours are alike."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Rate(NamedTuple):
    """slope and its standard error, in y per x, and the intercept; NaN where unknown."""

    slope: float
    error: float
    intercept: float


def straight_line(x: Array, y: Array) -> Rate:
    """Least squares over the finite places. The error is the usual one of the slope, widened by
    sqrt((1 + r) / (1 - r)) with the correlation r >= 0 of neighbouring residuals."""
    good = np.isfinite(x) & np.isfinite(y)
    x, y = np.asarray(x, float)[good], np.asarray(y, float)[good]
    n = len(x)
    if n < 2 or np.ptp(x) == 0:
        return Rate(np.nan, np.nan, np.nan)
    away = x - x.mean()
    slope = float(away @ y / (away @ away))
    intercept = float(y.mean() - slope * x.mean())
    if n < 3:
        return Rate(slope, np.nan, intercept)
    rest = y - intercept - slope * x
    squares = float(rest @ rest)
    error = np.sqrt(squares / (n - 2) / (away @ away))
    alike = float(rest[1:] @ rest[:-1] / squares) if squares > 0 else 0.0
    alike = min(max(alike, 0.0), 0.99)
    return Rate(slope, float(error * np.sqrt((1 + alike) / (1 - alike))), intercept)
