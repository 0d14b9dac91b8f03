"""The order in which models show: filtered by a condition, sorted, missing values last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.query import matching_rows
from mlipviewer.core.rows import Rows, from_mask, to_mask
from mlipviewer.core.table import ErrorTable, Role

Columns = Mapping[str, NDArray[Any]]
"""Computed columns (n rows of the table,), beside those of the file."""

NO_COLUMNS: Columns = MappingProxyType({})


def shown_models(table: ErrorTable, condition: str, computed: Columns = NO_COLUMNS) -> Rows:
    """The models for which the condition holds. Raises QueryProblem."""
    if not condition.strip():
        return table.models
    names = {**table.namespace, **computed} if computed else table.namespace
    found = matching_rows(condition, names, table.n_rows)
    return from_mask(to_mask(found, table.n_rows) & table.model_mask)


def shown_order(
    table: ErrorTable,
    condition: str,
    sorting: Sequence[tuple[str, bool]],
    computed: Columns = NO_COLUMNS,
) -> NDArray[np.int32]:
    """(k,) rows in display order: references and thresholds first, then the sorted models.

    `sorting` holds (column, descending), the main key first. The sort is stable, and missing
    values come last in both directions.
    """
    models = np.asarray(shown_models(table, condition, computed), np.int32)
    for column, descending in reversed(sorting):
        keys = computed[column] if column in computed else sort_keys(table, column)
        keys = keys[models]
        models = models[_stable_order(keys, descending)]
    special = from_mask(~table.model_mask)
    return np.concatenate([np.asarray(special, np.int32), models])


def sort_keys(table: ErrorTable, column: str) -> NDArray[Any]:
    """(n,) floats of a metric, or the ranks of a text column's cells. Raises KeyError."""
    role = next((c.role for c in table.columns if c.name == column), None)
    if role is Role.ERROR:
        return table.metric(column)
    cells = np.array(table.text[column], object)
    ranks = {cell: i for i, cell in enumerate(sorted(set(cells), key=natural))}
    return np.array([ranks[cell] for cell in cells], float)


def natural(text: str) -> tuple[tuple[int, float, str], ...]:
    """A key by which `model 9` comes before `model 10`."""
    parts: list[tuple[int, float, str]] = []
    digits = ""
    for sign in f"{text}\0":
        if sign.isdecimal():
            digits += sign
            continue
        if digits:
            parts.append((0, float(digits), ""))
            digits = ""
        parts.append((1, 0.0, sign.casefold()))
    return tuple(parts)


def _stable_order(keys: NDArray[np.float64], descending: bool) -> NDArray[np.intp]:
    missing = np.isnan(keys)
    signed = np.where(missing, np.inf, -keys if descending else keys)
    return np.lexsort((signed, missing))
