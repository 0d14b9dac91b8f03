"""Tables as people write them: odd cells, odd files, damage, and the file of metadata."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.table import Direction, ErrorTable
from mlipviewer.io.tables.cells import as_numbers
from mlipviewer.io.tables.delimited import split_cells
from mlipviewer.io.tables.probe import probe_table
from tests.io.made_tables import PUBLISHED_SHAPE, read


def notes(table: ErrorTable) -> list[str]:
    return [str(note) for note in table.notes]


# --- cells -----------------------------------------------------------------------------------


def test_that_names_that_look_like_numbers_stay_names(tmp_path: Path) -> None:
    text = "system,element,e\nNA,Na,1\nNone,N,2\nnan,null,3\n1e5,007,4\n12e4567,T,5\n"
    table = read(tmp_path, text)
    assert table.text["system"] == ("NA", "None", "nan", "1e5", "12e4567")
    assert table.text["element"] == ("Na", "N", "null", "007", "T")
    assert table.keys == table.text["system"]


@pytest.mark.parametrize("cells", [["007", "010"], ["1_000", "2"], ["a", "1"], ["", ""], []])
def test_that_labels_are_no_numbers(cells: list[str]) -> None:
    assert as_numbers(cells) is None


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "", " 2 "], [1, math.nan, 2]),
        (["1", "nan", "nan", "nan"], [1, math.nan, math.nan, math.nan]),
        (["1d-3", "2.", ".5"], [1e-3, 2, 0.5]),
        (["-1", "+2e3"], [-1, 2000]),
        (["0", "0.5", "1"], [0, 0.5, 1]),
    ],
)
def test_that_numbers_are_read(cells: list[str], values: list[float]) -> None:
    found = as_numbers(cells)
    assert found is not None
    assert np.array_equal(found.values, values, equal_nan=True)
    assert (found.infinite, found.failed) == ((), ())


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_that_every_float_survives_its_text(values: list[float]) -> None:
    found = as_numbers([repr(value) for value in values])
    assert found is not None
    assert found.values.tolist() == values


def test_that_cells_that_are_not_finite_are_missing_with_a_note(tmp_path: Path) -> None:
    table = read(tmp_path, "id,v\n9007199254740993,1\n18446744073709551617,1e400\n3,-inf\n")
    assert table.keys == ("9007199254740993", "18446744073709551617", "3")
    assert np.isnan(table.metric("v")).tolist() == [False, True, True]
    assert notes(table) == [
        "errors.csv: line 3: v: 2 cells are not finite ('1e400'), shown as missing"
    ]


def test_that_a_few_words_among_numbers_are_missing_with_a_note(tmp_path: Path) -> None:
    text = "model,v\n" + "".join(f"m{i},{i}\n" for i in range(12)) + "x,failed\n"
    table = read(tmp_path, text)
    assert notes(table) == [
        "errors.csv: line 14: v: 1 cell is no number ('failed'), shown as missing"
    ]


# --- files as they come ----------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_that_line_ends_separators_and_encodings_do_not_matter(
    tmp_path: Path, end: str, separator: str, encoding: str
) -> None:
    data = PUBLISHED_SHAPE.replace(",", separator).replace("\n", end).encode(encoding)
    table = read(tmp_path, data)
    assert table.keys == read(tmp_path, PUBLISHED_SHAPE, "plain.csv").keys
    assert table.metric("vac_Ef").tolist() == [0.5, 0.1, 0.2, 0.3, 0.4]


def test_that_decimal_commas_are_read_with_a_note(tmp_path: Path) -> None:
    table = read(tmp_path, "model;e\nM;-43,000\nN;-43,5\n")
    assert table.metric("e").tolist() == [-43.0, -43.5]
    assert notes(table) == ["errors.csv: e: commas are read as decimal"]


def test_that_commas_in_quotes_and_line_ends_in_cells_stay(tmp_path: Path) -> None:
    table = read(tmp_path, 'model,e\n"a, b",1\n"c\nd",2\n')
    assert table.keys == ("a, b", "c\nd")


def test_that_latin1_is_read_with_a_note(tmp_path: Path) -> None:
    table = read(tmp_path, "model,a [Å]\nm,1\n".encode("latin-1"))
    assert table.metric_columns[0].unit == "Å"
    assert notes(table) == ["errors.csv: is not UTF-8; read as Latin-1"]


def test_that_ragged_and_cut_rows_are_left_out_by_line(tmp_path: Path) -> None:
    table = read(tmp_path, "model,e,f\na,1,2\nb,1\nc,1,2,3\nd,1,2,,\ne,1")
    assert table.keys == ("a", "d")
    assert notes(table) == [
        "errors.csv: line 3: 2 of 3 cells; the row is left out",
        "errors.csv: line 4: 4 of 3 cells; the row is left out",
        "errors.csv: line 6: 2 of 3 cells; the row is left out",
        "errors.csv: line 6: the last line has no line end; it may be incomplete",
    ]


def test_that_an_open_quote_costs_only_what_follows(tmp_path: Path) -> None:
    table = read(tmp_path, 'model,e\na,1\nb,2\n"c,3\nd,4\n')
    assert table.keys == ("a", "b")
    assert notes(table)[0].startswith("errors.csv: line 4: a quote opened here is never closed")


def test_that_text_after_a_quote_is_read_with_a_note(tmp_path: Path) -> None:
    table = read(tmp_path, 'model,e\n"a"x,1\nb,2\n')
    assert table.n_models == 2
    assert "line 2: text follows a closing quote" in notes(table)[0]


def test_that_repeated_and_missing_column_names_are_made_distinct(tmp_path: Path) -> None:
    table = read(tmp_path, "model,rmse,rmse,,\nA,1,2,3,4\nB,5,6,7,8\n")
    assert table.metrics == ("rmse", "rmse (2)", "column 4", "column 5")
    assert "repeated or missing" in notes(table)[0]


def test_that_row_names_without_a_header_are_an_index(tmp_path: Path) -> None:
    table = read(tmp_path, "model,e\n0,a,1\n1,b,2\n")
    assert table.keys == ("a", "b")


@pytest.mark.parametrize(
    "text",
    [
        "# made by a script, in a hurry, today\nmodel,e\na,1\nb,2\n",
        "#model,e\na,1\nb,2\n",
        "# one\n# two, three, four\n# model,e\na,1\nb,2\n",
        "sep=;\nmodel;e\na;1\nb;2\n",
        "\n\nmodel,e\na,1\n\nb,2\n\n",
    ],
)
def test_that_comments_before_the_header_are_skipped(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, text)
    assert table.keys == ("a", "b")
    assert table.metrics == ("e",)
    assert not table.notes


def test_that_a_nul_becomes_a_symbol(tmp_path: Path) -> None:
    table = read(tmp_path, "model,e\na\0b,1\n")
    assert table.keys == ("a\N{SYMBOL FOR NULL}b",)
    assert "line 2" in notes(table)[0]


def test_that_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    table = read(tmp_path, "model,system,e_ref\n")
    assert (table.n_rows, table.metrics) == (0, ("e_ref",))


def test_that_content_wins_over_the_name(tmp_path: Path) -> None:
    table = read(tmp_path, "model,e\na,1\n", "table.xlsx")
    assert table.n_models == 1
    assert "not a spreadsheet" in notes(table)[0]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n \n", "is empty"),
        ("a.csv", b"just one line of words\nand another\n", "is no table"),
        ("a.csv", b"\x80\x02c__builtin__\nprint\n.", "never opened"),
        ("a.pkl", b"anything", "never opened"),
        ("a.csv.gz", b"\x1f\x8b\x08", "compressed"),
        ("a.xlsx", b"PK\x03\x04xx", "spreadsheet"),
        ("a.parquet", b"PAR1xx", "Parquet"),
        ("a.csv", b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        ("a.json", b"[1, 2]", "is JSON"),
        ("a.csv", b"a,b\n" + b"\0\1\2,\3" * 500, "binary"),
        ("a.csv", b"x," * 5000 + b"\n", "columns"),
    ],
)
def test_that_what_is_no_table_is_refused_in_one_sentence(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    with pytest.raises(ReadProblem, match=words) as found:
        read(tmp_path, data, name)
    assert str(found.value).startswith(f"{name}: ")
    assert "\n" not in str(found.value)


def test_that_notes_are_limited(tmp_path: Path) -> None:
    table = read(tmp_path, "model,e\n" + "a,1\n" + "x\n" * 5000)
    assert len(table.notes) <= 102


@given(st.binary(max_size=200))
def test_that_any_bytes_are_a_table_or_a_problem(tmp_path_factory, data: bytes) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    assert probe_table(str(path))["status"] in ("ok", "error")


@given(st.integers(0, len(PUBLISHED_SHAPE)))
def test_that_a_cut_file_never_gives_a_wrong_row(cut: int) -> None:
    """Every row but the last, which may be cut inside a number and is noted, is the file's."""
    whole = split_cells(PUBLISHED_SHAPE).rows
    try:
        cells = split_cells(PUBLISHED_SHAPE[:cut])
    except ReadProblem:
        return
    complete = cells.rows[:-1] if len(cells.rows) > 1 else []
    assert complete == whole[: len(complete)]
    assert PUBLISHED_SHAPE[:cut].endswith("\n") or "no line end" in str(cells.notes[-1])


# --- the metadata file -----------------------------------------------------------------------


def test_that_metadata_beside_the_table_describes_its_metrics(tmp_path: Path) -> None:
    (tmp_path / "errors.metrics.yaml").write_text(
        "vac_Ef: {category: defects, unit: meV, label: vacancy, direction: higher, good: 0.1,\n"
        "  bad: 1e0, level_of_theory: PBE}\n"
        "hex_c11: {colour: red, direction: sideways, good: high}\n"
        "nosuch: {unit: eV}\n"
    )
    table = read(tmp_path, PUBLISHED_SHAPE)
    column = table.metric_column("vac_Ef")
    assert (column.category, column.title, column.good, column.bad, column.level_of_theory) == (
        "defects",
        "vacancy (meV)",
        0.1,
        1.0,
        "PBE",
    )
    assert column.direction is Direction.HIGHER
    told = " ".join(notes(table))
    assert all(word in told for word in ("'colour'", "'sideways'", "good", "nosuch"))
    assert len(notes(table)) == 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [1", "is no YAML"),
        ("- 1", "not a list of metrics"),
        ("vac_Ef: 3", "key: value"),
        ("x: &a [1]\ny: *a", "anchors"),
        ("vac_Ef: !!python/object/apply:os.system [ls]", "is no YAML"),
    ],
)
def test_that_a_bad_metadata_file_is_a_note(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "errors.metrics.yaml").write_text(text)
    table = read(tmp_path, PUBLISHED_SHAPE)
    assert any(words in note for note in notes(table))
    assert table.n_models == 4
