"""Tables with units and origin: read back by other programs, harmless in spreadsheets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlipviewer.io.table_files import About, write_table_files

TABLE = {
    "model": ["GAP", "=1+1", "@x"],
    "energy": [1.5, float("nan"), -2.25],
    "n": [1, 2, 3],
}
ABOUT = About("Errors: [all]", {"energy": "eV"}, {"errors.csv": "abc"}, {"bins": 10})


def test_that_csv_has_its_units_beside_it(tmp_path: Path) -> None:
    path, beside = write_table_files(tmp_path / "a.csv", TABLE, ABOUT)
    assert path.read_text().splitlines() == [
        "model,energy,n",
        "GAP,1.5,1",
        "'=1+1,,2",
        "'@x,-2.25,3",
    ]
    told = json.loads(beside.read_text())
    assert told["units"] == {"energy": "eV"}
    assert told["inputs"] == {"errors.csv": "abc"}
    assert told["settings"] == {"bins": 10}
    (tsv, _) = write_table_files(tmp_path / "a.tsv", TABLE, ABOUT)
    assert tsv.read_text().splitlines()[2] == "'=1+1\t\t2"


def test_that_a_workbook_has_all_tables(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    more = {"errors- -all-": {"x": [1.0]}}
    (path,) = write_table_files(tmp_path / "a.xlsx", TABLE, ABOUT, more)
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 3
    rows = [tuple(one.value for one in row) for row in book.worksheets[0].rows]
    assert rows == [
        ("model", "energy (eV)", "n"),
        ("GAP", 1.5, 1),
        ("'=1+1", None, 2),
        ("'@x", -2.25, 3),
    ]
    kinds = {cell.data_type for row in book.worksheets[0].rows for cell in row}
    assert "f" not in kinds, "nothing is calculated"
    assert ("inputs", "errors.csv", "abc") in [
        tuple(one.value for one in row) for row in book["about"].rows
    ]


def test_that_parquet_holds_its_origin(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    (path,) = write_table_files(tmp_path / "a.parquet", TABLE, ABOUT)
    made = parquet.read_table(path)
    assert made.column("n").to_pylist() == [1, 2, 3]
    assert json.loads(made.schema.metadata[b"mlipviewer"])["units"] == {"energy": "eV"}


@pytest.mark.parametrize(("suffix", "said"), [(".md", "<!-- errors.csv"), (".tex", "% errors.csv")])
def test_that_text_names_units_and_origin(tmp_path: Path, suffix: str, said: str) -> None:
    (path,) = write_table_files(tmp_path / f"a{suffix}", TABLE, ABOUT)
    text = path.read_text()
    assert said in text
    assert "energy (eV)" in text


def test_that_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="tables are written as"):
        write_table_files(tmp_path / "a.doc", TABLE, ABOUT)
    assert list(tmp_path.iterdir()) == []
