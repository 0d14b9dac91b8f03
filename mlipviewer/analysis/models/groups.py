"""What a text column does to the errors: medians and ranks of the models of each group, with
bootstrap intervals, and the test of Kruskal and Wallis.

The intervals are of the percentile bootstrap (B. Efron, Ann. Stat. 7, 1 (1979)): the models of a
group are drawn with replacement. Models of one family share their training sets, so that they are
no independent draws; the intervals are then too narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.chosen import (
    chosen_metrics,
    chosen_models,
    to_minimise,
    units_of,
    values_of,
)
from mlipviewer.analysis.methods.grouping import groups_of
from mlipviewer.analysis.methods.transforms import ranks
from mlipviewer.analysis.models.groups_plots import draw_medians, draw_ranks
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable, Floats

Ends = tuple[float, float, float]
"""A number with the ends of its interval."""


@dataclass(frozen=True)
class GroupParams(Params):
    metrics: tuple[str, ...] = param((), "errors to look at; all by default", names="metrics")
    category: str = param("", "look at the errors of this category", names="category")
    by: str = param("", "the text column that makes groups; the family by default", names="text")
    draws: int = param(1000, "bootstrap samples", low=20, high=100_000, in_panel=200)
    level: float = param(0.95, "share of the samples within an interval", low=0.5, high=0.999)
    seed: int = param(0, "seed of the samples", low=0)


def run(inputs: Inputs, params: GroupParams, progress: Progress) -> Result:
    """Medians and mean ranks by group and metric. Raises AnalysisProblem, Cancelled.

    Ranks are shares: 0 for the best of all models with a value, 1 for the worst, mean ranks for
    equal ones. Summary: n_models, n_groups, n_metrics, n_significant (metrics with p < 0.05 after
    Holm), best_group (by the mean of its ranks over the metrics). Table `groups`: group, metric, n
    (models with a value), median, median_low, median_high, rank, rank_low, rank_high. Table
    `ranks`, the best first: group, n_models, rank, low, high: of the mean over metrics of a model's
    ranks. Table `metrics`: metric, h, p, p_holm, effect (epsilon squared: H / (n - 1)), best_group.
    """
    table, models = inputs.the_table(), chosen_models(inputs)
    metrics = chosen_metrics(table, params.metrics, params.category)
    if not len(models):
        raise AnalysisProblem("no model is left")
    group, names = groups_of(table, models, params.by)
    values = values_of(table, metrics)[models]
    share = rank_shares(table, metrics, models)
    progress.step(0, len(metrics))
    cells = _cells(values, share, group, names, metrics, params, progress)
    tests = _tests(values, group, metrics, cells, names)
    whole = _whole(share, group, names, params)
    best = min(whole, key=lambda one: one["rank"] if np.isfinite(one["rank"]) else np.inf)
    return Result(
        summary={
            "n_models": len(models),
            "n_groups": len(names),
            "n_metrics": len(metrics),
            "n_significant": int(np.sum(np.array(tests["p_holm"]) < 0.05)),
            "best_group": best["group"],
        },
        tables={
            "groups": _columns(cells),
            "ranks": _columns(sorted(whole, key=lambda one: (np.isnan(one["rank"]), one["rank"]))),
            "metrics": tests,
        },
        units=MappingProxyType(units_of(table, metrics)),
        arrays={"rows": np.asarray(models), "group": group},
        names=metrics,
    )


def rank_shares(table: ErrorTable, metrics: tuple[str, ...], models: Rows) -> Floats:
    """(k, m) the ranks of k models in m metrics from 0 (best) to 1 (worst), NaN where missing."""
    place = ranks(to_minimise(table, metrics), models)[models]
    n = np.isfinite(place).sum(axis=0)
    return np.asarray((place - 1) / np.maximum(n - 1, 1))


def _cells(
    values: Floats,
    share: Floats,
    group: Array,
    names: tuple[str, ...],
    metrics: tuple[str, ...],
    params: GroupParams,
    progress: Progress,
) -> list[dict[str, Any]]:
    found = []
    for j, metric in enumerate(metrics):
        progress.step(j, len(metrics))
        for i, name in enumerate(names):
            known = (group == i) & np.isfinite(values[:, j])
            rng = np.random.default_rng((params.seed, i, j))
            median = interval(values[known, j], np.median, params, rng)
            rank = interval(share[known, j], np.mean, params, rng)
            found.append(_cell(name, metric, int(known.sum()), median, rank))
    return found


def _cell(group: str, metric: str, n: int, median: Ends, rank: Ends) -> dict[str, Any]:
    cell: dict[str, Any] = {"group": group, "metric": metric, "n": n}
    cell |= zip(("median", "median_low", "median_high"), median, strict=True)
    return cell | dict(zip(("rank", "rank_low", "rank_high"), rank, strict=True))


def interval(
    values: Floats, of: Callable[..., Any], params: GroupParams, rng: np.random.Generator
) -> Ends:
    """A statistic of (n,) values with the ends of its bootstrap interval; NaN without values."""
    if not len(values):
        return np.nan, np.nan, np.nan
    drawn = values[rng.integers(0, len(values), (params.draws, len(values)))]
    beyond = 50 * (1 - params.level)
    low, high = np.percentile(of(drawn, axis=1), [beyond, 100 - beyond])
    return float(of(values)), float(low), float(high)


def _whole(
    share: Floats, group: Array, names: tuple[str, ...], params: GroupParams
) -> list[dict[str, Any]]:
    """The mean over metrics of each model's ranks, by group."""
    known = np.isfinite(share)
    n = known.sum(axis=1)
    mean = np.where(known, share, 0.0).sum(axis=1) / np.maximum(n, 1)
    found = []
    for i, name in enumerate(names):
        members = (group == i) & (n > 0)
        rng = np.random.default_rng((params.seed, i))
        ends = interval(mean[members], np.mean, params, rng)
        about = {"group": name, "n_models": int((group == i).sum())}
        found.append(about | dict(zip(("rank", "low", "high"), ends, strict=True)))
    return found


def _tests(
    values: Floats,
    group: Array,
    metrics: tuple[str, ...],
    cells: list[dict[str, Any]],
    names: tuple[str, ...],
) -> dict[str, list[Any]]:
    found = [_kruskal(values[:, j], group) for j in range(len(metrics))]
    h, p, effect = (list(column) for column in zip(*found, strict=True))
    rank = np.array([cell["rank"] for cell in cells]).reshape(len(metrics), len(names))
    best = [names[int(np.nanargmin(of))] if np.isfinite(of).any() else "" for of in rank]
    return {
        "metric": list(metrics),
        "h": h,
        "p": p,
        "p_holm": holm(np.array(p)).tolist(),
        "effect": effect,
        "best_group": best,
    }


def _kruskal(values: Floats, group: Array) -> Ends:
    """H, p and epsilon squared; NaN where there is one group, or one value."""
    from scipy.stats import kruskal

    known = np.isfinite(values)
    samples = [values[known & (group == i)] for i in np.unique(group[known])]
    if len(samples) < 2 or np.ptp(values[known]) == 0:
        return np.nan, np.nan, np.nan
    h, p = kruskal(*samples)
    return float(h), float(p), float(h / (known.sum() - 1))


def holm(p: Floats) -> Floats:
    """(m,) the p-values of m tests as corrected by Holm; NaN stays, and does not count."""
    found = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    factors = len(order) - np.arange(len(order))
    found[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0) if len(order) else []
    return found


def _columns(cells: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [cell[name] for cell in cells] for name in _names(cells)}


def _names(cells: list[dict[str, Any]]) -> Iterator[str]:
    yield from cells[0]


ANALYSIS = Analysis(
    name="groups",
    title="Group effects",
    about="Medians and ranks of the models of each family, training set or other group.",
    needs=(Needs.TABLE,),
    params=GroupParams,
    run=run,
    plots=MappingProxyType({"Mean ranks": draw_ranks, "Medians": draw_medians}),
)
