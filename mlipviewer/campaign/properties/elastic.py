"""Elastic constants of the perfect crystal."""

from __future__ import annotations

from mlipviewer.campaign import crystals
from mlipviewer.campaign.elasticity import cubic_constants
from mlipviewer.campaign.property import Found, Metric, Property, Subject, fixed

METRICS = (
    Metric("C11", "elastic constant C11", "GPa", "elastic", 8.0, 80.0),
    Metric("C12", "elastic constant C12", "GPa", "elastic", 5.0, 50.0),
    Metric("C44", "elastic constant C44", "GPa", "elastic", 5.0, 50.0),
    Metric("B", "bulk modulus (C11 + 2 C12)/3", "GPa", "elastic", 5.0, 50.0),
)


def run(subject: Subject) -> Found:
    """Central differences of the stress at strains of 0.4 %, atoms relaxed. Raises Failed."""
    atoms = crystals.cubic(subject.crystal, subject.lattice())
    atoms.calc = subject.calculator()
    values = cubic_constants(atoms)
    return Found(dict(zip(("C11", "C12", "C44", "B"), values, strict=True)))


PROPERTY = Property(
    name="elastic",
    about="C11, C12, C44 and the bulk modulus of the perfect crystal.",
    metrics=fixed(*METRICS),
    run=run,
    cost=60,
)
