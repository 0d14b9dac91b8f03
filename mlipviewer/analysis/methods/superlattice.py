"""Superlattice reflections: S^2 by their strength beside the fundamental ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.chemistry import species_of
from mlipviewer.analysis.methods.long_range_order import (
    B2,
    L1_0,
    L1_1,
    L1_2,
    LongRangeOrder,
    best_order,
)
from mlipviewer.analysis.methods.parent_lattice import (
    BCC,
    CUBIC,
    DIAGONAL_NAMES,
    DIAGONALS,
    ParentLattice,
    parent_lattice,
)
from mlipviewer.analysis.methods.scattering import form_factor
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

FUNDAMENTAL = {"fcc": ((1, 1, 1), (2, 0, 0)), BCC: ((1, 1, 0), (2, 0, 0))}
SUPER = {L1_2: ((1, 0, 0), (1, 1, 0)), B2: ((1, 0, 0), (1, 1, 1))}


@dataclass(frozen=True, eq=False)
class Family:
    """Reflections that are alike: their name, indices (m, 3) of the cubic cell, and intensities per
    atom: as they are and as they were with S = 1."""

    name: str
    superlattice: bool
    indices: Array
    q: float
    measured: float
    ordered: float


@dataclass(frozen=True, eq=False)
class Crystal:
    """The lattice of a frame and its order, where it has one."""

    lattice: ParentLattice
    order: LongRangeOrder | None
    structure: str

    def reciprocal(self, indices: Array) -> Array:
        """(m, 3) the wave vectors in 1/A of indices of the cubic cell."""
        found: Array = np.pi * np.asarray(indices, float) @ np.linalg.inv(self.lattice.cell)
        return found

    def indices(self, vectors: Array) -> Array:
        """(m, 3) the indices of wave vectors in 1/A."""
        found: Array = np.asarray(vectors, float) @ self.lattice.cell / np.pi
        return found


def crystal_of(frame: Frame) -> Crystal | None:
    """The crystal that the atoms are, None for none."""
    rows = np.arange(frame.n_atoms)
    try:
        lattice = parent_lattice(frame, rows)
    except AnalysisProblem:
        return None
    names, species = species_of(frame)
    order = best_order(lattice, species, names, (), "") if len(names) > 1 else None
    return Crystal(lattice, order, order.sublattices.structure if order else "")


def alike(indices: tuple[int, ...]) -> Array:
    """(m, 3) all indices that differ in order and sign."""
    found = {
        tuple(s * i for s, i in zip(signs, order, strict=True))
        for order in permutations(indices)
        for signs in product((1, -1), repeat=3)
    }
    return np.array(sorted(found), float)


def named_vectors(crystal: Crystal) -> list[tuple[str, bool, Array]]:
    """Names of families, whether they are of the superlattice, and their indices."""
    found = [(_name(one), False, alike(one)) for one in FUNDAMENTAL[crystal.lattice.kind]]
    order = crystal.order
    if order is None:
        return found
    axis = order.sublattices.axis
    if crystal.structure == L1_0:
        c = CUBIC.index(axis)
        first, second = np.eye(3)[(c + 1) % 3], np.eye(3)[(c + 2) % 3]
        layers = np.stack([np.eye(3)[c], -np.eye(3)[c]])
        across = np.array([s * first + t * second for s in (1, -1) for t in (1, -1)])
        return [*found, ("001", True, layers), ("110", True, across)]
    if crystal.structure == L1_1:
        along = DIAGONALS[DIAGONAL_NAMES.index(axis)] / 2
        return [*found, ("½½½", True, np.stack([along, -along]))]
    return [*found, *((_name(one), True, alike(one)) for one in SUPER[crystal.structure])]


def _name(indices: tuple[int, ...]) -> str:
    return "".join(str(i) for i in indices)


def families_of(frame: Frame, crystal: Crystal) -> list[Family]:
    """The first reflections of the fundamental lattice and of the superlattice."""
    on = crystal.lattice.on_it
    here, numbers = frame.positions[on], frame.numbers[on]
    found = []
    for name, upper, indices in named_vectors(crystal):
        vectors = crystal.reciprocal(indices)
        q = np.linalg.norm(vectors, axis=1)
        phases = np.exp(1j * here @ vectors.T)
        factors = {int(z): form_factor(int(z), q) for z in np.unique(numbers)}
        own = sum((factors[int(z)] * phases[numbers == z].sum(axis=0) for z in factors), 0j * q)
        best = _with_order(crystal, numbers, on, phases, factors, q)
        measured, ordered = (float(np.mean(np.abs(a) ** 2)) / len(here) ** 2 for a in (own, best))
        found.append(Family(name, upper, indices, float(q.mean()), measured, ordered))
    return found


def _with_order(
    crystal: Crystal, numbers: Array, on: Array, phases: Array, factors: dict[int, Array], q: Array
) -> Array:
    """(m,) amplitudes with each sublattice full of its family, whose elements are mixed."""
    order = crystal.order
    kinds = sorted(factors)
    if order is None:
        return np.asarray(sum((factors[z] * phases[numbers == z].sum(axis=0) for z in kinds), 0j))
    which, total = order.sublattices.which[on], np.zeros(len(q), complex)
    symbols = {int(z): place for place, z in enumerate(_in_order_of_names(kinds))}
    for side in (0, 1):
        family = [z for z in kinds if order.families[symbols[z]] == side]
        counts = np.array([(numbers == z).sum() for z in family], float)
        if counts.sum() == 0:
            continue
        weights = counts / counts.sum()
        mean = sum((w * factors[z] for w, z in zip(weights, family, strict=True)), np.zeros(len(q)))
        total += mean * phases[which == side].sum(axis=0)
    return total


def _in_order_of_names(kinds: list[int]) -> list[int]:
    """Atomic numbers in the alphabetical order of their symbols, which is that of species."""
    from mlipviewer.core.elements import elements

    return sorted(kinds, key=lambda z: elements()[z].symbol)


def squared_order(families: list[Family]) -> list[tuple[str, float, float, float]]:
    """Of each family of the superlattice: its name, I / I of the fundamental ones, the same with
    S = 1, and S^2, their ratio."""
    plain = [one for one in families if not one.superlattice]
    measured, ordered = (sum(getattr(f, n) for f in plain) for n in ("measured", "ordered"))
    found = []
    for one in families:
        if one.superlattice and one.ordered > 0 and measured > 0:
            own, best = one.measured / measured, one.ordered / ordered
            found.append((one.name, own, best, own / best))
    return found
