"""Group effects as dots with intervals: one row of dots for each metric."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Bars, Plot, Points, Rule, Space
from mlipviewer.core.table import ErrorTable, Scale

WIDE = 0.7  # of the room of a metric: over it its groups are spread


def draw_ranks(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Mean ranks of the groups in each metric, 0 % being the best of all models."""
    cells = result.tables["groups"]
    level, low, high = (100.0 * np.array(cells[n]) for n in ("rank", "rank_low", "rank_high"))
    axis = Axis("mean rank (%, 0: best of all models)")
    title = f"Ranks by group, best {result.summary['best_group']}"
    return _plot(inputs.the_table(), result, (level, low, high), axis, title, 50.0)


def draw_medians(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Medians of the groups in each metric, as multiples of the median of all models."""
    table, cells = inputs.the_table(), result.tables["groups"]
    usual = {name: _median(table.metric(name)[result.arrays["rows"]]) for name in result.names}
    centre = np.array([usual[name] for name in cells["metric"]])
    numbers = [np.array(cells[n], float) for n in ("median", "median_low", "median_high")]
    axis, of = Axis("median / median of all models", log=True), 1.0
    if table.scale is Scale.LOG10:
        levels = [10.0 ** (one - centre) for one in numbers]
    elif table.scale is Scale.ZSCORE:
        levels = [one - centre for one in numbers]
        axis, of = Axis("median minus that of all models (z-score)"), 0.0
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            levels = [np.where((one > 0) & (centre > 0), one / centre, np.nan) for one in numbers]
    return _plot(table, result, levels, axis, "Medians by group", of)


def _median(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else np.nan


def _plot(
    table: ErrorTable, result: Result, levels: Sequence[Array], axis: Axis, title: str, of: float
) -> Plot:
    cells = result.tables["groups"]
    names = tuple(dict.fromkeys(cells["group"]))
    group = np.array([names.index(one) for one in cells["group"]], np.int32)
    metric = np.array([result.names.index(one) for one in cells["metric"]])
    at = -metric - WIDE * ((group + 0.5) / len(names) - 0.5)
    level, low, high = levels
    good = np.isfinite(level) & np.isfinite(low) & np.isfinite(high)
    labels = tuple(
        f"{cells['metric'][i]}, {cells['group'][i]} ({cells['n'][i]}): "
        f"{level[i]:.3g}, {low[i]:.3g} to {high[i]:.3g}"
        for i in np.flatnonzero(good).tolist()
    )
    members = [result.arrays["rows"][result.arrays["group"] == i] for i in range(len(names))]
    about: dict[str, Any] = {"group": group[good], "group_names": names, "labels": labels}
    bars = Bars(
        at=at[good],
        end=high[good],
        base=low[good],
        thick=WIDE / len(names) * 0.35,
        rows=tuple(members[i] for i in group[good]),
        space=Space.MODEL,
        across=True,
        **about,
    )
    rows = np.array([table.metric_index(result.names[i]) for i in metric[good]], np.int32)
    dots = Points(level[good], at[good], rows, Space.METRIC, size=7.0, rim=True, **about)
    found = result.summary
    return Plot(
        title=title,
        x=axis,
        y=Axis(ticks=tuple((-float(i), name) for i, name in enumerate(result.names))),
        marks=(Rule(of, "all", vertical=True), bars, dots),
        status=(
            f"{found['n_models']} models / {found['n_groups']} groups / {found['n_metrics']} "
            f"metrics / {found['n_significant']} differ (p < 0.05, Holm)"
        ),
        empty="" if good.any() else "No group has a median that can be shown.",
    )
