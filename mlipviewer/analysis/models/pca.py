"""A map of models: principal components of the z-scores of their logarithmic errors."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics, chosen_models
from mlipviewer.analysis.methods.transforms import CHOICES, transform
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Result,
    param,
)
from mlipviewer.core.plot import Array, Axis, Plot, Points, Rule, Shape, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows, from_mask
from mlipviewer.core.table import ErrorTable, Floats, RowRole

MOST_MISSING = 0.2  # of the models, for a metric that is counted
KEPT = 10  # components in the tables
LABELLED = 40  # loadings; beyond, names would only cover each other


@dataclass(frozen=True)
class PcaParams(Params):
    metrics: tuple[str, ...] = param((), "errors that are counted; all by default", names="metrics")
    category: str = param("", "take the errors of this category", names="category")
    transform: str = param(
        "default", "default: models only, failed fits left out; authors: all", choices=CHOICES
    )


@dataclass(frozen=True, eq=False)
class Components:
    """n models x k components: `scores` (n, k), `loadings` (m, k), `shares` of the variance (k,).

    `mean` (m,) is what was taken off.
    """

    scores: Floats
    loadings: Floats
    shares: Floats
    mean: Floats


def principal_components(values: Floats, most: int = KEPT) -> Components:
    """Of values (n, m) without gaps; the largest loading of each component is positive."""
    mean = values.mean(axis=0)
    left, singular, right = np.linalg.svd(values - mean, full_matrices=False)
    k = min(most, len(singular))
    variance = singular**2
    shares = variance / max(float(variance.sum()), 1e-300)
    loadings = right[:k].T
    sign = np.sign(loadings[np.abs(loadings).argmax(axis=0), np.arange(k)])
    sign = np.where(sign == 0, 1.0, sign)
    return Components(left[:, :k] * singular[:k] * sign, loadings * sign, shares[:k], mean)


def run(inputs: Inputs, params: PcaParams, progress: Progress) -> Result:
    """The map of all models without gaps. Raises AnalysisProblem, Cancelled.

    Metrics that do not vary or that more than a fifth of the models lack are left out, then models
    that lack one. Summary: n_models, n_metrics, n_missing (models left out), share_1, share_2.
    Tables: `explained` (component, share), `loadings` (metric, pc1 ...), `scores` (model, family,
    pc1 ...). Arrays: `rows` (n,), `scores` (n, k), `loadings` (m, k), `references` (rows),
    `reference_scores`.
    """
    table = inputs.the_table()
    metrics = chosen_metrics(table, params.metrics, params.category)
    progress.step(0, 2)
    changed = transform(table, metrics, params.transform)
    models = chosen_models(inputs)
    wanted = models[np.isin(models, changed.rows)]
    full = np.isfinite(changed.values[wanted])
    kept = (
        np.flatnonzero(full.mean(axis=0) >= 1 - MOST_MISSING) if len(wanted) else np.empty(0, int)
    )
    rows = wanted[full[:, kept].all(axis=1)]
    if len(rows) < 3 or len(kept) < 2:
        raise AnalysisProblem(
            f"a map needs 3 models and 2 errors without gaps, not {len(rows)} and {len(kept)}"
        )
    values = changed.values[:, kept]
    found = principal_components(values[rows])
    progress.step(1, 2)
    others = _references(table, values)
    names = tuple(metrics[i] for i in kept)
    return Result(
        summary={
            "n_models": len(rows),
            "n_metrics": len(kept),
            "n_missing": len(models) - len(rows),
            "share_1": float(found.shares[0]),
            "share_2": float(found.shares[1]),
        },
        tables=_tables(table, rows, names, found),
        notes=(*changed.notes, *_notes(len(metrics) - len(kept))),
        arrays={
            "rows": rows,
            "scores": found.scores,
            "loadings": found.loadings,
            "shares": found.shares,
            "references": others,
            "reference_scores": (values[others] - found.mean) @ found.loadings,
        },
        names=names,
    )


def _references(table: ErrorTable, values: Floats) -> Rows:
    """The rows that are no models and have no gap."""
    return from_mask(~table.model_mask & np.isfinite(values).all(axis=1))


def _notes(n_left_out: int) -> tuple[str, ...]:
    if not n_left_out:
        return ()
    return (f"{n_left_out} errors are left out: they do not vary, or too many models lack them",)


def _tables(
    table: ErrorTable, rows: Rows, names: tuple[str, ...], found: Components
) -> dict[str, dict[str, list[object]]]:
    components = [f"pc{i + 1}" for i in range(len(found.shares))]
    scores: dict[str, list[object]] = {
        "model": [table.keys[row] for row in rows],
        "family": [table.families[row] for row in rows],
    }
    scores |= {name: found.scores[:, i].tolist() for i, name in enumerate(components)}
    loadings: dict[str, list[object]] = {"metric": list(names)}
    loadings |= {name: found.loadings[:, i].tolist() for i, name in enumerate(components)}
    explained: dict[str, list[object]] = {
        "component": list(components),
        "share": found.shares.tolist(),
    }
    return {"scores": scores, "loadings": loadings, "explained": explained}


def _axes(result: Result) -> tuple[Axis, Axis]:
    shares = result.arrays["shares"]
    first, second = (f"component {i + 1} ({100 * shares[i]:.0f} % of the variance)" for i in (0, 1))
    return Axis(first), Axis(second)


def draw_map(inputs: Inputs, _params: object, result: Result) -> Plot:
    """The models by their first two components; references as stars."""
    table, rows, scores = inputs.the_table(), result.arrays["rows"], result.arrays["scores"]
    families = (
        tuple(dict.fromkeys(table.families[row] for row in table.models)) if table.family else ()
    )
    number = {name: index for index, name in enumerate(families)}
    points = Points(
        x=scores[:, 0],
        y=scores[:, 1],
        rows=rows,
        space=Space.MODEL,
        group=np.array([number[table.families[row]] for row in rows]) if families else None,
        group_names=families,
        size=5.0,
        labels=tuple(table.keys[row] for row in rows),
    )
    stars = [
        _star(table, result.arrays["references"], result.arrays["reference_scores"], role)
        for role in (RowRole.THRESHOLD, RowRole.REFERENCE)
    ]
    x, y = _axes(result)
    missing = result.summary["n_missing"]
    return Plot(
        title="Map of models",
        x=x,
        y=y,
        marks=(points, *(star for star in stars if len(star.rows))),
        status=f"{len(rows)} shown / {table.n_models} total / {missing} left out / "
        f"{result.summary['n_metrics']} errors",
    )


def _star(table: ErrorTable, rows: Rows, scores: Array, role: RowRole) -> Points:
    own = np.array([table.row_roles[row] is role for row in rows], bool)
    return Points(
        x=scores[own, 0],
        y=scores[own, 1],
        rows=rows[own],
        space=Space.MODEL,
        size=14.0,
        shape=Shape.STAR,
        labels=tuple(table.keys[row] for row in rows[own]),
        rim=True,
    )


def draw_loadings(inputs: Inputs, _params: object, result: Result) -> Plot:
    """What each error adds to the first two components."""
    table, loadings = inputs.the_table(), result.arrays["loadings"]
    rows = np.array([table.metric_index(name) for name in result.names], np.int32)
    categories = tuple(dict.fromkeys(table.metric_column(n).category for n in result.names))
    group = np.array([categories.index(table.metric_column(n).category) for n in result.names])
    points = Points(
        x=loadings[:, 0],
        y=loadings[:, 1],
        rows=rows,
        space=Space.METRIC,
        group=group if len(categories) > 1 else None,
        group_names=tuple(name or "other" for name in categories) if len(categories) > 1 else (),
        size=6.0,
        labels=result.names,
        show_labels=len(rows) <= LABELLED,
    )
    x, y = _axes(result)
    return Plot(
        title="Loadings",
        x=x,
        y=y,
        marks=(Rule(0.0, "", True), Rule(0.0, "", False), points),
        status=f"{len(rows)} errors",
    )


ANALYSIS = Analysis(
    name="pca",
    title="Map of models",
    about="Models that err alike lie close: principal components of their logarithmic errors.",
    needs=(Needs.TABLE,),
    params=PcaParams,
    run=run,
    plots=MappingProxyType({"Map": draw_map, "Loadings": draw_loadings}),
)
