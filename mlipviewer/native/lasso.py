"""Lasso fits for falling penalties: a typed wrapper around `lasso.c`."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function

_ADDRESS, _COUNT, _NUMBER = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
_Floats = NDArray[np.float64]


@cache
def _path() -> Any:
    call = function("lasso_path")
    call.argtypes = [
        *(_ADDRESS, _ADDRESS, _NUMBER, _COUNT, _ADDRESS),
        *(_COUNT, _COUNT, _NUMBER, _ADDRESS, _ADDRESS),
    ]
    call.restype = _COUNT
    return call


def lasso_path(
    gram: _Floats, xy: _Floats, square: float, penalties: _Floats, most_rounds: int, close: float
) -> _Floats:
    """(m, p) coefficients w of least |y - X w|² / (2 n) + penalty |w|₁ for m penalties.

    `gram` (p, p) is XᵀX / n, `xy` (p,) Xᵀy / n, `square` yᵀy / n. A fit begins where the one before
    it ended, and ends at a duality gap of `close` times `square` or after `most_rounds`. Raises
    ValueError for shapes that do not fit, NativeMissing.
    """
    gram, xy = np.ascontiguousarray(gram, np.float64), np.ascontiguousarray(xy, np.float64)
    penalties = np.ascontiguousarray(penalties, np.float64)
    p, m = len(xy), len(penalties)
    if gram.shape != (p, p) or xy.ndim != 1 or penalties.ndim != 1:
        raise ValueError("a Lasso needs a square matrix, a vector as long, and a list of penalties")
    found, left = np.zeros((m, p)), np.empty(p)
    _path()(
        *(gram.ctypes.data, xy.ctypes.data, square, p, penalties.ctypes.data),
        *(m, most_rounds, close, left.ctypes.data, found.ctypes.data),
    )
    return found
