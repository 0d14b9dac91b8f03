"""What is asked of every analysis: documented, deterministic, exportable, stoppable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from importlib import import_module
from inspect import getsource
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import numpy as np
import pytest

from mlipviewer import analysis as analysis_room
from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Request,
    Result,
    param_defaults,
    param_help,
)
from mlipviewer.core.plot import Plot
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.rows import rows as rows_of_atoms
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.export import result_as_json, table_as_csv
from mlipviewer.io.tables import read_table
from tests.every.own_inputs import OWN_INPUTS

ROOM = f"{analysis_room.__name__}."
EVERY = pytest.mark.parametrize("analysis", ANALYSES.values(), ids=list(ANALYSES))
PLOTS = pytest.mark.parametrize(
    ("analysis", "plot"), [(a, plot) for a in ANALYSES.values() for plot in a.plots]
)


class SixFrames:
    """A source of six frames of three atoms."""

    path, format, n_frames, notes = "six.xyz", "memory", 6, ()

    def frame(self, index: int) -> Frame:
        positions = np.eye(3) * (1 + index)
        columns = {
            "energies": 0.1 * positions[:, 0] - 1,
            "forces": 0.1 * positions,
            "ref_forces": 0.1 * positions + 0.01 * index,
        }
        numbers = np.array([3, 3, 11])
        return Frame(index, positions, numbers, columns=columns, info=self.info(index))

    def info(self, index: int) -> Mapping[str, Any]:
        return {"energy": -3.0 + index, "Time": 2.0 * index, "config_type": "a"}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    rng = np.random.default_rng(0)
    errors = 10 ** rng.normal(size=(40, 5))
    rows = ["DFT,Threshold," + ",".join(["0.5"] * 5)]
    rows += [f"{'AB'[i % 2]},{i}x," + ",".join(map(repr, e.tolist())) for i, e in enumerate(errors)]
    rows[7] = "A,6x,,1,1,1,1"  # a missing error
    path = tmp_path_factory.mktemp("every") / "errors.csv"
    path.write_text("Models,ModelName,p,q,r,s,t\n" + "\n".join(rows) + "\n")
    clock = Clock(Source.FILE, "said", interval=2.0)
    six = replace(Trajectory.whole("six", SixFrames()), clock=clock)
    return Inputs(read_table(path), six, atoms=rows_of_atoms([0, 2]), runs={1: six, 4: six})


def ran(analysis: Analysis, inputs: Inputs) -> Result:
    inputs = OWN_INPUTS.get(analysis.name, lambda: inputs)()
    return analysis.run(inputs, analysis.params(), Progress())


def test_that_the_analyses_of_the_package_are_found() -> None:
    assert {"correlation", "pareto", "series"} <= set(ANALYSES)
    assert all(name == analysis.name for name, analysis in ANALYSES.items())


def test_that_none_is_lost_for_being_in_a_file_of_another_name() -> None:
    modules = [import_module(one.name) for one in walk_packages(analysis_room.__path__, ROOM)]
    held = [getattr(module, "ANALYSIS", None) for module in modules]
    held += [getattr(module, "COMPUTATION", None) for module in modules]
    wanted = {one.name for one in held if one is not None}
    assert wanted == {*ANALYSES, *COMPUTATIONS}
    with pytest.raises(KeyError):
        ANALYSES["pareto-plots"]


@EVERY
def test_that_it_is_described(analysis: Analysis) -> None:
    assert analysis.title
    assert analysis.about.endswith(".")
    assert analysis.needs
    assert analysis.run.__doc__
    assert all(draw.__doc__ for draw in analysis.plots.values())


@EVERY
def test_that_its_parameters_are_frozen_documented_and_have_defaults(analysis: Analysis) -> None:
    assert is_dataclass(analysis.params)
    assert issubclass(analysis.params, Params)
    names = {field.name for field in fields(analysis.params)}
    assert set(param_defaults(analysis.params)) == names
    for name, about in param_help(analysis.params).items():
        assert about.text, name
        default = param_defaults(analysis.params)[name]
        assert not about.choices or default in about.choices
        for low, high in ((about.low, default), (default, about.high)):
            assert not isinstance(low, int | float) or high is None or low <= high
    assert hash(Request(analysis.name, analysis.params())) is not None


@EVERY
def test_that_it_gives_the_same_twice(analysis: Analysis, inputs: Inputs) -> None:
    first, second = ran(analysis, inputs), ran(analysis, inputs)
    assert first.summary == second.summary
    assert json.dumps(first.tables) == json.dumps(second.tables)  # NaN is the same text
    assert set(first.arrays) == set(second.arrays)
    for name, array in first.arrays.items():
        assert np.array_equal(array, second.arrays[name], equal_nan=array.dtype.kind == "f")


@EVERY
def test_that_its_result_is_json_of_schema_1(analysis: Analysis, inputs: Inputs) -> None:
    text = result_as_json(analysis.name, analysis.params(), [], ran(analysis, inputs))
    found = json.loads(text)
    keys = {"schema", "analysis", "version", "params", "inputs", "summary", "units", "tables"}
    assert set(found) == keys | {"notes"}
    assert found["schema"] == 1
    assert set(found["params"]) == {field.name for field in fields(analysis.params)}
    assert "NaN" not in text
    assert "Infinity" not in text
    assert all(not isinstance(value, list | dict) for value in found["summary"].values())


@EVERY
def test_that_its_tables_have_columns_of_one_length(analysis: Analysis, inputs: Inputs) -> None:
    result = ran(analysis, inputs)
    assert result.tables
    for table in result.tables.values():
        n = {len(column) for column in table.values()}
        assert len(n) == 1
        assert len(table_as_csv(table).splitlines()) == n.pop() + 1


@EVERY
def test_that_it_does_not_change_its_inputs(analysis: Analysis, inputs: Inputs) -> None:
    table = inputs.the_table()
    before = table.values.copy()
    ran(analysis, inputs)
    assert np.array_equal(table.values, before, equal_nan=True)


@EVERY
def test_that_it_stops_when_told(analysis: Analysis, inputs: Inputs) -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        analysis.run(OWN_INPUTS.get(analysis.name, lambda: inputs)(), analysis.params(), progress)


@EVERY
def test_that_it_says_what_it_needs(analysis: Analysis) -> None:
    with pytest.raises(AnalysisProblem, match=f"needs an? .*{_word(analysis.needs[0])}"):
        analysis.run(Inputs(), analysis.params(), Progress())


def _word(need: Needs) -> str:
    return "table" if need is Needs.TABLE else "trajectory"


@EVERY
def test_that_one_that_heeds_chosen_atoms_is_given_some(analysis: Analysis) -> None:
    heeds = "inputs.atoms" in getsource(import_module(analysis.run.__module__))
    assert not heeds or analysis.on_atoms or Needs.ATOMS in analysis.needs


@EVERY
def test_that_adjusting_gives_the_same_as_running(analysis: Analysis, inputs: Inputs) -> None:
    if analysis.adjust is None:
        assert not analysis.adjustable
        return
    result = ran(analysis, inputs)
    again = analysis.adjust(inputs, analysis.params(), result)
    assert again.summary == result.summary
    assert again.tables == result.tables


@PLOTS
def test_that_its_plots_stand_for_rows(analysis: Analysis, plot: str, inputs: Inputs) -> None:
    drawn = analysis.plots[plot](inputs, analysis.params(), ran(analysis, inputs))
    assert isinstance(drawn, Plot)
    assert drawn.title
    assert drawn.status
    assert drawn.spaces
    assert not drawn.empty


def test_that_a_module_without_an_analysis_is_none(tmp_path: Path) -> None:
    assert "transforms" not in ANALYSES
    assert "chosen" not in ANALYSES
