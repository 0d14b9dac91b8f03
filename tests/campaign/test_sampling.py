"""Samples fill their space, and the best and some others become models."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from mlipviewer.campaign.sampling import chosen, sampled, unit_cube
from mlipviewer.campaign.space import Choice, Real, Whole, narrowed

SPACE = {
    "cutoff": Real(4.0, 6.0),
    "ridge": Real(1e-8, 1e-2, log=True),
    "rank": Whole(2, 4),
    "style": Choice(("linear", "quadratic")),
}


@pytest.mark.parametrize("sampler", ["sobol", "latin-hypercube", "random"])
def test_that_samples_stay_in_range_and_reach_all_choices(sampler: str) -> None:
    found = sampled(SPACE, 64, sampler, 3)
    assert found == sampled(SPACE, 64, sampler, 3)
    assert found != sampled(SPACE, 64, sampler, 4)
    cutoffs = np.array([one["cutoff"] for one in found], float)
    assert cutoffs.min() >= 4.0
    assert cutoffs.max() <= 6.0
    assert {one["rank"] for one in found} == {2, 3, 4}
    assert {one["style"] for one in found} == {"linear", "quadratic"}
    logs = np.log10([float(one["ridge"]) for one in found])
    assert abs(np.median(logs) + 5.0) < 1.0


def test_that_a_longer_sobol_sample_begins_with_the_shorter_one() -> None:
    assert sampled(SPACE, 100, "sobol", 1)[:10] == sampled(SPACE, 10, "sobol", 1)
    assert unit_cube(3, 10, "sobol", 1).shape == (10, 3)


def test_that_latin_hypercubes_have_one_point_in_each_row() -> None:
    cells = np.floor(unit_cube(2, 20, "latin-hypercube", 5) * 20).astype(int)
    assert sorted(cells[:, 0]) == sorted(cells[:, 1]) == list(range(20))


def test_that_half_are_the_best_and_half_are_drawn() -> None:
    scores = [5.0, 1.0, inf, 2.0, 4.0, 3.0, 9.0, 8.0]
    picked = chosen(scores, 4, 0.5, seed=1)
    assert [i for i, how in picked.items() if how == "selected"] == [1, 3]
    assert len(picked) == 4
    assert sum(how == "random" for how in picked.values()) == 2
    assert chosen(scores, 4, 0.5, seed=1) == picked
    assert chosen([inf, inf], 2, 0.5, 1) == {0: "random", 1: "random"}
    assert set(chosen(scores, 8, 1.0, 1)) == set(range(8))


def test_that_a_design_narrows_a_dimension() -> None:
    assert narrowed(SPACE["cutoff"], [4.5, 5]) == Real(4.5, 5.0)
    assert narrowed(SPACE["ridge"], [1e-6, 1e-4]) == Real(1e-6, 1e-4, log=True)
    assert narrowed(SPACE["rank"], 3) == Choice((3,))
    assert narrowed(SPACE["rank"], {"choices": [2, 4]}) == Choice((2, 4))
    assert narrowed(SPACE["style"], ["linear"]) == Choice(("linear",))
    for given in ([5.0, 4.0], "near", [1.0, 2.0, 3.0], {"choice": [1.0]}, True):
        with pytest.raises(ValueError, match=r"range|number|choices"):
            narrowed(SPACE["cutoff"], given)
    with pytest.raises(ValueError, match="no logarithm"):
        narrowed(SPACE["ridge"], [0.0, 1.0])
    with pytest.raises(ValueError, match="none of linear, quadratic"):
        narrowed(SPACE["style"], "cubic")
