"""Crystals, defects and slabs: the structures whose energies are asked for. Lengths in A."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.campaign.design import STRUCTURES, Crystal
from mlipviewer.campaign.failure import Failed

PHASES: dict[str, tuple[tuple[float, float, float], tuple[tuple[float, float, float], ...]]] = {
    "diamond": (
        (1, 1, 1),
        (
            (0, 0, 0),
            (0, 0.5, 0.5),
            (0.5, 0, 0.5),
            (0.5, 0.5, 0),
            (0.25, 0.25, 0.25),
            (0.25, 0.75, 0.75),
            (0.75, 0.25, 0.75),
            (0.75, 0.75, 0.25),
        ),
    ),
    "beta-tin": ((1, 1, 0.552), ((0, 0, 0), (0.5, 0.5, 0.5), (0, 0.5, 0.25), (0.5, 0, 0.75))),
    "fcc": ((1, 1, 1), ((0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0))),
    "hcp": (
        (1, 1.7320508, 1.6329932),
        ((0, 0, 0), (0.5, 0.5, 0), (0.5, 1 / 6, 0.5), (0, 2 / 3, 0.5)),
    ),
    "bcc": ((1, 1, 1), ((0, 0, 0), (0.5, 0.5, 0.5))),
    "sc": ((1, 1, 1), ((0, 0, 0),)),
}
"""Edges relative to the first, and places, of rectangular cells."""
INTERSTITIALS = {"diamond": ("tet", "hex", "spl"), "fcc": ("oct", "tet"), "bcc": ("oct", "tet")}
_EXTRA = {
    ("diamond", "tet"): (0.5, 0.5, 0.5),
    ("diamond", "hex"): (0.625, 0.625, 0.625),
    ("fcc", "oct"): (0.5, 0.5, 0.5),
    ("fcc", "tet"): (0.25, 0.25, 0.25),
    ("bcc", "oct"): (0.5, 0.5, 0.0),
    ("bcc", "tet"): (0.5, 0.25, 0.0),
}
PLANES = {
    "100": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "110": ((0, 0, 1), (1, -1, 0), (1, 1, 0)),
    "111": ((1, -1, 0), (1, 1, -2), (1, 1, 1)),
}


def phase(name: str, element: str, volume: float) -> Any:
    """The smallest rectangular cell of a phase at `volume` A^3 per atom, axial ratios fixed."""
    from ase import Atoms

    edges, places = PHASES[name]
    edge = (len(places) * volume / float(np.prod(edges))) ** (1 / 3)
    return Atoms(
        [element] * len(places), scaled_positions=places, cell=edge * np.array(edges), pbc=True
    )


def n_cubic(crystal: Crystal) -> int:
    """Atoms of the cubic cell."""
    return STRUCTURES[crystal.structure]


def cubic(crystal: Crystal, a: float) -> Any:
    """The cubic cell of the crystal."""
    return phase(crystal.structure, crystal.element, a**3 / n_cubic(crystal))


def large(crystal: Crystal, a: float, repeat: int | None = None) -> Any:
    return cubic(crystal, a).repeat(repeat or crystal.repeat)


def vacancy(crystal: Crystal, a: float, drawn_in: bool = False, repeat: int | None = None) -> Any:
    """A large cell without its first atom; `drawn_in`: its neighbours a quarter of the way in. The
    undistorted vacancy is a saddle of many potentials."""
    atoms = large(crystal, a, repeat)
    if drawn_in:
        apart = atoms.get_distances(0, range(len(atoms)), mic=True, vector=True)
        lengths = np.linalg.norm(apart, axis=1)
        near = np.flatnonzero((lengths > 0) & (lengths < 1.1 * lengths[lengths > 0].min()))
        atoms.positions[near] -= 0.25 * apart[near]
    del atoms[0]
    return atoms


def interstitial(crystal: Crystal, a: float, kind: str, repeat: int | None = None) -> Any:
    """A large cell with one atom more. Raises Failed for a kind that the crystal has not."""
    from ase import Atom

    atoms = large(crystal, a, repeat)
    n = repeat or crystal.repeat
    middle = (n // 2) * a
    if (crystal.structure, kind) == ("diamond", "spl"):
        site = int(np.argmin(np.linalg.norm(atoms.positions - middle, axis=1)))
        place = atoms.positions[site].copy()
        del atoms[site]
        for sign in (1, -1):
            atoms.append(Atom(crystal.element, place + np.array([sign * 0.8, sign * 0.8, -0.5])))
        return atoms
    extra = _EXTRA.get((crystal.structure, kind))
    if extra is None:
        raise Failed(f"{crystal.structure} has no interstitial {kind}")
    atoms.append(Atom(crystal.element, middle + a * np.array(extra)))
    return atoms


def slab(crystal: Crystal, a: float, plane: str, layers: int) -> tuple[Any, float]:
    """A slab cut where its planes are farthest apart, with 16 A of vacuum, and its area in A^2."""
    from ase.lattice import cubic as lattices

    make = {
        "diamond": lattices.Diamond,
        "fcc": lattices.FaceCenteredCubic,
        "bcc": lattices.BodyCenteredCubic,
    }[crystal.structure]
    directions = [list(one) for one in PLANES[plane]]
    atoms = make(
        crystal.element, directions=directions, size=(1, 1, layers), latticeconstant=a, pbc=True
    )
    height = atoms.cell.lengths()[2]
    positions = atoms.get_positions()
    planes = np.unique(np.round(positions[:, 2] % height, 4))
    gaps = np.diff(np.append(planes, planes[0] + height))
    cut = planes[int(np.argmax(gaps.round(3)))] + gaps.max() / 2
    positions[:, 2] = (positions[:, 2] - cut) % height + 8.0
    lengths = atoms.cell.lengths()
    atoms.set_cell([lengths[0], lengths[1], height + 16.0])
    atoms.set_positions(positions)
    return atoms, float(lengths[0] * lengths[1])
