"""Long (tidy) tables, a row for each number -> models x metrics."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.tables import roles
from mlipviewer.io.tables.cells import NUMBER, as_numbers
from mlipviewer.io.tables.choices import Pivot
from mlipviewer.io.tables.delimited import Cells
from mlipviewer.io.tables.records import check_size

METRIC_COLUMNS = re.compile(
    r"metrics?|propert(y|ies)|quantit(y|ies)|observable|subset|task|benchmark|test(_?set)?|measure"
    r"|variable|target",
    re.IGNORECASE,
)
FACTS = {"category": "category", "group": "category", "unit": "unit", "units": "unit"}
MOST_COLUMNS_OF_LONG = 12
LEAST_FILLED = 0.5  # of models x metrics, for a guess


def guess_pivot(cells: Cells) -> Pivot | None:
    """The pivot of a table that looks long: one column of numbers, a repeated model, a metric."""
    if not 3 <= len(cells.header) <= MOST_COLUMNS_OF_LONG or len(cells.rows) < 4:
        return None
    metric = next((name for name in cells.header if METRIC_COLUMNS.fullmatch(name)), None)
    model = next((n for n in cells.header if roles.NAME_COLUMNS.fullmatch(n) and n != metric), None)
    if metric is None or model is None:
        return None
    values = [name for name in cells.header if _holds_values(cells, name, {model, metric})]
    if len(values) != 1:
        return None
    models, metrics = _column(cells, model), _column(cells, metric)
    n_models, n_metrics, n_rows = len(set(models)), len(set(metrics)), len(models)
    pairs = len(set(zip(models, metrics, strict=True)))
    full = n_rows >= LEAST_FILLED * n_models * n_metrics
    if pairs < n_rows or n_metrics < 2 or n_models == n_rows or not full:
        return None
    return Pivot(model, metric, values[0])


def _holds_values(cells: Cells, name: str, others: set[str]) -> bool:
    if name in others or roles.is_numeric_metadata(name) or roles.is_text_name(name):
        return False
    column = _column(cells, name)
    if roles.is_index(name, column) or roles.is_spread(name, cells.header):
        return False
    return as_numbers(column) is not None


def _column(cells: Cells, name: str) -> list[str]:
    return cells.column(cells.header.index(name))


def pivoted(cells: Cells, pivot: Pivot, path: str) -> Cells:
    """Models x metrics. Several numbers of one model and metric become their mean, with a note.

    Columns that say the same in all rows of a model stay; of those that say the same in all rows
    of a metric, category and unit are kept. Raises ReadProblem for columns that are not there.
    """
    for name in (pivot.model, pivot.metric, pivot.value):
        if name not in cells.header:
            raise ReadProblem(f"has no column {name!r} to pivot", path)
    models, metrics = _column(cells, pivot.model), _column(cells, pivot.metric)
    rows, columns = list(dict.fromkeys(models)), list(dict.fromkeys(metrics))
    check_size(len(rows), len(columns), len(models), path)
    found: dict[tuple[str, str], list[str]] = {}
    for model, metric, cell in zip(models, metrics, _column(cells, pivot.value), strict=True):
        found.setdefault((model, metric), []).append(cell)
    others = [n for n in cells.header if n not in (pivot.model, pivot.metric, pivot.value)]
    facts, told_of_metrics = _facts(cells, metrics, others)
    others = [name for name in others if name not in told_of_metrics]
    kept = [name for name in others if _one_each(models, _column(cells, name)) is not None]
    told = {name: _one_each(models, _column(cells, name)) or {} for name in kept}
    body = [
        [model, *(told[name][model] for name in kept)]
        + [_joined(found.get((model, metric), [])) for metric in columns]
        for model in rows
    ]
    header = (pivot.model, *kept, *(_apart(m, (pivot.model, *kept)) for m in columns))
    notes = _notes(pivot, found, len(rows), len(columns), path)
    lines = [cells.lines[models.index(model)] for model in rows]
    return replace(
        cells, header=header, rows=body, lines=lines, notes=(*cells.notes, *notes), facts=facts
    )


def _apart(metric: str, taken: Sequence[str]) -> str:
    return f"{metric} (metric)" if metric in taken or not metric else metric


def _one_each(names: Sequence[str], cells: Sequence[str]) -> dict[str, str] | None:
    """The cell of each name, where all rows of a name have the same."""
    found: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=True):
        if found.setdefault(name, cell) != cell:
            return None
    return found


def _facts(
    cells: Cells, metrics: Sequence[str], others: Sequence[str]
) -> tuple[Mapping[str, Mapping[str, str]], set[str]]:
    """Category and unit of each metric, and the columns that say so."""
    facts: dict[str, dict[str, str]] = {}
    used = set()
    for name in others:
        fact = FACTS.get(name.strip().lower())
        each = _one_each(metrics, _column(cells, name)) if fact else None
        used |= {name} if each else set()
        for metric, cell in (each or {}).items():
            facts.setdefault(metric, {})[str(fact)] = cell
    return MappingProxyType(facts), used


def _joined(cells: Sequence[str]) -> str:
    """One cell; the mean of several numbers."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) < 2:
        return filled[0] if filled else ""
    numbers = [float(cell) for cell in filled if NUMBER.fullmatch(cell) and "d" not in cell.lower()]
    return repr(sum(numbers) / len(numbers)) if numbers else filled[0]


def _notes(
    pivot: Pivot, found: Mapping[tuple[str, str], list[str]], n_rows: int, n_columns: int, path: str
) -> list[Note]:
    notes = [
        Note(
            f"a long table, made wide: {n_rows} {pivot.model} x {n_columns} {pivot.metric}, "
            f"cells {pivot.value}",
            Place(path),
        )
    ]
    n_several = sum(len(cells) > 1 for cells in found.values())
    if n_several:
        notes.append(Note(f"{n_several} cells are means of several values", Place(path)))
    return notes
