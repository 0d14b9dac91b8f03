"""Scores of fronts: closed forms, brute force, exact against chance, and what they reward."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlipviewer.analysis.methods.front_scores import (
    distinct_front,
    gd,
    gd_plus,
    hypervolume,
    ideal_distance,
    ideal_volume,
    igd,
    igd_plus,
    sampled_union,
)
from mlipviewer.analysis.methods.fronts import non_dominated

THREE = np.array([(1.0, 4.0), (2.0, 2.0), (4.0, 1.0)])
ONE = np.array([(2.0, 2.0)])
lattice = arrays(
    float, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=st.integers(1, 4).map(float)
)


def cells_below(points: np.ndarray) -> float:  # type: ignore[type-arg]
    """Unit cells of the lattice that lie in some box from the origin to a point."""
    cells = product(range(4), repeat=points.shape[1])
    return sum(any((np.array(cell) < p).all() for p in points) for cell in cells)


def cells_above(points: np.ndarray) -> float:  # type: ignore[type-arg]
    """Unit cells that lie in some box from a point to (4, 4 ...)."""
    cells = product(range(4), repeat=points.shape[1])
    return sum(any((np.array(cell) >= p).all() for p in points) for cell in cells)


@given(lattice)
def test_that_the_distinct_front_is_the_front(points: np.ndarray) -> None:  # type: ignore[type-arg]
    expected = {tuple(point) for point in points[non_dominated(points)].tolist()}
    found = [tuple(point) for point in distinct_front(points).tolist()]
    assert set(found) == expected
    assert len(found) == len(expected)


def test_that_three_points_have_the_known_scores() -> None:
    assert hypervolume(THREE, np.array([5.0, 5.0])).value == 11
    for ideal, volume, distance in ((0.0, 8.0, 8**0.5), (1.0, 1.0, 2**0.5)):
        at = np.array([ideal, ideal])
        assert ideal_volume(THREE, at).value == pytest.approx(volume, abs=1e-12)
        assert ideal_distance(THREE, at) == pytest.approx(distance, abs=1e-12)


def test_that_the_volume_below_a_front_is_not_pareto_compliant() -> None:
    origin, reference = np.zeros(2), np.array([5.0, 5.0])
    assert ideal_volume(ONE, origin).value < ideal_volume(THREE, origin).value
    assert hypervolume(ONE, reference).value < hypervolume(THREE, reference).value  # more is better


@given(lattice)
def test_that_volumes_are_counts_of_cells(points: np.ndarray) -> None:  # type: ignore[type-arg]
    d = points.shape[1]
    assert ideal_volume(points, np.zeros(d)).value == pytest.approx(cells_below(points))
    assert hypervolume(points, np.full(d, 4.0)).value == pytest.approx(cells_above(points))


@given(lattice)
def test_that_chance_agrees_within_its_error(points: np.ndarray) -> None:  # type: ignore[type-arg]
    found = sampled_union(points, seed=1, samples=4000)
    assert found.value == pytest.approx(cells_below(points), abs=5 * found.error + 1e-9)


def test_that_high_dimensions_are_by_chance_with_an_error_that_is_honest() -> None:
    rng = np.random.default_rng(0)
    points = rng.random((25, 7))
    points = points[non_dominated(points)]
    exact = ideal_volume(points, np.full(7, -0.2), exact_up_to=7)
    assert exact.error == 0
    found = [ideal_volume(points, np.full(7, -0.2), seed, 6, 2000) for seed in range(60)]
    apart = np.array([(one.value - exact.value) / one.error for one in found])
    assert abs(apart.mean()) < 4 / np.sqrt(60)
    assert 0.7 < apart.std() < 1.4
    assert ideal_volume(points, np.full(7, -0.2)) == ideal_volume(points, np.full(7, -0.2))


def test_that_one_box_is_exact_in_any_dimension() -> None:
    found = ideal_volume(np.full((1, 60), 8.0), np.zeros(60))
    assert found.value == pytest.approx(8.0**60)
    assert found.error == 0


def test_that_points_beyond_the_reference_add_nothing() -> None:
    assert hypervolume(np.array([(6.0, 0.0)]), np.array([5.0, 5.0])).value == 0
    assert hypervolume(np.array([(5.0,) * 8]), np.full(8, 5.0)).value == 0


def test_that_distances_are_those_of_the_definition() -> None:
    front, reference = np.array([(0.0, 2.0), (3.0, 0.0)]), np.array([(0.0, 0.0)])
    assert gd(front, reference) == pytest.approx(2.5)
    assert gd(front, reference, p=2) == pytest.approx((13 / 2) ** 0.5)
    assert igd(front, reference) == pytest.approx(2.0)
    better = np.array([(-1.0, 1.0)])
    assert gd_plus(better, reference) == pytest.approx(1.0)
    assert igd_plus(better, reference) == pytest.approx(1.0)
    assert igd(better, reference) == pytest.approx(2**0.5)


@given(lattice, st.integers(0, 100))
def test_that_distances_agree_with_moocore(points: np.ndarray, seed: int) -> None:  # type: ignore[type-arg]
    moocore = pytest.importorskip("moocore")
    others = np.random.default_rng(seed).random((5, points.shape[1])) * 3
    assert igd(points, others) == pytest.approx(moocore.igd(points, others))
    assert igd_plus(points, others) == pytest.approx(moocore.igd_plus(points, others))


@given(lattice)
def test_that_a_front_is_at_no_distance_from_itself(points: np.ndarray) -> None:  # type: ignore[type-arg]
    for score in (gd, igd, gd_plus, igd_plus):
        assert score(points, points) == 0
