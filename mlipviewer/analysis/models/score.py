"""One number a model: how good it is in each error, averaged with weights of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics, chosen_models, of_rows, values_of
from mlipviewer.analysis.methods.log_space import LogSpace, log_space
from mlipviewer.analysis.methods.told import read_levels, read_weights
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Axis, Plot, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable, Floats, RowRole, Scale

GOOD_SHARE, BAD_SHARE = 10.0, 90.0  # percentiles where nothing says what is good or bad


@dataclass(frozen=True)
class ScoreParams(Params):
    metrics: tuple[str, ...] = param((), "errors that count; all by default", names="metrics")
    category: str = param("", "only the errors of this category count", names="category")
    weights: str = param(
        "", "weights of metrics or categories, e.g. vac_Ef=3, EC=0.5; 0 removes", names="weights"
    )
    levels: str = param(
        "", "good and bad errors of metrics or categories, e.g. vac_Ef=0.01:0.5", names="levels"
    )
    between: str = param(
        "log", "how the score falls from good to bad, on which scale", choices=("log", "linear")
    )


def run(inputs: Inputs, params: ScoreParams, progress: Progress) -> Result:
    """The weighted mean over errors of 1 (good or better) .. 0 (bad or worse).

    Good is what `levels` says, else the threshold row, else `good` of the metadata, else the 10th
    percentile of the models; bad is what `levels` says, else `bad` of the metadata, else the 90th
    percentile. Between both the score falls with the error's log10, or with the error. Errors that
    a model lacks do not count for it. Summary: n_models, n_metrics, best_model, best_score. Tables
    `scores` (model, family, score, n_missing), best first, and `metrics` (metric, weight, good,
    bad: errors, as `levels` takes them). Arrays `rows` and `score`, best first; column score.
    Raises AnalysisProblem.
    """
    progress.step(0, 1)
    table, models = inputs.the_table(), chosen_models(inputs)
    metrics = chosen_metrics(table, params.metrics, params.category)
    weights = _weights(table, metrics, params.weights)
    metrics = tuple(name for name, weight in zip(metrics, weights, strict=True) if weight > 0)
    weights = weights[weights > 0]
    if not metrics or not len(models):
        raise AnalysisProblem("no error has a weight" if len(models) else "no model is left")
    space = _space(table, metrics, params.between)
    good, bad = _ends(table, space, params.levels)
    score, missing = _scores(space.values[models], good, bad, weights)
    order = np.argsort(-np.nan_to_num(score, nan=-1.0), kind="stable")
    rows = models[order]
    return Result(
        summary={
            "n_models": len(models),
            "n_metrics": len(metrics),
            "best_model": table.keys[rows[0]],
            "best_score": float(score[order[0]]),
        },
        tables={
            "scores": {
                "model": [table.keys[row] for row in rows],
                "family": [table.families[row] for row in rows],
                "score": score[order].tolist(),
                "n_missing": missing[order].tolist(),
            },
            "metrics": {
                "metric": list(metrics),
                "weight": weights.tolist(),
                "good": _as_errors(table, space, good).tolist(),
                "bad": _as_errors(table, space, bad).tolist(),
            },
        },
        notes=space.notes if params.between == "log" else (),
        arrays={"rows": rows, "score": score[order]},
        names=metrics,
        columns={"score": of_rows(table, models, score)},
    )


def _weights(table: ErrorTable, metrics: Sequence[str], text: str) -> Floats:
    """(m,) 1 where nothing is said; a metric's own weight goes before that of its category."""
    told = read_weights(text)
    _check_names(table, told)
    columns = [table.metric_column(name) for name in metrics]
    return np.array([told.get(c.name, told.get(c.category, 1.0)) for c in columns])


def _check_names(table: ErrorTable, names: Iterable[str]) -> None:
    unknown = set(names) - set(table.metrics) - set(table.categories)
    if unknown:
        raise AnalysisProblem(f"no metric or category {sorted(unknown)[0]!r}")


def _space(table: ErrorTable, metrics: tuple[str, ...], between: str) -> LogSpace:
    """The coordinates on which the score falls: log10 of the errors, or the errors."""
    if between == "log":
        return log_space(table, metrics)
    signs = log_space(table, metrics).sign
    cells = values_of(table, metrics)
    errors = (10.0**cells if table.scale is Scale.LOG10 else cells) * signs
    no_zeros, linear = np.zeros(cells.shape, bool), np.ones(len(metrics), bool)
    return LogSpace(errors, no_zeros, linear, signs, metrics)


def _ends(table: ErrorTable, space: LogSpace, levels: str) -> tuple[Floats, Floats]:
    """(m,) the good and the bad coordinate of each metric, to be minimised."""
    models = space.values[table.models]
    with np.errstate(invalid="ignore"):
        good, bad = np.nanpercentile(models, [GOOD_SHARE, BAD_SHARE], axis=0)
    if table.scale is not Scale.ZSCORE:  # the metadata speak of errors
        columns = [table.metric_column(name) for name in space.metrics]
        good = _told(table, space, [column.good for column in columns], good)
        bad = _told(table, space, [column.bad for column in columns], bad)
    thresholds = table.rows_of(RowRole.THRESHOLD)
    if len(thresholds):
        of_row = space.values[thresholds[0]]
        good = np.where(np.isfinite(of_row), of_row, good)
    good, bad = _said(table, space, levels, good, bad)
    return good, np.where(bad > good, bad, good + 1.0)


def _said(
    table: ErrorTable, space: LogSpace, text: str, good: Floats, bad: Floats
) -> tuple[Floats, Floats]:
    """What the user says is good and bad. Raises AnalysisProblem where bad is the better one."""
    told = read_levels(text)
    _check_names(table, told)
    columns = [table.metric_column(name) for name in space.metrics]
    nothing = (None, None)
    levels = [told.get(c.name, told.get(c.category, nothing)) for c in columns]
    good = _told(table, space, [level[0] for level in levels], good)
    bad = _told(table, space, [level[1] for level in levels], bad)
    for name, level, turned in zip(space.metrics, levels, good >= bad, strict=True):
        if level != nothing and turned:
            raise AnalysisProblem(f"{name}: good must be better than bad")
    return good, bad


def _as_errors(table: ErrorTable, space: LogSpace, coordinates: Floats) -> Floats:
    """(m,) coordinates as errors: the reverse of `_told`."""
    values = coordinates * space.sign
    logged = ~space.linear & (table.scale is not Scale.ZSCORE)
    return np.asarray(np.where(logged, 10.0 ** np.where(logged, values, 0.0), values))


def _told(
    table: ErrorTable, space: LogSpace, levels: Sequence[float | None], otherwise: Floats
) -> Floats:
    """(m,) levels, which are errors as they are, in the coordinates of the space."""
    values = np.array([np.nan if level is None else level for level in levels], float)
    logged = ~space.linear & (table.scale is not Scale.ZSCORE)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(logged, np.log10(values), values) * space.sign
    return np.where(np.isfinite(values), values, otherwise)


def _scores(values: Floats, good: Floats, bad: Floats, weights: Floats) -> tuple[Floats, Rows]:
    share = np.clip((bad - values) / (bad - good), 0.0, 1.0)
    known = np.isfinite(values)
    total = (known * weights).sum(axis=1)
    with np.errstate(invalid="ignore"):
        score = np.where(known, share, 0.0) @ weights / np.where(total > 0, total, np.nan)
    return score, (~known).sum(axis=1).astype(np.int32)


def draw(inputs: Inputs, _params: ScoreParams, result: Result) -> Plot:
    """The models from best to worst."""
    table = inputs.the_table()
    rows, score = result.arrays["rows"], result.arrays["score"]
    families = tuple(dict.fromkeys(table.families[row] for row in table.models))
    number = {name: i for i, name in enumerate(families)}
    points = Points(
        x=np.arange(1.0, len(rows) + 1),
        y=score,
        rows=rows,
        space=Space.MODEL,
        group=np.array([number.get(table.families[row], 0) for row in rows], np.int32),
        group_names=families if table.family else (),
        labels=tuple(
            f"{table.keys[row]}: {value:.3f}" for row, value in zip(rows, score, strict=True)
        ),
    )
    return Plot(
        title=f"Score, best {result.summary['best_model']}",
        x=Axis("rank of the model", whole=True),
        y=Axis("score (1: good in all errors)"),
        marks=(points,),
        status=f"{len(rows)} models / {result.summary['n_metrics']} errors",
    )


ANALYSIS = Analysis(
    name="score",
    title="Score",
    about="One number a model: how good it is in the errors that count, weighted.",
    needs=(Needs.TABLE,),
    params=ScoreParams,
    run=run,
    plots=MappingProxyType({"Score": draw}),
    quick=True,
    columns=MappingProxyType({"score": "1: good in all errors that count, 0: bad"}),
)
