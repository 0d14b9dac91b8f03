"""The compiled counts against plain numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.native.counts import count_lines, count_points, mix_counts

SEEDS = st.integers(0, 10_000)


@given(SEEDS, st.integers(1, 3))
def test_that_points_are_counted_as_numpy_does(seed: int, n_groups: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-1, 2, (2, 300))
    x[::17] = np.nan
    y[::23] = np.inf
    group = rng.integers(0, n_groups, 300).astype(np.int32)
    found = count_points(x, y, group, n_groups, (0.1, 1.3, -0.2, 0.9), (7, 5))
    assert found.shape == (5, 7, n_groups)
    for one in range(n_groups):
        own = (group == one) & np.isfinite(x) & np.isfinite(y)
        edges = [np.linspace(-0.2, 0.9, 6), np.linspace(0.1, 1.3, 8)]
        expected, _, _ = np.histogram2d(y[own], x[own], bins=edges)
        assert np.array_equal(found[::-1, :, one], expected)


def test_that_points_without_a_group_are_one_group_and_foreign_groups_are_refused() -> None:
    x = np.array([0.5, 1.5, 1.5])
    assert count_points(x, x, None, 1, (0, 2, 0, 2), (2, 2))[..., 0].tolist() == [[0, 2], [1, 0]]
    with pytest.raises(ValueError, match="outside"):
        count_points(x, x, np.array([0, 1, 5], np.int32), 2, (0, 2, 0, 2), (2, 2))


@given(SEEDS, st.integers(2, 5))
def test_that_a_line_crosses_the_pixels_between_its_sides(seed: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-3, 23, m)).astype(np.float32).astype(float)
    y = rng.uniform(-5, 20, (6, m)).astype(np.float32).astype(float)
    expected = np.zeros((12, 20), int)
    for line in y:
        for c in range(max(int(np.ceil(x[0])), 0), min(int(np.floor(x[-1])), 20)):
            a, b = np.interp([c, c + 1], x, line)
            rows = np.clip(np.floor([min(a, b), max(a, b) + 1]), 0, 12).astype(int)
            expected[rows[0] : rows[1], c] += 1
    found = count_lines(x, y, 20, 12)
    assert np.abs(found - expected).max() <= 1  # a line that ends on the border of a pixel
    assert (found != expected).mean() < 0.02


def test_that_gaps_and_lines_beside_the_picture_count_nothing() -> None:
    x = np.array([0.0, 4.0, 8.0])
    assert count_lines(x, np.array([[1.0, np.nan, 1.0]]), 8, 4).sum() == 0
    assert count_lines(x, np.array([[1.0, 1.0, np.nan]]), 8, 4).sum(axis=1).tolist() == [0, 3, 0, 0]
    assert count_lines(x + 20, np.ones((1, 3)), 8, 4).sum() == 0
    assert count_lines(x[:1], np.ones((2, 1)), 8, 4).sum() == 0


def test_that_colours_are_mixed_by_count_and_opaque_by_total() -> None:
    counts = np.array([[[0, 0], [1, 0], [3, 1], [0, 9]]], np.int32)
    rgb = np.array([[200, 0, 40], [0, 100, 80]], np.uint8)
    alpha = np.array([0, 50, 60, 70, 255], np.uint8)
    expected = [[0, 0, 0, 0], [200, 0, 40, 50], [150, 25, 50, 255], [0, 100, 80, 255]]
    assert mix_counts(counts, rgb, alpha)[0].tolist() == expected
    with pytest.raises(ValueError, match="a colour for each group"):
        mix_counts(counts, rgb[:1], alpha)
