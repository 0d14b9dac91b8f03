"""Force errors of linked runs as columns of the table, and models selected by metrics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table
from tests import made

FORCES, SELECTION = ANALYSES["model-forces"], ANALYSES["selection-metrics"]


def test_that_each_linked_run_gets_its_scores() -> None:
    table = made.error_table()
    runs = {3: made.trajectory("b", error=0.4), 5: made.trajectory("a", error=0.1)}
    result = FORCES.run(Inputs(table, runs=runs), FORCES.params(), Progress())
    assert result.tables["models"]["model"] == [table.keys[5], table.keys[3]]
    assert result.tables["models"]["force_rmse"] == pytest.approx(
        [0.1 / np.sqrt(3), 0.4 / np.sqrt(3)]
    )
    column = result.columns["force_rmse"]
    assert len(column) == table.n_rows
    assert np.flatnonzero(np.isfinite(column)).tolist() == [3, 5]
    assert column[3] == pytest.approx(0.4 / np.sqrt(3))
    assert set(result.columns) == set(FORCES.columns)


def test_that_runs_without_a_reference_are_noted_and_none_is_refused() -> None:
    table, good = made.error_table(), made.trajectory("a")
    frame = good.frame(0)
    bare = replace(frame, columns={"forces": frame.columns["forces"]})
    alone = replace(good, name="bare", source=made.FramesInMemory((bare,)), frames=range(1))
    result = FORCES.run(Inputs(table, runs={1: good, 2: alone}), FORCES.params(), Progress())
    assert result.summary["n_models"] == 1
    assert any("m2" in note and "no reference forces" in note for note in result.notes)
    with pytest.raises(AnalysisProblem, match="no linked run"):
        FORCES.run(Inputs(table, runs={2: alone}), FORCES.params(), Progress())


def selected(table: ErrorTable, **params: object) -> Result:
    return SELECTION.run(Inputs(table), SELECTION.params(**params), Progress())


def test_that_models_are_told_by_the_metric_that_selects_them() -> None:
    table = made.error_table(missing=0)
    result = selected(table, first="e0", second="e1", outcome="e2", top=5)
    listed = result.tables["models"]
    by = dict(zip(listed["model"], listed["chosen_by"], strict=True))
    models = table.models
    best = models[np.argsort(table.values[models, 0])[:5]]
    assert {k for k, v in by.items() if v in ("by the first", "best by both")} == {
        table.keys[row] for row in best
    }
    assert result.columns["chosen_by_first"][best].tolist() == [1.0] * 5
    outcome = table.values[best, table.metric_index("e2")]
    assert result.summary["median_by_first"] == pytest.approx(float(np.median(outcome)))
    # even metrics follow one hidden quality: e0 tells of e2, e1 does not
    assert result.summary["r_first"] > 0.6 > abs(result.summary["r_second"])
    assert result.summary["p_by_chance"] < 0.05


def test_that_unknown_and_too_few_metrics_are_refused() -> None:
    with pytest.raises(AnalysisProblem, match="no metric 'x'"):
        selected(made.error_table(), first="x")
    with pytest.raises(AnalysisProblem, match="three metrics"):
        selected(made.error_table(n_metrics=2, missing=0))


def test_that_the_study_says_what_it_says(shared_data: Path) -> None:
    table = read_table(shared_data / "tables" / "learning_from_models" / "D124_log.csv")
    about = selected(table, first="Vacancy_RE_Angle_ROC", outcome="Vacancy_E_a").summary
    assert about["n_models"] == 124
    assert about["second"].endswith("RMSE")
    assert about["r_first"] == pytest.approx(0.395, abs=0.01)
    by_rmse = selected(
        table, first="Vacancy_RE_Magnitude_ROC", second="Validation_F_RMSE", outcome="Vacancy_E_a"
    ).summary
    assert by_rmse["r_second"] == pytest.approx(0.22, abs=0.01)
    other = selected(table, first="Interstitial_RE_Angle_ROC", outcome="Interstitial_E_a").summary
    assert abs(other["r_first"]) < 0.1
