"""Wrapping and unwrapping: any walk through any cell is found again from its wrapped frames."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.analysis.methods.wrapping import Unwrapper, by_images, wrapped
from mlipviewer.core.trajectory import Frame

CELLS = (
    np.diag([5.0, 6.0, 7.0]),
    np.array([[5.0, 0, 0], [1.5, 6, 0], [-1, 2, 7]]),
    np.array([[4.0, 1, 0], [0, 5, 1], [1, 0, 6]]),
)


def frame(positions: np.ndarray, cell: np.ndarray, pbc=(True, True, True), **more) -> Frame:
    numbers = np.ones(len(positions), np.int32)
    return Frame(0, positions.copy(), numbers, cell.copy(), pbc, **more)


walks = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@given(walks, st.sampled_from(CELLS), st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_that_wrapped_atoms_lie_in_the_cell_and_differ_by_whole_vectors(rng, cell, pbc) -> None:
    positions = rng.uniform(-40, 40, (20, 3))
    origin = rng.uniform(-3, 3, 3)
    found = wrapped(frame(positions, cell, pbc, origin=origin.copy()))
    scaled = (found - origin) @ np.linalg.inv(cell)
    periodic = np.array(pbc)
    assert (scaled[:, periodic] > -1e-9).all()
    assert (scaled[:, periodic] < 1 + 1e-9).all()
    steps = (positions - found) @ np.linalg.inv(cell)
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-9)
    np.testing.assert_allclose(steps[:, ~periodic], 0, atol=1e-9)


@given(walks, st.sampled_from(CELLS))
def test_that_a_walk_is_found_again_from_its_wrapped_frames(rng, cell) -> None:
    """Steps below half of the shortest height of the cell, atoms in a new order in each frame."""
    n = 6
    ids = np.arange(n) * 3 + 5
    walk = rng.uniform(0, 4, (n, 3)) + np.cumsum(rng.uniform(-1, 1, (30, n, 3)), axis=0)
    unwrapper = Unwrapper()
    first = wrapped(frame(walk[0], cell)) - walk[0]
    for positions in walk:
        order = rng.permutation(n)
        inside = wrapped(frame(positions, cell))
        found = unwrapper.next(frame(inside[order], cell, ids=ids[order]))
        np.testing.assert_allclose(found, (positions + first)[order], atol=1e-8)


@given(walks, st.sampled_from(CELLS))
def test_that_image_flags_give_the_same_without_a_limit_on_the_step(rng, cell) -> None:
    positions = rng.uniform(-90, 90, (8, 3))
    inside = wrapped(frame(positions, cell))
    images = np.round((positions - inside) @ np.linalg.inv(cell)).astype(np.int64)
    made = frame(inside, cell, columns=MappingProxyType({"image": images}))
    np.testing.assert_allclose(by_images(made), positions, atol=1e-8)
    np.testing.assert_allclose(Unwrapper().next(made), positions, atol=1e-8)


def test_that_without_a_cell_nothing_moves() -> None:
    positions = np.array([[1.0, 2, 30]])
    alone = Frame(0, positions, np.ones(1, np.int32))
    assert wrapped(alone) is alone.positions
    assert Unwrapper().next(alone) is alone.positions
    assert by_images(alone) is None


def test_that_a_new_atom_starts_where_it_is() -> None:
    cell = CELLS[0]
    unwrapper = Unwrapper()
    unwrapper.next(frame(np.array([[4.9, 0, 0]]), cell, ids=np.array([1])))
    both = np.array([[0.1, 0, 0], [0.2, 0, 0]])
    found = unwrapper.next(frame(both, cell, ids=np.array([1, 2])))
    assert found[:, 0].tolist() == pytest.approx([5.1, 0.2])


def test_that_a_cell_that_shrinks_keeps_what_was_crossed() -> None:
    unwrapper = Unwrapper()
    unwrapper.next(frame(np.array([[9.9, 0, 0]]), np.diag([10.0, 10, 10])))
    unwrapper.next(frame(np.array([[0.1, 0, 0]]), np.diag([10.0, 10, 10])))
    found = unwrapper.next(frame(np.array([[0.1, 0, 0]]), np.diag([8.0, 8, 8])))
    assert found[0, 0] == pytest.approx(8.1)
