"""Parallel coordinates: where models lie on the axes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlipviewer.analysis.models.parallel import ANALYSIS, ParallelParams
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Line, Polylines, Rule
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import Direction, ErrorTable, RowRole
from mlipviewer.io.tables import read_table
from tests.analysis.conftest import a_table


def ran(table: ErrorTable, **about: object) -> Result:
    return ANALYSIS.run(Inputs(table), ParallelParams(**about), Progress())  # type: ignore[arg-type]


def test_that_axes_run_from_the_best_to_the_worst() -> None:
    directions = [Direction.LOWER, Direction.LOWER, Direction.HIGHER]
    table = a_table([[1, 1, 1], [3, 10, 2], [5, 100, 5]], direction=directions)
    found = ran(table)
    assert found.arrays["places"].T.tolist() == [[0, 0.5, 1], [0, 0.5, 1], [1, 0.75, 0]]
    axes = found.tables["axes"]
    assert (axes["best"], axes["worst"]) == ([1, pytest.approx(1), 5], [5, pytest.approx(100), 1])
    assert axes["log"] == [False, True, False]


@given(arrays(float, (9, 3), elements=st.floats(-1e9, 1e9) | st.just(np.nan)))
def test_that_models_lie_between_the_ends(values: np.ndarray) -> None:  # type: ignore[type-arg]
    for scale in ("range", "rank"):
        places = ran(a_table(values), scale=scale, log="linear").arrays["places"]
        good = np.isfinite(values)
        assert np.array_equal(np.isfinite(places), good)
        assert np.all((places[good] >= 0) & (places[good] <= 1))


def test_that_ranks_share_their_mean() -> None:
    found = ran(a_table([[1, 4], [1, 3], [2, 2], [9, 1]]), scale="rank")
    assert found.arrays["places"][:, 0].tolist() == [1 / 6, 1 / 6, 2 / 3, 1]


def test_that_an_axis_without_values_or_spread_is_harmless() -> None:
    table = a_table([[1, np.nan, 2], [1, np.nan, 3]])
    found = ran(table)
    assert found.arrays["places"][:, 0].tolist() == [0.5, 0.5]
    assert np.isnan(found.arrays["places"][:, 1]).all()
    drawn = ANALYSIS.plots["Parallel"](Inputs(table), ParallelParams(), found)
    assert [m.name for m in drawn.marks if isinstance(m, Rule)] == ["1 … 1", "no values", "2 … 3"]


def test_that_references_are_dashed_lines_and_do_not_stretch_the_axes() -> None:
    roles = [RowRole.THRESHOLD, RowRole.MODEL, RowRole.MODEL]
    table = a_table([[99, 99], [1, 2], [2, 4]], roles=roles, families=["", "a", "b"])
    found = ran(table)
    plot = ANALYSIS.plots["Parallel"](Inputs(table, models=rows([2])), ParallelParams(), found)
    lines = next(m for m in plot.marks if isinstance(m, Polylines))
    assert lines.rows.tolist() == [2]
    assert lines.group is not None
    assert (lines.group.tolist(), lines.group_names) == ([1], ("a", "b"))
    threshold = next(m for m in plot.marks if isinstance(m, Line))
    assert threshold.y.tolist() == [1.05, 1.05]


def test_that_axes_are_named_without_the_path_that_all_share() -> None:
    table = a_table([[1, 2], [3, 5]], label=["full.set.F1", "full.set.MAE"])
    drawn = ANALYSIS.plots["Parallel"](Inputs(table), ParallelParams(), ran(table))
    assert [name for _, name in drawn.x.ticks] == ["F1", "MAE"]


def test_that_one_axis_is_too_few() -> None:
    with pytest.raises(AnalysisProblem, match="at least 2"):
        ran(a_table([[1.0], [2.0]]))


def test_that_the_published_table_is_drawn_over_thirty_axes(shared_data: Path) -> None:
    table = read_table(shared_data / "tables/learning_from_models/absolute_errors.csv")
    found = ran(table, metrics=("all",))
    assert (found.summary["n_models"], found.summary["n_axes"]) == (2300, 30)
    places = found.arrays["places"][table.models]
    assert np.allclose(places.min(axis=0), 0)
    assert np.allclose(places.max(axis=0), 1)
