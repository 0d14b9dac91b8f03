"""Elastic constants of a cell with a vacancy."""

from __future__ import annotations

import numpy as np

from mlipviewer.campaign import crystals
from mlipviewer.campaign.elasticity import averaged_constants
from mlipviewer.campaign.property import Found, Metric, Property, Subject, fixed
from mlipviewer.campaign.relaxing import relax

METRICS = (
    Metric("vac_C11", "C11 of the cell with a vacancy", "GPa", "elastic, vacancy", 8.0, 80.0),
    Metric("vac_C12", "C12 of the cell with a vacancy", "GPa", "elastic, vacancy", 5.0, 50.0),
    Metric("vac_C44", "C44 of the cell with a vacancy", "GPa", "elastic, vacancy", 5.0, 50.0),
    Metric("vac_B", "bulk modulus with a vacancy (Voigt)", "GPa", "elastic, vacancy", 5.0, 50.0),
)


def run(subject: Subject) -> Found:
    """Means over the axes of the tensor of the relaxed large cell without an atom. Raises
    Failed."""
    atoms = crystals.vacancy(subject.crystal, subject.lattice(), drawn_in=True)
    atoms.rattle(0.02, rng=np.random.default_rng(subject.seed))
    atoms.calc = subject.calculator()
    relax(atoms)
    relax(atoms, 0.001)
    values = averaged_constants(atoms, 0.001)
    return Found(dict(zip((one.name for one in METRICS), values, strict=True)))


PROPERTY = Property(
    name="vacancy-elastic",
    about="C11, C12, C44 and the bulk modulus of a large cell with a vacancy.",
    metrics=fixed(*METRICS),
    run=run,
    cost=400,
)
