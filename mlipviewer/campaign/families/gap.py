"""Gaussian approximation potentials: a sparse Gaussian process on spectra of moments, and a part
for pairs (Bartók et al., Phys. Rev. Lett. 104, 136403 (2010); Phys. Rev. B 87, 184115 (2013)).

The spectrum of moments is that of the smooth overlap of positions with other radial functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.campaign.family import Family, Lesson
from mlipviewer.campaign.potentials.contractions import densities, invariants, spectrum
from mlipviewer.campaign.potentials.features import Descriptor, FeatureEnergy, rows_of
from mlipviewer.campaign.potentials.least_squares import Normal, mean_energy
from mlipviewer.campaign.potentials.moments import Array, Moments
from mlipviewer.campaign.potentials.pairs import LocalCalculator
from mlipviewer.campaign.potentials.radial import Chebyshev
from mlipviewer.campaign.potentials.saved import load as load_model
from mlipviewer.campaign.potentials.saved import save
from mlipviewer.campaign.space import Choice, Real, Whole

PAIRS = 8
"""Radial functions of the part for pairs."""
TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Kernel:
    """Functions of features: the first `PAIRS` themselves, and the similarity of the rest with
    each of the representative ones, `points` (s, k) of length 1, to the power `zeta`."""

    points: Array
    zeta: int

    def __call__(self, features: Array) -> tuple[Array, Array]:
        """(n, PAIRS + s) values and (n, PAIRS + s, PAIRS + k) slopes."""
        unit, size = directions(features[:, PAIRS:])
        alike = unit @ self.points.T
        values = np.concatenate([features[:, :PAIRS], alike**self.zeta], axis=1)
        n, s = alike.shape
        slopes = np.zeros((n, PAIRS + s, features.shape[1]))
        slopes[:, range(PAIRS), range(PAIRS)] = 1.0
        steep = (self.zeta * alike ** (self.zeta - 1) / size)[:, :, None]
        slopes[:, PAIRS:, PAIRS:] = steep * (self.points - alike[:, :, None] * unit[:, None, :])
        return values, slopes

    def weighted(self, features: Array, weights: Array) -> tuple[Array, Array]:
        """(n,) the sum of the values with `weights`, and its slopes, without those of each."""
        unit, size = directions(features[:, PAIRS:])
        alike = unit @ self.points.T
        pair, many = weights[:PAIRS], weights[PAIRS:]
        steep = self.zeta * alike ** (self.zeta - 1) * many
        across = steep @ self.points - np.einsum("ns,ns->n", steep, alike)[:, None] * unit
        slopes = np.concatenate([np.broadcast_to(pair, (len(unit), PAIRS)), across / size], axis=1)
        return features[:, :PAIRS] @ pair + alike**self.zeta @ many, slopes


def directions(features: Array) -> tuple[Array, Array]:
    """(n, k) of length 1, and (n, 1) the lengths."""
    size = np.maximum(np.linalg.norm(features, axis=1), TINY)[:, None]
    return features / size, size


@dataclass(frozen=True, eq=False)
class KernelHead:
    kernel: Kernel
    weights: Array
    constant: float

    def energies(self, features: Array) -> tuple[Array, Array]:
        """See Head."""
        values, slopes = self.kernel.weighted(features, self.weights)
        return values + self.constant, slopes


@lru_cache(maxsize=2)
def _descriptor(cutoff: float, radial: int, rank: int) -> Descriptor:
    moments = Moments(Chebyshev(max(radial, PAIRS), cutoff), rank)
    features = densities(moments, range(PAIRS)) + spectrum(moments, range(radial))
    return Descriptor(moments, invariants(moments, features))


def _described(choice: Mapping[str, Any]) -> Descriptor:
    return _descriptor(float(choice["cutoff"]), int(choice["radial"]), int(choice["rank"]))


def farthest(points: Array, count: int, start: int = 0) -> Array:
    """(count,) numbers of points (n, k) far from each other: each is the farthest from those
    before."""
    chosen = [start]
    apart = np.linalg.norm(points - points[start], axis=1)
    while len(chosen) < min(count, len(points)):
        chosen.append(int(apart.argmax()))
        apart = np.minimum(apart, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return np.array(chosen)


def train(lesson: Lesson) -> Mapping[str, float]:
    """The mean of the process, its noise given by the expected errors. Raises Failed."""
    choice = lesson.choice
    descriptor = _described(choice)
    shift = mean_energy(lesson.train)
    every = np.concatenate([descriptor.of(atoms)[:, PAIRS:] for atoms in lesson.train])
    units = directions(every)[0]
    start = int(lesson.generator().integers(len(units)))
    points = units[farthest(units, int(choice["sparse"]), start)]
    kernel = Kernel(points, int(choice["zeta"]))
    sigmas = (float(choice["sigma_energy"]), float(choice["sigma_forces"]))
    weights = (1.0 / sigmas[0], 1.0 / sigmas[1])
    normal = Normal(PAIRS + len(points))
    for atoms in lesson.train:
        energy = atoms.info["energy"] - shift * len(atoms)
        rows = rows_of(descriptor, atoms, kernel)
        normal.add_frame(rows, energy, atoms.arrays["forces"], weights)
    alike = (points @ points.T) ** kernel.zeta
    prior = np.zeros_like(normal.matrix)
    prior[:PAIRS, :PAIRS] = 1e-2 * np.eye(PAIRS)
    prior[PAIRS:, PAIRS:] = (alike + 1e-8 * np.eye(len(points))) / float(choice["delta"]) ** 2
    found = normal.solved(prior)
    save(lesson.folder, {**choice, "constant": shift}, weights=found, points=points)
    return {"parameters": len(found)}


def load(folder: Path) -> LocalCalculator:
    """The calculator of a trained model."""
    words, arrays = load_model(folder)
    kernel = Kernel(arrays["points"], int(words["zeta"]))
    head = KernelHead(kernel, arrays["weights"], float(words["constant"]))
    return LocalCalculator(FeatureEnergy(_described(words), head))


FAMILY = Family(
    name="gap",
    label="GAP",
    title="Gaussian approximation potential, sparse",
    about="A sparse Gaussian process on spectra of moments of neighbourhoods, and a pair part.",
    space={
        "cutoff": Real(4.2, 5.8, about="cut-off in A"),
        "radial": Whole(3, 5, about="radial functions of the spectrum"),
        "rank": Whole(2, 4, about="largest degree of the spectrum"),
        "zeta": Choice((2, 4), about="power of the similarity"),
        "sparse": Choice((60, 120, 200), about="representative neighbourhoods"),
        "sigma_energy": Real(0.001, 0.03, log=True, about="expected error of energies, eV/atom"),
        "sigma_forces": Real(0.03, 0.3, log=True, about="expected error of forces, eV/A"),
        "delta": Real(1.0, 30.0, log=True, about="expected spread of energies of atoms, eV"),
    },
    train=train,
    load=load,
    seconds=15.0,
)
