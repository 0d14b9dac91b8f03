"""Which ids are chosen, and of what kinds they are: typed wrappers around `members.c`."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function

_ADDRESS, _COUNT = ctypes.c_void_p, ctypes.c_int64


@cache
def _mark(bits: int) -> Any:
    call = function(f"mark_members_{bits}")
    call.argtypes = [_ADDRESS, _COUNT, _ADDRESS, _COUNT, _ADDRESS]
    call.restype = _COUNT
    return call


@cache
def _count() -> Any:
    call = function("count_codes")
    call.argtypes = [_ADDRESS, _ADDRESS, _COUNT, _ADDRESS]
    call.restype = None
    return call


def mark_members(
    ids: NDArray[np.integer[Any]], chosen: NDArray[np.integer[Any]]
) -> NDArray[np.bool_] | None:
    """(n,) which ids are among the chosen ones, in any order; None where the ids lie so far apart
    that no table of them is made. Raises NativeMissing."""
    small = ids.dtype.kind == "i" and ids.dtype.itemsize <= 4
    given = np.ascontiguousarray(ids, np.int32 if small else np.int64)
    wanted = np.ascontiguousarray(chosen, np.int64)
    mask = np.empty(len(given), np.uint8)
    n = _mark(32 if small else 64)(
        given.ctypes.data, len(given), wanted.ctypes.data, len(wanted), mask.ctypes.data
    )
    return mask.view(bool) if n >= 0 else None


def count_codes(codes: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(256,) how often each of the codes (n,) occurs where the mask (n,) holds. Raises
    NativeMissing."""
    codes, mask = np.ascontiguousarray(codes, np.uint8), np.ascontiguousarray(mask, bool)
    if codes.shape != mask.shape:
        raise ValueError("a code has a place in the mask")
    counts = np.zeros(256, np.int64)
    _count()(codes.ctypes.data, mask.ctypes.data, len(codes), counts.ctypes.data)
    return counts
