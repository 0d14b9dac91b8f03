"""Pictures of spheres made without a graphics card: typed wrappers around `splat.c`.

The calls release the interpreter's lock, so that a thread can draw while the window goes on.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Rgb = tuple[int, int, int]

_PLACE = ctypes.c_void_p


class _Scene(ctypes.Structure):
    _fields_ = (
        ("positions", _PLACE),
        ("codes", _PLACE),
        ("marks", _PLACE),
        ("radii", _PLACE),
        ("n", ctypes.c_int64),
        ("view", _PLACE),
        ("scale", ctypes.c_float),
        ("halo", ctypes.c_float),
        ("width", ctypes.c_int32),
        ("height", ctypes.c_int32),
        ("depth", _PLACE),
        ("owner", _PLACE),
    )


class _Colours(ctypes.Structure):
    _fields_ = (
        ("classes", _PLACE),
        ("values", _PLACE),
        ("times", ctypes.c_float),
        ("plus", ctypes.c_float),
        *((name, _PLACE) for name in ("table", "missing", "background", "ring", "edge", "hover")),
    )


@dataclass(frozen=True, eq=False)
class Balls:
    """n spheres: positions (n, 3), codes (n,) into radii (256,), marks (n,), as in gui.scene."""

    positions: Floats
    codes: Bytes
    radii: Floats
    marks: Bytes

    def __post_init__(self) -> None:
        n = len(self.positions)
        _check(self.positions, np.float32, (n, 3))
        _check(self.codes, np.uint8, (n,))
        _check(self.radii, np.float32, (256,))
        _check(self.marks, np.uint8, (n,))


@dataclass(frozen=True, eq=False)
class Tints:
    """The colours: data (n,) uint8 classes or float32 values, see `Paint`, and a table (256, 3).

    A value v has the colour at v * times + plus of the table.
    """

    data: NDArray[Any]
    table: Bytes
    times: float
    plus: float
    missing: Rgb
    background: Rgb
    ring: Rgb
    edge: Rgb
    hover: Rgb


@dataclass(frozen=True, eq=False)
class Seen:
    """From where, and how large: view (14,) as in pick.c, pixels per A, pixels of halos."""

    view: NDArray[np.float64]
    scale: float
    halo: float
    width: int
    height: int
    ends: Floats = field(default_factory=lambda: np.empty((0, 3), np.float32))
    line_colour: Rgb = (128, 128, 128)
    thickness: int = 1


def _check(array: NDArray[Any], dtype: type, shape: tuple[int, ...]) -> None:
    if array.dtype != dtype or array.shape != shape or not array.flags.c_contiguous:
        raise ValueError(f"wanted contiguous {dtype} {shape}, got {array.dtype} {array.shape}")


@cache
def _call(name: str, n_arguments: int) -> Any:
    call = function(name)
    pointers: list[Any] = [_PLACE] * n_arguments
    if name == "splat_rings":
        pointers[3] = ctypes.c_int64
    if name == "splat_lines":
        pointers[2], pointers[4] = ctypes.c_int64, ctypes.c_int32
    call.argtypes = pointers
    call.restype = None
    return call


def draw_balls(
    balls: Balls, tints: Tints, seen: Seen, hidden_rings: NDArray[np.int32]
) -> NDArray[np.uint8]:
    """(height, width, 4) RGBA of the spheres and lines; `hidden_rings` rows show through others."""
    _check(seen.view, np.float64, (14,))
    _check(tints.table, np.uint8, (256, 3))
    if len(tints.data) != len(balls.positions):
        raise ValueError(f"{len(tints.data)} colours for {len(balls.positions)} spheres")
    picture = np.empty((seen.height, seen.width, 4), np.uint8)
    depth = np.empty((seen.height, seen.width), np.float32)
    owner = np.empty((seen.height, seen.width), np.int32)
    scene = _scene(balls, seen, depth, owner)
    fixed = [np.array(c, np.uint8) for c in _fixed_colours(tints)]
    colours = _colours(tints, fixed)
    this, those, out = ctypes.addressof(scene), ctypes.addressof(colours), picture.ctypes.data
    _call("splat_spheres", 1)(this)
    _call("shade_spheres", 3)(this, those, out)
    if len(seen.ends):
        ends = np.ascontiguousarray(seen.ends, np.float32)
        line = np.array(seen.line_colour, np.uint8)
        arguments = (ends.ctypes.data, len(ends) // 2, line.ctypes.data, seen.thickness)
        _call("splat_lines", 6)(this, *arguments, out)
    if len(hidden_rings):
        rows = np.ascontiguousarray(hidden_rings, np.int32)
        _call("splat_rings", 5)(this, those, rows.ctypes.data, len(rows), out)
    return picture


def _scene(balls: Balls, seen: Seen, depth: Floats, owner: NDArray[np.int32]) -> _Scene:
    return _Scene(
        balls.positions.ctypes.data,
        balls.codes.ctypes.data,
        balls.marks.ctypes.data,
        balls.radii.ctypes.data,
        len(balls.positions),
        seen.view.ctypes.data,
        seen.scale,
        seen.halo,
        seen.width,
        seen.height,
        depth.ctypes.data,
        owner.ctypes.data,
    )


def _fixed_colours(tints: Tints) -> tuple[Rgb, ...]:
    return tints.missing, tints.background, tints.ring, tints.edge, tints.hover


def _colours(tints: Tints, fixed: list[Bytes]) -> _Colours:
    is_classes = tints.data.dtype == np.uint8
    place = tints.data.ctypes.data
    return _Colours(
        place if is_classes else None,
        None if is_classes else place,
        tints.times,
        tints.plus,
        tints.table.ctypes.data,
        *(colour.ctypes.data for colour in fixed),
    )
