"""Errors of values, several seeds of a model, ranks."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlipviewer.analysis.methods.errors_of_values import errors_of_values
from mlipviewer.analysis.methods.replicates import combine_replicates
from mlipviewer.analysis.methods.transforms import ranks, suits_log
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.rows import rows
from mlipviewer.core.table import Direction, ErrorTable, Role, RowRole, Scale
from tests.analysis.conftest import a_table

R, M, T = RowRole.REFERENCE, RowRole.MODEL, RowRole.THRESHOLD


def values_table() -> ErrorTable:
    values = [[10, 0, 5], [12, 1, np.nan], [7, -2, 6], [1, 1, 1]]
    return a_table(
        values,
        roles=[R, M, M, T],
        families=["", "a", "b", ""],
        unit=["GPa", "eV", "Å"],
        direction=[Direction.HIGHER] * 3,
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("signed", [[2, 1, np.nan], [-3, -2, 1]]),
        ("absolute", [[2, 1, np.nan], [3, 2, 1]]),
        ("relative", [[0.2, np.nan, np.nan], [0.3, np.nan, 0.2]]),
    ],
)
def test_that_errors_are_differences_to_the_reference(kind: str, expected: list[object]) -> None:
    found = errors_of_values(values_table(), "m0", kind)
    assert found.keys == ("m1", "m2", "m3")
    assert found.row_roles == (M, M, T)
    assert np.allclose(found.values[:2], np.array(expected, float), equal_nan=True)
    assert found.values[2].tolist() == [1, 1, 1]
    assert found.text["family"] == ("a", "b", "")
    column = found.metric_column("e0")
    assert (column.unit, column.direction) == ("" if kind == "relative" else "GPa", "lower")
    assert column.label == f"{kind} error of e0"
    assert "against m0" in str(found.notes[0])
    assert any("e1" in str(note) and note.loss for note in found.notes) == (kind == "relative")


@given(arrays(float, (4, 3), elements=st.floats(-1e6, 1e6)))
def test_that_signed_errors_give_the_values_back(values: np.ndarray) -> None:  # type: ignore[type-arg]
    table = a_table(values, roles=[M, R, M, M])
    signed = errors_of_values(table, "m1", "signed").values
    assert np.allclose(signed + values[1], values[[0, 2, 3]], atol=1e-6)
    absolute = errors_of_values(table, "m1").values
    assert np.array_equal(absolute, np.abs(signed))


def test_that_wrong_questions_are_told() -> None:
    with pytest.raises(AnalysisProblem, match="no row 'x' in table made; there are m0"):
        errors_of_values(values_table(), "x")
    with pytest.raises(AnalysisProblem, match="not 'cubic'"):
        errors_of_values(values_table(), "m0", "cubic")
    with pytest.raises(AnalysisProblem, match="log10 numbers"):
        errors_of_values(replace(values_table(), scale=Scale.LOG10), "m0")


# --- several seeds ---------------------------------------------------------------------------


def seeds() -> ErrorTable:
    values = [[9, 9], [1, 10], [3, 30], [2, 5], [np.nan, 7], [4, 2]]
    table = a_table(values, roles=[T, *[M] * 5], families=["", "a", "a", "a", "b", "b"])
    text = {"family": table.text["family"], "seed": ("", "1", "2", "3", "1", "2")}
    return replace(table, text=MappingProxyType(text))


@pytest.mark.parametrize(
    ("how", "expected"),
    [("mean", [[2, 15], [4, 4.5]]), ("median", [[2, 10], [4, 4.5]]), ("best", [[2, 5], [4, 2]])],
)
def test_that_seeds_become_one_row(how: str, expected: list[list[float]]) -> None:
    found = combine_replicates(seeds(), ["family"], how)
    assert found.keys == ("m0", "a", "b")
    assert found.values[0].tolist() == [9, 9]
    assert found.values[1:].tolist() == expected
    assert found.text["n_replicates"] == ("1", "3", "2")
    assert found.text["e0 std"][0] == ""
    assert float(found.text["e0 std"][1]) == pytest.approx(np.std([1, 3, 2]))
    assert found.text["e0 std"][2] == ""
    assert "seed" not in found.text
    assert next(c.role for c in found.columns if c.name == "family") is Role.KEY
    assert f"5 runs combined to 2 models: {how}" in str(found.notes[-1])


def test_that_wrong_combinations_are_told() -> None:
    with pytest.raises(AnalysisProblem, match="text columns, of which there are family, seed"):
        combine_replicates(seeds(), ["nothing"])
    with pytest.raises(AnalysisProblem, match="by mean, median, best"):
        combine_replicates(seeds(), ["family"], "worst")


# --- ranks and logarithms --------------------------------------------------------------------


def test_that_ranks_count_chosen_rows_only() -> None:
    found = ranks(np.array([[3.0, 1], [1, np.nan], [1, 5], [0, 0]]), rows([0, 1, 2]))
    expected = [[3, 1], [1.5, np.nan], [1.5, 2], [np.nan, np.nan]]
    assert np.array_equal(found, expected, equal_nan=True)


@pytest.mark.parametrize(
    ("values", "scale", "log"),
    [
        ([1, 100], Scale.LINEAR, True),
        ([1, 5], Scale.LINEAR, False),
        ([0, 100], Scale.LINEAR, False),
        ([1, 100], Scale.LOG10, False),
        ([np.nan], Scale.LINEAR, False),
    ],
)
def test_that_a_log_axis_is_for_decades(values: list[float], scale: Scale, log: bool) -> None:
    assert suits_log(np.array(values, float), scale) is log
