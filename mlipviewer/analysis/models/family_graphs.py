"""The correlation graph of each family on one layout, and in which edges it differs from all.

Reference: Y. Liu and Y. Mo, "Learning from models: high-dimensional analyses on the performance
of machine learning interatomic potentials", npj Comput. Mater. (2024).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.graph import Graph, Ints, graph_above
from mlipviewer.analysis.methods.pairwise import FEWEST, correlate
from mlipviewer.analysis.methods.transforms import CHOICES, transform
from mlipviewer.analysis.models.correlation import CorrelationParams
from mlipviewer.analysis.models.correlation import run as correlate_all
from mlipviewer.analysis.models.family_graphs_plots import draw_families, draw_one
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
from mlipviewer.core.rows import Rows, to_mask
from mlipviewer.core.table import ErrorTable, Floats

KINDS = ("shared", "gained", "lost")


@dataclass(frozen=True)
class FamilyGraphsParams(Params):
    metrics: tuple[str, ...] = param((), "errors to compare; all by default", names="metrics")
    category: str = param("", "compare the errors of this category", names="category")
    family: str = param("", "the family that is drawn alone; none: the first", plot="One family",
        names="family",
    )  # fmt: skip
    threshold: float = param(
        0.6, "an edge joins metrics with a larger r² (or |r|)", low=0.0, high=1.0
    )
    measure: str = param("r2", "what the threshold is compared with", choices=("r2", "r"))
    transform: str = param(
        "default",
        "default: log10, without references and failed models; authors: all rows and cells",
        choices=CHOICES,
        formula="z = (log10 error - mean) / standard deviation, over the models",
    )
    method: str = param(
        "pearson", "correlation coefficient", choices=("pearson", "spearman", "kendall")
    )
    fewest: int = param(10, "families of fewer models are left out", low=FEWEST, high=1_000_000)


def run(inputs: Inputs, params: FamilyGraphsParams, progress: Progress) -> Result:
    """A graph for each family, from z-scores over the whole table, beside that of all models.

    Summary: n_families, n_nodes, n_edges, n_isolated (of all models), n_common (edges that every
    family has), n_models, n_failed. Table `families`, first the line of all models, family "all":
    family, n_models, n_edges, n_isolated, n_components, n_gained (edges that the family has alone),
    n_lost (edges that it lacks). Table `edges`: family, a, b, r, r2, r2_all, kind (shared, gained,
    lost). Arrays of `correlation`, and `family_r` (families, m, m), `gained`, `shared` and `lost`
    (k, 3): family, metric, metric. Raises AnalysisProblem, Cancelled.
    """
    shared = ("metrics", "category", "threshold", "measure", "transform", "method")
    known = CorrelationParams(**{name: getattr(params, name) for name in shared})
    found = correlate_all(inputs, known, progress)
    table = inputs.the_table()
    data = transform(table, found.names, params.transform)
    rows = data.rows
    if inputs.models is not None:
        rows = rows[to_mask(inputs.models, table.n_rows)[rows]]
    families = _families(table, rows, params)
    r, graphs = [], []
    for done, own in enumerate(families.values()):
        progress.step(done, len(families))
        one, _ = correlate(data.values[own], params.method, progress)
        r.append(one)
        graphs.append(_graph(one, params))
    kinds = _kinds(found.arrays["pairs"], graphs)
    family_r = np.array(r)
    return replace(
        found,
        summary=_summary(found, families, graphs),
        tables={
            "families": _family_table(found, families, graphs, kinds),
            "edges": _edge_table(found, list(families), family_r, kinds),
        },
        arrays=dict(found.arrays) | kinds | {"family_r": family_r},
    )


def _families(table: ErrorTable, rows: Rows, params: FamilyGraphsParams) -> dict[str, Rows]:
    """The counted rows of each family with enough of them, in the order of the file."""
    if table.family is None:
        raise AnalysisProblem(f"table {table.name} has no column that names families")
    names = np.array([table.families[row] for row in rows], object)
    every = {str(name): rows[names == name] for name in dict.fromkeys(names) if name}
    found = {name: own for name, own in every.items() if len(own) >= params.fewest}
    if not found:
        raise AnalysisProblem(f"no family has {params.fewest} models or more")
    if params.family and params.family not in found:
        raise AnalysisProblem(f"no family {params.family!r}; there are {', '.join(found)}")
    return found


def _graph(r: Floats, params: FamilyGraphsParams) -> Graph:
    strength = np.abs(r) if params.measure == "r" else r**2
    return graph_above(strength, params.threshold, r**2, 0)


def _sorted(pairs: Ints) -> set[tuple[int, int]]:
    return {(min(i, j), max(i, j)) for i, j in pairs.tolist()}


def _kinds(pairs: Ints, graphs: list[Graph]) -> dict[str, Ints]:
    """Per kind of edge (k, 3): which family, which metrics."""
    every = _sorted(pairs)
    lines: dict[str, list[tuple[int, int, int]]] = {kind: [] for kind in KINDS}
    for f, graph in enumerate(graphs):
        own = _sorted(graph.pairs)
        for kind, edges in zip(KINDS, (own & every, own - every, every - own), strict=True):
            lines[kind] += [(f, i, j) for i, j in sorted(edges)]
    return {kind: np.array(found, np.int64).reshape(-1, 3) for kind, found in lines.items()}


def _summary(found: Result, families: dict[str, Rows], graphs: list[Graph]) -> dict[str, Scalar]:
    common = set.intersection(*(_sorted(graph.pairs) for graph in graphs))
    return {
        "n_families": len(families),
        "n_nodes": found.summary["n_nodes"],
        "n_edges": found.summary["n_edges"],
        "n_isolated": found.summary["n_isolated"],
        "n_common": len(common),
        "n_models": found.summary["n_models"],
        "n_failed": found.summary["n_failed"],
    }


def _family_table(
    found: Result,
    families: dict[str, Rows],
    graphs: list[Graph],
    kinds: dict[str, Ints],
) -> dict[str, list[object]]:
    def count(kind: str) -> list[int]:
        return [int((kinds[kind][:, 0] == f).sum()) for f in range(len(graphs))]

    whole = found.summary
    return {
        "family": ["all", *families],
        "n_models": [whole["n_models"], *(len(own) for own in families.values())],
        "n_edges": [whole["n_edges"], *(len(graph.pairs) for graph in graphs)],
        "n_isolated": [whole["n_isolated"], *(graph.n_isolated for graph in graphs)],
        "n_components": [whole["n_components"], *(graph.n_components for graph in graphs)],
        "n_gained": [0, *count("gained")],
        "n_lost": [0, *count("lost")],
    }


def _edge_table(
    found: Result,
    families: list[str],
    r: Floats,
    kinds: dict[str, Ints],
) -> dict[str, list[object]]:
    lines = [(*line, kind) for kind in KINDS for line in kinds[kind].tolist()]
    lines.sort(key=lambda line: line[0])
    names, whole = found.names, found.arrays["r"]
    return {
        "family": [families[f] for f, _, _, _ in lines],
        "a": [names[i] for _, i, _, _ in lines],
        "b": [names[j] for _, _, j, _ in lines],
        "r": [float(r[f, i, j]) for f, i, j, _ in lines],
        "r2": [float(r[f, i, j] ** 2) for f, i, j, _ in lines],
        "r2_all": [float(whole[i, j] ** 2) for _, i, j, _ in lines],
        "kind": [kind for _, _, _, kind in lines],
    }


ANALYSIS = Analysis(
    name="family-graphs",
    title="Correlation by family",
    about="The correlation graph of each family side by side, with the edges that differ.",
    needs=(Needs.TABLE,),
    params=FamilyGraphsParams,
    run=run,
    plots=MappingProxyType({"Families": draw_families, "One family": draw_one}),
)
