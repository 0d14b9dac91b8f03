"""Relaxed defects and their formation energies."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.campaign import crystals
from mlipviewer.campaign.property import Subject
from mlipviewer.campaign.relaxing import energy_of, relax


def formation(subject: Subject, start: Any, rattled: float) -> tuple[float, list[Any]]:
    """Formation energy in eV of a structure of the crystal's atoms, relaxed at fixed cell, and the
    structure before and after. Raises Failed."""
    crystal = crystals.cubic(subject.crystal, subject.lattice())
    crystal.calc = subject.calculator()
    each = energy_of(crystal) / len(crystal)
    atoms = start.copy()
    if rattled:
        atoms.rattle(rattled, rng=np.random.default_rng(subject.seed))
    atoms.calc = subject.calculator()
    frames = [picture(atoms)]
    energy = relax(atoms) - len(atoms) * each
    return energy, [*frames, picture(atoms)]


def picture(atoms: Any) -> Any:
    """A copy with its energy and forces."""
    made = atoms.copy()
    made.info = {"energy": energy_of(atoms)}
    made.arrays.pop("forces", None)
    made.set_array("forces", np.array(atoms.get_forces()))
    return made
