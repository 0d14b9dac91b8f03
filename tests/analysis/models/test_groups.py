"""Group effects against answers known in closed form, and against scipy."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from scipy import stats

from mlipviewer.analysis.models.groups import ANALYSIS, GroupParams, holm, interval
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import Direction, ErrorTable, Role
from tests.made import error_table


def ran(table: ErrorTable, **params: Any) -> Result:
    return ANALYSIS.run(Inputs(table), GroupParams(**params), Progress())


def with_values(values: list[list[float]], families: list[str]) -> ErrorTable:
    table = error_table(n_models=len(values), n_metrics=len(values[0]), missing=0)
    text = MappingProxyType({**table.text, "family": ("Threshold", *families)})
    return replace(table, values=np.array([[9.0] * len(values[0]), *values]), text=text)


def cell(result: Result, group: str, metric: str = "e0") -> dict[str, Any]:
    cells = result.tables["groups"]
    at = [*zip(cells["group"], cells["metric"], strict=True)].index((group, metric))
    return {name: column[at] for name, column in cells.items()}


SIX = with_values([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]], ["A"] * 3 + ["B"] * 3)


def test_that_medians_ranks_and_the_test_of_six_models_are_those_of_the_book() -> None:
    result = ran(SIX)
    a, b = cell(result, "A"), cell(result, "B")
    assert (a["median"], b["median"], a["n"]) == (2.0, 5.0, 3)
    assert (a["rank"], b["rank"]) == pytest.approx((0.2, 0.8))
    tests = result.tables["metrics"]
    assert tests["h"][0] == pytest.approx(27 / 7)  # 12/(6*7) * (6^2/3 + 15^2/3) - 3*7
    assert tests["p"][0] == pytest.approx(stats.chi2.sf(27 / 7, 1))
    assert tests["effect"][0] == pytest.approx(27 / 35)
    assert tests["best_group"] == ["A"]
    assert result.summary["best_group"] == "A"


def test_that_where_higher_is_better_the_ranks_turn() -> None:
    turned = [replace(c, direction=Direction.HIGHER) if c.role is Role.ERROR else c
              for c in SIX.columns]  # fmt: skip
    result = ran(replace(SIX, columns=tuple(turned)))
    assert cell(result, "B")["rank"] == pytest.approx(0.2)
    assert result.summary["best_group"] == "B"


def test_that_equal_models_have_no_interval() -> None:
    result = ran(with_values([[1.0]] * 4 + [[10.0]] * 4, ["A"] * 4 + ["B"] * 4))
    a = cell(result, "A")
    assert (a["median"], a["median_low"], a["median_high"]) == (1.0, 1.0, 1.0)
    assert a["rank_low"] == a["rank"] == a["rank_high"]


def test_that_the_interval_of_a_mean_is_that_of_the_normal_law() -> None:
    values = np.random.default_rng(2).normal(size=400)
    params = GroupParams(draws=20_000)
    mean, low, high = interval(values, np.mean, params, np.random.default_rng(1))
    half = 1.96 * values.std() / 20
    assert (low, mean, high) == pytest.approx(
        (values.mean() - half, values.mean(), values.mean() + half), abs=0.004
    )


def test_that_the_interval_of_a_median_is_that_of_scipy() -> None:
    values = np.random.default_rng(3).lognormal(size=41)
    params = GroupParams(draws=20_000, level=0.9)
    _, low, high = interval(values, np.median, params, np.random.default_rng(1))
    found = stats.bootstrap(
        (values,), np.median, n_resamples=20_000, confidence_level=0.9, method="percentile", rng=7
    ).confidence_interval
    assert (low, high) == pytest.approx((found.low, found.high), rel=0.03)


def test_that_holm_multiplies_the_least_by_the_number_of_tests() -> None:
    p = np.array([0.04, np.nan, 0.01, 0.03])
    assert holm(p) == pytest.approx([0.06, np.nan, 0.03, 0.06], nan_ok=True)


def test_that_missing_values_are_left_out_of_their_metric_only() -> None:
    values = [[1.0, np.nan], [2.0, 1.0], [3.0, 2.0], [4.0, 3.0]]
    result = ran(with_values(values, ["A", "A", "B", "B"]))
    assert (cell(result, "A")["n"], cell(result, "A", "e1")["n"]) == (2, 1)
    assert cell(result, "A", "e1")["rank"] == 0.0


def test_that_another_column_makes_the_groups_and_unknown_ones_are_told() -> None:
    result = ran(SIX, by="model")
    assert result.summary["n_groups"] == 6
    with pytest.raises(AnalysisProblem, match="nothing"):
        ran(SIX, by="nothing")


@pytest.mark.parametrize("plot", ["Mean ranks", "Medians"])
def test_that_bars_stand_for_models_and_dots_for_metrics(plot: str) -> None:
    table = error_table()
    result = ran(table, draws=50)
    drawn = ANALYSIS.plots[plot](Inputs(table), GroupParams(), result)
    bars = next(mark for mark in drawn.marks if isinstance(mark, Bars))
    dots = next(mark for mark in drawn.marks if isinstance(mark, Points))
    assert (bars.space, dots.space) == (Space.MODEL, Space.METRIC)
    assert len(dots.x) == 3 * 6
    first = [row for row in table.models if table.families[row] == "GAP"]
    assert bars.rows[0].tolist() == first
    assert np.all((bars.base <= dots.x + 1e-12) & (dots.x <= bars.end + 1e-12))
    if plot == "Medians":
        gap = np.median(table.values[first, 0]) / np.median(table.values[table.models, 0])
        assert dots.x[0] == pytest.approx(gap)
