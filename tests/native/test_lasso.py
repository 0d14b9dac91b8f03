"""Lasso paths in C, against scikit-learn and against the conditions of the minimum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.native.lasso import lasso_path

PENALTIES = 10 ** np.linspace(1.0, -2.5, 9)


def made(seed: int, n: int, p: int) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Columns of which some nearly repeat others, and a target made of two of them."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p))
    x[:, p // 2 :] += 2 * x[:, : p - p // 2]
    return x, x[:, 0] - 0.5 * x[:, -1] + 0.3 * rng.normal(size=n)


def solved(x: np.ndarray, y: np.ndarray, close: float) -> np.ndarray:  # type: ignore[type-arg]
    n = len(y)
    return lasso_path(x.T @ x / n, x.T @ y / n, float(y @ y) / n, PENALTIES, 10_000, close)


@pytest.mark.parametrize(("n", "p"), [(40, 1), (60, 5), (200, 14), (30, 25)])
def test_that_a_path_is_that_of_scikit_learn(n: int, p: int) -> None:
    from sklearn.linear_model import lasso_path as other

    x, y = made(p, n, p)
    expected = other(x, y, alphas=PENALTIES, tol=1e-12, max_iter=100_000)[1].T
    np.testing.assert_allclose(solved(x, y, 1e-12), expected, atol=2e-5)


@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 8))
def test_that_a_fit_holds_the_conditions_of_the_minimum(seed: int, n: int, p: int) -> None:
    """The slope of the squares is the penalty where a coefficient is, and no larger elsewhere."""
    x, y = made(seed, n, p)
    for penalty, w in zip(PENALTIES, solved(x, y, 1e-14), strict=True):
        slope, scale = x.T @ (y - x @ w) / n, np.abs(x).max() * np.abs(y).max()
        assert (np.abs(slope) <= penalty + 1e-4 * scale).all()
        there = np.abs(w) > 1e-4
        np.testing.assert_allclose(slope[there], penalty * np.sign(w[there]), atol=1e-4 * scale)


def test_that_columns_of_zeros_and_no_columns_give_nothing() -> None:
    assert lasso_path(np.zeros((0, 0)), np.zeros(0), 1.0, PENALTIES, 10, 1e-4).shape == (9, 0)
    assert not lasso_path(np.zeros((2, 2)), np.zeros(2), 1.0, PENALTIES, 10, 1e-4).any()
    assert not solved(np.zeros((3, 2)), np.zeros(3), 1e-4).any()


def test_that_what_does_not_fit_is_refused() -> None:
    for gram, xy in (((2, 3), 2), ((2, 2), 3), ((4,), 4)):
        with pytest.raises(ValueError, match="square"):
            lasso_path(np.ones(gram), np.ones(xy), 1.0, PENALTIES, 10, 1e-4)
