"""Benchmarks passed: by hand, against counting one by one, and the published counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlipviewer.analysis.models.passing import PassingParams, draw_metrics, draw_models, run
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars, Points, Rule
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import Direction, ErrorTable, RowRole, Scale
from mlipviewer.io.tables import read_table
from tests.analysis.conftest import a_table

MakeTable = Callable[..., ErrorTable]
STUDY = "tables/learning_from_models"
CELLS = [(1.0, 2.0), (0.5, 3.0), (1.0, 2.0), (2.0, 1.0), (3.0, np.nan)]
ROLES = [RowRole.THRESHOLD, *[RowRole.MODEL] * 4]


def judged(table: ErrorTable, models: Any = None, **params: Any) -> Result:
    return run(Inputs(table, models=models), PassingParams(**params), Progress())


def column(result: Result, table: str, key: str, value: str) -> dict[str, Any]:
    found = result.tables[table]
    return dict(zip(found[key], found[value], strict=True))


def test_that_four_models_pass_what_they_should(make_table: MakeTable) -> None:
    table = make_table(CELLS, roles=ROLES, families=["", "A", "A", "B", "B"], category=("p", "q"))
    result = judged(table)
    assert result.summary == {
        "n_models": 4,
        "n_metrics": 2,
        "best_n_passed": 2,
        "best_model": "m2",
        "n_passing_all": 1,
    }
    assert column(result, "models", "model", "n_passed") == {"m1": 1, "m2": 2, "m3": 1, "m4": 0}
    assert column(result, "models", "model", "n_missing")["m4"] == 1
    assert column(result, "metrics", "metric", "share") == {"e0": 0.5, "e1": pytest.approx(2 / 3)}
    assert column(result, "metrics", "metric", "n") == {"e0": 4, "e1": 3}
    assert column(result, "metrics", "metric", "threshold") == {"e0": 1, "e1": 2}
    assert column(result, "families", "family", "mean_passed") == {"A": 1.5, "B": 0.5}
    assert column(result, "categories", "category", "n_passing_all") == {"p": 2, "q": 2}
    assert result.tables["models"]["median_ratio"][0] == 1.0  # m2 is at both benchmarks


@given(arrays(float, (7, 4), elements=st.integers(1, 5).map(float)))
def test_that_counts_are_those_of_counting_one_by_one(cells: np.ndarray) -> None:  # type: ignore[type-arg]
    table = a_table(cells, roles=[RowRole.THRESHOLD, *[RowRole.MODEL] * 6])
    result = judged(table)
    n_passed = column(result, "models", "model", "n_passed")
    for i in range(1, 7):
        assert n_passed[f"m{i}"] == sum(cells[i, j] <= cells[0, j] for j in range(4))
    share = column(result, "metrics", "metric", "share")
    for j in range(4):
        assert share[f"e{j}"] == sum(cells[i, j] <= cells[0, j] for i in range(1, 7)) / 6
    assert result.tables["metrics"]["share"] == sorted(result.tables["metrics"]["share"])
    assert sum(n_passed.values()) == pytest.approx(6 * sum(share.values()))


def test_that_higher_may_be_better(make_table: MakeTable) -> None:
    table = make_table(CELLS, roles=ROLES, direction=(Direction.HIGHER, Direction.LOWER))
    n_passed = column(judged(table), "models", "model", "n_passed")
    assert n_passed == {"m1": 0, "m2": 2, "m3": 2, "m4": 1}


def test_that_logarithms_give_the_same(make_table: MakeTable) -> None:
    linear, logs = (
        judged(make_table(cells, roles=ROLES, scale=scale))
        for cells, scale in ((CELLS, Scale.LINEAR), (np.log10(CELLS), Scale.LOG10))
    )
    assert linear.summary == logs.summary
    ratios = (found.tables["models"]["median_ratio"] for found in (linear, logs))
    assert next(ratios) == pytest.approx(next(ratios))


def test_that_good_of_the_metadata_is_a_benchmark_where_there_is_no_row(
    make_table: MakeTable,
) -> None:
    result = judged(make_table(CELLS[1:], good=(1.0, None)))
    assert result.names == ("e0",)
    assert result.summary["best_n_passed"] == 1
    assert "1 metrics have no benchmark" in result.notes[0]
    filled = [(1.0, np.nan), *CELLS[1:]]
    assert judged(make_table(filled, roles=ROLES, good=(9.0, 2.0))).names == ("e0", "e1")


def test_that_a_row_of_thresholds_is_chosen_by_its_key(make_table: MakeTable) -> None:
    roles = [RowRole.THRESHOLD, RowRole.THRESHOLD, *[RowRole.MODEL] * 3]
    table = make_table([*CELLS[:4], (9.0, 9.0)], roles=roles)
    assert judged(table).summary["best_n_passed"] == 2
    assert judged(table, threshold="m1").summary["best_n_passed"] == 1
    assert judged(table, threshold="m4").summary["n_passing_all"] == 3  # as good as that model
    with pytest.raises(AnalysisProblem, match="'m9'; rows of thresholds: m0, m1"):
        judged(table, threshold="m9")


def test_that_a_filter_and_metrics_choose_what_is_judged(make_table: MakeTable) -> None:
    table = make_table(CELLS, roles=ROLES)
    assert judged(table, models=rows([0, 1, 4])).summary["n_models"] == 2
    assert judged(table, metrics=("e1",)).summary["n_metrics"] == 1


def test_that_errors_of_zero_that_pass_are_told(make_table: MakeTable) -> None:
    cells = [(1.0, 1.0), *[(2.0, 2.0)] * 11, (1e-16, 2.0)]
    result = judged(make_table(cells, roles=[RowRole.THRESHOLD, *[RowRole.MODEL] * 12]))
    assert "failed fits: m12" in result.notes[0]


def test_that_no_benchmark_and_no_model_are_told(make_table: MakeTable) -> None:
    with pytest.raises(AnalysisProblem, match="no benchmark"):
        judged(make_table(CELLS))
    with pytest.raises(AnalysisProblem, match="no model"):
        judged(make_table(CELLS, roles=ROLES), models=rows([0]))


def test_that_the_plots_show_metrics_and_models(make_table: MakeTable) -> None:
    table = make_table(CELLS, roles=ROLES, families=["", "A", "A", "B", "B"])
    inputs, params = Inputs(table), PassingParams()
    result = run(inputs, params, Progress())
    (bars,) = draw_metrics(inputs, params, result).marks
    assert isinstance(bars, Bars)
    assert [r.tolist() for r in bars.rows] == [[0], [1]]
    assert bars.end.tolist() == pytest.approx([50, 200 / 3])
    plot = draw_models(inputs, params, result)
    rule, points = plot.marks
    assert isinstance(rule, Rule)
    assert isinstance(points, Points)
    assert points.rows.tolist() == [1, 2, 3, 4]
    assert points.y.tolist() == [1, 2, 1, 0]
    assert points.group_names == ("A", "B")
    assert plot.status == "4 models / best 2 of 2 / 1 pass all"


def test_that_z_scores_are_drawn_by_place(make_table: MakeTable) -> None:
    table = make_table(CELLS, roles=ROLES, scale=Scale.ZSCORE)
    inputs, params = Inputs(table), PassingParams()
    (points,) = draw_models(inputs, params, run(inputs, params, Progress())).marks
    assert points.x.tolist() == [2, 1, 3, 4]  # type: ignore[union-attr]


# --- published data ----------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["absolute_errors", "log_errors", "normalized_log_errors"])
def published(shared_data: Path, request: pytest.FixtureRequest) -> Result:
    return judged(read_table(shared_data / STUDY / f"{request.param}.csv"))


def test_that_the_published_best_model_is_found(published: Result) -> None:
    assert published.summary["n_metrics"] == 60
    assert published.summary["best_n_passed"] == 36
    assert published.summary["best_model"] == "GAP|93-5|VacEnh"
    assert published.summary["n_passing_all"] == 0


def test_that_the_published_counts_of_categories_and_families_are_found(published: Result) -> None:
    whole = column(published, "categories", "category", "n_passing_all")
    assert (whole["E_f"], whole["RE"], whole["EC"]) == (178, 34, 0)
    mean = column(published, "families", "family", "mean_passed")
    known = {"MTP": 23.9, "GAP": 22.2, "NNP": 17.2, "DPPT": 14.0, "SNAP": 13.9, "DPMD": 12.4}
    assert {name: round(value, 1) for name, value in mean.items()} == known


def test_that_the_published_hardest_and_easiest_errors_are_found(published: Result) -> None:
    share = column(published, "metrics", "metric", "share")
    known = {"spl_Ef": 84.8, "hex_Ef": 68.0, "tet_Ef": 36.7, "vac_Ef": 30.7, "unit_a": 98.2}
    known |= {"hex_c11": 1.0, "super_c11": 2.0, "spl_c44": 3.2, "Interstitial_RE_F": 3.7}
    assert {name: round(100 * share[name], 1) for name in known} == known
    hardest = published.tables["metrics"]["category"][:12]
    assert set(hardest) == {"energy ranking"}
    assert published.tables["metrics"]["share"][11] <= 0.00221
    assert published.tables["metrics"]["metric"][-1] == "unit_a"
