"""Parallel coordinates: each model is a line over the axes of many errors."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics, chosen_models, units_of, values_of
from mlipviewer.analysis.methods.transforms import suits_log
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Result,
    param,
)
from mlipviewer.core.plot import Array, Axis, Line, Mark, Plot, Polylines, Rule, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import Direction, ErrorTable, Floats, RowRole

FEWEST, MOST = 2, 30
USUAL = 8  # axes when none are named
MOST_WITH_ENDS = 12  # axes whose names tell the best and the worst value


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


def run(inputs: Inputs, params: ParallelParams, progress: Progress) -> Result:
    """Where each model lies on each axis, 0 the best and 1 the worst. Raises AnalysisProblem.

    Summary: n_models, n_axes, n_missing (cells without a value). Table `axes`: metric, best,
    worst, log. Array `places` (n rows of the table, m), NaN where a row has no value.
    """
    table = inputs.the_table()
    metrics = chosen_metrics(table, params.metrics, params.category, default=USUAL)[:MOST]
    if len(metrics) < FEWEST:
        raise AnalysisProblem(f"parallel coordinates need at least {FEWEST} errors")
    progress.step(0, 1)
    models = chosen_models(inputs)
    values = values_of(table, metrics)
    log = np.array([_is_log(table, values[models, i], params.log) for i in range(len(metrics))])
    places, ends = _places(table, values, models, metrics, log)
    if params.scale == "rank":
        places = _ranked(places, models)
    return Result(
        summary={
            "n_models": len(models),
            "n_axes": len(metrics),
            "n_missing": int((~np.isfinite(values[models])).sum()),
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


def _is_log(table: ErrorTable, values: Floats, choice: str) -> bool:
    return suits_log(values, table.scale) if choice == "auto" else choice == "log"


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


def draw(inputs: Inputs, _params: object, result: Result) -> Plot:
    """A line for each model, coloured by family, and the thresholds dashed over them."""
    table, places = inputs.the_table(), result.arrays["places"]
    models = chosen_models(inputs)
    x = np.arange(len(result.names), dtype=float)
    if not len(models):
        return Plot(title="Parallel coordinates", empty="No model is left to show.")
    families = (
        tuple(dict.fromkeys(table.families[row] for row in table.models)) if table.family else ()
    )
    number = {name: index for index, name in enumerate(families)}
    lines = Polylines(
        x=x,
        y=places[models],
        rows=models,
        space=Space.MODEL,
        group=np.array([number[table.families[row]] for row in models]) if families else None,
        group_names=families,
        labels=tuple(table.keys[row] for row in models),
    )
    axes = result.tables["axes"]
    names = zip(x.tolist(), _labels(table, result.names), strict=True)
    ends = [_ends(best, worst) for best, worst in zip(axes["best"], axes["worst"], strict=True)]
    few = len(x) <= MOST_WITH_ENDS
    marks: list[Mark] = [
        Rule(float(at), text if few else "", vertical=True, dashed=False)
        for at, text in zip(x, ends, strict=True)
    ]
    return Plot(
        title="Parallel coordinates",
        x=Axis(ticks=tuple(names)),
        y=Axis("worse →", ticks=((0.0, "best"), (1.0, "worst"))),
        marks=(lines, *marks, *_references(table, places, x)),
        status=f"{len(models)} shown / {table.n_models} total / "
        f"{result.summary['n_missing']} cells missing",
    )


def _labels(table: ErrorTable, metrics: tuple[str, ...]) -> list[str]:
    """The metrics without the path that all of them begin with."""
    titles = [table.metric_column(metric).title for metric in metrics]
    parts = [title.split(".") for title in titles]
    n_shared = 0
    while all(len(one) > n_shared + 1 and one[n_shared] == parts[0][n_shared] for one in parts):
        n_shared += 1
    return [".".join(one[n_shared:]) for one in parts]


def _ends(best: float, worst: float) -> str:
    """The values at the ends of an axis, from the best at the bottom to the worst."""
    if not np.isfinite([best, worst]).all():
        return "no values"
    return f"{best:.3g} … {worst:.3g}".replace("-", "−")


def _references(table: ErrorTable, places: Floats, x: Array) -> list[Mark]:
    rows = np.concatenate([table.rows_of(r) for r in (RowRole.THRESHOLD, RowRole.REFERENCE)])
    rows = rows[np.isfinite(places[rows]).sum(axis=1) > 1]
    if not len(rows):
        return []
    return [
        Line(x, np.clip(place, -0.05, 1.05), table.keys[row], dashed=True, width=2.0, colour=-1)
        for row, place in zip(rows, places[rows], strict=True)
    ]


ANALYSIS = Analysis(
    name="parallel",
    title="Parallel coordinates",
    about="Each model as a line over the axes of many errors.",
    needs=(Needs.TABLE,),
    params=ParallelParams,
    run=run,
    plots=MappingProxyType({"Parallel": draw}),
    quick=True,
)
