"""Parallel coordinates: each model is a line over the axes of many errors."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics, chosen_models, units_of, values_of
from mlipviewer.analysis.methods.transforms import log_where_suited
from mlipviewer.analysis.models.parallel_edits import (
    brush_axis,
    clear_brushes,
    flip_axis,
    move_axis,
    read_brushes,
    within,
)
from mlipviewer.analysis.models.parallel_plot import draw
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Command,
    Inputs,
    Needs,
    Params,
    Result,
    param,
)
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import Direction, ErrorTable, Floats

FEWEST, MOST = 2, 30
USUAL = 8  # axes when none are named


@dataclass(frozen=True)
class ParallelParams(Params):
    metrics: tuple[str, ...] = param(
        (), "errors in the order of the axes, 2 to 30; the first 8 when none is named",
        names="metrics",
    )  # fmt: skip
    category: str = param("", "take the errors of this category", names="category")
    scale: str = param(
        "range", "axes run over the range of the models, or their ranks", choices=("range", "rank")
    )
    log: str = param("auto", "log10 of the errors", choices=("auto", "log", "linear"))
    flipped: tuple[str, ...] = param(
        (), "axes that run from the worst to the best", names="metrics"
    )
    brushes: tuple[str, ...] = param(
        (), "ranges that models are to be in, all at once, such as C11=0.1..2.5"
    )


def run(inputs: Inputs, params: ParallelParams, progress: Progress) -> Result:
    """Where each model lies on each axis, 0 the best and 1 the worst. Raises AnalysisProblem.

    Summary: n_models, n_axes, n_missing (cells without a value), n_within (models within all
    brushes). Table `axes`: metric, best,
    worst, log. Array `places` (n rows of the table, m), NaN where a row has no value.
    """
    table = inputs.the_table()
    metrics = chosen_metrics(table, params.metrics, params.category, default=USUAL)[:MOST]
    if len(metrics) < FEWEST:
        raise AnalysisProblem(f"parallel coordinates need at least {FEWEST} errors")
    progress.step(0, 1)
    models = chosen_models(inputs)
    values = values_of(table, metrics)
    log = np.array([log_where_suited(one, params.log, table.scale) for one in values[models].T])
    places, ends = _places(table, values, models, metrics, log)
    if params.scale == "rank":
        places = _ranked(places, models)
    return Result(
        summary={
            "n_models": len(models),
            "n_axes": len(metrics),
            "n_missing": int((~np.isfinite(values[models])).sum()),
            "n_within": len(within(table, models, read_brushes(params.brushes))),
        },
        tables={
            "axes": {
                "metric": list(metrics),
                "best": ends[:, 0].tolist(),
                "worst": ends[:, 1].tolist(),
                "log": log.tolist(),
            }
        },
        units=MappingProxyType(units_of(table, metrics)),
        arrays={"places": places},
        names=metrics,
    )


def _places(
    table: ErrorTable, values: Floats, models: Rows, metrics: tuple[str, ...], log: Array
) -> tuple[Floats, Floats]:
    """0..1 from the best to the worst model on each axis (references may lie beside), the ends."""
    shown = np.where(log, np.log10(np.where(values > 0, values, np.nan)), values)
    higher = np.array([table.metric_column(m).direction is Direction.HIGHER for m in metrics])
    counted = shown[models]
    some = np.isfinite(counted).any(axis=0) if len(models) else np.zeros(len(metrics), bool)
    low = np.where(some, np.nanmin(np.where(some, counted, 0.0), axis=0, initial=np.inf), np.nan)
    high = np.where(some, np.nanmax(np.where(some, counted, 0.0), axis=0, initial=-np.inf), np.nan)
    width = np.where(high > low, high - low, 1.0)
    places = (shown - low) / width
    places = np.where(high > low, places, np.where(np.isfinite(places), places + 0.5, np.nan))
    ends = np.stack((np.where(higher, high, low), np.where(higher, low, high)), axis=1)
    ends[log] = 10.0 ** ends[log]
    return np.where(higher, 1 - places, places), ends


def _ranked(places: Floats, models: Rows) -> Floats:
    """Ranks of the models as 0..1, the mean rank for equal ones; other rows by interpolation."""
    from scipy.stats import rankdata

    ranked = np.full(places.shape, np.nan)
    for axis in range(places.shape[1]):
        good = models[np.isfinite(places[models, axis])]
        if good.size:
            rank = rankdata(places[good, axis]) - 1
            ranked[good, axis] = rank / max(len(good) - 1, 1)
    return ranked


ANALYSIS = Analysis(
    name="parallel",
    title="Parallel coordinates",
    about="Each model as a line over the axes of many errors.",
    needs=(Needs.TABLE,),
    params=ParallelParams,
    run=run,
    plots=MappingProxyType({"Parallel": draw}),
    quick=True,
    picture=("flipped", "brushes"),
    edits=MappingProxyType({"move": move_axis, "flip": flip_axis, "brush": brush_axis}),
    commands=(Command("Clear all brushes", clear_brushes),),
)
