"""Where atoms are drawn: wrapped or not, once or in images of the cell, cut by planes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.bonds import whole_cell
from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.spheres import Kinds, Spheres, bounds, cell_corners, cell_edges
from mlipviewer.gui.scene.veils import seen_by_class
from mlipviewer.native.arrange import list_kept, within_slabs, wrap_places
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
    n_cut: int = 0  # of what would be drawn, how much slice and box cut away

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
    if wrapping is Wrapping.WRAPPED:
        return wrap_places(frame.positions, cell, frame.origin, repeats)
    crossed = crossings(frame)
    if crossed is None or _outside(frame, cell):
        return frame.positions
    return np.asarray(frame.positions + (crossed * repeats) @ cell)


def as_drawn(frame: Frame, wrapping: Wrapping) -> Frame:
    """The frame with its atoms where they are drawn; itself where that is as in the file."""
    places = places_of(frame, wrapping)
    return frame if places is frame.positions else replace(frame, positions=places)


def _outside(frame: Frame, cell: Array) -> bool:
    """Whether positions leave the cell by more than half of it."""
    parts = (frame.positions - frame.origin) @ np.linalg.inv(cell)
    return bool((np.abs(parts - 0.5) > 1.0).any())


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


def _slabs(frame: Frame, looks: Looks, images: Any, box: tuple[Array, Array]) -> Array:
    """(m, 5) the slabs in which places must lie to be drawn, see `native.arrange`."""
    slabs = []
    if looks.slice.on:
        normal, distance = slice_plane(looks.slice, frame, box)
        thickness = looks.slice.thickness or np.inf
        slabs.append([*normal, distance - thickness, distance])
    if looks.clip != WHOLE:
        slabs += _clip_slabs(frame, looks, images, box)
    return np.array(slabs, float).reshape(-1, 5)


def _clip_slabs(
    frame: Frame, looks: Looks, images: Any, box: tuple[Array, Array]
) -> list[list[float]]:
    """Along each vector of all cells from a part of it to another; what lies outside of the cell
    stays on sides that are not clipped."""
    cell, _ = whole_cell(frame)
    origin = frame.origin
    if frame.cell is None or not np.allclose(cell, frame.cell):
        cell, origin, images = np.diag(np.maximum(box[1] - box[0], 1e-6)), box[0], (1, 1, 1)
    inverse = np.linalg.inv(cell * np.array(images)[:, None])
    slabs = []
    for axis, (low, high) in enumerate(looks.clip):
        direction = inverse[:, axis]
        start = float(origin @ direction)
        least = -np.inf if low <= 0 else start + low
        most = np.inf if high >= 1 else start + high
        if np.isfinite(least) or np.isfinite(most):
            slabs.append([*direction.tolist(), least, most])
    return slabs


def arranged(frame: Frame, kinds: Kinds, looks: Looks, home: Array) -> Arranged:
    """How a frame is drawn; positions of the spheres count from `home` (3,)."""
    places, images = places_of(frame, looks.wrapping), images_of(frame, looks)
    box = bounds(frame, places, images)
    cell, _ = whole_cell(frame)
    shifts = np.array(list(np.ndindex(*images)), float) @ cell
    hidden = [kind.code for kind in kinds.kinds if not kind.visible]
    seen = ~np.isin(kinds.codes, hidden) if hidden else None
    by_class = seen_by_class(frame, looks)
    if by_class is not None:
        seen = by_class if seen is None else seen & by_class
    kept = _kept(places, shifts, seen, _slabs(frame, looks, images, box))
    spheres = _spheres(places, shifts, kept, kinds, np.asarray(home, float))
    n_all = len(shifts) * (len(places) if seen is None else int(np.count_nonzero(seen)))
    edges = _edges(frame, shifts, home)
    return Arranged(places, shifts, kept, spheres, box, edges, images, n_all - spheres.n)


def _kept(
    places: Array, shifts: Array, seen: Mask | None, slabs: Array
) -> NDArray[np.bool_] | None:
    if seen is None and not len(slabs):
        return None
    if not len(slabs):
        return np.broadcast_to(np.asarray(seen), (len(shifts), len(places)))
    kept = np.array([within_slabs(places, shift, slabs) for shift in shifts])
    if seen is not None:
        kept &= seen
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
    listed = [
        list_kept(places, shift - home, None if kept is None else kept[i])
        for i, shift in enumerate(shifts)
    ]
    rows = np.concatenate([part for part, _ in listed])
    positions = np.concatenate([part for _, part in listed])
    return Spheres(positions, home, kinds.codes[rows], kinds.radii, rows, n)


def _edges(frame: Frame, shifts: Array, home: Array) -> NDArray[np.float32]:
    if frame.cell is None:
        return np.empty((0, 3), np.float32)
    edges = cell_edges(frame.cell, frame.origin) - home
    return (edges + shifts[:, None]).reshape(-1, 3).astype(np.float32)
