"""How the front grows with the number of errors, until nearly every model is optimal.

With many errors being optimal says little: Y. Liu and Y. Mo, npj Comput. Mater. (2024). What helps
is to choose representatives, or not to count small differences (epsilon-dominance).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics, chosen_models
from mlipviewer.analysis.methods.log_space import log_space
from mlipviewer.analysis.methods.random_fronts import (
    coarse_front_size,
    expected_front,
    front_size,
    known_points,
    percentiles,
    random_subsets,
    whole_numbers_of,
)
from mlipviewer.analysis.models.pareto import LARGE_FRONT
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Bars, Line, Plot, Rule, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable, Floats

USUAL_SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 60, 80, 120, 200)
ALL = "all"


@dataclass(frozen=True)
class FrontSizeParams(Params):
    metrics: tuple[str, ...] = param((), "errors to draw from; all by default", names="metrics")
    category: str = param("", "draw from the errors of this category", names="category")
    sizes: str = param("", "numbers of errors; a usual choice when none is given")
    draws: int = param(20, "random subsets of each size", low=1, high=10_000)
    epsilon: float = param(
        0.3, "errors that differ by less than this power of ten count as equal", low=0.001
    )
    seed: int = param(0, "seed of the random subsets", low=0, high=2**31 - 1)


def run(inputs: Inputs, params: FrontSizeParams, progress: Progress) -> Result:
    """Front sizes of random subsets and of the categories. Raises AnalysisProblem, Cancelled.

    Models with a value in all metrics of a subset take part. Summary: n_models, n_metrics, n_front
    (all metrics at once), share, n_epsilon (with epsilon-dominance), n_useful (the largest number
    of errors for which no more than 0.3 of the models are optimal). Table `sizes`: n_metrics,
    n_subsets, n_front_median, n_front_low, n_front_high (5 and 95 %), share (median, of the models
    that take part), n_expected (independent errors), n_epsilon_median. Table `categories`:
    category, n_metrics, n_models, n_front, share, n_epsilon; last all metrics.
    """
    table = inputs.the_table()
    metrics = chosen_metrics(table, params.metrics, params.category)
    logs = log_space(table, metrics).values[chosen_models(inputs)]
    if not len(logs):
        raise AnalysisProblem("no model is left")
    sizes = _sizes(params.sizes, len(metrics))
    records = []
    for number, size in enumerate(sizes):
        progress.step(number, len(sizes) + 1)
        records.append(_of_size(logs, size, params, progress))
    progress.step(len(sizes), len(sizes) + 1)
    categories = [_of_group(logs, *group, params) for group in _groups(table, metrics)]
    whole = categories[-1]
    useful = [one["n_metrics"] for one in records if one["share"] <= LARGE_FRONT]
    return Result(
        summary={
            "n_models": len(logs),
            "n_metrics": len(metrics),
            "n_front": whole["n_front"],
            "share": whole["share"],
            "n_epsilon": whole["n_epsilon"],
            "n_useful": max(useful, default=None),
        },
        tables={"sizes": _columns(records), "categories": _columns(categories)},
        notes=tuple(_notes(records, whole, params.epsilon)),
        names=metrics,
    )


def _sizes(text: str, m: int) -> list[int]:
    if not text.strip():
        return sorted({size for size in USUAL_SIZES if size <= m} | {m})
    found = [size for size in whole_numbers_of(text, "sizes", 1, 100_000) if size <= m]
    if not found:
        raise AnalysisProblem(f"there are only {m} metrics to choose")
    return found


def _of_size(logs: Floats, size: int, params: FrontSizeParams, progress: Progress) -> Any:
    rng = np.random.default_rng((params.seed, size))
    subsets = random_subsets(logs.shape[1], size, params.draws, rng)
    found = np.empty((len(subsets), 3))
    for i, subset in enumerate(subsets):
        if progress.stopped:
            progress.step(i, len(subsets))
        known = known_points(logs, subset)
        found[i] = len(known), front_size(known), coarse_front_size(known, params.epsilon)
    n = int(np.median(found[:, 0]))
    low, median, high = percentiles(found[:, 1], 5, 50, 95)
    return {
        "n_metrics": size,
        "n_subsets": len(subsets),
        "n_models": n,
        "n_front_median": median,
        "n_front_low": low,
        "n_front_high": high,
        "share": float(np.median(found[:, 1] / np.maximum(found[:, 0], 1))),
        "n_expected": expected_front(n, size),
        "n_epsilon_median": float(np.median(found[:, 2])),
    }


def _groups(table: ErrorTable, metrics: tuple[str, ...]) -> Iterator[tuple[str, list[int]]]:
    """The categories of the chosen metrics with their columns, then all of them."""
    of_metric = [table.metric_column(name).category for name in metrics]
    names = [name for name in table.categories if name in of_metric]
    for name in names if len(names) > 1 else ():
        yield name, [i for i, one in enumerate(of_metric) if one == name]
    yield ALL, list(range(len(metrics)))


def _of_group(logs: Floats, name: str, columns: list[int], params: FrontSizeParams) -> Any:
    known = known_points(logs, columns)
    n_front = front_size(known)
    return {
        "category": name,
        "n_metrics": len(columns),
        "n_models": len(known),
        "n_front": n_front,
        "share": n_front / max(len(known), 1),
        "n_epsilon": coarse_front_size(known, params.epsilon),
    }


def _columns(records: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [record[name] for record in records] for name in records[0]}


def _notes(records: list[dict[str, Any]], whole: dict[str, Any], epsilon: float) -> Iterator[str]:
    large = [one["n_metrics"] for one in records if one["share"] > LARGE_FRONT]
    if not large or whole["n_models"] < 20:
        return
    yield (
        f"from {min(large)} errors on more than {100 * LARGE_FRONT:.0f} % of the models are "
        "optimal, which says little: compare fewer errors that represent the others, "
        f"or do not count differences below a factor of {10**epsilon:.3g} (epsilon-dominance: "
        f"{whole['n_epsilon']} instead of {whole['n_front']} of all {whole['n_metrics']} errors)"
    )


def draw_growth(inputs: Inputs, params: FrontSizeParams, result: Result) -> Plot:
    """Optimal models against the number of errors: random subsets, chance, and steps of epsilon."""
    sizes = {name: np.array(column) for name, column in result.tables["sizes"].items()}
    x, n = sizes["n_metrics"].astype(float), int(sizes["n_models"].max())
    index = _indices(inputs.the_table(), result.names)
    of_size = zip(sizes["n_metrics"], sizes["n_front_median"], strict=True)
    spread = Bars(
        at=x,
        end=sizes["n_front_high"],
        rows=(index,) * len(x),
        space=Space.METRIC,
        base=sizes["n_front_low"],
        thick=0.015 * float(x.max()),
        group=np.zeros(len(x), np.int32),
        group_names=("optimal", _steps(params)),
        labels=tuple(f"{d} errors: {median:g} optimal" for d, median in of_size),
    )
    return Plot(
        title="Optimal models by number of errors",
        x=Axis("errors at a time", whole=True),
        y=Axis("optimal models"),
        marks=(
            _limit(n, vertical=False),
            spread,
            Line(x, sizes["n_expected"], "independent errors", dashed=True, colour=-1),
            Line(x, sizes["n_epsilon_median"], _steps(params), width=2.0, colour=1),
            Line(x, sizes["n_front_median"], "random subsets", width=2.0, colour=0),
        ),
        status=f"{result.summary['n_front']} of {n} models optimal in {len(result.names)} errors / "
        f"{params.draws} subsets of each size / dashed: independent errors",
    )


def draw_categories(inputs: Inputs, params: FrontSizeParams, result: Result) -> Plot:
    """The fronts of the categories and of all errors, exact and in steps of epsilon."""
    table, found = inputs.the_table(), result.tables["categories"]
    columns = dict(_groups(table, result.names))
    index = _indices(table, result.names)
    k = len(found["category"])
    at = np.arange(k, dtype=float)  # all errors on top
    names = [f"{name} ({d})" for name, d in zip(found["category"], found["n_metrics"], strict=True)]
    sizes = [*found["n_front"], *found["n_epsilon"]]
    bars = Bars(
        at=np.r_[at + 0.2, at - 0.2],
        end=np.array(sizes, float),
        rows=tuple(index[columns[name]] for name in found["category"]) * 2,
        space=Space.METRIC,
        thick=0.38,
        across=True,
        group=np.repeat(np.array([0, 1], np.int32), k),
        group_names=("optimal", _steps(params)),
        labels=tuple(f"{n}: {size}" for n, size in zip(names * 2, sizes, strict=True)),
    )
    n = max(found["n_models"])
    return Plot(
        title="Optimal models by category",
        x=Axis("optimal models", whole=True),
        y=Axis(ticks=tuple(zip(at.tolist(), names, strict=True))),
        marks=(_limit(n, vertical=True), bars),
        status=f"{len(result.names)} errors / {n} models",
    )


def _limit(n: int, vertical: bool) -> Rule:
    return Rule(LARGE_FRONT * n, f"{100 * LARGE_FRONT:.0f} % of the models", vertical)


def _steps(params: FrontSizeParams) -> str:
    return f"in steps of × {10**params.epsilon:.2g}"


def _indices(table: ErrorTable, metrics: tuple[str, ...]) -> Array:
    return np.array([table.metric_index(name) for name in metrics], np.int32)


ANALYSIS = Analysis(
    name="front-size",
    title="Front size",
    about="How many models are optimal in more and more errors, and when that says little.",
    needs=(Needs.TABLE,),
    params=FrontSizeParams,
    run=run,
    plots=MappingProxyType({"Front size": draw_growth, "By category": draw_categories}),
)
