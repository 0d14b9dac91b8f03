"""The error table as it is seen: its rows in order, its columns, and what their cells say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.order import NO_COLUMNS, Columns, shown_order
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.table import ErrorTable, Role
from mlipviewer.gui.number_words import error_text, number_text
from mlipviewer.gui.plain import plain
from mlipviewer.session.conditions import set_masks
from mlipviewer.session.state import Document

MAX_CELL = 200


@dataclass(frozen=True, eq=False)
class Cells:
    """The columns of a table by `names`; `metrics` has the metric of each, None for text. What was
    `computed` stands at the left."""

    table: ErrorTable
    names: tuple[str, ...]
    metrics: tuple[int | None, ...]
    computed: Columns

    def text_of(self, row: int, column: int) -> str:
        """What a cell says."""
        metric, name = self.metrics[column], self.names[column]
        if name in self.computed:
            return number_text(float(self.computed[name][row]))
        if metric is None:
            return plain(self.table.text[name][row], MAX_CELL)
        floor = self.table.metric_columns[metric].floor
        return error_text(float(self.table.values[row, metric]), floor)


def cells_of(table: ErrorTable, document: Document, computed: Columns = NO_COLUMNS) -> Cells:
    """What was computed, the text columns, then the metrics; else as the user put them."""
    usual: list[tuple[str, int | None]] = [
        *((name, None) for name in (*computed, *text_columns(table))),
        *((table.metrics[i], i) for i in metric_order(table, document.grouped)),
    ]
    wanted = {name: place for place, name in enumerate(document.arranged)}
    usual.sort(key=lambda one: wanted.get(one[0], len(wanted)))
    names, metrics = tuple(name for name, _ in usual), tuple(metric for _, metric in usual)
    return Cells(table, names, metrics, computed)


def order_of(
    table: ErrorTable, document: Document, computed: Columns = NO_COLUMNS
) -> tuple[NDArray[np.int32], str]:
    """The rows in display order; and why a condition does not fit, which then hides none."""
    try:
        return _order(table, document, document.condition, computed), ""
    except QueryProblem as problem:
        reason = f"column {problem.position + 1}: {problem.reason}"
        return _order(table, document, "", computed), reason


def _order(
    table: ErrorTable, document: Document, condition: str, computed: Columns
) -> NDArray[np.int32]:
    """Columns that the table lacks do not sort. Raises QueryProblem."""
    known = {*table.metrics, *text_columns(table), *computed}
    sorting = [(s.column, s.descending) for s in document.sorting if s.column in known]
    names = {**computed, **set_masks(document, table)}
    return shown_order(table, condition, sorting, names)


def metric_order(table: ErrorTable, grouped: bool) -> tuple[int, ...]:
    """The metrics as they stand: as in the file, or by category, those without one last."""
    metrics = range(len(table.metrics))
    if not grouped:
        return tuple(metrics)
    place = {name: i for i, name in enumerate(table.categories)}
    about = table.metric_columns
    return tuple(sorted(metrics, key=lambda i: place.get(about[i].category, len(place))))


def text_columns(table: ErrorTable) -> tuple[str, ...]:
    """The text columns beside the key, which stands at the left: the family and the metadata."""
    return tuple(
        column.name
        for column in table.text_columns
        if column.role is not Role.KEY or column.name == table.family
    )
