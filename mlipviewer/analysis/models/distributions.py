"""How the values of one metric are spread: histogram, boxes and cumulative shares by group."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics, chosen_models, units_of
from mlipviewer.analysis.methods.grouping import groups_of
from mlipviewer.analysis.methods.transforms import suits_log
from mlipviewer.analysis.models.distributions_plots import (
    draw_boxes,
    draw_ecdf,
    draw_histogram,
    draw_violins,
)
from mlipviewer.core.analysis import (
    Analysis,
    Inputs,
    Needs,
    Params,
    Result,
    param,
)
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable, Floats

MOST_BINS = 200


@dataclass(frozen=True)
class DistributionParams(Params):
    metric: str = param("", "the error that is shown; the first when none is named", names="metric")
    by: str = param(
        "", "a text column that makes the groups; the family when none is named", names="text"
    )
    bins: int = param(
        0,
        "bars of the histogram; 0: by Freedman and Diaconis",
        low=0,
        high=MOST_BINS,
        formula="width of a bar = 2 (q3 - q1) / n^(1/3)",
        reference="Freedman and Diaconis, Z. Wahrscheinlichkeitstheorie 57, 453 (1981)",
    )
    log: str = param("auto", "axis of the values", choices=("auto", "log", "linear"))


def run(inputs: Inputs, params: DistributionParams, progress: Progress) -> Result:
    """Statistics and bins of one metric by group. Raises AnalysisProblem, Cancelled.

    Summary: n_models, n_missing, n_groups, n_bins, log. Table `groups`: group, n, mean, std (of
    the population), min, q1, median, q3, max, n_missing. Table `bins`: group, low, high, count.
    On a log axis what is not positive counts as missing. Arrays: `rows` (n,) of the models with a
    value, `group` (n,), `edges` (n_bins + 1,).
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
    group, names = groups_of(table, rows, params.by)
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
            "groups": _statistics(values[rows], group, names)
            | {"n_missing": _missing(table, models[~good], names, params.by)},
            "bins": _bin_table(values[rows], group, names, edges),
        },
        units=MappingProxyType(units_of(table, metrics)),
        arrays={"rows": rows, "group": group, "edges": edges},
        names=(metrics[0], *names),
    )


def _missing(table: ErrorTable, rows: Rows, names: tuple[str, ...], by: str) -> list[int]:
    """By group, the models without a value."""
    group, _ = groups_of(table, rows, by)
    return [int(n) for n in np.bincount(group, minlength=len(names))]


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


ANALYSIS = Analysis(
    name="distributions",
    title="Distribution",
    about="How the values of one error are spread over the models, by family or another column.",
    needs=(Needs.TABLE,),
    params=DistributionParams,
    run=run,
    plots=MappingProxyType(
        {
            "Histogram": draw_histogram,
            "Box": draw_boxes,
            "Violin": draw_violins,
            "Cumulative": draw_ecdf,
        }
    ),
    quick=True,
)
