"""Representatives: known graphs, the properties that they must have, the published numbers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.analysis.methods.cover import (
    Locks,
    by_pagerank,
    by_regression,
    covered,
    explained,
    pagerank,
    smallest,
)
from mlipviewer.analysis.models.representatives import ANALYSIS, RepresentativesParams, run
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Line, Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Mask, rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table

STUDY = "tables/learning_from_models"
MakeTable = Callable[..., ErrorTable]
graphs = st.tuples(st.integers(1, 9), st.integers(0, 10**6), st.floats(0, 1))


def graph_of(m: int, *edges: tuple[int, int]) -> Mask:
    joined = np.zeros((m, m), bool)
    for i, j in edges:
        joined[i, j] = joined[j, i] = True
    return joined


STAR = graph_of(6, *((0, i) for i in range(1, 6)))
K4 = graph_of(4, *combinations(range(4), 2))
P4 = graph_of(4, (0, 1), (1, 2), (2, 3))
C6 = graph_of(6, *((i, (i + 1) % 6) for i in range(6)))


def random_graph(m: int, seed: int, density: float) -> Mask:
    joined = np.triu(np.random.default_rng(seed).random((m, m)) < density, 1)
    return np.asarray(joined | joined.T)


def greedy(joined: Mask, seed: int = 0, **locks: tuple[int, ...]) -> set[int]:
    return set(by_pagerank(joined, joined.astype(float), seed, Locks(**locks)))


# --- PageRank --------------------------------------------------------------------------------


def test_that_the_pagerank_of_a_star_is_known() -> None:
    found = pagerank(STAR.astype(float))
    assert found[0] == pytest.approx(0.472972, abs=1e-6)
    assert found[1:] == pytest.approx(0.105406, abs=1e-6)


@settings(max_examples=40)
@given(graphs)
def test_that_pagerank_agrees_with_another_computation(graph: tuple[int, int, float]) -> None:
    import networkx as nx

    weight = random_graph(*graph) * np.random.default_rng(graph[1]).random((graph[0],) * 2)
    other = nx.pagerank(
        nx.from_numpy_array(weight, create_using=nx.DiGraph), tol=1e-13, max_iter=2000
    )
    assert pagerank(weight) == pytest.approx([other[i] for i in range(graph[0])], abs=1e-9)


# --- covers ----------------------------------------------------------------------------------


def test_that_the_greedy_cover_of_small_graphs_is_known() -> None:
    for seed in range(8):
        assert greedy(STAR, seed) == {0}
        assert len(greedy(K4, seed)) == 1
        assert greedy(P4, seed) in ({0, 2}, {1, 3})
        a, b = greedy(C6, seed)
        assert (a - b) % 6 == 3
        assert greedy(np.zeros((7, 7), bool), seed) == set(range(7))
    assert len({min(greedy(K4, seed)) for seed in range(20)}) > 1  # ties are broken by the seed


@given(graphs)
def test_that_the_greedy_cover_is_independent_and_dominating(graph: tuple[int, int, float]) -> None:
    joined = random_graph(*graph)
    chosen = list(greedy(joined, graph[1]))
    assert not joined[np.ix_(chosen, chosen)].any()
    assert covered(joined, chosen).all()


@settings(max_examples=40)
@given(graphs)
def test_that_the_smallest_cover_is_as_small_as_any(graph: tuple[int, int, float]) -> None:
    joined = random_graph(*graph)
    chosen = smallest(joined, joined.astype(float))
    assert covered(joined, chosen).all()
    smaller = combinations(range(len(joined)), len(chosen) - 1)
    assert not any(covered(joined, list(few)).all() for few in smaller if few)


def test_that_of_the_smallest_covers_the_strongest_is_taken() -> None:
    strength = np.where(K4, 0.7, 0.0)
    strength[2] = strength[:, 2] = 0.9
    assert smallest(K4, strength) == [2]


@given(graphs, st.integers(0, 8), st.integers(0, 8))
@settings(max_examples=60)
def test_that_locks_hold(graph: tuple[int, int, float], kept: int, left_out: int) -> None:
    joined = random_graph(*graph)
    m = len(joined)
    locks = Locks((kept % m,), (left_out % m,) if left_out % m != kept % m else ())
    strength = joined.astype(float)
    possible = (joined | np.eye(m, dtype=bool))[:, [i for i in range(m) if i not in locks.left_out]]
    for chosen in (by_pagerank(joined, strength, 0, locks), smallest(joined, strength, locks)):
        assert set(locks.kept) <= set(chosen)
        assert not set(locks.left_out) & set(chosen)
        assert len(set(chosen)) == len(chosen)
        assert np.array_equal(covered(joined, chosen), possible.any(axis=1))


# --- by regression ---------------------------------------------------------------------------


def test_that_regression_explains_what_least_squares_explains() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(200, 3)) @ rng.normal(size=(3, 7)) + 0.3 * rng.normal(size=(200, 7))
    x -= x.mean(axis=0)
    r = np.corrcoef(x, rowvar=False)
    chosen = by_regression(r, 3)
    shares = []
    for j in range(7):
        fit = np.linalg.lstsq(x[:, chosen], x[:, j], rcond=None)[0]
        shares.append(1 - ((x[:, j] - x[:, chosen] @ fit) ** 2).sum() / (x[:, j] ** 2).sum())
    assert explained(r, chosen)[-1] == pytest.approx(np.mean(shares), abs=1e-9)
    assert (np.diff(explained(r, by_regression(r, 7))) > -1e-12).all()


def test_that_regression_takes_the_first_by_all_that_it_explains() -> None:
    r = np.array([[1, 0.9, 0.9, 0], [0.9, 1, 0.7, 0], [0.9, 0.7, 1, 0], [0, 0, 0, 1.0]])
    assert by_regression(r, 2) == [0, 3]
    assert by_regression(r, 2, Locks((1,), (3,)))[0] == 1
    assert 3 not in by_regression(r, 4, Locks((), (3,)))


# --- the analysis ----------------------------------------------------------------------------


def two_groups(n: int = 80) -> np.ndarray:  # type: ignore[type-arg]
    """Positive errors: e1 and e2 follow e0, e4 follows e3, e5 is alone."""
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(3, n))
    noise = rng.normal(size=(n, 6)) * np.array([0.02, 0.25, 0.25, 0.1, 0.1, 0.1])
    return np.asarray(10 ** (np.column_stack((a, a, a, b, -b, c)) + noise))


def of(table: ErrorTable, **params: object) -> Result:
    return run(Inputs(table), RepresentativesParams(**params), Progress())  # type: ignore[arg-type]


@pytest.mark.parametrize("how", ["pagerank", "exact", "r2"])
def test_that_each_group_has_its_representative(make_table: MakeTable, how: str) -> None:
    result = of(make_table(two_groups()), how=how)
    found = result.tables["representatives"]["metric"]
    assert len(found) == result.summary["n_representatives"] == 3
    assert len({"e0", "e1", "e2"} & set(found)) == len({"e3", "e4"} & set(found)) == 1
    assert "e5" in found
    assert result.summary["n_uncovered"] == 0
    assert 0 < result.summary["front_recall"] <= 1  # type: ignore[operator]


def test_that_it_says_which_stands_for_which_and_how_well(make_table: MakeTable) -> None:
    result = of(make_table(two_groups()), how="exact")
    table = result.tables["stands_for"]
    assert table["representative"][:3] == ["e0"] * 3
    assert table["r2"][0] == pytest.approx(1)
    assert table["r"][1] == pytest.approx(result.arrays["r"][1, 0])
    first = result.tables["representatives"]
    assert first["stands_for"][0] == "e1|e2"
    assert first["n_stands_for"] == [2, 1, 0]
    assert first["mean_r2"][2] is None
    assert result.tables["coverage"]["share"] == pytest.approx([3 / 6, 5 / 6, 1])


def test_that_metrics_can_be_kept_and_left_out(make_table: MakeTable) -> None:
    table = make_table(two_groups())
    for how in ("pagerank", "exact", "r2"):
        found = of(table, how=how, keep=("e2",), leave_out=("e3", "e5"))
        chosen = found.tables["representatives"]["metric"]
        assert "e2" in chosen
        assert not {"e3", "e5"} & set(chosen)
    assert of(table, leave_out=("e5",)).summary["n_uncovered"] == 1
    assert "e5" in of(table, leave_out=("e5",)).notes[-1]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"keep": ("e9",)}, "e9 is not among"),
        ({"keep": ("e1",), "leave_out": ("e1",)}, "both"),
        ({"leave_out": tuple(f"e{i}" for i in range(6))}, "all are left out"),
    ],
)
def test_that_impossible_locks_are_told(
    make_table: MakeTable, params: dict[str, object], words: str
) -> None:
    with pytest.raises(AnalysisProblem, match=words):
        of(make_table(two_groups()), **params)


def test_that_all_metrics_lose_nothing(make_table: MakeTable) -> None:
    result = of(make_table(two_groups()), threshold=1.0)
    assert result.summary["n_representatives"] == 6
    assert (result.summary["front_recall"], result.summary["igd"]) == (1.0, 0.0)
    assert result.summary["explained"] == pytest.approx(1)


def test_that_representatives_are_ringed(make_table: MakeTable) -> None:
    inputs = Inputs(make_table(two_groups()))
    result = run(inputs, RepresentativesParams(), Progress())
    _, below, above, named = ANALYSIS.plots["Graph"](inputs, RepresentativesParams(), result).marks
    assert isinstance(below, Points)
    assert isinstance(above, Points)
    ringed = np.flatnonzero(below.size - above.size > 1)
    assert set(ringed) == set(result.arrays["chosen"].tolist())
    assert isinstance(named, Points)
    assert [below.show_labels, above.show_labels, named.show_labels] == [False, False, True]


def test_that_the_coverage_curve_stands_for_metrics(make_table: MakeTable) -> None:
    inputs = Inputs(make_table(two_groups()))
    result = run(inputs, RepresentativesParams(), Progress())
    marks = ANALYSIS.plots["Coverage"](inputs, RepresentativesParams(), result).marks
    line, points = marks[:2]
    assert isinstance(line, Line)
    assert isinstance(points, Points)
    assert points.space is Space.METRIC
    assert points.rows.tolist() == result.arrays["chosen"].tolist()
    assert line.y[-1] == 1


# --- published data --------------------------------------------------------------------------


def test_that_the_published_number_is_found_with_any_seed(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    first = of(table, transform="authors")
    assert first.summary["n_representatives"] == 21
    joined = np.zeros((60, 60), bool)
    a, b = first.arrays["pairs"].T
    joined[a, b] = joined[b, a] = True
    assert {len(greedy(joined, seed)) for seed in range(30)} == {21}
    assert len(smallest(joined, first.arrays["r"] ** 2)) <= 21
    assert of(table).summary["n_representatives"] == 27


def test_that_the_published_number_of_gap_is_found(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    gap = rows([row for row, family in enumerate(table.families) if family == "GAP"])
    params = RepresentativesParams(transform="authors")
    assert run(Inputs(table, models=gap), params, Progress()).summary["n_representatives"] == 37
