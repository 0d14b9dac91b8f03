"""The potential of Stillinger and Weber, Phys. Rev. B 31, 5262 (1985), for one element.

The three-body term depends on (cos + 1/3)^2, a contraction of moments up to rank two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from mlipviewer.campaign.potentials.moments import Array, Moments
from mlipviewer.campaign.potentials.pairs import LocalCalculator, Pairs


@dataclass(frozen=True)
class _Screen:
    """exp(gamma sigma / (r - a sigma)) below the cut-off a sigma."""

    reach: float  # gamma sigma
    cutoff: float
    count: int = 1

    def values(self, lengths: Array) -> tuple[Array, Array]:
        found = np.zeros((2, len(lengths), 1))
        inside = lengths < self.cutoff - 1e-9
        apart = lengths[inside] - self.cutoff
        found[0, inside, 0] = np.exp(self.reach / apart)
        found[1, inside, 0] = -self.reach / apart**2 * found[0, inside, 0]
        return found[0], found[1]


@dataclass(frozen=True)
class StillingerWeberEnergy:
    """Parameters in the names of the paper, of silicon: `epsilon` in eV, `sigma` in A."""

    epsilon: float = 2.1683
    sigma: float = 2.0951
    a: float = 1.80
    strength: float = 21.0  # lambda
    gamma: float = 1.20
    big_a: float = 7.049556277
    big_b: float = 0.6022245584
    p: float = 4.0
    q: float = 0.0
    cosine: float = -1 / 3
    rank: int = field(default=2, init=False)

    @property
    def cutoff(self) -> float:
        return self.a * self.sigma

    @cached_property
    def _moments(self) -> Moments:
        return Moments(_Screen(self.gamma * self.sigma, self.cutoff), 2)

    def energies(self, pairs: Pairs) -> tuple[Array, Array]:
        """See LocalEnergy: the energy of a triple belongs to its middle atom."""
        two, two_slope = self._two_body(pairs.lengths)
        around = self._moments.at(pairs)
        moments, screen, slope = around.values, around.radial[:, 0], around.slopes[:, 0]
        ranks = np.array([self.cosine**2, -2 * self.cosine, 1.0])
        weights = ranks[self._moments.ranks] * self._moments.weights
        half = 0.5 * self.strength * self.epsilon
        itself = (1 - self.cosine) ** 2  # a neighbour with itself is no triple
        three = half * np.einsum("inm,m,inm->i", moments, weights, moments)
        each = 0.5 * two - half * itself * screen**2
        along = 0.5 * two_slope - half * itself * 2 * screen * slope
        slopes = around.pull(2 * half * weights * moments) + along[:, None] * pairs.units
        return three + np.asarray(pairs.summing @ each), slopes

    def _two_body(self, lengths: Array) -> tuple[Array, Array]:
        """(p,) the pair energy in eV and its derivative."""
        found = np.zeros((2, len(lengths)))
        inside = lengths < self.cutoff - 1e-9
        r = lengths[inside] / self.sigma
        tail = np.exp(1 / (r - self.a))
        core = self.big_b * r**-self.p - r**-self.q
        steep = -self.p * self.big_b * r ** (-self.p - 1) + self.q * r ** (-self.q - 1)
        scale = self.big_a * self.epsilon
        found[0, inside] = scale * core * tail
        found[1, inside] = scale / self.sigma * tail * (steep - core / (r - self.a) ** 2)
        return found[0], found[1]


class StillingerWeber(LocalCalculator):
    """The calculator: `StillingerWeber(epsilon=..., sigma=..., ...)`; silicon without words."""

    def __init__(self, **parameters: float) -> None:
        super().__init__(StillingerWeberEnergy(**parameters))
