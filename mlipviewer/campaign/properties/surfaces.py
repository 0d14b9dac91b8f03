"""Energies of surfaces."""

from __future__ import annotations

from mlipviewer.campaign import crystals
from mlipviewer.campaign.defects import picture
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.property import Found, Metric, Property, Subject, fixed
from mlipviewer.campaign.relaxing import energy_of, relax

J_PER_M2 = 16.02176634
"""J/m^2 in an eV/A^2."""
METRICS = tuple(
    Metric(f"surf_{plane}", f"energy of the ({plane}) surface", "J/m²", "surfaces", 0.1, 1.0)
    for plane in crystals.PLANES
)


def run(subject: Subject) -> Found:
    """Slabs of one surface cell, relaxed, not reconstructed. Raises Failed."""
    a, calculator = subject.lattice(), subject.calculator()
    crystal = crystals.cubic(subject.crystal, a)
    crystal.calc = calculator
    each = energy_of(crystal) / len(crystal)
    values, frames, failures = {}, {}, {}
    for plane in crystals.PLANES:
        name = f"surf_{plane}"
        atoms, area = crystals.slab(subject.crystal, a, plane, 2 if plane == "111" else 4)
        atoms.calc = calculator
        try:
            before = picture(atoms)
            values[name] = (relax(atoms) - len(atoms) * each) / (2 * area) * J_PER_M2
            frames[name] = [before, picture(atoms)]
        except Failed as problem:
            failures[name] = str(problem)
    return Found(values, frames=frames, failures=failures)


PROPERTY = Property(
    name="surfaces",
    about="Energies of the (100), (110) and (111) surfaces, relaxed, not reconstructed.",
    metrics=fixed(*METRICS),
    run=run,
    cost=60,
)
