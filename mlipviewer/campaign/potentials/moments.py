"""Moments of neighbourhoods: sums over neighbours of radial functions times tensors of directions.

    M[i, n, abc] = sum over j of R_n(r_ij) x^a y^b z^c,   (x, y, z) the unit vector to j

Their contractions are what moment tensor potentials, power spectra of densities and the angular
functions of Behler and Parrinello are made of; no sum over triples of atoms is ever written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import factorial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign.potentials.pairs import Pairs

Array = NDArray[Any]


class Radial(Protocol):
    """Functions of the distance that end smoothly at the cut-off."""

    @property
    def cutoff(self) -> float: ...

    @property
    def count(self) -> int: ...

    def values(self, lengths: Array) -> tuple[Array, Array]:
        """(p, count) values at (p,) lengths in A, and their derivatives in 1/A."""
        ...


@dataclass(frozen=True)
class Moments:
    """The moments up to rank `rank` of the functions of `radial`: (n, count, size) arrays."""

    radial: Radial
    rank: int

    @cached_property
    def powers(self) -> Array:
        """(size, 3) the powers of x, y, z, by rank."""
        triples: list[tuple[int, ...]] = list(product(range(self.rank + 1), repeat=3))
        return np.array(sorted((t for t in triples if sum(t) <= self.rank), key=_by_rank))

    @property
    def size(self) -> int:
        return len(self.powers)

    @cached_property
    def ranks(self) -> Array:
        """(size,)"""
        return np.asarray(self.powers.sum(axis=1))

    @cached_property
    def weights(self) -> Array:
        """(size,) how often a component stands in the full tensor: rank! / (a! b! c!)."""
        made = [factorial(sum(t)) / np.prod([factorial(k) for k in t]) for t in self.powers]
        return np.array(made, float)

    def place(self, a: int, b: int, c: int) -> int:
        """The number of the component x^a y^b z^c."""
        return int(np.flatnonzero((self.powers == (a, b, c)).all(axis=1))[0])

    def at(self, pairs: Pairs) -> Neighbourhoods:
        return Neighbourhoods(self, pairs)


def _by_rank(triple: tuple[int, ...]) -> tuple[int, ...]:
    return (sum(triple), *(-k for k in triple))


class Neighbourhoods:
    """The moments of the neighbourhoods of atoms, and how they change with the vectors."""

    def __init__(self, moments: Moments, pairs: Pairs) -> None:
        self.moments, self.pairs = moments, pairs
        self.radial, self.slopes = moments.radial.values(pairs.lengths)  # (p, count)
        powers = _powers(pairs.units, moments.rank)  # (rank + 1, p, 3)
        steps = moments.powers
        parts = [powers[steps[:, x], :, x].T for x in range(3)]  # each (p, size)
        self.tensors = parts[0] * parts[1] * parts[2]
        self._parts, self._powers = parts, powers

    @cached_property
    def values(self) -> Array:
        """(n, count, size)"""
        pairs = self.pairs
        each = self.radial[:, :, None] * self.tensors[:, None, :]
        shape = each.shape[1:]
        summed = np.asarray(pairs.summing @ each.reshape(len(pairs.first), shape[0] * shape[1]))
        return summed.reshape(pairs.n, *shape)

    @cached_property
    def turning(self) -> Array:
        """(p, size, 3) change of the components with the vector, times its length."""
        steps, units = self.moments.powers, self.pairs.units
        found = np.empty((*self.tensors.shape, 3))
        for x in range(3):
            lower = self._powers[np.maximum(steps[:, x] - 1, 0), :, x].T * steps[:, x]
            others = [self._parts[y] for y in range(3) if y != x]
            found[:, :, x] = lower * others[0] * others[1]
        inward = self.tensors * self.moments.ranks
        return np.asarray(found - inward[:, :, None] * units[:, None, :])

    def pull(self, weights: Array) -> Array:
        """(p, 3) change with the vectors of a sum of moments with `weights` (n, count, size)."""
        pairs = self.pairs
        own = weights[pairs.first]
        along = np.einsum("pnm,pn,pm->p", own, self.slopes, self.tensors, optimize=True)
        across = np.einsum("pnm,pn->pm", own, self.radial)
        sideways = np.einsum("pm,pmx->px", across, self.turning) / pairs.lengths[:, None]
        return np.asarray(along[:, None] * pairs.units + sideways)

    def jacobian(self, start: int, stop: int) -> Array:
        """(count * size, 3 * (stop - start)) change of the moments with the vectors of pairs."""
        part = slice(start, stop)
        units, lengths = self.pairs.units[part], self.pairs.lengths[part]
        along = np.einsum("pn,pm,px->nmpx", self.slopes[part], self.tensors[part], units)
        shares = self.radial[part] / lengths[:, None]
        across = np.einsum("pn,pmx->nmpx", shares, self.turning[part])
        return np.asarray((along + across).reshape(-1, 3 * (stop - start)))


def _powers(units: Array, rank: int) -> Array:
    made = [np.ones_like(units)]
    for _ in range(rank):
        made.append(made[-1] * units)
    return np.array(made)


@dataclass(frozen=True, eq=False)
class Invariants:
    """Features that are polynomials of moments: feature[t] gets coefficient[t] times the product of
    the moments `slots[t]` (up to three; the number `n_moments` stands for 1)."""

    n_features: int
    n_moments: int
    feature: Array
    coefficient: Array
    slots: Array  # (t, 3)

    @cached_property
    def _gather(self) -> Any:
        return self._sparse(self.feature, self.n_features)

    @cached_property
    def _scatter(self) -> list[Any]:
        return [self._sparse(self.slots[:, k], self.n_moments + 1) for k in range(3)]

    def _sparse(self, columns: Array, width: int) -> Any:
        from scipy.sparse import csr_matrix

        rows = np.arange(len(columns))
        return csr_matrix((np.ones(len(rows)), (rows, columns)), (len(rows), width))

    def _factors(self, moments: Array) -> list[Array]:
        """Three (n, t) factors of each term."""
        flat = moments.reshape(len(moments), -1)
        flat = np.concatenate([flat, np.ones((len(flat), 1))], axis=1)
        return [flat[:, self.slots[:, k]] for k in range(3)]

    def values(self, moments: Array) -> Array:
        """(n, n_features) of moments (n, count, size)."""
        a, b, c = self._factors(moments)
        return np.asarray((self.coefficient * a * b * c) @ self._gather)

    def pull(self, moments: Array, weights: Array) -> Array:
        """(n, count, size) change of the sum of features with `weights` (n, n_features)."""
        a, b, c = self._factors(moments)
        terms = np.asarray(self._gather @ weights.T).T * self.coefficient
        others = (b * c, a * c, a * b)
        found = sum((terms * o) @ s for o, s in zip(others, self._scatter, strict=True))
        return np.asarray(found)[:, :-1].reshape(moments.shape)

    def jacobian(self, moments: Array) -> Array:
        """(n, n_features, n_moments) change of each feature with each moment."""
        from scipy.sparse import csr_matrix

        a, b, c = self._factors(moments)
        rows, width = np.arange(len(self.feature)), self.n_moments + 1
        found = 0.0
        for slot, other in enumerate((b * c, a * c, a * b)):
            columns = self.feature * width + self.slots[:, slot]
            spread = csr_matrix(
                (self.coefficient, (rows, columns)), (len(rows), self.n_features * width)
            )
            found = found + other @ spread
        return np.asarray(found).reshape(len(moments), self.n_features, width)[:, :, :-1]
