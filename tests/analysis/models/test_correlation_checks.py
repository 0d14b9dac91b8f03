"""Checked correlations: closed forms, other computations, edges that one model carries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.analysis.methods.pair_sums import (
    all_pairs,
    discovery_rates,
    drawn_again,
    p_values,
    within_groups,
    without_one,
)
from mlipviewer.analysis.models.correlation_checks import ANALYSIS, CorrelationChecksParams, run
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Edges, HeatMap
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.tables import read_table

STUDY = "tables/learning_from_models"
MakeTable = Callable[..., ErrorTable]
Array = np.ndarray  # type: ignore[type-arg]


def of(table: ErrorTable, **params: object) -> Result:
    params = {"draws": 200} | params
    return run(Inputs(table), CorrelationChecksParams(**params), Progress())  # type: ignore[arg-type]


# --- statistics ------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.integers(4, 30))
def test_that_p_is_that_of_scipy(seed: int, n: int) -> None:
    from scipy.stats import pearsonr

    x, y = np.random.default_rng(seed).normal(size=(2, n))
    found = pearsonr(x, y)
    p = p_values(np.array([found.statistic, 1.0]), np.array([n, n]))
    assert p[0] == pytest.approx(found.pvalue, rel=1e-6)
    assert p[1] == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_that_discovery_rates_are_those_of_scipy(p: list[float]) -> None:
    from scipy.stats import false_discovery_control

    given_p = np.array(p)
    assert discovery_rates(given_p) == pytest.approx(false_discovery_control(given_p))
    with_gap = discovery_rates(np.r_[given_p, np.nan])
    assert np.isnan(with_gap[-1])
    assert with_gap[:-1] == pytest.approx(discovery_rates(given_p))


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(5, 12), st.booleans())
def test_that_leaving_one_out_is_leaving_it_out(seed: int, n: int, gaps: bool) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, 3)) + 5
    if gaps:
        values[0, 1] = np.nan
    pairs = all_pairs(3)
    found = without_one(values, pairs, Progress())
    for (i, j), r2, row in zip(pairs, found.r2, found.row, strict=True):
        expected = []
        for one in range(n):
            rest = np.delete(values, one, axis=0)
            both = np.isfinite(rest[:, i]) & np.isfinite(rest[:, j])
            expected.append(np.corrcoef(rest[both, i], rest[both, j])[0, 1] ** 2)
        assert r2 == pytest.approx(min(expected), abs=1e-9)
        assert expected[row] == pytest.approx(min(expected), abs=1e-9)


def test_that_blocks_are_drawn_as_wholes() -> None:
    values = np.random.default_rng(0).normal(size=(40, 2))
    one_block = drawn_again(values, all_pairs(2), np.zeros(40, int), 5, 0, Progress())
    assert one_block[:, 0] == pytest.approx(np.corrcoef(values.T)[0, 1])
    halves = drawn_again(values, all_pairs(2), np.repeat([0, 1], 20), 200, 0, Progress())
    possible = [np.corrcoef(values[part].T)[0, 1] for part in (slice(20), slice(20, 40), slice(40))]
    assert all(np.abs(np.array(possible) - r).min() < 1e-9 for r in halves[:, 0])


def test_that_drawn_rows_spread_as_theory_says() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=400)
    values = np.column_stack((x, 0.8 * x + 0.6 * rng.normal(size=400)))
    draws = drawn_again(values, all_pairs(2), np.arange(400), 2000, 0, Progress())
    expected = (1 - 0.8**2) / np.sqrt(400)  # large-sample deviation of r
    assert draws.std() == pytest.approx(expected, rel=0.2)


def test_that_differences_of_families_can_make_or_hide_a_correlation() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1], 100)
    noise = rng.normal(size=(200, 2))
    apart = noise + 20 * group[:, None]
    assert np.corrcoef(apart.T)[0, 1] > 0.9
    assert abs(np.corrcoef(within_groups(apart, group).T)[0, 1]) < 0.2
    apart[3, 0] = np.nan
    assert np.isnan(within_groups(apart, group)[3, 0])


# --- the analysis ----------------------------------------------------------------------------


def one_outlier(n: int = 60) -> Array:
    """Positive errors: e0, e1 go together; e2, e3 only by model 7, which is far out in both."""
    rng = np.random.default_rng(0)
    logs = rng.normal(size=(n, 4))
    logs[:, 1] = logs[:, 0] + 0.1 * logs[:, 1]
    logs[7, 2:] = 25.0
    return np.asarray(10 ** (0.1 * logs))


def test_that_an_edge_by_one_model_is_told_from_a_true_one(make_table: MakeTable) -> None:
    families = tuple("ABCDEF"[i % 6] for i in range(60))
    result = of(make_table(one_outlier(), families=families))
    edges = result.tables["edges"]
    assert list(zip(edges["a"], edges["b"], strict=True)) == [("e0", "e1"), ("e2", "e3")]
    assert edges["carried"] == [False, True]
    assert edges["without"][1] == "m7"
    assert edges["r2_without_one"][0] > 0.9
    assert edges["r2_without_one"][1] < 0.2
    assert edges["share"][0] == 1.0
    assert edges["share"][1] < 0.9
    assert edges["r_low"][0] < edges["r"][0] < edges["r_high"][0]
    assert (result.summary["n_edges"], result.summary["n_carried"]) == (2, 1)
    assert (result.summary["n_unsure"], result.summary["n_blocks"]) == (1, 6)
    assert result.tables["carriers"] == {"model": ["m7"], "n_edges": [1]}


def test_that_all_pairs_are_listed_on_request(make_table: MakeTable) -> None:
    edges = of(make_table(one_outlier()), every_pair=True).tables["edges"]
    assert len(edges["a"]) == 6
    assert edges["r2"] == sorted(edges["r2"], reverse=True)


def test_that_blocks_are_named_columns_or_single_models(make_table: MakeTable) -> None:
    families = tuple("AB"[i % 2] for i in range(60))
    table = make_table(one_outlier(), families=families)
    result = of(table, blocks=("family",))
    assert result.summary["n_blocks"] == 2
    assert "only 2 blocks" in result.notes[-1]
    alone = of(make_table(one_outlier()))
    assert alone.summary["n_blocks"] == 60
    assert "one by one" in alone.notes[-1]
    with pytest.raises(AnalysisProblem, match="no text column"):
        of(table, blocks=("nonsense",))


def test_that_an_edge_between_families_is_none_within(make_table: MakeTable) -> None:
    rng = np.random.default_rng(0)
    logs = rng.normal(size=(60, 2)) + np.repeat([0, 9], 30)[:, None]
    table = make_table(10 ** (0.1 * logs), families=("A",) * 30 + ("B",) * 30)
    result = of(table)
    assert (result.summary["n_edges"], result.summary["n_within"]) == (1, 0)
    assert abs(result.tables["edges"]["r_within"][0]) < 0.5


def test_that_it_can_be_stopped(make_table: MakeTable) -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        drawn_again(np.ones((5, 2)), all_pairs(2), np.arange(5), 10, 0, progress)
    with pytest.raises(Cancelled):
        without_one(np.ones((5, 2)), all_pairs(2), progress)


def test_that_carried_edges_are_dashed(make_table: MakeTable) -> None:
    inputs, params = Inputs(make_table(one_outlier())), CorrelationChecksParams(draws=20)
    result = run(inputs, params, Progress())
    edges = ANALYSIS.plots["Graph"](inputs, params, result).marks[0]
    assert isinstance(edges, Edges)
    assert edges.negative.tolist() == [tuple(p) == (2, 3) for p in np.sort(edges.pairs).tolist()]
    for plot in ("Within families", "Without one model"):
        (matrix,) = ANALYSIS.plots[plot](inputs, params, result).marks
        assert isinstance(matrix, HeatMap)
        assert matrix.values.shape == (4, 4)


# --- published data --------------------------------------------------------------------------


def test_that_the_failed_fits_carry_the_published_edges(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    result = of(table, transform="authors")
    assert result.summary["n_edges"] == 128
    assert result.tables["carriers"]["model"] == ["DPPT|21-1|VacEnh", "DPPT|69-1|Org"]
    assert result.summary["n_carried"] == sum(result.tables["carriers"]["n_edges"]) == 35
    without = of(table)
    assert (without.summary["n_edges"], without.summary["n_blocks"]) == (95, 23)
    assert without.summary["n_carried"] <= 1  # type: ignore[operator]
