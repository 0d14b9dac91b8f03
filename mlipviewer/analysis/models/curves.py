"""The curves behind a metric: what its error is the distance of, or its number is taken from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_models
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.curves import REFERENCE, Curve, Curves
from mlipviewer.core.plot import Array, Axis, Line, Plot, Polylines, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable

CURVES, DIFFERENCES = "curves", "differences"
MOST_NAMED = 10
FAR = 3.0
"""How far beyond what is in front, in heights of it, other curves may go to be drawn."""


@dataclass(frozen=True)
class CurvesParams(Params):
    metric: str = param(
        "", "the metric whose curves are shown; the first that has some", names="metric"
    )
    model: str = param("", "a model to be in front; that in focus", names="model")
    models: tuple[str, ...] = param(
        (), "further ones, ten at the most; those selected", names="models"
    )
    shown: str = param(
        CURVES,
        "the curves, or how they differ from that of the reference",
        choices=(CURVES, DIFFERENCES),
    )
    others: bool = param(True, "the curves of the other models too, faint")


def run(inputs: Inputs, params: CurvesParams, progress: Progress) -> Result:
    """Curves of models and of the reference. Raises AnalysisProblem, Cancelled.

    Summary: metric, n_models (that have a curve), n_front. Table `models` of those in front: model,
    mean_difference and largest_difference from the reference (absolute, None where they cannot be
    compared). Table `curves`: model, x, y of the reference and of those in front. Arrays: `row`
    (k,) of the models in front, -1 for the reference; `x`, `y` of their points, `ends` (k + 1,)
    where each begins; `other_row` (n,), `other_x` (m,), `other_y` (n, m) of the others.
    """
    table = inputs.the_table()
    metric, curves = _curves(table, params.metric)
    progress.step(0, 1)
    known = [int(row) for row in chosen_models(inputs) if table.keys[row] in curves.of]
    if not known:
        raise AnalysisProblem(f"no model has a curve of {metric}")
    compared = dict(_differences(curves))
    if params.shown == DIFFERENCES:
        if REFERENCE not in curves.of:
            raise AnalysisProblem(f"the curves of {metric} have no reference")
        curves = Curves(curves.x_title, curves.y_title, compared)
        known = [row for row in known if table.keys[row] in compared]
    named = {params.model, *params.models[:MOST_NAMED]}
    front = [row for row in known if table.keys[row] in named]
    keys = [key for key in (REFERENCE, *(table.keys[row] for row in front)) if key in curves.of]
    rows = [table.row(key) if table.has_key(key) else -1 for key in keys]
    behind = [row for row in known if row not in front] if params.others or not front else []
    return Result(
        summary={"metric": metric, "n_models": len(known), "n_front": len(front)},
        tables={
            "models": _model_table(keys, compared),
            "curves": _point_table(keys, curves),
        },
        arrays={
            "row": np.array(rows, np.int32),
            "x": np.concatenate([np.empty(0), *(curves.of[key][0] for key in keys)]),
            "y": np.concatenate([np.empty(0), *(curves.of[key][1] for key in keys)]),
            "ends": np.cumsum([0, *(len(curves.of[key][0]) for key in keys)]),
            **_behind([table.keys[row] for row in behind], behind, curves),
        },
        names=(curves.x_title, curves.y_title, *keys),
    )


def _curves(table: ErrorTable, metric: str) -> tuple[str, Curves]:
    if not table.curves:
        raise AnalysisProblem(f"table {table.name} names no files of curves")
    metric = metric or next(name for name in table.metrics if name in table.curves)
    if metric not in table.curves:
        known = ", ".join(table.curves)
        raise AnalysisProblem(f"there are no curves of {metric!r}; of these there are: {known}")
    return metric, table.curves[metric]


def _differences(curves: Curves) -> Iterator[tuple[str, Curve]]:
    """Each curve less that of the reference, where this is known at the same places or between."""
    known = curves.of.get(REFERENCE)
    if known is None or len(known[0]) < 2 or not (np.diff(known[0]) > 0).all():
        return
    for key, (x, y) in curves.of.items():
        inside = (x >= known[0][0] - 1e-9) & (x <= known[0][-1] + 1e-9)
        if inside.any():
            yield key, (x[inside], y[inside] - np.interp(x[inside], *known))


def _model_table(keys: Sequence[str], compared: Mapping[str, Curve]) -> Mapping[str, Sequence[Any]]:
    models = [key for key in keys if key != REFERENCE]
    apart = [np.abs(compared[key][1]) if key in compared else None for key in models]
    return {
        "model": models,
        "mean_difference": [None if one is None else float(one.mean()) for one in apart],
        "largest_difference": [None if one is None else float(one.max()) for one in apart],
    }


def _point_table(keys: Sequence[str], curves: Curves) -> Mapping[str, Sequence[Any]]:
    points = [
        (key, x, y)
        for key in keys
        for x, y in zip(curves.of[key][0].tolist(), curves.of[key][1].tolist(), strict=True)
    ]
    return {name: [one[i] for one in points] for i, name in enumerate(("model", "x", "y"))}


def _behind(keys: Sequence[str], rows: Sequence[int], curves: Curves) -> Mapping[str, Array]:
    """The curves over one set of places; those over others are brought to it."""
    if not keys:
        none = np.empty(0)
        return {"other_row": np.empty(0, np.int32), "other_x": none, "other_y": none[None][:0]}
    places = curves.of[REFERENCE if REFERENCE in curves.of else keys[0]][0]
    lines = [_at(places, *curves.of[key]) for key in keys]
    return {
        "other_row": np.array(rows, np.int32),
        "other_x": places,
        "other_y": np.array(lines),
    }


def _at(places: Array, x: Array, y: Array) -> Array:
    if len(x) == len(places) and np.allclose(x, places):
        return y
    if len(x) < 2 or not (np.diff(x) > 0).all():
        return np.full(len(places), np.nan)
    return np.asarray(np.interp(places, x, y, np.nan, np.nan))


def draw(inputs: Inputs, params: CurvesParams, result: Result) -> Plot:
    """Models in front by colour, the reference dashed, the other models faint behind."""
    x_title, y_title, *keys = result.names
    metric, n = result.summary["metric"], result.summary["n_models"]
    lines = tuple(_lines(keys, result))
    others, n_far = _others(inputs.the_table().keys, result)
    told = f"{n} curves / {result.summary['n_front']} in front"
    told += f" / {n_far} too far off to be drawn" if n_far else ""
    less = ", less that of the reference" if params.shown == DIFFERENCES else ""
    return Plot(
        title=f"Curves of {metric}",
        x=Axis(x_title),
        y=Axis(f"{y_title}{less}"),
        marks=(*others, *lines),
        status=told,
    )


def _lines(keys: Sequence[str], result: Result) -> Iterator[Line]:
    ends, colour = result.arrays["ends"], 0
    for number, key in enumerate(keys):
        part = slice(ends[number], ends[number + 1])
        x, y, row = result.arrays["x"][part], result.arrays["y"][part], result.arrays["row"][number]
        if key == REFERENCE:
            yield Line(x, y, "reference", dashed=True, width=2.0, colour=-1)
            continue
        rows = np.full(len(x), row, np.int32)
        yield Line(
            x, y, key, width=2.0, rows=rows, space=Space.MODEL, colour=colour, pattern=colour
        )
        colour += 1


def _others(keys: Sequence[str], result: Result) -> tuple[tuple[Polylines, ...], int]:
    """The models behind, and how many of them go too far beyond those in front."""
    rows, y = result.arrays["other_row"], result.arrays["other_y"]
    if not len(rows):
        return (), 0
    known = np.isfinite(y)
    tops = np.where(known, y, -np.inf).max(axis=1)
    feet = np.where(known, y, np.inf).min(axis=1)
    near = known.any(axis=1)
    front = result.arrays["y"]
    if len(front) and front.max() > front.min():
        low, high = float(front.min()), float(front.max())
        near &= np.fmax(tops - high, low - feet) <= FAR * (high - low)
    labels = tuple(keys[row] for row in rows[near])
    lines = Polylines(
        result.arrays["other_x"], y[near], rows[near], Space.MODEL, labels=labels, faint=True
    )
    return (lines,) if near.any() else (), int((~near).sum())


ANALYSIS = Analysis(
    name="curves",
    title="Curves",
    about="The curves behind a metric: of models, and of the reference.",
    needs=(Needs.TABLE,),
    params=CurvesParams,
    run=run,
    plots=MappingProxyType({"Curves": draw}),
    quick=False,
)
