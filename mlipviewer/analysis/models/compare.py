"""A few models side by side: who is better in which error, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Line, Plot, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.shading import rank_shares
from mlipviewer.core.table import Direction, ErrorTable, Scale

FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class CompareParams(Params):
    models: tuple[str, ...] = param((), "keys of two to four models", names="models")
    metrics: tuple[str, ...] = param((), "errors to compare; all by default", names="metrics")
    category: str = param("", "compare the errors of this category", names="category")


def run(inputs: Inputs, params: CompareParams, progress: Progress) -> Result:
    """The errors of two to four models, the ratio to the first of them, and the best of each error.

    Ratios are those of the errors themselves: on a log10 table 10**(difference); a normalised table
    has none (NaN). Ties are won by nobody. Summary: n_models, n_metrics, most_wins. Tables
    `comparison` (metric, unit, one column a model, ratios, best) and `wins` (model, n_best).
    Arrays: `rank` (n_metrics, n_models), the share of all models that are better.
    Raises AnalysisProblem.
    """
    progress.step(0, 1)
    table = inputs.the_table()
    rows = _rows(table, params.models or tuple(table.keys[row] for row in table.models[:FEWEST]))
    metrics = chosen_metrics(table, params.metrics, params.category)
    columns = np.array([table.metric_index(name) for name in metrics], int)
    places = np.ix_(np.array(rows, int), columns)
    values = table.values[places].T
    best = _best(table, metrics, values)
    keys = tuple(table.keys[row] for row in rows)
    wins = [int((best == i).sum()) for i in range(len(rows))]
    return Result(
        summary={
            "n_models": len(rows),
            "n_metrics": len(metrics),
            "most_wins": keys[int(np.argmax(wins))],
        },
        tables={
            "comparison": _comparison(table, metrics, keys, values, best),
            "wins": {"model": list(keys), "n_best": wins},
        },
        notes=() if params.models else ("no models are named: the first two are compared",),
        arrays={
            "rank": rank_shares(table)[places].T,
            "row": np.array(rows, np.int32),
            "wins": np.array(wins),
        },
        names=metrics,
    )


def _rows(table: ErrorTable, keys: tuple[str, ...]) -> list[int]:
    if not FEWEST <= len(keys) <= MOST:
        raise AnalysisProblem(f"Select two to four models to compare; {len(keys)} are selected.")
    unknown = [key for key in keys if not table.has_key(key)]
    if unknown:
        raise AnalysisProblem(f"no model {unknown[0]!r} in table {table.name!r}")
    return [table.row(key) for key in keys]


def _best(table: ErrorTable, metrics: tuple[str, ...], values: Array) -> Array:
    """(m,) the place of the model that is best alone; -1 where two are, or a value is missing."""
    higher = np.array([table.metric_column(name).direction is Direction.HIGHER for name in metrics])
    signed = np.where(higher[:, None], -values, values)
    order = np.sort(signed, axis=1)
    alone = np.isfinite(signed).all(axis=1) & (order[:, 0] < order[:, 1])
    return np.where(alone, np.argmin(np.nan_to_num(signed, nan=np.inf), axis=1), -1)


def _comparison(
    table: ErrorTable, metrics: tuple[str, ...], keys: tuple[str, ...], values: Array, best: Array
) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {
        "metric": list(metrics),
        "unit": [table.metric_column(name).unit for name in metrics],
    }
    for i, key in enumerate(keys):
        found[key] = values[:, i].tolist()
    for i, key in enumerate(keys[1:], start=1):
        found[f"{key} / {keys[0]}"] = _ratios(table.scale, values[:, i], values[:, 0])
    found["best"] = [keys[i] if i >= 0 else "" for i in best]
    return found


def _ratios(scale: Scale, values: Array, first: Array) -> list[object]:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if scale is Scale.LOG10:
            ratios = 10 ** (values - first)
        elif scale is Scale.LINEAR:
            ratios = values / first
        else:
            ratios = np.full(len(values), np.nan)
    return [float(ratio) for ratio in ratios]


def draw(inputs: Inputs, _params: CompareParams, result: Result) -> Plot:
    """For each error the models by the share of all models that are better."""
    table = inputs.the_table()
    ranks, rows = 100 * result.arrays["rank"], result.arrays["row"]
    n, k = ranks.shape
    at = np.arange(n, 0, -1, dtype=float)
    keys = tuple(table.keys[row] for row in rows)
    wins = ", ".join(
        f"{key} in {won}" for key, won in zip(keys, result.arrays["wins"], strict=True)
    )
    points = Points(
        x=ranks.ravel(),
        y=np.repeat(at, k),
        rows=np.tile(rows, n),
        space=Space.MODEL,
        group=np.tile(np.arange(k), n),
        group_names=keys,
        size=9.0,
        rim=True,
        labels=tuple(
            f"{key}\n{metric}: {value:.1f} % are better"
            for metric, line in zip(result.names, ranks, strict=True)
            for key, value in zip(keys, line, strict=True)
        ),
    )
    spans = (
        Line(np.array([low, high]), np.array([y, y]), width=0.8, colour=7)
        for y, low, high in zip(
            at, np.fmin.reduce(ranks, axis=1), np.fmax.reduce(ranks, axis=1), strict=True
        )
        if np.isfinite(low)
    )
    return Plot(
        title=f"{keys[0]} and {k - 1} more compared" if k > FEWEST else " and ".join(keys),
        x=Axis("models that are better (%)"),
        y=Axis(ticks=tuple(zip(at.tolist(), result.names, strict=True))),
        marks=(*spans, points),
        status=f"{n} errors / best alone: {wins}",
    )


ANALYSIS = Analysis(
    name="compare",
    title="Compare models",
    about="Two to four models side by side: who is better in which error, and by how much.",
    needs=(Needs.TABLE,),
    params=CompareParams,
    run=run,
    plots=MappingProxyType({"Compare": draw}),
    quick=True,
)
