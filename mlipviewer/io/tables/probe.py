"""What a table file turns out to be, as plain data: for checking readers against known files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mlipviewer.core.problem import Note, ReadProblem
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables.reading import read_table


def probe_table(path: str) -> dict[str, Any]:
    """status (ok, error), good_frames (rows), problems, columns: cells by name."""
    try:
        table = read_table(path)
    except ReadProblem as problem:
        note = Note(problem.reason, problem.place)
        return {"status": "error", "good_frames": 0, "problems": _problems([note]), "columns": {}}
    return {
        "status": "ok",
        "good_frames": table.n_rows,
        "problems": _problems(table.notes),
        "columns": _columns(table),
    }


def _columns(table: ErrorTable) -> Mapping[str, list[Any]]:
    columns: dict[str, list[Any]] = {name: list(cells) for name, cells in table.text.items()}
    columns |= {name: table.metric(name).tolist() for name in table.metrics}
    return columns


def _problems(notes: Iterable[Note]) -> list[dict[str, Any]]:
    return [
        {
            "file": note.place.path,
            "frame": note.place.frame,
            "line": note.place.line,
            "message": str(note),
        }
        for note in notes
    ]
