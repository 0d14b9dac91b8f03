"""Rows of the table for other programs: as a file, and as text that a spreadsheet takes."""

from __future__ import annotations

from pathlib import Path

from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.gui.carrying import Carried, room_for
from mlipviewer.io.export import rows_of_table, table_as_csv
from mlipviewer.io.files import write_text
from mlipviewer.io.table_texts import as_tsv


def carried_rows(table: ErrorTable, rows: Rows, hidden: frozenset[str]) -> Carried:
    """These rows in their order, without hidden columns. Raises OSError."""
    columns = rows_of_table(table, rows)
    shown = {name: values for name, values in columns.items() if name not in hidden}
    path = room_for(f"{Path(table.name).stem} ({len(rows)} models).csv")
    write_text(path, table_as_csv(shown))
    return Carried(f"{len(rows)} models", path, as_tsv(shown))
