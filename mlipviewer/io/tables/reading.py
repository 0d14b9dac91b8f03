"""CSV and TSV error tables -> ErrorTable, with the roles of columns and rows guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.table import Column, ErrorTable, Floats, Role, RowRole
from mlipviewer.io.files import MEGABYTE, decode, read_bytes
from mlipviewer.io.tables import roles
from mlipviewer.io.tables.cells import Numbers, as_numbers, with_points
from mlipviewer.io.tables.delimited import LISTED, Cells, split_cells
from mlipviewer.io.tables.known_metrics import known_metrics
from mlipviewer.io.tables.metadata import metadata_path, read_metadata, with_facts

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".dat", ".tab"})
SIZE_LIMIT = 96 * MEGABYTE
LATER = "CSV and TSV tables are read; save it as CSV"
SIGNATURES = (
    (b"\x1f\x8b", "is compressed; unpack it first"),
    (b"PAR1", f"is a Parquet file; {LATER}"),
    (b"PK\x03\x04", f"is a spreadsheet or zip archive; {LATER}"),
    (b"\xd0\xcf\x11\xe0", f"is an old Excel file; {LATER}"),
    (b"\x89HDF", f"is an HDF5 file; {LATER}"),
    (b"SQLite format 3", f"is a database; {LATER}"),
    (b"\x80", "is a Python pickle or other binary data, which is never opened"),
    (b"version https://git-lfs", "is only a Git LFS pointer; fetch the data with `git lfs pull`"),
)
NOT_TABLES = {
    ".json": "JSON", ".jsonl": "JSON", ".yaml": "YAML", ".yml": "YAML", ".md": "Markdown",
    ".pkl": "a Python pickle", ".pickle": "a Python pickle", ".parquet": "Parquet",
    ".gz": "compressed", ".zip": "a zip archive",
}  # fmt: skip


def read_table(path: str | Path, name: str | None = None) -> ErrorTable:
    """The error table of a CSV, TSV or `;` file, under `name` (else the file's stem).

    All cells are read as text; columns of numbers are typed copies. Raises ReadProblem.
    """
    file = Path(path)
    cells, notes = _read_cells(file)
    return _assemble(file, name or file.stem, cells, notes)


def _read_cells(file: Path) -> tuple[Cells, tuple[Note, ...]]:
    if file.suffix.lower() in (".pkl", ".pickle"):
        raise ReadProblem("is a Python pickle, which is never opened", file)
    data = read_bytes(file, SIZE_LIMIT)
    if not data.strip():
        raise ReadProblem("is empty", file)
    for signature, sentence in SIGNATURES:
        if data.startswith(signature):
            raise ReadProblem(sentence, file)
    kind = NOT_TABLES.get(file.suffix.lower())
    if kind:
        raise ReadProblem(f"is {kind}; {LATER}", file)
    text, notes = decode(data, file)
    if text.count("\0") > max(8, len(text) // 100):
        raise ReadProblem("is binary data, not a table", file)
    if file.suffix.lower() in (".xlsx", ".xls", ".xlsm"):
        notes = (*notes, Note("is text, not a spreadsheet; read as CSV", Place(str(file))))
    return split_cells(text, str(file)), notes


@dataclass(frozen=True, eq=False)
class _Typed:
    """A column of the file: its cells, as numbers too where it holds numbers."""

    name: str
    cells: Sequence[str]
    role: Role
    values: Floats | None
    notes: tuple[Note, ...] = ()


def _typed(cells: Cells, path: str) -> list[_Typed]:
    return [_typed_column(cells, index, path) for index in range(len(cells.header))]


def _typed_column(cells: Cells, index: int, path: str) -> _Typed:
    name, column = cells.header[index], cells.column(index)
    if index == 0 and roles.is_index(name, column) and column:
        return _Typed(name, column, Role.IGNORE, None)
    if not column:
        role = Role.METADATA if index == 0 or roles.is_text_name(name) else Role.ERROR
        return _Typed(name, column, role, np.empty(0) if role is Role.ERROR else None)
    points = with_points(column) if cells.separator != "," else None
    numbers = None if roles.is_text_name(name) else as_numbers(points or column)
    if numbers is None or roles.is_numeric_metadata(name):
        return _Typed(name, column, Role.METADATA, None)
    notes = [] if points is None else [Note(f"{name}: commas are read as decimal", Place(path))]
    notes += _cell_notes(name, numbers, column, cells.lines, path)
    return _Typed(name, column, Role.ERROR, numbers.values, tuple(notes))


def _cell_notes(
    name: str, numbers: Numbers, column: Sequence[str], lines: Sequence[int], path: str
) -> list[Note]:
    notes = []
    for rows, what in ((numbers.infinite, "not finite"), (numbers.failed, "no number")):
        if rows:
            count = "1 cell is" if len(rows) == 1 else f"{len(rows)} cells are"
            text = f"{name}: {count} {what} ({column[rows[0]]!r}), shown as missing"
            notes.append(Note(text, Place(path, line=lines[rows[0]]), loss=True))
    return notes


def _assemble(file: Path, name: str, cells: Cells, notes: Sequence[Note]) -> ErrorTable:
    n_rows = len(cells.rows)
    columns = _typed(cells, str(file))
    text = {c.name: tuple(c.cells) for c in columns if c.role is Role.METADATA}
    labels = {c.name: text[c.name] for c in columns if c.name in text and _names_rows(c)}
    row_roles = roles.row_roles(labels, n_rows)
    models = [row for row, role in enumerate(row_roles) if role is RowRole.MODEL]
    chosen = roles.key_columns(labels, models) if labels and models else tuple(labels)[:1]
    keys = roles.row_keys(labels, chosen if chosen is not None else tuple(labels), row_roles)
    values = _stacked([c.values for c in columns if c.values is not None], n_rows)
    described, fact_notes = _described(columns, chosen or (), metadata_path(file))
    known = any(c.category for c in described if c.role is Role.ERROR)
    scale, reason = roles.scale_of(file.stem, values, known)
    told = [Note(text, Place(str(file))) for text in (reason, _key_note(chosen, labels)) if text]
    every = (*notes, *cells.notes, *(n for c in columns for n in c.notes), *fact_notes, *told)
    return ErrorTable(
        name=name,
        columns=described,
        keys=keys,
        row_roles=row_roles,
        values=values,
        text=MappingProxyType(text),
        scale=scale,
        family=roles.family_column(labels, models),
        notes=_limited(every, str(file)),
        path=str(file),
    )


def _key_note(chosen: Sequence[str] | None, labels: Mapping[str, object]) -> str:
    if chosen is None and labels:
        return "no set of columns tells all models apart; repeated keys are numbered"
    return ""


def _names_rows(column: _Typed) -> bool:
    """Text that can name a row: not a count or a rank."""
    return not roles.is_numeric_metadata(column.name)


def _stacked(columns: Sequence[Floats], n_rows: int) -> Floats:
    return np.column_stack(columns) if columns else np.empty((n_rows, 0))


def _described(
    columns: Sequence[_Typed], keys: Sequence[str], path: Path
) -> tuple[tuple[Column, ...], list[Note]]:
    facts, file_notes = read_metadata(path)
    notes = [*file_notes]
    described = []
    for typed in columns:
        column = _guessed(typed, keys)
        if typed.name in facts and column.role is Role.ERROR:
            column, more = with_facts(column, facts[typed.name], path)
            notes += more
        described.append(column)
    unknown = sorted(set(facts) - {typed.name for typed in columns})
    if unknown:
        text = f"speaks of metrics that the table does not have: {', '.join(unknown[:5])}"
        notes.append(Note(text, Place(str(path))))
    return tuple(described), notes


def _guessed(typed: _Typed, keys: Sequence[str]) -> Column:
    if typed.role is not Role.ERROR:
        role = Role.KEY if typed.name in keys else typed.role
        return Column(typed.name, role)
    category, unit = known_metrics().get(typed.name, ("", ""))
    label, unit_in_name = roles.unit_in(typed.name)
    return Column(
        typed.name,
        Role.ERROR,
        unit=unit or unit_in_name,
        category=category,
        label=label,
        direction=roles.direction_of(typed.name),
    )


def _limited(notes: Sequence[Note], path: str) -> tuple[Note, ...]:
    if len(notes) <= LISTED:
        return tuple(notes)
    return (*notes[:LISTED], Note(f"and {len(notes) - LISTED} more notes", Place(path)))


def with_roles(table: ErrorTable, row_roles: Mapping[str, RowRole]) -> ErrorTable:
    """The table with other roles for some rows, by key. Raises KeyError."""
    new = list(table.row_roles)
    for key, role in row_roles.items():
        new[table.row(key)] = role
    return replace(table, row_roles=tuple(new))
