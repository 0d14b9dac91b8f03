"""What an analysis of a table is about: which metrics, which rows, and how axes name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import Column, Direction, ErrorTable, Floats, Scale


def chosen_metrics(
    table: ErrorTable, metrics: Sequence[str], category: str, default: int | None = None
) -> tuple[str, ...]:
    """The named metrics, else the category's, else all or the first `default`.

    The names may be given as one, `all`. Raises AnalysisProblem.
    """
    if not table.metrics:
        raise AnalysisProblem(f"table {table.name} has no error columns")
    if tuple(metrics) == ("all",) and "all" not in table.metrics:
        return table.metrics
    try:
        found = table.select_metrics(metrics, category)
    except KeyError as error:
        raise AnalysisProblem(str(error.args[0])) from None
    if len(set(found)) < len(found):
        raise AnalysisProblem("the same metric is named twice")
    return found if metrics or category else found[:default]


def chosen_models(inputs: Inputs) -> Rows:
    """The models left by the filter; references and thresholds are never among them."""
    table = inputs.the_table()
    if inputs.models is None:
        return table.models
    return inputs.models[table.model_mask[inputs.models]]


def values_of(table: ErrorTable, metrics: Sequence[str]) -> Floats:
    """(n, len(metrics)) the cells of these metrics, every row."""
    return table.values[:, [table.metric_index(name) for name in metrics]]


def to_minimise(table: ErrorTable, metrics: Sequence[str]) -> Floats:
    """(n, len(metrics)) cells with the sign turned where higher is better."""
    higher = [table.metric_column(name).direction is Direction.HIGHER for name in metrics]
    return values_of(table, metrics) * np.where(higher, -1.0, 1.0)


def of_rows(table: ErrorTable, rows: Rows, values: Any) -> Floats:
    """(n rows of the table,) the values (k,) of some rows, NaN for the others."""
    found = np.full(table.n_rows, np.nan)
    found[rows] = values
    return found


def axis_title(column: Column, scale: Scale) -> str:
    """`label (unit)`, or what the cells are where they are logarithms or z-scores."""
    label = column.label or column.name
    match scale:
        case Scale.LOG10:
            return f"log₁₀ {label} ({column.unit})" if column.unit else f"log₁₀ {label}"
        case Scale.ZSCORE:
            return f"{label} (z-score)"
        case Scale.LINEAR:
            return column.title


def units_of(table: ErrorTable, metrics: Sequence[str]) -> dict[str, str]:
    """Unit by metric; logarithms are those of numbers in the unit, z-scores have none."""
    if table.scale is Scale.ZSCORE:
        return dict.fromkeys(metrics, "")
    before = "log10 " if table.scale is Scale.LOG10 else ""
    units = {name: table.metric_column(name).unit for name in metrics}
    return {name: before + unit if unit else unit for name, unit in units.items()}
