"""Moment tensor potentials, linear in their coefficients: densities, spectra of moments and, for
body order four, contractions of three tensors (Shapeev, Multiscale Model. Simul. 14, 1153 (2016)).

The radial functions are Chebyshev polynomials that are not fitted, as those of the original are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.campaign.family import Family, Lesson
from mlipviewer.campaign.potentials.contractions import densities, invariants, spectrum, triples
from mlipviewer.campaign.potentials.features import Descriptor, FeatureEnergy, rows_of
from mlipviewer.campaign.potentials.least_squares import Normal, mean_energy, ridge
from mlipviewer.campaign.potentials.moments import Array, Moments
from mlipviewer.campaign.potentials.pairs import LocalCalculator
from mlipviewer.campaign.potentials.radial import Chebyshev
from mlipviewer.campaign.potentials.saved import load as load_model
from mlipviewer.campaign.potentials.saved import save
from mlipviewer.campaign.space import Choice, HyperParameters, Real, Whole


@dataclass(frozen=True, eq=False)
class LinearHead:
    constant: float
    weights: Array

    def energies(self, features: Array) -> tuple[Array, Array]:
        """See Head."""
        slopes = np.broadcast_to(self.weights, features.shape)
        return self.constant + features @ self.weights, slopes


@lru_cache(maxsize=2)
def _descriptor(cutoff: float, radial: int, rank: int, body: int) -> Descriptor:
    moments = Moments(Chebyshev(radial, cutoff), rank)
    channels = range(radial)
    features = densities(moments, channels) + spectrum(moments, channels)
    if body >= 4:
        features += triples(moments, range(min(radial, 4)))
    return Descriptor(moments, invariants(moments, features))


def _described(choice: Mapping[str, Any]) -> Descriptor:
    numbers = (int(choice[name]) for name in ("radial", "rank", "body"))
    return _descriptor(float(choice["cutoff"]), *numbers)


def train(lesson: Lesson) -> Mapping[str, float]:
    """Least squares with a ridge. Raises Failed."""
    choice: HyperParameters = lesson.choice
    descriptor = _described(choice)
    shift = mean_energy(lesson.train)
    weights = (float(choice["energy_weight"]), 1.0)
    normal = Normal(descriptor.count)
    for atoms in lesson.train:
        rows = rows_of(descriptor, atoms, lambda features: (features, None))
        energy = atoms.info["energy"] - shift * len(atoms)
        normal.add_frame(rows, energy, atoms.arrays["forces"], weights)
    found = normal.solved(ridge(normal, float(choice["ridge"])))
    save(lesson.folder, {**choice, "constant": shift}, weights=found)
    return {"parameters": len(found)}


def load(folder: Path) -> LocalCalculator:
    """The calculator of a trained model."""
    words, arrays = load_model(folder)
    head = LinearHead(float(words["constant"]), arrays["weights"])
    return LocalCalculator(FeatureEnergy(_described(words), head))


FAMILY = Family(
    name="mtp",
    label="MTP",
    title="moment tensor potential, linear",
    about="Linear in contractions of moments of neighbourhoods, up to four bodies.",
    space={
        "cutoff": Real(4.2, 6.0, about="cut-off in A"),
        "radial": Whole(3, 6, about="radial functions"),
        "rank": Whole(2, 4, about="largest rank of the moments"),
        "body": Choice((3, 4), about="body order"),
        "energy_weight": Real(3.0, 100.0, log=True, about="weight of 1 eV/atom against 1 eV/A"),
        "ridge": Real(1e-10, 1e-6, log=True, about="strength of the ridge"),
    },
    train=train,
    load=load,
    seconds=15.0,
)
