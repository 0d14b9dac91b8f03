"""Intervals of diffusion coefficients, against many runs of the same random walk."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.analysis.methods.bayesian_slope import bayesian_slope, slope_of
from mlipviewer.analysis.methods.diffusion import fit_between, square_displacements

ATOMS, FRAMES, RUNS = 16, 200, 300


def many_runs() -> np.ndarray:
    """(runs, 4): mean, std, whether the interval holds the truth, and the plain slope."""
    rng = np.random.default_rng(11)
    axes = [0, 1, 2]
    found = []
    for _ in range(RUNS):
        places = rng.normal(0, 1, (FRAMES, ATOMS, 3)).cumsum(axis=0)
        msd = square_displacements(places)[1:].sum(axis=1)
        times = np.arange(1, FRAMES, dtype=float)
        one = bayesian_slope(places, times, msd, axes, (1, FRAMES // 2))
        plain = fit_between(times, msd, 1, FRAMES // 2).slope
        found.append((one.mean, one.std, one.low <= 3.0 <= one.high, plain))
    return np.array(found)


def test_that_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    mean, std, held, plain = many_runs().T
    assert mean.mean() == pytest.approx(3.0, abs=3 * mean.std() / np.sqrt(RUNS))
    assert held.mean() == pytest.approx(0.95, abs=0.04)
    assert std.mean() == pytest.approx(mean.std(), rel=0.2)
    assert mean.std() < 0.5 * plain.std()  # and it is surer than the plain fit


def test_that_a_straight_line_is_found_and_too_few_lags_tell_nothing() -> None:
    times = np.arange(1.0, 30.0)
    one = slope_of(times, 0.5 + 2.0 * times, 2 / 3 * (2 * times) ** 2, 1e4 / times)
    assert one.mean == pytest.approx(2.0)
    assert one.low < 2.0 < one.high
    assert np.isnan(slope_of(times[:2], times[:2], times[:2], times[:2]).mean)
    assert np.isnan(slope_of(times, np.zeros(29), np.zeros(29), times).mean)


def test_that_a_slope_that_could_be_zero_stays_above_it() -> None:
    times = np.arange(1.0, 30.0)
    one = slope_of(times, 1.0 - 0.001 * times, 2 / 3 * (2 * times) ** 2, 30.0 / times)
    assert 0 < one.low < one.mean < one.high
