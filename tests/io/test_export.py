"""What is written can be read again, and a spreadsheet finds nothing to run in it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from mlipviewer.io.export import inert, rows_of_table, table_as_csv, write_rows
from mlipviewer.io.tables import read_table
from tests.io.made_tables import PUBLISHED_SHAPE, read


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(1)", "\tx", "\rx"])
def test_that_formulas_are_made_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-1.5", "+2e3", "a=b", ""])
def test_that_numbers_and_plain_text_are_left_alone(text: str) -> None:
    assert inert(text) == text


def test_that_exported_rows_read_back_the_same(tmp_path: Path) -> None:
    table = read(tmp_path, PUBLISHED_SHAPE)
    write_rows(tmp_path / "some.csv", table, table.models[1:3])
    again = read_table(tmp_path / "some.csv")
    assert again.metrics == table.metrics
    assert np.array_equal(again.values, table.values[table.models[1:3]])
    with pytest.raises(ValueError, match=r"\.txt"):
        write_rows(tmp_path / "some.txt", table, table.models)


def test_that_missing_values_are_empty_cells() -> None:
    assert table_as_csv({"a": [1.5, math.nan], "b": ["=x", None]}) == "a,b\n1.5,'=x\n,\n"


def test_that_the_hidden_index_is_not_exported(tmp_path: Path) -> None:
    table = read(tmp_path, PUBLISHED_SHAPE)
    assert "" not in rows_of_table(table, table.models)
