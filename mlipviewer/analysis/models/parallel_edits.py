"""What gestures on parallel coordinates do: order and direction of axes, brushed ranges.

A brush is a range of a metric's own values, so that it means the same on any scale of the axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_models
from mlipviewer.core.analysis import AnalysisProblem, Edited, Inputs, Params, Result
from mlipviewer.core.plot import Space, Upright
from mlipviewer.core.rows import NONE, Rows
from mlipviewer.core.table import ErrorTable, Floats

Brushes = dict[str, tuple[float, float]]
SLACK = 1e-9  # of a value: an edge that was rounded for its text still holds what lies on it


def read_brushes(texts: Iterable[str]) -> Brushes:
    """`C11=0.1..2.5` as {C11: (0.1, 2.5)}. Raises AnalysisProblem."""
    found: Brushes = {}
    for text in texts:
        name, _, span = text.rpartition("=")
        low, dots, high = span.partition("..")
        try:
            found[name] = (float(low), float(high))
        except ValueError:
            dots = ""
        if not (name and dots):
            raise AnalysisProblem(f"{text!r} is no range such as C11=0.1..2.5")
    return found


def _written(brushes: Mapping[str, tuple[float, float]]) -> tuple[str, ...]:
    return tuple(f"{name}={low:.10g}..{high:.10g}" for name, (low, high) in brushes.items())


def within(table: ErrorTable, models: Rows, brushes: Mapping[str, tuple[float, float]]) -> Rows:
    """The models that lie in every brushed range; missing values lie in none."""
    held = np.ones(len(models), bool)
    for name, (low, high) in brushes.items():
        if name in table.metrics:
            values, slack = table.metric(name)[models], SLACK * max(abs(low), abs(high))
            held &= (values >= low - slack) & (values <= high + slack)
    return models[held]


def _scale(inputs: Inputs, result: Result, name: str) -> tuple[Floats, Floats, bool]:
    """What an axis shows (rising) against the places 0..1 on it, and whether that is a log10."""
    axes, i = result.tables["axes"], result.names.index(name)
    models, log = chosen_models(inputs), bool(axes["log"][i])
    values = inputs.the_table().metric(name)[models]
    shown = np.log10(np.where(values > 0, values, np.nan)) if log else values
    places = result.arrays["places"][models, i]
    good = np.isfinite(shown) & np.isfinite(places)
    shown, first = np.unique(shown[good], return_index=True)
    return shown, places[good][first], log


def uprights(inputs: Inputs, params: Any, result: Result) -> tuple[Upright, ...]:
    """The axes with their brushes, in places as drawn."""
    brushes, found = read_brushes(params.brushes), []
    for at, name in enumerate(result.names):
        span = brushes.get(name)
        if span is None:
            found.append(Upright(float(at), name))
            continue
        shown, places, log = _scale(inputs, result, name)
        if len(shown) < 2:
            found.append(Upright(float(at), name))
            continue
        ends = np.log10(np.maximum(span, 1e-300)) if log else np.array(span)
        low, high = sorted(np.interp(ends, shown, places).tolist())
        if name in params.flipped:
            low, high = 1 - high, 1 - low
        found.append(Upright(float(at), name, low, high))
    return tuple(found)


def brush_axis(
    inputs: Inputs, params: Any, result: Result, name: str, low: float, high: float
) -> Edited:
    """Brush an axis from one place to another; no range at all takes its brush away. The models
    within all brushes are chosen."""
    brushes = read_brushes(params.brushes)
    brushes.pop(name, None)
    shown, places, log = _scale(inputs, result, name)
    if high > low and len(shown) > 1:
        if name in params.flipped:
            low, high = 1 - high, 1 - low
        order = np.argsort(places, kind="stable")
        ends = np.sort(np.interp((low, high), places[order], shown[order]))
        ends = 10.0**ends if log else ends
        brushes[name] = (float(ends[0]), float(ends[1]))
    models = chosen_models(inputs)
    chosen = within(inputs.the_table(), models, brushes) if brushes else NONE
    return Edited(replace(params, brushes=_written(brushes)), Space.MODEL, chosen)


def move_axis(_inputs: Inputs, params: Any, result: Result, name: str, to: int) -> Edited:
    """Put an axis at another place; the axes become those named in the parameters."""
    others = [other for other in result.names if other != name]
    order = (*others[:to], name, *others[to:])
    if order == result.names:
        return Edited(params)
    return Edited(replace(params, metrics=order, category=""))


def flip_axis(_inputs: Inputs, params: Any, _result: Result, name: str) -> Edited:
    """Turn an axis over, or back."""
    others = tuple(other for other in params.flipped if other != name)
    flipped = others if len(others) < len(params.flipped) else (*params.flipped, name)
    return Edited(replace(params, flipped=flipped))


def clear_brushes(_inputs: Inputs, params: Any, _result: Result, _chosen: Rows) -> Params:
    """Take all brushes away; what is chosen stays."""
    cleared: Params = replace(params, brushes=())
    return cleared
