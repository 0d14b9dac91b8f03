"""The pictures of predictions: who predicts whom, how well, and which models are off."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.analysis.methods.linkage import clustered_order
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Edges, HeatMap, Plot, Points, Space
from mlipviewer.core.table import ErrorTable

NODE_SIZE, NODE_GROWTH = 8.0, 60.0  # pixels, and pixels for the whole of PageRank
HEAD = 4.5  # pixels of the dot at the predicted end of an edge
HEAD_AT = 0.75  # of the way
LOWEST = -1.0  # R² below are drawn here
SCORES = {
    "all others": "r2",
    "all, new family": "r2_other_families",
    "predictors": "from_predictors",
    "predictors, new family": "from_predictors_other_families",
}


def _rows(table: ErrorTable, result: Result) -> Array:
    return np.array([table.metric_index(name) for name in result.names], np.int32)


def _categories(table: ErrorTable, names: tuple[str, ...]) -> tuple[Array | None, tuple[str, ...]]:
    if not table.categories:
        return None, ()
    found = [table.metric_column(name).category or "other" for name in names]
    known = tuple(n for n in dict.fromkeys((*table.categories, "other")) if n in found)
    return np.array([known.index(one) for one in found], np.int32), known


def draw_relations(inputs: Inputs, params: Any, result: Result) -> Plot:
    """Edges from predicting to predicted metrics; nodes grow with their PageRank.

    A dot on an edge lies nearer to the predicted end.
    """
    table = inputs.the_table()
    rows, names, pairs = _rows(table, result), result.names, result.arrays["pairs"]
    x, y = result.arrays["layout"].T
    values = result.arrays["coefficients"][pairs[:, 0], pairs[:, 1]]
    labels = tuple(
        f"{names[i]} → {names[j]}: {value:+.3f}"
        for (i, j), value in zip(pairs.tolist(), values.tolist(), strict=True)
    )
    edges = Edges(
        x[pairs], y[pairs], rows[pairs], Space.METRIC,
        np.sqrt(np.clip(np.abs(values), 0.0, 1.0)), values < 0, labels,
    )  # fmt: skip
    ends = pairs[:, 0], pairs[:, 1]
    heads = Points(
        x=(1 - HEAD_AT) * x[ends[0]] + HEAD_AT * x[ends[1]],
        y=(1 - HEAD_AT) * y[ends[0]] + HEAD_AT * y[ends[1]],
        rows=rows[ends[1]],
        space=Space.METRIC,
        size=HEAD,
        labels=labels,
        faint=True,
    )
    return Plot(
        title="Which errors predict which",
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=(edges, heads, _nodes(table, result, rows)),
        status=_status(result, params),
        square=True,
    )


def _nodes(table: ErrorTable, result: Result, rows: Array) -> Points:
    x, y = result.arrays["layout"].T
    group, group_names = _categories(table, result.names)
    size = NODE_SIZE + NODE_GROWTH * np.sqrt(result.arrays["pagerank"]) ** 1.5
    return Points(
        x, y, rows, Space.METRIC, group, group_names, size, labels=result.names, show_labels=True
    )


def draw_matrix(inputs: Inputs, params: Any, result: Result) -> Plot:
    """Coefficients of predictors (columns) for predicted metrics (rows), alike ones together."""
    distance = 1.0 - np.abs(np.nan_to_num(result.arrays["r"], nan=0.0))
    np.fill_diagonal(distance, 0.0)
    order = clustered_order(distance)
    rows = _rows(inputs.the_table(), result)[order]
    names = tuple(result.names[i] for i in order)
    matrix = HeatMap(
        values=result.arrays["coefficients"].T[np.ix_(order, order)],
        rows=rows,
        columns=rows,
        row_names=names,
        column_names=names,
        space=Space.METRIC,
        title="coef.",
    )
    ticks = tuple((float(i), name) for i, name in enumerate(names))
    return Plot(
        title="Predicted (rows) from predictors (columns)",
        x=Axis(ticks=ticks),
        y=Axis(ticks=ticks),
        marks=(matrix,),
        status=_status(result, params),
        square=True,
    )


def draw_determination(inputs: Inputs, params: Any, result: Result) -> Plot:
    """R² of held-out models for each metric, the best predicted first."""
    table = result.tables["r2"]
    rows = _rows(inputs.the_table(), result)
    order = np.argsort(-np.nan_to_num(np.array(table["r2"], float), nan=-9.0), kind="stable")
    place = np.arange(1.0, len(order) + 1)
    marks, names = [], tuple(SCORES)
    for group, (name, column) in enumerate(SCORES.items()):
        values = np.array(table[column], float)[order]
        labels = tuple(
            f"{result.names[i]} from {name}: R² = {value:.3f}"
            for i, value in zip(order.tolist(), values.tolist(), strict=True)
        )
        if np.isfinite(values).any():
            groups = np.full(len(place), group, np.int32)
            y = np.maximum(values, LOWEST)
            marks.append(Points(place, y, rows[order], Space.METRIC, groups, names, labels=labels))
    return Plot(
        title="How well errors are predicted",
        x=Axis("metrics, the best predicted first", whole=True),
        y=Axis("R² of held-out models"),
        marks=tuple(reversed(marks)),
        status=_status(result, params),
    )


def draw_residuals(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """How far each model is from what the predictors say, in z-scores."""
    table, residuals = inputs.the_table(), result.tables["residuals"]
    rows = result.arrays["rows"]
    rms = np.array(residuals["rms_residual"], float)
    families = tuple(dict.fromkeys(table.families[row] for row in rows))
    labels = tuple(
        f"{table.keys[row]}: worst in {worst} ({value:+.1f})"
        for row, worst, value in zip(
            rows, residuals["worst"], residuals["worst_residual"], strict=True
        )
    )
    group = np.array([families.index(table.families[row]) for row in rows], np.int32)
    named = families if table.family else ()
    points = Points(
        rows.astype(float), rms, rows, Space.MODEL, group if named else None, named, labels=labels
    )
    return Plot(
        title="Models that are not as predicted",
        x=Axis("model, in the order of the table", whole=True),
        y=Axis("root mean square residual (z-scores)"),
        marks=(points,),
        status=f"{len(rows)} models / {result.summary['n_predictors']} predictors",
    )


def _status(result: Result, params: Any) -> str:
    found = result.summary
    median = found["median_r2"]
    return (
        f"{found['n_metrics']} metrics / {found['n_edges']} edges / "
        f"{found['n_predicted']} with R² > 0.6 / "
        + (f"median R² {median:.2f} / " if median is not None else "")
        + f"{found['n_models']} models"
        + (" / quick: one penalty for all" if params.effort == "quick" else "")
    )
