"""Common neighbours, templates and centro-symmetry against what is known of perfect crystals."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.native import structure as of
from mlipviewer.native.nearest import Grid, nearest_atoms, whole_cell

EVERYWHERE = (True, True, True)
HCP_CELL = bulk("Mg", "hcp", a=3.2, c=3.2 * np.sqrt(8 / 3), orthorhombic=True)


def close_packed(stacking: str, repeat: int = 3) -> Atoms:
    """Layers A, B, C of unit spheres, periodic."""
    a, height = 1.0, np.sqrt(2 / 3)
    cell = [[a, 0, 0], [a / 2, a * np.sqrt(3) / 2, 0], [0, 0, height * len(stacking)]]
    shift = {"A": (0.0, 0.0), "B": (1 / 3, 1 / 3), "C": (2 / 3, 2 / 3)}
    scaled = [(*shift[layer], i / len(stacking)) for i, layer in enumerate(stacking)]
    atoms = Atoms("X" * len(stacking), cell=cell, pbc=True, scaled_positions=scaled)
    return atoms.repeat((repeat, repeat, 1))


def grid(atoms: Atoms, k: int = 16) -> Grid:
    return Grid(atoms.positions, np.array(atoms.cell), tuple(atoms.pbc), k)


@pytest.mark.parametrize("repeat", [1, 2, 5])
@pytest.mark.parametrize(
    ("atoms", "type_"),
    [
        (bulk("Li", "bcc", a=3.44, cubic=True), of.BCC),
        (bulk("Al", "fcc", a=4.05, cubic=True), of.FCC),
        (bulk("Al", "fcc", a=4.05), of.FCC),
        (HCP_CELL, of.HCP),
    ],
)
def test_that_perfect_crystals_are_all_of_their_type(atoms: Atoms, type_: int, repeat: int) -> None:
    with grid(atoms.repeat(repeat)) as made:
        assert set(of.cna_types(made)) == {type_}
        found = of.match_templates(made)
    assert set(found.types) == {type_}
    assert found.deviations.max() < 1e-5


def test_that_diamond_is_other_for_cna_and_itself_for_templates() -> None:
    with grid(bulk("Si", "diamond", a=5.43, cubic=True).repeat(3), 19) as made:
        assert set(of.cna_types(made)) == {of.OTHER}
        wanted = (of.FCC, of.HCP, of.BCC, of.CUBIC_DIAMOND, of.HEXAGONAL_DIAMOND)
        assert set(of.match_templates(made, wanted).types) == {of.CUBIC_DIAMOND}


@pytest.mark.parametrize(
    ("stacking", "share_of_hcp"),
    [("ABAC", 1 / 2), ("ABCBCACAB", 2 / 3), ("ABCABCBCABC", 2 / 11), ("ABC", 0.0), ("AB", 1.0)],
)
def test_that_stackings_have_their_share_of_hcp(stacking: str, share_of_hcp: float) -> None:
    with grid(close_packed(stacking)) as made:
        for types in (of.cna_types(made), of.match_templates(made).types):
            assert set(types) <= {of.FCC, of.HCP}
            assert np.mean(types == of.HCP) == pytest.approx(share_of_hcp)


@pytest.mark.parametrize(
    ("noise", "adaptive", "fixed", "templates"),
    [(0.05, 1.0, 1.0, 1.0), (0.10, 1.0, 1.0, 1.0), (0.15, 0.985, 0.981, 0.998)],
)
def test_that_noisy_lithium_keeps_its_known_shares_of_bcc(
    noise: float, adaptive: float, fixed: float, templates: float
) -> None:
    """The shares of an independent program on 16 000 atoms of bcc lithium, a = 3.44 A."""
    atoms = bulk("Li", "bcc", a=3.44, cubic=True).repeat(20)
    rng = np.random.default_rng(1)
    atoms.positions += rng.normal(0, noise, atoms.positions.shape)
    with grid(atoms) as made:
        assert np.mean(of.cna_types(made) == of.BCC) == pytest.approx(adaptive, abs=0.006)
        assert np.mean(of.cna_types(made, 1.2071 * 3.44) == of.BCC) == pytest.approx(
            fixed, abs=0.006
        )
        found = of.match_templates(made)
    assert np.mean((found.types == of.BCC) & (found.deviations <= 0.1)) == pytest.approx(
        templates, abs=0.006
    )


def test_that_an_icosahedron_is_found_in_the_open() -> None:
    golden = (1 + np.sqrt(5)) / 2
    corners = [(0, a, b * golden) for a in (-1, 1) for b in (-1, 1)]
    around = [np.roll(corner, turn) for corner in corners for turn in range(3)]
    with Grid(np.array([(0, 0, 0), *around], float)) as made:
        assert of.cna_types(made)[0] == of.ICO
        assert of.match_templates(made).types[0] == of.ICO


def test_that_centro_symmetry_is_zero_in_a_crystal_and_known_for_one_moved_atom() -> None:
    atoms = bulk("Al", "fcc", a=4.0, cubic=True).repeat(4)
    with grid(atoms) as made:
        assert np.allclose(of.centro_symmetry(made, 12), 0, atol=1e-9)
        with pytest.raises(ValueError, match="even"):
            of.centro_symmetry(made, 11)
    moved = 0.1
    atoms.positions[0, 0] += moved
    with grid(atoms) as made:  # each of the six pairs misses its centre by 2 * 0.1 A
        assert of.centro_symmetry(made, 12)[0] == pytest.approx(6 * (2 * moved) ** 2, rel=1e-5)


cells = st.tuples(st.floats(2, 9), st.floats(2, 9), st.floats(2, 9), *[st.floats(-3, 3)] * 3).map(
    lambda x: np.array([[x[0], 0, 0], [x[3], x[1], 0], [x[4], x[5], x[2]]])
)


@settings(max_examples=60)
@given(cells, st.tuples(*[st.booleans()] * 3), st.integers(1, 40), st.integers(0, 2**31 - 1))
def test_that_the_nearest_are_those_of_a_search_through_all_images(
    cell: np.ndarray, pbc: tuple[bool, bool, bool], n: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    positions = (rng.random((n, 3)) * 3 - 1) @ cell
    k = 9
    with Grid(positions, cell, pbc, k) as made:
        indices, vectors = nearest_atoms(made, k)
    reach = range(-12, 13)
    turns = np.array(
        [(a, b, c) for a in (reach if pbc[0] else [0]) for b in (reach if pbc[1] else [0])
         for c in (reach if pbc[2] else [0])]
    )  # fmt: skip
    images = positions[:, None] + turns @ cell
    for i in range(min(n, 4)):
        distances = np.linalg.norm(images - positions[i], axis=2).ravel()
        expected = np.sort(distances[distances > 1e-9])[:k]
        found = np.linalg.norm(vectors[i][indices[i] >= 0], axis=1)
        assert np.allclose(found, expected[: len(found)], atol=1e-4)
        assert len(found) == min(k, len(expected))


def test_that_cells_without_a_volume_are_refused_where_they_repeat() -> None:
    with pytest.raises(ValueError, match="plane"):
        whole_cell(np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0.0]]), EVERYWHERE)
    with pytest.raises(ValueError, match="lacks a vector"):
        whole_cell(None, (True, False, False))
    with pytest.raises(ValueError, match="finite"):
        Grid(np.array([[0.0, np.nan, 0.0]]))
    open_ = whole_cell(np.array([[4.0, 0, 0], [0, 0, 0], [0, 0, 0]]), (True, False, False))
    assert abs(np.linalg.det(open_)) == pytest.approx(4.0)
