"""How errors go together: correlation of all pairs of metrics, as a matrix and as a graph.

Reference: J. B. Liu and Y. Mo, "Learning from models: high-dimensional analyses on the performance
of machine learning interatomic potentials", npj Comput. Mater. (2024).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.chosen import chosen_metrics
from mlipviewer.analysis.methods.graph import Graph, graph_above
from mlipviewer.analysis.methods.layout import places
from mlipviewer.analysis.methods.pairwise import FEWEST, correlate
from mlipviewer.analysis.methods.transforms import CHOICES, Transformed, transform
from mlipviewer.analysis.models.correlation_plots import draw_graph, draw_heat_map
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows, to_mask
from mlipviewer.core.table import ErrorTable, Floats


@dataclass(frozen=True)
class CorrelationParams(Params):
    metrics: tuple[str, ...] = param((), "errors to compare; all by default", names="metrics")
    category: str = param("", "compare the errors of this category", names="category")
    threshold: float = param(
        0.6, "an edge joins metrics with a larger r² (or |r|)", low=0.0, high=1.0, plot="Graph"
    )
    measure: str = param(
        "r2", "what the threshold is compared with", choices=("r2", "r"), plot="Graph"
    )
    transform: str = param(
        "default",
        "default: log10, without references and failed models; authors: all rows and cells",
        choices=CHOICES,
    )
    method: str = param(
        "pearson", "correlation coefficient", choices=("pearson", "spearman", "kendall")
    )
    seed: int = param(0, "seed of the search for communities", low=0, high=2**31 - 1, plot="Graph")


def run(inputs: Inputs, params: CorrelationParams, progress: Progress) -> Result:
    """The matrix of r, its clustered order, a layout, and the graph above the threshold.

    Missing cells are left out pair by pair. Summary: n_nodes, n_edges, n_isolated, n_components,
    n_communities, n_models (rows used), n_failed. Table `edges`: a, b, r, r2, n (common rows), the
    strongest first. Table `nodes`: metric, category, degree, component, community.
    Arrays: `r` (m, m), `n` (m, m), `order` (m,), `layout` (m, 2) within -1..1; `pairs` (k, 2),
    `degree`, `component`, `community` (m,). The layout does not depend on the threshold.
    Raises AnalysisProblem, Cancelled.
    """
    table = inputs.the_table()
    metrics = chosen_metrics(table, params.metrics, params.category)
    if len(metrics) < 2:
        raise AnalysisProblem("a correlation needs two metrics or more")
    data = transform(table, metrics, params.transform)
    rows = _counted(data, inputs.models, table)
    if len(rows) < FEWEST:
        raise AnalysisProblem(f"a correlation needs {FEWEST} models or more; {len(rows)} are left")
    progress.step(0, 3)
    r, common = correlate(data.values[rows], params.method, progress)
    progress.step(1, 3)
    distance = 1.0 - np.abs(np.nan_to_num(r, nan=0.0))
    np.fill_diagonal(distance, 0.0)
    order = clustered_order(distance)
    progress.step(2, 3)
    found = Result(
        summary={"n_models": len(rows), "n_failed": len(data.failed)},
        units=MappingProxyType({}),
        notes=data.notes,
        arrays={"r": r, "n": common, "order": order, "layout": places(distance)},
        names=metrics,
    )
    return at_threshold(inputs, params, found)


def _counted(data: Transformed, models: Rows | None, table: ErrorTable) -> Rows:
    """The filter comes after the transform."""
    return data.rows if models is None else data.rows[to_mask(models, table.n_rows)[data.rows]]


def clustered_order(distance: Floats) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """(m,) leaves of average linkage in the order that puts the nearest side by side.

    Bar-Joseph, Gifford and Jaakkola, Bioinformatics 17, S22 (2001).
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    condensed = squareform(distance, checks=False)
    leaves = leaves_list(linkage(condensed, "average", optimal_ordering=True))
    return np.asarray(leaves, np.int32)


def at_threshold(inputs: Inputs, params: CorrelationParams, result: Result) -> Result:
    """The result at another threshold or measure: only the graph is made anew."""
    r, common = result.arrays["r"], result.arrays["n"]
    strength = np.abs(r) if params.measure == "r" else r**2
    graph = graph_above(strength, params.threshold, r**2, params.seed)
    summary = {
        "n_nodes": len(r),
        "n_edges": len(graph.pairs),
        "n_isolated": graph.n_isolated,
        "n_components": graph.n_components,
        "n_communities": graph.n_communities,
        "n_models": result.summary["n_models"],
        "n_failed": result.summary["n_failed"],
    }
    tables = {
        "edges": _edge_table(result.names, graph, r, common),
        "nodes": _node_table(inputs.the_table(), result.names, graph),
    }
    arrays = dict(result.arrays) | {
        "pairs": graph.pairs,
        "degree": graph.degree,
        "component": graph.component,
        "community": graph.community,
    }
    return replace(result, summary=summary, tables=tables, arrays=arrays)


def _edge_table(
    names: tuple[str, ...], graph: Graph, r: Floats, common: Floats
) -> dict[str, list[object]]:
    first, second = graph.pairs.T
    values = r[first, second]
    return {
        "a": [names[i] for i in first],
        "b": [names[i] for i in second],
        "r": values.tolist(),
        "r2": (values**2).tolist(),
        "n": common[first, second].tolist(),
    }


def _node_table(table: ErrorTable, names: tuple[str, ...], graph: Graph) -> dict[str, list[object]]:
    return {
        "metric": list(names),
        "category": [table.metric_column(name).category for name in names],
        "degree": graph.degree.tolist(),
        "component": graph.component.tolist(),
        "community": graph.community.tolist(),
    }


ANALYSIS = Analysis(
    name="correlation",
    title="Correlation",
    about="Which errors go together: the correlation of all pairs of metrics.",
    needs=(Needs.TABLE,),
    params=CorrelationParams,
    run=run,
    plots=MappingProxyType({"Heat map": draw_heat_map, "Graph": draw_graph}),
    adjustable=("threshold", "measure", "seed"),
    adjust=at_threshold,
)
