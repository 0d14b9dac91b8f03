"""The change of a score and its interval, against plain sums and repeated experiments."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.analysis.methods.energy_errors import robust_z, zeros_of
from mlipviewer.analysis.methods.force_scores import dnac
from mlipviewer.analysis.methods.paired_change import dnac_parts, mean_change


@given(st.lists(st.floats(0, 2), min_size=1, max_size=60), st.sampled_from([1.0, 60.0]))
def test_that_the_parts_of_dnac_have_it_as_their_mean(errors: list[float], limit: float) -> None:
    values = np.array([*errors, np.nan, limit, 0.0, limit / 2]) * (limit if limit > 1 else 1)
    assert np.nanmean(dnac_parts(values, limit)) == pytest.approx(dnac(values, limit), abs=1e-12)


def test_that_one_error_adds_what_the_grid_says() -> None:
    parts = dnac_parts(np.array([0.0, 1.0, 1.5, 0.25, np.nan]), 1.0)
    assert parts[:4] == pytest.approx([0.0, 1 - 0.5 / 49, 1.0, 0.255102], abs=1e-6)
    assert np.isnan(parts[4])


def test_that_a_change_of_models_is_that_of_their_pooled_errors() -> None:
    frames = np.array([0, 0, 1, 2])
    before = np.array([[1.0, 2, 3, 4], [3, 2, 1, np.nan]])
    after = np.array([[0.0, 0, 0, 2.0]])
    found = mean_change(before, after, frames, 100, 0)
    assert (found.before, found.after) == (pytest.approx(16 / 7), 0.5)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.change <= found.high
    root = mean_change(before**2, after**2, frames, 0, 0, root=True)
    assert root.after == pytest.approx(1.0)
    assert root.low is None


def test_that_one_frame_tells_no_interval() -> None:
    found = mean_change(np.ones((1, 3)), np.zeros((1, 3)), np.zeros(3, int), 100, 0)
    assert (found.change, found.low, found.high) == (-1.0, None, None)


def test_that_the_interval_holds_the_true_change_as_often_as_it_says() -> None:
    """Atoms of a frame err alike: an interval by atoms would hold it far less often."""
    rng = np.random.default_rng(7)
    frames = np.repeat(np.arange(40), 5)
    held, rounds = 0, 300
    for k in range(rounds):
        common = np.repeat(rng.normal(0.2, 0.5, 40), 5)
        before = rng.normal(1.0, 0.1, (1, 200))
        found = mean_change(before, before + common, frames, 400, k)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.2 <= found.high
    assert 0.90 <= held / rounds <= 0.98


def test_that_zeros_of_elements_are_found() -> None:
    counts = np.array([[2, 1], [1, 1], [4, 0], [1, 3]], float)
    apart = counts @ [0.5, -2.0]
    assert zeros_of(apart, counts, "elements") == pytest.approx([0.5, -2.0])
    assert zeros_of(apart, counts, "nothing").tolist() == [0.0, 0.0]
    even = zeros_of(np.array([3.0, 2.0, np.nan, 4.0]), counts, "mean")
    assert even == pytest.approx([1.0, 1.0])


def test_that_robust_z_tells_the_one_that_is_far_out() -> None:
    z = robust_z(np.array([1.0, 1.1, 0.9, 1.05, 9.0]))
    assert z[4] > 3.5
    assert np.abs(z[:4]).max() < 3.5
    assert np.isnan(robust_z(np.ones(3))).all()
