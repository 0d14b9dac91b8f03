"""Energy over volume: the pressure derivative of the bulk modulus, and the curve itself."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign import crystals
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.property import CurveKind, Found, Metric, Property, Subject, fixed
from mlipviewer.campaign.relaxing import GPA, energy_of

Array = NDArray[Any]
RATIOS = np.linspace(0.82, 1.18, 13)
CURVE = CurveKind(
    "eos", "volume / volume at the minimum", "energy (meV/atom)", tuple(RATIOS.tolist())
)
METRICS = (
    Metric(
        "B_eos", "bulk modulus of the equation of state", "GPa", "elastic", 5.0, 50.0, curve=CURVE
    ),
    Metric(
        "B_prime", "pressure derivative of the bulk modulus", "", "elastic", 0.5, 5.0, curve=CURVE
    ),
    Metric(
        "eos", "energy over volume, 0.82 to 1.18", "meV/atom", "energies", 5.0, 100.0, curve=CURVE
    ),
)


def run(subject: Subject) -> Found:
    """A fit of Birch and Murnaghan between 0.94 and 1.06 of the volume; the curve is above its own
    minimum. Raises Failed."""
    crystal = subject.crystal
    volume = subject.lattice() ** 3 / crystals.n_cubic(crystal)
    calculator, frames, energies = subject.calculator(), [], []
    for ratio in RATIOS:
        atoms = crystals.phase(crystal.structure, crystal.element, float(ratio * volume))
        atoms.calc = calculator
        energies.append(energy_of(atoms) / len(atoms))
        frame = atoms.copy()
        frame.info = {"energy": energies[-1] * len(atoms), "volume_ratio": float(ratio)}
        frames.append(frame)
    found = np.array(energies)
    modulus, prime = birch_murnaghan(RATIOS * volume, found)
    curve = tuple((1000 * (found - found[len(found) // 2])).tolist())
    return Found({"B_eos": modulus, "B_prime": prime, "eos": curve}, frames={"eos": frames})


def birch_murnaghan(volumes: Array, energies: Array) -> tuple[float, float]:
    """Bulk modulus in GPa and its derivative: a cubic in V^(-2/3) near the minimum. Raises
    Failed."""
    near = np.abs(volumes / volumes[len(volumes) // 2] - 1) < 0.1
    x = volumes[near] ** (-2 / 3)
    c = np.polyfit(x - x.mean(), energies[near], 3)  # about the middle: well conditioned
    root = c[1] ** 2 - 3 * c[0] * c[2]
    if not root > 0:
        raise Failed("the equation of state has no minimum")
    apart = (-c[1] + float(np.sqrt(root))) / (3 * c[0]) if c[0] else -c[2] / (2 * c[1])
    place, curvature = x.mean() + apart, 6 * c[0] * apart + 2 * c[1]
    if not (curvature > 0 and place > 0):
        raise Failed("the equation of state has no minimum")
    modulus = 4 / 9 * curvature * place ** (7 / 2)
    prime = 4.0 + 2 / 3 * place * 6 * c[0] / curvature
    return float(modulus * GPA), float(prime)


PROPERTY = Property(
    name="eos",
    about="Bulk modulus, its derivative, and the curve of energy over volume.",
    metrics=fixed(*METRICS),
    run=run,
    cost=5,
)
