"""Distances, angles and dihedrals of a few atoms, by the minimum image. Lengths in A."""

from __future__ import annotations

from itertools import pairwise, permutations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.periodic import nearest_images
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]


def separation(frame: Frame, first: int, second: int) -> Array:
    """(3,) the shortest vector from one atom to another, over periodic images."""
    vector = frame.positions[second] - frame.positions[first]
    nearest: Array = nearest_images(vector[None], frame)[0]
    return nearest


def distance(frame: Frame, first: int, second: int) -> float:
    """A, to the nearest image."""
    return float(np.linalg.norm(separation(frame, first, second)))


def angle(frame: Frame, first: int, middle: int, last: int) -> float:
    """Degrees at the middle atom."""
    a, b = separation(frame, middle, first), separation(frame, middle, last)
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)))


def dihedral(frame: Frame, atoms: tuple[int, int, int, int]) -> float:
    """Degrees, -180..180, about the bond of the two middle atoms (IUPAC sign)."""
    a, b, c = (separation(frame, i, j) for i, j in pairwise(atoms))
    across = np.cross(a, b), np.cross(b, c)
    length = np.linalg.norm(b)
    return float(np.degrees(np.arctan2(length * (a @ across[1]), across[0] @ across[1])))


def chain(frame: Frame, atoms: tuple[int, ...]) -> tuple[int, ...]:
    """The atoms in the order of the shortest path through all of them: as they would be bonded."""
    apart = {(i, j): distance(frame, i, j) for i, j in product(atoms, atoms) if i < j}
    paths = (path for path in permutations(atoms) if path[0] < path[-1])
    return min(
        paths,
        key=lambda path: sum(apart[min(p), max(p)] for p in pairwise(path)),
    )
