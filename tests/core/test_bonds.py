"""Bonds over periodic images, against a count by hand and against ASE."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.neighborlist import neighbor_list

from mlipviewer.core.bonds import bonds_of, whole_cell
from mlipviewer.core.trajectory import Frame


def frame_of(atoms: Atoms) -> Frame:
    pbc = tuple(bool(one) for one in atoms.pbc)
    return Frame(0, atoms.positions.copy(), atoms.numbers.copy(), np.array(atoms.cell), pbc)  # type: ignore[arg-type]


def longest(codes: np.ndarray, length: float) -> np.ndarray:
    lengths = np.zeros((256, 256))
    lengths[np.ix_(codes, codes)] = length
    return lengths


def test_that_each_atom_of_diamond_has_four_bonds_even_in_one_cell() -> None:
    frame = frame_of(bulk("C", "diamond", a=3.57))  # two atoms in a skewed cell
    codes = frame.numbers.astype(np.uint8)
    found = bonds_of(frame, codes, longest(np.unique(codes), 1.8))
    assert np.bincount(found.first).tolist() == [4, 4]
    assert np.linalg.norm(found.vectors, axis=1) == pytest.approx(3.57 * np.sqrt(3) / 4)


@pytest.mark.parametrize("pbc", [(True, True, True), (False, False, False), (True, False, True)])
def test_that_bonds_agree_with_ase(pbc: tuple[bool, bool, bool]) -> None:
    atoms = bulk("NaCl", "rocksalt", a=5.6) * (2, 3, 2)
    atoms.rattle(0.3, seed=3)
    atoms.pbc = pbc
    frame = frame_of(atoms)
    codes = frame.numbers.astype(np.uint8)
    lengths = np.zeros((256, 256))
    lengths[11, 17] = lengths[17, 11] = 3.4
    found = bonds_of(frame, codes, lengths)
    first, second, vectors = neighbor_list("ijD", atoms, {("Na", "Cl"): 3.4})

    def bonds(i: np.ndarray, j: np.ndarray, v: np.ndarray) -> set[tuple[float, ...]]:
        return {(a, b, *c) for a, b, c in zip(i, j, np.round(v, 6).tolist(), strict=True)}

    assert bonds(found.first, found.second, found.vectors) == bonds(first, second, vectors)


def test_that_atoms_without_a_place_and_flat_cells_do_no_harm() -> None:
    places = np.array([[0, 0, 0], [np.nan, 0, 0], [0, 0, 1.5]])
    frame = Frame(0, places, np.array([6, 6, 6]), np.zeros((3, 3)), (True, True, True))
    found = bonds_of(frame, np.full(3, 6, np.uint8), longest(np.array([6]), 2.0))
    assert found.first.tolist() == [0, 2]
    assert found.second.tolist() == [2, 0]
    assert whole_cell(frame)[1].tolist() == [False] * 3
    nothing = bonds_of(frame, np.full(3, 6, np.uint8), np.zeros((256, 256)))
    assert nothing.n == 0
