"""Fronts: against the definition, unmoved by increasing maps, and the published ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlipviewer.analysis.methods.fronts import front_layers, non_dominated
from mlipviewer.analysis.models.pareto import ANALYSIS, ParetoParams, draw, run
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.plot import Line, Points, Rule, Shape, Space
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import Direction, ErrorTable, RowRole, Scale
from mlipviewer.io.tables import read_table

FIVE = [(1, 5), (2, 2), (3, 3), (5, 1), (2, 6)]
STUDY = "tables/learning_from_models"
MakeTable = Callable[..., ErrorTable]
points = arrays(
    float, st.tuples(st.integers(0, 40), st.integers(1, 5)), elements=st.integers(0, 6).map(float)
)


def by_definition(x: np.ndarray) -> list[bool]:  # type: ignore[type-arg]
    return [
        not any((b <= a).all() and (b < a).any() for b in x)  # b dominates a
        for a in x
    ]


def front_of(table: object, **params: object) -> list[str]:
    result = run(Inputs(table), ParetoParams(**params), Progress())  # type: ignore[arg-type]
    return list(result.tables["front"]["model"])


@given(points)
def test_that_the_mask_is_the_definition(x: np.ndarray) -> None:  # type: ignore[type-arg]
    assert non_dominated(x).tolist() == by_definition(x)


def test_that_larger_sets_agree_with_the_definition() -> None:
    rng = np.random.default_rng(1)
    for d in (2, 3, 8):
        x = rng.normal(size=(400, d)).round(1)
        assert non_dominated(x).tolist() == by_definition(x)


@given(points)
def test_that_increasing_maps_do_not_move_the_front(x: np.ndarray) -> None:  # type: ignore[type-arg]
    positive = x + 1
    logs = np.log10(positive)
    z = (logs - logs.mean(axis=0)) / 0.7 if len(x) else logs
    expected = non_dominated(positive)
    assert np.array_equal(non_dominated(logs), expected)
    assert np.array_equal(non_dominated(z), expected)


@given(points)
def test_that_layers_are_fronts_of_what_is_left(x: np.ndarray) -> None:  # type: ignore[type-arg]
    layer = front_layers(x, 50, True, Progress())
    for number in range(1, int(layer.max(initial=0)) + 1):
        left = layer >= number
        assert np.array_equal(layer[left] == number, non_dominated(x[left]))
    assert (layer > 0).all()


def test_that_the_mean_size_of_random_fronts_is_the_known_one() -> None:
    """E[n] = sum of E_{d-1}/k: 5.1874 and 14.2719 for 100 points in 2 and 3 dimensions."""
    rng = np.random.default_rng(2)
    for d, expected in ((2, 5.1874), (3, 14.2719)):
        sizes = [non_dominated(rng.random((100, d))).sum() for _ in range(600)]
        assert np.mean(sizes) == pytest.approx(expected, abs=4 * np.std(sizes) / np.sqrt(600))


def test_that_five_points_have_the_known_front(make_table: MakeTable) -> None:
    assert front_of(make_table(FIVE)) == ["m0", "m1", "m3"]


def test_that_higher_may_be_better(make_table: MakeTable) -> None:
    table = make_table(FIVE, direction=(Direction.LOWER, Direction.HIGHER))
    assert front_of(table) == ["m0", "m4"]


def test_that_references_and_thresholds_take_no_part(make_table: MakeTable) -> None:
    roles = [RowRole.THRESHOLD, RowRole.REFERENCE, *[RowRole.MODEL] * 5]
    table = make_table([(0, 0), (0.5, 0.5), *FIVE], roles=roles)
    result = run(Inputs(table), ParetoParams(), Progress())
    assert result.summary["n_models"] == 5
    assert result.tables["front"]["model"] == ["m2", "m3", "m5"]
    assert result.arrays["rank"].tolist() == [0, 0, 1, 1, 0, 1, 0]


def test_that_missing_values_leave_a_model_out_and_are_counted(make_table: MakeTable) -> None:
    table = make_table([*FIVE, (0, np.nan)])
    result = run(Inputs(table), ParetoParams(), Progress())
    assert (result.summary["n_models"], result.summary["n_missing"]) == (6, 1)
    assert result.tables["front"]["model"] == ["m0", "m1", "m3"]
    assert result.tables["ranks"]["rank"] == [1, 1, 0, 1, 0, None]
    assert "missing value" in result.notes[0]


def test_that_a_filter_makes_another_front(make_table: MakeTable) -> None:
    table = make_table(FIVE)
    result = run(Inputs(table, models=rows([2, 4])), ParetoParams(), Progress())
    assert result.tables["front"]["model"] == ["m4", "m2"]
    assert result.summary["n_models"] == 2


def test_that_equal_models_are_kept_or_the_first_of_them(make_table: MakeTable) -> None:
    table = make_table([(1, 1), (1, 1), (2, 2)])
    assert front_of(table) == ["m0", "m1"]
    assert front_of(table, keep_duplicates=False) == ["m0"]


def test_that_layers_are_ranked(make_table: MakeTable) -> None:
    result = run(Inputs(make_table(FIVE)), ParetoParams(layers=3), Progress())
    front = result.tables["front"]
    assert front["model"] == ["m0", "m1", "m3", "m4", "m2"]
    assert front["rank"] == [1, 1, 1, 2, 2]
    assert result.summary["n_front"] == 3


def test_that_a_front_of_nearly_all_is_told(make_table: MakeTable) -> None:
    x = np.random.default_rng(0).random((50, 12))
    result = run(Inputs(make_table(x)), ParetoParams(metrics=("all",)), Progress())
    assert "nearly all are optimal" in result.notes[0]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"metrics": ("nosuch",)}, "no metric 'nosuch'"),
        ({"category": "nosuch"}, "no category 'nosuch'"),
        ({"metrics": ("e0", "e0")}, "named twice"),
    ],
)
def test_that_wrong_metrics_are_told(
    make_table: MakeTable, params: dict[str, object], words: str
) -> None:
    with pytest.raises(AnalysisProblem, match=words):
        front_of(make_table(FIVE), **params)


def test_that_stopping_stops(make_table: MakeTable) -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        run(Inputs(make_table(FIVE)), ParetoParams(), progress)


# --- the plot --------------------------------------------------------------------------------


def test_that_the_plot_shows_models_front_threshold_and_counts(make_table: MakeTable) -> None:
    roles = [RowRole.THRESHOLD, *[RowRole.MODEL] * 6]
    table = make_table(
        [(4, 4), *FIVE, (1, np.nan)],
        roles=roles,
        families=["", "A", "B", "A", "B", "A", "A"],
        unit=("eV", "GPa"),
    )
    params = ParetoParams(layers=2)
    plot = draw(Inputs(table), params, run(Inputs(table), params, Progress()))
    others, front, star = [mark for mark in plot.marks if isinstance(mark, Points)]
    assert sorted([*others.rows, *front.rows]) == [1, 2, 3, 4, 5]
    assert front.rows.tolist() == [1, 2, 4]
    assert front.rim
    assert front.group_names == ("A", "B")
    assert front.group is not None
    assert front.group.tolist() == [0, 1, 1]
    assert star.shape is Shape.STAR
    assert star.rows.tolist() == [0]
    first, second = [mark for mark in plot.marks if isinstance(mark, Line)]
    assert (first.x.tolist(), first.y.tolist()) == ([1, 2, 5], [5, 2, 1])
    assert first.steps
    assert second.dashed
    assert {mark.value for mark in plot.marks if isinstance(mark, Rule)} == {4.0}
    assert (plot.x.title, plot.y.title) == ("e0 (eV)", "e1 (GPa)")
    assert (plot.x.log, plot.y.log) == (True, True)
    assert plot.status == "front of 3 / 5 shown / 6 total / 1 missing"
    assert plot.spaces == (Space.MODEL,)


@pytest.mark.parametrize(
    ("scale", "choice", "log"),
    [
        (Scale.LINEAR, "auto", True),
        (Scale.LINEAR, "linear", False),
        (Scale.LOG10, "auto", False),
        (Scale.ZSCORE, "auto", False),
    ],
)
def test_that_axes_are_logarithmic_for_plain_positive_errors(
    make_table: MakeTable, scale: Scale, choice: str, log: bool
) -> None:
    table = make_table(FIVE, scale=scale, unit=("eV", ""))
    params = ParetoParams(log=choice)
    plot = draw(Inputs(table), params, run(Inputs(table), params, Progress()))
    assert plot.x.log is log
    titles = {Scale.LINEAR: "e0 (eV)", Scale.LOG10: "log₁₀ e0 (eV)", Scale.ZSCORE: "e0 (z-score)"}
    assert plot.x.title == titles[scale]


def test_that_zeros_that_a_log_axis_cannot_show_are_counted(make_table: MakeTable) -> None:
    table = make_table([(0, 1), (1, 2)])
    params = ParetoParams(log="log")
    plot = draw(Inputs(table), params, run(Inputs(table), params, Progress()))
    assert plot.status == "front of 1 / 1 shown / 2 total / 0 missing / 1 not positive"


def test_that_the_staircase_runs_towards_better_where_higher_is_better(
    make_table: MakeTable,
) -> None:
    table = make_table(FIVE, direction=(Direction.HIGHER, Direction.LOWER))
    plot = draw(Inputs(table), ParetoParams(), run(Inputs(table), ParetoParams(), Progress()))
    (line,) = [mark for mark in plot.marks if isinstance(mark, Line)]
    assert line.x.tolist() == [5]


def test_that_one_metric_is_not_drawn_but_said(make_table: MakeTable) -> None:
    params = ParetoParams(metrics=("e0",))
    inputs = Inputs(make_table(FIVE))
    assert "two errors" in draw(inputs, params, run(inputs, params, Progress())).empty


# --- published data --------------------------------------------------------------------------


def test_that_the_published_front_is_found_on_every_scale(shared_data: Path) -> None:
    params = ParetoParams(metrics=("vac_Ef", "hex_c11"))
    fronts = []
    for name in ("absolute_errors", "log_errors", "normalized_log_errors"):
        table = read_table(shared_data / STUDY / f"{name}.csv")
        result = run(Inputs(table), params, Progress())
        assert (result.summary["n_models"], result.summary["n_front"]) == (2300, 10)
        fronts.append(result.tables["front"]["model"])
        if name == "absolute_errors":
            front = result.tables["front"]
            assert front["vac_Ef"][0] == pytest.approx(0.001428, abs=1e-6)
            assert front["hex_c11"][0] == pytest.approx(2419.9, abs=0.1)
            assert front["vac_Ef"][-1] == pytest.approx(1.3638, abs=1e-4)
            assert front["hex_c11"][-1] == pytest.approx(0.007407, abs=1e-6)
    assert fronts[0] == fronts[1] == fronts[2]
    assert fronts[0][0].startswith("DPMD|40-1")
    assert fronts[0][-1].startswith("NNP|139-3")


@pytest.mark.parametrize(
    ("params", "n_front"),
    [
        ({"category": "E_f"}, 52),
        ({"category": "RE"}, 93),
        ({"category": "EC"}, 1367),
        ({"metrics": ("all",)}, 2229),
        ({"metrics": ("all",), "keep_duplicates": False}, 2228),
    ],
)
def test_that_published_fronts_have_their_sizes(
    shared_data: Path, params: dict[str, object], n_front: int
) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    result = ANALYSIS.run(Inputs(table), ParetoParams(**params), Progress())  # type: ignore[arg-type]
    assert result.summary["n_front"] == n_front
