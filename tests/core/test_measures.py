"""Distances and angles over periodic images."""

import numpy as np
import pytest

from mlipviewer.core.measures import angle, chain, dihedral, distance
from mlipviewer.core.trajectory import Frame


def frame(*positions: tuple[float, float, float], cell: object = None) -> Frame:
    box = None if cell is None else np.array(cell, float)
    periodic = cell is not None
    return Frame(0, np.array(positions, float), np.ones(len(positions), int), box, (periodic,) * 3)


def test_that_distances_take_the_nearest_image() -> None:
    atoms = ((0.5, 0, 0), (9.5, 0, 0))
    assert distance(frame(*atoms), 0, 1) == pytest.approx(9)
    assert distance(frame(*atoms, cell=np.eye(3) * 10), 0, 1) == pytest.approx(1)


def test_that_skewed_cells_are_searched_around() -> None:
    cell = np.array([[10, 0, 0], [9, 3, 0], [0, 0, 10]])
    shortest = min(
        float(np.linalg.norm(np.array([5.2, 1.4, 0]) + np.array([i, j, 0]) @ cell))
        for i in range(-4, 5)
        for j in range(-4, 5)
    )
    assert distance(frame((0, 0, 0), (5.2, 1.4, 0), cell=cell), 0, 1) == pytest.approx(shortest)


def test_that_angles_and_dihedrals_have_their_known_values() -> None:
    water = frame((1, 0, 0), (0, 0, 0), (0, 2, 0))
    assert angle(water, 0, 1, 2) == pytest.approx(90)
    twisted = frame((1, 0, 0), (0, 0, 0), (0, 0, 1), (0, 1, 1))
    assert abs(dihedral(twisted, (0, 1, 2, 3))) == pytest.approx(90)
    flat = frame((1, 0, 0), (0, 0, 0), (0, 0, 1), (-1, 0, 1))
    assert abs(dihedral(flat, (0, 1, 2, 3))) == pytest.approx(180)


def test_that_the_sign_of_a_dihedral_is_that_of_ase() -> None:
    from ase import Atoms

    positions = np.random.default_rng(3).uniform(0, 4, (4, 3))
    expected = Atoms("H4", positions).get_dihedral(0, 1, 2, 3)
    found = dihedral(frame(*positions), (0, 1, 2, 3))
    assert found % 360 == pytest.approx(expected)


def test_that_a_chain_goes_from_neighbour_to_neighbour() -> None:
    line = frame((3, 0, 0), (0, 0, 0), (2, 0, 0), (1, 0, 0))
    assert chain(line, (0, 1, 2, 3)) == (0, 2, 3, 1)
