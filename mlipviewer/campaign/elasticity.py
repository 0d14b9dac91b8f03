"""Elastic constants by central differences of the stress, atoms relaxed."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.relaxing import Array, relax, stress_gpa

STEP = 0.004


def stiffness(
    atoms: Any, force: float = 0.0003, columns: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
) -> Array:
    """(6, len(columns)) in GPa, of a relaxed structure with a calculator; strains in Voigt order
    (xx yy zz yz xz xy), shears as engineering strains. Raises Failed."""
    found = []
    for number in columns:
        plus, minus = (_stress(atoms, number, sign * STEP, force) for sign in (1, -1))
        found.append((plus - minus) / (2 * STEP))
    made = np.array(found).T
    if np.abs(made).max() > 1e5:
        raise Failed(f"an elastic constant of {np.abs(made).max():.3g} GPa")
    return made


def _stress(atoms: Any, number: int, size: float, force: float) -> Array:
    strain = np.zeros((3, 3))
    i, j = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))[number]
    strain[i, j] += size / 2
    strain[j, i] += size / 2
    made = atoms.copy()
    made.calc = atoms.calc
    made.set_cell(np.array(atoms.cell) @ (np.eye(3) + strain), scale_atoms=True)
    relax(made, force)
    return stress_gpa(made)


def cubic_constants(atoms: Any, force: float = 0.0003) -> tuple[float, float, float, float]:
    """C11, C12, C44 and the bulk modulus (GPa) of a structure of cubic symmetry."""
    found = stiffness(atoms, force, (0, 3))
    c11, c12, c44 = found[0, 0], (found[1, 0] + found[2, 0]) / 2, found[3, 1]
    return float(c11), float(c12), float(c44), float(c11 + 2 * c12) / 3


def averaged_constants(atoms: Any, force: float = 0.0003) -> tuple[float, float, float, float]:
    """C11, C12, C44 as means over the axes, and Voigt's bulk modulus (GPa), of any structure."""
    c = stiffness(atoms, force)
    c11, c44 = np.diag(c)[:3].mean(), np.diag(c)[3:].mean()
    c12 = (c[0, 1] + c[1, 0] + c[0, 2] + c[2, 0] + c[1, 2] + c[2, 1]) / 6
    return float(c11), float(c12), float(c44), float(c11 + 2 * c12) / 3
