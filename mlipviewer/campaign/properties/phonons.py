"""Vibrations of the crystal: frequencies and harmonic free energy, entropy, heat capacity."""

from __future__ import annotations

import numpy as np

from mlipviewer.campaign import crystals, vibrations
from mlipviewer.campaign.property import Found, Metric, Property, Subject, fixed

METRICS = (
    Metric("ph_max", "highest phonon frequency", "THz", "phonons", 0.5, 5.0),
    Metric("ph_mean", "mean phonon frequency", "THz", "phonons", 0.3, 3.0),
    Metric("bulk_F", "free energy, 100 to 1000 K", "meV/atom", "thermodynamics", 5.0, 50.0),
    Metric("bulk_S", "entropy, 100 to 1000 K", "k_B/atom", "thermodynamics", 0.1, 1.0),
    Metric("bulk_Cv", "heat capacity, 100 to 1000 K", "k_B/atom", "thermodynamics", 0.03, 0.3),
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
        }
    )


PROPERTY = Property(
    name="phonons",
    about="Phonon frequencies, harmonic free energy, entropy and heat capacity of the crystal.",
    metrics=fixed(*METRICS),
    run=run,
    cost=50,
)
