"""A small network: features of an atom to its energy, and the slopes that a fit needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from mlipviewer.campaign.potentials.moments import Array

_WEIGHTS = ("w1", "b1", "w2", "b2", "w3", "b3")


@dataclass(frozen=True, eq=False)
class Network:
    """energy = constant + w3 tanh(w2 tanh(w1 x + b1) + b2), with x the features less `centre`, over
    `width`; b3 is in the constant."""

    w1: Array  # (h, k)
    b1: Array
    w2: Array  # (h, h)
    b2: Array
    w3: Array  # (h,)
    b3: Array  # (1,)
    centre: Array
    width: Array

    @classmethod
    def begun(cls, centre: Array, width: Array, hidden: int, rng: np.random.Generator) -> Network:
        k = len(centre)
        return cls(
            rng.normal(size=(hidden, k)) / np.sqrt(k),
            0.1 * rng.normal(size=hidden),
            rng.normal(size=(hidden, hidden)) / np.sqrt(hidden),
            0.1 * rng.normal(size=hidden),
            0.3 * rng.normal(size=hidden) / np.sqrt(hidden),
            np.zeros(1),
            centre,
            width,
        )

    @classmethod
    def of(cls, arrays: Mapping[str, Array]) -> Network:
        return cls(**{name: np.asarray(array) for name, array in arrays.items()})

    def arrays(self) -> dict[str, Array]:
        return dict(vars(self))

    # -- as one vector of weights

    def packed(self) -> Array:
        return np.concatenate([getattr(self, name).ravel() for name in _WEIGHTS])

    def with_weights(self, packed: Array) -> Network:
        made, at = {}, 0
        for name in _WEIGHTS:
            old: Array = getattr(self, name)
            made[name] = packed[at : at + old.size].reshape(old.shape)
            at += old.size
        return replace(self, **made)

    # -- values and slopes

    def energies(self, features: Array) -> tuple[Array, Array]:
        """See Head."""
        h1, h2 = self._layers(features)
        back = (self.w3 * (1 - h2**2)) @ self.w2 * (1 - h1**2)
        return h2 @ self.w3 + self.b3[0], back @ self.w1 / self.width

    def _layers(self, features: Array) -> tuple[Array, Array]:
        h1 = np.tanh((features - self.centre) / self.width @ self.w1.T + self.b1)
        return h1, np.tanh(h1 @ self.w2.T + self.b2)

    def slopes(self, features: Array, of_energy: Array, along: Array) -> Array:
        """The slopes by the packed weights of  sum_i of_energy[i] E_i + along[i] . dE_i/dfeatures,
        with `of_energy` (n,) and `along` (n, k).

        The second part is the derivative of the energy along a direction: the direction goes
        forward through the network beside the features, and both come back.
        """
        x, dx = (features - self.centre) / self.width, along / self.width
        h1 = np.tanh(x @ self.w1.T + self.b1)
        s1 = 1 - h1**2
        a1 = dx @ self.w1.T
        d1 = s1 * a1
        h2 = np.tanh(h1 @ self.w2.T + self.b2)
        s2 = 1 - h2**2
        a2 = d1 @ self.w2.T
        d2 = s2 * a2
        e = of_energy[:, None]
        to_a2 = self.w3 * s2
        to_z2 = (e * self.w3 - 2 * h2 * a2 * self.w3) * s2
        to_d1 = to_a2 @ self.w2
        to_a1 = to_d1 * s1
        to_z1 = (to_z2 @ self.w2 - 2 * h1 * a1 * to_d1) * s1
        parts = (
            to_z1.T @ x + to_a1.T @ dx,
            to_z1.sum(axis=0),
            to_z2.T @ h1 + to_a2.T @ d1,
            to_z2.sum(axis=0),
            of_energy @ h2 + d2.sum(axis=0),
            np.array([of_energy.sum()]),
        )
        return np.concatenate([part.ravel() for part in parts])
