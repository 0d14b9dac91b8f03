"""The pictures of a checked correlation: edges that one model carries, r within families."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mlipviewer.analysis.models.correlation_plots import draw_graph, draw_heat_map
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Edges, HeatMap, Plot


def draw_trusted(inputs: Inputs, params: Any, result: Result) -> Plot:
    """The correlation graph; edges that are none without one of the models are dashed."""
    graph = draw_graph(inputs, params, result)
    edges, nodes = graph.marks
    assert isinstance(edges, Edges)
    carried = {(int(i), int(j)) for i, j in result.arrays["carried"]}
    dashed = np.array([tuple(sorted(pair)) in carried for pair in result.arrays["pairs"].tolist()])
    least = result.arrays["least"]
    labels = tuple(
        f"{label}, r² {least[i, j]:.3f} without one model"
        for label, (i, j) in zip(edges.labels, result.arrays["pairs"].tolist(), strict=True)
    )
    marks = (replace(edges, negative=dashed.astype(bool), labels=labels), nodes)
    title = "Correlation graph (dashed: not without one of the models)"
    return replace(graph, title=title, marks=marks, status=_status(result))


def draw_within(inputs: Inputs, params: Any, result: Result) -> Plot:
    """r of all pairs when each family's mean is taken away, in the order of the correlation."""
    plot = _map(inputs, params, result, result.arrays["within"], "r within")
    return replace(plot, title="Correlation within families")


def draw_least(inputs: Inputs, params: Any, result: Result) -> Plot:
    """The least r² of all pairs without any one model, with the sign of r."""
    values = result.arrays["least"] * np.sign(result.arrays["r"])
    plot = _map(inputs, params, result, values, "± r²")
    return replace(plot, title="Least r² without one of the models")


def _map(inputs: Inputs, params: Any, result: Result, values: Array, title: str) -> Plot:
    plot = draw_heat_map(inputs, params, result)
    (matrix,) = plot.marks
    assert isinstance(matrix, HeatMap)
    order = result.arrays["order"]
    matrix = replace(matrix, values=values[np.ix_(order, order)], title=title)
    return replace(plot, marks=(matrix,), status=_status(result))


def _status(result: Result) -> str:
    found = result.summary
    return (
        f"{found['n_nodes']} metrics / {found['n_edges']} edges / {found['n_carried']} by one "
        f"model / {found['n_unsure']} unsure / {found['n_within']} within families / "
        f"{found['n_models']} models"
    )
