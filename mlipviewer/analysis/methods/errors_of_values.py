"""A table of values and a reference row -> a table of errors."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.problem import Note, Place
from mlipviewer.core.table import Column, Direction, ErrorTable, Floats, Role, RowRole, Scale

KINDS = ("signed", "absolute", "relative")


def errors_of_values(table: ErrorTable, reference: str, kind: str = "absolute") -> ErrorTable:
    """Errors of all models against the row `reference`: value - reference, its size, or its size
    over that of the reference (NaN where the reference is zero).

    The reference row, whose errors are zero, is left out; threshold rows stay as they are. Errors
    are the better the lower. Raises AnalysisProblem.
    """
    if kind not in KINDS:
        raise AnalysisProblem(f"errors are {', '.join(KINDS)}, not {kind!r}")
    if table.scale is not Scale.LINEAR:
        raise AnalysisProblem(f"{table.name} holds {table.scale} numbers, not values")
    if not table.has_key(reference):
        known = [table.keys[row] for row in table.rows_of(RowRole.REFERENCE)]
        told = f"; there are {', '.join(known)}" if known else ""
        raise AnalysisProblem(f"no row {reference!r} in table {table.name}{told}")
    truth = table.values[table.row(reference)]
    errors = _errors(table.values, truth, kind)
    thresholds = table.rows_of(RowRole.THRESHOLD)
    errors[thresholds] = table.values[thresholds]
    kept = [row for row in range(table.n_rows) if row != table.row(reference)]
    return replace(
        table,
        columns=tuple(_of_errors(column, kind) for column in table.columns),
        keys=tuple(table.keys[row] for row in kept),
        row_roles=tuple(table.row_roles[row] for row in kept),
        values=errors[kept],
        text=MappingProxyType(
            {name: tuple(cells[row] for row in kept) for name, cells in table.text.items()}
        ),
        notes=(*table.notes, *_notes(table, truth, reference, kind)),
    )


def _errors(values: Floats, truth: Floats, kind: str) -> Floats:
    signed = values - truth
    if kind == "signed":
        return signed
    if kind == "absolute":
        return np.abs(signed)
    return np.asarray(np.abs(signed) / np.where(truth == 0, np.nan, np.abs(truth)))


def _of_errors(column: Column, kind: str) -> Column:
    if column.role is not Role.ERROR:
        return column
    unit = "" if kind == "relative" else column.unit
    label = f"{kind} error of {column.label or column.name}"
    return replace(column, unit=unit, label=label, direction=Direction.LOWER, good=None, bad=None)


def _notes(table: ErrorTable, truth: Floats, reference: str, kind: str) -> list[Note]:
    place = Place(table.path)
    notes = [Note(f"{kind} errors of the values against {reference}", place)]
    lost = [
        name
        for name, value in zip(table.metrics, truth, strict=True)
        if not np.isfinite(value) or (kind == "relative" and value == 0)
    ]
    if lost:
        shown = ", ".join(lost[:5]) + (" ..." if len(lost) > 5 else "")
        why = "missing or zero" if kind == "relative" else "missing"
        notes.append(Note(f"no errors where the reference is {why}: {shown}", place, loss=True))
    return notes
