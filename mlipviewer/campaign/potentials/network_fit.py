"""A network fitted to energies and forces of frames, all at once, by L-BFGS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.potentials.features import Descriptor, pair_slopes
from mlipviewer.campaign.potentials.least_squares import mean_energy
from mlipviewer.campaign.potentials.moments import Array
from mlipviewer.campaign.potentials.network import Network


class Lessons:
    """All frames as one: features of atoms, how they change with pairs, what is wanted."""

    def __init__(self, descriptor: Descriptor, frames: Sequence[Any], shift: float) -> None:
        found = [pair_slopes(descriptor, atoms) for atoms in frames]
        sizes = [len(atoms) for atoms in frames]
        offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.features = np.concatenate([features for _, features, _ in found])
        self.slopes = np.concatenate([slopes for _, _, slopes in found])  # (p, k, 3)
        ends = zip(found, offsets, strict=True)
        self.first, self.second = np.concatenate(
            [np.array([pairs.first + at, pairs.second + at]) for (pairs, _, _), at in ends], axis=1
        )
        self.starts = np.searchsorted(self.first, np.arange(len(self.features)))
        self.frame = np.repeat(np.arange(len(frames)), sizes)
        self.sizes = np.array(sizes, float)
        self.energies = np.array([a.info["energy"] - shift * len(a) for a in frames])
        self.forces = np.concatenate([atoms.arrays["forces"] for atoms in frames])
        counts = np.bincount(self.first, minlength=len(self.features))
        if not counts.all():
            raise Failed("an atom of a training frame has no neighbours within the cut-off")

    def predicted(self, energies: Array, slopes: Array) -> tuple[Array, Array]:
        """Energies of frames, forces of atoms, of energies (n,) and slopes (n, k) of atoms."""
        totals = np.bincount(self.frame, energies, len(self.sizes))
        by_pair = np.einsum("pk,pkx->px", slopes.astype(np.float32)[self.first], self.slopes)
        forces = np.add.reduceat(by_pair, self.starts, axis=0).astype(float)
        for x in range(3):
            forces[:, x] -= np.bincount(self.second, by_pair[:, x], len(forces))
        return totals, forces

    def along(self, weights: Array) -> Array:
        """(n, k): the sum of forces times `weights` (n, 3) changes so with the slopes of atoms."""
        apart = (weights[self.first] - weights[self.second]).astype(np.float32)
        by_pair = np.einsum("px,pkx->pk", apart, self.slopes)
        return np.add.reduceat(by_pair, self.starts, axis=0).astype(float)


def loss_of(
    network: Network, lessons: Lessons, energy_weight: float, decay: float
) -> tuple[float, Array]:
    """Mean squares of the errors of forces and of energies per atom (times the weight, squared),
    and a penalty of large weights; and its slopes by the packed weights."""
    energies, slopes = network.energies(lessons.features)
    totals, forces = lessons.predicted(energies, slopes)
    wrong = energy_weight * (totals - lessons.energies) / lessons.sizes
    pulled = forces - lessons.forces
    packed = network.packed()
    loss = (wrong**2).mean() + (pulled**2).mean() + decay * (packed**2).sum()
    by_frame = 2 * wrong * energy_weight / lessons.sizes / len(wrong)
    along = lessons.along(2 * pulled / pulled.size)
    by_weights = network.slopes(lessons.features, by_frame[lessons.frame], along)
    return float(loss), by_weights + 2 * decay * packed


def fit(
    descriptor: Descriptor,
    frames: Sequence[Any],
    *,
    hidden: int,
    iterations: int,
    energy_weight: float,
    decay: float,
    rng: np.random.Generator,
) -> tuple[Network, Mapping[str, float]]:
    """The network after so many steps, and what is told of it. Raises Failed."""
    from scipy import optimize

    shift = mean_energy(frames)
    lessons = Lessons(descriptor, frames, shift)
    centre = lessons.features.mean(axis=0)
    width = np.maximum(lessons.features.std(axis=0), 1e-6)
    network = Network.begun(centre, width, hidden, rng)

    def of(packed: Array) -> tuple[float, Array]:
        return loss_of(network.with_weights(packed), lessons, energy_weight, decay)

    options = {"maxiter": iterations, "maxcor": 30, "maxfun": 2 * iterations}
    minimize: Any = optimize.minimize
    found = minimize(of, network.packed(), jac=True, method="L-BFGS-B", options=options)
    if not np.isfinite(found.fun):
        raise Failed("the fit diverged")
    made = network.with_weights(found.x)
    told = {"parameters": float(len(found.x)), "loss": float(found.fun), "steps": float(found.nit)}
    return replace(made, b3=made.b3 + shift), told
