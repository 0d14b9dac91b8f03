"""Error tables as people write them: what is guessed, what is noted, what is refused."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.table import Direction, ErrorTable, Role, RowRole, Scale
from mlipviewer.io.delimited import split_cells
from mlipviewer.io.export import inert, rows_of_table, table_as_csv, write_rows
from mlipviewer.io.known_metrics import known_metrics
from mlipviewer.io.probe_table import probe_table
from mlipviewer.io.table_cells import as_numbers
from mlipviewer.io.tables import read_table, with_roles

STUDY = "tables/learning_from_models"

PUBLISHED_SHAPE = """\
,Models,ModelName,SelectionType,TrainingData,vac_Ef,hex_c11,unit_a
0,DFT,Threshold,,,0.5,3.0,0.1
1,GAP,93-5,s,VacEnh,0.1,2.0,0.2
2,GAP,93-5,s,Org,0.2,1.0,0.3
3,NNP,93-5,r,VacEnh,0.3,4.0,0.4
4,NNP,7-1,r,VacEnh,0.4,0.5,0.5
"""


def read(folder: Path, text: str | bytes, name: str = "errors.csv") -> ErrorTable:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path)


def notes(table: ErrorTable) -> list[str]:
    return [str(note) for note in table.notes]


def role_of(table: ErrorTable, name: str) -> Role:
    return next(column.role for column in table.columns if column.name == name)


# --- roles, keys, families -------------------------------------------------------------------


def test_that_a_table_of_the_published_shape_needs_no_hand(tmp_path: Path) -> None:
    table = read(tmp_path, PUBLISHED_SHAPE)
    assert table.keys == (
        "DFT|Threshold",
        "GAP|93-5|VacEnh",
        "GAP|93-5|Org",
        "NNP|93-5|VacEnh",
        "NNP|7-1|VacEnh",
    )
    assert table.row_roles == (RowRole.THRESHOLD, *[RowRole.MODEL] * 4)
    assert (table.n_models, table.family, table.scale) == (4, "Models", Scale.LINEAR)
    assert table.metrics == ("vac_Ef", "hex_c11", "unit_a")
    assert [c.unit for c in table.metric_columns] == ["eV", "GPa", "Å"]
    assert table.categories == ("E_f", "EC", "lattice")
    assert role_of(table, "") is Role.IGNORE
    assert role_of(table, "SelectionType") is Role.METADATA
    assert "" not in table.text
    assert table.metric("hex_c11").tolist() == [3.0, 2.0, 1.0, 4.0, 0.5]
    assert not table.notes


def test_that_the_last_rows_may_be_references(tmp_path: Path) -> None:
    text = ",Models,Bulk_E_free,C11\n" + "".join(
        f"{i},{name},{-i},{i}\n"
        for i, name in enumerate(["GAI1-2", "MTV3-9", "SNAP1", "X", "Theory", "DFT", "Alter"])
    )
    table = read(tmp_path, text, "small_log.csv")
    assert [table.keys[row] for row in table.rows_of(RowRole.REFERENCE)] == [
        "Theory",
        "DFT",
        "Alter",
    ]
    assert table.scale is Scale.LOG10
    assert table.family is None


def test_that_a_level_of_theory_does_not_make_references(tmp_path: Path) -> None:
    table = read(tmp_path, "model,method,e\na,DFT,1\nb,DFT,2\nc,DFT,3\n")
    assert table.n_models == 3


def test_that_the_key_is_the_shortest_unique_set_in_file_order(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b,c,e\n1x,1y,z,1\n1x,2y,z,2\n2x,1y,w,3\n")
    assert [c.name for c in table.columns if c.role is Role.KEY] == ["a", "b"]
    assert table.keys == ("1x|1y", "1x|2y", "2x|1y")


def test_that_rows_nothing_tells_apart_are_numbered_with_a_note(tmp_path: Path) -> None:
    table = read(tmp_path, "model,e\na,1\na,2\nb,3\n")
    assert table.keys == ("a", "a #2", "b")
    assert any("tells all models apart" in note for note in notes(table))


def test_that_rows_without_names_are_counted(tmp_path: Path) -> None:
    table = read(tmp_path, "T,D\n600,1E-06\n700,2E-06\n")
    assert table.keys == ("row 1", "row 2")
    assert table.metrics == ("T", "D")


def test_that_counts_and_ranks_are_no_errors_but_can_be_asked_for(tmp_path: Path) -> None:
    table = read(tmp_path, "model,rank,rmse\na,1,0.1\nb,2,0.2\n")
    assert table.metrics == ("rmse",)
    assert table.text["rank"] == ("1", "2")


def test_that_roles_can_be_corrected(tmp_path: Path) -> None:
    table = with_roles(read(tmp_path, PUBLISHED_SHAPE), {"NNP|7-1|VacEnh": RowRole.REFERENCE})
    assert table.n_models == 3


def test_that_units_in_names_are_read_and_better_high_is_seen(tmp_path: Path) -> None:
    table = read(tmp_path, "model,K [GPa],msd (A^2),All (WTMAD),R2\na,1,2,3,0.5\n")
    assert [c.title for c in table.metric_columns] == [
        "K (GPa)",
        "msd (A^2)",
        "All (WTMAD)",
        "R2",
    ]
    assert table.metric_column("R2").direction is Direction.HIGHER


def test_that_sixty_published_properties_are_known_with_their_categories() -> None:
    known = known_metrics()
    published = [n for n in known if not n.endswith("RMSE")][:60]
    counts: dict[str, int] = {}
    for name in published:
        counts[known[name][0]] = counts.get(known[name][0], 0) + 1
    assert counts == {
        "E_f": 4,
        "EC": 20,
        "lattice": 6,
        "energy ranking": 12,
        "RE": 8,
        "enhanced": 4,
        "thermodynamic": 6,
    }


# --- scales ----------------------------------------------------------------------------------


def test_that_scales_are_recognised_by_name_or_content(tmp_path: Path) -> None:
    errors = 10 ** np.random.default_rng(0).normal(-1, 1, (30, 3))

    def text(values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> str:
        rows = [f"m{i}," + ",".join(map(repr, row.tolist())) for i, row in enumerate(values)]
        return "model,vac_Ef,hex_c11,unit_a\n" + "\n".join(rows) + "\n"

    logs = np.log10(errors)
    z = (logs - logs.mean(0)) / logs.std(0)
    assert read(tmp_path, text(errors), "log_errors.csv").scale is Scale.LINEAR
    assert read(tmp_path, text(logs), "log_errors.csv").scale is Scale.LOG10
    assert read(tmp_path, text(logs), "plain.csv").scale is Scale.LOG10
    assert read(tmp_path, text(z), "plain.csv").scale is Scale.ZSCORE
    assert read(tmp_path, text(z[:9]), "normalized_log_errors.csv").scale is Scale.ZSCORE
    signed = text(logs).replace("vac_Ef", "p").replace("hex_c11", "q").replace("unit_a", "r")
    assert read(tmp_path, signed, "catalogue.csv").scale is Scale.LINEAR


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


# --- export ----------------------------------------------------------------------------------


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


# --- published tables ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("absolute_errors", Scale.LINEAR),
        ("log_errors", Scale.LOG10),
        ("normalized_log_errors", Scale.ZSCORE),
    ],
)
def test_that_the_published_tables_open(shared_data: Path, name: str, scale: Scale) -> None:
    table = read_table(shared_data / STUDY / f"{name}.csv")
    assert (table.n_rows, table.n_models, len(table.metrics)) == (2301, 2300, 60)
    assert [table.keys[row] for row in table.rows_of(RowRole.THRESHOLD)] == ["DFT|Threshold"]
    assert table.has_key("GAP|93-5|VacEnh")
    assert (table.scale, table.family) == (scale, "Models")
    assert len(table.categories) == 7


def test_that_the_small_published_table_has_three_references(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "D124_log.csv")
    references = [table.keys[row] for row in table.rows_of(RowRole.REFERENCE)]
    assert references == ["Theory", "DFT", "Alter"]
    assert (table.n_models, len(table.metrics), table.scale) == (124, 31, Scale.LOG10)
    assert all(column.category for column in table.metric_columns)


def test_that_every_published_table_opens_or_says_why_not(shared_data: Path) -> None:
    files = [p for p in sorted((shared_data / "tables").rglob("*")) if p.is_file()]
    found = {path: probe_table(str(path)) for path in files}
    unread = [p.name for p, one in found.items() if p.suffix == ".csv" and one["status"] != "ok"]
    assert not unread
    for path, one in found.items():
        assert one["status"] == "ok" or one["problems"][0]["message"].startswith(path.name)
