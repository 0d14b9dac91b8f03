"""Who dominates a model, and what would bring it on the front: by hand and by brute force."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlipviewer.analysis.methods.fronts import non_dominated
from mlipviewer.analysis.models.dominators import (
    DominatorParams,
    dominating,
    draw_dominators,
    draw_improvements,
    needed,
    run,
)
from mlipviewer.analysis.models.pareto import ParetoParams
from mlipviewer.analysis.models.pareto import run as run_pareto
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars, Edges, Line, Points, Shape
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import Direction, ErrorTable, RowRole, Scale
from mlipviewer.io.tables import read_table

MakeTable = Callable[..., ErrorTable]
STUDY = "tables/learning_from_models"
FIVE = [(1.0, 5.0), (2.0, 2.0), (3.0, 3.0), (5.0, 1.0), (2.0, 6.0)]
lattice = arrays(
    float, st.tuples(st.integers(2, 9), st.integers(1, 4)), elements=st.integers(0, 4).map(float)
)


def asked(table: ErrorTable, model: str = "", models: Any = None, **params: Any) -> Result:
    given_params = DominatorParams(model=model, **params)
    return run(Inputs(table, models=models), given_params, Progress())


@given(lattice)
def test_that_no_dominators_is_being_on_the_front(points: np.ndarray) -> None:  # type: ignore[type-arg]
    front = non_dominated(points)
    for point, on_front in zip(points, front, strict=True):
        assert dominating(points, point).any() == (not on_front)


@given(lattice)
def test_that_the_needed_value_is_the_smallest_improvement(points: np.ndarray) -> None:  # type: ignore[type-arg]
    """Just below it the model is on the front, at any larger value it is not."""
    point, others = points[0], points[1:]
    dominators = others[dominating(others, point)]
    if not len(dominators):
        return
    least, enough = needed(dominators, point)
    for column in range(points.shape[1]):

        def on_front(value: float, column: int = column) -> bool:
            moved = point.copy()
            moved[column] = value
            return not dominating(others, moved).any()

        assert on_front(least[column] - 0.5)
        assert on_front(least[column]) == enough[column]
        for larger in np.arange(least[column] + 0.5, point[column] + 0.5, 0.5):
            assert not on_front(larger)


def test_that_five_points_have_known_dominators(make_table: MakeTable) -> None:
    found = asked(make_table(FIVE, families=list("ABABA")), "m2")
    assert found.summary["on_front"] is False
    assert found.tables["dominators"]["model"] == ["m1"]
    assert found.tables["dominators"]["family"] == ["B"]
    assert found.tables["dominators"]["e0"] == [2]
    assert found.summary["distance"] == pytest.approx(2**0.5 * np.log10(1.5))
    improvements = found.tables["improvements"]
    assert improvements["value"] == [3, 3]
    assert improvements["needed"] == [2, 2]
    assert improvements["factor"] == pytest.approx([1.5, 1.5])
    assert improvements["enough"] == [False, False]
    two = asked(make_table(FIVE), "m4")
    assert two.tables["dominators"]["model"] == ["m0", "m1"]
    assert two.tables["improvements"]["needed"] == [1, 2]
    assert two.tables["improvements"]["enough"] == [False, True]  # (2, 2) is no better than m1
    assert two.summary["easiest_metric"] == "e0"


def test_that_the_nearest_is_by_ratios_not_by_differences(make_table: MakeTable) -> None:
    cells = [(100.0, 1.0), (60.0, 1.0), (100.0, 0.1)]
    found = asked(make_table(cells), "m0")
    assert found.tables["dominators"]["model"] == ["m1", "m2"]
    assert found.tables["dominators"]["distance"] == pytest.approx([np.log10(100 / 60), 1.0])


def test_that_a_model_on_the_front_is_said_to_be(make_table: MakeTable) -> None:
    table = make_table(FIVE)
    found = asked(table, "m1")
    assert found.summary["on_front"] is True
    assert found.summary["nearest"] is None
    assert found.tables["improvements"]["needed"] == [None, None]
    plot = draw_improvements(Inputs(table), DominatorParams(), found)
    assert plot.empty == "m1 is on the front."


def test_that_higher_may_be_better(make_table: MakeTable) -> None:
    cells = [(0.5, 3.0), (0.9, 3.0), (0.8, 2.0)]
    table = make_table(cells, direction=(Direction.HIGHER, Direction.LOWER))
    found = asked(table, "m0")
    assert sorted(found.tables["dominators"]["model"]) == ["m1", "m2"]
    assert found.tables["improvements"]["needed"] == [0.9, 2.0]
    assert found.tables["improvements"]["enough"] == [True, False]
    assert found.tables["improvements"]["factor"] == pytest.approx([0.9 / 0.5, 3.0 / 2.0])


def test_that_the_scale_of_the_table_makes_no_difference(make_table: MakeTable) -> None:
    cells = 10 ** np.random.default_rng(1).normal(size=(40, 3))
    linear = asked(make_table(cells), metrics=("all",))
    logs = asked(make_table(np.log10(cells), scale=Scale.LOG10), metrics=("all",))
    assert linear.summary["nearest"] == logs.summary["nearest"]
    for name in ("factor", "step"):
        one, other = (found.tables["improvements"][name] for found in (linear, logs))
        assert one == pytest.approx(other)
    needed_logs = logs.tables["improvements"]["needed"]
    assert np.log10(linear.tables["improvements"]["needed"]) == pytest.approx(needed_logs)


def test_that_z_scores_have_steps_but_no_factors(make_table: MakeTable) -> None:
    table = make_table([(0.0, 0.0), (1.0, 2.0)], scale=Scale.ZSCORE)
    found = asked(table, "m1")
    assert found.tables["improvements"]["factor"] == [None, None]
    assert found.tables["improvements"]["step"] == [1, 2]
    (bars,) = draw_improvements(Inputs(table), DominatorParams(), found).marks
    assert bars.end.tolist() == [1, 2]  # type: ignore[union-attr]


def test_that_references_and_filtered_models_do_not_dominate(make_table: MakeTable) -> None:
    roles = [RowRole.THRESHOLD, *[RowRole.MODEL] * 5]
    table = make_table([(0.1, 0.1), *FIVE], roles=roles)
    assert asked(table, "m3").tables["dominators"]["model"] == ["m2"]
    assert asked(table, "m3", models=rows([0, 1, 3, 4])).summary["on_front"] is True


def test_that_without_a_name_a_dominated_model_is_shown(make_table: MakeTable) -> None:
    found = asked(make_table(FIVE))
    assert found.summary["model"] == "m2"
    assert "example" in found.notes[-1]


@pytest.mark.parametrize(
    ("model", "words"), [("m9", "no model 'm9'"), ("m0", "no model 'm0'"), ("m2", "no value")]
)
def test_that_a_wrong_model_is_told(make_table: MakeTable, model: str, words: str) -> None:
    roles = [RowRole.THRESHOLD, *[RowRole.MODEL] * 2]
    table = make_table([(1, 1), (2, 2), (3, np.nan)], roles=roles)
    with pytest.raises(AnalysisProblem, match=words):
        asked(table, model)


def test_that_the_plots_show_the_model_its_dominators_and_the_ways(make_table: MakeTable) -> None:
    table = make_table(FIVE, families=list("ABABA"))
    inputs, params = Inputs(table), DominatorParams(model="m4")
    result = run(inputs, params, Progress())
    plot = draw_dominators(inputs, params, result)
    rest, across, down, edge, others, star = plot.marks
    assert isinstance(rest, Points)
    assert rest.faint
    assert isinstance(others, Points)
    assert isinstance(star, Points)
    assert (rest.rows.tolist(), others.rows.tolist()) == ([2, 3], [0, 1])
    assert (star.rows.tolist(), star.shape) == ([4], Shape.STAR)
    assert isinstance(edge, Edges)
    assert edge.pairs.tolist() == [[4, 0]]
    assert isinstance(across, Line)
    assert isinstance(down, Line)
    assert (across.x.tolist(), down.y.tolist()) == ([2, 1], [6, 2])
    assert plot.status == "2 of 5 models dominate it in 2 errors / nearest m0"
    (bars,) = draw_improvements(inputs, params, result).marks
    assert isinstance(bars, Bars)
    assert [r.tolist() for r in bars.rows] == [[0], [1]]
    assert bars.end.tolist() == pytest.approx([2, 3])


def test_that_one_metric_is_not_drawn_but_said(make_table: MakeTable) -> None:
    table, params = make_table(FIVE), DominatorParams(metrics=("e0",))
    result = run(Inputs(table), params, Progress())
    assert "two errors" in draw_dominators(Inputs(table), params, result).empty


# --- published data, and a table of chance in its place ----------------------------------------


def _agree(table: ErrorTable, params: dict[str, Any], some: int) -> None:
    """On the front iff nobody dominates."""
    front = run_pareto(Inputs(table), ParetoParams(**params), Progress()).tables["front"]["model"]
    names = [table.keys[row] for row in table.models[:: max(1, table.n_models // some)]]
    for name in [*names, *front[:5]]:
        assert asked(table, name, **params).summary["on_front"] == (name in front)


def test_that_fronts_and_dominators_agree(make_table: MakeTable) -> None:
    table = make_table(10 ** np.random.default_rng(0).normal(size=(120, 4)))
    _agree(table, {"metrics": ("all",)}, 120)


@pytest.mark.parametrize("category", ["E_f", "RE"])
def test_that_published_fronts_and_dominators_agree(shared_data: Path, category: str) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    _agree(table, {"category": category}, 40)
