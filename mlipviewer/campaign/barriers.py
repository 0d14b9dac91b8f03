"""Barriers of hops: a band of structures between two minima, its highest one driven to the top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlipviewer.campaign.defects import picture
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.relaxing import energy_of, relax

IMAGES = 5
"""Structures between the two ends."""
SPRING = 1.0  # eV/A^2
FORCE = 0.05  # eV/A
STEPS = 250
UNEQUAL = 0.05
"""eV by which two ends that are the same by symmetry may differ."""
LEAST = 1e-3
"""eV: a lower barrier is none: an end lies at the top, or there is no hill between the ends."""


def barrier(start: Any, end: Any, calculator: Any) -> tuple[float, float, list[Any]]:
    """Height in eV of the hill between two structures that are the same by symmetry (atoms in the
    same order), how far the two ends are apart in eV, and the structures of the band. The ends are
    relaxed first. Raises Failed."""
    ends = [_relaxed(one, calculator) for one in (start, end)]
    energies = [energy_of(one) for one in ends]
    apart = abs(energies[1] - energies[0])
    if apart > UNEQUAL:
        raise Failed(f"the two ends of the hop differ by {apart:.3g} eV: one left its site")
    band = _band(ends, calculator)
    found = np.array([energy_of(one) for one in band])
    height = float(found.max() - min(energies))
    if height < LEAST:
        raise Failed("there is no hill between the two ends of the hop")
    return height, apart, [picture(one) for one in band]


def _relaxed(atoms: Any, calculator: Any) -> Any:
    made = atoms.copy()
    made.calc = calculator
    relax(made)
    return made


def _band(ends: Sequence[Any], calculator: Any) -> list[Any]:
    """The converged band with its ends. Raises Failed."""
    from ase.mep import NEB
    from ase.optimize import FIRE

    images = [ends[0], *(ends[0].copy() for _ in range(IMAGES)), ends[1]]
    for one in images[1:-1]:
        one.calc = calculator
    band = NEB(
        images, k=SPRING, climb=False, method="improvedtangent", allow_shared_calculator=True
    )
    band.interpolate(method="idpp", mic=True)
    FIRE(band, logfile=None).run(fmax=10 * FORCE, steps=STEPS)
    band.climb = True
    FIRE(band, logfile=None).run(fmax=FORCE, steps=STEPS)
    largest = float(np.linalg.norm(band.get_forces().reshape(-1, 3), axis=1).max())
    if not np.isfinite(largest) or largest > 3 * FORCE:
        raise Failed(f"the path of the hop did not converge: largest force {largest:.3g} eV/A")
    return images
