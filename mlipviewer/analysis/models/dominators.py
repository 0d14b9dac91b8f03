"""Why a model is not on the front: who dominates it, who is nearest, and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.chosen import (
    axis_title,
    chosen_metrics,
    chosen_models,
    to_minimise,
    units_of,
    values_of,
)
from mlipviewer.analysis.methods.log_space import LogSpace, log_space
from mlipviewer.analysis.methods.transforms import log_where_positive
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Bars, Edges, Line, Plot, Points, Shape, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Mask, Rows
from mlipviewer.core.table import ErrorTable, Floats, Scale


@dataclass(frozen=True)
class DominatorParams(Params):
    model: str = param(
        "", "key of the model; the first dominated one when none is named", names="model"
    )
    metrics: tuple[str, ...] = param(
        (), "errors to minimise; `all`, or the first two when none is named", names="metrics"
    )
    category: str = param("", "take all errors of this category", names="category")
    log: str = param("auto", "axes of the plot", choices=("auto", "log", "linear"))


def run(inputs: Inputs, params: DominatorParams, progress: Progress) -> Result:
    """The models that dominate one model. Raises AnalysisProblem, Cancelled.

    Summary: model, on_front, n_dominators, nearest (None on the front), distance (log10 space),
    easiest_metric (the one with the smallest improvement). Table `dominators`, the nearest first:
    model, family, distance, and the metrics as in the file. Table `improvements`: metric, value,
    needed (in the file's terms: better than this, all else being equal, and no model dominates
    any more), enough (whether to reach it is enough), factor (value / needed) and step (their
    difference in log10 space); None on the front. Array `rows` of the dominators, `row`.
    """
    table, models = inputs.the_table(), chosen_models(inputs)
    progress.step(0, 1)
    metrics = chosen_metrics(table, params.metrics, params.category, default=2)
    points = to_minimise(table, metrics)
    complete = models[np.isfinite(points[models]).all(axis=1)]
    row, notes = _row(table, complete, points, params.model)
    others = complete[dominating(points[complete], points[row])]
    space = log_space(table, metrics)
    distance = np.sqrt(((space.values[others] - space.values[row]) ** 2).sum(axis=1))
    order = np.argsort(distance, kind="stable")
    others, distance = others[order], distance[order]
    improvements = _improvements(table, space, points, row, others)
    steps = np.array(improvements["step"], float)
    return Result(
        summary={
            "model": table.keys[row],
            "on_front": not len(others),
            "n_dominators": len(others),
            "n_models": len(complete),
            "nearest": table.keys[others[0]] if len(others) else None,
            "distance": float(distance[0]) if len(others) else None,
            "easiest_metric": metrics[int(np.nanargmin(steps))] if len(others) else None,
        },
        tables={
            "dominators": _dominator_table(table, metrics, others, distance),
            "improvements": improvements,
        },
        units=MappingProxyType(units_of(table, metrics)),
        notes=(*space.notes, *notes),
        arrays={"rows": np.asarray(others), "row": np.array([row], np.int32)},
        names=metrics,
    )


def dominating(points: Floats, point: Floats) -> Mask:
    """(n,) which rows of (n, d) are nowhere worse than the point (d,), and somewhere better."""
    return np.asarray((points <= point).all(axis=1) & (points < point).any(axis=1))


def needed(dominators: Floats, point: Floats) -> tuple[Floats, Mask]:
    """(d,) the value below which, in one column alone, no dominator (k, d) dominates any more,
    and whether that value itself is enough.

    Whoever dominates the improved point dominates the point, so that only the dominators count:
    the improved value must be below the least of theirs. Equal to it is enough if those who have
    it are equal to the point in all other columns, for equal points do not dominate.
    """
    least = dominators.min(axis=0)
    equal = dominators == point
    rest_equal = (equal.sum(axis=1)[:, None] - equal) == dominators.shape[1] - 1
    enough = (rest_equal | (dominators != least)).all(axis=0)
    return least, np.asarray(enough)


def _row(
    table: ErrorTable, complete: Rows, points: Floats, key: str
) -> tuple[int, tuple[str, ...]]:
    """The row of the model that is asked about, else the first that another dominates."""
    if key:
        if not table.has_key(key) or not table.model_mask[table.row(key)]:
            raise AnalysisProblem(f"no model {key!r} in table {table.name}")
        row = table.row(key)
        if not np.isfinite(points[row]).all():
            raise AnalysisProblem(f"model {key} has no value for one of these errors")
        return row, ()
    if not len(complete):
        raise AnalysisProblem("no model has a value for all of these errors")
    dominated = (int(r) for r in complete if dominating(points[complete], points[r]).any())
    return next(dominated, int(complete[0])), ("no model was named: this is an example",)


def _dominator_table(
    table: ErrorTable, metrics: tuple[str, ...], others: Rows, distance: Floats
) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        "model": [table.keys[row] for row in others],
        "family": [table.families[row] for row in others],
        "distance": distance.tolist(),
    }
    return columns | {name: table.metric(name)[others].tolist() for name in metrics}


def _improvements(
    table: ErrorTable, space: LogSpace, points: Floats, row: int, others: Rows
) -> dict[str, list[Any]]:
    """By metric, in their order."""
    m = len(space.metrics)
    columns: dict[str, list[Any]] = {
        "metric": list(space.metrics),
        "value": values_of(table, space.metrics)[row].tolist(),
    }
    if not len(others):
        return columns | {name: [None] * m for name in ("needed", "enough", "factor", "step")}
    least, enough = needed(points[others], points[row])
    step = space.values[row] - space.values[others].min(axis=0)
    ratio = table.scale is not Scale.ZSCORE
    return columns | {
        "needed": (least * space.sign).tolist(),
        "enough": enough.tolist(),
        "factor": [
            float(10 ** step[i]) if ratio and not space.linear[i] else None for i in range(m)
        ],
        "step": step.tolist(),
    }


def draw_dominators(inputs: Inputs, params: DominatorParams, result: Result) -> Plot:
    """The model, those that dominate it, and how far it would have to move along each axis."""
    table, metrics = inputs.the_table(), result.names
    if len(metrics) < 2:
        return Plot(title="Dominators", empty="Dominance is drawn over two errors: choose another.")
    values = values_of(table, metrics[:2])
    models, others = chosen_models(inputs), result.arrays["rows"]
    row = result.arrays["row"]
    rest = np.setdiff1d(models, np.r_[others, row])
    log = [log_where_positive(values[models, axis], params.log, table.scale) for axis in (0, 1)]
    axes = [
        Axis(axis_title(table.metric_column(name), table.scale), log=is_log, metric=name)
        for name, is_log in zip(metrics, log, strict=False)
    ]
    key = table.keys[int(row[0])]
    nearest = f" / nearest {result.summary['nearest']}" if len(others) else ""
    return Plot(
        title=f"Models that dominate {key}",
        x=axes[0],
        y=axes[1],
        marks=(
            _dots(table, values, rest, faint=True),
            *_ways(result, values[row[0]]),
            *((_to_nearest(values, int(row[0]), int(others[0])),) if len(others) else ()),
            _dots(table, values, others, faint=False),
            Points(
                values[row, 0],
                values[row, 1],
                row,
                Space.MODEL,
                size=15.0,
                shape=Shape.STAR,
                labels=(key,),
                rim=True,
            ),
        ),
        status=f"{len(others)} of {len(models)} models dominate it in {len(metrics)} errors"
        f"{nearest}",
    )


def _dots(table: ErrorTable, values: Floats, rows: Array, faint: bool) -> Points:
    families = tuple(dict.fromkeys(table.families[row] for row in table.models))
    number = {name: i for i, name in enumerate(families)}
    return Points(
        x=values[rows, 0],
        y=values[rows, 1],
        rows=rows,
        space=Space.MODEL,
        group=np.array([number[table.families[row]] for row in rows], np.int32),
        group_names=families if table.family else (),
        size=5.0 if faint else 8.0,
        labels=tuple(table.keys[row] for row in rows),
        faint=faint,
        rim=not faint,
    )


def _ways(result: Result, place: Floats) -> list[Line]:
    """From the model along each of the two axes to where nothing dominates it any more."""
    to = result.tables["improvements"]["needed"][:2]
    if to[0] is None:
        return []
    x, y = place.tolist()
    return [
        Line(np.array([x, to[0]]), np.array([y, y]), "needed", dashed=True, colour=-1),
        Line(np.array([x, x]), np.array([y, to[1]]), "needed", dashed=True, colour=-1),
    ]


def _to_nearest(values: Floats, row: int, nearest: int) -> Edges:
    ends = values[[row, nearest], :2]
    return Edges(
        x=ends[None, :, 0],
        y=ends[None, :, 1],
        pairs=np.array([[row, nearest]], np.int32),
        space=Space.MODEL,
        weight=np.array([0.5]),
        negative=np.array([False]),
        labels=("the nearest of the models that dominate it",),
    )


def draw_improvements(inputs: Inputs, _params: DominatorParams, result: Result) -> Plot:
    """By how much each error alone would have to become better, the easiest on top."""
    key, found = result.summary["model"], result.tables["improvements"]
    if result.summary["on_front"]:
        return Plot(title=f"To the front: {key}", empty=f"{key} is on the front.")
    table = inputs.the_table()
    factors = np.array(found["factor"], float)
    by_factor = bool(np.isfinite(factors).all())
    size = factors if by_factor else np.array(found["step"], float)
    order = np.argsort(size, kind="stable")
    names = [result.names[i] for i in order]
    at = -np.arange(len(names), dtype=float)
    title = "improve this error alone by a factor of" if by_factor else "improve it alone by"
    return Plot(
        title=f"To the front: {key}",
        x=Axis(title, log=by_factor),
        y=Axis(ticks=tuple(zip(at.tolist(), names, strict=True))),
        marks=(
            Bars(
                at=at,
                end=size[order],
                rows=tuple(np.array([table.metric_index(name)], np.int32) for name in names),
                space=Space.METRIC,
                base=1.0 if by_factor else 0.0,
                across=True,
                labels=tuple(
                    f"{result.names[i]}: {found['value'][i]:.4g} to below {found['needed'][i]:.4g}"
                    for i in order
                ),
            ),
        ),
        status=f"{result.summary['n_dominators']} models dominate it / easiest: {names[0]}",
    )


ANALYSIS = Analysis(
    name="dominators",
    title="Dominators",
    about="Which models dominate one model, and what would bring it on the front.",
    needs=(Needs.TABLE,),
    params=DominatorParams,
    run=run,
    plots=MappingProxyType({"Dominators": draw_dominators, "To the front": draw_improvements}),
    quick=True,
)
