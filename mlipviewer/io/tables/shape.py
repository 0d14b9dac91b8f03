"""How the numbers stand in a file: which sheet, and a row for each model or for each number."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mlipviewer.io.tables.choices import Pivot, TableChoices
from mlipviewer.io.tables.formats import read_cells
from mlipviewer.io.tables.pivot import guess_pivot
from mlipviewer.io.tables.reading import renamed


@dataclass(frozen=True)
class TableShape:
    """The sheets of a workbook (none for other files), the columns of the sheet that is read, as
    they are called by the choices, and the pivot that is guessed."""

    sheets: tuple[str, ...]
    header: tuple[str, ...]
    guess: Pivot | None


def table_shape(path: str | Path, choices: TableChoices) -> TableShape:
    """Raises ReadProblem."""
    file = Path(path)
    cells = renamed(read_cells(file, choices.sheet)[0], choices.names)
    return TableShape(_sheets(file), cells.header, guess_pivot(cells))


def _sheets(file: Path) -> tuple[str, ...]:
    if file.is_dir():
        return ()
    with file.open("rb") as handle:
        if handle.read(4) != b"PK\x03\x04":
            return ()
    from mlipviewer.io.tables.excel import sheet_names

    return sheet_names(file)
