"""Pairs of neighbouring atoms, and energies of atoms that depend on the vectors to neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np
from ase.calculators.calculator import Calculator, all_changes
from numpy.typing import NDArray

from mlipviewer.campaign.failure import Failed

Array = NDArray[Any]

CROWDED = 400
"""Neighbours per atom at most: a collapsed structure would fill the memory."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """p pairs of n atoms: `first`, `second` (p,) sorted by `first`, `vectors` (p, 3) in A from the
    first to the second; each pair comes both ways."""

    n: int
    first: Array
    second: Array
    vectors: Array

    @cached_property
    def lengths(self) -> Array:
        """(p,) in A."""
        return np.asarray(np.sqrt(np.einsum("px,px->p", self.vectors, self.vectors)))

    @cached_property
    def units(self) -> Array:
        """(p, 3) directions."""
        return np.asarray(self.vectors / self.lengths[:, None])

    @cached_property
    def starts(self) -> Array:
        """(n + 1,) where the pairs of each atom begin."""
        return np.searchsorted(self.first, np.arange(self.n + 1))

    @cached_property
    def summing(self) -> Any:
        """(n, p) sparse: sums over the pairs of each first atom."""
        from scipy.sparse import csr_matrix

        p = len(self.first)
        return csr_matrix((np.ones(p), np.arange(p), self.starts), (self.n, p))

    def within(self, cutoff: float) -> Pairs:
        """Those of the pairs that are shorter."""
        near = self.lengths < cutoff
        return Pairs(self.n, self.first[near], self.second[near], self.vectors[near])


def pairs_of(atoms: Any, cutoff: float) -> Pairs:
    """The pairs of an ase.Atoms closer than `cutoff` A, over images. Raises Failed for positions
    that are not finite, or atoms that have fallen into each other."""
    from vesin import NeighborList

    positions, cell = np.array(atoms.positions, float), np.array(atoms.cell, float)
    if not (np.isfinite(positions).all() and np.isfinite(cell).all()):
        raise Failed("positions are not finite")
    _bounded(len(atoms), atoms, cutoff)
    search = NeighborList(cutoff=cutoff, full_list=True, sorted=True, n_threads=1)
    first, second, vectors = search.compute(positions, cell, atoms.pbc, "ijD")
    if len(first) and float(np.einsum("px,px->p", vectors, vectors).min()) < 1e-12:
        raise Failed("two atoms are at the same place")
    return Pairs(len(atoms), first.astype(int), second.astype(int), vectors)


def _bounded(n: int, atoms: Any, cutoff: float) -> None:
    if not all(atoms.pbc):
        return
    expected = n / max(atoms.get_volume(), 1e-9) * 4.19 * cutoff**3
    if expected > CROWDED:
        raise Failed(f"the cell has shrunk: {expected:.0f} neighbours of each atom")


class LocalEnergy(Protocol):
    """Energies of atoms as functions of the vectors to their neighbours."""

    @property
    def cutoff(self) -> float: ...

    def energies(self, pairs: Pairs) -> tuple[Array, Array]:
        """(n,) energies in eV, and (p, 3) their slopes by the vectors in eV/A."""
        ...


class LocalCalculator(Calculator):  # type: ignore[misc]
    """An ASE calculator over a LocalEnergy: energy, energies, forces and stress."""

    implemented_properties: ClassVar[list[str]] = [
        "energy",
        "free_energy",
        "energies",
        "forces",
        "stress",
    ]

    def __init__(self, local: LocalEnergy) -> None:
        super().__init__()
        self.local = local

    def calculate(
        self,
        atoms: Any = None,
        properties: Any = ("energy",),
        system_changes: Any = tuple(all_changes),
    ) -> None:
        """See ase.calculators. Raises Failed where energies or forces are not finite."""
        super().calculate(atoms, properties, system_changes)
        pairs = pairs_of(self.atoms, self.local.cutoff)
        energies, slopes = self.local.energies(pairs)
        forces = forces_of(pairs, slopes)
        if not (np.isfinite(energies).all() and np.isfinite(forces).all()):
            raise Failed("energies or forces are not finite")
        total = float(energies.sum())
        self.results = {"energy": total, "free_energy": total, "energies": energies}
        self.results["forces"] = forces
        if all(self.atoms.pbc):
            virial = pairs.vectors.T @ slopes / self.atoms.get_volume()
            self.results["stress"] = 0.5 * (virial + virial.T).ravel()[[0, 4, 8, 5, 2, 1]]


def forces_of(pairs: Pairs, slopes: Array) -> Array:
    """(n, 3) forces in eV/A of slopes (p, 3) of the energy by the vectors of pairs."""
    forces = np.asarray(pairs.summing @ slopes)
    for axis in range(3):
        forces[:, axis] -= np.bincount(pairs.second, slopes[:, axis], pairs.n)
    return forces
