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
from mlipviewer.analysis.methods.linkage import leaves_of, linkage_of
from mlipviewer.analysis.methods.pair_sums import p_values, tau_p_values
from mlipviewer.analysis.methods.pairwise import FEWEST, correlate
from mlipviewer.analysis.methods.transforms import CHOICES, Transformed, transform
from mlipviewer.analysis.models.correlation_plots import draw_graph, draw_heat_map
from mlipviewer.analysis.models.graph_edits import place_node, reset_places
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
        formula="z = (log10 error - mean) / standard deviation, over the models",
    )
    method: str = param(
        "pearson",
        "correlation coefficient",
        choices=("pearson", "spearman", "kendall"),
        formula="pearson: cov(x, y) / (s_x s_y); spearman: that of the ranks; kendall: tau-b, "
        "(concordant - discordant pairs) / all but ties",
        reference="Spearman, Am. J. Psychol. 15, 72 (1904); Kendall, Biometrika 30, 81 (1938)",
    )
    seed: int = param(0, "seed of the search for communities", low=0, high=2**31 - 1, plot="Graph")
    node_size: str = param(
        "degree",
        "what makes a node large: its edges, or the share of models that have a value",
        choices=("degree", "coverage"),
        plot="Graph",
    )
    places: tuple[str, ...] = param(
        (), "nodes put at places of one's own, such as C11=0.2:-0.5", plot="Graph"
    )


def run(inputs: Inputs, params: CorrelationParams, progress: Progress) -> Result:
    """The matrix of r, its clustered order, a layout, and the graph above the threshold.

    Missing cells are left out pair by pair. Summary: n_nodes, n_edges, n_isolated, n_components,
    n_communities, n_models (rows used), n_failed. Table `edges`: a, b, r, r2, n (common rows), the
    strongest first. Table `nodes`: metric, category, degree, component, community.
    Arrays: `r`, `n`, `p` (m, m; of independent models, two-sided), `order` (m,), `mergers` (m - 1,
    4) as of scipy's linkage, `quantiles` (m, 6) of each metric: n, 10, 25, 50, 75, 90 %, `layout`
    (m, 2) within -1..1; `pairs` (k, 2),
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
    mergers = linkage_of(distance)
    progress.step(2, 3)
    found = Result(
        summary={"n_models": len(rows), "n_failed": len(data.failed)},
        units=MappingProxyType({}),
        notes=data.notes,
        arrays={
            "r": r,
            "n": common,
            "p": p_values(r, common) if params.method != "kendall" else tau_p_values(r, common),
            "order": leaves_of(mergers),
            "mergers": mergers,
            "layout": places(distance),
            "quantiles": _quantiles(table, metrics, inputs.models),
        },
        names=metrics,
    )
    return at_threshold(inputs, params, found)


def _counted(data: Transformed, models: Rows | None, table: ErrorTable) -> Rows:
    """The filter comes after the transform."""
    return data.rows if models is None else data.rows[to_mask(models, table.n_rows)[data.rows]]


def _quantiles(table: ErrorTable, metrics: tuple[str, ...], models: Rows | None) -> Floats:
    """(m, 6) number of models with a value, then 10th, 25th, 50th, 75th, 90th percentile."""
    rows = table.models if models is None else models[table.model_mask[models]]
    found = np.full((len(metrics), 6), np.nan)
    for i, name in enumerate(metrics):
        values = table.metric(name)[rows]
        values = values[np.isfinite(values)]
        found[i, 0] = len(values)
        if len(values):
            found[i, 1:] = np.quantile(values, (0.1, 0.25, 0.5, 0.75, 0.9))
    return found


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
    picture=("node_size", "places"),
    edits=MappingProxyType({"place": place_node}),
    commands=(Command("Reset places of nodes", reset_places, plot="Graph"),),
)
