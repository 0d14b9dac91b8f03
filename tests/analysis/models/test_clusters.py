"""Clusters of optimal models: communities, agreement, explanations, made and published ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.analysis.methods.logistic import explain, fit
from mlipviewer.analysis.methods.louvain import agreement, louvain, modularity
from mlipviewer.analysis.models.clusters import ANALYSIS, ClustersParams, cutoffs_of, run
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Edges, Points, Space
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table

STUDY = "tables/learning_from_models"
MakeTable = Callable[..., ErrorTable]
Array = np.ndarray  # type: ignore[type-arg]
partitions = st.integers(2, 30).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 4), min_size=n, max_size=n)] * 2)
)


def cliques(*sizes: int, between: float = 0.0) -> Array:
    """Weight 1 inside each group, `between` from the last of each to the first of the next."""
    n = sum(sizes)
    weight, start = np.zeros((n, n)), 0
    for size in sizes:
        weight[start : start + size, start : start + size] = 1.0
        start += size
        if start < n:
            weight[start - 1, start] = weight[start, start - 1] = between
    np.fill_diagonal(weight, 0.0)
    return weight


# --- communities -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_that_cliques_are_communities_the_largest_first(seed: int) -> None:
    weight = cliques(4, 7, 5, between=0.5)
    order = np.random.default_rng(seed).permutation(16)
    label = louvain(weight[np.ix_(order, order)], seed)
    expected = np.repeat([2, 0, 1], [4, 7, 5])[order]
    assert label.tolist() == expected.tolist()


def test_that_nodes_without_edges_are_alone() -> None:
    assert louvain(np.zeros((3, 3)), 0).tolist() == [0, 1, 2]
    weight = np.pad(cliques(3), (0, 2))
    assert louvain(weight, 0).tolist() == [0, 0, 0, 1, 2]


@settings(max_examples=30)
@given(st.integers(3, 25), st.integers(0, 10**6), st.floats(0.1, 0.9))
def test_that_communities_are_as_good_as_another_computation(
    n: int, seed: int, density: float
) -> None:
    import networkx as nx

    rng = np.random.default_rng(seed)
    weight = np.triu(rng.random((n, n)) * (rng.random((n, n)) < density), 1)
    weight = weight + weight.T
    if not weight.any():
        return
    graph = nx.from_numpy_array(weight)
    label = louvain(weight, 0)
    parts = [set(np.flatnonzero(label == i).tolist()) for i in range(label.max() + 1)]
    assert modularity(weight, label) == pytest.approx(nx.community.modularity(graph, parts))
    best = max(
        nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=s))
        for s in range(3)
    )
    assert max(modularity(weight, louvain(weight, s)) for s in range(3)) > best - 0.06


@settings(max_examples=40)
@given(partitions)
def test_that_agreement_is_the_adjusted_rand_index(two: tuple[list[int], list[int]]) -> None:
    from sklearn.metrics import adjusted_rand_score

    first, second = (np.array(one) for one in two)
    assert agreement(first, second) == pytest.approx(adjusted_rand_score(first, second), abs=1e-12)
    assert agreement(first, first) == 1.0


# --- explanations ----------------------------------------------------------------------------


@pytest.mark.parametrize("c", [0.1, 1.0, 10.0])
def test_that_the_logistic_fit_is_that_of_another_computation(c: float) -> None:
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    x = rng.normal(size=(120, 4)) + 0.3
    inside = x[:, 0] - 0.5 * x[:, 1] + 0.8 * rng.normal(size=120) > 0.2
    kept = np.ones((2, 120), bool)
    kept[1, :40] = False
    found = fit(x, inside, kept, c, np.zeros((2, 5)))
    for row, own in zip(found, kept, strict=True):
        other = LogisticRegression(l1_ratio=1, C=c, solver="saga", tol=1e-7, max_iter=20_000)
        other.fit(x[own], inside[own])
        assert row[:-1] == pytest.approx(other.coef_[0], abs=5e-3)
        assert row[-1] == pytest.approx(other.intercept_[0], abs=5e-3)


def test_that_the_telling_errors_are_found() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(150, 4))
    found = explain(x, x[:, 2] < -0.4, 0, Progress())
    assert found.mean[2] < -1
    assert np.abs(np.delete(found.mean, 2)).max() < 0.2 * abs(found.mean[2])
    assert (found.low <= found.mean).all()
    assert (found.mean <= found.high).all()
    assert found.accuracy > 0.9


# --- the analysis ----------------------------------------------------------------------------


def three_families(n: int = 12) -> tuple[Array, tuple[str, ...]]:
    """log10 errors of n models for each of three families, each a front of its own, far apart."""
    along = np.linspace(-0.1, 0.1, n)
    front = np.column_stack((along, -along, 0.3 * along**2))
    centres = np.array([[0, 0, 0], [1, 1, 0], [0, 1, 1.0]])
    logs = np.concatenate([front + centre for centre in centres])
    return 10**logs, tuple(name for name in "ABC" for _ in range(n))


def of(table: ErrorTable, **params: object) -> Result:
    return run(Inputs(table), ClustersParams(**params), Progress())  # type: ignore[arg-type]


def test_that_families_that_lie_apart_are_communities(make_table: MakeTable) -> None:
    values, families = three_families()
    dominated = np.concatenate((values, values[:5] * 10))
    result = of(make_table(dominated, families=(*families, *"AAAAA")))
    assert result.summary["n_models"] == 41
    assert result.summary["n_optimal"] == 36
    assert result.summary["ari"] == 1.0
    assert result.summary["n_communities"] == 3
    assert result.summary["n_same"] == 0
    table = result.tables["communities"]
    assert sorted(table["family"]) == ["A", "B", "C"]
    assert table["n_models"] == [12] * 3
    assert table["share"] == [1.0] * 3
    assert result.tables["optimal"]["n_optimal"] == [12] * 3
    assert len(result.tables["scan"]["cutoff"]) == 81


def test_that_communities_are_explained_by_their_errors(make_table: MakeTable) -> None:
    values, families = three_families()
    result = of(make_table(values, families=families))
    found = result.tables["explanation"]
    communities = result.tables["communities"]
    family = dict(zip(communities["community"], communities["family"], strict=True))
    value = {
        (family[c], metric): v
        for c, metric, v in zip(
            found["community"], found["metric"], found["coefficient"], strict=True
        )
    }
    assert value["A", "e1"] < -0.1  # A is low in it
    assert value["B", "e0"] > 0.1
    assert value["C", "e2"] > 0.1


def test_that_a_cutoff_can_be_given(make_table: MakeTable) -> None:
    values, families = three_families()
    result = of(make_table(values, families=families), cutoff=1e5)
    assert (result.summary["cutoff"], result.summary["n_edges"]) == (1e5, 0)
    assert result.summary["n_communities"] == result.summary["n_alone"] == 36
    assert result.tables["explanation"]["metric"] == []
    plot = ANALYSIS.plots["Explanation"](Inputs(make_table(values)), ClustersParams(), result)
    assert "large enough" in plot.title


def test_that_without_families_there_is_no_agreement(make_table: MakeTable) -> None:
    result = of(make_table(10 ** np.random.default_rng(0).normal(size=(60, 4))))
    assert result.summary["ari"] is None
    assert result.summary["n_optimal"] > 3  # type: ignore[operator]


def test_that_the_same_models_are_told(make_table: MakeTable) -> None:
    values, families = three_families()
    twice = np.concatenate((values, values[:1]))
    result = of(make_table(twice, families=(*families, "A")))
    assert result.summary["n_same"] == 1
    assert "the same" in result.notes[-1]
    assert not of(make_table(twice, families=(*families, "A")), most_similar=50.0).notes


def test_that_the_scan_begins_below_all_similarities() -> None:
    similarity = np.array([[0, 10.0, 0.1], [10.0, 0, 1.0], [0.1, 1.0, 0]])
    found = cutoffs_of(similarity)
    assert len(found) == 81
    assert found[0] == pytest.approx(0.1 * 10**-0.2)
    assert found[-1] == pytest.approx(10.0)


def test_that_the_first_category_is_taken_unless_one_is_named(make_table: MakeTable) -> None:
    values, families = three_families()
    table = make_table(values, families=families, category=("a", "b", "b"))
    assert of(table).names == ("e0",)
    assert of(table, category="b").names == ("e1", "e2")


def test_that_too_few_are_told(make_table: MakeTable) -> None:
    values, families = three_families()
    inputs = Inputs(make_table(values, families=families), models=rows([0, 1]))
    with pytest.raises(AnalysisProblem, match="3 optimal models"):
        run(inputs, ClustersParams(), Progress())


def test_that_it_can_be_stopped_within_the_scan(make_table: MakeTable) -> None:
    def stop_soon(done: int, total: int) -> None:
        if (done, total) == (10, 81):
            progress.stop()

    progress = Progress(stop_soon)
    values, families = three_families()
    with pytest.raises(Cancelled):
        run(Inputs(make_table(values, families=families)), ClustersParams(), progress)


@pytest.mark.parametrize("plot", ["Communities", "Families"])
def test_that_the_graph_stands_for_models(make_table: MakeTable, plot: str) -> None:
    values, families = three_families()
    inputs = Inputs(make_table(values, families=families))
    result = run(inputs, ClustersParams(), Progress())
    edges, points = ANALYSIS.plots[plot](inputs, ClustersParams(), result).marks
    assert isinstance(edges, Edges)
    assert isinstance(points, Points)
    assert edges.space is points.space is Space.MODEL
    assert points.rows.tolist() == list(range(36))
    assert len(points.group_names) == 3
    assert edges.weight.max() <= 1


def test_that_the_scan_shows_where_models_are_joined(make_table: MakeTable) -> None:
    values, families = three_families()
    inputs = Inputs(make_table(values, families=families))
    result = run(inputs, ClustersParams(), Progress())
    _, joined, line = ANALYSIS.plots["Scan"](inputs, ClustersParams(), result).marks
    assert isinstance(joined, Points)
    assert len(line.x) == 81
    assert joined.y.max() == 1.0
    order = np.argsort(joined.x)
    assert (np.diff(joined.y[order]) <= 0).all()


# --- published data --------------------------------------------------------------------------


def test_that_the_published_clusters_are_found(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    category = next(c.category for c in table.metric_columns if c.name == "vac_Ef")
    result = of(table, category=category, transform="authors")
    assert result.summary["n_optimal"] == 360
    counts = result.tables["optimal"]
    assert dict(zip(counts["family"], counts["n_optimal"], strict=True)) == {
        "GAP": 52, "DPMD": 55, "SNAP": 126, "MTP": 13, "NNP": 35, "DPPT": 79
    }  # fmt: skip
    assert result.summary["cutoff"] == pytest.approx(1.4, abs=0.15)
    assert 0.4 < result.summary["ari"] < 0.5  # type: ignore[operator]
    largest = result.tables["communities"]
    assert largest["family"][0] == "SNAP"
    assert largest["n_family"][0] == pytest.approx(90, abs=6)
    assert ("GAP", 41) in zip(largest["family"], largest["n_family"], strict=True)
