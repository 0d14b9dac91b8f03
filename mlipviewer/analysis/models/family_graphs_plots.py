"""The pictures of graphs by family: side by side on one layout, or one of them large."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mlipviewer.analysis.models.correlation_plots import draw_graph
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Edges, Line, Mark, Plot, Points, Space

STEP = 2.5  # between the centres of panels, each 2 wide
SMALL, LARGE = 4.5, 9.0  # pixels
THIN = 0.7  # of the weight of an edge: panels are small
LOST_COLOUR = 4  # of the palette


def draw_families(inputs: Inputs, params: Any, result: Result) -> Plot:
    """Each family's graph; dashed red edges it has alone, dashed blue ones it lacks."""
    nodes = _nodes(inputs, params, result)
    names = list(result.tables["families"]["family"])[1:]
    n_across = max(1, round(np.sqrt(1.6 * len(names))))
    marks: list[Mark] = []
    for f, name in enumerate(names):
        shift = np.array([STEP * (f % n_across), -1.08 * STEP * (f // n_across)])
        marks += _panel(result, nodes, f, shift)
        marks.append(
            replace(
                nodes, x=nodes.x + shift[0], y=nodes.y + shift[1], size=SMALL, show_labels=False
            )
        )
        marks.append(_title(inputs, str(name), shift))
    return Plot(
        title="Correlation graphs (dashed: red only here, blue missing here)",
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=tuple(marks),
        status=_status(result),
        square=True,
    )


def draw_one(inputs: Inputs, params: Any, result: Result) -> Plot:
    """The chosen family's graph; dashed red edges it has alone, dashed blue ones it lacks."""
    names = list(result.tables["families"]["family"])[1:]
    f = names.index(params.family) if params.family in names else 0
    nodes = replace(_nodes(inputs, params, result), size=LARGE)
    line = {key: column[f + 1] for key, column in result.tables["families"].items()}
    return Plot(
        title=f"{names[f]} (dashed: red only here, blue missing here)",
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=(*_panel(result, nodes, f, np.zeros(2)), nodes),
        status=(
            f"{line['n_models']} models / {line['n_edges']} edges / {line['n_gained']} only here / "
            f"{line['n_lost']} missing here"
        ),
        square=True,
    )


def _nodes(inputs: Inputs, params: Any, result: Result) -> Points:
    nodes = draw_graph(inputs, params, result).marks[1]
    assert isinstance(nodes, Points)
    return nodes


def _panel(result: Result, nodes: Points, f: int, shift: Array) -> list[Mark]:
    """The edges of one family: shared and gained ones, and those it lacks as lines."""
    shared, gained, lost = (
        result.arrays[kind][result.arrays[kind][:, 0] == f][:, 1:]
        for kind in ("shared", "gained", "lost")
    )
    pairs = np.concatenate((shared, gained))
    r = result.arrays["family_r"][f]
    values, whole = r[pairs[:, 0], pairs[:, 1]], result.arrays["r"]
    x, y = nodes.x + shift[0], nodes.y + shift[1]
    labels = tuple(
        f"{result.names[i]} – {result.names[j]}: r = {r[i, j]:.3f}, of all {whole[i, j]:.3f}"
        for i, j in pairs.tolist()
    )
    is_new = np.arange(len(pairs)) >= len(shared)
    gap = np.full(len(lost), np.nan)
    missing = Line(
        np.column_stack((x[lost], gap)).ravel(), np.column_stack((y[lost], gap)).ravel(),
        name="missing", dashed=True, width=1.0, colour=LOST_COLOUR,
    )  # fmt: skip
    edges = Edges(
        x[pairs], y[pairs], nodes.rows[pairs], Space.METRIC, THIN * values**2, is_new, labels
    )
    return [missing, edges]


def _title(inputs: Inputs, name: str, shift: Array) -> Points:
    """The family's name above its panel; it stands for the family's first model."""
    table = inputs.the_table()
    first = np.array([table.families.index(name)], np.int32)
    at = shift + np.array([0.0, 1.2])
    return Points(
        at[:1], at[1:], first, Space.MODEL, size=0.5, labels=(name,), show_labels=True, faint=True
    )


def _status(result: Result) -> str:
    found = result.summary
    return (
        f"{found['n_families']} families / {found['n_nodes']} metrics / "
        f"{found['n_edges']} edges of all models / {found['n_common']} in every family / "
        f"{found['n_models']} models"
    )
