"""The pictures of a correlation: its matrix in clustered order, its graph above the threshold."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.analysis.methods.linkage import brackets
from mlipviewer.analysis.models.graph_edits import layout_of
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Edges, HeatMap, Plot, Points, Space
from mlipviewer.core.table import ErrorTable

COVERED = 12.0  # pixels for a metric of which no model lacks a value
NODE_SIZE, NODE_GROWTH = 8.0, 2.0  # pixels, and pixels for the square root of the degree
UNSORTED = "other"


def _rows(inputs: Inputs, result: Result) -> Array:
    table = inputs.the_table()
    return np.array([table.metric_index(name) for name in result.names], np.int32)


def draw_heat_map(inputs: Inputs, params: object, result: Result) -> Plot:
    """r of all pairs, from -1 to 1, with alike metrics side by side."""
    order = result.arrays["order"]
    rows = _rows(inputs, result)[order]
    names = tuple(result.names[i] for i in order)
    matrix = HeatMap(
        values=result.arrays["r"][np.ix_(order, order)],
        rows=rows,
        columns=rows,
        row_names=names,
        column_names=names,
        space=Space.METRIC,
        title=f"{getattr(params, 'method', 'pearson').capitalize()} r",
        more=tuple((name, result.arrays[name][np.ix_(order, order)]) for name in ("n", "p")),
        tree=brackets(result.arrays["mergers"], order),
    )
    ticks = tuple((float(i), name) for i, name in enumerate(names))
    return Plot(
        title="Correlation",
        x=Axis(ticks=ticks),
        y=Axis(ticks=ticks),
        marks=(matrix,),
        status=_status(result),
        square=True,
    )


def draw_graph(inputs: Inputs, params: Any, result: Result) -> Plot:
    """Metrics as nodes, coloured by category (else community), joined above the threshold."""
    rows = _rows(inputs, result)
    layout, placed = layout_of(params, result)
    x, y = layout.T
    group, group_names = _groups(inputs.the_table(), result)
    nodes = Points(
        x=x,
        y=y,
        rows=rows,
        space=Space.METRIC,
        group=group,
        group_names=group_names,
        size=_sizes(params, result),
        labels=result.names,
        show_labels=True,
        hints=_hints(inputs.the_table(), result, placed),
        movable=hasattr(params, "places"),
    )
    return Plot(
        title="Correlation graph",
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=(_edges(rows, x, y, result), nodes),
        status=_status(result),
        square=True,
    )


def _sizes(params: Any, result: Result) -> Array:
    """Pixels, by the number of edges or the share of models with a value."""
    if getattr(params, "node_size", "degree") == "coverage":
        n = result.arrays["quantiles"][:, 0]
        return np.asarray(NODE_SIZE + COVERED * n / max(float(n.max()), 1.0))
    return np.asarray(NODE_SIZE + NODE_GROWTH * np.sqrt(result.arrays["degree"]))


def _hints(table: ErrorTable, result: Result, placed: frozenset[str]) -> tuple[str, ...]:
    """What is known of each metric: how its values are spread, and its place in the graph."""
    found = []
    for i, name in enumerate(result.names):
        n, low, first, middle, third, high = result.arrays["quantiles"][i].tolist()
        column = table.metric_column(name)
        text = f"{column.title}\n{int(n)} models, {table.n_models - int(n)} without a value"
        if n:
            text += (
                f"\nmedian {middle:.3g}, quartiles {first:.3g} to {third:.3g}"
                f"\n10 to 90 %: {low:.3g} to {high:.3g}"
            )
        text += f"\n{int(result.arrays['degree'][i])} edges"
        found.append(text + (" / placed by hand" if name in placed else ""))
    return tuple(found)


def _edges(rows: Array, x: Array, y: Array, result: Result) -> Edges:
    pairs, common = result.arrays["pairs"], result.arrays["n"]
    r = result.arrays["r"][pairs[:, 0], pairs[:, 1]]
    names = result.names
    return Edges(
        x=x[pairs],
        y=y[pairs],
        pairs=rows[pairs],
        space=Space.METRIC,
        weight=r**2,
        negative=r < 0,
        labels=tuple(
            f"{names[i]} – {names[j]}\nr = {value:.3f}, n = {int(common[i, j])} models"
            for (i, j), value in zip(pairs.tolist(), r.tolist(), strict=True)
        ),
    )


def _groups(table: ErrorTable, result: Result) -> tuple[Array, tuple[str, ...]]:
    """Categories where the table has some, else the communities of two nodes or more."""
    if table.categories:
        categories = [table.metric_column(name).category or UNSORTED for name in result.names]
        names = tuple(dict.fromkeys((*table.categories, UNSORTED)))
        names = tuple(name for name in names if name in categories)
        return np.array([names.index(category) for category in categories], np.int32), names
    community = result.arrays["community"]
    n_large = int((np.bincount(community) > 1).sum())
    names = tuple(f"community {i + 1}" for i in range(n_large))
    if n_large < len(np.unique(community)):
        names = (*names, "alone")
    return np.minimum(community, n_large).astype(np.int32), names


def _status(result: Result) -> str:
    found = result.summary
    n = found.get("n_components")
    components = f"{n} components / " if n is not None else ""
    text = (
        f"{found['n_nodes']} metrics / {found['n_edges']} edges / "
        f"{components}{found['n_isolated']} isolated / "
        f"{found['n_models']} models"
    )
    return text + (f" / {found['n_failed']} failed" if found["n_failed"] else "")
