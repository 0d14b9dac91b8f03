"""A panel copied as Python or as a command gives what the panel shows, for every analysis."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlipviewer
from mlipviewer.analysis import ANALYSES
from mlipviewer.cli import main
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs
from mlipviewer.core.links import Link
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.io.export import result_as_json
from mlipviewer.io.tables.curves import write_curves
from mlipviewer.io.trajectories.writing import as_extxyz
from mlipviewer.session import changes, table_changes
from mlipviewer.session.commands.scripts import command_of, python_of, words_of_command
from tests import made
from tests.every.own_inputs import OWN_INPUTS
from tests.every.test_analyses import SixFrames

EVERY = pytest.mark.parametrize("analysis", ANALYSES.values(), ids=list(ANALYSES))


def written(path: Path, run: Trajectory) -> Path:
    """The frames of a run, as they are, and all that is known of their time."""
    path.write_bytes(b"".join(as_extxyz(run.frame(k)) for k in range(run.n_frames)))
    return path


def write_all_curves(folder: Path, table: ErrorTable) -> None:
    """The curves of a table, and beside it what names their files."""
    for metric, curves in table.curves.items():
        write_curves(folder / f"{metric}.csv", curves)
    said = {metric: {"curves": f"{metric}.csv"} for metric in table.curves}
    if said:
        (folder / "errors.metrics.yaml").write_text(json.dumps({"metrics": said}), "utf-8")


def of_files(analysis: Analysis, folder: Path) -> mlipviewer.Viewer:
    """A viewer with the inputs that the analysis is tested on, as files."""
    usual = Inputs(made.error_table(40), Trajectory.whole("six.xyz", SixFrames()))
    inputs = OWN_INPUTS.get(analysis.name, lambda: usual)()
    viewer = mlipviewer.Viewer()
    if inputs.table is not None and Needs.TABLE in analysis.needs:
        write_all_curves(folder, inputs.table)
        viewer.open(made.write_table(folder / "errors.csv", inputs.table))
    runs = [run for run in (inputs.trajectory, *inputs.beside.values()) if run is not None]
    names = [f"run{n}.extxyz" for n in range(len(runs))]
    for name, run in zip(names, runs, strict=True):
        viewer.open(written(folder / name, run))
        interval = run.clock.interval or 2.0
        said = {"interval": interval, "temperature": run.temperature.kelvin}
        viewer.change(lambda s, n=name, a=said: meant(s, n, **a), "Say what it is")  # type: ignore[misc]
    if Needs.ATOMS in analysis.needs:
        viewer.wait()
        viewer.select(atoms=[0, 2])
    if Needs.RUNS in analysis.needs:
        links = tuple(Link(key, "trajectory", str(folder / names[0])) for key in ("m1", "m4"))
        viewer.change(lambda s: changes.add_links(s, links), "Link")
    if len(names) > 1:
        from mlipviewer.session.time_changes import show_beside

        viewer.show(trajectory=names[0])
        viewer.change(lambda s: show_beside(s, tuple(names)), "Beside")
    viewer.wait()
    return viewer


def meant(state: Any, name: str, **about: Any) -> Any:
    from mlipviewer.session.trajectory_changes import choose

    return choose(state, name, **{key: value for key, value in about.items() if value is not None})


def plain(found: mlipviewer.Found) -> Mapping[str, Any]:
    text = result_as_json(found.analysis.name, found.params, [], found.result)
    return dict(json.loads(text))


def executed(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> mlipviewer.Found:
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(compile(script, "script", "exec"), names)
    assert isinstance(names["found"], mlipviewer.Found)
    return names["found"]


@EVERY
def test_that_what_is_copied_gives_what_the_panel_shows(
    analysis: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with of_files(analysis, tmp_path) as viewer:
        panel = viewer.open_panel(analysis.name)
        shown = viewer.result(panel)
        about = viewer.state.document.panel(panel)
        script = python_of(viewer.state, about)
        found = executed(script, tmp_path, monkeypatch)
        assert plain(found) == plain(shown), script
        assert (tmp_path / f"{analysis.name}.svg").stat().st_size > 1000
        if Needs.RUNS in analysis.needs or analysis.name == "arrhenius":  # of two temperatures
            with pytest.raises(AnalysisProblem, match=r"copy it as Python$"):
                words_of_command(viewer.state, about)
            return
        words = words_of_command(viewer.state, about)
    out = tmp_path / "out.json"
    assert main([*words[1:], "--out", str(out)]) == 0
    told = json.loads(out.read_text())
    asked = plain(shown)
    assert {**told, "inputs": []} == asked


@pytest.fixture
def viewer(tmp_path: Path) -> Any:
    made.write_table(tmp_path / "a table's.csv")
    made.write_extxyz(tmp_path / "run.extxyz")
    with mlipviewer.open(tmp_path / "a table's.csv", f"{tmp_path}/run.extxyz@::2") as viewer:
        yield viewer


def test_that_filters_parameters_and_axes_are_copied(
    viewer: mlipviewer.Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer.filter("family in ('GAP', 'SNAP')")
    panel = viewer.open_panel("pareto", metrics=("e2", "e0"))
    shown = viewer.result(panel)
    assert "where=" in viewer.script(panel)
    found = executed(viewer.script(panel), tmp_path, monkeypatch)
    assert plain(found) == plain(shown)
    line = command_of(viewer.state, viewer.state.document.panel(panel))
    line = line.replace("mlipviewer", f"{sys.executable} -m mlipviewer", 1)
    done = subprocess.run(
        f"{line} --out out.json", shell=True, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out.json").read_text())["summary"] == plain(shown)["summary"]

    def logarithmic(state: Any) -> Any:
        return changes.set_panel(state, replace(state.document.panel(panel), logs=(("x", True),)))

    viewer.change(logarithmic, "Log")
    assert "log={'x': True}" in viewer.script(panel)
    with pytest.raises(AnalysisProblem, match="scale of an axis"):
        command_of(viewer.state, viewer.state.document.panel(panel))


def test_that_models_chosen_by_hand_are_copied_by_key(
    viewer: mlipviewer.Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer.select(["m3", "m5", "m9", "m11"])
    panel = viewer.open_panel("correlation")
    viewer.change(lambda s: changes.set_on_selection(s, panel, True), "On the selected")
    found = executed(viewer.script(panel), tmp_path, monkeypatch)
    assert plain(found) == plain(viewer.result(panel))
    assert "rows=['m3', 'm5', 'm9', 'm11']" in viewer.script(panel)
    with pytest.raises(AnalysisProblem, match="chosen by hand"):
        command_of(viewer.state, viewer.state.document.panel(panel))


def test_that_a_table_with_steps_and_a_slice_of_frames_are_copied(
    viewer: mlipviewer.Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlipviewer.session.table_steps import ErrorsOfValues

    name = viewer.tables[0]
    steps = (ErrorsOfValues("m1", "absolute"),)
    viewer.change(lambda s: table_changes.set_steps(s, name, steps), "Errors")
    viewer.wait()
    panel = viewer.open_panel("ranks")
    found = executed(viewer.script(panel), tmp_path, monkeypatch)
    assert plain(found) == plain(viewer.result(panel))
    assert "'errors': 'absolute'" in viewer.script(panel)
    panel = viewer.open_panel("series")
    found = executed(viewer.script(panel), tmp_path, monkeypatch)
    assert plain(found) == plain(viewer.result(panel))
    assert found.inputs.the_trajectory().n_frames == 4
    assert np.array_equal(found.inputs.the_trajectory().frames, range(0, 8, 2))


def test_that_a_panel_without_a_question_says_why() -> None:
    with mlipviewer.Viewer() as viewer:
        panel = viewer.open_panel("pareto")
        with pytest.raises(AnalysisProblem, match="No error table"):
            viewer.script(panel)
        with pytest.raises(KeyError, match="no panel 'x'"):
            viewer.script("x")
