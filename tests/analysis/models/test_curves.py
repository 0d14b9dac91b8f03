"""Curves behind a metric: which are in front, and how far they are from the reference."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from mlipviewer.analysis.models.curves import ANALYSIS, DIFFERENCES, CurvesParams, draw
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.curves import REFERENCE, Curve, Curves
from mlipviewer.core.plot import Line, Plot, Polylines
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.table import ErrorTable
from tests.analysis.conftest import a_table

X = np.linspace(0.0, 2.0, 5)


def table_of(**of: Curve) -> ErrorTable:
    """Six models m0 ... m5 with curves of e1."""
    made = a_table(np.ones((6, 2)))
    curves = MappingProxyType({"e1": Curves("place (Å)", "energy (eV)", of)})
    return replace(made, curves=curves)


def usual() -> Inputs:
    """Parabolas k above the reference, and one that goes far away."""
    of = {f"m{k}": (X, X**2 + k) for k in range(4)}
    return Inputs(table_of(reference=(X, X**2), **of, m4=(X, 1e6 * X)))


def found(inputs: Inputs, **params: object) -> tuple[Result, Plot]:
    asked = CurvesParams(**params)  # type: ignore[arg-type]
    result = ANALYSIS.run(inputs, asked, Progress())
    return result, draw(inputs, asked, result)


def test_that_chosen_models_are_in_front_of_the_others() -> None:
    result, plot = found(usual(), metric="e1", model="m2", models=("m3",))
    assert result.summary == {"metric": "e1", "n_models": 5, "n_front": 2}
    lines = [mark for mark in plot.marks if isinstance(mark, Line)]
    assert [line.name for line in lines] == ["reference", "m2", "m3"]
    assert lines[1].rows is not None
    assert lines[1].rows.tolist() == [2] * 5
    assert np.allclose(lines[2].y, X**2 + 3)
    others = next(mark for mark in plot.marks if isinstance(mark, Polylines))
    assert others.rows.tolist() == [0, 1]
    assert "1 too far off" in plot.status
    assert (plot.x.title, plot.y.title) == ("place (Å)", "energy (eV)")


def test_that_differences_are_those_from_the_reference() -> None:
    result, plot = found(usual(), model="m3", shown=DIFFERENCES, others=False)
    lines = [mark for mark in plot.marks if isinstance(mark, Line)]
    assert not any(lines[0].y)
    assert np.allclose(lines[1].y, 3.0)
    assert result.tables["models"] == {
        "model": ["m3"],
        "mean_difference": [3.0],
        "largest_difference": [3.0],
    }
    assert len(plot.marks) == 2


def test_that_curves_of_other_places_are_compared_between_them() -> None:
    fine = np.linspace(-1.0, 1.0, 9)
    inputs = Inputs(table_of(reference=(X, 2 * X), m0=(fine, 2 * fine + 1), m1=(X, 2 * X)))
    result, plot = found(inputs, model="m0")
    assert result.tables["models"]["mean_difference"] == [pytest.approx(1.0)]
    behind = result.arrays["other_y"]
    assert behind.shape == (1, 5)
    away = table_of(reference=(X, 2 * X), m0=(X, X), m1=(X + 9, X))
    assert "1 too far off" in found(Inputs(away), model="m0")[1].status
    assert len(plot.marks) == 3


def test_that_nothing_in_front_shows_all_that_the_filter_leaves() -> None:
    result, plot = found(replace(usual(), models=rows([0, 1])), others=False)
    assert result.arrays["other_row"].tolist() == [0, 1]
    assert result.names[2:] == (REFERENCE,)
    assert len(plot.marks) == 2


def test_that_what_has_no_curves_is_told() -> None:
    bare = Inputs(a_table(np.ones((6, 2))))
    for inputs, metric, why in (
        (bare, "", "names no files of curves"),
        (usual(), "e0", "there are no curves of 'e0'; of these there are: e1"),
        (replace(usual(), models=rows([5])), "e1", "no model has a curve of e1"),
    ):
        with pytest.raises(AnalysisProblem, match=why):
            found(inputs, metric=metric)
    alone = Inputs(table_of(m0=(X, X)))
    assert found(alone, model="m0")[0].tables["models"]["mean_difference"] == [None]
    with pytest.raises(AnalysisProblem, match="have no reference"):
        found(alone, shown=DIFFERENCES)
