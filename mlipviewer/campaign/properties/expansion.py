"""Thermal expansion, from the vibrations at several volumes (quasi-harmonic)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign import crystals, vibrations
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.properties.phonons import over_temperature
from mlipviewer.campaign.property import (
    CurveKind,
    Found,
    Metric,
    Number,
    Property,
    Subject,
    fixed,
)
from mlipviewer.campaign.relaxing import energy_of

Array = NDArray[Any]
CATEGORY = "thermodynamics"
GROWTH = over_temperature("alpha", "linear thermal expansion (1e-6/K)")
LENGTH = CurveKind("a_of_T", "temperature (K)", "lattice constant (Å)")
METRICS = (
    Metric(
        "alpha_300",
        "linear thermal expansion at 300 K",
        "1e-6/K",
        CATEGORY,
        0.5,
        5.0,
        curve=GROWTH,
    ),
    Metric(
        "alpha",
        "linear thermal expansion, 100 to 1000 K",
        "1e-6/K",
        CATEGORY,
        0.5,
        5.0,
        curve=GROWTH,
    ),
    Metric("a_300", "lattice constant at 300 K", "Å", "lattice", 0.03, 0.3, curve=LENGTH),
)
RATIOS = np.array([0.97, 0.985, 1.0, 1.015, 1.03, 1.045])
"""Of the volume without vibrations."""
DEGREE = 3  # of the free energy in the volume
AT = np.array(vibrations.TEMPERATURES, float)


def run(subject: Subject) -> Found:
    """The volume of the lowest free energy at each temperature; its change gives the expansion.
    Raises Failed where the crystal is not stable at one of the volumes, or would grow beyond
    them."""
    volume = subject.lattice() ** 3
    calculator = subject.calculator()
    free, frames = [], []
    for ratio in RATIOS:
        cell = crystals.cubic(subject.crystal, float(ratio * volume) ** (1 / 3))
        large = cell.repeat(subject.crystal.repeat)
        large.calc = calculator
        static = energy_of(large) / len(large)
        squares = vibrations.of_crystal(large, cell, subject.crystal.repeat)
        try:
            free.append(static + vibrations.thermal(squares)[0] / 1000)
        except Failed as problem:
            raise Failed(f"at {ratio:.3f} of the volume: {problem}") from None
        frame = large.copy()
        frame.info = {"energy": static * len(large), "volume_ratio": float(ratio)}
        frames.append(frame)
    grown = equilibrium(np.array(free))
    lengths = (grown * volume) ** (1 / 3)
    alpha = 1e6 * np.gradient(np.log(grown), AT) / 3
    at = int(np.flatnonzero(AT == 300.0)[0])
    values: dict[str, Number] = {
        "alpha_300": float(alpha[at]),
        "alpha": tuple(alpha.tolist()),
        "a_300": float(lengths[at]),
    }
    curves = {LENGTH.name: (AT.tolist(), lengths.tolist())}
    return Found(values, frames={"alpha": frames}, curves=curves)


def equilibrium(free: Array) -> Array:
    """(t,) of the lowest free energy as a ratio of volumes, of energies (volumes, t). Raises
    Failed."""
    fine = np.linspace(RATIOS[0], RATIOS[-1], 7501)
    curves = np.array([np.polynomial.Polynomial.fit(RATIOS, f, DEGREE)(fine) for f in free.T])
    lowest = curves.argmin(axis=1)
    if (lowest == 0).any() or (lowest == len(fine) - 1).any():
        hot = AT[(lowest == 0) | (lowest == len(fine) - 1)][0]
        raise Failed(f"at {hot:g} K the free energy has no minimum among the volumes")
    rows = np.arange(len(curves))
    before, here, after = (curves[rows, lowest + k] for k in (-1, 0, 1))
    moved = 0.5 * (before - after) / (before - 2 * here + after)
    return np.asarray(fine[lowest] + moved * (fine[1] - fine[0]))


PROPERTY = Property(
    name="expansion",
    about="Thermal expansion and the lattice constant at 300 K, quasi-harmonic.",
    metrics=fixed(*METRICS),
    run=run,
    cost=300,
)
