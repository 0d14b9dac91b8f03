"""Tables in spreadsheets, Parquet, JSON, YAML and Markdown: the same cells, the same limits."""

from __future__ import annotations

import json
import math
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.cli import main
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.table import Direction, ErrorTable
from mlipviewer.io.tables import read_table
from mlipviewer.io.tables.json_tables import read_json
from mlipviewer.io.tables.probe import probe_table

RECORDS = [
    {"model": "MACE", "family": "a", "rmse": 0.5, "full": {"F1": 0.9, "MAE": 0.25}},
    {"model": "GAP", "family": "a", "rmse": 1.5, "full": {"F1": 0.75, "MAE": None}},
    {"model": "SNAP", "family": "b", "rmse": 2.5, "full": {"F1": 0.5, "MAE": 0.125}},
]
HEADER = ("model", "family", "rmse", "full.F1", "full.MAE")
FLAT = [
    [r["model"], r["family"], r["rmse"], r["full"]["F1"], r["full"]["MAE"]]  # type: ignore[index]
    for r in RECORDS
]


def write_xlsx(path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "errors"
    for row in (["made for a test"], HEADER, *FLAT):
        book.active.append(row)
    book.create_sheet("other").append([1, 2])
    book.save(path)


def write_parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(RECORDS), path)


def write_yaml(path: Path) -> None:
    import yaml

    path.write_text(yaml.safe_dump(RECORDS, sort_keys=False))


def write_markdown(path: Path) -> None:
    lines = ["# Errors", "", "| " + " | ".join(HEADER) + " |", "|:---|---|---:|---|---|"]
    lines += ["| " + " | ".join("" if c is None else str(c) for c in row) + " |" for row in FLAT]
    path.write_text("\n".join(lines) + "\n\nThe end.\n")


WRITERS = {
    "errors.xlsx": write_xlsx,
    "errors.parquet": write_parquet,
    "errors.json": lambda path: path.write_text(json.dumps(RECORDS, indent=1)),
    "errors.jsonl": lambda path: path.write_text("\n".join(map(json.dumps, RECORDS)) + "\n"),
    "errors.yaml": write_yaml,
    "errors.md": write_markdown,
}


def read(path: Path, text: str | bytes) -> ErrorTable:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path)


def notes(table: ErrorTable) -> str:
    return "\n".join(map(str, table.notes))


@pytest.mark.parametrize("name", WRITERS)
def test_that_every_kind_of_file_gives_the_same_table(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    table = read_table(tmp_path / name)
    assert table.keys == ("MACE", "GAP", "SNAP")
    assert (table.family, table.metrics) == ("family", ("rmse", "full.F1", "full.MAE"))
    assert table.metric("rmse").tolist() == [0.5, 1.5, 2.5]
    assert np.array_equal(table.metric("full.MAE"), [0.25, math.nan, 0.125], equal_nan=True)
    assert table.metric_column("full.F1").direction is Direction.HIGHER


@pytest.mark.parametrize("name", WRITERS)
@given(share=st.floats(0, 0.999))
def test_that_a_cut_file_is_a_part_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, name: str, share: float
) -> None:
    whole = tmp_path_factory.getbasetemp() / f"whole-{name}"
    if not whole.exists():
        WRITERS[name](whole)
    data = whole.read_bytes()
    cut = tmp_path_factory.getbasetemp() / f"cut-{name}"
    cut.write_bytes(data[: int(share * len(data))])
    found = probe_table(str(cut))
    assert found["status"] in ("ok", "error")
    assert found["status"] == "ok" or found["problems"][0]["message"].startswith(cut.name)
    names = found["columns"].get("model", [])
    assert all(any(whole.startswith(n) for whole in ("MACE", "GAP", "SNAP")) for n in names)
    assert set(names) <= {"MACE", "GAP", "SNAP"} or found["problems"]


# --- content before names --------------------------------------------------------------------


def test_that_content_wins_over_the_name(tmp_path: Path) -> None:
    for name, disguise in (("errors.xlsx", "a.csv"), ("errors.parquet", "b.xlsx")):
        WRITERS[name](tmp_path / disguise)
        assert read_table(tmp_path / disguise).n_models == 3
    table = read(tmp_path / "c.parquet", "model,e\na,1\n")
    assert "not Parquet" in notes(table)


def test_that_a_sheet_can_be_chosen_and_is_named(tmp_path: Path) -> None:
    from mlipviewer.io.tables import TableChoices

    write_xlsx(tmp_path / "a.xlsx")
    assert "sheet 'errors' is read" in notes(read_table(tmp_path / "a.xlsx"))
    with pytest.raises(ReadProblem, match="no sheet 'x'; there are errors, other"):
        read_table(tmp_path / "a.xlsx", choices=TableChoices(sheet="x"))


# --- limits ----------------------------------------------------------------------------------


def test_that_a_few_cells_far_apart_are_refused(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for i in range(1, 500):
        book.active.cell(i, i, "a")
    book.active["B1"] = "e"
    book.save(tmp_path / "sparse.xlsx")
    with pytest.raises(ReadProblem, match="values are spread over 498 rows x 499 columns"):
        read_table(tmp_path / "sparse.xlsx")
    book.active["XFD9000"] = 1
    book.save(tmp_path / "sparse.xlsx")
    with pytest.raises(ReadProblem, match="has 16384 columns"):
        read_table(tmp_path / "sparse.xlsx")


def test_that_large_claims_of_a_footer_are_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    column = pa.array(np.zeros(25_000_000, np.int8))
    pq.write_table(pa.table({"a": column}), tmp_path / "large.parquet")
    assert (tmp_path / "large.parquet").stat().st_size < 1 << 20
    with pytest.raises(ReadProblem, match="refused: 25000000 rows"):
        read_table(tmp_path / "large.parquet")


def test_that_text_of_parquet_that_is_no_utf8_is_read_and_told(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = pa.array([b"M\xfcller", b"Li", None]).cast(pa.string(), safe=False)
    pq.write_table(pa.table({"model": text, "e": [1.0, 2.0, 3.0]}), tmp_path / "a.parquet")
    table = read_table(tmp_path / "a.parquet")
    assert table.keys[:2] == ("M\xfcller", "Li")
    assert any("'model' is not UTF-8; read as Latin-1" in str(note) for note in table.notes)
    lists = pa.array([[b"\x80"], [b"a"]]).cast(pa.list_(pa.string()), safe=False)
    pq.write_table(pa.table({"model": ["a", "b"], "tags": lists}), tmp_path / "b.parquet")
    with pytest.raises(ReadProblem, match="column 'tags' holds bytes that are no text"):
        read_table(tmp_path / "b.parquet")


def test_that_an_archive_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (30 << 20))
    with pytest.raises(ReadProblem, match="refused: unpacked it has 30 MB"):
        read_table(path)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.json", "[" * 100_000, "deep"),
        ("a.json", '{"a": ' * 60 + "1" + "}" * 60, "no table|deep"),
        ("a.json", '[{"a": ' + '{"b": ' * 60 + "1" + "}" * 61 + "]", "nested more than"),
        ("a.json", '[{"model": "A"', "line 1: is no complete JSON"),
        ("a.json", '{"legend": {"a": 1}, "series": [{"b": 2}]}', "no table"),
        ("a.json", "[1, 2]", "is JSON, but no table"),
        ("a.json", "[]", "no records"),
        ("a.json", "model,e\na,1\n", "is no JSON"),
        ("a.jsonl", "[3]\n", "line 1: holds no record"),
        ("a.yaml", "a: !!python/object/apply:os.system [ls]", "no plain YAML"),
        ("a.yaml", "a: &x [1, 2]\nb: *x\n", "aliases"),
        ("a.yaml", "a: [1", "no plain YAML"),
        ("a.yaml", "- " * 50 + "1", "nested more than"),
        ("a.yaml", "just words", "no table"),
        ("a.md", "# Title\n\nwords, words\n", "Markdown without|cells|is no table"),
        ("a.parquet", b"PAR1" + b"\0" * 50, "incomplete or damaged Parquet"),
        ("a.zip", b"PK\x03\x04", "archive is cut"),
        ("a.ods", None, "OpenDocument"),
        ("a.zip", None, "zip archive and no spreadsheet"),
    ],
)
def test_that_what_is_no_table_is_refused_in_one_sentence(
    tmp_path: Path, name: str, text: str | bytes | None, words: str
) -> None:
    path = tmp_path / name
    if text is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("content.xml" if name == "a.ods" else "../../evil.csv", "x")
        text = path.read_bytes()
    with pytest.raises(ReadProblem, match=words) as found:
        read(path, text)
    assert str(found.value).startswith(f"{name}: ")
    assert "\n" not in str(found.value)
    assert not (tmp_path.parent.parent / "evil.csv").exists()


# --- JSON ------------------------------------------------------------------------------------


def test_that_a_cut_line_costs_only_itself(tmp_path: Path) -> None:
    text = "\n".join(map(json.dumps, RECORDS)) + '\n{"model": "NNP", "rm'
    table = read(tmp_path / "a.jsonl", text)
    assert table.n_models == 3
    assert "a.jsonl: line 4: is no complete JSON" in notes(table)
    assert any(note.loss for note in table.notes)


def test_that_tokens_that_are_no_json_are_missing_and_told(tmp_path: Path) -> None:
    text = '[{"model":"A","e":NaN},{"model":"B","e":-Infinity},{"model":"C","e":0.1}]'
    table = read(tmp_path / "a.json", text)
    assert np.isnan(table.metric("e")).tolist() == [True, True, False]
    assert "2 values are NaN or Infinity" in notes(table)


def test_that_repeated_keys_are_told(tmp_path: Path) -> None:
    table = read(tmp_path / "a.json", '[{"model":"A","e":1,"e":2},{"model":"B","e":3}]')
    assert table.metric("e").tolist() == [2.0, 3.0]
    assert "'e'" in notes(table)


def test_that_whole_numbers_are_exact_in_names(tmp_path: Path) -> None:
    table = read(tmp_path / "a.json", '[{"id": 9007199254740993, "e": 1}, {"id": 2, "e": 2}]')
    assert table.keys == ("9007199254740993", "2")


@pytest.mark.parametrize(
    ("found", "keys", "metrics"),
    [
        ({"MACE": {"e": 1, "f": 2}, "GAP": {"e": 3, "f": 4}}, ("MACE", "GAP"), ("e", "f")),
        ({"e": {"MACE": 1, "GAP": 3}, "f": {"MACE": 2}}, ("MACE", "GAP"), ("e", "f")),
        ({"model": ["a", "b"], "e": [1, 2]}, ("a", "b"), ("e",)),
        ({"about": "x", "rows": [{"model": "a", "e": 1}, {"model": "b"}]}, ("a", "b"), ("e",)),
        ({"A": {"model": {"n": "x"}, "e": 1}, "B": {"e": 2}}, ("A", "B"), ("e",)),
    ],
)
def test_that_shapes_of_leaderboards_are_known(
    tmp_path: Path, found: object, keys: tuple[str, ...], metrics: tuple[str, ...]
) -> None:
    table = read(tmp_path / "a.json", json.dumps(found))
    assert (table.keys, table.metrics) == (keys, metrics)


def test_that_what_is_nested_is_in_the_category_of_its_first_name(tmp_path: Path) -> None:
    table = read(tmp_path / "a.json", json.dumps(RECORDS))
    assert table.select_metrics(category="full") == ("full.F1", "full.MAE")


@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=3),
            st.none()
            | st.floats()
            | st.integers()
            | st.booleans()
            | st.text(max_size=5)
            | st.lists(st.integers(), max_size=3),
            max_size=5,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_that_any_records_become_cells(records: list[dict[str, object]]) -> None:
    cells = read_json(json.dumps(records), "a.json")
    assert len(cells.rows) == len(records)
    assert all(len(row) == len(cells.header) for row in cells.rows)
    assert len(set(cells.header)) == len(cells.header)


# --- a folder of YAML ------------------------------------------------------------------------

MODEL = """\
model_name: {name}
authors:
- name: Somebody
model_params: 12
metrics:
  discovery:
    F1: {f1}
    pred_file: {{name: x, size: 3}}
  phonons: {phonons}
"""


def leaderboard(folder: Path) -> Path:
    for family, name, f1, phonons in (
        ("mace", "m-0", 0.5, "{κ_SRME: 0.6}"),
        ("mace", "m-1", 0.6, "{κ_SRME: 0.5}"),
        ("orb", "o-2", 0.7, "not available"),
    ):
        (folder / family).mkdir(exist_ok=True)
        text = MODEL.format(name=name, f1=f1, phonons=phonons)
        (folder / family / f"{name}.yml").write_text(text)
    return folder


def test_that_a_folder_of_yaml_is_a_table_of_models(tmp_path: Path) -> None:
    table = read_table(leaderboard(tmp_path))
    assert set(table.keys) == {"m-0", "m-1", "o-2"}
    assert table.metrics == ("discovery.F1", "phonons.κ_SRME")
    assert np.isnan(table.metric("phonons.κ_SRME")[table.row("o-2")])
    assert (table.family, set(table.families)) == ("family", {"mace", "orb"})
    assert table.metric_column("discovery.F1").direction is Direction.HIGHER
    assert "discovery.pred_file.size" in table.text


def test_that_a_model_without_metrics_adds_no_columns(tmp_path: Path) -> None:
    text = "model_name: x\nhyperparams: {max_force: 0.05}\nmetrics: not yet\n"
    (leaderboard(tmp_path) / "x.yml").write_text(text)
    table = read_table(tmp_path)
    assert table.n_models == 4
    assert table.metrics == ("discovery.F1", "phonons.κ_SRME")


def test_that_a_bad_file_in_a_folder_is_told(tmp_path: Path) -> None:
    (leaderboard(tmp_path) / "bad.yml").write_text("a: [1")
    table = read_table(tmp_path)
    assert table.n_models == 3
    assert "bad.yml: line 1" in notes(table) or "bad.yml: line 2" in notes(table)


def test_that_a_folder_without_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadProblem, match="without YAML"):
        read_table(tmp_path)


def test_that_a_folder_goes_through_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    folder, out = leaderboard(tmp_path / "models"), tmp_path / "out.json"
    words = ["run", "pareto", "--table", str(folder), "--metrics", "all", "--out", str(out)]
    assert main(words) == 0
    first = json.loads(out.read_text())["inputs"][0]["fingerprint"]
    assert first.startswith("folder:")
    (folder / "orb" / "o-2.yml").write_text(MODEL.format(name="o-2", f1=0.8, phonons="{}"))
    assert main(words) == 0
    assert json.loads(out.read_text())["inputs"][0]["fingerprint"] != first


# --- damage ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITERS)
@given(
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6)
)
def test_that_changed_bytes_are_a_table_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, name: str, changes: list[tuple[float, int]]
) -> None:
    whole = tmp_path_factory.getbasetemp() / f"whole-{name}"
    if not whole.exists():
        WRITERS[name](whole)
    data = bytearray(whole.read_bytes())
    for share, value in changes:
        data[int(share * len(data))] = value
    changed = tmp_path_factory.getbasetemp() / f"changed-{name}"
    changed.write_bytes(data)
    found = probe_table(str(changed))
    assert found["status"] in ("ok", "error")
    assert all(problem["message"] for problem in found["problems"])


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.yaml", "a.md", "a.xlsx", "a.parquet"])
@given(data=st.binary(max_size=80) | st.text(alphabet='{}[]":,|-a1\n &*!#', max_size=60))
def test_that_any_content_is_a_table_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes | str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    assert probe_table(str(path))["status"] in ("ok", "error")
