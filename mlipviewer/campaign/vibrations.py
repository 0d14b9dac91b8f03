"""Harmonic vibrations: frequencies of a periodic cell, and what follows at a temperature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.relaxing import Array

STEP = 0.01  # A
KB = 8.617333262e-5  # eV/K
MEV = 64.65415  # meV in a root of eV/(A^2 amu)
THZ = 15.633302  # THz in it
TEMPERATURES = tuple(range(100, 1001, 100))
SOFT = 0.3
"""THz: below it a frequency counts as one of the three that move everything together."""


def columns(atoms: Any, which: Sequence[int]) -> Array:
    """(len(which), 3, n, 3) second derivatives of the energy in eV/A^2, by central differences."""
    found = np.empty((len(which), 3, len(atoms), 3))
    for row, atom in enumerate(which):
        for axis in range(3):
            sides = []
            for sign in (1, -1):
                moved = atoms.copy()
                moved.positions[atom, axis] += sign * STEP
                moved.calc = atoms.calc
                sides.append(np.array(moved.get_forces()))
            found[row, axis] = (sides[1] - sides[0]) / (2 * STEP)
    return found


def of_cell(atoms: Any) -> Array:
    """(3 n,) squares of frequencies in eV/(A^2 amu) of a cell, all of its atoms moved."""
    n = len(atoms)
    matrix = columns(atoms, range(n)).reshape(3 * n, 3 * n)
    return _eigenvalues(matrix, np.repeat(atoms.get_masses(), 3))


def of_crystal(atoms: Any, cell: Any, repeat: int) -> Array:
    """(3 n,) of a large cell that is `repeat` small ones along each edge: the atoms of the first
    one are moved, and waves are those that fit. `atoms` are in the order of `cell.repeat`."""
    k = len(cell)
    by_cell = columns(atoms, range(k)).reshape(k, 3, repeat**3, k, 3)
    cells = np.indices((repeat,) * 3).reshape(3, -1).T  # the order of ase's repeat
    masses = np.repeat(cell.get_masses(), 3)
    found = []
    for wave in cells / repeat:
        phases = np.exp(2j * np.pi * (cells @ wave))
        matrix = np.einsum("c,ixcjy->ixjy", phases, by_cell).reshape(3 * k, 3 * k)
        found.append(_eigenvalues(matrix, masses))
    return np.sort(np.concatenate(found))


def _eigenvalues(matrix: Array, masses: Array) -> Array:
    if not np.isfinite(matrix).all():
        raise Failed("forces are not finite")
    weighted = matrix / np.sqrt(np.outer(masses, masses))
    return np.linalg.eigvalsh((weighted + weighted.conj().T) / 2)


def thermal(squares: Array) -> tuple[Array, Array, Array]:
    """Free energy (meV/atom), entropy and heat capacity (k_B/atom) at TEMPERATURES, of the 3 n
    squares of frequencies less the three softest. Raises Failed where a frequency is imaginary."""
    order = np.argsort(np.abs(squares))
    kept = np.sort(squares[order[3:]])
    wrong = int((kept < (SOFT / THZ) ** 2).sum())
    if wrong:
        low = np.sign(kept[0]) * np.sqrt(abs(kept[0])) * THZ
        raise Failed(f"{wrong} frequencies are imaginary or soft, the lowest {low:.2f} THz")
    energies = np.sqrt(kept) * MEV / 1000  # eV
    heat = KB * np.array(TEMPERATURES, float)[:, None]
    x = energies / heat
    n = len(squares) / 3
    free = (0.5 * energies + heat * np.log1p(-np.exp(-x))).sum(axis=1) * 1000 / n
    entropy = (x / np.expm1(x) - np.log1p(-np.exp(-x))).sum(axis=1) / n
    capacity = (x**2 * np.exp(x) / np.expm1(x) ** 2).sum(axis=1) / n
    return free, entropy, capacity
