"""Periodic images: the whole cell of a frame, wrapped atoms and their images around the cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]
FLAT = 1e-9
MOST_IMAGES = 50_000_000


def periodic_cell(frame: Frame) -> tuple[Array, Array] | None:
    """((3, 3) cell in A, (3,) bool which vectors repeat); None where nothing does.

    Vectors that are missing (a layer's third one) are put across the others and do not repeat.
    """
    if frame.cell is None:
        return None
    cell = np.array(frame.cell, float)
    given = np.linalg.norm(cell, axis=1) > FLAT
    repeats = np.array(frame.pbc, bool) & given
    if not repeats.any() or not np.isfinite(cell).all():
        return None
    for axis in np.flatnonzero(~given).tolist():
        cell[axis] = _across(cell, axis)
    volume = abs(np.linalg.det(cell))
    return (cell, repeats) if volume > FLAT * np.prod(np.linalg.norm(cell, axis=1)) else None


def whole_cell(frame: Frame) -> Array | None:
    """(3, 3) the cell in A where all its vectors repeat, else None."""
    found = periodic_cell(frame)
    return found[0] if found is not None and found[1].all() else None


def _across(cell: Array, axis: int) -> Array:
    """A unit vector at right angles to the other vectors of the cell that there are."""
    _, sizes, directions = np.linalg.svd(np.delete(cell, axis, axis=0))
    rank = int((sizes > FLAT).sum())
    found: Array = directions[min(rank, 2)]
    return found


def nearest_images(vectors: Array, frame: Frame) -> Array:
    """(n, 3) the shortest of each vector (n, 3) over the images of the frame's cell, in A.

    Exact in any cell: all images that could be shorter than the wrapped vector are looked at.
    """
    vectors = np.array(vectors, float).reshape(-1, 3)
    found = periodic_cell(frame)
    if found is None or not len(vectors):
        return vectors
    cell, repeats = found
    inverse = np.linalg.inv(cell)
    parts = vectors @ inverse
    wrapped = vectors - (np.round(parts) * repeats) @ cell
    if _right_angled(cell):
        return wrapped
    longest = np.linalg.norm(wrapped[np.isfinite(wrapped).all(axis=1)], axis=1).max(initial=0.0)
    reach = np.floor(longest * np.linalg.norm(inverse, axis=0) + 0.5).astype(int) * repeats
    best, length = wrapped.copy(), (wrapped**2).sum(axis=1)
    for shift in np.ndindex(*(2 * reach + 1)):
        moved = wrapped + (np.array(shift) - reach) @ cell
        size = (moved**2).sum(axis=1)
        better = size < length - 1e-12
        best[better], length[better] = moved[better], size[better]
    return best


def _right_angled(cell: Array) -> bool:
    """Whether the vectors of a cell stand at right angles: wrapped vectors are then shortest."""
    products = cell @ cell.T
    sizes = np.sqrt(np.diag(products))
    apart: Array = np.abs(products / np.outer(sizes, sizes) - np.eye(3))
    return bool(apart.max() < 1e-12)


def with_images(frame: Frame, margin: float, rows: Array | None = None) -> tuple[Array, Array]:
    """Positions (m, 3) in A of atoms wrapped into the cell and of their images up to `margin` A
    around it, and the row (m,) of the atom that each one is. `rows`: these atoms only.

    Atoms without a place are left out. Without periodicity these are the atoms as they stand.
    Raises ValueError where the images would be too many.
    """
    rows = np.arange(frame.n_atoms) if rows is None else np.asarray(rows)
    points = np.array(frame.positions, float)[rows]
    good = np.isfinite(points).all(axis=1)
    points, rows = points[good], rows[good]
    found = periodic_cell(frame)
    if found is None:
        return points, rows
    cell, repeats = found
    inverse = np.linalg.inv(cell)
    parts = (points - frame.origin) @ inverse
    parts -= np.floor(parts) * repeats
    reach = margin * np.linalg.norm(inverse, axis=0)
    for axis in np.flatnonzero(repeats).tolist():
        parts, rows = _repeated(parts, rows, axis, float(reach[axis]))
    return parts @ cell + frame.origin, rows


def _repeated(parts: Array, rows: Array, axis: int, reach: float) -> tuple[Array, Array]:
    """Fractional places and their images along one axis, from -reach to 1 + reach."""
    most = int(np.ceil(reach))
    if len(parts) * (2 * most + 1) > MOST_IMAGES:
        raise ValueError("the distance is too large for a cell this small")
    all_parts, all_rows = [parts], [rows]
    for step in (n for n in range(-most, most + 1) if n):
        place = parts[:, axis] + step
        near = (place >= -reach) & (place <= 1 + reach)
        moved = parts[near].copy()
        moved[:, axis] += step
        all_parts.append(moved)
        all_rows.append(rows[near])
    return np.concatenate(all_parts), np.concatenate(all_rows)
