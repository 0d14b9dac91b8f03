"""Records (names with values, nested as they come) -> the cells that tables are made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from mlipviewer.core.problem import Note, ReadProblem
from mlipviewer.io.tables.delimited import MOST_COLUMNS, Cells

MOST_CELLS = 20_000_000
SPARSE = 20  # cells of a table for each that holds something, at the most
SMALL = 100_000  # cells; below it a sparse table does no harm
DEEPEST = 32
LONGEST_LIST = 64  # values in one cell
Record = Mapping[str, object]


def text_of(value: object) -> str:
    """One value as the text of a cell; nothing for None."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case list() | tuple():
            return ", ".join(text_of(one) for one in value)
        case _:
            return str(value)


def flatten(record: Record, path: str = "") -> dict[str, str]:
    """Cells by name; what is nested is named by its path (`discovery.full.F1`).

    Lists of plain values are one cell; lists of records are left out. Raises ReadProblem.
    """
    cells: dict[str, str] = {}
    for name, value in _leaves(record, "", 0, path):
        wanted, count = name or "column", 2
        while wanted in cells:
            wanted, count = f"{name} ({count})", count + 1
        cells[wanted] = text_of(value)
    return cells


def _leaves(record: Record, before: str, depth: int, path: str) -> Iterator[tuple[str, object]]:
    if depth > DEEPEST:
        raise ReadProblem(f"is nested more than {DEEPEST} deep", path)
    for key, value in record.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{name}.", depth + 1, path)
        elif not isinstance(value, list | tuple) or _fits_a_cell(value):
            yield name, value


def _fits_a_cell(values: Sequence[object]) -> bool:
    plain = not any(isinstance(value, Mapping | list) for value in values)
    return plain and len(values) <= LONGEST_LIST


def cells_of_records(
    records: Sequence[Record], lines: Sequence[int], path: str, notes: Sequence[Note] = ()
) -> Cells:
    """A table with a row for each record and a column for each name that any of them has.

    `lines` say where the records stand. Names with a path are in the category that it begins
    with. Raises ReadProblem where the table would be too large or nearly empty.
    """
    flat = [flatten(record, path) for record in records]
    header = tuple(dict.fromkeys(name for row in flat for name in row))
    check_size(len(flat), len(header), sum(map(len, flat)), path)
    rows = [[row.get(name, "") for name in header] for row in flat]
    facts = {name: {"category": name.split(".")[0]} for name in header if "." in name.strip(".")}
    return Cells(header, rows, list(lines), ",", tuple(notes), MappingProxyType(facts))


def check_size(n_rows: int, n_columns: int, n_filled: int, path: str) -> None:
    """Raise ReadProblem for a table that would need much memory, most of it for nothing."""
    n_cells = n_rows * n_columns
    if n_columns > MOST_COLUMNS:
        raise ReadProblem(f"has {n_columns} columns; at most {MOST_COLUMNS} are read", path)
    if n_cells > MOST_CELLS:
        raise ReadProblem(
            f"refused: {n_rows} rows x {n_columns} columns are more than {MOST_CELLS:,} cells", path
        )
    if n_cells > SMALL and n_cells > SPARSE * n_filled:
        raise ReadProblem(
            f"refused: its {n_filled} values are spread over {n_rows} rows x {n_columns} columns",
            path,
        )
