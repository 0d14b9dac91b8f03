"""Rows of the table for other programs: as a file, and as text that a spreadsheet takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.gui.carrying import Carried, room_for
from mlipviewer.io.export import rows_of_table, table_as_csv
from mlipviewer.io.files import write_text
from mlipviewer.io.table_texts import as_tsv


def carried_rows(table: ErrorTable, rows: Rows, hidden: frozenset[str]) -> Carried:
    """These rows in their order, without hidden columns. Raises OSError."""
    shown = _without(table, rows, hidden)
    path = room_for(f"{Path(table.name).stem} ({len(rows)} models).csv")
    write_text(path, table_as_csv(shown))
    return Carried(f"{len(rows)} models", path, as_tsv(shown))


def copied_rows(table: ErrorTable, rows: Rows, hidden: frozenset[str]) -> Carried:
    """The same as text alone."""
    shown = _without(table, rows, hidden)
    return Carried(f"{len(rows)} models x {len(shown)} columns", text=as_tsv(shown))


def _without(table: ErrorTable, rows: Rows, hidden: frozenset[str]) -> dict[str, Any]:
    columns = rows_of_table(table, rows)
    return {name: values for name, values in columns.items() if name not in hidden}
