"""Functions of the distance that end smoothly at a cut-off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlipviewer.campaign.potentials.moments import Array


def cosine_end(lengths: Array, cutoff: float) -> tuple[Array, Array]:
    """(p,) half a cosine from 1 at zero to 0 at the cut-off, and its derivative."""
    inside = lengths < cutoff
    angle = np.pi * lengths / cutoff
    values = np.where(inside, 0.5 * (np.cos(angle) + 1), 0.0)
    return values, np.where(inside, -0.5 * np.pi / cutoff * np.sin(angle), 0.0)


@dataclass(frozen=True)
class Chebyshev:
    """Chebyshev polynomials of the distance from `nearest` to the cut-off, times (1 - r/cutoff)^2.

    Nearer than `nearest` they go on as polynomials do.
    """

    count: int
    cutoff: float
    nearest: float = 1.5

    def values(self, lengths: Array) -> tuple[Array, Array]:
        """See Radial."""
        scale = 2.0 / (self.cutoff - self.nearest)
        x = (lengths - self.nearest) * scale - 1.0
        polynomials, slopes = [np.ones_like(x), x], [np.zeros_like(x), np.ones_like(x)]
        for _ in range(self.count - 2):
            slopes.append(2 * polynomials[-1] + 2 * x * slopes[-1] - slopes[-2])
            polynomials.append(2 * x * polynomials[-1] - polynomials[-2])
        made = np.array(polynomials[: self.count]).T
        steep = np.array(slopes[: self.count]).T * scale
        left = np.maximum(1.0 - lengths / self.cutoff, 0.0)[:, None]
        return made * left**2, steep * left**2 - made * 2 * left / self.cutoff


@dataclass(frozen=True)
class Gaussians:
    """exp(-eta (r - centre)^2) with a cosine end; the first `n_squared` functions come again as
    their squares, behind the others."""

    etas: tuple[float, ...]
    centres: tuple[float, ...]
    cutoff: float
    n_squared: int = 0

    @property
    def count(self) -> int:
        return len(self.etas) + self.n_squared

    def values(self, lengths: Array) -> tuple[Array, Array]:
        """See Radial."""
        apart = lengths[:, None] - np.array(self.centres)
        end, fall = cosine_end(lengths, self.cutoff)
        bell = np.exp(-np.array(self.etas) * apart**2)
        values = bell * end[:, None]
        slopes = bell * fall[:, None] - 2 * np.array(self.etas) * apart * values
        k = self.n_squared
        squares, steep = values[:, :k] ** 2, 2 * values[:, :k] * slopes[:, :k]
        return np.concatenate([values, squares], axis=1), np.concatenate([slopes, steep], axis=1)
