"""The pictures of representatives: ringed in the correlation graph, and how much they cover."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mlipviewer.analysis.models.correlation_plots import draw_graph
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Axis, Line, Plot, Points, Space

LARGER = 4.0  # pixels by which a representative exceeds other nodes
RING = 7.0  # pixels by which its ring exceeds it


def draw_representatives(inputs: Inputs, params: Any, result: Result) -> Plot:
    """The correlation graph; representatives are larger and have a ring."""
    graph = draw_graph(inputs, params, result)
    edges, nodes = graph.marks
    assert isinstance(nodes, Points)
    chosen = result.arrays["chosen"]
    size = np.array(nodes.size, float)
    size[chosen] += LARGER
    ring = np.zeros(len(size))
    ring[chosen] = size[chosen] + RING
    below = replace(
        nodes, size=ring, group=None, group_names=(), labels=(), show_labels=False, hints=(),
        rim=True, movable=False,
    )  # fmt: skip
    words = zip(_words(result), nodes.hints, strict=True)
    hints = tuple(f"{word}\n{hint}" for word, hint in words)
    above = replace(nodes, size=size, show_labels=False, rim=True, hints=hints)
    labels = tuple(_label(name, params) for name in result.names)
    named = replace(above, labels=labels, show_labels=True)
    marks = (edges, below, above, named)  # twice: colours are slightly transparent
    return replace(graph, title="Representatives", marks=marks, status=_status(result))


def _label(name: str, params: Any) -> str:
    """The name of a metric, and whether it was locked in or out."""
    if name in params.keep:
        return f"{name} (kept)"
    return f"{name} (left out)" if name in params.leave_out else name


def _words(result: Result) -> tuple[str, ...]:
    """What each metric says of itself: for how many it stands, or which stands for it."""
    n_others = np.bincount(result.arrays["nearest"], minlength=len(result.names)) - 1
    chosen = set(result.arrays["chosen"].tolist())
    return tuple(
        f"{name}: stands for {n_others[i]} other{'' if n_others[i] == 1 else 's'}"
        if i in chosen
        else f"{name}: {result.names[result.arrays['nearest'][i]]} stands for it"
        for i, name in enumerate(result.names)
    )


def draw_coverage(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The share of metrics stood for, and of variance explained, by the first 1, 2 ... of them."""
    table, coverage = inputs.the_table(), result.tables["coverage"]
    rows = np.array([table.metric_index(name) for name in coverage["metric"]], np.int32)
    n = np.array(coverage["n"], float)
    labels = tuple(str(name) for name in coverage["metric"])
    curves = (("metrics stood for", "share"), ("variance explained", "explained"))
    marks: list[Line | Points] = []
    for i, (name, column) in enumerate(curves):
        y = np.array(coverage[column], float)
        marks.append(Line(n, y, name=name, colour=i, pattern=i))
        marks.append(_vertices(n, y, rows, labels, i, tuple(name for name, _ in curves)))
    return Plot(
        title="Coverage by representatives",
        x=Axis("number of representatives", whole=True),
        y=Axis("share of all metrics"),
        marks=tuple(marks),
        status=_status(result),
    )


def _vertices(
    x: Any, y: Any, rows: Any, labels: tuple[str, ...], group: int, names: tuple[str, ...]
) -> Points:
    groups = np.full(len(x), group, np.int32)
    return Points(x, y, rows, Space.METRIC, groups, names, labels=labels)


def _status(result: Result) -> str:
    found = result.summary
    text = f"{found['n_representatives']} representatives (ringed) / {found['n_nodes']} metrics"
    if found["n_uncovered"]:
        text += f" / {found['n_uncovered']} stood for by none"
    if found["front_recall"] is not None:
        text += f" / {100 * float(found['front_recall']):.0f} % of the front kept"
    return text
