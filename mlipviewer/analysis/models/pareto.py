"""Pareto fronts of models: those that no other model beats in every chosen error.

Reference: J. B. Liu and Y. Mo, "Learning from models: high-dimensional analyses on the performance
of machine learning interatomic potentials", npj Comput. Mater. (2024).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import (
    axis_title,
    chosen_metrics,
    chosen_models,
    to_minimise,
    units_of,
    values_of,
)
from mlipviewer.analysis.methods.fronts import front_layers
from mlipviewer.analysis.methods.transforms import log_where_positive
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Line, Mark, Plot, Points, Rule, Shape, Space, finite
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import Direction, ErrorTable, Floats, RowRole

LARGE_FRONT = 0.3  # of all models: beyond it, being optimal says little


@dataclass(frozen=True)
class ParetoParams(Params):
    metrics: tuple[str, ...] = param(
        (), "errors to minimise; `all`, or the first two when none is named", names="metrics"
    )
    category: str = param("", "take all errors of this category", names="category")
    layers: int = param(1, "number of fronts, each that of the models left over", low=1, high=50)
    keep_duplicates: bool = param(True, "keep all of exactly equal optimal models")
    log: str = param("auto", "axes of the plot", choices=("auto", "log", "linear"))


def run(inputs: Inputs, params: ParetoParams, progress: Progress) -> Result:
    """Fronts of the models with a value in every chosen metric. Raises AnalysisProblem, Cancelled.

    Summary: n_models (asked for), n_front (on the first front), n_missing (left out for a missing
    value). Table `front`: model, family, the metrics as in the file, rank (1: the front). Table
    `ranks`: model, rank of every model (0: on none of the fronts; None: missing).
    Array `rank` (n rows of the table,), 0 where there is none.
    """
    table = inputs.the_table()
    metrics = chosen_metrics(table, params.metrics, params.category, default=2)
    models = chosen_models(inputs)
    points = to_minimise(table, metrics)[models]
    complete = np.asarray(np.isfinite(points).all(axis=1))
    rank = np.zeros(table.n_rows, np.int32)
    rank[models[complete]] = front_layers(
        points[complete], params.layers, params.keep_duplicates, progress
    )
    n_front = int((rank == 1).sum())
    return Result(
        summary={
            "n_models": len(models),
            "n_front": n_front,
            "n_missing": int((~complete).sum()),
            "n_metrics": len(metrics),
        },
        tables={
            "front": _front_table(table, metrics, rank, points, models),
            "ranks": _rank_table(table, models, rank, complete),
        },
        units=MappingProxyType(units_of(table, metrics)),
        notes=tuple(_notes(n_front, int(complete.sum()), len(models))),
        arrays={"rank": rank},
        names=metrics,
    )


def _front_table(
    table: ErrorTable, metrics: tuple[str, ...], rank: Array, points: Floats, models: Rows
) -> dict[str, list[object]]:
    """The models of the fronts: by front, then from the best in the first metric on."""
    on = np.flatnonzero(rank[models])
    rows = models[on[np.lexsort((points[on, 0], rank[models[on]]))]]
    columns: dict[str, list[object]] = {
        "model": [table.keys[row] for row in rows],
        "family": [table.families[row] for row in rows],
    }
    columns |= {name: table.metric(name)[rows].tolist() for name in metrics}
    return columns | {"rank": rank[rows].tolist()}


def _rank_table(
    table: ErrorTable, models: Rows, rank: Array, complete: Array
) -> dict[str, list[object]]:
    ranks = [int(rank[row]) if good else None for row, good in zip(models, complete, strict=True)]
    return {"model": [table.keys[row] for row in models], "rank": list(ranks)}


def _notes(n_front: int, n_complete: int, n_models: int) -> Iterator[str]:
    if n_complete < n_models:
        yield f"{n_models - n_complete} of {n_models} models have a missing value and are left out"
    if n_complete >= 20 and n_front > LARGE_FRONT * n_complete:
        share = f"{100 * n_front / n_complete:.0f} %"
        yield f"the front holds {share} of the models: with so many errors nearly all are optimal"


def draw(inputs: Inputs, params: ParetoParams, result: Result) -> Plot:
    """The first two metrics against each other, the fronts as staircases, references as stars."""
    table, metrics = inputs.the_table(), result.names
    if len(metrics) < 2:
        return Plot(title="Pareto", empty="A front is drawn over two errors: choose another one.")
    models = chosen_models(inputs)
    values = values_of(table, metrics[:2])
    log = [log_where_positive(values[models, axis], params.log, table.scale) for axis in (0, 1)]
    axes = [
        Axis(axis_title(table.metric_column(name), table.scale), log=is_log, metric=name)
        for name, is_log in zip(metrics, log, strict=False)
    ]
    every = _points(table, models, values, np.zeros(len(models)), False)
    can_show = finite(every, log[0], log[1])
    shown = models[can_show]
    marks = [
        *_rules(table, values, metrics, log),
        *_model_marks(table, shown, values, result.arrays["rank"]),
        *(_stairs(table, shown, values, result, metrics) if len(metrics) == 2 else ()),
        *_stars(table, values, log),
    ]
    n_missing = int((~np.isfinite(values[models]).all(axis=1)).sum())
    status = (
        f"front of {result.summary['n_front']} / {len(shown)} shown / {table.n_models} total / "
        f"{n_missing} missing"
    )
    n_hidden = len(models) - len(shown) - n_missing
    if n_hidden:
        status += f" / {n_hidden} not positive"
    empty = "" if len(shown) else "No model has a value for both errors."
    return Plot(
        title="Pareto front", x=axes[0], y=axes[1], marks=tuple(marks), status=status, empty=empty
    )


def _points(table: ErrorTable, rows: Rows, values: Floats, group: Array, front: bool) -> Points:
    families = _family_names(table)
    return Points(
        x=values[rows, 0],
        y=values[rows, 1],
        rows=rows,
        space=Space.MODEL,
        group=group if families else None,
        group_names=families,
        size=9.0 if front else 6.0,
        labels=tuple(table.keys[row] for row in rows),
        rim=front,
    )


def _family_names(table: ErrorTable) -> tuple[str, ...]:
    """Families in the order of the file; none where the table has no family column."""
    if table.family is None:
        return ()
    return tuple(dict.fromkeys(table.families[row] for row in table.models))


def _model_marks(table: ErrorTable, shown: Rows, values: Floats, rank: Array) -> Iterator[Points]:
    """The models beside the front, then those on it, larger and with a rim."""
    number = {name: index for index, name in enumerate(_family_names(table))}
    group = np.array([number.get(table.families[row], 0) for row in shown], np.int32)
    on = rank[shown] == 1
    for front in (False, True):
        part = on == front
        yield _points(table, shown[part], values, group[part], front)


def _stairs(
    table: ErrorTable, shown: Rows, values: Floats, result: Result, metrics: tuple[str, ...]
) -> Iterator[Line]:
    """Each front from its best x on; where higher x is better, that is from right to left."""
    rank = result.arrays["rank"][shown]
    higher = table.metric_column(metrics[0]).direction is Direction.HIGHER
    for layer in range(1, int(rank.max(initial=0)) + 1):
        rows = shown[rank == layer]
        order = np.lexsort((values[rows, 1], values[rows, 0]))
        rows = rows[order[::-1] if higher else order]
        yield Line(
            values[rows, 0],
            values[rows, 1],
            name="front" if layer == 1 else f"front {layer}",
            steps=True,
            dashed=layer > 1,
            width=1.5 if layer == 1 else 0.75,
            colour=-1,
        )


def _stars(table: ErrorTable, values: Floats, log: list[bool]) -> Iterator[Points]:
    for role in (RowRole.REFERENCE, RowRole.THRESHOLD):
        rows = table.rows_of(role)
        labels = tuple(table.keys[row] for row in rows)
        star = Points(
            values[rows, 0],
            values[rows, 1],
            rows,
            Space.MODEL,
            size=14.0,
            shape=Shape.STAR,
            labels=labels,
            rim=True,
        )
        if finite(star, log[0], log[1]).any():
            yield star


def _rules(
    table: ErrorTable, values: Floats, metrics: tuple[str, ...], log: list[bool]
) -> Iterator[Mark]:
    """Lines at the thresholds: rows of good-enough errors, else `good` of the metadata file."""
    thresholds = table.rows_of(RowRole.THRESHOLD)
    for axis in (0, 1):
        names = [table.keys[r] for r in thresholds] if len(thresholds) > 1 else ["threshold"]
        levels = list(zip(names, values[thresholds, axis].tolist(), strict=False))
        good = table.metric_column(metrics[axis]).good
        if good is not None and not levels:
            levels.append(("good", float(good)))
        for name, value in levels:
            if np.isfinite(value) and (value > 0 or not log[axis]):
                yield Rule(float(value), name, vertical=axis == 0)


ANALYSIS = Analysis(
    name="pareto",
    title="Pareto front",
    about="The models that no other model beats in all of the chosen errors.",
    needs=(Needs.TABLE,),
    params=ParetoParams,
    run=run,
    plots=MappingProxyType({"Pareto": draw}),
    quick=True,
    columns_by="ranks",
)
