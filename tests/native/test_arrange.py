"""Wrapping, cutting and listing in C, against numpy."""

import numpy as np
import pytest

from mlipviewer.native.arrange import list_kept, within_slabs, wrap_places

CELL = np.array([[3.0, 0, 0], [1, 4, 0], [0.5, -1, 5]])
PLACES = np.random.default_rng(4).normal(0, 9, (500, 3))


@pytest.mark.parametrize("repeats", [(True, True, True), (True, False, True), (False,) * 3])
def test_that_wrapping_agrees_with_numpy(repeats: tuple[bool, bool, bool]) -> None:
    origin = np.array([0.3, -1, 2])
    parts = (PLACES - origin) @ np.linalg.inv(CELL)
    expected = PLACES - (np.floor(parts) * repeats) @ CELL
    assert wrap_places(PLACES, CELL, origin, repeats) == pytest.approx(expected, abs=1e-9)


def test_that_places_that_are_none_stay_so() -> None:
    odd = np.array([[np.nan, 0, 0], [np.inf, 1, 1], [10, 0, 0]])
    wrapped = wrap_places(odd, np.eye(3), np.zeros(3), (True,) * 3)
    assert np.isnan(wrapped[0, 0])
    assert np.isinf(wrapped[1, 0])
    assert wrapped[2, 0] == 0
    everywhere = np.array([[1.0, 0, 0, -np.inf, np.inf]])
    assert within_slabs(odd, np.zeros(3), everywhere).tolist() == [False, True, True]


def test_that_slabs_agree_with_numpy() -> None:
    slabs = np.array([[1.0, 0, 0, -3, 4], [0.5, 0.5, -1, -np.inf, 2]])
    shift = np.array([1.0, 2, 3])
    along = (PLACES + shift) @ slabs[:, :3].T
    expected = ((along >= slabs[:, 3]) & (along <= slabs[:, 4])).all(axis=1)
    kept = within_slabs(PLACES, shift, slabs)
    assert kept.tolist() == expected.tolist()
    rows, positions = list_kept(PLACES, shift, kept)
    assert rows.tolist() == np.flatnonzero(expected).tolist()
    assert np.allclose(positions, (PLACES + shift)[expected], atol=1e-5)
    every, _ = list_kept(PLACES, shift, None)
    assert every.tolist() == list(range(500))
    with pytest.raises(ValueError, match="flags for"):
        list_kept(PLACES, shift, kept[:3])
