"""A few models side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlipviewer.analysis.models.compare import ANALYSIS, CompareParams
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Points
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable, Scale
from tests.made import error_table


def compared(table: ErrorTable, *keys: str) -> Result:
    return ANALYSIS.run(Inputs(table), CompareParams(models=keys), Progress())


def test_that_the_better_model_wins_each_error() -> None:
    table = error_table(missing=0)
    found = compared(table, "m3", "m7")
    a, b = table.values[table.row("m3")], table.values[table.row("m7")]
    assert found.tables["comparison"]["best"] == [
        "m3" if x < y else "m7" for x, y in zip(a, b, strict=True)
    ]
    assert sum(found.tables["wins"]["n_best"]) == 6
    assert np.allclose(found.tables["comparison"]["m7 / m3"], b / a)


def test_that_ratios_of_a_log_table_are_those_of_its_errors() -> None:
    table = error_table(missing=0)
    logged = replace(table, values=np.log10(table.values), scale=Scale.LOG10)
    assert np.allclose(
        compared(logged, "m1", "m2").tables["comparison"]["m2 / m1"],
        compared(table, "m1", "m2").tables["comparison"]["m2 / m1"],
    )


def test_that_missing_values_and_ties_are_won_by_nobody() -> None:
    table = error_table(missing=2)
    values = table.values.copy()
    values[table.row("m5"), 0] = values[table.row("m1"), 0]
    found = compared(replace(table, values=values), "m1", "m5")
    assert found.tables["comparison"]["best"][0] == ""
    assert found.tables["comparison"]["best"][-1] == ""


@pytest.mark.parametrize("keys", [("m1",), ("m1", "m2", "m3", "m4", "m5"), ("m1", "nobody")])
def test_that_other_numbers_of_models_are_refused(keys: tuple[str, ...]) -> None:
    with pytest.raises(AnalysisProblem):
        compared(error_table(), *keys)


def test_that_points_stand_for_their_models() -> None:
    table = error_table(missing=0)
    found = compared(table, "m2", "m9")
    plot = ANALYSIS.plots["Compare"](Inputs(table), CompareParams(), found)
    points = next(mark for mark in plot.marks if isinstance(mark, Points))
    assert set(points.rows.tolist()) == {table.row("m2"), table.row("m9")}
    assert points.x.min() >= 0
    assert points.x.max() <= 100
