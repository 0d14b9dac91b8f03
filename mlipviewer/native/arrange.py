"""Wrapping, cutting and listing atoms for drawing: typed wrappers around `arrange.c`."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function

Doubles = NDArray[np.float64]
_PLACE = ctypes.c_void_p


@cache
def _call(name: str, long: tuple[int, ...], n: int) -> Any:
    call = function(name)
    call.argtypes = [ctypes.c_int64 if i in long else _PLACE for i in range(n)]
    call.restype = ctypes.c_int64 if name == "list_kept" else None
    return call


def _doubles(array: Any, shape: tuple[int, ...]) -> Doubles:
    found = np.ascontiguousarray(array, np.float64)
    if found.shape != shape:
        raise ValueError(f"wanted {shape}, got {found.shape}")
    return found


def wrap_places(positions: Any, cell: Any, origin: Any, repeats: Any) -> Doubles:
    """(n, 3) positions moved into the cell (3, 3) along the vectors that repeat (3,), in A."""
    n = len(positions)
    given, cell = _doubles(positions, (n, 3)), _doubles(cell, (3, 3))
    inverse, origin = _doubles(np.linalg.inv(cell), (3, 3)), _doubles(origin, (3,))
    again, places = np.array(repeats, np.uint8), np.empty((n, 3))
    arrays = (cell, inverse, origin, again, places)
    call = _call("wrap_places", (1,), 7)
    call(given.ctypes.data, n, *(array.ctypes.data for array in arrays))
    return places


def within_slabs(places: Any, shift: Any, slabs: Any) -> NDArray[np.bool_]:
    """(n,) which places (n, 3), moved by a shift (3,), lie in all slabs (m, 5).

    A slab is a direction (3) and the least and greatest product of a place with it.
    """
    n, m = len(places), len(slabs)
    given, shift, slabs = _doubles(places, (n, 3)), _doubles(shift, (3,)), _doubles(slabs, (m, 5))
    kept = np.empty(n, np.bool_)
    call = _call("within_slabs", (1, 4), 6)
    call(
        given.ctypes.data,
        n,
        shift.ctypes.data,
        slabs.ctypes.data,
        m,
        kept.ctypes.data,
    )
    return kept


def list_kept(
    places: Any, shift: Any, kept: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The rows (m,) of the kept places (all: None), and where they are, moved by a shift (m, 3)."""
    n = len(places)
    given, shift = _doubles(places, (n, 3)), _doubles(shift, (3,))
    mask = None if kept is None else np.ascontiguousarray(kept, np.bool_)
    if mask is not None and mask.shape != (n,):
        raise ValueError(f"{mask.shape} flags for {n} places")
    room = n if mask is None else int(np.count_nonzero(mask))
    rows, positions = np.empty(room, np.int32), np.empty((room, 3), np.float32)
    call = _call("list_kept", (1,), 6)
    call(
        given.ctypes.data,
        n,
        shift.ctypes.data,
        None if mask is None else mask.ctypes.data,
        rows.ctypes.data,
        positions.ctypes.data,
    )
    return rows, positions
