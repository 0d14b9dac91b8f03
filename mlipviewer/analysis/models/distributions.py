"""How the values of one metric are spread: histogram, boxes and cumulative shares by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import axis_title, chosen_metrics, chosen_models, units_of
from mlipviewer.analysis.methods.transforms import suits_log
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Result,
    param,
)
from mlipviewer.core.plot import Array, Axis, Bars, Line, Mark, Plot, Points, Rule, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable, Floats, RowRole

MOST_BINS = 200
MOST_GROUPS = 14  # the others are one group
OTHERS, NAMELESS = "others", "(none)"
WHISKER = 1.5  # of the distance between the quartiles, as Tukey drew them


@dataclass(frozen=True)
class DistributionParams(Params):
    metric: str = param("", "the error that is shown; the first when none is named", names="metric")
    by: str = param(
        "", "a text column that makes the groups; the family when none is named", names="text"
    )
    bins: int = param(
        0, "bars of the histogram; 0: by Freedman and Diaconis", low=0, high=MOST_BINS
    )
    log: str = param("auto", "axis of the values", choices=("auto", "log", "linear"))


def run(inputs: Inputs, params: DistributionParams, progress: Progress) -> Result:
    """Statistics and bins of one metric by group. Raises AnalysisProblem, Cancelled.

    Summary: n_models, n_missing, n_groups, n_bins, log. Table `groups`: group, n, mean, std (of
    the population), min, q1, median, q3, max. Table `bins`: group, low, high, count. On a log
    axis what is not positive counts as missing. Arrays: `rows` (n,) of the models with a value,
    `group` (n,), `edges` (n_bins + 1,).
    """
    table = inputs.the_table()
    metrics = chosen_metrics(table, (params.metric,) if params.metric else (), "", default=1)
    progress.step(0, 1)
    models = chosen_models(inputs)
    values = table.metric(metrics[0])
    usual = suits_log(values[models], table.scale)
    log = usual if params.log == "auto" else params.log == "log"
    good = np.isfinite(values[models]) & ((values[models] > 0) | (not log))
    rows = models[good]
    group, names = _groups(table, rows, params.by)
    edges = _edges(values[rows], params.bins, log)
    return Result(
        summary={
            "n_models": len(models),
            "n_missing": len(models) - len(rows),
            "n_groups": len(names),
            "n_bins": len(edges) - 1,
            "log": log,
        },
        tables={
            "groups": _statistics(values[rows], group, names),
            "bins": _bin_table(values[rows], group, names, edges),
        },
        units=MappingProxyType(units_of(table, metrics)),
        arrays={"rows": rows, "group": group, "edges": edges},
        names=(metrics[0], *names),
    )


def _groups(table: ErrorTable, rows: Rows, by: str) -> tuple[Array, tuple[str, ...]]:
    """(n,) the group of each row and the groups' names in the order of the table's models.

    Of very many groups the largest stay and the others are one.
    """
    column = by or table.family
    if column is None:
        return np.zeros(len(rows), np.int32), ("all",)
    if column not in table.text:
        known = ", ".join(table.text) or "none"
        raise AnalysisProblem(f"no text column {column!r} makes groups; there are {known}")
    count = Counter(table.text[column][row] for row in table.models)
    kept = set(count)
    if len(count) > MOST_GROUPS:
        kept = {name for name, _ in count.most_common(MOST_GROUPS - 1)}
    names = [name for name in count if name in kept]
    place = {name: index for index, name in enumerate(names)}
    group = [place.get(table.text[column][row], len(names)) for row in rows]
    shown = [name or NAMELESS for name in names] + ([OTHERS] if len(kept) < len(count) else [])
    return np.array(group, np.int32), tuple(shown)


def _edges(values: Floats, wanted: int, log: bool) -> Floats:
    """The edges of the bins, equally wide on the axis that is shown."""
    shown = np.log10(values) if log else values
    if not shown.size:
        return np.array([0.0, 1.0])
    low, high = float(shown.min()), float(shown.max())
    if not high > low:
        low, high = low - 0.5, high + 0.5
    n = wanted or _freedman_diaconis(shown, high - low)
    edges = np.linspace(low, high, n + 1)
    if not log:
        return edges
    edges = 10.0**edges
    edges[0], edges[-1] = min(edges[0], values.min()), max(edges[-1], values.max())
    return edges


def _freedman_diaconis(values: Floats, span: float) -> int:
    q1, q3 = np.quantile(values, (0.25, 0.75))
    width = 2 * (q3 - q1) / len(values) ** (1 / 3)
    return int(np.clip(np.ceil(span / width), 1, MOST_BINS)) if width > 0 else 10


def _statistics(values: Floats, group: Array, names: tuple[str, ...]) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {"group": list(names), "n": []}
    columns |= {name: [] for name in ("mean", "std", "min", "q1", "median", "q3", "max")}
    for index in range(len(names)):
        own = values[group == index]
        numbers: tuple[object, ...] = (0, *[None] * 7)
        if len(own):
            q = np.quantile(own, (0, 0.25, 0.5, 0.75, 1)).tolist()
            numbers = (len(own), float(own.mean()), float(own.std()), *q)
        for name, number in zip(list(columns)[1:], numbers, strict=True):
            columns[name].append(number)
    return columns


def _bin_table(
    values: Floats, group: Array, names: tuple[str, ...], edges: Floats
) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {"group": [], "low": [], "high": [], "count": []}
    for index, name in enumerate(names):
        count, _ = np.histogram(values[group == index], edges)
        columns["group"] += [name] * len(count)
        columns["low"] += edges[:-1].tolist()
        columns["high"] += edges[1:].tolist()
        columns["count"] += count.tolist()
    return columns


# -- the plots


def _frame(inputs: Inputs, result: Result) -> tuple[ErrorTable, Axis, str]:
    table = inputs.the_table()
    column = table.metric_column(result.names[0])
    axis = Axis(
        axis_title(column, table.scale), log=bool(result.summary["log"]), metric=column.name
    )
    n_missing = result.summary["n_missing"]
    shown = len(result.arrays["rows"])
    return table, axis, f"{shown} shown / {table.n_models} total / {n_missing} missing"


def _rules(table: ErrorTable, result: Result, vertical: bool) -> Iterator[Mark]:
    """Lines at the thresholds and references."""
    values = table.metric(result.names[0])
    for role in (RowRole.THRESHOLD, RowRole.REFERENCE):
        for row in table.rows_of(role):
            if np.isfinite(values[row]) and (values[row] > 0 or not result.summary["log"]):
                yield Rule(float(values[row]), table.keys[row], vertical=vertical)


def draw_histogram(inputs: Inputs, _params: object, result: Result) -> Plot:
    """Models in bins, the groups upon each other; a bar stands for its models."""
    table, axis, status = _frame(inputs, result)
    rows, group, edges = (result.arrays[name] for name in ("rows", "group", "edges"))
    names, n_bins = result.names[1:], len(edges) - 1
    if not len(rows):
        return Plot(title="Distribution", empty="No model has a value to show.")
    place = np.clip(np.searchsorted(edges, table.metric(result.names[0])[rows], "right") - 1, 0,
                    n_bins - 1)  # fmt: skip
    base = np.zeros(n_bins)
    at, end, low, thick, groups = [], [], [], [], []
    held: list[Array] = []
    for index in range(len(names)):
        for i in range(n_bins):
            own = rows[(group == index) & (place == i)]
            if len(own):
                at.append((edges[i] + edges[i + 1]) / 2)
                thick.append(edges[i + 1] - edges[i])
                low.append(base[i])
                base[i] += len(own)
                end.append(base[i])
                groups.append(index)
                held.append(own)
    bars = Bars(
        at=np.array(at),
        end=np.array(end),
        rows=tuple(held),
        space=Space.MODEL,
        base=np.array(low),
        thick=np.array(thick),
        group=np.array(groups),
        group_names=names,
        labels=tuple(f"{names[g]}: {len(own)} models" for g, own in zip(groups, held, strict=True)),
    )
    marks = (bars, *_rules(table, result, True))
    return Plot(title="Distribution", x=axis, y=Axis("models", whole=True), marks=marks,
                status=status)  # fmt: skip


def draw_boxes(inputs: Inputs, _params: object, result: Result) -> Plot:
    """Quartiles and median of each group, whiskers to 1.5 times their distance, models beside."""
    table, axis, status = _frame(inputs, result)
    rows, group = result.arrays["rows"], result.arrays["group"]
    names, values = result.names[1:], table.metric(result.names[0])
    if not len(rows):
        return Plot(title="Distribution", empty="No model has a value to show.")
    spread = _spread(len(rows))
    points = Points(
        x=group + 0.28 + 0.16 * spread,
        y=values[rows],
        rows=rows,
        space=Space.MODEL,
        group=group,
        group_names=names,
        size=4.0,
        labels=tuple(table.keys[row] for row in rows),
    )
    filled = np.unique(group).tolist()
    boxes = [_box(values, rows[group == i], i, bool(axis.log)) for i in filled]
    medians = [
        Line(np.array([i - 0.3, i]), np.full(2, np.median(values[rows[group == i]])), width=2.5,
             colour=-1)
        for i in filled
    ]  # fmt: skip
    ticks = tuple((float(i), name) for i, name in enumerate(names))
    marks = (points, *boxes, *medians, *_rules(table, result, False))
    return Plot(title="Distribution", x=Axis(ticks=ticks), y=axis, marks=marks, status=status)


def _box(values: Floats, rows: Rows, place: int, log: bool) -> Bars:
    """One group's box; its whiskers end at the outermost models within reach."""
    shown = np.log10(values[rows]) if log else values[rows]
    q1, q3 = np.quantile(shown, (0.25, 0.75))
    reach = WHISKER * (q3 - q1)
    within = shown[(shown >= q1 - reach) & (shown <= q3 + reach)]
    ends = np.array([q1, q3, within.min(), within.max()])
    ends = 10.0**ends if log else ends
    return Bars(
        at=np.array([place - 0.15]),
        base=ends[0:1],
        end=ends[1:2],
        low=ends[2:3],
        high=ends[3:4],
        thick=0.3,
        rows=(rows,),
        space=Space.MODEL,
        group=np.array([place]),
        labels=(f"{len(rows)} models",),
    )


def _spread(n: int) -> Floats:
    """-1..1 evenly scattered, the same each time (multiples of the golden ratio)."""
    return np.asarray(2 * ((np.arange(n) * 0.6180339887498949) % 1) - 1)


def draw_ecdf(inputs: Inputs, _params: object, result: Result) -> Plot:
    """The share of each group's models at or below a value."""
    table, axis, status = _frame(inputs, result)
    rows, group = result.arrays["rows"], result.arrays["group"]
    names, values = result.names[1:], table.metric(result.names[0])
    if not len(rows):
        return Plot(title="Distribution", empty="No model has a value to show.")
    order = np.lexsort((values[rows], group))
    rows, group = rows[order], group[order]
    count = np.bincount(group, minlength=len(names))
    first = np.cumsum(count) - count
    share = (np.arange(len(rows)) - first[group] + 1) / count[group]
    lines = [
        Line(values[rows[group == i]], share[group == i], name=names[i], steps=True, colour=i)
        for i in np.unique(group).tolist()
    ]
    points = Points(
        x=values[rows],
        y=share,
        rows=rows,
        space=Space.MODEL,
        group=group,
        group_names=names,
        size=3.5,
        labels=tuple(table.keys[row] for row in rows),
    )
    marks = (*lines, points, *_rules(table, result, True))
    title = Axis("share of models at or below")
    return Plot(title="Distribution", x=axis, y=title, marks=marks, status=status)


ANALYSIS = Analysis(
    name="distributions",
    title="Distribution",
    about="How the values of one error are spread over the models, by family or another column.",
    needs=(Needs.TABLE,),
    params=DistributionParams,
    run=run,
    plots=MappingProxyType(
        {"Histogram": draw_histogram, "Box": draw_boxes, "Cumulative": draw_ecdf}
    ),
    quick=True,
)
