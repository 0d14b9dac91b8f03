"""The picture of parallel coordinates: lines, references, and axes that can be taken hold of."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_models
from mlipviewer.analysis.models.parallel_edits import read_brushes, uprights, within
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Line, Mark, Plot, Polylines, Rule, Space
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable, Floats, RowRole

MOST_WITH_ENDS = 12  # axes whose names tell the best and the worst value


def draw(inputs: Inputs, params: Any, result: Result) -> Plot:
    """A line for each model, coloured by family, and the thresholds dashed over them."""
    table, names = inputs.the_table(), result.names
    flipped = np.array([name in params.flipped for name in names])
    places = np.where(flipped, 1.0 - result.arrays["places"], result.arrays["places"])
    models = chosen_models(inputs)
    x = np.arange(len(names), dtype=float)
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
    labels = [
        f"{label} (flipped)" if turned else label
        for label, turned in zip(_labels(table, names), flipped, strict=True)
    ]
    ends = [
        _ends(*((worst, best) if turned else (best, worst)))
        for best, worst, turned in zip(axes["best"], axes["worst"], flipped, strict=True)
    ]
    few = len(x) <= MOST_WITH_ENDS
    marks: list[Mark] = [
        Rule(float(at), text if few else "", vertical=True, dashed=False)
        for at, text in zip(x, ends, strict=True)
    ]
    return Plot(
        title="Parallel coordinates",
        x=Axis(ticks=tuple(zip(x.tolist(), labels, strict=True))),
        y=Axis("worse →", ticks=((0.0, "best"), (1.0, "worst"))),
        marks=(lines, *marks, *_references(table, places, x)),
        status=_status(table, models, params, result),
        uprights=uprights(inputs, params, result),
    )


def _status(table: ErrorTable, models: Rows, params: Any, result: Result) -> str:
    text = (
        f"{len(models)} shown / {table.n_models} total / "
        f"{result.summary['n_missing']} cells missing"
    )
    brushes = read_brushes(params.brushes)
    if not brushes:
        return f"{text} / drag on an axis to brush, its name to move it, double-click to flip"
    ranges = "the brush" if len(brushes) == 1 else f"{len(brushes)} brushes"
    return f"{text} / {len(within(table, models, brushes))} within {ranges}"


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
