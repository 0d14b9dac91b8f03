"""Which anions surround a place: Voronoi faces weighted by solid angle, the number of neighbours
that is likeliest, the polyhedron that they make."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mlipviewer.analysis.methods.ions import bond_length, bond_valences, ions
from mlipviewer.core.plot import Array

CHEMISTRY = 3.0
"""How much a difference of electronegativity adds to a neighbour's weight."""

NEAR, FAR = 0.5, 1.0
"""A beyond the sum of the radii: up to here a neighbour counts in full, from there on not."""

VALENCE_REACH = 5.0
"""A; anions up to here add to the bond-valence sum."""

FLAT = 1e-3
"""A^3 below which a polyhedron is flat."""


@dataclass(frozen=True, eq=False)
class Shell:
    """The k anions around a place: `which` (k,) of the listed points, `vectors` (k, 3) in A."""

    which: Array
    vectors: Array

    @property
    def n(self) -> int:
        return len(self.which)

    @property
    def distance(self) -> float:
        """The mean distance of the anions in A; NaN where there are none."""
        return float(np.linalg.norm(self.vectors, axis=1).mean()) if self.n else np.nan


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Points (m, 3) around which places are asked about; `anion` (m,), `radii` (m,) in A,
    `symbols` (m,)."""

    points: Array
    anion: Array
    radii: Array
    symbols: Array

    def shell(self, place: Array, ion: str, radius: float) -> Shell:
        """The neighbours of an ion at a place, as CrystalNN finds them: Pan et al., Inorg. Chem.
        60, 1590 (2021). Solid angles squared over areas of the Voronoi faces, more for a difference
        of electronegativity, less beyond the sum of the radii; of all numbers of neighbours the
        one with the largest part of a quarter circle over the sorted weights."""
        which, weights = self._weights(place)
        anions = self.anion[which]
        which, weights = which[anions], weights[anions]
        vectors = self.points[which] - place
        x = ions()[ion].electronegativity
        others = np.array([ions()[s].electronegativity for s in self.symbols[which].tolist()])
        beyond = np.linalg.norm(vectors, axis=1) - radius - self.radii[which]
        fade = np.clip((beyond - NEAR) / (FAR - NEAR), 0.0, 1.0)
        weights = weights * (1 + CHEMISTRY * np.sqrt(np.abs(x - others) / 3.3))
        kept = likeliest(weights * 0.5 * (1 + np.cos(np.pi * fade)))
        order = kept[np.argsort(np.linalg.norm(vectors[kept], axis=1), kind="stable")]
        return Shell(which[order], vectors[order])

    def _weights(self, place: Array) -> tuple[Array, Array]:
        """The points that share a face with the cell of a place, and solid angle^2 / area."""
        from scipy.spatial import QhullError, Voronoi

        apart = np.linalg.norm(self.points - place, axis=1)
        reach = max(6.0, 2.6 * float(apart.min()))
        while True:
            near = np.flatnonzero((apart < reach) & (apart > 1e-6))
            with suppress(QhullError):  # too few, or all in a plane
                found = Voronoi(np.vstack((np.zeros((1, 3)), self.points[near] - place)))
                if -1 not in found.regions[found.point_region[0]]:
                    break
            if len(near) >= len(apart) - 1:
                return np.empty(0, int), np.empty(0)
            reach *= 1.5
        own = np.flatnonzero((found.ridge_points == 0).any(axis=1))
        other = near[found.ridge_points[own].max(axis=1) - 1]
        faces = [found.vertices[found.ridge_vertices[one]] for one in own.tolist()]
        angles, areas = np.array([_seen(face) for face in faces]).reshape(-1, 2).T
        good = (areas > 1e-8) & (angles > 1e-8)
        return other[good], angles[good] ** 2 / areas[good]

    def valence(self, place: Array, ion: str) -> float:
        """The bond-valence sum of an ion at a place, over the anions up to VALENCE_REACH."""
        apart = np.linalg.norm(self.points - place, axis=1)
        near = np.flatnonzero(self.anion & (apart < VALENCE_REACH) & (apart > 1e-6))
        total = 0.0
        for symbol in np.unique(self.symbols[near]).tolist():
            length = bond_length(ion, symbol)
            if length is not None:
                own = near[self.symbols[near] == symbol]
                total += float(bond_valences(apart[own], length).sum())
        return total


def _seen(face: Array) -> tuple[float, float]:
    """The solid angle of a convex polygon (k, 3) seen from the origin, and its area (A^2)."""
    a, b, c = face[0], face[1:-1], face[2:]
    area = 0.5 * float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())
    la, lb, lc = np.linalg.norm(a), np.linalg.norm(b, axis=1), np.linalg.norm(c, axis=1)
    top = np.abs(np.cross(b, c) @ a)
    under = la * lb * lc + (b @ a) * lc + (c @ a) * lb + (b * c).sum(axis=1) * la
    return float(2 * np.arctan2(top, under).sum()), area


def likeliest(weights: Array) -> Array:
    """The neighbours (rows) that count: sorted weights divide a quarter circle into the parts that
    speak for 1, 2 ... neighbours. Equal ones come together."""
    if not len(weights) or weights.max() <= 0:
        return np.empty(0, int)
    order = np.argsort(-weights, kind="stable")
    sizes = weights[order] / weights.max()
    steps = [*_below(sizes), 0.0]
    parts = [_quarter(high) - _quarter(low) for high, low in pairwise(steps)]
    best = int(np.argmax(np.round(parts, 9)))
    return order[: int((sizes > steps[best] - 1e-6).sum())]


def _below(sizes: Array) -> list[float]:
    """The different sizes, largest first; those within 1e-6 are one."""
    found: list[float] = []
    for size in sizes.tolist():
        if size > 0 and (not found or found[-1] - size > 1e-6):
            found.append(size)
    return found


def _quarter(x: float) -> float:
    """The share of a quarter circle of radius 1 that lies left of x."""
    x = min(max(x, 0.0), 1.0)
    return float((x * np.sqrt(1 - x * x) + np.arcsin(x)) / (np.pi / 2))


def volume_of(vectors: Array) -> float:
    """The volume of the hull of corners (k, 3) in A^3; 0 for flat ones."""
    from scipy.spatial import ConvexHull, QhullError

    if len(vectors) < 4:
        return 0.0
    try:
        return float(ConvexHull(vectors).volume)
    except QhullError:
        return 0.0


def shape_of(vectors: Array) -> str:
    """What a polyhedron of anions is called: by their number, and by how many face each other."""
    n = len(vectors)
    if n == 4 and volume_of(vectors) > FLAT:
        return "tetrahedron"
    if n not in (6, 8):
        return f"CN {n}"
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    angles = np.degrees(np.arccos(np.clip(unit @ unit.T, -1, 1)))[np.triu_indices(n, 1)]
    facing = int((angles > 155).sum())
    if n == 6:
        return {3: "octahedron", 0: "prism"}.get(facing, "CN 6")
    return "cube" if facing == 4 and angles.min() > 58 else "CN 8"
