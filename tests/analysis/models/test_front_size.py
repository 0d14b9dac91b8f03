"""Fronts in more and more metrics: by hand, by brute force, and the published sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis.methods.random_fronts import expected_front
from mlipviewer.analysis.models.front_size import (
    FrontSizeParams,
    draw_categories,
    draw_growth,
    run,
)
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Bars, Line, Rule
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import Direction, ErrorTable, RowRole
from mlipviewer.io.tables import read_table

MakeTable = Callable[..., ErrorTable]
STUDY = "tables/learning_from_models"


def ran(table: ErrorTable, models: Any = None, **params: Any) -> Result:
    return run(Inputs(table, models=models), FrontSizeParams(**params), Progress())


def chance(n: int, m: int) -> Any:
    return 10 ** np.random.default_rng(0).normal(size=(n, m))


def test_that_sizes_of_all_subsets_agree_with_brute_force(make_table: MakeTable) -> None:
    cells = chance(60, 3)
    sizes = ran(make_table(cells)).tables["sizes"]
    assert sizes["n_metrics"] == [1, 2, 3]
    assert sizes["n_subsets"] == [3, 3, 1]
    pairs = [(0, 1), (0, 2), (1, 2)]
    brute = [sum(_optimal(cells[:, pair])) for pair in pairs]
    assert sizes["n_front_median"] == [1, np.median(brute), sum(_optimal(cells))]
    assert sizes["n_expected"] == [expected_front(60, d) for d in (1, 2, 3)]


def _optimal(own: Any) -> list[bool]:
    return [not any((b <= a).all() and (b < a).any() for b in own) for a in own]


def test_that_fronts_of_many_independent_errors_are_warned_of(make_table: MakeTable) -> None:
    table = make_table(chance(200, 20))
    found = ran(table)
    assert found.summary["n_useful"] == 4  # 27 % expected in 4, 43 % in 5
    assert "from 5 errors on more than 30 %" in found.notes[0]
    assert found.summary["share"] > 0.9
    assert found.summary["n_epsilon"] <= found.summary["n_front"]
    sizes = found.tables["sizes"]
    near = zip(sizes["n_front_median"], sizes["n_expected"], strict=True)
    assert all(size == pytest.approx(expected, rel=0.25, abs=2) for size, expected in near)


def test_that_few_errors_are_not_warned_of(make_table: MakeTable) -> None:
    assert ran(make_table(chance(200, 2))).notes == ()


def test_that_epsilon_counts_boxes(make_table: MakeTable) -> None:
    cells = 10 ** np.array([(0.05, 0.95), (0.15, 0.85), (0.95, 0.05), (0.55, 0.55)])
    found = ran(make_table(cells), epsilon=0.5)
    assert found.summary["n_front"] == 4
    # boxes (0, 1), (0, 1), (1, 0), (1, 1): the last is dominated
    assert found.summary["n_epsilon"] == 2


def test_that_categories_are_counted_apart(make_table: MakeTable) -> None:
    table = make_table(chance(50, 5), category=("p", "p", "q", "q", "q"))
    found = ran(table).tables["categories"]
    assert found["category"] == ["p", "q", "all"]
    assert found["n_metrics"] == [2, 3, 5]
    assert found["n_front"][0] == sum(_optimal(table.values[:, :2]))
    assert ran(table, category="q").tables["categories"]["category"] == ["all"]


def test_that_missing_values_references_and_filters_are_heeded(make_table: MakeTable) -> None:
    cells = [(0.1, 0.1), (1, 3), (3, 1), (2, np.nan), (2, 2)]
    roles = [RowRole.THRESHOLD, *[RowRole.MODEL] * 4]
    found = ran(make_table(cells, roles=roles))
    assert found.summary["n_front"] == 3
    assert found.tables["sizes"]["n_models"] == [3, 3]  # the median of 4 and 3, and 3
    assert ran(make_table(cells, roles=roles), rows([0, 1, 2])).summary["n_front"] == 2


def test_that_higher_may_be_better(make_table: MakeTable) -> None:
    cells = [(1, 1), (2, 2), (3, 3)]
    table = make_table(cells, direction=(Direction.HIGHER, Direction.LOWER))
    assert ran(table).summary["n_front"] == 3


def test_that_the_seed_decides(make_table: MakeTable) -> None:
    table = make_table(chance(40, 12))
    assert ran(table).tables == ran(table).tables
    assert ran(table).tables != ran(table, seed=1).tables


@pytest.mark.parametrize(
    ("params", "words"),
    [({"sizes": "7"}, "only 2 metrics"), ({"sizes": "x"}, "are numbers")],
)
def test_that_wrong_parameters_are_told(
    make_table: MakeTable, params: dict[str, Any], words: str
) -> None:
    with pytest.raises(AnalysisProblem, match=words):
        ran(make_table(chance(5, 2)), **params)


def test_that_it_stops_within_a_size(make_table: MakeTable) -> None:
    progress = Progress(lambda done, total: progress.stop())
    with pytest.raises(Cancelled):
        run(Inputs(make_table(chance(9, 9))), FrontSizeParams(), progress)


def test_that_the_plots_show_growth_and_categories(make_table: MakeTable) -> None:
    table = make_table(chance(50, 5), category=("p", "p", "q", "q", "q"))
    inputs, params = Inputs(table), FrontSizeParams()
    result = run(inputs, params, Progress())
    rule, spread, expected, steps, median = draw_growth(inputs, params, result).marks
    assert isinstance(rule, Rule)
    assert rule.value == 15
    assert isinstance(spread, Bars)
    assert isinstance(expected, Line)
    assert isinstance(steps, Line)
    assert isinstance(median, Line)
    assert (spread.base <= median.y).all()
    assert (median.y <= spread.end).all()
    plot = draw_categories(inputs, params, result)
    _, bars = plot.marks
    assert isinstance(bars, Bars)
    assert [r.tolist() for r in bars.rows[:3]] == [[0, 1], [2, 3, 4], [0, 1, 2, 3, 4]]
    assert [name for _, name in plot.y.ticks] == ["p (2)", "q (3)", "all (5)"]


# --- published data ----------------------------------------------------------------------------


def test_that_the_published_sizes_are_found(shared_data: Path) -> None:
    table = read_table(shared_data / STUDY / "absolute_errors.csv")
    found = ran(table, sizes="4,60", draws=3)
    sizes = dict(
        zip(
            found.tables["categories"]["category"],
            found.tables["categories"]["n_front"],
            strict=True,
        )
    )
    assert (sizes["E_f"], sizes["RE"], sizes["EC"], sizes["all"]) == (52, 93, 1367, 2229)
    assert found.summary["share"] == pytest.approx(0.969, abs=1e-3)
    names = tuple(c.name for c in table.metric_columns if c.category != "energy ranking")
    assert ran(table, metrics=names, sizes="48").summary["n_front"] == 2154
