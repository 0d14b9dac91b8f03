"""Pareto ranks and numbers of dominators, against brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.analysis.models.dominators import dominating
from mlipviewer.analysis.models.ranks import ANALYSIS, RankParams, n_dominators
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable
from tests.made import error_table


def ranked(table: ErrorTable, *metrics: str) -> Result:
    return ANALYSIS.run(Inputs(table), RankParams(metrics=metrics), Progress())


def test_that_a_staircase_and_its_shadow_are_ranks_one_and_two() -> None:
    table = error_table(n_models=6, n_metrics=2, missing=0)
    points = [(1, 3), (2, 2), (3, 1), (2, 4), (3, 3), (4, 4)]
    values = np.array([(0.1, 0.1), *points], float)  # the threshold, better than all, is not ranked
    result = ranked(replace(table, values=values))
    assert result.columns["rank"][1:].tolist() == [1, 1, 1, 2, 2, 3]
    assert np.isnan(result.columns["rank"][0])
    assert result.columns["dominated_by"][1:].tolist() == [0, 0, 0, 2, 3, 5]
    assert result.columns["on_front"][1:].tolist() == [1, 1, 1, 0, 0, 0]
    assert result.summary["n_ranks"] == 3


def test_that_missing_models_have_no_rank() -> None:
    table = error_table(n_models=12, n_metrics=3, missing=2)
    result = ranked(table, "e0", "e2")
    assert np.flatnonzero(np.isnan(result.columns["rank"])).tolist() == [0, 1, 2]
    assert result.summary["n_missing"] == 2


def test_that_no_complete_model_is_told() -> None:
    with pytest.raises(AnalysisProblem, match="no model has a value"):
        ranked(error_table(n_models=3, n_metrics=2, missing=3))


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=30))
def test_that_dominators_are_those_of_brute_force(rows: list[tuple[int, ...]]) -> None:
    points = np.array(rows, float)
    expected = [sum(bool((b <= a).all() and (b < a).any()) for b in points) for a in points]
    assert n_dominators(points, Progress()).tolist() == expected


def test_that_a_rank_is_one_more_than_the_worst_of_its_dominators() -> None:
    table = error_table(n_models=60, n_metrics=3, missing=0, seed=4)
    rank = ranked(table, "e0", "e1", "e2").columns["rank"]
    points = table.values
    for row in table.models:
        better = dominating(points[table.models], points[row])
        assert rank[row] == 1 + rank[table.models][better].max(initial=0)
