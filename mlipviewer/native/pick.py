"""Hit tests on a million spheres: typed wrappers around `pick.c`."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_ADDRESS = ctypes.c_void_p
_COUNT = ctypes.c_int64


@cache
def _pick_sphere() -> Any:
    call = function("pick_sphere")
    call.argtypes = [_ADDRESS] * 3 + [_COUNT, _ADDRESS, ctypes.c_double, ctypes.c_double]
    call.restype = _COUNT
    return call


@cache
def _inside_outline() -> Any:
    call = function("inside_outline")
    call.argtypes = [_ADDRESS, _COUNT, _ADDRESS, _ADDRESS, _COUNT, _ADDRESS, _ADDRESS]
    call.restype = _COUNT
    return call


@cache
def _seen_spheres() -> Any:
    call = function("seen_spheres")
    size: list[Any] = [ctypes.c_float, ctypes.c_int32, ctypes.c_int32]
    call.argtypes = [*[_ADDRESS] * 3, _COUNT, _ADDRESS, *size, *[_ADDRESS] * 3]
    call.restype = None
    return call


def _address(array: NDArray[Any], dtype: type, shape: tuple[int, ...]) -> int:
    if array.dtype != dtype or array.shape != shape or not array.flags.c_contiguous:
        raise ValueError(f"wanted contiguous {dtype} {shape}, got {array.dtype} {array.shape}")
    return array.ctypes.data


def nearest_sphere(
    positions: Floats,
    codes: Bytes,
    radii: Floats,
    view: NDArray[np.float64],
    point: tuple[float, float],
) -> int | None:
    """The row of the sphere that is seen at `point`, None where there is none.

    positions (n, 3), codes (n,) into radii (256,), view (14,) as described in pick.c.
    """
    n = len(positions)
    found: int = _pick_sphere()(
        _address(positions, np.float32, (n, 3)),
        _address(codes, np.uint8, (n,)),
        _address(radii, np.float32, (256,)),
        n,
        _address(view, np.float64, (14,)),
        *point,
    )
    return None if found < 0 else found


def inside_outline(
    positions: Floats, view: NDArray[np.float64], outline: Floats
) -> NDArray[np.bool_]:
    """(n,) which centres are seen inside the closed outline (k, 2), by the even-odd rule."""
    n, k = len(positions), len(outline)
    mask = np.zeros(n, np.bool_)
    if k < 3:
        return mask
    box = np.concatenate([outline.min(axis=0), outline.max(axis=0)])
    _inside_outline()(
        _address(positions, np.float32, (n, 3)),
        n,
        _address(view, np.float64, (14,)),
        _address(outline, np.float32, (k, 2)),
        k,
        _address(box, np.float32, (4,)),
        mask.ctypes.data,
    )
    return mask


def seen_spheres(
    positions: Floats,
    codes: Bytes,
    radii: Floats,
    view: NDArray[np.float64],
    scale: float,
    size: tuple[int, int],
) -> NDArray[np.bool_]:
    """(n,) which spheres others do not hide wholly, in a picture of `size` (width, height) pixels,
    `scale` of them per A. Arrays as of `nearest_sphere`."""
    n, (width, height) = len(positions), size
    mask = np.zeros(n, np.bool_)
    front, owner = np.empty((height, width), np.float32), np.empty((height, width), np.int32)
    _seen_spheres()(
        _address(positions, np.float32, (n, 3)),
        _address(codes, np.uint8, (n,)),
        _address(radii, np.float32, (256,)),
        n,
        _address(view, np.float64, (14,)),
        scale,
        width,
        height,
        front.ctypes.data,
        owner.ctypes.data,
        mask.ctypes.data,
    )
    return mask
