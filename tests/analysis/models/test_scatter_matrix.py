"""Pairs of errors: their r, and that every panel shows every model once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlipviewer.analysis.models.scatter_matrix import ANALYSIS, ScatterMatrixParams
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars, Plot, Points, Texts
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import ErrorTable, RowRole
from mlipviewer.io.tables import read_table
from tests.analysis.conftest import a_table


def ran(table: ErrorTable, **about: object) -> Result:
    return ANALYSIS.run(Inputs(table), ScatterMatrixParams(**about), Progress())  # type: ignore[arg-type]


def drawn(inputs: Inputs) -> Plot:
    params = ScatterMatrixParams()
    return ANALYSIS.plots["Matrix"](inputs, params, ANALYSIS.run(inputs, params, Progress()))


def test_that_pairs_have_their_r_as_shown() -> None:
    x = np.array([1.0, 10, 100, 1000])
    found = ran(a_table(np.column_stack([x, x**2, -np.log10(x) + 5])))
    assert found.tables["metrics"]["log"] == [True, True, False]
    assert found.tables["pairs"]["r"] == pytest.approx([1, -1, -1])
    assert found.tables["pairs"]["n"] == [4, 4, 4]


def test_that_what_has_no_spread_has_no_r() -> None:
    found = ran(a_table([[1, 2, np.nan], [1, 3, np.nan], [1, 4, 1]]))
    assert found.tables["pairs"]["r"] == [None, None, None]
    assert found.summary["n_missing"] == 2


def test_that_each_panel_shows_each_model_once() -> None:
    values = 10.0 ** np.random.default_rng(0).normal(size=(9, 4))
    table = a_table(
        values, roles=[RowRole.THRESHOLD, *[RowRole.MODEL] * 8], families=list("xababbaab")
    )
    plot = drawn(Inputs(table, models=rows([2, 5, 6])))
    points = next(m for m in plot.marks if isinstance(m, Points))
    assert points.rows.tolist() == [2, 5, 6] * 6
    panel = np.stack([np.floor(points.x), np.floor(points.y)], axis=1)
    assert len({tuple(p) for p in panel}) == 6
    assert np.all(panel.sum(axis=1) < 3)  # below the diagonal
    for bars in (m for m in plot.marks if isinstance(m, Bars)):
        assert sorted(row for own in bars.rows for row in own) == [2, 5, 6]


def test_that_r_and_n_stand_above_the_diagonal() -> None:
    x = np.array([1.0, 10, 100, 1000])
    plot = drawn(Inputs(a_table(np.column_stack([x, x**2, np.full(4, np.nan)]))))
    (texts,) = (mark for mark in plot.marks if isinstance(mark, Texts))
    places = list(zip(texts.x.tolist(), texts.y.tolist(), strict=True))
    assert places == [(1.5, 2.5), (2.5, 2.5), (2.5, 1.5)]
    assert texts.texts == ("1.00\nn 4", "–\nn 0", "–\nn 0")
    assert texts.strong == pytest.approx([1, 0, 0])


def test_that_one_error_is_too_few() -> None:
    with pytest.raises(AnalysisProblem, match="at least 2"):
        ran(a_table([[1.0]]))
    assert drawn(Inputs(a_table([[np.nan, np.nan]]))).empty


def test_that_r_is_that_of_the_published_logarithms(shared_data: Path) -> None:
    table = read_table(shared_data / "tables/learning_from_models/absolute_errors.csv")
    found = ran(table, category="EC")
    assert found.summary["n_metrics"] == 6
    logs = np.log10(table.values[table.models][:, [table.metric_index(n) for n in found.names]])
    expected = np.corrcoef(logs.T)[np.triu_indices(6, 1)]
    assert found.tables["pairs"]["r"] == pytest.approx(expected.tolist())
