"""Where atoms are drawn: wrapped or not, once or in images of the cell, cut by planes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.bonds import whole_cell
from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.spheres import Kinds, Spheres, bounds, cell_corners, cell_edges
from mlipviewer.session.looks import WHOLE, Looks, Slice, Wrapping

Array = NDArray[Any]

MOST_SPHERES = 20_000_000
FLAGS = ("ix", "iy", "iz")
"""Columns that say how often an atom has crossed the cell; readers may join them as `image`."""


@dataclass(frozen=True, eq=False)
class Arranged:
    """n atoms at `places` (n, 3) A, drawn once for each of the `shifts` (k, 3) A of the cell.

    `kept` (k, n) says which are drawn, None: all. `box` holds what is drawn, `images` may be fewer
    than wished where they would be too many.
    """

    places: Array
    shifts: Array
    kept: NDArray[np.bool_] | None
    spheres: Spheres
    box: tuple[Array, Array]
    edges: NDArray[np.float32]  # of all cells, counted from home
    images: tuple[int, int, int]

    def kept_of(self, image: int) -> Mask | None:
        return None if self.kept is None else self.kept[image]


def crossings(frame: Frame) -> Array | None:
    """(n, 3) how often each atom has crossed the cell, where the file says so."""
    joined = frame.columns.get("image")
    if joined is not None and joined.ndim == 2 and joined.shape[1] == 3:
        return joined
    if all(name in frame.columns for name in FLAGS):
        return np.stack([frame.columns[name] for name in FLAGS], axis=1)
    return None


def places_of(frame: Frame, wrapping: Wrapping) -> Array:
    """(n, 3) where the atoms of a frame are drawn, in A.

    Positions that already leave the cell far behind are taken as unwrapped.
    """
    cell, repeats = whole_cell(frame)
    if wrapping is Wrapping.AS_READ or not repeats.any():
        return frame.positions
    parts = (frame.positions - frame.origin) @ np.linalg.inv(cell)
    parts[~np.isfinite(parts)] = 0.5
    if wrapping is Wrapping.WRAPPED:
        return np.asarray(frame.positions - (np.floor(parts) * repeats) @ cell)
    crossed = crossings(frame)
    if crossed is None or np.abs(parts - 0.5).max(initial=0.0) > 1.0:
        return frame.positions
    return np.asarray(frame.positions + (crossed * repeats) @ cell)


def images_of(frame: Frame, looks: Looks) -> tuple[int, int, int]:
    """How often the cell is drawn along each vector; once where there is no cell or too much."""
    _, repeats = whole_cell(frame)
    wished = [n if again else 1 for n, again in zip(looks.images, repeats, strict=True)]
    if int(np.prod(wished)) * max(frame.n_atoms, 1) > MOST_SPHERES:
        return (1, 1, 1)
    return wished[0], wished[1], wished[2]


def slice_plane(cut: Slice, frame: Frame, box: tuple[Array, Array]) -> tuple[Array, float]:
    """The unit normal (3,) of the slice's plane and its distance from the origin, in A."""
    normal = np.asarray(cut.normal, float)
    if cut.miller and frame.cell is not None:
        cell, _ = whole_cell(frame)
        normal = np.linalg.inv(cell) @ normal
    size = float(np.linalg.norm(normal))
    normal = normal / size if np.isfinite(size) and size > 1e-12 else np.array([0.0, 0.0, 1.0])
    low, high = box
    along = cell_corners(np.diag(high - low), low) @ normal
    return normal, float(along.min() + cut.position * (along.max() - along.min()))


Test = Callable[[Array], Mask]


def _tests(frame: Frame, looks: Looks, images: Any, box: tuple[Array, Array]) -> list[Test]:
    """What places (n, 3) must satisfy to be drawn."""
    tests: list[Test] = []
    if looks.slice.on:
        normal, distance = slice_plane(looks.slice, frame, box)
        thickness = looks.slice.thickness or np.inf

        def before(places: Array) -> Mask:
            along = places @ normal
            return np.asarray((along <= distance) & (along >= distance - thickness))

        tests.append(before)
    if looks.clip != WHOLE:
        tests.append(_clip_test(frame, looks, images, box))
    return tests


def _clip_test(frame: Frame, looks: Looks, images: Any, box: tuple[Array, Array]) -> Test:
    cell, _ = whole_cell(frame)
    origin = frame.origin
    if frame.cell is None or not np.allclose(cell, frame.cell):
        cell, origin, images = np.diag(np.maximum(box[1] - box[0], 1e-6)), box[0], (1, 1, 1)
    inverse = np.linalg.inv(cell * np.array(images)[:, None])
    low, high = np.array(looks.clip).T
    open_low, open_high = low <= 0, high >= 1  # what lies outside the cell stays, unless clipped

    def inside(places: Array) -> Mask:
        parts = (places - origin) @ inverse
        return np.asarray((((parts >= low) | open_low) & ((parts <= high) | open_high)).all(axis=1))

    return inside


def arranged(frame: Frame, kinds: Kinds, looks: Looks, home: Array) -> Arranged:
    """How a frame is drawn; positions of the spheres count from `home` (3,)."""
    places, images = places_of(frame, looks.wrapping), images_of(frame, looks)
    box = bounds(frame, places, images)
    cell, _ = whole_cell(frame)
    shifts = np.array(list(np.ndindex(*images)), float) @ cell
    hidden = [kind.code for kind in kinds.kinds if not kind.visible]
    seen = ~np.isin(kinds.codes, hidden) if hidden else None
    kept = _kept(places, shifts, seen, _tests(frame, looks, images, box))
    spheres = _spheres(places, shifts, kept, kinds, np.asarray(home, float))
    return Arranged(places, shifts, kept, spheres, box, _edges(frame, shifts, home), images)


def _kept(
    places: Array, shifts: Array, seen: Mask | None, tests: list[Test]
) -> NDArray[np.bool_] | None:
    if seen is None and not tests:
        return None
    kept = np.ones((len(shifts), len(places)), bool)
    if seen is not None:
        kept &= seen
    for image, shift in enumerate(shifts):
        for test in tests:
            kept[image] &= test(places + shift)
    return kept


def _spheres(
    places: Array,
    shifts: Array,
    kept: NDArray[np.bool_] | None,
    kinds: Kinds,
    home: NDArray[np.float64],
) -> Spheres:
    n = len(places)
    if kept is None and len(shifts) == 1:
        positions = np.empty((n, 3), np.float32)
        np.subtract(places, home, out=positions, casting="same_kind")
        return Spheres(positions, home, kinds.codes, kinds.radii)
    every = np.arange(n, dtype=np.int32)
    parts = [every if kept is None else every[kept[i]] for i in range(len(shifts))]
    rows = np.concatenate(parts)
    moved = [places[part] + (shift - home) for part, shift in zip(parts, shifts, strict=True)]
    positions = np.concatenate(moved).astype(np.float32)
    return Spheres(positions, home, kinds.codes[rows], kinds.radii, rows, n)


def _edges(frame: Frame, shifts: Array, home: Array) -> NDArray[np.float32]:
    if frame.cell is None:
        return np.empty((0, 3), np.float32)
    edges = cell_edges(frame.cell, frame.origin) - home
    return (edges + shifts[:, None]).reshape(-1, 3).astype(np.float32)
