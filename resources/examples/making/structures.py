"""Structures of silicon: crystals, slabs and labelled configurations (lengths in A)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Structure:
    """A periodic cell: lower triangular cell vectors in rows (A) and positions (A)."""

    cell: np.ndarray
    positions: np.ndarray

    @property
    def volume(self) -> float:
        """Volume, A^3."""
        return float(np.prod(np.diag(self.cell)))

    def deformed(self, strain: np.ndarray) -> Structure:
        """Apply a lower triangular deformation (1 + strain) to cell and positions."""
        deformation = np.eye(3) + strain
        return Structure(self.cell @ deformation, self.positions @ deformation)

    def repeated(self, n: int) -> Structure:
        """The n x n x n supercell."""
        shifts = np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij"), -1).reshape(-1, 3)
        moved = self.positions[None, :, :] + (shifts @ self.cell)[:, None, :]
        return Structure(n * self.cell, moved.reshape(-1, 3))

    def rattled(self, amplitude: float, seed: int) -> Structure:
        """Gaussian displacements with the given standard deviation per component (A)."""
        noise = np.random.default_rng(seed).normal(0, amplitude, self.positions.shape)
        return Structure(self.cell, self.positions + noise)


FCC: list[list[float]] = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
# phase: (cell vectors in units of the edge, fractional positions)
PHASES: dict[str, tuple[Any, Any]] = {
    "diamond": (np.eye(3), FCC + [[x + 0.25 for x in point] for point in FCC]),
    "beta_tin": (
        np.diag([1, 1, 0.552]),
        [[0, 0, 0], [0.5, 0.5, 0.5], [0, 0.5, 0.25], [0.5, 0, 0.75]],
    ),
    "sc": (np.eye(3), [[0, 0, 0]]),
    "bcc": (np.eye(3), [[0, 0, 0], [0.5, 0.5, 0.5]]),
}


def phase(name: str, volume_per_atom: float) -> Structure:
    """A phase in its smallest convenient cell at a volume per atom (A^3), axial ratios fixed."""
    shape, fractions = (np.asarray(part, dtype=float) for part in PHASES[name])
    edge = (len(fractions) * volume_per_atom / np.linalg.det(shape)) ** (1 / 3)
    return Structure(edge * shape, fractions @ (edge * shape))


def slab(directions: list[list[int]], repeats: int, a: float) -> tuple[Structure, float]:
    """A diamond slab cut at its widest gap along the third direction; also its area, A^2."""
    from ase.lattice.cubic import Diamond

    size = (1, 1, repeats)
    atoms = Diamond("Si", directions=directions, size=size, latticeconstant=a, pbc=True)
    positions, height = atoms.get_positions(), atoms.cell.lengths()[2]
    planes = np.unique(np.round(positions[:, 2] % height, 4))
    gaps = np.diff(np.append(planes, planes[0] + height))
    cut = planes[np.argmax(gaps.round(3))] + gaps.max() / 2
    positions[:, 2] = (positions[:, 2] - cut) % height + 8.0
    cell = np.diag([*atoms.cell.lengths()[:2], height + 16.0])
    return Structure(cell, positions), cell[0, 0] * cell[1, 1]


@dataclass(frozen=True)
class Configuration:
    """A structure with the reference's forces (eV/A) and energy per atom above diamond (eV)."""

    group: str  # solid, defect or melt
    structure: Structure
    energy_above_diamond: float
    forces: np.ndarray
