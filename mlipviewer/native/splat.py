"""Pictures of spheres made without a graphics card: typed wrappers around `splat.c`.

The calls release the interpreter's lock: a picture is made by all processors, in threads that each
draw a share of the spheres and then a share of the rows.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function
from mlipviewer.native.blocks import Blocks
from mlipviewer.native.solids import (
    NO_CUES,
    NO_FACES,
    NO_RODS,
    PLACE,
    Bytes,
    Cues,
    CuesRecord,
    Faces,
    Floats,
    Rgb,
    Rods,
    SolidsRecord,
    check,
    cues_record,
    solids_record,
)

WORTH_BLOCKS = 20_000
"""Spheres from which looking at blocks of them first is worth sorting them."""

MOST_THREADS = 8
WORTH_THREADS = 20_000
"""Spheres from which further threads are worth their start."""


class _Scene(ctypes.Structure):
    _fields_ = (
        ("positions", PLACE),
        ("codes", PLACE),
        ("marks", PLACE),
        ("radii", PLACE),
        ("n", ctypes.c_int64),
        ("view", PLACE),
        ("scale", ctypes.c_float),
        ("halo", ctypes.c_float),
        ("least", ctypes.c_float),
        ("mid_x", ctypes.c_float),
        ("mid_y", ctypes.c_float),
        ("width", ctypes.c_int32),
        ("height", ctypes.c_int32),
        ("depth", PLACE),
        ("owner", PLACE),
        ("left", ctypes.c_int32),
        ("top", ctypes.c_int32),
    )


class _Colours(ctypes.Structure):
    _fields_ = (
        ("classes", PLACE),
        ("values", PLACE),
        ("times", ctypes.c_float),
        ("plus", ctypes.c_float),
        *((name, PLACE) for name in ("table", "missing", "background", "ring", "edge", "hover")),
    )


@dataclass(frozen=True, eq=False)
class Balls:
    """n spheres: positions (n, 3), codes (n,) into radii (256,), marks (n,), as in gui.scene."""

    positions: Floats
    codes: Bytes
    radii: Floats
    marks: Bytes
    blocks: Callable[[], Blocks] | None = None  # sorted when they are first needed

    def __post_init__(self) -> None:
        n = len(self.positions)
        check(self.positions, np.float32, (n, 3))
        check(self.codes, np.uint8, (n,))
        check(self.radii, np.float32, (256,))
        check(self.marks, np.uint8, (n,))


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
    """From where, and how large: view (14,) as in pick.c, pixels per A, pixels of halos.

    `least` pixels is the radius of the smallest spheres.
    """

    view: NDArray[np.float64]
    scale: float
    halo: float
    width: int
    height: int
    ends: Floats = field(default_factory=lambda: np.empty((0, 3), np.float32))
    line_colour: Rgb = (128, 128, 128)
    thickness: int = 1
    least: float = 0.6
    middle: tuple[float, float] | None = None  # the camera's centre, where it is not the picture's
    corner: tuple[int, int] = (0, 0)  # of the picture in the whole of which it is a part


@cache
def _call(name: str) -> Any:
    """A function of C whose arguments are given as ctypes values or addresses."""
    call = function(name)
    call.restype = None
    return call


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_n_threads(WORTH_THREADS), "splat")


def _n_threads(n: int) -> int:
    return min(os.cpu_count() or 1, MOST_THREADS) if n >= WORTH_THREADS else 1


def _shares(n: int, parts: int) -> list[tuple[int, int]]:
    ends = [n * i // parts for i in range(parts + 1)]
    return list(pairwise(ends))


class _Drawing:
    """One picture in the making: the records for C, and the arrays that these speak of."""

    def __init__(self, balls: Balls, tints: Tints, seen: Seen, rods: Rods, faces: Faces) -> None:
        self.balls, self.tints, self.seen = balls, tints, seen
        self.rods, self.faces = rods, faces
        self.n_threads = _n_threads(len(balls.positions) + rods.n)
        self.picture = np.empty((seen.height, seen.width, 4), np.uint8)
        self._held: list[Any] = []
        self.by_blocks = balls.blocks is not None and len(balls.positions) >= WORTH_BLOCKS
        self.scenes = [self._scene() for _ in range(1 if self.by_blocks else self.n_threads)]
        self.scene = self.scenes[0]
        self._fixed = [np.array(c, np.uint8) for c in _fixed_colours(tints)]
        self.colours = _colours(tints, self._fixed)
        self.solids: SolidsRecord = solids_record(rods, faces)

    def buffer(self, dtype: type) -> PLACE:
        """Room for a number of each pixel."""
        self._held.append(np.empty((self.seen.height, self.seen.width), dtype))
        return PLACE(self._held[-1].ctypes.data)

    def _scene(self) -> _Scene:
        return _scene(
            self.balls, self.seen, self.buffer(np.float32).value, self.buffer(np.int32).value
        )

    def in_threads(self, work: Callable[[int], None]) -> None:
        """Call `work` with each thread's number."""
        if self.n_threads == 1:
            work(0)
        else:
            list(_pool().map(work, range(self.n_threads)))

    def find(self, thread: int) -> None:
        """Find what is seen of one share of the spheres and rods."""
        scene = ctypes.byref(self.scenes[thread])
        _call("clear_rows")(scene, ctypes.c_int32(0), ctypes.c_int32(self.seen.height))
        spheres = _shares(len(self.balls.positions), self.n_threads)[thread]
        _call("splat_spheres")(scene, *map(ctypes.c_int64, spheres))
        rods = _shares(self.rods.n, self.n_threads)[thread]
        _call("splat_rods")(scene, ctypes.byref(self.solids), *map(ctypes.c_int64, rods))

    def find_by_blocks(self, blocks: Blocks) -> None:
        """Find what is seen, a share of the rows each thread, the nearest blocks first."""
        back = self.seen.view[6:9]
        order = blocks.nearest_first(back)
        scene = ctypes.byref(self.scene)
        radius = ctypes.c_float(float(self.balls.radii.max()))
        arrays = (blocks.order, blocks.starts, blocks.boxes, order)

        def find(thread: int) -> None:
            rows = [ctypes.c_int32(r) for r in _shares(self.seen.height, self.n_threads)[thread]]
            _call("clear_rows")(scene, *rows)
            places = (PLACE(array.ctypes.data) for array in arrays)
            _call("splat_blocks")(scene, *places, ctypes.c_int64(len(order)), radius, *rows)

        self.in_threads(find)
        every = (ctypes.c_int64(0), ctypes.c_int64(self.rods.n))
        _call("splat_rods")(scene, ctypes.byref(self.solids), *every)

    def shade(self, thread: int) -> None:
        """Merge and colour one share of the rows."""
        rows = [ctypes.c_int32(r) for r in _shares(self.seen.height, self.n_threads)[thread]]
        scene, out = ctypes.byref(self.scene), PLACE(self.picture.ctypes.data)
        for other in self.scenes[1:]:
            _call("merge_scene")(scene, ctypes.byref(other), *rows)
        _call("shade_spheres")(scene, ctypes.byref(self.colours), out, *rows)
        if self.rods.n:
            _call("shade_rods")(scene, ctypes.byref(self.solids), out, *rows)

    def lay_faces(self) -> None:
        veil, of = self.buffer(np.float32), self.buffer(np.int32)
        scene, solids = ctypes.byref(self.scene), ctypes.byref(self.solids)
        _call("splat_faces")(scene, solids, veil, of)
        _call("shade_faces")(scene, solids, veil, of, PLACE(self.picture.ctypes.data))

    def tell_depth(self, cues: Cues) -> None:
        background, line = (np.array(c, np.uint8) for c in (self.tints.background, cues.line))
        record: CuesRecord = cues_record(cues, background, line)
        scene, out = ctypes.byref(self.scene), PLACE(self.picture.ctypes.data)

        def tell(thread: int) -> None:
            rows = _shares(self.seen.height, self.n_threads)[thread]
            _call("tell_depth")(scene, ctypes.byref(record), out, *map(ctypes.c_int32, rows))

        self.in_threads(tell)

    def add_lines(self) -> None:
        ends = np.ascontiguousarray(self.seen.ends, np.float32)
        line = np.array(self.seen.line_colour, np.uint8)
        _call("splat_lines")(
            ctypes.byref(self.scene),
            PLACE(ends.ctypes.data),
            ctypes.c_int64(len(ends) // 2),
            PLACE(line.ctypes.data),
            ctypes.c_int32(self.seen.thickness),
            PLACE(self.picture.ctypes.data),
        )

    def add_rings(self, hidden_rings: NDArray[np.int32]) -> None:
        rows = np.ascontiguousarray(hidden_rings, np.int32)
        _call("splat_rings")(
            ctypes.byref(self.scene),
            ctypes.byref(self.colours),
            PLACE(rows.ctypes.data),
            ctypes.c_int64(len(rows)),
            PLACE(self.picture.ctypes.data),
        )


def draw_balls(
    balls: Balls,
    tints: Tints,
    seen: Seen,
    hidden_rings: NDArray[np.int32],
    rods: Rods = NO_RODS,
    faces: Faces = NO_FACES,
    cues: Cues = NO_CUES,
) -> NDArray[np.uint8]:
    """(height, width, 4) RGBA of the spheres, rods, triangles and lines.

    The rings of the rows `hidden_rings` show through what hides them.
    """
    check(seen.view, np.float64, (14,))
    check(tints.table, np.uint8, (256, 3))
    if len(tints.data) != len(balls.positions):
        raise ValueError(f"{len(tints.data)} colours for {len(balls.positions)} spheres")
    drawing = _Drawing(balls, tints, seen, rods, faces)
    if drawing.by_blocks and balls.blocks is not None:
        drawing.find_by_blocks(balls.blocks())
    else:
        drawing.in_threads(drawing.find)
    drawing.in_threads(drawing.shade)
    if faces.n:
        drawing.lay_faces()
    if cues.any:
        drawing.tell_depth(cues)
    if len(seen.ends):
        drawing.add_lines()
    if len(hidden_rings):
        drawing.add_rings(hidden_rings)
    return drawing.picture


def _scene(balls: Balls, seen: Seen, depth: int | None, owner: int | None) -> _Scene:
    return _Scene(
        balls.positions.ctypes.data,
        balls.codes.ctypes.data,
        balls.marks.ctypes.data,
        balls.radii.ctypes.data,
        len(balls.positions),
        seen.view.ctypes.data,
        seen.scale,
        seen.halo,
        seen.least,
        *(seen.middle or (seen.width / 2, seen.height / 2)),
        seen.width,
        seen.height,
        depth,
        owner,
        *seen.corner,
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
