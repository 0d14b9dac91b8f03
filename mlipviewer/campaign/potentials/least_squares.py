"""Linear fits to energies and forces: normal equations, gathered frame by frame."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.potentials.moments import Array


class Normal:
    """Sums of weighted squares of n unknowns: `matrix` (n, n), `vector` (n,)."""

    def __init__(self, count: int) -> None:
        self.matrix, self.vector = np.zeros((count, count)), np.zeros(count)

    def add(self, rows: Array, wanted: Array, weight: float) -> None:
        """Equations `rows @ x = wanted` (m, n), (m,), each error counted times `weight`."""
        self.matrix += weight**2 * (rows.T @ rows)
        self.vector += weight**2 * (rows.T @ wanted)

    def add_frame(
        self, rows: tuple[Array, Array], energy: float, forces: Array, weights: tuple[float, float]
    ) -> None:
        """The energy of a frame, as an error per atom, and its forces (n, 3); `weights` are those
        of 1 eV/atom and of 1 eV/A."""
        sums, slopes = rows
        n = len(forces)
        self.add(sums[None, :] / n, np.array([energy / n]), weights[0] * np.sqrt(n))
        self.add(slopes, forces.ravel(), weights[1])

    def solved(self, penalty: Array) -> Array:
        """(n,) the unknowns with a quadratic penalty, (n, n) or its diagonal (n,). Raises Failed
        where there is no solution."""
        from scipy.linalg import LinAlgError, cho_factor, cho_solve

        full = self.matrix + (np.diag(penalty) if penalty.ndim == 1 else penalty)
        scale = 1.0 / np.sqrt(np.maximum(np.diag(full), 1e-300))
        scaled = full * scale[:, None] * scale
        for lift in LIFTS:
            raised = scaled + lift * np.eye(len(scaled))
            try:
                found = scale * cho_solve(cho_factor(raised), scale * self.vector)
            except (LinAlgError, ValueError):
                continue
            if np.isfinite(found).all():
                return np.asarray(found)
        raise Failed("the fit has no solution")


LIFTS = (1e-13, 1e-11, 1e-9)
"""What is added to the diagonal of a scaled matrix until it has a root."""


def ridge(normal: Normal, strength: float) -> Array:
    """(n,) a penalty in units of how much the data say about each unknown."""
    own = np.diag(normal.matrix)
    return np.asarray(strength * np.maximum(own, 1e-10 * own.max(initial=0.0)))


def mean_energy(frames: Iterable[object]) -> float:
    """eV per atom over labelled frames."""
    found = [frame.info["energy"] / len(frame) for frame in frames]  # type: ignore[attr-defined,arg-type]
    return float(np.mean(found))
