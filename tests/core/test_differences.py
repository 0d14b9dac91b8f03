"""Displacements between runs, with answers known beforehand, and their invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.differences import (
    DISPLACEMENT,
    beside_columns,
    beside_names,
    beside_unit,
    differences,
    displacements,
    rows_in,
)
from mlipviewer.core.periodic import nearest_images
from mlipviewer.core.spread import spread
from mlipviewer.core.trajectory import Frame

CELL = np.diag([8.0, 9.0, 10.0])
TILTED = np.array([[8.0, 0, 0], [3.9, 7.0, 0], [-2.0, 3.4, 9.0]])


def made(
    n: int = 40, seed: int = 0, cell: object = CELL, pbc: bool = True, **more: object
) -> Frame:
    rng = np.random.default_rng(seed)
    box = CELL if cell is None else np.asarray(cell)
    ids = rng.permutation(n) + 100
    return Frame(
        0,
        rng.random((n, 3)) @ box,
        np.full(n, 3),
        cell,
        (pbc,) * 3,
        ids=ids,
        **more,  # type: ignore[arg-type]
    )


def moved(frame: Frame, step: np.ndarray, seed: int = 1) -> Frame:
    """The same atoms elsewhere, in another order and wrapped through the walls at random."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(frame.n_atoms)
    places = frame.positions + step
    if frame.cell is not None:
        places = places + rng.integers(-2, 3, places.shape) @ frame.cell
    return Frame(
        0, places[order], frame.numbers[order], frame.cell, frame.pbc, ids=frame.atom_ids[order]
    )


def by_id(frame: Frame, values: np.ndarray) -> np.ndarray:
    return values[np.argsort(frame.atom_ids)]


@pytest.mark.parametrize("cell", [CELL, TILTED])
def test_that_atoms_are_found_by_id_over_the_nearest_image(cell: np.ndarray) -> None:
    first = made(cell=cell)
    step = np.random.default_rng(2).normal(0, 0.6, (first.n_atoms, 3))
    other = moved(first, step)
    found = displacements(first, other)
    np.testing.assert_allclose(by_id(other, found), by_id(first, step), atol=1e-9)


def test_that_atoms_of_one_run_alone_have_no_displacement() -> None:
    first = made(4)
    other = Frame(0, first.positions[:2], first.numbers[:2], ids=np.array([first.atom_ids[1], 7]))
    assert rows_in(first, other).tolist() == [1, -1]
    found = displacements(first, other)
    assert np.isnan(found).any(axis=1).tolist() == [False, True]
    nobody = Frame(0, np.empty((0, 3)), np.empty(0, int))
    assert np.isnan(displacements(nobody, first)).all()


@given(st.integers(0, 1000), st.lists(st.floats(-30, 30), min_size=3, max_size=3))
def test_that_alignment_takes_away_what_all_have_moved(seed: int, shift: list[float]) -> None:
    first = made(seed=seed)
    step = np.random.default_rng(seed).normal(0, 0.2, (first.n_atoms, 3))
    step -= step.mean(axis=0)
    other = moved(first, step + np.array(shift), seed)
    found = displacements(first, other, aligned=True)
    np.testing.assert_allclose(by_id(other, found), by_id(first, step), atol=1e-8)


@given(st.integers(0, 1000))
def test_that_a_molecule_that_only_turned_has_not_moved(seed: int) -> None:
    first = made(12, seed, cell=None, pbc=False)
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turn *= np.sign(np.linalg.det(turn))  # a rotation
    places = first.positions @ turn + rng.normal(0, 20, 3)
    other = Frame(0, places, first.numbers, ids=first.atom_ids)
    assert np.abs(displacements(first, other)).max() > 0.1
    assert np.abs(displacements(first, other, aligned=True)).max() < 1e-9


def test_that_a_mirror_image_is_no_rotation() -> None:
    first = made(12, cell=None, pbc=False)
    other = Frame(0, first.positions * [1, 1, -1], first.numbers, ids=first.atom_ids)
    assert np.abs(displacements(first, other, aligned=True)).max() > 0.1


def test_that_right_angles_need_no_search_of_images() -> None:
    vectors = np.random.default_rng(0).normal(0, 20, (500, 3))
    frame = Frame(0, np.zeros((1, 3)), np.array([1]), CELL, (True, False, True))
    nudged = Frame(0, np.zeros((1, 3)), np.array([1]), CELL + 1e-9, (True, False, True))
    found, searched = nearest_images(vectors, frame), nearest_images(vectors, nudged)
    np.testing.assert_allclose(found, searched, atol=1e-6)


def test_that_columns_between_runs_are_those_that_all_share() -> None:
    forces = np.arange(12.0).reshape(4, 3)
    one = made(4, columns={"forces": forces, "q": np.ones(4), "type": np.ones(4, int)})
    two = made(4, columns={"forces": forces + np.array([0, 3, 4]), "type": np.ones(4, int)})
    assert beside_names([one]) == ()
    assert beside_names([one, two]) == (DISPLACEMENT, "spread(forces)")
    assert beside_columns("q", [one, two], False) is None
    spreads = beside_columns("spread(forces)", [one, two], False)
    assert spreads is not None
    np.testing.assert_allclose(spreads[1], spread([two, one], "forces"))
    np.testing.assert_allclose(spreads[0], 2.5)  # half of the distance of two
    assert beside_unit(DISPLACEMENT, one) == "Å"
    assert beside_unit("spread(forces)", one) == "eV/Å"
    less = differences("forces", [one, two])
    assert less is not None
    np.testing.assert_allclose(less[1], np.tile([0, 3, 4], (4, 1)))
    assert differences("q", [one, two]) is None
