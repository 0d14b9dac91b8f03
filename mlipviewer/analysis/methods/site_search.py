"""The nearest of many sites to many places, over the images of a periodic cell."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LEAST_REACH = 6.0
"""A, how far sites are looked for at least."""


@dataclass(frozen=True, eq=False)
class Box:
    """A cell (3, 3) in A and which of its vectors repeat. Places are fractions of it; without a
    cell it is the unit of length, and fractions are A."""

    cell: Array
    repeats: Array

    @classmethod
    def of(cls, cell: Array | None, pbc: tuple[bool, bool, bool]) -> Box:
        if cell is None:
            return cls(np.eye(3), np.zeros(3, bool))
        return cls(np.asarray(cell, float), np.array(pbc, bool))

    @property
    def heights(self) -> Array:
        """(3,) the distances between opposite faces, in A."""
        return np.asarray(1 / np.linalg.norm(np.linalg.inv(self.cell), axis=0))

    def scaled(self, places: Array) -> Array:
        return np.asarray(places @ np.linalg.inv(self.cell))

    def wrapped(self, scaled: Array) -> tuple[Array, Array]:
        """(fractions inside the cell, whole numbers of cells that were taken away)."""
        cells = np.where(self.repeats, np.floor(scaled), 0.0)
        return scaled - cells, cells

    def images(self, scaled: Array, reach: float) -> tuple[Array, Array]:
        """((k,) rows, (k, 3) cells) of all images of (n, 3) fractions inside the cell that are at
        most `reach` A from the cell."""
        margin = np.where(self.repeats, reach / self.heights, 0.0)
        most = np.ceil(margin).astype(int)
        rows, cells = [], []
        for shift in product(*(range(-n, n + 1) for n in most)):
            at = scaled + shift
            near = ((at >= -margin) & (at <= 1 + margin) | ~self.repeats).all(axis=1)
            rows.append(np.flatnonzero(near))
            cells.append(np.tile(shift, (int(near.sum()), 1)))
        return np.concatenate(rows), np.concatenate(cells).astype(float)


class SiteSearch:
    """Finds the nearest of (s, 3) sites, in fractions of the box, to any places."""

    def __init__(self, sites: Array, box: Box, reach: float = LEAST_REACH) -> None:
        from scipy.spatial import KDTree

        self.box, self.reach = box, reach
        self.sites, _ = box.wrapped(np.asarray(sites, float))
        self._rows, self._cells = box.images(self.sites, reach)
        self._tree = KDTree((self.sites[self._rows] + self._cells) @ box.cell)

    def nearest(self, scaled: Array) -> tuple[Array, Array, Array]:
        """For (k, 3) fractions: (k,) the nearest site, -1 where none is within reach; (k,) how far
        in A; (k, 3) the cells by which that image of the site is away from the site."""
        inside, cells = self.box.wrapped(scaled)
        asked = self._tree.query(inside @ self.box.cell, distance_upper_bound=self.reach)
        far, found = np.asarray(asked[0]), np.asarray(asked[1])
        lost = ~np.isfinite(far)
        at = np.where(lost, 0, found)
        site = np.where(lost, -1, self._rows[at]).astype(np.int32)
        return site, far, cells + self._cells[at]

    def spacing(self) -> Array:
        """(s,) the distance in A to the next site or image; `reach` where none is nearer."""
        far, _ = self._tree.query(self.sites @ self.box.cell, k=2, distance_upper_bound=self.reach)
        next_one: Array = np.asarray(far).reshape(-1, 2)[:, 1]
        return np.asarray(np.minimum(next_one, self.reach))


def merged(scaled: Array, weights: Array, box: Box, distance: float) -> Array:
    """(k,) rows of those that stay when of any two nearer than `distance` A the lighter one goes,
    the heaviest first."""
    from scipy.spatial import KDTree

    inside, _ = box.wrapped(np.asarray(scaled, float))
    rows, cells = box.images(inside, distance)
    tree = KDTree((inside[rows] + cells) @ box.cell)
    near = tree.query_ball_point(inside @ box.cell, distance)
    gone = np.zeros(len(inside), bool)
    kept = []
    for row in np.argsort(-np.asarray(weights), kind="stable").tolist():
        if not gone[row]:
            kept.append(row)
            gone[rows[near[row]]] = True
    return np.array(sorted(kept), np.int64)
