"""Harmonic free energy, entropy and heat capacity of a cell with a vacancy."""

from __future__ import annotations

import numpy as np

from mlipviewer.campaign import crystals, vibrations
from mlipviewer.campaign.properties.phonons import over_temperature
from mlipviewer.campaign.property import Found, Metric, Property, Subject, fixed
from mlipviewer.campaign.relaxing import relax

CATEGORY = "thermodynamics, vacancy"
FREE = over_temperature("vac_F", "free energy (meV/atom)")
ENTROPY = over_temperature("vac_S", "entropy (k_B/atom)")
HEAT = over_temperature("vac_Cv", "heat capacity (k_B/atom)")
METRICS = (
    Metric("vac_F", "free energy with a vacancy", "meV/atom", CATEGORY, 5.0, 50.0, curve=FREE),
    Metric("vac_S", "entropy with a vacancy", "k_B/atom", CATEGORY, 0.1, 1.0, curve=ENTROPY),
    Metric("vac_Cv", "heat capacity with a vacancy", "k_B/atom", CATEGORY, 0.03, 0.3, curve=HEAT),
)


def run(subject: Subject) -> Found:
    """Finite displacements of all atoms of the relaxed large cell without an atom. Raises Failed
    where it is not stable."""
    atoms = crystals.vacancy(subject.crystal, subject.lattice(), drawn_in=True)
    atoms.rattle(0.02, rng=np.random.default_rng(subject.seed))
    atoms.calc = subject.calculator()
    relax(atoms)
    relax(atoms, 0.001)
    found = vibrations.thermal(vibrations.of_cell(atoms))
    names = ("vac_F", "vac_S", "vac_Cv")
    return Found({name: tuple(curve.tolist()) for name, curve in zip(names, found, strict=True)})


PROPERTY = Property(
    name="vacancy-phonons",
    about="Harmonic free energy, entropy and heat capacity of a large cell with a vacancy.",
    metrics=fixed(*METRICS),
    run=run,
    cost=450,
)
