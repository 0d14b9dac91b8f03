"""Neural network potentials of Behler and Parrinello, Phys. Rev. Lett. 98, 146401 (2007).

Radial functions (G2) and angular functions without the third side (G5 with integer zeta) go into a
network with two hidden layers. Energies and forces are fitted together by L-BFGS; the slopes of the
loss by the weights, through the forces too, are written out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.campaign.family import Family, Lesson
from mlipviewer.campaign.potentials.contractions import behler_parrinello, densities, invariants
from mlipviewer.campaign.potentials.features import Descriptor, FeatureEnergy
from mlipviewer.campaign.potentials.moments import Moments
from mlipviewer.campaign.potentials.network import Network
from mlipviewer.campaign.potentials.network_fit import fit
from mlipviewer.campaign.potentials.pairs import LocalCalculator
from mlipviewer.campaign.potentials.radial import Gaussians
from mlipviewer.campaign.potentials.saved import load as load_model
from mlipviewer.campaign.potentials.saved import save
from mlipviewer.campaign.space import Choice, Real, Whole

ZETAS = (1, 2, 4)


@lru_cache(maxsize=2)
def _descriptor(cutoff: float, radial: int, angular: int) -> Descriptor:
    """Angular bells at the origin, wide to narrow, then radial ones along the distance."""
    etas = np.geomspace(0.01, 0.3, angular).tolist()
    centres = np.linspace(1.8, cutoff - 0.5, radial)
    width = max(float(centres[1] - centres[0]) if radial > 1 else 1.0, 0.3)
    gaussians = Gaussians(
        (*etas, *[1.0 / (2 * width**2)] * radial),
        (*[0.0] * angular, *centres.tolist()),
        cutoff,
        n_squared=angular,
    )
    moments = Moments(gaussians, max(ZETAS))
    features = densities(moments, range(angular, angular + radial))
    features += behler_parrinello(moments, range(angular), ZETAS)
    return Descriptor(moments, invariants(moments, features))


def _described(choice: Mapping[str, Any]) -> Descriptor:
    numbers = (int(choice[name]) for name in ("radial", "angular"))
    return _descriptor(float(choice["cutoff"]), *numbers)


def train(lesson: Lesson) -> Mapping[str, float]:
    """See `network_fit.fit`. Raises Failed."""
    choice = lesson.choice
    network, told = fit(
        _described(choice),
        lesson.train,
        hidden=int(choice["hidden"]),
        iterations=int(choice["iterations"]),
        energy_weight=float(choice["energy_weight"]),
        decay=float(choice["decay"]),
        rng=lesson.generator(),
    )
    save(lesson.folder, choice, **network.arrays())
    return told


def load(folder: Path) -> LocalCalculator:
    """The calculator of a trained model."""
    words, arrays = load_model(folder)
    return LocalCalculator(FeatureEnergy(_described(words), Network.of(arrays)))


FAMILY = Family(
    name="nnp",
    label="NNP",
    title="neural network potential of Behler and Parrinello",
    about="Symmetry functions and a network with two hidden layers, fitted to energies and forces.",
    space={
        "cutoff": Real(4.2, 6.0, about="cut-off in A"),
        "radial": Whole(5, 10, about="radial functions"),
        "angular": Whole(2, 4, about="widths of angular functions; each gives six"),
        "hidden": Choice((8, 12, 16, 24), about="nodes of each hidden layer"),
        "iterations": Whole(150, 300, about="steps of L-BFGS"),
        "energy_weight": Real(3.0, 60.0, log=True, about="weight of 1 eV/atom against 1 eV/A"),
        "decay": Real(1e-8, 1e-4, log=True, about="penalty of large weights"),
    },
    train=train,
    load=load,
    seconds=30.0,
)
