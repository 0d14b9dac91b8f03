"""The compiled hit tests against plain numpy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.native.pick import inside_outline, nearest_sphere, seen_spheres

SEEDS = st.integers(0, 10_000)


def scene(seed: int, n: int = 60, inverse_distance: float = 0.0) -> tuple:
    rng = np.random.default_rng(seed)
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    view = np.concatenate([rotation.ravel(), rng.uniform(-1, 1, 3), [inverse_distance, 0.05]])
    positions = rng.uniform(-5, 5, (n, 3)).astype(np.float32)
    codes = rng.integers(0, 3, n).astype(np.uint8)
    radii = np.zeros(256, np.float32)
    radii[:3] = [0.4, 0.9, 0.0]
    return positions, codes, radii, view


def seen(positions: np.ndarray, view: np.ndarray) -> np.ndarray:
    return (positions - view[9:12]) @ view[:9].reshape(3, 3).T


def brute_force(positions, codes, radii, view, point) -> int | None:
    at = seen(positions, view)
    w = 1 - at[:, 2] * view[12]
    away = ((at[:, :2] - np.array(point) * w[:, None]) ** 2).sum(axis=1)
    radius = radii[codes]
    hit = (away <= np.maximum(radius, view[13] * w) ** 2) & (radius > 0)
    front = at[:, 2] + np.sqrt(np.maximum(radius**2 - away, 0))
    return int(np.argmax(np.where(hit, front, -np.inf))) if hit.any() else None


@given(SEEDS, st.sampled_from([0.0, 0.05]), st.floats(-5, 5), st.floats(-5, 5))
def test_that_the_nearest_sphere_is_found(seed: int, inverse: float, x: float, y: float) -> None:
    positions, codes, radii, view = scene(seed, inverse_distance=inverse)
    found = nearest_sphere(positions, codes, radii, view, (x, y))
    assert found == brute_force(positions, codes, radii, view, (x, y))


@given(SEEDS, st.integers(3, 9))
def test_that_an_outline_holds_what_numpy_says(seed: int, k: int) -> None:
    positions, _, _, view = scene(seed)
    outline = np.random.default_rng(seed + 1).uniform(-5, 5, (k, 2)).astype(np.float32)
    x, y = seen(positions, view)[:, :2].T
    expected = np.zeros(len(positions), bool)
    for (xi, yi), (xj, yj) in zip(outline, np.roll(outline, 1, axis=0), strict=True):
        crosses = (yi > y) != (yj > y)
        expected ^= crosses & (x < (xj - xi) * (y - yi) / (yj - yi) + xi)
    assert (inside_outline(positions, view, outline) == expected).all()


def test_that_atoms_without_a_place_or_size_are_never_hit() -> None:
    positions, codes, radii, view = scene(1)
    positions[:] = np.nan
    everywhere = np.array([[-9, -9], [9, -9], [9, 9], [-9, 9]], np.float32)
    assert nearest_sphere(positions, codes, radii, view, (0, 0)) is None
    assert not inside_outline(positions, view, everywhere).any()


def test_that_nothing_can_be_hit_among_no_atoms() -> None:
    positions, codes, radii, view = scene(1, n=0)
    assert nearest_sphere(positions, codes, radii, view, (0, 0)) is None
    assert inside_outline(positions, view, np.zeros((2, 2), np.float32)).shape == (0,)


def test_that_arrays_of_another_kind_are_refused() -> None:
    positions, codes, radii, view = scene(1)
    with pytest.raises(ValueError, match="contiguous"):
        nearest_sphere(positions.astype(float), codes, radii, view, (0, 0))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="contiguous"):
        nearest_sphere(positions[::2], codes[::2], radii, view, (0, 0))


@given(SEEDS, st.sampled_from([0.0, 0.05]))
def test_that_what_is_seen_is_what_is_picked_at_some_pixel(seed: int, inverse: float) -> None:
    positions, codes, radii, view = scene(seed, 40, inverse)
    view[13] = 0.0
    found = seen_spheres(positions, codes, radii, view, 8.0, (120, 90))
    picked = set()
    for row in range(90):
        for column in range(0, 120, 1):
            at = ((column + 0.5 - 60) / 8, (45 - row - 0.5) / 8)
            picked.add(nearest_sphere(positions, codes, radii, view, at))
    assert set(np.flatnonzero(found).tolist()) == picked - {None}


def test_that_an_atom_right_behind_another_is_not_seen() -> None:
    positions = np.array([[0, 0, 0], [0, 0, 2], [np.nan, 0, 0], [0.5, 0, -2]], np.float32)
    radii = np.full(256, 0.5, np.float32)
    view = np.concatenate([np.eye(3).ravel(), np.zeros(3), [0.0, 0.0]])
    found = seen_spheres(positions, np.zeros(4, np.uint8), radii, view, 10.0, (60, 40))
    assert found.tolist() == [False, True, False, True]
