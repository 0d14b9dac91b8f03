"""Crystals made here from their space groups, as frames and as trajectories of one frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from ase import Atoms
from ase.spacegroup import crystal

from mlipviewer.core.analysis import Inputs
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

HCP = (8 / 3) ** 0.5
"""c over a of spheres that touch."""


def cubic(a: float) -> list[float]:
    return [a, a, a, 90, 90, 90]


def hexagonal(a: float, c: float) -> list[float]:
    return [a, a, c, 90, 90, 120]


Site = tuple[float, float, float]
CRYSTALS: Mapping[str, tuple[int, list[float], Sequence[tuple[str, Site]]]] = MappingProxyType(
    {
        "CsCl": (221, cubic(4.12), [("Cs", (0, 0, 0)), ("Cl", (0.5, 0.5, 0.5))]),
        "NaCl": (225, cubic(5.64), [("Na", (0, 0, 0)), ("Cl", (0.5, 0.5, 0.5))]),
        "NiAs": (
            194,
            hexagonal(3.6, 3.6 * HCP),
            [("Na", (0, 0, 0)), ("S", (1 / 3, 2 / 3, 0.25))],
        ),
        "perovskite": (
            221,
            cubic(3.9),
            [("Sr", (0.5, 0.5, 0.5)), ("Ti", (0, 0, 0)), ("O", (0.5, 0, 0))],
        ),
        "fluorite": (225, cubic(5.46), [("Ca", (0, 0, 0)), ("F", (0.25, 0.25, 0.25))]),
        "antifluorite": (225, cubic(4.62), [("O", (0, 0, 0)), ("Li", (0.25, 0.25, 0.25))]),
        "fcc anions": (
            225,
            cubic(5.6),
            [("S", (0, 0, 0)), ("Li", (0.25, 0.25, 0.25)), ("Na", (0.5, 0.5, 0.5))],
        ),
        "bcc anions": (229, cubic(4.1), [("S", (0, 0, 0)), ("Li", (0.5, 0.25, 0))]),
        "hcp anions": (
            194,
            hexagonal(3.6, 3.6 * HCP),
            [("S", (1 / 3, 2 / 3, 0.25)), ("Li", (1 / 3, 2 / 3, 0.625))],
        ),
        "LaCl3": (
            176,
            hexagonal(7.478, 4.3745),
            [
                ("La", (1 / 3, 2 / 3, 0.25)),
                ("Cl", (0.38741, 0.30156, 0.25)),
                ("Na", (0, 0, 0)),
            ],
        ),
        "P2-NaCoO2": (
            194,
            hexagonal(2.84, 10.81),
            [
                ("Na", (0, 0, 0.25)),
                ("Na", (2 / 3, 1 / 3, 0.25)),
                ("Co", (0, 0, 0)),
                ("O", (1 / 3, 2 / 3, 0.0913)),
            ],
        ),
        "NASICON": (
            167,
            hexagonal(8.8043, 22.7585),
            [
                ("Na", (0, 0, 0)),
                ("Zr", (0, 0, 0.1456)),
                ("P", (0.2916, 0, 0.25)),
                ("O", (0.1860, -0.0146, 0.1947)),
                ("O", (0.1913, 0.1684, 0.0863)),
            ],
        ),
        "corundum": (167, hexagonal(4.76, 12.99), [("Al", (0, 0, 0.352)), ("O", (0.306, 0, 0.25))]),
        "rutile": (
            136,
            [4.594, 4.594, 2.959, 90, 90, 90],
            [("Ti", (0, 0, 0)), ("O", (0.305, 0.305, 0))],
        ),
        "wurtzite": (
            186,
            hexagonal(3.25, 5.2),
            [("Zn", (1 / 3, 2 / 3, 0)), ("O", (1 / 3, 2 / 3, 0.382))],
        ),
    }
)


def atoms_of(name: str) -> Atoms:
    """A crystal of CRYSTALS."""
    group, cell, basis = CRYSTALS[name]
    symbols, sites = zip(*basis, strict=True)
    return crystal(list(symbols), list(sites), spacegroup=group, cellpar=cell)


def frame_of(atoms: Atoms, **columns: Any) -> Frame:
    return Frame(
        0,
        np.array(atoms.positions),
        np.array(atoms.numbers, np.int32),
        np.array(atoms.cell.array),
        (True, True, True),
        columns=MappingProxyType(columns),
    )


def inputs_of(atoms: Atoms | Frame) -> Inputs:
    frame = atoms if isinstance(atoms, Frame) else frame_of(atoms)
    return Inputs(trajectory=Trajectory.whole("made", MemorySource("made", "memory", [frame])))
