"""Which errors are good enough: how many benchmarks each model passes, how many models each metric
lets pass.

A benchmark is the error that a good-enough model has at the most: the table's row of thresholds,
else `good` of its metadata file. As in Y. Liu and Y. Mo, npj Comput. Mater. (2024).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics, chosen_models, units_of, values_of
from mlipviewer.analysis.methods.log_space import log_space
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Axis, Bars, Plot, Points, Rule, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Mask, Rows, all_rows
from mlipviewer.core.table import ErrorTable, Floats, RowRole, Scale


@dataclass(frozen=True)
class PassingParams(Params):
    metrics: tuple[str, ...] = param((), "errors to judge; all by default", names="metrics")
    category: str = param("", "judge the errors of this category", names="category")
    threshold: str = param(
        "",
        "key of the row to compare with, of any role; else the first row of thresholds",
        names="row",
    )


def run(inputs: Inputs, params: PassingParams, progress: Progress) -> Result:
    """Models at or below the benchmark of each metric. Raises AnalysisProblem, Cancelled.

    A missing value does not pass. Summary: n_models, n_metrics (those with a benchmark),
    best_n_passed, best_model, n_passing_all. Table `metrics`, the hardest first: metric, category,
    threshold, share (of the models with a value), n (models with a value), n_passed. Table
    `models`, the best first: model, family, n_passed, n_missing, median_ratio (of error and
    benchmark). Table `categories`: category, n_metrics, n_passing_all, share. Table `families`:
    family, n_models, mean_passed, best_n_passed. Arrays over `models`: `rows`, `n_passed`,
    `ratio`; over the metrics: `share`, `n_passed_by`.
    """
    table, models = inputs.the_table(), chosen_models(inputs)
    progress.step(0, 1)
    asked = chosen_metrics(table, params.metrics, params.category)
    metrics, levels = _judged(table, asked, params.threshold)
    if not len(models):
        raise AnalysisProblem("no model is left")
    values = values_of(table, metrics)[models]
    passed = passes(table, metrics, values, levels)
    known = np.isfinite(values)
    n_passed = passed.sum(axis=1)
    ratio = _median_ratio(table, metrics, values, levels)
    best = int(np.argmax(n_passed))
    return Result(
        summary={
            "n_models": len(models),
            "n_metrics": len(metrics),
            "best_n_passed": int(n_passed[best]),
            "best_model": table.keys[models[best]],
            "n_passing_all": int((n_passed == len(metrics)).sum()),
        },
        tables={
            "metrics": _metric_table(table, metrics, levels, passed, known),
            "models": _model_table(table, models, n_passed, known, ratio),
            "categories": _category_table(table, metrics, passed),
            "families": _family_table(table, models, n_passed),
        },
        units=MappingProxyType(units_of(table, metrics)),
        notes=tuple(_notes(table, asked, metrics, models, passed)),
        arrays={
            "rows": np.asarray(models),
            "n_passed": n_passed,
            "ratio": ratio,
            "share": passed.sum(axis=0) / np.maximum(known.sum(axis=0), 1),
            "n_passed_by": passed.sum(axis=0),
        },
        names=metrics,
    )


def _judged(table: ErrorTable, asked: tuple[str, ...], key: str) -> tuple[tuple[str, ...], Floats]:
    """The metrics that have a benchmark, and their benchmarks."""
    levels = thresholds_of(table, asked, key)
    judged = np.isfinite(levels)
    if not judged.any():
        raise AnalysisProblem(
            "there is no benchmark: no row of thresholds, and no `good` in a metadata file; "
            "another row may be named as threshold"
        )
    return tuple(name for name, good in zip(asked, judged, strict=True) if good), levels[judged]


def thresholds_of(table: ErrorTable, metrics: Sequence[str], key: str = "") -> Floats:
    """(m,) the benchmark of each metric on the table's scale, NaN where there is none.

    A reference, or a model to be compared with, may be named as well. Raises AnalysisProblem.
    """
    rows = table.rows_of(RowRole.THRESHOLD)
    if key:
        if not table.has_key(key):
            known = ", ".join(table.keys[row] for row in rows) or "none"
            raise AnalysisProblem(f"no row {key!r}; rows of thresholds: {known}")
        rows = all_rows(table.n_rows)[[table.row(key)]]
    good = [table.metric_column(name).good for name in metrics]
    levels = np.array([np.nan if level is None else level for level in good], float)
    if len(rows):
        of_row = values_of(table, metrics)[rows[0]]
        levels = np.where(np.isfinite(of_row), of_row, levels)
    return levels


def passes(table: ErrorTable, metrics: Sequence[str], values: Floats, levels: Floats) -> Mask:
    """(n, m) which cells are as good as the benchmark, or better; a missing one is not."""
    sign = log_space(table, metrics).sign
    return np.asarray(values * sign <= levels * sign)


def _median_ratio(
    table: ErrorTable, metrics: Sequence[str], values: Floats, levels: Floats
) -> Floats:
    """(n,) the median over the metrics of error / benchmark; NaN where that means nothing."""
    sign = log_space(table, metrics).sign
    if table.scale is Scale.LINEAR:
        positive = (values > 0) & (levels > 0)
        logs = np.log10(np.where(positive, values, np.nan) / np.where(levels > 0, levels, np.nan))
    elif table.scale is Scale.LOG10:
        logs = values - levels
    else:
        logs = np.full_like(values, np.nan)
    known = np.isfinite(logs).any(axis=1)
    found = np.full(len(values), np.nan)
    found[known] = 10 ** np.nanmedian((logs * sign)[known], axis=1)
    return found


def _metric_table(
    table: ErrorTable, metrics: tuple[str, ...], levels: Floats, passed: Mask, known: Mask
) -> dict[str, list[Any]]:
    n, n_passed = known.sum(axis=0), passed.sum(axis=0)
    share = n_passed / np.maximum(n, 1)
    order = np.argsort(share, kind="stable")
    return {
        "metric": [metrics[i] for i in order],
        "category": [table.metric_column(metrics[i]).category for i in order],
        "threshold": levels[order].tolist(),
        "share": share[order].tolist(),
        "n": n[order].tolist(),
        "n_passed": n_passed[order].tolist(),
    }


def _model_table(
    table: ErrorTable, models: Rows, n_passed: Any, known: Mask, ratio: Floats
) -> dict[str, list[Any]]:
    order = np.argsort(-n_passed, kind="stable")
    return {
        "model": [table.keys[row] for row in models[order]],
        "family": [table.families[row] for row in models[order]],
        "n_passed": n_passed[order].tolist(),
        "n_missing": (~known).sum(axis=1)[order].tolist(),
        "median_ratio": ratio[order].tolist(),
    }


def _category_table(
    table: ErrorTable, metrics: tuple[str, ...], passed: Mask
) -> dict[str, list[Any]]:
    """Models that pass a whole category."""
    of_metric = np.array([table.metric_column(name).category for name in metrics], object)
    names = [name for name in table.categories if (of_metric == name).any()]
    whole = [int(np.all(passed[:, of_metric == name], axis=1).sum()) for name in names]
    return {
        "category": names,
        "n_metrics": [int((of_metric == name).sum()) for name in names],
        "n_passing_all": whole,
        "share": [n / len(passed) for n in whole],
    }


def _family_table(table: ErrorTable, models: Rows, n_passed: Any) -> dict[str, list[Any]]:
    of_model = np.array([table.families[row] for row in models], object)
    names = list(dict.fromkeys(of_model.tolist()))
    return {
        "family": names,
        "n_models": [int((of_model == name).sum()) for name in names],
        "mean_passed": [float(n_passed[of_model == name].mean()) for name in names],
        "best_n_passed": [int(n_passed[of_model == name].max()) for name in names],
    }


def _notes(
    table: ErrorTable, asked: Sequence[str], metrics: Sequence[str], models: Rows, passed: Mask
) -> Iterator[str]:
    without = [name for name in asked if name not in metrics]
    if without:
        shown = ", ".join(without[:5]) + (" ..." if len(without) > 5 else "")
        yield f"{len(without)} metrics have no benchmark and are left out: {shown}"
    zero = log_space(table, metrics).floored[models] & passed
    if zero.any():
        keys = ", ".join(table.keys[row] for row in models[zero.any(axis=1)][:5])
        yield f"{int(zero.sum())} errors of zero pass, which may be failed fits: {keys}"


def draw_metrics(inputs: Inputs, _params: PassingParams, result: Result) -> Plot:
    """The share of models that pass, the hardest metric on top; coloured by category."""
    table, metrics = inputs.the_table(), result.names
    share = 100.0 * result.arrays["share"]
    order = np.argsort(share, kind="stable")
    at = -np.arange(len(order), dtype=float)
    categories = [table.metric_column(metrics[i]).category or "other" for i in order]
    names = tuple(n for n in (*table.categories, "other") if n in categories)
    counts = result.arrays["n_passed_by"]
    bars = Bars(
        at=at,
        end=share[order],
        rows=tuple(np.array([table.metric_index(metrics[i])], np.int32) for i in order),
        space=Space.METRIC,
        across=True,
        group=np.array([names.index(one) for one in categories], np.int32),
        group_names=names,
        labels=tuple(f"{metrics[i]}: {counts[i]} models, {share[i]:.1f} %" for i in order),
    )
    return Plot(
        title="Models within the benchmark",
        x=Axis("models (%)"),
        y=Axis(ticks=tuple((a, metrics[i]) for a, i in zip(at.tolist(), order, strict=True))),
        marks=(bars,),
        status=f"{len(metrics)} metrics / {result.summary['n_models']} models",
    )


def draw_models(inputs: Inputs, _params: PassingParams, result: Result) -> Plot:
    """Benchmarks passed against the median of error / benchmark, or against the place by it."""
    table, rows = inputs.the_table(), result.arrays["rows"]
    n_passed, ratio = result.arrays["n_passed"], result.arrays["ratio"]
    by_ratio = bool(np.isfinite(ratio).any())
    place = np.empty(len(rows))
    place[np.argsort(-n_passed, kind="stable")] = np.arange(1.0, len(rows) + 1)
    names = tuple(dict.fromkeys(table.families[row] for row in table.models))
    number = {name: i for i, name in enumerate(names)}
    points = Points(
        x=ratio if by_ratio else place,
        y=n_passed.astype(float),
        rows=rows,
        space=Space.MODEL,
        group=np.array([number[table.families[row]] for row in rows], np.int32),
        group_names=names if table.family else (),
        labels=tuple(
            f"{table.keys[row]}: {n} of {len(result.names)}"
            for row, n in zip(rows.tolist(), n_passed.tolist(), strict=True)
        ),
    )
    rules = (Rule(1.0, "benchmark", vertical=True),) if by_ratio else ()
    best = f"best {result.summary['best_n_passed']} of {len(result.names)}"
    return Plot(
        title="Benchmarks passed",
        x=Axis("median of error / benchmark", log=True) if by_ratio else Axis("place", whole=True),
        y=Axis(f"benchmarks passed, of {len(result.names)}", whole=True),
        marks=(*rules, points),
        status=f"{len(rows)} models / {best} / {result.summary['n_passing_all']} pass all",
    )


ANALYSIS = Analysis(
    name="passing",
    title="Benchmarks passed",
    about="How many benchmarks each model passes, and which errors are the hardest.",
    needs=(Needs.TABLE,),
    params=PassingParams,
    run=run,
    plots=MappingProxyType({"Hardest errors": draw_metrics, "Models": draw_models}),
)
