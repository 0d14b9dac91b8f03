"""Lines of a table that are no models, and cells that keep a column from being one of numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table

HEAD = "model,E_rmse,F_rmse,note"
ROWS = [f"nep{k},{k}.5,0.{k}7,run {k}" for k in range(1, 7)]


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def unit_of(table: ErrorTable, name: str) -> str:
    return next(column.unit for column in table.columns if column.name == name)


@pytest.mark.parametrize(
    ("line", "energy"),
    [(",meV/atom,eV/Å,", "meV/atom"), ("units,[eV],(GPa),-", "eV"), ("-,meV,,", "meV")],
)
def test_that_a_line_of_units_is_none_of_a_model(tmp_path: Path, line: str, energy: str) -> None:
    table = read_table(write(tmp_path / "t.csv", HEAD, line, *ROWS))
    assert table.n_rows == len(ROWS)
    assert table.metrics == ("E_rmse", "F_rmse")
    assert unit_of(table, "E_rmse") == energy
    assert any("line of units" in note.text and note.place.line == 2 for note in table.notes)


@pytest.mark.parametrize("line", ["best,meV,1.5,x", "K,0.5,0.25,eV"])
def test_that_a_model_called_like_a_unit_is_a_model(tmp_path: Path, line: str) -> None:
    table = read_table(write(tmp_path / "t.csv", HEAD, line, *ROWS))
    assert table.n_rows == len(ROWS) + 1


def test_that_units_stand_above_decimal_commas_too(tmp_path: Path) -> None:
    lines = [line.replace(",", ";").replace(".", ",") for line in (HEAD, ",meV,eV,", *ROWS)]
    table = read_table(write(tmp_path / "t.csv", *lines))
    assert table.metric("E_rmse").tolist() == [k + 0.5 for k in range(1, 7)]
    assert unit_of(table, "F_rmse") == "eV"


def test_that_heads_of_files_put_together_are_left_out(tmp_path: Path) -> None:
    table = read_table(
        write(tmp_path / "t.csv", HEAD, *ROWS[:2], HEAD, *ROWS[2:4], HEAD, *ROWS[4:])
    )
    assert table.keys == tuple(f"nep{k}" for k in range(1, 7))
    assert table.metric("E_rmse").tolist() == [k + 0.5 for k in range(1, 7)]
    assert [n.place.line for n in table.notes if "2 lines repeat the head" in n.text] == [4]


def test_that_an_error_of_a_spreadsheet_is_a_gap_that_is_told(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1].replace("2.5", "#DIV/0!"), ROWS[2].replace("3.5", "#VALUE!")]
    table = read_table(write(tmp_path / "t.csv", HEAD, *rows))
    np.testing.assert_array_equal(table.metric("E_rmse"), [1.5, np.nan, np.nan])
    assert any("2 cells are no number ('#DIV/0!')" in note.text for note in table.notes)


def test_that_a_column_says_why_it_is_text(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1].replace("2.5", "about 3"), *ROWS[2:]]
    table = read_table(write(tmp_path / "t.csv", HEAD, *rows))
    assert table.text["E_rmse"][1] == "about 3"
    said = "E_rmse is read as text: it has a cell that is no number ('about 3')"
    assert [n.place.line for n in table.notes if n.text == said] == [3]


@pytest.mark.parametrize("cells", [["a", "b", "1", "c"], ["007", "008", "x", "009"], ["x", "y"]])
def test_that_names_are_not_told_of(tmp_path: Path, cells: list[str]) -> None:
    rows = [f"nep{k},{cell}" for k, cell in enumerate(cells)]
    table = read_table(write(tmp_path / "t.csv", "model,label of it", *rows))
    assert not any("read as text" in note.text for note in table.notes)


def test_that_words_of_yaml_stay_as_they_are_written(tmp_path: Path) -> None:
    names = ("no", "0123", "12:30:45", "1e5", "2026-11-23")
    rows = [f"- model: {name}\n  E: 0.{k}\n  F: {1 + k}" for k, name in enumerate(names, 1)]
    table = read_table(write(tmp_path / "t.yaml", *rows, "- model: x\n  E: .nan\n  F: ~"))
    assert table.keys[:5] == names
    np.testing.assert_array_equal(table.metric("E"), [0.1, 0.2, 0.3, 0.4, 0.5, np.nan])
    np.testing.assert_array_equal(table.metric("F"), [2, 3, 4, 5, 6, np.nan])


def test_that_a_table_packed_by_zstd_is_said_to_be_packed(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(50))
    with pytest.raises(ReadProblem, match="is compressed; unpack it first"):
        read_table(path)


def test_that_metrics_with_their_models_are_turned(tmp_path: Path) -> None:
    """As pandas writes a table by columns; names of models may be any."""
    path = tmp_path / "t.json"
    path.write_text('{"E_mae": {"run1": 0.5, "run2": 1.5}, "F rmse": {"run1": 2.5, "run2": 3.5}}')
    table = read_table(path)
    assert table.keys == ("run1", "run2")
    assert table.metric("F rmse").tolist() == [2.5, 3.5]
    assert any("models are the 2 inner names" in note.text for note in table.notes)


def test_that_a_parquet_file_without_columns_is_told(tmp_path: Path) -> None:
    import pyarrow as pa  # type: ignore[import-untyped,unused-ignore]
    import pyarrow.parquet as pq  # type: ignore[import-untyped,unused-ignore]

    pq.write_table(pa.table({}), tmp_path / "t.parquet")
    with pytest.raises(ReadProblem, match="has no columns"):
        read_table(tmp_path / "t.parquet")
