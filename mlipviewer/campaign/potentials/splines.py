"""Cubic B-splines on evenly spaced knots from zero to a cut-off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlipviewer.campaign.potentials.moments import Array


@dataclass(frozen=True)
class Splines:
    """`intervals` of [0, reach]. Those that end at the cut-off only: they and two derivatives are
    zero there; `open_end`: all of them."""

    intervals: int
    reach: float
    open_end: bool = False

    @property
    def count(self) -> int:
        return self.intervals + 3 if self.open_end else self.intervals

    def local(self, lengths: Array) -> tuple[Array, Array, Array]:
        """Of (p,) lengths: (p,) the number of the first of four splines that are not zero there,
        (p, 4) their values, and their derivatives."""
        place = np.clip(lengths / self.reach, 0.0, 1.0 - 1e-12) * self.intervals
        first = place.astype(int)
        u = place - first
        values = np.stack(
            [(1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3], axis=1
        )
        steep = np.stack(
            [-3 * (1 - u) ** 2, 9 * u**2 - 12 * u, -9 * u**2 + 6 * u + 3, 3 * u**2], axis=1
        )
        return first, values / 6, steep / 6 * (self.intervals / self.reach)

    def curvature(self) -> Array:
        """(count, count) the sum of squares of second differences of coefficients."""
        steps = np.diff(np.eye(self.count), n=2, axis=0)
        return np.asarray(steps.T @ steps)
