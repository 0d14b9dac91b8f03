"""The tree of average linkage: heights against scipy, brackets without crossings."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kendalltau

from mlipviewer.analysis.methods.linkage import brackets, clustered_order, leaves_of, linkage_of
from mlipviewer.analysis.methods.pair_sums import tau_p_values


def distances(m: int = 9) -> np.ndarray:  # type: ignore[type-arg]
    places = np.random.default_rng(4).normal(size=(m, 2))
    return np.asarray(np.linalg.norm(places[:, None] - places[None], axis=-1))


def test_that_brackets_join_neighbours_at_the_heights_of_scipy() -> None:
    from scipy.cluster.hierarchy import dendrogram

    mergers = linkage_of(distances())
    found = brackets(mergers, leaves_of(mergers))
    drawn = dendrogram(mergers, no_plot=True)
    assert drawn["leaves"] == clustered_order(distances()).tolist()
    expected = sorted(
        ((x[0] / 10, x[2] / 10, d[1] / mergers[-1, 2]))
        for x, d in zip(drawn["icoord"], drawn["dcoord"], strict=True)
    )
    own = sorted((low[0], high[0], join[1]) for low, high, join in found)
    assert np.array(own) == pytest.approx(np.array(expected))


def test_that_two_are_joined_by_one_bracket() -> None:
    mergers = linkage_of(np.array([[0, 0.4], [0.4, 0]]))
    found = brackets(mergers, leaves_of(mergers))
    assert found.tolist() == [[[0.5, 0], [1.5, 0], [1.0, 1.0]]]


def test_that_p_of_tau_is_that_of_scipy() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 60))
    tau, p = kendalltau(x, y + 0.5 * x, method="asymptotic")
    assert tau_p_values(np.array([tau]), np.array([60]))[0] == pytest.approx(p)
