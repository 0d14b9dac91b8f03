"""Pairs by distance against all images of all atoms, in cells of any shape and size."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.native.local_order import pair_counts
from mlipviewer.native.nearest import Grid

BINS = 12
SEEDS = st.integers(0, 2**31 - 1)
FLAGS = st.tuples(st.booleans(), st.booleans(), st.booleans())


def every_image(
    positions: np.ndarray, cell: np.ndarray, pbc: tuple[bool, bool, bool], cutoff: float
) -> np.ndarray:
    """(m, 3) first atom, second atom, distance of all images up to the cut-off."""
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    turns = [
        range(-most, most + 1)
        for most in (
            int(np.ceil(cutoff / h)) + 1 if along else 0
            for h, along in zip(heights, pbc, strict=True)
        )
    ]
    found = []
    for turn in product(*turns):
        apart = positions + np.array(turn) @ cell - positions[:, None]
        distances = np.linalg.norm(apart, axis=2)
        if not any(turn):
            np.fill_diagonal(distances, np.inf)
        first, second = np.nonzero(distances <= cutoff)
        found.append(np.column_stack([first, second, distances[first, second]]))
    return np.concatenate(found)


@settings(max_examples=40, deadline=None)
@given(SEEDS, FLAGS, st.integers(1, 200), st.floats(2.0, 12.0), st.floats(0.5, 7.0))
def test_that_pairs_by_distance_are_those_of_all_images(
    seed: int, pbc: tuple[bool, bool, bool], n: int, size: float, cutoff: float
) -> None:
    rng = np.random.default_rng(seed)
    cell = np.diag(size * rng.uniform(0.6, 1.6, 3)) + np.tril(rng.uniform(-0.5, 0.5, (3, 3)) * size)
    cell = cell if abs(np.linalg.det(cell)) > 0.1 * size**3 else np.eye(3) * size
    positions = rng.uniform(-0.3, 1.3, (n, 3)) @ cell
    kinds = rng.integers(-1, 3, n).astype(np.int32)
    expected = np.zeros((3, 3, BINS), np.int64)
    wrapped = positions - np.where(pbc, np.floor(positions @ np.linalg.inv(cell)), 0.0) @ cell
    for first, second, distance in every_image(wrapped, cell, pbc, cutoff):
        a, b = kinds[int(first)], kinds[int(second)]
        if a >= 0 and b >= 0:
            expected[a, b, min(int(distance / cutoff * BINS), BINS - 1)] += 1
    with Grid(positions, cell, pbc, 16) as grid:
        found = pair_counts(grid, cutoff, BINS, kinds, 3)
    assert np.array_equal(found, expected)


def test_that_a_pair_at_many_places_of_one_row_is_counted_in_full() -> None:
    n = 2000  # more in one bin than are kept before they are counted
    positions = np.zeros((n, 3))
    positions[: n // 2, 0] = 0.5
    with Grid(positions, None, (False, False, False), 16) as grid:
        found = pair_counts(grid, 1.0, 4, np.zeros(n, np.int32), 1)[0, 0]
    half = n // 2
    assert found.tolist() == [2 * half * (half - 1), 0, 2 * half * half, 0]
