"""Representative errors: few metrics that stand for all, and what is lost by looking at them alone.

Reference: Y. Liu and Y. Mo, "Learning from models: high-dimensional analyses on the performance
of machine learning interatomic potentials", npj Comput. Mater. (2024).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_models, to_minimise
from mlipviewer.analysis.methods.cover import (
    Ints,
    Locks,
    by_pagerank,
    by_regression,
    covered,
    explained,
    smallest,
)
from mlipviewer.analysis.methods.fronts import non_dominated
from mlipviewer.analysis.methods.transforms import CHOICES, transform
from mlipviewer.analysis.models.correlation import CorrelationParams
from mlipviewer.analysis.models.correlation import run as correlate_all
from mlipviewer.analysis.models.graph_edits import place_node, reset_places
from mlipviewer.analysis.models.representatives_plots import draw_coverage, draw_representatives
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
from mlipviewer.core.plot import Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Mask, Rows
from mlipviewer.core.table import ErrorTable, Floats


@dataclass(frozen=True)
class RepresentativesParams(Params):
    metrics: tuple[str, ...] = param((), "errors to stand for; all by default", names="metrics")
    category: str = param("", "stand for the errors of this category", names="category")
    threshold: float = param(
        0.6, "one error stands for another with a larger r² (or |r|)", low=0.0, high=1.0
    )
    measure: str = param("r2", "what the threshold is compared with", choices=("r2", "r"))
    transform: str = param(
        "default",
        "default: log10, without references and failed models; authors: all rows and cells",
        choices=CHOICES,
        formula="z = (log10 error - mean) / standard deviation, over the models",
    )
    how: str = param(
        "pagerank",
        "pagerank: greedy, as published; exact: the fewest; r2: those that predict most",
        choices=("pagerank", "exact", "r2"),
        formula="independent metrics of which each other one is a neighbour in the graph",
        reference="Liu and Mo, npj Comput. Mater. (2024); PageRank: Brin and Page (1998)",
    )
    keep: tuple[str, ...] = param((), "errors that are to be among them", names="metrics")
    leave_out: tuple[str, ...] = param((), "errors that are not", names="metrics")
    count: int = param(
        0, "with r2: how many to choose; 0: as many as by pagerank", low=0, high=1000
    )
    seed: int = param(0, "seed of the choice between equals", low=0, high=2**31 - 1)
    places: tuple[str, ...] = param(
        (), "nodes put at places of one's own, such as C11=0.2:-0.5", plot="Graph"
    )


def run(inputs: Inputs, params: RepresentativesParams, progress: Progress) -> Result:
    """The representatives on the correlation graph, what they stand for and what they lose.

    Summary: n_representatives, n_nodes, n_edges, n_isolated, n_uncovered (metrics for which none
    stands), explained (mean share of variance by linear regression on them), n_models, n_failed,
    n_front_all, n_front (optimal in all metrics, in the representatives), front_recall (share of
    the former that the latter keep), igd (mean distance of the former to the nearest of the latter
    in z-scores of all metrics). Table `representatives`: metric, category, n_stands_for, stands_for
    (joined by |), mean_r2. Table `stands_for`: metric, representative, r, r2, covered. Table
    `coverage`: n, metric, share (of metrics stood for by the first n), explained.
    Arrays of `correlation`, and `chosen` in order, `nearest` (m,) as positions in the metrics.
    Raises AnalysisProblem, Cancelled.
    """
    found = correlate_all(inputs, _correlation_of(params), progress)
    locks = _locks(found.names, params)
    joined = _adjacency(found)
    chosen = choose(found.arrays["r"], joined, params, locks, progress)
    if not chosen:
        raise AnalysisProblem("no metric may be chosen: all are left out")
    chosen = _by_coverage(joined, chosen)
    nearest = _nearest(found.arrays["r"], joined, chosen)
    lost = _lost(inputs, found.names, chosen, params.transform, progress)
    table, r = inputs.the_table(), found.arrays["r"]
    stood_for = covered(joined, chosen)
    summary = {
        "n_representatives": len(chosen),
        **{name: found.summary[name] for name in ("n_nodes", "n_edges", "n_isolated")},
        "n_uncovered": int((~stood_for).sum()),
        "explained": float(explained(r, chosen)[-1]),
        **{name: found.summary[name] for name in ("n_models", "n_failed")},
        **lost,
    }
    tables = {
        "representatives": _representative_table(table, found.names, r, chosen, nearest),
        "stands_for": _stands_for_table(found.names, r, nearest, stood_for),
        "coverage": _coverage_table(found.names, r, joined, chosen),
    }
    arrays = dict(found.arrays) | {"chosen": np.array(chosen), "nearest": nearest}
    notes = (*found.notes, *_notes(found.names, stood_for))
    return replace(found, summary=summary, tables=tables, arrays=arrays, notes=notes)


def _correlation_of(params: RepresentativesParams) -> CorrelationParams:
    shared = ("metrics", "category", "threshold", "measure", "transform", "seed")
    return CorrelationParams(**{name: getattr(params, name) for name in shared})


def _locks(names: tuple[str, ...], params: RepresentativesParams) -> Locks:
    for name in (*params.keep, *params.leave_out):
        if name not in names:
            raise AnalysisProblem(f"{name} is not among the metrics of this analysis")
    both = set(params.keep) & set(params.leave_out)
    if both:
        raise AnalysisProblem(f"{min(both)} is both kept and left out")
    kept = tuple(dict.fromkeys(names.index(name) for name in params.keep))
    return Locks(kept, tuple(names.index(name) for name in params.leave_out))


def _adjacency(found: Result) -> Mask:
    m, (first, second) = len(found.names), found.arrays["pairs"].T
    joined = np.zeros((m, m), bool)
    joined[first, second] = joined[second, first] = True
    return joined


def choose(
    r: Floats, joined: Mask, params: RepresentativesParams, locks: Locks, progress: Progress
) -> list[int]:
    """The representatives (positions) of metrics with correlations r (m, m), by `params.how`."""
    strength = np.nan_to_num(r**2, nan=-1.0)
    if params.how == "exact":
        return smallest(joined, strength, locks, progress)
    if params.how == "r2" and params.count:
        return by_regression(r, max(params.count, len(locks.kept)), locks)
    greedy = by_pagerank(joined, strength, params.seed, locks)
    return greedy if params.how == "pagerank" else by_regression(r, len(greedy), locks)


def _by_coverage(joined: Mask, chosen: list[int]) -> list[int]:
    """In the order in which each stands for the most metrics that none before it stands for."""
    near = joined | np.eye(len(joined), dtype=bool)
    waiting, left, order = list(chosen), np.ones(len(joined), bool), []
    while waiting:
        best = max(waiting, key=lambda node: int((near[node] & left).sum()))
        order.append(best)
        waiting.remove(best)
        left &= ~near[best]
    return order


def _nearest(r: Floats, joined: Mask, chosen: list[int]) -> Ints:
    """(m,) the representative of each metric: itself, else the strongest, neighbours first."""
    strength = np.nan_to_num(r[:, chosen] ** 2, nan=-1.0) + 2.0 * joined[:, chosen]
    nearest = np.array(chosen)[np.argmax(strength, axis=1)]
    nearest[chosen] = chosen
    return np.asarray(nearest)


def _lost(
    inputs: Inputs, names: tuple[str, ...], chosen: list[int], how: str, progress: Progress
) -> dict[str, int | float | None]:
    """How well the front in the representatives agrees with that in all metrics.

    Both are of the models that have all metrics and did not fail.
    """
    table = inputs.the_table()
    data = transform(table, names, how)
    models = np.intersect1d(chosen_models(inputs), data.rows)
    models = models[np.isfinite(table.values[models][:, _columns(table, names)]).all(axis=1)]
    points = to_minimise(table, names)[models]
    progress.step(2, 4)
    whole, part = non_dominated(points), non_dominated(points[:, chosen])
    progress.step(3, 4)
    n_whole = int(whole.sum())
    recall = float((whole & part).sum() / n_whole) if n_whole else None
    igd = _igd(np.nan_to_num(data.values[models]), part, whole) if n_whole else None
    sizes = {"n_front_all": n_whole, "n_front": int(part.sum())}
    return {**sizes, "front_recall": recall, "igd": igd}


def _columns(table: ErrorTable, names: tuple[str, ...]) -> list[int]:
    return [table.metric_index(name) for name in names]


def _igd(z: Floats, part: Mask, whole: Mask) -> float:
    """Inverted generational distance with p = 1 (Coello and Cortes 2005), in z-scores."""
    from scipy.spatial.distance import cdist

    distance = [
        cdist(block, z[part]).min(axis=1) for block in np.array_split(z[whole], 1 + len(z) // 500)
    ]
    return float(np.concatenate(distance).mean())


def _representative_table(
    table: ErrorTable, names: tuple[str, ...], r: Floats, chosen: list[int], nearest: Ints
) -> dict[str, list[object]]:
    others = [[j for j in np.flatnonzero(nearest == i) if j != i] for i in chosen]
    strength = [
        float(np.nanmean(r[i, js] ** 2)) if js else None
        for i, js in zip(chosen, others, strict=True)
    ]
    return {
        "metric": [names[i] for i in chosen],
        "category": [table.metric_column(names[i]).category for i in chosen],
        "n_stands_for": [len(js) for js in others],
        "stands_for": ["|".join(names[j] for j in js) for js in others],
        "mean_r2": list(strength),
    }


def _stands_for_table(
    names: tuple[str, ...], r: Floats, nearest: Ints, stood_for: Mask
) -> dict[str, list[object]]:
    values = r[np.arange(len(names)), nearest]
    return {
        "metric": list(names),
        "representative": [names[i] for i in nearest],
        "r": values.tolist(),
        "r2": (values**2).tolist(),
        "covered": stood_for.tolist(),
    }


def _coverage_table(
    names: tuple[str, ...], r: Floats, joined: Mask, chosen: list[int]
) -> dict[str, list[object]]:
    shares = [float(covered(joined, chosen[: n + 1]).mean()) for n in range(len(chosen))]
    return {
        "n": list(range(1, len(chosen) + 1)),
        "metric": [names[i] for i in chosen],
        "share": list(shares),
        "explained": explained(r, chosen).tolist(),
    }


def _notes(names: tuple[str, ...], stood_for: Mask) -> tuple[str, ...]:
    alone = [name for name, known in zip(names, stood_for, strict=True) if not known]
    if not alone:
        return ()
    shown = ", ".join(alone[:8]) + (" ..." if len(alone) > 8 else "")
    return (f"no representative reaches the threshold for {len(alone)} metrics: {shown}",)


def _names(inputs: Inputs, result: Result, chosen: Rows) -> tuple[str, ...]:
    """The chosen metrics that this analysis is about."""
    metrics = inputs.the_table().metrics
    return tuple(metrics[i] for i in chosen if metrics[i] in result.names)


def free(inputs: Inputs, params: Any, result: Result, chosen: Rows) -> Params:
    """The chosen metrics may be among the representatives or not."""
    names = _names(inputs, result, chosen)
    kept = tuple(name for name in params.keep if name not in names)
    left = tuple(name for name in params.leave_out if name not in names)
    freed: Params = replace(params, keep=kept, leave_out=left)
    return freed


def keep(inputs: Inputs, params: Any, result: Result, chosen: Rows) -> Params:
    """The chosen metrics are to be among the representatives."""
    freed: Any = free(inputs, params, result, chosen)
    locked: Params = replace(freed, keep=(*freed.keep, *_names(inputs, result, chosen)))
    return locked


def leave_out(inputs: Inputs, params: Any, result: Result, chosen: Rows) -> Params:
    """The chosen metrics are not to be among the representatives."""
    freed: Any = free(inputs, params, result, chosen)
    locked: Params = replace(freed, leave_out=(*freed.leave_out, *_names(inputs, result, chosen)))
    return locked


ANALYSIS = Analysis(
    name="representatives",
    title="Representatives",
    about="Few errors that stand for all others, and what is lost by looking at them alone.",
    needs=(Needs.TABLE,),
    params=RepresentativesParams,
    run=run,
    plots=MappingProxyType({"Graph": draw_representatives, "Coverage": draw_coverage}),
    picture=("places",),
    edits=MappingProxyType({"place": place_node}),
    commands=(
        Command("Keep the selected metrics", keep, Space.METRIC),
        Command("Leave the selected metrics out", leave_out, Space.METRIC),
        Command("Neither keep nor leave out the selected metrics", free, Space.METRIC),
        Command("Reset places of nodes", reset_places, plot="Graph"),
    ),
)
