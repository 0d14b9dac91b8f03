"""Neighbours over periodic images, against brute force, ASE and crystals known by heart."""

import numpy as np
import pytest
from ase.build import bulk, fcc111, molecule
from ase.neighborlist import neighbor_list
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.measures import distance
from mlipviewer.core.neighbours import bonded, connected, coordination, pairs, within
from mlipviewer.core.periodic import nearest_images, periodic_cell
from mlipviewer.core.trajectory import Frame

SEEDS = st.integers(0, 10_000)


def of_ase(atoms) -> Frame:
    return Frame(
        0,
        atoms.positions.copy(),
        atoms.numbers.copy(),
        np.array(atoms.cell),
        tuple(bool(p) for p in atoms.pbc),
    )


def skewed(seed: int, n: int = 12) -> Frame:
    """A small cell, often a flat one, with atoms in and out of it."""
    rng = np.random.default_rng(seed)
    cell = rng.uniform(2, 6) * (np.eye(3) + np.triu(rng.uniform(-1.5, 1.5, (3, 3)), 1))
    pbc = tuple(bool(b) for b in rng.integers(0, 2, 3))
    positions = rng.uniform(-1, 2, (n, 3)) @ cell
    return Frame(0, positions, rng.choice([1, 6, 8], n), cell, pbc, rng.uniform(-2, 2, 3))


def brute_force(frame: Frame, reach: int = 12) -> np.ndarray:
    """(n, n) the shortest distances over many images."""
    apart = frame.positions[None] - frame.positions[:, None]
    best = np.linalg.norm(apart, axis=2)
    reaches = [reach if p else 0 for p in frame.pbc]
    for shift in np.ndindex(*(2 * r + 1 for r in reaches)):
        moved = apart + (np.array(shift) - reaches) @ frame.cell
        best = np.minimum(best, np.linalg.norm(moved, axis=2))
    return best


@given(SEEDS)
def test_that_the_nearest_image_is_the_nearest_of_all(seed: int) -> None:
    frame = skewed(seed, 4)
    expected = brute_force(frame)
    found = [[distance(frame, i, j) for j in range(4)] for i in range(4)]
    assert np.allclose(found, expected)


@given(SEEDS, st.floats(0.3, 4.0))
def test_that_within_a_distance_is_what_brute_force_finds(seed: int, reach: float) -> None:
    frame = skewed(seed)
    chosen = np.arange(12) < 2
    expected = (brute_force(frame)[:, :2] <= reach).any(axis=1)
    assert within(frame, chosen, reach).tolist() == expected.tolist()


@given(SEEDS, st.floats(0.3, 4.0))
def test_that_pairs_and_counts_are_those_of_ase(seed: int, reach: float) -> None:
    from ase import Atoms

    frame = skewed(seed)
    atoms = Atoms(frame.numbers, frame.positions, cell=frame.cell, pbc=frame.pbc)
    i, j = neighbor_list("ij", atoms, reach)
    expected = {(min(a, b), max(a, b)) for a, b in zip(i.tolist(), j.tolist(), strict=True)}
    first, second = pairs(frame, reach)
    found = {(min(a, b), max(a, b)) for a, b in zip(first.tolist(), second.tolist(), strict=True)}
    assert found == {pair for pair in expected if pair[0] != pair[1]}
    counts = np.bincount(i, minlength=12)
    assert [coordination(frame, row, reach) for row in range(12)] == counts.tolist()


@pytest.mark.parametrize(
    ("symbol", "structure", "reach", "expected"),
    [
        ("Cu", "fcc", 3.0, 12),
        ("Li", "bcc", 3.2, 8),
        ("Si", "diamond", 2.6, 4),
        ("Mg", "hcp", 3.4, 12),
    ],
)
def test_that_crystals_have_their_coordination(
    symbol: str, structure: str, reach: float, expected: int
) -> None:
    frame = of_ase(bulk(symbol, structure))  # one or two atoms: all neighbours are images
    assert coordination(frame, 0, reach) == expected
    assert coordination(frame, 0, reach, periodic=False) < expected


def test_that_bonds_grow_shell_by_shell_and_clusters_are_whole() -> None:
    two = molecule("CH3CH2OH")
    other = two.copy()
    other.positions += [20, 0, 0]
    frame = of_ase(two + other)
    oxygen = frame.numbers == 8
    oxygen[9:] = False
    first = bonded(frame, oxygen)
    assert sorted(frame.numbers[first].tolist()) == [1, 6, 8]  # O-H and C-O
    assert bonded(frame, oxygen, 3).sum() == 9
    assert bonded(frame, oxygen, 9).tolist() == [True] * 9 + [False] * 9
    assert connected(frame, oxygen).tolist() == [True] * 9 + [False] * 9
    assert connected(frame, oxygen, 25.0).all()


def test_that_a_cluster_goes_on_through_the_wall_of_the_cell() -> None:
    positions = np.array([[0.5, 5, 5], [9.5, 5, 5], [5.0, 5, 5]])
    frame = Frame(0, positions, np.array([3, 3, 3]), np.eye(3) * 10, (True, False, False))
    chosen = np.array([True, False, False])
    assert connected(frame, chosen, 1.5).tolist() == [True, True, False]
    assert within(frame, chosen, 1.5).tolist() == [True, True, False]


def test_that_layers_without_a_third_vector_repeat_in_two() -> None:
    slab = fcc111("Cu", (1, 1, 1), vacuum=None)
    frame = of_ase(slab)
    assert frame.cell is not None
    assert not frame.cell[2].any()
    found = periodic_cell(frame)
    assert found is not None
    assert found[1].tolist() == [True, True, False]
    assert coordination(frame, 0, 2.7) == 6


def test_that_atoms_without_a_place_are_nobodys_neighbours() -> None:
    frame = Frame(0, np.array([[0.0, 0, 0], [np.nan, 0, 0], [1, 0, 0]]), np.array([1, 1, 1]))
    assert within(frame, np.array([True, True, False]), 1.0).tolist() == [True, True, True]
    assert pairs(frame, 1.0)[0].tolist() == [0]
    assert nearest_images(np.zeros((0, 3)), frame).shape == (0, 3)


def test_that_images_beyond_counting_are_refused() -> None:
    rng = np.random.default_rng(0)
    frame = Frame(
        0, rng.uniform(0, 0.1, (2000, 3)), np.ones(2000, int), np.eye(3) * 0.1, (True,) * 3
    )
    with pytest.raises(ValueError, match="too large"):
        within(frame, np.ones(2000, bool), 30.0)
