"""Neighbours over periodic images: within a distance, by bonds, connected. scipy's k-d tree."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.elements import elements
from mlipviewer.core.periodic import periodic_cell, with_images
from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

BOND = 1.2
"""Atoms are bonded up to this many times the sum of their covalent radii."""

FARTHEST = 30.0
"""A; neighbours are looked for up to here."""


def within(frame: Frame, chosen: Mask, distance: float) -> Mask:
    """(n,) the atoms at most `distance` A from one of the chosen, these among them."""
    return _near(frame, chosen, np.ones(frame.n_atoms, bool), distance) | chosen


def _near(frame: Frame, chosen: Mask, asked: Mask, distance: float) -> Mask:
    """(n,) which of the asked atoms have a chosen one within a distance."""
    from scipy.spatial import cKDTree

    found = np.zeros(frame.n_atoms, bool)
    around, _ = with_images(frame, distance, np.flatnonzero(chosen))
    places, rows = with_images(frame, 0.0, np.flatnonzero(asked))
    if len(around) == 0 or len(places) == 0:
        return found
    counts = cKDTree(around).query_ball_point(places, distance, return_length=True)
    found[rows[counts > 0]] = True
    return found


def bonded(frame: Frame, chosen: Mask, shells: int = 1) -> Mask:
    """(n,) the chosen atoms and those up to `shells` bonds away."""
    codes, lengths = _bond_lengths(frame)
    for _ in range(shells):
        grown = chosen.copy()
        for i, line in enumerate(lengths):
            own = chosen & (codes == i)
            for j, length in enumerate(line):
                if own.any():
                    grown |= _near(frame, own, (codes == j) & ~grown, float(length))
        if np.array_equal(grown, chosen):
            break
        chosen = grown
    return chosen


def _bond_lengths(frame: Frame) -> tuple[Array, Array]:
    """(n,) the element of each atom as a number 0..k-1, and (k, k) the longest bonds in A."""
    known = elements()
    numbers = np.where((frame.numbers >= 0) & (frame.numbers < len(known)), frame.numbers, 0)
    kinds = np.flatnonzero(np.bincount(numbers, minlength=len(known)))
    places = np.zeros(len(known), int)
    places[kinds] = np.arange(len(kinds))
    radii = np.array([known[int(z)].radius for z in kinds])
    return places[numbers], BOND * (radii[:, None] + radii)


def connected(frame: Frame, chosen: Mask, distance: float | None = None) -> Mask:
    """(n,) the whole clusters that the chosen atoms belong to.

    Atoms belong together when they are bonded, or at most `distance` A apart.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    first, second = pairs(frame, distance)
    n = frame.n_atoms
    graph = coo_matrix((np.ones(len(first), bool), (first, second)), (n, n))
    _, labels = connected_components(graph, directed=False)
    wanted = np.zeros(int(labels.max(initial=-1)) + 1, bool)
    wanted[labels[chosen]] = True
    found: Mask = wanted[labels]
    return found


def pairs(frame: Frame, distance: float | None = None) -> tuple[Array, Array]:
    """Rows (m,), (m,) of atoms that are bonded, or at most `distance` A apart, over images too.

    A pair may come more than once where several images are near.
    """
    from scipy.spatial import cKDTree

    codes, lengths = _bond_lengths(frame)
    reach = float(lengths.max(initial=0.0)) if distance is None else distance
    places, rows = with_images(frame, reach)
    if len(places) < 2:
        return np.empty(0, int), np.empty(0, int)
    found = cKDTree(places).query_pairs(reach, output_type="ndarray")
    if distance is None:
        apart = np.linalg.norm(places[found[:, 0]] - places[found[:, 1]], axis=1)
        kinds = codes[rows[found]]
        found = found[apart <= lengths[kinds[:, 0], kinds[:, 1]]]
    first, second = rows[found].T
    real = first != second
    return first[real], second[real]


def coordination(frame: Frame, row: int, distance: float, periodic: bool = True) -> int:
    """How many atoms, images counted each, are within `distance` A of one; itself not counted."""
    vectors = np.array(frame.positions, float) - frame.positions[row]
    found = periodic_cell(frame) if periodic else None
    if found is None:
        return int((np.linalg.norm(vectors, axis=1) <= distance).sum()) - 1
    cell, repeats = found
    inverse = np.linalg.inv(cell)
    parts = vectors @ inverse
    parts -= np.round(parts) * repeats
    bound = distance * np.linalg.norm(inverse, axis=0)
    reach = np.floor(bound + 0.5).astype(int) * repeats
    count = 0
    for shift in np.ndindex(*(2 * reach + 1)):
        moved = parts + (np.array(shift) - reach)
        near = moved[(np.abs(moved) <= bound + 1e-9).all(axis=1)] @ cell
        count += int((np.linalg.norm(near, axis=1) <= distance).sum())
    return count - 1
