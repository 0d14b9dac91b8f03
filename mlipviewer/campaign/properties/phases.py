"""Energies of other phases above the crystal."""

from __future__ import annotations

from functools import partial

from mlipviewer.campaign import crystals
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.property import Asked, Found, Metric, Property, Subject
from mlipviewer.campaign.relaxing import energy_of, minimum


def metrics(asked: Asked) -> tuple[Metric, ...]:
    """One for each phase that is not the crystal itself."""
    return tuple(
        Metric(_metric(name), f"energy of {name} above the crystal", "eV/atom", "phases", 0.05, 0.5)
        for name in crystals.PHASES
        if name != asked.crystal.structure
    )


def _metric(phase: str) -> str:
    return f"{phase.replace('-', '_')}_dE"


def run(subject: Subject) -> Found:
    """Each phase at the deepest minimum of its energy over the volume, axial ratios fixed. A phase
    without a minimum has no value. Raises Failed."""
    crystal, calculator = subject.crystal, subject.calculator()
    volume = subject.lattice() ** 3 / crystals.n_cubic(crystal)

    def energy(name: str, at: float) -> float:
        atoms = crystals.phase(name, crystal.element, at)
        atoms.calc = calculator
        return energy_of(atoms) / len(atoms)

    own = energy(crystal.structure, volume)
    values, failures = {}, {}
    for name in crystals.PHASES:
        if name == crystal.structure:
            continue
        try:
            found = minimum(partial(energy, name), 0.55 * volume, 1.25 * volume)
            values[_metric(name)] = found[1] - own
        except Failed as problem:
            failures[_metric(name)] = str(problem)
    return Found(values, failures=failures)


PROPERTY = Property(
    name="phases",
    about="Energies of other crystals above the crystal, each at its own volume.",
    metrics=metrics,
    run=run,
    cost=20,
)
