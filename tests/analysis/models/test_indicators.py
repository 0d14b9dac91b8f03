"""Front scores of families: by hand, against brute force, and the published ones."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis.models.indicators import (
    ANALYSIS,
    BELOW_BEST,
    IndicatorParams,
    run,
    subsets_of,
)
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars, Plot
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import Direction, ErrorTable, RowRole, Scale
from mlipviewer.io.tables import read_table

MakeTable = Callable[..., ErrorTable]
STUDY = "tables/learning_from_models"


def scored(table: ErrorTable, models: Any = None, **params: Any) -> Result:
    return run(Inputs(table, models=models), IndicatorParams(**params), Progress())


def score(result: Result, family: str, metrics: str, name: str) -> Any:
    scores = result.tables["scores"]
    found = list(zip(scores["family"], scores["metrics"], strict=True))
    return scores[name][found.index((family, metrics))]


def two_families(make_table: MakeTable, **about: Any) -> ErrorTable:
    """log10 errors: A has the front {(1,4), (2,2), (4,1)}, B the point (3,3); the ideal is (1,1)"""
    cells = [(1, 4), (2, 2), (4, 1), (4, 4), (3, 3)]
    return make_table(10.0 ** np.array(cells), families=list("AAAAB"), **about)


def by_cells(boxes: np.ndarray) -> float:  # type: ignore[type-arg]
    """The volume of a union of boxes from the origin, by a sum over the grid of their sides."""
    grids = [np.unique(np.r_[0.0, column]) for column in boxes.T]
    middles = np.meshgrid(*[(g[1:] + g[:-1]) / 2 for g in grids], indexing="ij")
    volumes = np.prod(np.meshgrid(*[np.diff(g) for g in grids], indexing="ij"), axis=0)
    points = np.stack([m.ravel() for m in middles], axis=1)
    inside = (points[:, None] <= boxes[None]).all(axis=2).any(axis=1)
    return float(volumes.ravel()[inside].sum())


def test_that_two_families_have_the_scores_of_the_closed_form(make_table: MakeTable) -> None:
    result = scored(two_families(make_table))
    e = BELOW_BEST
    # boxes (e, 3 + e), (1 + e, 1 + e), (3 + e, e): 1 + 6 e, and squares of e
    assert score(result, "A", "e0|e1", "hv") == pytest.approx(1 + 6 * e, abs=1e-9)
    assert score(result, "A", "e0|e1", "igd") == pytest.approx((1 + e) * 2**0.5)
    assert score(result, "B", "e0|e1", "hv") == pytest.approx((2 + e) ** 2)
    assert score(result, "B", "e0|e1", "igd") == pytest.approx((2 + e) * 2**0.5)
    assert score(result, "A", "e0|e1", "hypervolume") == pytest.approx(4.0)  # nadir (4, 4)
    assert score(result, "B", "e0|e1", "hypervolume") == pytest.approx(1.0)
    assert score(result, "A", "e0|e1", "igd_joint") == 0
    assert score(result, "B", "e0|e1", "gd_joint") == pytest.approx(2**0.5)
    assert result.summary["lowest_hv"] == "A"
    wins = result.tables["wins"]
    assert wins["family"] == ["A", "B"]
    assert (wins["hv_lowest"], wins["hv_second_lowest"]) == ([1, 0], [0, 1])
    assert wins["hypervolume_highest"] == [1, 0]


def test_that_scores_agree_with_brute_force(make_table: MakeTable) -> None:
    rng = np.random.default_rng(3)
    logs = rng.normal(size=(60, 4))
    names = ["ABC"[i % 3] for i in range(60)]
    result = scored(make_table(10.0**logs, families=names), sizes="1,2,3,all", resamples=0)
    ideal = logs.min(axis=0) - BELOW_BEST
    assert result.summary["n_subsets"] == 4 + 6 + 4 + 1
    for subset in subsets_of(4, "1,2,3,all"):
        for family in "ABC":
            own = logs[[name == family for name in names]][:, subset]
            front = [a for a in own if not any((b <= a).all() and (b < a).any() for b in own)]
            boxes = np.array(front) - ideal[list(subset)]
            label = "|".join(f"e{i}" for i in subset)
            volume = by_cells(boxes)
            assert score(result, family, label, "hv") == pytest.approx(volume, rel=1e-9)
            distance = np.sqrt((boxes**2).sum(axis=1)).min()
            assert score(result, family, label, "igd") == pytest.approx(distance)
            assert score(result, family, label, "n_front") == len(front)


def test_that_the_scale_of_the_table_makes_no_difference(make_table: MakeTable) -> None:
    logs = np.random.default_rng(0).normal(size=(30, 3))
    names = ["AB"[i % 2] for i in range(30)]
    linear = scored(make_table(10.0**logs, families=names))
    already = scored(make_table(logs, families=names, scale=Scale.LOG10))
    for name in ("hv", "igd", "hypervolume", "hv_equal_n"):
        assert linear.tables["scores"][name] == pytest.approx(already.tables["scores"][name])


def test_that_the_ideal_is_of_all_models_and_not_of_references(make_table: MakeTable) -> None:
    roles = [RowRole.THRESHOLD, *[RowRole.MODEL] * 5]
    table = make_table(
        [(1e-9, 1e-9), (1, 9), (2, 2), (9, 1), (3, 3), (0.1, 0.1)],
        roles=roles,
        families=["", "A", "A", "A", "A", "B"],
    )
    result = scored(table, models=rows([1, 2, 3, 4]))
    assert result.tables["ideal"]["ideal"] == pytest.approx([-1 - BELOW_BEST] * 2)
    assert result.tables["scores"]["family"] == ["A"]
    assert result.summary["n_models"] == 4


def test_that_failed_fits_are_left_out_or_kept_as_the_authors_do(make_table: MakeTable) -> None:
    cells = [(1.0 + i, 20.0 - i) for i in range(12)]
    table = make_table([(1e-16, 1.0), *cells], families=["A", *"AB" * 6])
    default, authors = scored(table), scored(table, transform="authors")
    assert default.summary["n_models"] == 12
    assert any("m0" in note for note in default.notes)
    assert default.tables["ideal"]["ideal"][0] == pytest.approx(-BELOW_BEST)
    assert authors.summary["n_models"] == 13
    assert authors.tables["ideal"]["ideal"][0] == pytest.approx(-16 - BELOW_BEST)


def test_that_higher_may_be_better(make_table: MakeTable) -> None:
    cells = np.array([(1.0, 9.0), (2.0, 5.0), (4.0, 1.0)])
    up = make_table(cells, direction=(Direction.HIGHER, Direction.LOWER))
    turned = make_table(np.column_stack((1 / cells[:, 0], cells[:, 1])))
    assert scored(up).tables["scores"]["hv"] == pytest.approx(scored(turned).tables["scores"]["hv"])


def test_that_a_missing_value_leaves_a_model_out_of_its_subsets_only(make_table: MakeTable) -> None:
    table = make_table([(1, 2, np.nan), (2, 1, 3), (3, 3, 1)])
    result = scored(table, sizes="2")
    by_subset = dict(
        zip(result.tables["scores"]["metrics"], result.tables["scores"]["n_models"], strict=True)
    )
    assert by_subset == {"e0|e1": 3, "e0|e2": 2, "e1|e2": 2}
    assert set(result.tables["scores"]["family"]) == {"all models"}


def test_that_the_reference_of_the_hypervolume_is_as_asked(make_table: MakeTable) -> None:
    """log10: models (1, 2), (2, 1) and (3, 3), thresholds (1.5, 2.5)."""
    cells = 10.0 ** np.array([(1.5, 2.5), (1, 2), (2, 1), (3, 3)])
    table = make_table(cells, roles=[RowRole.THRESHOLD, *[RowRole.MODEL] * 3])
    sizes = {
        choice: scored(table, reference=choice).tables["scores"]["hypervolume"][0]
        for choice in ("nadir", "worst", "threshold")
    }
    assert sizes == pytest.approx({"nadir": 0.0, "worst": 3.0, "threshold": 0.25})
    with pytest.raises(AnalysisProblem, match="no row of thresholds"):
        scored(make_table(cells), reference="threshold")


def test_that_samples_of_equal_size_are_seeded_and_undo_the_advantage_of_number(
    make_table: MakeTable,
) -> None:
    logs = np.random.default_rng(5).normal(size=(600, 2))  # the same law for both families
    table = make_table(10.0**logs, families=["A"] * 550 + ["B"] * 50)
    first, second = scored(table, resamples=100), scored(table, resamples=100)
    assert first.tables == second.tables
    a, b = (score(first, family, "e0|e1", "hv") for family in "AB")
    assert a < b  # by number alone
    mean = score(first, "A", "e0|e1", "hv_equal_n")
    spread = score(first, "A", "e0|e1", "hv_equal_n_std")
    assert abs(mean - b) < 3 * spread
    assert score(first, "B", "e0|e1", "hv_equal_n") == b
    assert scored(table, resamples=100, seed=1).tables["scores"] != first.tables["scores"]
    assert any("equal_n" in note for note in first.notes)


def test_that_many_metrics_are_scored_by_chance_with_an_error(make_table: MakeTable) -> None:
    table = make_table(10 ** np.random.default_rng(0).random((30, 9)), families=["A", "B"] * 15)
    result = scored(table, metrics=("all",), sizes="all", resamples=3)
    scores = result.tables["scores"]
    assert "by chance" in result.notes[-1]
    assert all(0 < e < 0.05 * v for e, v in zip(scores["hv_error"], scores["hv"], strict=True))


def test_that_subsets_are_those_asked_for() -> None:
    assert subsets_of(3, "2,all") == [(0, 1), (0, 2), (1, 2), (0, 1, 2)]
    assert subsets_of(2, "2,all") == [(0, 1)]
    assert subsets_of(1, "2,all") == [(0,)]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"sizes": "two"}, "numbers or `all`, not 'two'"),
        ({"sizes": "9"}, "has the size 9"),
        ({"metrics": ("nosuch",)}, "no metric 'nosuch'"),
    ],
)
def test_that_wrong_parameters_are_told(
    make_table: MakeTable, params: dict[str, Any], words: str
) -> None:
    with pytest.raises(AnalysisProblem, match=words):
        scored(two_families(make_table), **params)


def test_that_too_many_subsets_are_told() -> None:
    with pytest.raises(AnalysisProblem, match="too many"):
        subsets_of(60, "5")


def test_that_samples_can_be_stopped(make_table: MakeTable) -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        run(Inputs(two_families(make_table)), IndicatorParams(), progress)


# --- the plots ---------------------------------------------------------------------------------


def drawn(table: ErrorTable, plot: str, **about: Any) -> Plot:
    params = IndicatorParams(**about)
    return ANALYSIS.plots[plot](
        Inputs(table), params, ANALYSIS.run(Inputs(table), params, Progress())
    )


def test_that_bars_stand_for_the_models_of_their_front(make_table: MakeTable) -> None:
    plot = drawn(two_families(make_table), "Scores")
    (bars,) = plot.marks
    assert isinstance(bars, Bars)
    assert [r.tolist() for r in bars.rows] == [[0, 1, 2], [4]]
    assert bars.group_names == ("A", "B")
    assert bars.end.tolist() == pytest.approx([1 + 6e-5, (2 + 1e-5) ** 2], abs=1e-8)
    assert plot.status == "2 families / 1 subset / 5 models"
    (whole,) = drawn(two_families(make_table), "Scores of all").marks
    assert whole.end.tolist() == bars.end.tolist()  # type: ignore[union-attr]


def test_that_many_subsets_are_drawn_as_medians(make_table: MakeTable) -> None:
    table = make_table(10 ** np.random.default_rng(0).random((30, 6)), families=["A", "B"] * 15)
    plot = drawn(table, "Scores", metrics=("all",), resamples=0)
    (bars,) = plot.marks
    assert isinstance(bars, Bars)
    assert len(bars.end) == 2
    assert bars.low is not None
    assert (bars.low <= bars.end).all()
    assert plot.y.ticks[0][1] == "2 of 6"
    assert "medians" in plot.status


def test_that_a_score_that_was_not_computed_is_said(make_table: MakeTable) -> None:
    for plot in ANALYSIS.plots:
        shown = drawn(two_families(make_table), plot, resamples=0, score="hv_equal_n")
        assert "ask for resamples" in shown.empty


def test_that_shares_are_drawn_on_top_of_each_other(make_table: MakeTable) -> None:
    plot = drawn(two_families(make_table), "Share of subsets won")
    (bars,) = plot.marks
    assert isinstance(bars, Bars)
    assert bars.end.tolist() == [100, 0, 100, 100]
    assert np.asarray(bars.base).tolist() == [0, 0, 100, 0]
    assert [r.tolist() for r in bars.rows[:2]] == [[0, 1, 2, 3], [4]]


def test_that_shares_are_of_as_many_subsets_as_the_words_say(make_table: MakeTable) -> None:
    """That of all metrics is none of them."""
    table = make_table(10 ** np.random.default_rng(0).random((30, 4)), families=["A", "B"] * 15)
    about = {"metrics": ("all",), "resamples": 0, "sizes": "2,all"}
    for plot in ("Share of subsets won", "Scores"):
        assert drawn(table, plot, **about).status == "2 families / 6 subsets / 30 models"
    assert drawn(table, "Scores of all", **about).status == "2 families / 1 subset / 30 models"


# --- published data ----------------------------------------------------------------------------


def published(path: Path) -> dict[frozenset[str], dict[str, float]]:
    with path.open() as lines:
        return {
            frozenset(row["Keys"].split("|")): {
                name: float(row[name]) for name in row if name not in ("", "Keys")
            }
            for row in csv.DictReader(lines)
        }


@pytest.fixture(scope="module")
def formation(shared_data: Path) -> Result:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    return scored(table, category="E_f", resamples=5)


@pytest.mark.parametrize("name", ["hv", "igd"])
def test_that_the_published_scores_are_found(
    shared_data: Path, formation: Result, name: str
) -> None:
    known = published(shared_data / STUDY / f"Fig5/Ef-{name}.csv")
    scores = formation.tables["scores"]
    assert len(known) == 7
    found = zip(scores["family"], scores["metrics"], scores[name], strict=True)
    for family, metrics, value in found:
        assert value == pytest.approx(known[frozenset(metrics.split("|"))][family], abs=1e-6)
    assert len(scores["family"]) == 7 * 6


def test_that_one_published_pair_has_the_known_numbers(formation: Result) -> None:
    known = {
        "GAP": (7.165541, 3.160945),
        "DPMD": (4.437930, 2.001308),
        "SNAP": (8.298637, 3.725009),
        "MTP": (6.171922, 2.833189),
        "NNP": (3.170248, 1.781469),
        "DPPT": (7.285778, 2.800699),
    }
    for family, (hv, igd) in known.items():
        assert score(formation, family, "hex_Ef|spl_Ef", "hv") == pytest.approx(hv, abs=1e-6)
        assert score(formation, family, "hex_Ef|spl_Ef", "igd") == pytest.approx(igd, abs=1e-6)


def test_that_the_published_shares_are_found(formation: Result) -> None:
    wins = formation.tables["wins"]
    first = dict(zip(wins["family"], wins["hv_lowest"], strict=True))
    second = dict(zip(wins["family"], wins["hv_second_lowest"], strict=True))
    assert {n: round(100 * v, 1) for n, v in first.items() if v} == {"NNP": 83.3, "DPMD": 16.7}
    shares = {n: round(100 * v, 1) for n, v in second.items() if v}
    assert shares == {"DPMD": 66.7, "MTP": 16.7, "DPPT": 16.7}


def test_that_the_optimal_models_of_the_families_are_as_many_as_published(
    formation: Result,
) -> None:
    scores = formation.tables["scores"]
    found = zip(scores["family"], scores["n_metrics"], scores["n_front"], strict=True)
    sizes = {family: n for family, n_metrics, n in found if n_metrics == 4}
    known = {"GAP": 52, "DPMD": 55, "SNAP": 126, "MTP": 13, "NNP": 35, "DPPT": 79}
    assert sizes == known


@pytest.mark.parametrize("category", ["E_f", "RE"])
def test_that_published_fronts_of_pairs_agree_with_brute_force(
    shared_data: Path, category: str
) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    result = scored(table, category=category, sizes="2", resamples=0)
    scores, ends = result.tables["scores"], result.arrays["front_end"]
    starts = np.r_[0, ends[:-1]]
    families = np.array(table.families, object)
    for i, (family, metrics) in enumerate(zip(scores["family"], scores["metrics"], strict=True)):
        rows_of_family = np.flatnonzero((families == family) & table.model_mask)
        own = np.stack([table.metric(name)[rows_of_family] for name in metrics.split("|")], axis=1)
        below = (own[:, None] <= own[None]).all(axis=2) & (own[:, None] < own[None]).any(axis=2)
        brute = rows_of_family[~below.any(axis=0)]
        assert result.arrays["front"][starts[i] : ends[i]].tolist() == brute.tolist()
