"""The pictures of clusters: models as a graph, what tells communities apart, the scan."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Edges, Line, Plot, Points, Rule, Space

SHOWN = 9  # communities with a colour of their own
MOST_EDGES = 6000  # drawn, the strongest


def draw_by_community(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Optimal models, joined where they are alike, coloured by community; small ones are faint."""
    label = result.arrays["community"]
    sizes = np.bincount(label)
    n = min(SHOWN, max(1, int((sizes > 1).sum())))
    names = tuple(f"{i + 1}: {sizes[i]} models" for i in range(n))
    return _graph(inputs, result, label, names, "Communities")


def draw_by_family(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Optimal models, joined where they are alike, coloured by family."""
    table = inputs.the_table()
    families = [table.families[row] for row in result.arrays["rows"]]
    order = dict.fromkeys(table.families[row] for row in table.models)
    names = tuple(name for name in order if name in families)
    group = np.array([names.index(name) for name in families])
    return _graph(inputs, result, group, names if table.family else (), "Families")


def _graph(inputs: Inputs, result: Result, group: Array, names: tuple[str, ...], what: str) -> Plot:
    x, y = result.arrays["layout"].T
    parts = []
    for faint in (True, False):
        part = np.flatnonzero((group >= len(names)) == faint if names else np.full(len(x), faint))
        if len(part):
            parts.append(_models(inputs, result, part, group if names else None, names, faint))
    return Plot(
        title=f"Optimal models: {what.lower()}",
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=(_edges(result, x, y), *parts),
        status=_status(result),
        square=True,
    )


def _models(
    inputs: Inputs,
    result: Result,
    part: Array,
    group: Array | None,
    names: tuple[str, ...],
    faint: bool,
) -> Points:
    keys, rows = inputs.the_table().keys, result.arrays["rows"]
    x, y = result.arrays["layout"].T
    label = result.arrays["community"]
    return Points(
        x=x[part],
        y=y[part],
        rows=rows[part],
        space=Space.MODEL,
        group=None if group is None or faint else group[part].astype(np.int32),
        group_names=() if faint else names,
        size=5.0 if faint else 7.0,
        labels=tuple(f"{keys[rows[i]]} (community {label[i] + 1})" for i in part),
        faint=faint,
    )


def _edges(result: Result, x: Array, y: Array) -> Edges:
    pairs = result.arrays["pairs"][-MOST_EDGES:]
    weight = np.minimum(0.2 * result.arrays["similarity"][-MOST_EDGES:] / 10.0, 0.5)
    return Edges(
        x=x[pairs],
        y=y[pairs],
        pairs=result.arrays["rows"][pairs],
        space=Space.MODEL,
        weight=weight,
        negative=np.zeros(len(pairs), bool),
    )


def draw_explanation(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Coefficients of the errors that tell a community from the others, with their range.

    Left of 0: the models of the community are low in that error.
    """
    table, found = inputs.the_table(), result.tables["explanation"]
    communities = list(dict.fromkeys(found["community"]))
    names = tuple(_accuracy(found, community) for community in communities)
    place = {metric: -float(i) for i, metric in enumerate(result.names)}
    group = np.array([communities.index(c) for c in found["community"]], np.int32)
    y = np.array([place[m] for m in found["metric"]], float)
    y = y - 0.6 * ((group + 0.5) / max(len(communities), 1) - 0.5)
    mean, low, high = (np.array(found[k], float) for k in ("coefficient", "low", "high"))
    rows = np.array([table.metric_index(m) for m in found["metric"]], np.int32)
    points = Points(mean, y, rows, Space.METRIC, group, names, 8.0, labels=_words(found))
    gap = np.full(len(y), np.nan)
    bands = Line(
        np.column_stack((low, high, gap)).ravel(), np.column_stack((y, y, gap)).ravel(),
        width=1.0, colour=-1,
    )  # fmt: skip
    large = "" if communities else ": none is large enough"
    return Plot(
        title="What tells a community from the others" + large,
        x=Axis("coefficient (left of 0: low errors)"),
        y=Axis(ticks=tuple((at, metric) for metric, at in place.items())),
        marks=(Rule(0.0, "", vertical=True), bands, points),
        status=_status(result),
    )


def _accuracy(found: Any, community: int) -> str:
    share = found["accuracy"][list(found["community"]).index(community)]
    return f"{community}: {100 * share:.0f} % told right"


def _words(found: Any) -> tuple[str, ...]:
    return tuple(
        f"community {c}, {metric}: {value:+.2f}"
        for c, metric, value in zip(
            found["community"], found["metric"], found["coefficient"], strict=True
        )
    )


def draw_scan(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Agreement of communities with families for each cut-off, and which models are joined there.

    A model lies at the largest cut-off at which it has a neighbour; its height is the share of
    models that have one.
    """
    scan, rows = result.tables["scan"], result.arrays["rows"]
    cutoff = np.array(scan["cutoff"], float)
    what = "adjusted Rand index" if result.summary["ari"] is not None else "modularity"
    line = Line(cutoff, np.array(scan["ari"], float), name=what, colour=1, width=2.0)
    chosen = Rule(float(result.summary["cutoff"] or 0.0), "chosen", vertical=True)
    nearest = np.minimum(result.arrays["nearest"], cutoff[-1])
    share = (nearest[:, None] <= nearest[None]).mean(axis=1)
    keys = inputs.the_table().keys
    joined = Points(
        x=nearest,
        y=share,
        rows=rows,
        space=Space.MODEL,
        size=4.0,
        labels=tuple(
            f"{keys[row]}: joined below {at:.3g}" for row, at in zip(rows, nearest, strict=True)
        ),
    )
    return Plot(
        title="Cut-off of the similarity",
        x=Axis("cut-off of 1/distance", log=True),
        y=Axis(f"{what} (line), share of models joined (points)"),
        marks=(chosen, joined, line),
        status=_status(result),
    )


def _status(result: Result) -> str:
    found = result.summary
    text = (
        f"{found['n_optimal']} optimal of {found['n_models']} models / "
        f"{found['n_communities']} communities / cut-off {found['cutoff']:.3g}"
    )
    return text + ("" if found["ari"] is None else f" / agreement {found['ari']:.2f}")
