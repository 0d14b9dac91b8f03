"""Is a trade-off between errors real? Fronts of the table against those of correlated chance.

The number of optimal models for random subsets of the metrics is compared with that of Gaussian
numbers with a given correlation, and with the expectation for independent ones. As in Y. Liu and
Y. Mo, npj Comput. Mater. (2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics, chosen_models, to_minimise
from mlipviewer.analysis.methods.random_fronts import (
    Subset,
    expected_front,
    front_size,
    gaussian_front_sizes,
    known_points,
    numbers_of,
    percentiles,
    random_subsets,
    whole_numbers_of,
)
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Bars, Line, Plot, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import Floats

DATA = "models"  # the legend's name of the table's own fronts


@dataclass(frozen=True)
class TradeoffParams(Params):
    metrics: tuple[str, ...] = param((), "errors to draw from; all by default", names="metrics")
    category: str = param("", "draw from the errors of this category", names="category")
    dimensions: str = param("2,3,4,5", "how many errors at a time")
    correlations: str = param("0.01,0.3,0.6,0.9", "correlations r of the random numbers")
    draws: int = param(200, "random subsets, and sets of random numbers", low=1, high=100_000)
    seed: int = param(0, "seed of all that is random", low=0, high=2**31 - 1)


@dataclass(frozen=True, eq=False)
class _Found:
    """For one dimension: sizes of the table's fronts, and of those of chance by correlation."""

    dimension: int
    n_models: int
    subsets: list[Subset]
    data: Floats
    chance: dict[float, Floats]


def run(inputs: Inputs, params: TradeoffParams, progress: Progress) -> Result:
    """Sizes of fronts by number of metrics. Raises AnalysisProblem, Cancelled.

    Table `medians`: dimension, n_optimal_median, n_optimal_low, n_optimal_high (5 and 95 %),
    n_optimal_expected (independent errors, closed form), equivalent_r (the correlation of Gaussians
    with the same median; None outside the given ones), n_models, n_subsets, and the median
    `gaussian_R` for each correlation R. Table `subsets`: dimension, metrics, n_optimal. Table
    `metrics`: metric, n_subsets, ratio (the mean size of fronts with this metric over that of all;
    above 1: it makes fronts larger). Arrays `box` (k, 6): dimension, group (0: the table), and the
    5, 25, 50, 75, 95 % points of each distribution follow.
    """
    table = inputs.the_table()
    metrics = chosen_metrics(table, params.metrics, params.category)
    points = to_minimise(table, metrics)[chosen_models(inputs)]
    dimensions = whole_numbers_of(params.dimensions, "dimensions", 1, 200)
    correlations = numbers_of(params.correlations, "correlations", 0.0, 0.999)
    possible = [d for d in dimensions if d <= len(metrics)]
    if not possible:
        raise AnalysisProblem(f"there are no {dimensions[0]} metrics to choose")
    if not len(points):
        raise AnalysisProblem("no model is left")
    found = []
    for number, d in enumerate(possible):
        progress.step(number, len(possible))
        found.append(_dimension(points, d, correlations, params, progress))
    if all(one.n_models == 0 for one in found):
        raise AnalysisProblem("no model has a value for all of the errors of a subset")
    skipped = [d for d in dimensions if d not in possible]
    boxes = [_box(one.dimension, 0, one.data) for one in found]
    boxes += [
        _box(one.dimension, group, sizes)
        for one in found
        for group, sizes in enumerate(one.chance.values(), 1)
    ]
    return Result(
        summary={
            "n_models": len(points),
            "n_metrics": len(metrics),
            "n_dimensions": len(found),
            "draws": params.draws,
        },
        tables={
            "medians": _median_table(found),
            "subsets": _subset_table(found, metrics),
            "metrics": _metric_table(found, metrics),
        },
        notes=tuple(f"there are fewer than {d} metrics to choose" for d in skipped),
        arrays={"box": np.array(boxes)},
        names=(DATA, *(f"r = {r:g}" for r in correlations)),
    )


def _dimension(
    points: Floats, d: int, correlations: list[float], params: TradeoffParams, progress: Progress
) -> _Found:
    rng = np.random.default_rng((params.seed, d))
    subsets = random_subsets(points.shape[1], d, params.draws, rng)
    sizes, counts = np.empty(len(subsets)), np.empty(len(subsets), int)
    for i, subset in enumerate(subsets):
        if progress.stopped:
            progress.step(i, len(subsets))
        known = known_points(points, subset)
        sizes[i], counts[i] = front_size(known), len(known)
    n = int(np.median(counts))
    chance = {
        r: gaussian_front_sizes(n, d, r, params.draws, rng, progress) if n else np.zeros(1)
        for r in correlations
    }
    return _Found(d, n, subsets, sizes, chance)


def equivalent_r(median: float, chance: dict[float, float]) -> float | None:
    """The correlation at which Gaussians have this median, between the given ones; else None."""
    r = np.array(sorted(chance))
    logs = np.log([max(chance[one], 1e-9) for one in r])
    here = np.log(max(median, 1e-9))
    if len(r) < 2 or not logs.min() <= here <= logs.max():
        return None
    order = np.argsort(logs, kind="stable")
    return float(np.interp(here, logs[order], r[order]))


def _median_table(found: list[_Found]) -> dict[str, list[Any]]:
    low, median, high = zip(*(percentiles(one.data, 5, 50, 95) for one in found), strict=True)
    chance = [{r: float(np.median(sizes)) for r, sizes in one.chance.items()} for one in found]
    columns: dict[str, list[Any]] = {
        "dimension": [one.dimension for one in found],
        "n_optimal_median": list(median),
        "n_optimal_low": list(low),
        "n_optimal_high": list(high),
        "n_optimal_expected": [expected_front(one.n_models, one.dimension) for one in found],
        "equivalent_r": [equivalent_r(m, c) for m, c in zip(median, chance, strict=True)],
        "n_models": [one.n_models for one in found],
        "n_subsets": [len(one.subsets) for one in found],
    }
    return columns | {f"gaussian_{r:g}": [one[r] for one in chance] for r in chance[0]}


def _subset_table(found: list[_Found], metrics: tuple[str, ...]) -> dict[str, list[Any]]:
    return {
        "dimension": [one.dimension for one in found for _ in one.subsets],
        "metrics": ["|".join(metrics[i] for i in s) for one in found for s in one.subsets],
        "n_optimal": [int(size) for one in found for size in one.data],
    }


def _metric_table(found: list[_Found], metrics: tuple[str, ...]) -> dict[str, list[Any]]:
    """Geometric means of size / median of the dimension, over the subsets that hold a metric."""
    logs: list[list[float]] = [[] for _ in metrics]
    for one in found:
        usual = max(float(np.median(one.data)), 1.0)
        for subset, size in zip(one.subsets, one.data.tolist(), strict=True):
            for i in subset:
                logs[i].append(np.log(max(size, 1.0) / usual))
    return {
        "metric": list(metrics),
        "n_subsets": [len(own) for own in logs],
        "ratio": [float(np.exp(np.mean(own))) if own else None for own in logs],
    }


def _box(dimension: int, group: int, sizes: Floats) -> list[float]:
    return [dimension, group, *percentiles(sizes, 5, 25, 50, 75, 95)]


def draw_distributions(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Boxes of the middle half, lines at the medians, whiskers from 5 to 95 %, by dimension."""
    box, names = result.arrays["box"], result.names
    medians, table = result.tables["medians"], inputs.the_table()
    dimensions = list(medians["dimension"])
    group = box[:, 1].astype(np.int32)
    step = len(names) + 1.0
    at = np.array([dimensions.index(int(d)) for d in box[:, 0]]) * step + group
    rows = np.array([table.metric_index(m) for m in result.tables["metrics"]["metric"]], np.int32)
    boxes = Bars(
        at=at,
        end=box[:, 5],
        rows=tuple(rows if g == 0 else rows[:0] for g in group),
        space=Space.METRIC,
        base=box[:, 3],
        thick=0.8,
        group=group,
        group_names=names,
        labels=tuple(
            f"{names[int(g)]}, {int(d)} errors: median {middle:g}, 5 to 95 %: {low:g} to {high:g}"
            for d, g, low, _, middle, _, high in box.tolist()
        ),
        low=box[:, 2],
        high=box[:, 6],
    )
    ticks = tuple((i * step + (step - 2) / 2, str(d)) for i, d in enumerate(dimensions))
    expected = [_dash(i * step, step, e) for i, e in enumerate(medians["n_optimal_expected"])]
    return Plot(
        title="Optimal models, and Gaussians that correlate with r",
        x=Axis("errors at a time", ticks=ticks),
        y=Axis("optimal models", log=True),
        marks=(boxes, *_median_lines(at, box[:, 4]), *expected),
        status=f"{result.summary['n_models']} models / {result.summary['n_metrics']} metrics / "
        f"{result.summary['draws']} draws / dashed: expected for independent errors",
    )


def _median_lines(at: Array, medians: Array) -> list[Line]:
    """One short line on each box."""
    places = zip(at.tolist(), medians.tolist(), strict=True)
    return [
        Line(np.array([x - 0.4, x + 0.4]), np.array([y, y]), "median", width=2.5, colour=-1)
        for x, y in places
    ]


def _dash(left: float, step: float, value: float) -> Line:
    ends = np.array([left - 0.6, left + step - 1.4])
    return Line(ends, np.array([value, value]), "independent", dashed=True, width=1.2, colour=-1)


def draw_metrics(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Which errors make fronts larger: the mean size with them over the usual size."""
    table, found = inputs.the_table(), result.tables["metrics"]
    ratio = np.array(found["ratio"], float)
    order = np.argsort(-np.nan_to_num(ratio, nan=-1.0), kind="stable")
    order = order[np.isfinite(ratio[order])]
    names = [found["metric"][i] for i in order]
    at = -np.arange(len(order), dtype=float)
    bars = Bars(
        at=at,
        end=ratio[order],
        rows=tuple(np.array([table.metric_index(name)], np.int32) for name in names),
        space=Space.METRIC,
        base=1.0,
        across=True,
        labels=tuple(f"{n}: × {v:.2f}" for n, v in zip(names, ratio[order], strict=True)),
    )
    return Plot(
        title="Errors that make fronts larger",
        x=Axis("size with this error / usual", log=True),
        y=Axis(ticks=tuple(zip(at.tolist(), names, strict=True))),
        marks=(bars,),
        status=f"{len(names)} metrics / {len(result.tables['subsets']['metrics'])} subsets",
    )


ANALYSIS = Analysis(
    name="tradeoff",
    title="Trade-off",
    about="Whether errors trade off: the number of optimal models against that of chance.",
    needs=(Needs.TABLE,),
    params=TradeoffParams,
    run=run,
    plots=MappingProxyType({"Distributions": draw_distributions, "By metric": draw_metrics}),
)
