"""Energies of pairs and triples of atoms by splines of their distances.

E_i = 1/2 sum_j f(r_ij) + sum_{j<k} g(r_ij, r_ik, r_jk)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from mlipviewer.campaign.potentials.moments import Array
from mlipviewer.campaign.potentials.pairs import Pairs
from mlipviewer.campaign.potentials.splines import Splines

CORNERS = np.array(list(product(range(4), repeat=3)))
"""(64, 3): of the splines that are not zero, one for each side."""


@dataclass(frozen=True)
class SplineBasis:
    """`two` for the pairs; `sides` for the two sides at the middle atom, which are alike, and
    `across` for the third."""

    two: Splines
    sides: Splines
    across: Splines

    @property
    def cutoff(self) -> float:
        return max(self.two.reach, self.sides.reach)

    @property
    def count(self) -> int:
        return self.two.count + int(self.numbers.max()) + 1

    @cached_property
    def numbers(self) -> Array:
        """(a, b, c) -> the number of a coefficient of triples; a and b may be exchanged. -1 for
        splines that do not end at the cut-off."""
        n, m = self.sides.count, self.across.count
        full = np.full((n + 3, n + 3, m + 3), -1)
        order = np.full((n, n), -1)
        upper = np.triu_indices(n)
        order[upper] = np.arange(len(upper[0]))
        order = np.maximum(order, order.T)
        full[:n, :n, :m] = order[:, :, None] * m + np.arange(m)
        return full

    def pairs(self, pairs: Pairs) -> tuple[Array, Array, Array]:
        """Of each pair: (p, 4) coefficients, values and derivatives; coefficient `count` is that of
        splines that are left out."""
        first, values, steep = self.two.local(pairs.lengths)
        numbers = first[:, None] + np.arange(4)
        left_out = (numbers >= self.two.count) | (pairs.lengths >= self.two.reach)[:, None]
        return np.where(left_out, self.count, numbers), 0.5 * values, 0.5 * steep


@dataclass(frozen=True, eq=False)
class Triples:
    """t triples: `left`, `right` (t,) are numbers of pairs of the same first atom; `numbers`
    (t, 64) coefficients, `values` (t, 64) and `steep` (3, t, 64) derivatives by the three sides."""

    left: Array
    right: Array
    across: Array  # (t, 3) unit vectors from the left neighbour to the right one
    numbers: Array
    values: Array
    steep: Array


def triples_of(basis: SplineBasis, pairs: Pairs) -> Triples:
    """The triples of pairs within the reach of the sides."""
    left, right = _partners(pairs, basis.sides.reach)
    apart = pairs.vectors[right] - pairs.vectors[left]
    third = np.maximum(np.linalg.norm(apart, axis=1), 1e-9)
    sides = (pairs.lengths[left], pairs.lengths[right], third)
    splines = (basis.sides, basis.sides, basis.across)
    local = [spline.local(side) for spline, side in zip(splines, sides, strict=True)]
    at = [first[:, None] + CORNERS[:, k] for k, (first, _, _) in enumerate(local)]
    numbers = basis.numbers[at[0], at[1], at[2]]
    v = [values[:, CORNERS[:, k]] for k, (_, values, _) in enumerate(local)]
    d = [steep[:, CORNERS[:, k]] for k, (_, _, steep) in enumerate(local)]
    steep = np.array([d[0] * v[1] * v[2], v[0] * d[1] * v[2], v[0] * v[1] * d[2]])
    numbers = np.where(numbers < 0, basis.count, numbers + basis.two.count)
    return Triples(left, right, apart / third[:, None], numbers, v[0] * v[1] * v[2], steep)


def _partners(pairs: Pairs, reach: float) -> tuple[Array, Array]:
    """Numbers of pairs (t,), (t,): each two different ones of the same first atom, once."""
    near = np.flatnonzero(pairs.lengths < reach)
    ends = np.searchsorted(pairs.first[near], pairs.first[near], side="right")
    after = ends - np.arange(len(near)) - 1
    left = np.repeat(np.arange(len(near)), after)
    begun = np.repeat(np.cumsum(after) - after, after)
    right = left + 1 + np.arange(len(left)) - begun
    return near[left], near[right]


@dataclass(frozen=True, eq=False)
class SplineEnergy:
    """A LocalEnergy: the basis with coefficients (count,), and an energy of each atom."""

    basis: SplineBasis
    coefficients: Array
    constant: float

    @property
    def cutoff(self) -> float:
        return self.basis.cutoff

    def energies(self, pairs: Pairs) -> tuple[Array, Array]:
        """See LocalEnergy."""
        c = np.append(self.coefficients, 0.0)
        numbers, values, steep = self.basis.pairs(pairs)
        each = (c[numbers] * values).sum(axis=1)
        slopes = (c[numbers] * steep).sum(axis=1)[:, None] * pairs.units
        found = triples_of(self.basis, pairs)
        own = c[found.numbers]
        triple = (own * found.values).sum(axis=1)
        by_side = np.einsum("tc,stc->st", own, found.steep)
        onto = _onto_pairs(found, pairs, by_side)
        for rows, change in onto:
            for x in range(3):
                slopes[:, x] += np.bincount(rows, change[:, x], len(slopes))
        owners = pairs.first[found.left]
        atoms = np.bincount(owners, triple, pairs.n) + np.asarray(pairs.summing @ each)
        return self.constant + atoms, slopes


def _onto_pairs(found: Triples, pairs: Pairs, by_side: Array) -> list[tuple[Array, Array]]:
    """Pairs and (t, 3) changes with their vectors, of slopes (3, t) by the sides."""
    across = by_side[2][:, None] * found.across
    left = by_side[0][:, None] * pairs.units[found.left] - across
    right = by_side[1][:, None] * pairs.units[found.right] + across
    return [(found.left, left), (found.right, right)]


def rows_of(basis: SplineBasis, pairs: Pairs) -> tuple[Array, Array]:
    """What a linear fit sees of a frame: see `features.rows_of`."""
    from scipy.sparse import coo_matrix

    width = basis.count + 1
    numbers, values, steep = basis.pairs(pairs)
    sums = np.bincount(numbers.ravel(), values.ravel(), width)
    found = triples_of(basis, pairs)
    sums += np.bincount(found.numbers.ravel(), found.values.ravel(), width)
    rows, columns, parts = [], [], []

    def put(which: Array, coefficient: Array, change: Array) -> None:
        """Slopes (m, c, 3) by the vectors of pairs (m,), of coefficients (m, c)."""
        for atoms, sign in ((pairs.first[which], 1.0), (pairs.second[which], -1.0)):
            place = 3 * atoms[:, None, None] + np.arange(3)
            rows.append(np.broadcast_to(place, change.shape).ravel())
            columns.append(np.broadcast_to(coefficient[:, :, None], change.shape).ravel())
            parts.append(sign * change.ravel())

    put(np.arange(len(pairs.first)), numbers, steep[:, :, None] * pairs.units[:, None, :])
    across = found.steep[2][:, :, None] * found.across[:, None, :]
    for which, side, sign in ((found.left, 0, -1.0), (found.right, 1, 1.0)):
        along = found.steep[side][:, :, None] * pairs.units[which][:, None, :]
        put(which, found.numbers, along + sign * across)
    joined = (np.concatenate(parts), (np.concatenate(rows), np.concatenate(columns)))
    made = coo_matrix(joined, (3 * pairs.n, width)).toarray()
    return sums[:-1], made[:, :-1]
