"""The pictures of a distribution: histogram, boxes, violins and cumulative shares by group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mlipviewer.analysis.methods.chosen import axis_title
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Area, Array, Axis, Bars, Line, Mark, Plot, Points, Rule, Space
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable, Floats, RowRole

VIOLIN, VIOLIN_STEPS = 0.4, 81  # half the width of the widest place; places along it
WHISKER = 1.5  # of the distance between the quartiles, as Tukey drew them


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
    values = table.metric(result.names[0])
    if not len(rows):
        return Plot(title="Distribution", empty="No model has a value to show.")
    spread = _spread(len(rows))
    points = _dots(table, result, group + 0.28 + 0.16 * spread, values[rows], 4.0)
    filled = np.unique(group).tolist()
    boxes = [_box(values, rows[group == i], i, bool(axis.log), _hint(result, i)) for i in filled]
    medians = [
        Line(np.array([i - 0.3, i]), np.full(2, np.median(values[rows[group == i]])), width=2.5,
             colour=-1)
        for i in filled
    ]  # fmt: skip
    ticks = _group_ticks(result)
    marks = (points, *boxes, *medians, *_rules(table, result, False))
    return Plot(title="Distribution", x=Axis(ticks=ticks), y=axis, marks=marks, status=status)


def _box(values: Floats, rows: Rows, place: int, log: bool, label: str) -> Bars:
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
        labels=(label,),
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
        Line(values[rows[group == i]], share[group == i], names[i], True, colour=i, pattern=i)
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


def draw_violins(inputs: Inputs, _params: object, result: Result) -> Plot:
    """The density of each group as its width, with its models inside, median and quartiles."""
    table, axis, status = _frame(inputs, result)
    rows, group = result.arrays["rows"], result.arrays["group"]
    values = table.metric(result.names[0])
    if not len(rows):
        return Plot(title="Distribution", empty="No model has a value to show.")
    bodies: list[Mark] = []
    lines: list[Mark] = []
    width = np.zeros(len(rows))
    for i in np.unique(group).tolist():
        own = group == i
        shown = np.log10(values[rows[own]]) if axis.log else values[rows[own]]
        if np.ptp(shown) > 0:
            grid = np.linspace(shown.min(), shown.max(), VIOLIN_STEPS)
            dense = density(shown, grid)
            half = VIOLIN * dense / dense.max()
            bodies.append(_violin(i, grid, half, rows[own], bool(axis.log), _hint(result, i)))
            width[own] = np.interp(shown, grid, half)
        quartiles = np.quantile(values[rows[own]], (0.25, 0.5, 0.75))
        for y, thick in zip(quartiles, (1.2, 2.5, 1.2), strict=True):
            lines.append(Line(np.array([i - 0.12, i + 0.12]), np.full(2, y), width=thick,
                              colour=-1))  # fmt: skip
    x = group + 0.85 * width * _spread(len(rows))
    points = _dots(table, result, x, values[rows], 3.5)
    ticks = _group_ticks(result)
    marks = (*bodies, points, *lines, *_rules(table, result, False))
    return Plot(title="Distribution", x=Axis(ticks=ticks), y=axis, marks=marks, status=status)


def _violin(place: int, grid: Floats, half: Floats, rows: Rows, log: bool, label: str) -> Area:
    y = 10.0**grid if log else grid
    return Area(
        x=place + np.concatenate((half, -half[::-1])),
        y=np.concatenate((y, y[::-1])),
        rows=rows,
        space=Space.MODEL,
        group=place,
        label=label,
    )


def density(values: Floats, at: Floats) -> Floats:
    """(k,) Gaussian kernel density of values (n,) at places (k,), with Scott's bandwidth
    s n^(-1/5) (D. W. Scott, Multivariate Density Estimation, 1992)."""
    width = values.std(ddof=1) * len(values) ** -0.2
    parts = np.exp(-0.5 * ((at[:, None] - values[None]) / width) ** 2)
    return np.asarray(parts.sum(axis=1) / (len(values) * width * np.sqrt(2 * np.pi)))


def _hint(result: Result, group: int) -> str:
    """How many models of a group have a value, and how many have none."""
    found = result.tables["groups"]
    missing = found["n_missing"][group]
    text = f"{found['group'][group]}: {found['n'][group]} models"
    return text + (f", {missing} missing" if missing else "")


def _group_ticks(result: Result) -> tuple[tuple[float, str], ...]:
    """The groups with their numbers of models."""
    found = result.tables["groups"]
    pairs = zip(found["group"], found["n"], strict=True)
    return tuple((float(i), f"{name} ({n})") for i, (name, n) in enumerate(pairs))


def _dots(table: ErrorTable, result: Result, x: Array, y: Array, size: float) -> Points:
    return Points(
        x=x,
        y=y,
        rows=result.arrays["rows"],
        space=Space.MODEL,
        group=result.arrays["group"],
        group_names=result.names[1:],
        size=size,
        labels=tuple(table.keys[row] for row in result.arrays["rows"]),
    )
