"""Correlation: coefficients against other computations, graphs against known ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.analysis.methods.graph import graph_above
from mlipviewer.analysis.methods.layout import places
from mlipviewer.analysis.methods.linkage import clustered_order
from mlipviewer.analysis.methods.pairwise import correlate, pearson
from mlipviewer.analysis.models.correlation import (
    ANALYSIS,
    CorrelationParams,
    at_threshold,
    run,
)
from mlipviewer.analysis.models.correlation_plots import draw_graph, draw_heat_map
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Edges, HeatMap, Points, Space
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table

STUDY = "tables/learning_from_models"
MakeTable = Callable[..., ErrorTable]
AUTHORS = CorrelationParams(transform="authors")


def groups_of_metrics(n: int = 60, seed: int = 0) -> np.ndarray:  # type: ignore[type-arg]
    """Positive errors: e0-e2 go together, e3-e4 against each other, e5 alone."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=(3, n))
    noise = 0.1 * rng.normal(size=(n, 6))
    return 10 ** (np.column_stack((a, a, a, b, -b, c)) + noise)


def of(table: ErrorTable, **params: object) -> Result:
    return run(Inputs(table), CorrelationParams(**params), Progress())  # type: ignore[arg-type]


# --- coefficients ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_that_coefficients_agree_with_pandas(method: str, missing: float) -> None:
    import pandas as pd

    rng = np.random.default_rng(3)
    x = rng.normal(size=(50, 6)) + 1e3
    x[:, 1] += 2 * x[:, 0]
    x = x.round(1)  # ties
    x[rng.random(x.shape) < missing] = np.nan
    r, common = correlate(x, method, Progress())
    assert np.allclose(r, pd.DataFrame(x).corr(method=method), atol=1e-9)
    known = np.isfinite(x).astype(int)
    assert np.array_equal(common, known.T @ known)


@given(st.integers(0, 1000), st.floats(0.1, 1e6), st.floats(-1e6, 1e6))
def test_that_pearson_is_unmoved_by_linear_maps(seed: int, scale: float, shift: float) -> None:
    x = np.random.default_rng(seed).normal(size=(30, 4))
    r, _ = pearson(x)
    mapped, _ = pearson(x * scale + shift)
    assert np.allclose(r, mapped, atol=1e-6)
    assert np.array_equal(r, r.T)
    assert np.abs(r).max() <= 1


def test_that_constant_columns_and_few_rows_have_no_coefficient() -> None:
    x = np.array([[1.0, 1.0, 1.0], [2.0, 1.0, np.nan], [3.0, 1.0, np.nan], [4.0, 1.0, 2.0]])
    r, common = pearson(x)
    assert np.isnan(r[1]).all()
    assert np.isnan(r[0, 2])
    assert common[0, 2] == 2
    assert r[0, 0] == 1


# --- the graph -------------------------------------------------------------------------------


def test_that_the_made_groups_are_found(make_table: MakeTable) -> None:
    result = of(make_table(groups_of_metrics()))
    assert {k: v for k, v in result.summary.items() if k in ("n_nodes", "n_edges")} == {
        "n_nodes": 6,
        "n_edges": 4,
    }
    assert (result.summary["n_isolated"], result.summary["n_components"]) == (1, 3)
    edges, nodes = result.tables["edges"], result.tables["nodes"]
    pairs = set(zip(edges["a"], edges["b"], strict=True))
    assert pairs == {("e0", "e1"), ("e0", "e2"), ("e1", "e2"), ("e3", "e4")}
    assert edges["r2"] == sorted(edges["r2"], reverse=True)
    assert edges["r"][edges["a"].index("e3")] < 0
    assert edges["n"] == [60] * 4
    assert nodes["component"] == [0, 0, 0, 1, 1, 2]
    assert nodes["community"] == [0, 0, 0, 1, 1, 2]
    assert nodes["degree"] == [2, 2, 2, 1, 1, 0]


def test_that_the_threshold_is_on_r2_unless_r_is_asked_for(make_table: MakeTable) -> None:
    table = make_table(groups_of_metrics())
    r = of(table).arrays["r"][0, 1]
    between = (r**2 + abs(r)) / 2
    pairs = {
        measure: of(table, threshold=between, measure=measure).tables["edges"]
        for measure in ("r", "r2")
    }
    assert ("e0", "e1") in zip(pairs["r"]["a"], pairs["r"]["b"], strict=True)
    assert ("e0", "e1") not in zip(pairs["r2"]["a"], pairs["r2"]["b"], strict=True)


@settings(max_examples=40)
@given(st.integers(2, 14), st.integers(0, 10**6), st.floats(0, 1))
def test_that_components_agree_with_another_computation(
    m: int, seed: int, threshold: float
) -> None:
    import networkx as nx

    strength = np.random.default_rng(seed).random((m, m))
    strength = (strength + strength.T) / 2
    graph = graph_above(strength, threshold, strength, 0)
    other = nx.Graph()
    other.add_nodes_from(range(m))
    other.add_edges_from(graph.pairs.tolist())
    assert graph.n_components == nx.number_connected_components(other)
    assert graph.n_isolated == nx.number_of_isolates(other)
    assert graph.degree.tolist() == [degree for _, degree in sorted(other.degree)]
    for members in nx.connected_components(other):
        assert len(set(graph.component[list(members)])) == 1
    for community in np.unique(graph.community):  # a community never joins two components
        assert len(set(graph.component[graph.community == community])) == 1


def test_that_another_threshold_gives_what_a_new_run_gives(make_table: MakeTable) -> None:
    table = make_table(groups_of_metrics())
    first = of(table)
    for threshold in (0.0, 0.3, 0.95, 1.0):
        params = CorrelationParams(threshold=threshold)
        moved, new = at_threshold(Inputs(table), params, first), of(table, threshold=threshold)
        assert moved.summary == new.summary
        assert moved.tables == new.tables
        assert moved.arrays["layout"] is first.arrays["layout"]
        assert np.array_equal(new.arrays["layout"], first.arrays["layout"])


def test_that_adjustable_parameters_are_parameters() -> None:
    assert set(ANALYSIS.adjustable) <= set(CorrelationParams.__dataclass_fields__)
    assert ANALYSIS.adjust is at_threshold


# --- layout and order ------------------------------------------------------------------------


@given(st.integers(1, 25), st.integers(0, 1000))
@settings(max_examples=25)
def test_that_places_are_inside_apart_and_repeatable(m: int, seed: int) -> None:
    d = np.random.default_rng(seed).random((m, m))
    d = (d + d.T) / 2
    np.fill_diagonal(d, 0)
    found = places(d)
    assert found.shape == (m, 2)
    assert np.abs(found).max() <= 1
    assert np.isfinite(found).all()
    assert np.array_equal(found, places(d))
    apart = np.sqrt(((found[:, None] - found[None]) ** 2).sum(axis=2)) + np.eye(m)
    assert apart.min() > 0.02


def test_that_equal_things_are_still_drawn_apart() -> None:
    found = places(np.zeros((5, 5)))
    assert len({tuple(place) for place in found.round(3).tolist()}) == 5


def test_that_near_things_are_near() -> None:
    d = np.ones((6, 6)) - np.eye(6)
    d[:3, :3] = d[3:, 3:] = 0.1
    np.fill_diagonal(d, 0)
    found = places(d)
    inside = np.linalg.norm(found[0] - found[1])
    assert inside < np.linalg.norm(found[:3].mean(axis=0) - found[3:].mean(axis=0))


def test_that_the_clustered_order_keeps_groups_together() -> None:
    r, _ = pearson(np.log10(groups_of_metrics())[:, [0, 3, 1, 5, 4, 2]])
    order = clustered_order(1 - np.abs(r)).tolist()
    together = [order.index(i) for i in (0, 2, 5)]
    assert max(together) - min(together) == 2
    assert abs(order.index(1) - order.index(4)) == 1


# --- inputs ----------------------------------------------------------------------------------


def test_that_failed_models_are_left_out_and_listed(make_table: MakeTable) -> None:
    values = groups_of_metrics()
    values[7, 2] = 0.0
    table = make_table(values)
    result = of(table)
    assert (result.summary["n_models"], result.summary["n_failed"]) == (59, 1)
    assert "m7" in result.notes[0]
    assert of(table, transform="authors").summary["n_models"] == 60


def test_that_missing_cells_count_pair_by_pair(make_table: MakeTable) -> None:
    values = groups_of_metrics()
    values[:10, 0] = np.nan
    n = of(make_table(values)).arrays["n"]
    assert (n[0, 1], n[1, 2]) == (50, 60)


def test_that_a_filter_comes_after_the_transform(make_table: MakeTable) -> None:
    table = make_table(groups_of_metrics())
    chosen = rows(range(20))
    result = run(Inputs(table, models=chosen), CorrelationParams(), Progress())
    expected = np.corrcoef(np.log10(table.values[:20]), rowvar=False)
    assert np.allclose(result.arrays["r"], expected)


@pytest.mark.parametrize(
    ("models", "params", "words"),
    [(None, {"metrics": ("e0",)}, "two metrics"), ([0, 1], {}, "3 models or more")],
)
def test_that_too_little_is_told(
    make_table: MakeTable, models: list[int] | None, params: dict[str, object], words: str
) -> None:
    inputs = Inputs(
        make_table(groups_of_metrics()), models=None if models is None else rows(models)
    )
    with pytest.raises(AnalysisProblem, match=words):
        run(inputs, CorrelationParams(**params), Progress())  # type: ignore[arg-type]


def test_that_stopping_stops(make_table: MakeTable) -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        run(Inputs(make_table(groups_of_metrics())), CorrelationParams(), progress)


# --- plots -----------------------------------------------------------------------------------


def test_that_the_heat_map_stands_for_metrics_in_clustered_order(make_table: MakeTable) -> None:
    table = make_table(groups_of_metrics())
    params = CorrelationParams(metrics=("e5", "e3", "e0", "e1"))
    result = run(Inputs(table), params, Progress())
    (matrix,) = draw_heat_map(Inputs(table), params, result).marks
    assert isinstance(matrix, HeatMap)
    assert matrix.space is Space.METRIC
    names = [table.metrics[row] for row in matrix.rows]
    assert tuple(names) == matrix.row_names
    i, j = names.index("e0"), names.index("e1")
    assert matrix.values[i, j] == pytest.approx(result.arrays["r"][2, 3])


def test_that_the_graph_shows_nodes_edges_and_groups(make_table: MakeTable) -> None:
    values = groups_of_metrics()
    plain = make_table(values)
    named = make_table(values, category=("A", "A", "B", "", "B", "B"))
    for table, groups in (
        (plain, ("community 1", "community 2", "alone")),
        (named, ("A", "B", "other")),
    ):
        result = of(table)
        edges, nodes = draw_graph(Inputs(table), CorrelationParams(), result).marks
        assert isinstance(edges, Edges)
        assert isinstance(nodes, Points)
        assert nodes.group_names == groups
        assert nodes.show_labels
        assert edges.pairs.shape == (4, 2)
        assert edges.negative.sum() == 1
        assert np.array_equal(edges.x[:, 0], nodes.x[edges.pairs[:, 0]])
        assert nodes.size[0] > nodes.size[5]


def test_that_a_graph_without_edges_is_drawn(make_table: MakeTable) -> None:
    table = make_table(groups_of_metrics())
    result = of(table, threshold=1.0)
    edges, _ = draw_graph(Inputs(table), CorrelationParams(), result).marks
    assert isinstance(edges, Edges)
    assert edges.x.shape == (0, 2)


# --- published data --------------------------------------------------------------------------

ISOLATED = {"spl_Ef", "hex_Ef", "tet_Ef", "vac_Ef", "hex_c44", "spl_a", "hex_a", "tet_a", "vac_a",
            "Interstitial_RE_E"}  # fmt: skip


@pytest.mark.parametrize("name", ["absolute_errors", "log_errors", "normalized_log_errors"])
def test_that_the_published_graph_is_found(shared_data: Path, name: str) -> None:
    table = read_table(shared_data / STUDY / f"{name}.csv")
    result = run(Inputs(table), AUTHORS, Progress())
    found = [result.summary[k] for k in ("n_nodes", "n_edges", "n_isolated", "n_components")]
    assert found == [60, 128, 10, 19]
    nodes = result.tables["nodes"]
    alone = {m for m, d in zip(nodes["metric"], nodes["degree"], strict=True) if d == 0}
    assert alone == ISOLATED


def test_that_two_failed_fits_carry_many_published_edges(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    result = of(table)
    found = [result.summary[k] for k in ("n_edges", "n_isolated", "n_components", "n_failed")]
    assert found == [95, 16, 26, 2]
    assert "DPPT|21-1|VacEnh" in result.notes[0]
    assert "DPPT|69-1|Org" in result.notes[0]


@pytest.mark.parametrize(("name", "n_edges", "n_isolated"), [("full", 128, 10), ("GAP", 54, 27)])
def test_that_the_stored_matrices_agree(
    shared_data: Path, name: str, n_edges: int, n_isolated: int
) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    stored = json.loads((shared_data / STUDY / "Fig7" / f"{name}_rep.json").read_text())
    chosen = [row for row, family in enumerate(table.families) if family == name]
    inputs = Inputs(table, models=rows(chosen) if chosen else None)
    params = CorrelationParams(metrics=tuple(stored[0]), transform="authors")
    result = run(inputs, params, Progress())
    assert np.abs(result.arrays["r"] ** 2 - np.array(stored[2])).max() < 1e-12
    assert (result.summary["n_edges"], result.summary["n_isolated"]) == (n_edges, n_isolated)
