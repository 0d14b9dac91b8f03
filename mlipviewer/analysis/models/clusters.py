"""Clusters of optimal models: which of them are alike, by family, and in which errors.

Reference: Y. Liu and Y. Mo, "Learning from models: high-dimensional analyses on the performance
of machine learning interatomic potentials", npj Comput. Mater. (2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics, to_minimise
from mlipviewer.analysis.methods.complete import Complete, complete_rows
from mlipviewer.analysis.methods.fronts import non_dominated
from mlipviewer.analysis.methods.layout import classical_places, fitted, majorized
from mlipviewer.analysis.methods.logistic import Explanation, explain
from mlipviewer.analysis.methods.louvain import Labels, agreement, louvain, modularity
from mlipviewer.analysis.methods.transforms import CHOICES
from mlipviewer.analysis.models.clusters_plots import (
    draw_by_community,
    draw_by_family,
    draw_explanation,
    draw_scan,
)
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Result,
    Scalar,
    param,
)
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import ErrorTable, Floats

N_CUTOFFS = 81
MOST_MODELS = 4000  # optimal ones: all pairs are compared
MOST_PLACED = 500  # more models are placed by their principal components
LEAST_EXPLAINED = 10  # models of a community that is worth an explanation
MOST_EXPLAINED = 8
TRIES, TRIED_AGAIN = 10, 24  # runs of the search for communities at the best cut-offs
STRIDE = 1_000_003  # between the seeds of tries, so that those of near seeds differ
SAME = 1e-6  # z-scores; models nearer than this are the same


@dataclass(frozen=True)
class ClustersParams(Params):
    metrics: tuple[str, ...] = param(
        (), "errors to minimise; none: the first category, else all", names="metrics"
    )
    category: str = param("", "take all errors of this category", names="category")
    transform: str = param(
        "default",
        "default: log10, without references and failed models; authors: all rows and cells",
        choices=CHOICES,
    )
    cutoff: float = param(
        0.0, "least similarity (1/distance) of an edge; 0: the best of 81", low=0.0, high=1e6
    )
    most_similar: float = param(
        0.0, "larger similarities count as this; 0: no limit, as published", low=0.0, high=1e12
    )
    seed: int = param(0, "seed of the search for communities", low=0, high=2**31 - 1)


@dataclass(frozen=True, eq=False)
class Scan:
    """Communities at each cut-off, their agreement with the families and what was chosen."""

    cutoffs: Floats
    labels: list[Labels]
    ari: Floats
    n_edges: list[int]
    best: int


def run(inputs: Inputs, params: ClustersParams, progress: Progress) -> Result:
    """Communities of the models that are optimal within their family.

    Similarity is 1/distance in z-scored log errors; edges above a cut-off, communities by Louvain,
    of 81 cut-offs the one whose communities agree best with the families (adjusted Rand index).
    Summary: n_optimal, cutoff, ari (None without families), n_communities, n_alone (communities of
    one), n_edges, n_metrics, n_models, n_same (optimal models that are the same as another).
    Table `communities`: community, n_models, family, n_family, share. Table `members`: model,
    family, community. Table `optimal`: family, n_models, n_optimal. Table `explanation`: community,
    metric, coefficient, low, high, accuracy, inverse_penalty (negative: its models are low in that
    error). Table `scan`: cutoff, n_edges, n_communities, ari.
    Raises AnalysisProblem, Cancelled.
    """
    table = inputs.the_table()
    data = complete_rows(inputs, _asked(table, params), params.transform)
    progress.step(0, N_CUTOFFS)
    optimal = _optimal(table, data)
    rows, z = data.rows[optimal], data.z[optimal]
    if len(rows) < 3 or not data.metrics:
        raise AnalysisProblem(f"clusters need 3 optimal models or more; there are {len(rows)}")
    if len(rows) > MOST_MODELS:
        raise AnalysisProblem(f"{len(rows)} models are optimal: choose fewer errors or models")
    distance = _distances(z)
    similarity = _similarity(distance, params.most_similar)
    families = [table.families[row] for row in rows]
    scan = _scan(similarity, families, params, progress)
    label = scan.labels[scan.best]
    found = _explanations(z, label, params.seed, progress)
    n_same = int((np.tril(distance < SAME, -1)).any(axis=1).sum())
    pairs = _pairs(similarity, float(scan.cutoffs[scan.best]))
    return Result(
        summary=_summary(data, scan, families, n_same),
        tables={
            "communities": _community_table(label, families),
            "members": _member_table(table, rows, label),
            "optimal": _optimal_table(table, data.rows, rows),
            "explanation": _explanation_table(data.metrics, found),
            "scan": _scan_table(scan),
        },
        notes=(*data.notes, *_same_note(n_same, params)),
        arrays={
            "rows": rows, "community": label, "pairs": pairs, "layout": _layout(z, distance),
            "similarity": similarity[pairs[:, 0], pairs[:, 1]],
            "nearest": similarity.max(axis=1),
        },
        names=data.metrics,
    )  # fmt: skip


def _summary(data: Complete, scan: Scan, families: list[str], n_same: int) -> dict[str, Scalar]:
    label, best = scan.labels[scan.best], scan.best
    return {
        "n_optimal": len(label),
        "cutoff": float(scan.cutoffs[best]),
        "ari": float(scan.ari[best]) if len(set(families)) > 1 else None,
        "n_communities": len(np.unique(label)),
        "n_alone": int((np.bincount(label) == 1).sum()),
        "n_edges": scan.n_edges[best],
        "n_metrics": len(data.metrics),
        "n_models": len(data.rows),
        "n_same": n_same,
    }


def _asked(table: ErrorTable, params: ClustersParams) -> tuple[str, ...]:
    category = params.category
    if not params.metrics and not category and table.categories:
        category = table.categories[0]
    return chosen_metrics(table, params.metrics, category)


def _optimal(table: ErrorTable, data: Complete) -> Labels:
    """Positions in `data` of the models on the front of their family."""
    points = to_minimise(table, data.metrics)[data.rows]
    names = np.array([table.families[row] for row in data.rows], object)
    found = np.zeros(len(points), bool)
    is_model = table.model_mask[data.rows]
    for name in dict.fromkeys(names[is_model]):
        own = np.flatnonzero((names == name) & is_model)
        found[own] = non_dominated(points[own])
    return np.flatnonzero(found)


def _distances(z: Floats) -> Floats:
    from scipy.spatial.distance import pdist, squareform

    return np.asarray(squareform(pdist(z)))


def _similarity(distance: Floats, most: float) -> Floats:
    """1/distance, 0 of a model with itself; equal models have that of the nearest unequal ones."""
    unequal = distance[distance > 0]
    least = float(unequal.min()) if unequal.size else 1.0
    similarity = 1.0 / np.maximum(distance, least)
    if most:
        similarity = np.minimum(similarity, most)
    np.fill_diagonal(similarity, 0.0)
    return np.asarray(similarity)


def _scan(
    similarity: Floats, families: Sequence[str], params: ClustersParams, progress: Progress
) -> Scan:
    """Communities at all cut-offs, those that agree best with the families tried several times."""
    cutoffs = np.array([params.cutoff]) if params.cutoff else cutoffs_of(similarity)
    known = np.unique(np.array(families, object).astype(str), return_inverse=True)[1]
    labels: list[Labels] = []
    scores, n_edges = [], []
    for done, cutoff in enumerate(cutoffs):
        progress.step(done, len(cutoffs))
        weight = np.where(similarity > cutoff, similarity, 0.0)
        n_edges.append(int((weight > 0).sum()) // 2)
        same = done > 0 and n_edges[done] == n_edges[done - 1]
        labels.append(labels[-1] if same else louvain(weight, params.seed))
        scores.append(_score(labels[-1], known, weight))
    ari = np.array(scores)
    for done, i in enumerate(np.argsort(-ari, kind="stable")[:TRIED_AGAIN]):
        progress.step(done, TRIED_AGAIN)
        weight = np.where(similarity > cutoffs[i], similarity, 0.0)
        for n in range(1, TRIES):
            label = louvain(weight, params.seed + STRIDE * n)
            if (score := _score(label, known, weight)) > ari[i]:
                labels[i], ari[i] = label, score
    return Scan(cutoffs, labels, ari, n_edges, int(ari.argmax()))


def _score(label: Labels, known: Labels, weight: Floats) -> float:
    """Agreement with the families; where there is one alone, modularity times the share joined."""
    if len(np.unique(known)) > 1:
        return agreement(label, known)
    if not weight.any():
        return 0.0
    return modularity(weight, label) * float((weight > 0).any(axis=1).mean())


def cutoffs_of(similarity: Floats) -> Floats:
    """81 from below the least similarity on, evenly spaced in their logarithm."""
    logs = np.log10(similarity[np.triu_indices(len(similarity), 1)])
    return np.logspace(logs.min() - 0.2, np.ceil(logs.mean() + 0.5), N_CUTOFFS)


def _pairs(similarity: Floats, cutoff: float) -> Labels:
    first, second = np.nonzero(np.triu(similarity > cutoff, 1))
    order = np.argsort(similarity[first, second], kind="stable")
    return np.column_stack((first, second))[order]


def _layout(z: Floats, distance: Floats) -> Floats:
    """(n, 2) places that keep the distances; of many models their first principal components."""
    if len(z) <= MOST_PLACED:
        start = classical_places(np.minimum(distance, np.quantile(distance, 0.98)))
        return fitted(majorized(start, np.sqrt(distance)))
    centred = z - z.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    plane = np.column_stack((centred @ axes[:2].T, np.zeros((len(z), 2))))[:, :2]
    return fitted(plane)


def _explanations(
    z: Floats, label: Labels, seed: int, progress: Progress
) -> list[tuple[int, Explanation]]:
    sizes = np.bincount(label)
    worth = np.flatnonzero((sizes >= LEAST_EXPLAINED) & (sizes < len(label)))[:MOST_EXPLAINED]
    return [(int(i), explain(z, label == i, seed, progress)) for i in worth]


def _community_table(label: Labels, families: list[str]) -> dict[str, list[object]]:
    """Each community by family, the largest of both first."""
    lines: list[tuple[int, int, str, int]] = []
    names = np.array(families, object)
    for community in range(label.max() + 1):
        own = names[label == community]
        counts = {name: int((own == name).sum()) for name in dict.fromkeys(own)}
        for name in sorted(counts, key=lambda one: -counts[one]):
            lines.append((community + 1, len(own), name, counts[name]))
    return {
        "community": [line[0] for line in lines],
        "n_models": [line[1] for line in lines],
        "family": [line[2] for line in lines],
        "n_family": [line[3] for line in lines],
        "share": [line[3] / line[1] for line in lines],
    }


def _member_table(table: ErrorTable, rows: Rows, label: Labels) -> dict[str, list[object]]:
    return {
        "model": [table.keys[row] for row in rows],
        "family": [table.families[row] for row in rows],
        "community": (label + 1).tolist(),
    }


def _optimal_table(table: ErrorTable, every: Rows, rows: Rows) -> dict[str, list[object]]:
    counted = [table.families[row] for row in every if table.model_mask[row]]
    optimal = [table.families[row] for row in rows]
    names = list(dict.fromkeys(counted))
    return {
        "family": list(names),
        "n_models": [counted.count(name) for name in names],
        "n_optimal": [optimal.count(name) for name in names],
    }


def _explanation_table(
    metrics: tuple[str, ...], found: list[tuple[int, Explanation]]
) -> dict[str, list[object]]:
    lines = [(i, one, j, name) for i, one in found for j, name in enumerate(metrics)]
    return {
        "community": [i + 1 for i, _, _, _ in lines],
        "metric": [name for _, _, _, name in lines],
        "coefficient": [float(one.mean[j]) for _, one, j, _ in lines],
        "low": [float(one.low[j]) for _, one, j, _ in lines],
        "high": [float(one.high[j]) for _, one, j, _ in lines],
        "accuracy": [one.accuracy for _, one, _, _ in lines],
        "inverse_penalty": [one.inverse_penalty for _, one, _, _ in lines],
    }


def _scan_table(scan: Scan) -> dict[str, list[object]]:
    return {
        "cutoff": scan.cutoffs.tolist(),
        "n_edges": list(scan.n_edges),
        "n_communities": [len(np.unique(label)) for label in scan.labels],
        "ari": scan.ari.tolist(),
    }


def _same_note(n_same: int, params: ClustersParams) -> tuple[str, ...]:
    if not n_same or params.most_similar:
        return ()
    return (
        f"{n_same} optimal models are the same as another one: their similarity outweighs all "
        "others unless it is limited (most_similar)",
    )


ANALYSIS = Analysis(
    name="clusters",
    title="Clusters of optimal models",
    about="Which of the optimal models are alike, whether by family, and in which errors.",
    needs=(Needs.TABLE,),
    params=ClustersParams,
    run=run,
    plots=MappingProxyType(
        {
            "Communities": draw_by_community,
            "Families": draw_by_family,
            "Explanation": draw_explanation,
            "Scan": draw_scan,
        }
    ),
)
