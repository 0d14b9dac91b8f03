"""Which kind of table a file is, by its content first, and its cells."""

from __future__ import annotations

from pathlib import Path

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.files import MEGABYTE, decode, open_regular, read_bytes
from mlipviewer.io.tables.delimited import Cells, split_cells
from mlipviewer.io.tables.json_tables import looks_like_json, read_json
from mlipviewer.io.tables.markdown import is_markdown, read_markdown
from mlipviewer.io.tables.yaml_tables import read_yaml, read_yaml_folder

SIZE_LIMIT = 96 * MEGABYTE
SIGNATURES = (
    (b"\x1f\x8b", "is compressed; unpack it first"),
    (b"BZh", "is compressed; unpack it first"),
    (b"\xfd7zXZ", "is compressed; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "is compressed; unpack it first"),
    (b"\x04\x22\x4d\x18", "is compressed; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel file; save it as XLSX or CSV"),
    (b"\x89HDF", "is an HDF5 file; save the table as CSV or Parquet"),
    (b"SQLite format 3", "is a database; save the table as CSV or Parquet"),
    (b"\x80", "is a Python pickle or other binary data, which is never opened"),
    (b"version https://git-lfs", "is only a Git LFS pointer; fetch the data with `git lfs pull`"),
)
SPREADSHEETS = (".xlsx", ".xls", ".xlsm")
DELIMITED = (".csv", ".tsv", ".txt", ".dat", ".tab")
LINES = (".jsonl", ".ndjson")


def read_cells(file: Path, sheet: str = "") -> tuple[Cells, tuple[Note, ...]]:
    """The cells of a table file of any kind, or of a folder of YAML. Raises ReadProblem."""
    if file.is_dir():
        return read_yaml_folder(file), ()
    if file.suffix.lower() in (".pkl", ".pickle"):
        raise ReadProblem("is a Python pickle, which is never opened", file)
    with open_regular(file) as handle:
        head = handle.read(64)
    if head.startswith(b"PAR1"):
        from mlipviewer.io.tables.parquet import read_parquet

        return read_parquet(file), ()
    if head.startswith(b"PK\x03\x04"):
        from mlipviewer.io.tables.excel import read_excel

        return read_excel(file, sheet), ()
    for signature, sentence in SIGNATURES:
        if head.startswith(signature):
            raise ReadProblem(sentence, file)
    return _cells_of_text(file)


def _cells_of_text(file: Path) -> tuple[Cells, tuple[Note, ...]]:
    data = read_bytes(file, SIZE_LIMIT)
    if not data.strip():
        raise ReadProblem("is empty", file)
    text, notes = decode(data, file)
    if text.count("\0") > max(8, len(text) // 100):
        raise ReadProblem("is binary data, not a table", file)
    suffix, path = file.suffix.lower(), str(file)
    if suffix in (".yml", ".yaml"):
        return read_yaml(text, path), notes
    if looks_like_json(text) and suffix not in DELIMITED:
        return read_json(text, path, suffix in LINES), notes
    if suffix not in DELIMITED and is_markdown(text):
        return read_markdown(text, path), notes
    for suffixes, kind in ((SPREADSHEETS, "a spreadsheet"), ((".parquet",), "Parquet")):
        if suffix in suffixes:
            notes = (*notes, Note(f"is text, not {kind}; read as CSV", Place(path)))
    if suffix in (".json", *LINES):
        raise ReadProblem("is no JSON: it begins with neither { nor [", file)
    return split_cells(text, path), notes
