"""Energies, stresses and relaxations with gates: what is not finite or not converged has failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign.failure import Failed

Array = NDArray[Any]

GPA = 160.21766208
"""GPa in an eV/A^3."""
FORCE = 0.01
"""eV/A: relaxed."""
STEPS = 400
FINE = 0.005


def energy_of(atoms: Any) -> float:
    """eV. Raises Failed where it is not finite."""
    found = float(atoms.get_potential_energy())
    if not np.isfinite(found):
        raise Failed("the energy is not finite")
    return found


def relax(atoms: Any, force: float = FORCE, steps: int = STEPS) -> float:
    """Move the atoms downhill in their cell; the energy in eV. Raises Failed."""
    from ase.optimize import FIRE, LBFGS

    before = energy_of(atoms)
    fine = force < FINE  # near the minimum, where it is nearly a parabola
    search = LBFGS(atoms, logfile=None, maxstep=0.05) if fine else FIRE(atoms, logfile=None)
    search.run(fmax=force, steps=steps)
    largest = float(np.linalg.norm(atoms.get_forces(), axis=1).max())
    if not np.isfinite(largest) or largest > 5 * force:
        raise Failed(f"not relaxed after {steps} steps: largest force {largest:.3g} eV/A")
    after = energy_of(atoms)
    if after < before - 20.0 * len(atoms):
        raise Failed(f"it fell by {(before - after) / len(atoms):.3g} eV per atom")
    return after


def stress_gpa(atoms: Any) -> Array:
    """(6,) in GPa, xx yy zz yz xz xy, of ASE's sign. Raises Failed."""
    found = np.asarray(atoms.get_stress(), float) * GPA
    if not np.isfinite(found).all():
        raise Failed("the stress is not finite")
    return np.asarray(found)


def minimum(
    energy: Callable[[float], float], low: float, high: float, points: int = 15
) -> tuple[float, float]:
    """Place and value of the deepest inner minimum of a function. Raises Failed."""
    from scipy.optimize import minimize_scalar

    places = np.linspace(low, high, points)
    values = np.array([energy(float(x)) for x in places])
    inner = np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])) + 1
    if not len(inner):
        raise Failed(f"there is no minimum of the energy between {low:.4g} and {high:.4g} A^3/atom")
    best = inner[np.argmin(values[inner])]
    bounds = (places[best - 1], places[best + 1])
    found = minimize_scalar(energy, bounds=bounds, method="bounded", options={"xatol": 1e-4})
    return float(found.x), float(found.fun)
