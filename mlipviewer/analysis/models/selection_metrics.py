"""Which models win by one metric and which by another, and what that means for a third."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.chosen import (
    axis_title,
    chosen_models,
    of_rows,
    to_minimise,
)
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Plot, Points, Rule, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable

RARE = re.compile(r"(?i)(_RE_(M|A)|ROC|dnac|rare)")
AVERAGE = re.compile(r"(?i)(F_RMSE|force.*rmse|rmse.*force|F_MAE|rmse)")
DIFFUSION = re.compile(r"(?i)(E_a$|activation|diffus|D_0$|migration)")
BOTH, FIRST, SECOND, NEITHER = "best by both", "by the first", "by the second", "others"


@dataclass(frozen=True)
class SelectionMetricsParams(Params):
    first: str = param(
        "", "select by this metric: a dNAC of rare events when empty", names="metric"
    )
    second: str = param("", "or by this one: a force RMSE when empty", names="metric")
    outcome: str = param(
        "", "the error that counts in the end: of diffusion when empty", names="metric"
    )
    top: int = param(10, "how many models a metric selects", low=1, high=100_000)


def run(inputs: Inputs, params: SelectionMetricsParams, progress: Progress) -> Result:
    """The best `top` models by each of two metrics, and their errors in a third.

    Summary: the three metrics, n_models (with all three errors), n_common, the median outcome of
    those selected by the first, by the second and of all, r_first and r_second (Pearson, with the
    outcome, of the numbers in the table), p_by_chance: how often `top` models taken at random have
    a median as good as those of the first metric. Table `models`: model, chosen_by, the errors.
    Raises AnalysisProblem.
    """
    progress.step(0, 1)
    table = inputs.the_table()
    names = _metrics(table, params)
    models = chosen_models(inputs)
    errors = to_minimise(table, names)[models]
    good = np.isfinite(errors).all(axis=1)
    rows, errors = models[good], errors[good]
    n = len(rows)
    if n < 3:
        raise AnalysisProblem(f"{n} models have all of {', '.join(names)}: three are the least")
    top = min(params.top, n)
    best = [np.argsort(errors[:, k], kind="stable")[:top] for k in range(2)]
    by = np.zeros(n, np.int32)
    by[best[0]] += 1
    by[best[1]] += 2
    outcome = table.values[rows, table.metric_index(names[2])]
    medians = [float(np.median(outcome[one])) for one in (*best, np.arange(n))]
    shown = {name: table.values[rows, table.metric_index(name)] for name in names}
    order = np.lexsort((errors[:, 2], by == 0))
    return Result(
        summary={
            "first": names[0],
            "second": names[1],
            "outcome": names[2],
            "n_models": n,
            "n_common": int((by == 3).sum()),
            "median_by_first": medians[0],
            "median_by_second": medians[1],
            "median_of_all": medians[2],
            "r_first": _pearson(errors[:, 0], errors[:, 2]),
            "r_second": _pearson(errors[:, 1], errors[:, 2]),
            "p_by_chance": _by_chance(errors[:, 2], best[0]),
        },
        tables={"models": _listed(table, rows[order], by[order], order, shown)},
        arrays={"row": rows, "by": by, "errors": np.array(list(shown.values())).T},
        names=names,
        columns={"chosen_by_first": of_rows(table, rows, (by & 1).astype(float)),
                 "chosen_by_second": of_rows(table, rows, (by >> 1).astype(float))},
    )  # fmt: skip


def _listed(
    table: ErrorTable, rows: Array, by: Array, order: Array, shown: dict[str, Array]
) -> dict[str, list[Any]]:
    """The models, those chosen first, by the outcome."""
    words = (NEITHER, FIRST, SECOND, BOTH)
    return {
        "model": [table.keys[row] for row in rows],
        "chosen_by": [words[one] for one in by],
        **{name: column[order].tolist() for name, column in shown.items()},
    }


def _metrics(table: ErrorTable, params: SelectionMetricsParams) -> tuple[str, str, str]:
    """The named metrics, else those whose names say what they are. Raises AnalysisProblem."""
    found: list[str] = []
    wanted = ((params.first, RARE), (params.second, AVERAGE), (params.outcome, DIFFUSION))
    for name, pattern in wanted:
        if name and name not in table.metrics:
            raise AnalysisProblem(f"no metric {name!r} in table {table.name}")
        named = (m for m in table.metrics if pattern.search(m) and m not in found)
        rest = (m for m in table.metrics if m not in found)
        one = name or next(named, None) or next(rest, None)
        if one is None:
            raise AnalysisProblem("three metrics are the least")
        found.append(one)
    return found[0], found[1], found[2]


def _pearson(x: Array, y: Array) -> float | None:
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def _by_chance(errors: Array, best: Array, draws: int = 2000) -> float:
    """The share of random choices of as many models whose median is as good."""
    rng = np.random.default_rng(0)
    n, k = len(errors), len(best)
    taken = np.argsort(rng.random((draws, n)), axis=1)[:, :k]
    medians = np.median(errors[taken], axis=1)
    return float((medians <= np.median(errors[best])).mean())


def draw(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Both metrics against each other, the models that each selects told apart."""
    return _drawn(inputs, result, 0, 1, "Selected by one metric or the other")


def draw_outcome(inputs: Inputs, _params: Any, result: Result) -> Plot:
    """What the selection by the first metric means for the outcome."""
    plot = _drawn(inputs, result, 0, 2, "What a selection means")
    about = result.summary
    of = (("all", "of_all"), ("first", "by_first"), ("second", "by_second"))
    rules = tuple(
        Rule(float(about[f"median_{key}"] or 0), f"median, {name}", vertical=False)
        for name, key in of
    )
    return replace(plot, marks=(*plot.marks, *rules))


def _drawn(inputs: Inputs, result: Result, x: int, y: int, title: str) -> Plot:
    table = inputs.the_table()
    errors, rows, by = (result.arrays[name] for name in ("errors", "row", "by"))
    columns = [table.metric_column(name) for name in result.names]
    points = Points(
        errors[:, x],
        errors[:, y],
        rows,
        Space.MODEL,
        group=by,
        group_names=(NEITHER, f"by {result.names[0]}", f"by {result.names[1]}", BOTH),
        size=7.0,
        labels=tuple(table.keys[row] for row in rows),
    )
    about = result.summary
    scores = [f"r {value:.2f}" if isinstance(value := about[key], float) else "r none"
              for key in ("r_first", "r_second")]  # fmt: skip
    return Plot(
        title=title,
        x=Axis(axis_title(columns[x], table.scale), metric=result.names[x]),
        y=Axis(axis_title(columns[y], table.scale), metric=result.names[y]),
        marks=(points,),
        status=f"{about['n_models']} models / {about['n_common']} in both / {scores[0]} and"
        f" {scores[1]} with {about['outcome']} / as good by chance {about['p_by_chance']:.0%}",
    )


ANALYSIS = Analysis(
    name="selection-metrics",
    title="Selection by metrics",
    about="Which models win by rare-event scores and which by RMSE, and what that means.",
    needs=(Needs.TABLE,),
    params=SelectionMetricsParams,
    run=run,
    plots=MappingProxyType({"Selected by": draw, "Outcome": draw_outcome}),
    columns=MappingProxyType(
        {
            "chosen_by_first": "1: among the best by the first metric",
            "chosen_by_second": "1: among the best by the second metric",
        }
    ),
)
