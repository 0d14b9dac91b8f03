"""The map of models: principal components with known answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlipviewer.analysis.models.pca import ANALYSIS, PcaParams, principal_components
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Points, Shape, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable, RowRole, Scale
from mlipviewer.io.tables import read_table
from tests.analysis.conftest import a_table


def ran(table: ErrorTable, **about: object) -> Result:
    return ANALYSIS.run(Inputs(table), PcaParams(**about), Progress())  # type: ignore[arg-type]


@given(arrays(float, st.tuples(st.integers(3, 12), st.integers(2, 6)), elements=st.floats(-9, 9)))
def test_that_components_explain_all_and_are_orthogonal(values: np.ndarray) -> None:  # type: ignore[type-arg]
    found = principal_components(values)
    k = len(found.shares)
    assert np.allclose(found.loadings.T @ found.loadings, np.eye(k), atol=1e-8)
    assert np.allclose(found.scores @ found.loadings.T + found.mean, values, atol=1e-8)
    assert np.all(np.diff(found.shares) <= 1e-12)
    variance = ((values - values.mean(0)) ** 2).sum()
    assert np.isclose((found.scores**2).sum(), variance, atol=1e-8)
    assert np.all(found.loadings[np.abs(found.loadings).argmax(0), np.arange(k)] >= 0)


def test_that_two_errors_that_rise_together_are_one_component() -> None:
    hidden = np.linspace(-1, 1, 9)
    table = a_table(10.0 ** np.column_stack([hidden, 2 * hidden + 1]))
    found = ran(table)
    assert found.summary["share_1"] == pytest.approx(1)
    assert found.tables["loadings"]["pc1"] == pytest.approx([0.5**0.5] * 2)
    scores = found.arrays["scores"][:, 0]
    assert np.allclose(scores, np.sqrt(2) * hidden / hidden.std())


def test_that_gaps_failed_fits_and_constant_errors_are_left_out_with_a_note() -> None:
    values = 10.0 ** np.random.default_rng(3).normal(size=(20, 5))
    values[3, 0] = np.nan
    values[:9, 1] = np.nan
    values[:, 2] = 1.0
    values[5, 3] = 1e-16
    found = ran(a_table(values))
    assert found.names == ("e0", "e3", "e4")
    assert (found.summary["n_models"], found.summary["n_missing"]) == (18, 2)
    assert any("2 errors are left out" in note for note in found.notes)
    assert any("m5" in note for note in found.notes)


def test_that_references_are_stars_and_do_not_count() -> None:
    values = np.random.default_rng(4).normal(size=(12, 3))
    roles = [RowRole.THRESHOLD] + [RowRole.MODEL] * 11
    table = a_table(values, roles=roles, scale=Scale.LOG10, families=["", *"abcabcabcab"])
    found = ran(table)
    plot = ANALYSIS.plots["Map"](Inputs(table), PcaParams(), found)
    stars = [m for m in plot.marks if isinstance(m, Points) and m.shape is Shape.STAR]
    assert [m.rows.tolist() for m in stars] == [[0]]
    assert found.arrays["rows"].tolist() == list(range(1, 12))
    assert np.allclose(found.arrays["scores"].mean(0), 0)
    assert "% of the variance" in plot.x.title
    loadings = ANALYSIS.plots["Loadings"](Inputs(table), PcaParams(), found)
    assert loadings.spaces == (Space.METRIC,)


def test_that_too_few_say_so() -> None:
    with pytest.raises(AnalysisProblem, match="needs 3 models and 2 errors"):
        ran(a_table([[1.0, 2.0], [2.0, 3.0]]))


def test_that_the_published_models_are_mapped(shared_data: Path) -> None:
    """The shares are the eigenvalues of the correlation matrix over the number of errors."""
    table = read_table(shared_data / "tables/learning_from_models/absolute_errors.csv")
    found = ran(table)
    assert (found.summary["n_models"], found.summary["n_metrics"]) == (2298, 60)
    logs = np.log10(table.values[found.arrays["rows"]])
    eigenvalues = np.linalg.eigvalsh(np.corrcoef(logs.T))[::-1]
    assert np.allclose(found.arrays["shares"], eigenvalues[:10] / 60, atol=1e-10)
