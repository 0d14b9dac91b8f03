"""The weighted score of models."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlipviewer.analysis.models.score import ANALYSIS, ScoreParams
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable, Role, Scale
from tests.made import error_table


def scored(table: ErrorTable, weights: str = "", **params: str) -> Result:
    return ANALYSIS.run(Inputs(table), ScoreParams(weights=weights, **params), Progress())


def known() -> ErrorTable:
    """Two metrics with good 0.01 and bad 1: models at good, halfway on the log scale, and bad."""
    table = error_table(n_models=3, n_metrics=2, missing=0)
    columns = tuple(replace(c, bad=1.0) if c.role is Role.ERROR else c for c in table.columns)
    values = np.array([[0.01, 0.01], [0.01, 1.0], [0.1, 0.1], [1.0, 0.001]])
    return replace(table, columns=columns, values=values)


def by_model(result: Result) -> dict[str, float]:
    scores = result.tables["scores"]
    return dict(zip(scores["model"], scores["score"], strict=True))


def test_that_scores_run_from_bad_to_good_on_a_log_scale() -> None:
    assert by_model(scored(known())) == pytest.approx({"m1": 0.5, "m2": 0.5, "m3": 0.5})


def test_that_weights_count_and_zero_removes() -> None:
    found = by_model(scored(known(), "e0=3, e1=1"))
    assert found == pytest.approx({"m1": 0.75, "m2": 0.5, "m3": 0.25})
    alone = scored(known(), "odd=0")
    assert alone.summary["n_metrics"] == 1
    assert by_model(alone) == pytest.approx({"m1": 1.0, "m2": 0.5, "m3": 0.0})


def test_that_missing_errors_do_not_count_for_a_model() -> None:
    table = known()
    values = table.values.copy()
    values[1, 1] = np.nan
    found = scored(replace(table, values=values))
    assert by_model(found)["m1"] == pytest.approx(1.0)
    assert (
        dict(
            zip(found.tables["scores"]["model"], found.tables["scores"]["n_missing"], strict=True)
        )["m1"]
        == 1
    )


@pytest.mark.parametrize("text", ["e0", "e0=x", "e0=-1", "nothing=2", "even=0, odd=0"])
def test_that_weights_that_mean_nothing_are_told(text: str) -> None:
    with pytest.raises(AnalysisProblem):
        scored(known(), text)


def test_that_told_levels_go_before_all_others_and_the_fall_may_be_linear() -> None:
    """By hand: (bad - error) / (bad - good), within 0 and 1; e1 has no weight."""
    table = known()
    found = scored(table, "e1=0", levels="e0=0.1:0.5", between="linear")
    assert by_model(found) == pytest.approx({"m1": 1.0, "m2": 1.0, "m3": 0.0})
    values = np.array([[0.01, 0.01], [0.2, 1.0], [0.4, 0.1], [0.9, 0.001]])
    found = scored(replace(table, values=values), "e1=0", levels="even=0.1:0.5", between="linear")
    assert by_model(found) == pytest.approx({"m1": 0.75, "m2": 0.25, "m3": 0.0})
    logged = scored(replace(table, values=values), "e1=0", levels="e0=0.1:10", between="log")
    expected = {f"m{i}": (1 - np.log10(v)) / 2 for i, v in ((1, 0.2), (2, 0.4), (3, 0.9))}
    assert by_model(logged) == pytest.approx(expected)


def test_that_only_one_end_may_be_told() -> None:
    found = scored(known(), "e1=0", levels="e0=:0.1")
    ends = {name: column[0] for name, column in found.tables["metrics"].items()}
    assert (ends["good"], ends["bad"]) == pytest.approx((0.01, 0.1))


def test_that_a_table_of_logarithms_takes_the_same_levels() -> None:
    table = known()
    logs = replace(table, values=np.log10(table.values), scale=Scale.LOG10)
    for between in ("log", "linear"):
        one = scored(table, levels="e0=0.02:0.5", between=between)
        other = scored(logs, levels="e0=0.02:0.5", between=between)
        assert by_model(one) == pytest.approx(by_model(other))
        assert one.tables["metrics"]["good"] == pytest.approx(other.tables["metrics"]["good"])


def test_that_the_column_of_the_table_holds_the_scores() -> None:
    result = scored(known())
    column = result.columns["score"]
    assert np.isnan(column[0])
    scores = by_model(result)
    assert [scores[key] for key in known().keys[1:]] == pytest.approx(column[1:].tolist())


@pytest.mark.parametrize("text", ["e0", "e0=1", "e0=:", "e0=a:2", "e0=2:1", "nothing=1:2"])
def test_that_levels_that_mean_nothing_are_told(text: str) -> None:
    with pytest.raises(AnalysisProblem):
        scored(known(), levels=text)
