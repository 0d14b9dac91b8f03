"""Every pair of up to six errors at once: scatter plots, and histograms on the diagonal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics, chosen_models, values_of
from mlipviewer.analysis.methods.transforms import log_where_suited
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Result,
    param,
)
from mlipviewer.core.plot import Array, Axis, Bars, Line, Plot, Points, Space, Texts
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable, Floats

MOST, USUAL = 6, 4
PAD = 0.08  # of a panel, free at its borders
N_BINS = 16
LONGEST = 24  # letters of a name; columns are numbered as the rows are


@dataclass(frozen=True)
class ScatterMatrixParams(Params):
    metrics: tuple[str, ...] = param(
        (), "2 to 6 errors; the first 4 when none is named", names="metrics"
    )
    category: str = param("", "take the errors of this category", names="category")
    log: str = param("auto", "log10 of the errors", choices=("auto", "log", "linear"))


def run(inputs: Inputs, params: ScatterMatrixParams, progress: Progress) -> Result:
    """Pearson's r of each pair as shown, and where models lie. Raises AnalysisProblem, Cancelled.

    Summary: n_models, n_metrics, n_missing (cells). Table `pairs`: a, b, r (None where it does
    not exist), n. Table `metrics`: metric, log. Array `places` (n rows of the table, m): 0..1 over
    the range of the models, NaN where missing.
    """
    table = inputs.the_table()
    metrics = chosen_metrics(table, params.metrics, params.category, default=USUAL)[:MOST]
    if len(metrics) < 2:
        raise AnalysisProblem("a matrix of scatter plots needs at least 2 errors")
    progress.step(0, 1)
    models = chosen_models(inputs)
    values = values_of(table, metrics)
    log = [log_where_suited(column, params.log, table.scale) for column in values[models].T]
    shown = np.where(log, np.log10(np.where(values > 0, values, np.nan)), values)
    counted = shown[models]
    found = [_pair(counted[:, i], counted[:, j]) for i, j in combinations(range(len(metrics)), 2)]
    names = list(combinations(metrics, 2))
    return Result(
        summary={
            "n_models": len(models),
            "n_metrics": len(metrics),
            "n_missing": int((~np.isfinite(counted)).sum()),
        },
        tables={
            "pairs": {
                "a": [a for a, _ in names],
                "b": [b for _, b in names],
                "r": [r for r, _ in found],
                "n": [n for _, n in found],
            },
            "metrics": {"metric": list(metrics), "log": log},
        },
        arrays={"places": _places(shown, models)},
        names=metrics,
    )


def _pair(x: Floats, y: Floats) -> tuple[float | None, int]:
    """Pearson's r over the rows that have both, and their number."""
    good = np.isfinite(x) & np.isfinite(y)
    n = int(good.sum())
    if n < 2:
        return None, n
    dx, dy = x[good] - x[good].mean(), y[good] - y[good].mean()
    size = float(np.sqrt((dx @ dx) * (dy @ dy)))
    return (float(dx @ dy) / size if size > 0 and np.isfinite(size) else None), n


def _places(shown: Floats, models: Rows) -> Floats:
    places = np.full(shown.shape, np.nan)
    for i in range(shown.shape[1]):
        column = shown[models, i]
        good = column[np.isfinite(column)]
        if good.size:
            width = good.max() - good.min()
            places[models, i] = (column - good.min()) / width if width > 0 else column * 0 + 0.5
    return places


def draw(inputs: Inputs, _params: object, result: Result) -> Plot:
    """Panels of points below the diagonal, which stand for their models; r and n above it."""
    table, names = inputs.the_table(), result.names
    models = chosen_models(inputs)
    places, m = result.arrays["places"], len(names)
    if not np.isfinite(places).any():
        return Plot(title="Scatter matrix", empty="No model has a value to show.")
    logs = result.tables["metrics"]["log"]
    columns = [table.metric_column(name) for name in names]
    titles = [
        ("log " if log else "") + (column.label or column.name)
        for column, log in zip(columns, logs, strict=True)
    ]
    rows = [f"{i}  {_short(title, LONGEST)}" for i, title in enumerate(titles, 1)]
    bars = [_histogram(places[:, i], models, i, m - 1 - i) for i in range(m)]
    return Plot(
        title="Scatter matrix",
        x=Axis(ticks=tuple((i + 0.5, str(i + 1)) for i in range(m))),
        y=Axis(ticks=tuple((m - 0.5 - i, name) for i, name in enumerate(rows))),
        marks=(
            *_frames(m),
            *(bar for bar in bars if len(bar.rows)),
            _points(table, models, places),
            _numbers(result),
        ),
        status=f"{len(models)} shown / {table.n_models} total / "
        f"{result.summary['n_missing']} cells missing",
    )


def _short(name: str, most: int) -> str:
    if len(name) <= most:
        return name
    return f"{name[: most // 2]}…{name[-(most - most // 2 - 1) :]}"


def _numbers(result: Result) -> Texts:
    """r and n of each pair above the diagonal, the larger the stronger."""
    m, pairs = len(result.names), result.tables["pairs"]
    where = np.array(list(combinations(range(m), 2)), float)
    r = np.nan_to_num(np.array(pairs["r"], float))
    texts = [
        f"{'–' if value is None else f'{value:.2f}'}\nn {n}".replace("-", "−")
        for value, n in zip(pairs["r"], pairs["n"], strict=True)
    ]
    return Texts(where[:, 1] + 0.5, m - 0.5 - where[:, 0], tuple(texts), np.abs(r), room=0.86)


def _inner(place: Array, corner: Array | int) -> Array:
    return np.asarray(corner + PAD + (1 - 2 * PAD) * place)


def _points(table: ErrorTable, models: Rows, places: Floats) -> Points:
    """The models once for each panel below the diagonal."""
    m = places.shape[1]
    own = places[models]
    pairs = list(combinations(range(m), 2))
    families = tuple(dict.fromkeys(table.families[r] for r in table.models)) if table.family else ()
    number = {name: index for index, name in enumerate(families)}
    group = np.array([number[table.families[row]] for row in models]) if families else None
    return Points(
        x=np.concatenate([_inner(own[:, i], i) for i, _ in pairs]),
        y=np.concatenate([_inner(own[:, j], m - 1 - j) for _, j in pairs]),
        rows=np.tile(models, len(pairs)),
        space=Space.MODEL,
        group=None if group is None else np.tile(group, len(pairs)),
        group_names=families,
        size=3.0,
        labels=tuple(table.keys[row] for row in models) * len(pairs),
    )


def _histogram(places: Floats, models: Rows, column: int, row: int) -> Bars:
    own = models[np.isfinite(places[models])]
    bins = np.clip((places[own] * N_BINS).astype(int), 0, N_BINS - 1)
    filled, count = np.unique(bins, return_counts=True)
    height = count / max(int(count.max(initial=1)), 1)
    return Bars(
        at=_inner((filled + 0.5) / N_BINS, column),
        end=_inner(height, row),
        rows=tuple(own[bins == one] for one in filled),
        space=Space.MODEL,
        base=row + PAD,
        thick=(1 - 2 * PAD) / N_BINS,
        labels=tuple(f"{n} models" for n in count),
        faint=True,
    )


def _frames(m: int) -> Iterator[Line]:
    """The borders of the panels."""
    for i in range(m):
        for j in range(m):
            x, y = np.array([0, 1, 1, 0, 0.0]), np.array([0, 0, 1, 1, 0.0])
            yield Line(i + x, m - 1 - j + y, width=0.5, colour=-1)


ANALYSIS = Analysis(
    name="scatter-matrix",
    title="Scatter matrix",
    about="Every pair of up to six errors at once.",
    needs=(Needs.TABLE,),
    params=ScatterMatrixParams,
    run=run,
    plots=MappingProxyType({"Matrix": draw}),
    quick=True,
)
