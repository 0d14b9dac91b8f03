"""Vibrations of the crystal: frequencies and harmonic free energy, entropy, heat capacity."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign import crystals, vibrations
from mlipviewer.campaign.property import CurveKind, Found, Metric, Property, Subject, fixed

GRID, WIDTH = np.linspace(0.0, 20.0, 101), 0.4  # THz
DENSITY = CurveKind("phonon_dos", "frequency (THz)", "states / THz / atom")


def over_temperature(name: str, title: str) -> CurveKind:
    """A value at each of the temperatures, as that of the metric of this name."""
    at = tuple(float(one) for one in vibrations.TEMPERATURES)
    return CurveKind(name, "temperature (K)", title, at)


METRICS = (
    Metric("ph_max", "highest phonon frequency", "THz", "phonons", 0.5, 5.0, curve=DENSITY),
    Metric("ph_mean", "mean phonon frequency", "THz", "phonons", 0.3, 3.0, curve=DENSITY),
    Metric(
        "bulk_F",
        "free energy, 100 to 1000 K",
        "meV/atom",
        "thermodynamics",
        5.0,
        50.0,
        curve=over_temperature("bulk_F", "free energy (meV/atom)"),
    ),
    Metric(
        "bulk_S",
        "entropy, 100 to 1000 K",
        "k_B/atom",
        "thermodynamics",
        0.1,
        1.0,
        curve=over_temperature("bulk_S", "entropy (k_B/atom)"),
    ),
    Metric(
        "bulk_Cv",
        "heat capacity, 100 to 1000 K",
        "k_B/atom",
        "thermodynamics",
        0.03,
        0.3,
        curve=over_temperature("bulk_Cv", "heat capacity (k_B/atom)"),
    ),
)


def run(subject: Subject) -> Found:
    """Finite displacements in the large cell; waves that fit into it. Raises Failed where the
    crystal is not stable."""
    cell = crystals.cubic(subject.crystal, subject.lattice())
    repeat = subject.crystal.repeat
    large = cell.repeat(repeat)
    large.calc = subject.calculator()
    squares = vibrations.of_crystal(large, cell, repeat)
    free, entropy, capacity = vibrations.thermal(squares)
    frequencies = np.sqrt(np.maximum(squares, 0.0)) * vibrations.THZ
    return Found(
        {
            "ph_max": float(frequencies.max()),
            "ph_mean": float(frequencies.mean()),
            "bulk_F": tuple(free.tolist()),
            "bulk_S": tuple(entropy.tolist()),
            "bulk_Cv": tuple(capacity.tolist()),
        },
        curves={DENSITY.name: (GRID.tolist(), density(frequencies, len(squares) // 3).tolist())},
    )


def density(frequencies: NDArray[Any], n: int) -> NDArray[Any]:
    """(101,) states in a THz of each of `n` atoms at GRID, each frequency WIDTH wide."""
    apart = (GRID[:, None] - frequencies) / WIDTH
    found = np.exp(-0.5 * apart**2).sum(axis=1) / (WIDTH * np.sqrt(2 * np.pi) * n)
    return np.asarray(found)


PROPERTY = Property(
    name="phonons",
    about="Phonon frequencies, harmonic free energy, entropy and heat capacity of the crystal.",
    metrics=fixed(*METRICS),
    run=run,
    cost=50,
)
