"""Logarithms and z-scores, and which models statistics are made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlipviewer.analysis.methods.log_space import log_space
from mlipviewer.analysis.methods.transforms import FLOOR, log10_floored, transform, z_scores
from mlipviewer.core.rows import rows
from mlipviewer.core.table import ErrorTable, RowRole, Scale
from mlipviewer.io.tables import read_table

STUDY = "tables/learning_from_models"
MakeTable = Callable[..., ErrorTable]


def test_that_zeros_are_floored_and_flagged() -> None:
    logs, floored = log10_floored(np.array([[0.0, 1e-16, 1e-15, 100.0, np.nan]]))
    assert np.allclose(logs, [[-16, -16, -15, 2, np.nan]], equal_nan=True)
    assert floored.tolist() == [[True, True, False, False, False]]


def test_that_a_zero_where_a_floor_is_stated_is_no_failed_fit(make_table: MakeTable) -> None:
    values = np.full((20, 2), 10.0) ** np.random.default_rng(0).normal(size=(20, 2))
    values[3, 1], values[4, 0] = 0.0, 0.01
    told, same = make_table(values, floor=(0.01, 1e-3)), np.maximum(values, (0.01, 1e-3))
    found = transform(told, told.metrics, "default")
    assert found.failed.size == 0
    assert np.allclose(found.values, transform(make_table(same), told.metrics, "default").values)
    assert not log_space(told, told.metrics).floored.any()
    assert told.values[3, 1] == 0.0
    assert transform(make_table(values), told.metrics, "default").failed.tolist() == [3]


@given(arrays(float, (8, 3), elements=st.floats(-1e3, 1e3).map(lambda x: round(x, 3))))
def test_that_z_scores_have_mean_zero_and_population_deviation_one(
    x: np.ndarray,  # type: ignore[type-arg]
) -> None:
    z = z_scores(x)
    for column, raw in zip(z.T, x.T, strict=True):
        if np.ptp(raw) == 0:
            assert np.isnan(column).all()
        else:
            assert abs(column.mean()) < 1e-9
            assert column.std() == pytest.approx(1)


def test_that_missing_cells_stay_missing_and_do_not_count() -> None:
    z = z_scores(np.array([[1.0], [np.nan], [3.0]]))
    assert np.allclose(z, [[-1], [np.nan], [1]], equal_nan=True)


def test_that_z_scores_may_be_of_some_rows() -> None:
    z = z_scores(np.array([[1.0], [3.0], [5.0]]), rows([0, 1]))
    assert z.ravel().tolist() == [-1, 1, 3]


def test_that_failed_models_and_references_do_not_count(make_table: MakeTable) -> None:
    values = np.full((20, 2), 10.0) ** np.random.default_rng(0).normal(size=(20, 2))
    values[3, 1] = 0.0
    roles = [RowRole.REFERENCE, RowRole.THRESHOLD, *[RowRole.MODEL] * 18]
    table = make_table(values, roles=roles)
    found = transform(table, table.metrics, "default")
    assert found.failed.tolist() == [3]
    assert found.rows.tolist() == [2, *range(4, 20)]
    assert "m3" in found.notes[0]
    authors = transform(table, table.metrics, "authors")
    assert authors.rows.tolist() == list(range(20))
    assert np.allclose(authors.values.mean(axis=0), 0)


def test_that_a_log_table_is_not_logged_again(make_table: MakeTable) -> None:
    errors = np.abs(np.random.default_rng(0).normal(size=(20, 2)))
    errors[0, 0] = FLOOR
    plain, logs = make_table(errors), make_table(np.log10(errors), scale=Scale.LOG10)
    for how in ("default", "authors"):
        a, b = transform(plain, plain.metrics, how), transform(logs, logs.metrics, how)
        assert np.allclose(a.values, b.values)
        assert np.array_equal(a.failed, b.failed)


def test_that_signed_columns_and_many_zeros_stay_linear(make_table: MakeTable) -> None:
    x = np.random.default_rng(0).normal(size=(20, 2))
    x[:, 1] = np.arange(20) // 10
    found = transform(make_table(x), ("e0", "e1"), "default")
    assert np.allclose(found.values, z_scores(x))
    assert found.failed.size == 0
    assert "without logarithm" in found.notes[0]


def test_that_the_published_transformations_are_reproduced(shared_data: Path) -> None:
    absolute, logs, z = (
        read_table(shared_data / STUDY / f"{name}.csv")
        for name in ("absolute_errors", "log_errors", "normalized_log_errors")
    )
    assert np.abs(log10_floored(absolute.values)[0] - logs.values).max() < 1e-12
    found = transform(absolute, absolute.metrics, "authors").values
    assert np.abs(found - z.values).max() < 1e-12
