"""Lattice constant and cohesive energy of the crystal."""

from __future__ import annotations

from mlipviewer.campaign import crystals
from mlipviewer.campaign.property import Found, Metric, Property, Subject, fixed
from mlipviewer.campaign.relaxing import energy_of

METRICS = (
    Metric("a", "lattice constant", "Å", "lattice", 0.03, 0.3),
    Metric("E_coh", "cohesive energy", "eV/atom", "energies", 0.05, 0.5),
)


def run(subject: Subject) -> Found:
    """The minimum of the energy over the volume; the cohesive energy against an isolated atom of
    the reference, as potentials are not trained on atoms alone. Raises Failed."""
    a = subject.lattice()
    atoms = crystals.cubic(subject.crystal, a)
    atoms.calc = subject.calculator()
    cohesive = energy_of(atoms) / len(atoms) - subject.atom_energy()
    return Found({"a": a, "E_coh": cohesive})


PROPERTY = Property(
    name="lattice",
    about="Lattice constant and cohesive energy, from the energy over the volume.",
    metrics=fixed(*METRICS),
    run=run,
    cost=10,
)
