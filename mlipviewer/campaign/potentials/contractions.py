"""Invariants made of moments: densities, spectra, products of three tensors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement, product
from math import comb

import numpy as np
from numpy.polynomial import legendre

from mlipviewer.campaign.potentials.moments import Array, Invariants, Moments

Term = tuple[float, tuple[int, ...]]
"""A coefficient and the numbers of moments that it multiplies."""
Feature = list[Term]


def invariants(moments: Moments, features: list[Feature]) -> Invariants:
    """The features compiled; products of fewer than three moments are filled with ones."""
    size = moments.radial.count * moments.size
    numbers, factors, slots = [], [], []
    for k, feature in enumerate(features):
        for factor, places in feature:
            numbers.append(k)
            factors.append(factor)
            slots.append((*places, *[size] * (3 - len(places))))
    return Invariants(
        len(features), size, np.array(numbers), np.array(factors, float), np.array(slots, int)
    )


def densities(moments: Moments, channels: range) -> list[Feature]:
    """Sums over neighbours of radial functions."""
    return [[(1.0, (n * moments.size,))] for n in channels]


def spectrum(moments: Moments, channels: range, lowest: int = 0) -> list[Feature]:
    """For n <= m and each degree l: the sum over pairs of neighbours (each with itself too) of
    R_n R_m P_l(cos), times the root of 2 where n and m differ."""
    found = []
    for n, m in combinations_with_replacement(channels, 2):
        for degree in range(lowest, moments.rank + 1):
            powers = legendre.leg2poly(np.eye(degree + 1)[degree])
            factor = 1.0 if n == m else np.sqrt(2.0)
            found.append(list(_cosines(moments, n, m, factor * powers)))
    return found


def _cosines(moments: Moments, n: int, m: int, powers: Array) -> Iterator[Term]:
    """R_n R_m times a polynomial of the cosine, by its powers."""
    for k in range(moments.size):
        factor = powers[moments.ranks[k]] if moments.ranks[k] < len(powers) else 0.0
        if factor:
            yield float(factor * moments.weights[k]), (n * moments.size + k, m * moments.size + k)


def triples(moments: Moments, channels: range) -> list[Feature]:
    """Contractions of three tensors: vector, matrix, vector, and three matrices in a ring."""
    axes = np.eye(3, dtype=int)
    matrix = {(a, b): moments.place(*(axes[a] + axes[b])) for a, b in product(range(3), repeat=2)}
    vector = [moments.place(*axes[a]) for a in range(3)]
    size = moments.size
    found: list[Feature] = []
    for n, m in combinations_with_replacement(channels, 2):
        for k in channels:
            found.append(
                [
                    (1.0, (n * size + vector[a], m * size + vector[b], k * size + matrix[a, b]))
                    for a, b in product(range(3), repeat=2)
                ]
            )
    for n, m, k in combinations_with_replacement(channels, 3):
        found.append(
            [
                (1.0, (n * size + matrix[a, b], m * size + matrix[b, c], k * size + matrix[c, a]))
                for a, b, c in product(range(3), repeat=3)
            ]
        )
    return found


def behler_parrinello(moments: Moments, angular: range, zetas: tuple[int, ...]) -> list[Feature]:
    """The angular functions without the third side: over pairs of different neighbours j < k the
    sum of 2^(1 - zeta) (1 + s cos)^zeta R(r_j) R(r_k), s = 1 and -1.

    What a neighbour gives with itself is taken out by the squares of the radial functions, which
    are the last channels of Gaussians.
    """
    squares = moments.radial.count - len(angular)
    found = []
    for n, zeta, sign in product(angular, zetas, (1, -1)):
        powers = np.array([comb(zeta, k) * float(sign) ** k for k in range(zeta + 1)])
        scale = 0.5 * 2.0 ** (1 - zeta)
        terms = list(_cosines(moments, n, n, scale * powers))
        if sign > 0:
            terms.append((-scale * 2.0**zeta, ((squares + n - angular.start) * moments.size,)))
        found.append(terms)
    return found
