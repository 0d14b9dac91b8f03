"""Fronts by chance: closed forms, brute force, and the published medians (within their scatter)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations, product
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis.methods.random_fronts import (
    coarse_front_size,
    expected_front,
    front_size,
    gaussian_front_sizes,
    known_points,
    random_subsets,
)
from mlipviewer.analysis.models.tradeoff import (
    TradeoffParams,
    draw_distributions,
    draw_metrics,
    equivalent_r,
    run,
)
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars, Line, Space
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.table import Direction, ErrorTable
from mlipviewer.io.tables import read_table

MakeTable = Callable[..., ErrorTable]
STUDY = "tables/learning_from_models"


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (100, (5.1874, 14.2719, 27.9057)),
        (2300, (8.318, 35.418, 103.163, 231.861)),
    ],
)
def test_that_the_expected_size_is_the_known_one(n: int, expected: tuple[float, ...]) -> None:
    found = [expected_front(n, d) for d in range(2, 2 + len(expected))]
    assert found == pytest.approx(expected, abs=6e-4)


def test_that_the_expected_size_of_small_sets_is_that_of_all_orders() -> None:
    """Every order of the second and third column is equally likely."""
    for n, d in ((2, 2), (3, 2), (4, 2), (3, 3)):
        orders = list(product(permutations(range(n)), repeat=d - 1))
        sizes = [front_size(np.array([range(n), *order], float).T) for order in orders]
        mean = Fraction(sum(sizes), len(sizes))
        assert expected_front(n, d) == pytest.approx(float(mean))
    assert expected_front(3, 2) == pytest.approx(11 / 6)
    assert expected_front(50, 1) == 1
    assert expected_front(0, 3) == 0


def test_that_subsets_are_all_where_there_are_few() -> None:
    rng = np.random.default_rng(0)
    assert random_subsets(4, 2, 100, rng) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    some = random_subsets(30, 5, 40, rng)
    assert len(some) == 40
    assert all(len(set(subset)) == 5 and subset == tuple(sorted(subset)) for subset in some)


def test_that_uncorrelated_gaussians_have_the_expected_fronts() -> None:
    rng = np.random.default_rng(1)
    for d in (2, 3, 4):
        sizes = gaussian_front_sizes(200, d, 0.0, 400, rng, Progress())
        assert sizes.mean() == pytest.approx(expected_front(200, d), abs=4 * sizes.std() / 20)


def test_that_correlation_makes_fronts_smaller() -> None:
    rng = np.random.default_rng(1)
    means = [gaussian_front_sizes(200, 4, r, 100, rng, Progress()).mean() for r in (0, 0.5, 0.99)]
    assert means[0] > 1.5 * means[1] > 2 * means[2]


def test_that_the_gaussians_correlate_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(
        "mlipviewer.analysis.methods.random_fronts.front_size", lambda x: seen.append(x) or len(x)
    )
    gaussian_front_sizes(20_000, 4, 0.6, 1, np.random.default_rng(0), Progress())
    r = np.corrcoef(seen[0].T)
    assert r[np.triu_indices(4, 1)] == pytest.approx([0.6] * 6, abs=0.02)
    assert seen[0].std(axis=0) == pytest.approx([1] * 4, abs=0.03)


def test_that_epsilon_dominance_makes_fronts_smaller_and_vanishes_with_its_step() -> None:
    logs = np.random.default_rng(0).normal(size=(400, 3))
    exact = front_size(logs)
    assert coarse_front_size(logs, 1e-9) == exact
    sizes = [coarse_front_size(logs, step) for step in (0.05, 0.5, 5.0, 100.0)]
    assert exact > sizes[0] > sizes[1] >= sizes[2]
    assert coarse_front_size(np.array([(0.1, 0.9), (0.9, 0.1), (0.5, 0.5)]), 1.0) == 1


def test_that_missing_values_leave_rows_out() -> None:
    points = np.array([(1, np.nan, 3), (1, 2, 3.0)])
    assert len(known_points(points, (0, 2))) == 2
    assert len(known_points(points, (0, 1))) == 1


def ran(table: ErrorTable, **params: Any) -> Result:
    return run(Inputs(table), TradeoffParams(**params), Progress())


def test_that_all_subsets_of_a_small_table_are_counted(make_table: MakeTable) -> None:
    cells = np.random.default_rng(0).random((40, 4))
    found = ran(make_table(cells), dimensions="2,3,9", correlations="0.1,0.9", draws=10)
    subsets = found.tables["subsets"]
    assert len(subsets["metrics"]) == comb(4, 2) + comb(4, 3)
    for names, n_optimal in zip(subsets["metrics"], subsets["n_optimal"], strict=True):
        own = cells[:, [int(name[1:]) for name in names.split("|")]]
        brute = sum(not any((b <= a).all() and (b < a).any() for b in own) for a in own)
        assert n_optimal == brute
    medians = found.tables["medians"]
    assert medians["dimension"] == [2, 3]
    assert medians["n_optimal_median"][0] == np.median(subsets["n_optimal"][:6])
    assert medians["n_optimal_expected"] == [expected_front(40, 2), expected_front(40, 3)]
    assert set(medians) > {"gaussian_0.1", "gaussian_0.9"}
    assert "fewer than 9" in found.notes[0]


def test_that_higher_may_be_better(make_table: MakeTable) -> None:
    cells = [(1, 1), (2, 2), (3, 3)]
    up = make_table(cells, direction=(Direction.HIGHER, Direction.LOWER))
    assert ran(up, dimensions="2", draws=3).tables["subsets"]["n_optimal"] == [3]
    assert ran(make_table(cells), dimensions="2", draws=3).tables["subsets"]["n_optimal"] == [1]


def test_that_the_seed_decides(make_table: MakeTable) -> None:
    table = make_table(np.random.default_rng(0).random((50, 9)))
    first = ran(table, draws=20)
    assert first.tables == ran(table, draws=20).tables
    assert first.tables != ran(table, draws=20, seed=1).tables


def test_that_metrics_that_enlarge_fronts_are_found(make_table: MakeTable) -> None:
    """Five metrics that are one, and one against them: only with that one there is a front."""
    x = np.random.default_rng(0).permutation(30) + 1.0
    found = ran(make_table(np.column_stack([x] * 5 + [31 - x])), dimensions="2", draws=50)
    ratio = dict(zip(found.tables["metrics"]["metric"], found.tables["metrics"]["ratio"], strict=1))
    assert max(ratio, key=lambda name: ratio[name]) == "e5"
    assert ratio["e5"] == pytest.approx(30)
    assert ratio["e0"] == pytest.approx(30 ** (1 / 5))


def test_that_the_equivalent_correlation_is_interpolated() -> None:
    chance = {0.0: 100.0, 0.5: 10.0, 0.9: 1.0}
    assert equivalent_r(100, chance) == 0
    assert equivalent_r(10**1.5, chance) == pytest.approx(0.25)
    assert equivalent_r(200, chance) is None
    assert equivalent_r(5, {0.5: 5.0}) is None


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"dimensions": "two"}, "are numbers"),
        ({"dimensions": "2.5"}, "whole numbers"),
        ({"dimensions": "0"}, "between 1 and 200"),
        ({"dimensions": "9"}, "no 9 metrics"),
        ({"correlations": "1"}, "between 0 and"),
        ({"correlations": ""}, "between 0 and"),
    ],
)
def test_that_wrong_parameters_are_told(
    make_table: MakeTable, params: dict[str, Any], words: str
) -> None:
    with pytest.raises(AnalysisProblem, match=words):
        ran(make_table([(1, 2), (2, 1)]), **params)


def test_that_it_stops_within_a_dimension(make_table: MakeTable) -> None:
    steps: list[int] = []
    progress = Progress(lambda done, total: (steps.append(done), progress.stop())[0])
    table = make_table(np.random.default_rng(0).random((50, 9)))
    with pytest.raises(Cancelled):
        run(Inputs(table), TradeoffParams(draws=100_000), progress)
    assert steps == [0]


def test_that_the_distributions_are_boxes_with_medians(make_table: MakeTable) -> None:
    table = make_table(np.random.default_rng(0).random((50, 5)))
    params = TradeoffParams(dimensions="2,3", correlations="0.5", draws=20)
    result = run(Inputs(table), params, Progress())
    plot = draw_distributions(Inputs(table), params, result)
    boxes, *lines = plot.marks
    assert isinstance(boxes, Bars)
    assert boxes.space is Space.METRIC
    assert boxes.group_names == ("models", "r = 0.5")
    assert sorted(len(rows) for rows in boxes.rows) == [0, 0, 5, 5]
    assert boxes.low is not None
    assert (boxes.low <= boxes.base).all()
    medians = [line for line in lines if isinstance(line, Line) and not line.dashed]
    assert [line.y[0] for line in medians][:2] == result.tables["medians"]["n_optimal_median"]
    dashed = [line.y[0] for line in lines if isinstance(line, Line) and line.dashed]
    assert dashed == result.tables["medians"]["n_optimal_expected"]
    (bars,) = draw_metrics(Inputs(table), params, result).marks
    assert isinstance(bars, Bars)
    assert sorted(int(rows[0]) for rows in bars.rows) == [0, 1, 2, 3, 4]


# --- the published study, and a table of chance in its place ---------------------------------


def test_that_independent_errors_look_like_uncorrelated_gaussians(make_table: MakeTable) -> None:
    table = make_table(np.random.default_rng(0).random((1000, 12)))
    found = ran(table, dimensions="3", correlations="0,0.5", draws=60).tables["medians"]
    assert found["n_optimal_median"][0] == pytest.approx(expected_front(1000, 3), rel=0.1)
    assert found["gaussian_0"][0] == pytest.approx(expected_front(1000, 3), rel=0.1)
    assert found["equivalent_r"][0] is None or found["equivalent_r"][0] < 0.05


def test_that_the_published_medians_are_found(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    found = ran(table, correlations="0.01,0.9", draws=200).tables["medians"]
    near = zip(found["n_optimal_median"], (8, 32, 74, 132), (0.5, 4, 9, 14), strict=True)
    assert all(abs(median - known) <= scatter for median, known, scatter in near)
    near = zip(found["gaussian_0.01"], (8, 34, 101, 220), (0.5, 2, 4, 7), strict=True)
    assert all(abs(median - known) <= scatter for median, known, scatter in near)
    near = zip(found["gaussian_0.9"], (2, 3, 4, 5), (1, 1, 1, 1), strict=True)
    assert all(abs(median - known) <= scatter for median, known, scatter in near)
    low, high = found["n_optimal_low"][2], found["n_optimal_high"][2]
    assert low == pytest.approx(32, abs=8)
    assert high == pytest.approx(152, abs=30)


def test_that_the_published_medians_without_ranking_errors_are_found(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    names = tuple(c.name for c in table.metric_columns if c.category != "energy ranking")
    assert len(names) == 48
    found = ran(table, metrics=names, dimensions="4,5", correlations="0.01", draws=200)
    medians = found.tables["medians"]["n_optimal_median"]
    assert medians[0] == pytest.approx(75, abs=10)
    assert medians[1] == pytest.approx(137, abs=17)
