"""The table and the atoms copied as Python or as a command give what the panels show."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import mlipviewer
from mlipviewer.cli import main
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.session import changes
from mlipviewer.session.commands.view_scripts import command_of, python_of, python_of_all
from mlipviewer.session.panels import start_panels
from mlipviewer.session.state import Panel
from tests import made

TABLE, ATOMS = (next(one for one in start_panels() if one.view == v) for v in ("table", "atoms"))


@pytest.fixture
def viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[mlipviewer.Viewer]:
    monkeypatch.chdir(tmp_path)
    files = made.write_table(tmp_path / "errors.csv"), made.write_extxyz(tmp_path / "run.extxyz")
    with mlipviewer.open(*files) as found:
        found.wait()
        yield found


def runs(viewer: mlipviewer.Viewer, panel: Panel) -> None:
    exec(compile(python_of(viewer.state, panel), "script", "exec"), {})


def test_that_the_filtered_table_is_written(viewer: mlipviewer.Viewer) -> None:
    table = viewer.table
    assert table is not None
    viewer.filter("e0 < 0.1")
    wanted = [k for k, e in zip(table.keys, table.metric("e0"), strict=True) if e < 0.1]
    wanted = [key for key in wanted if table.row(key) in table.models]
    runs(viewer, TABLE)
    read = mlipviewer.read_table("models.csv")
    assert 0 < len(wanted) < table.n_models
    assert list(read.keys) == wanted
    Path("models.csv").unlink()
    words = shlex.split(command_of(viewer.state, TABLE))
    assert words[0] == "mlipviewer"
    assert main(words[1:]) == 0
    assert list(mlipviewer.read_table("models.csv").keys) == wanted


def test_that_selected_models_are_written_and_no_line_says_them(viewer: mlipviewer.Viewer) -> None:
    table = viewer.table
    assert table is not None
    chosen = [table.keys[row] for row in (2, 7, 4)]
    viewer.select(models=chosen)
    runs(viewer, TABLE)
    assert sorted(mlipviewer.read_table("models.csv").keys) == sorted(chosen)
    with pytest.raises(AnalysisProblem, match="copy as Python"):
        command_of(viewer.state, TABLE)


def test_that_the_shown_frame_is_written_with_its_selected_atoms(viewer: mlipviewer.Viewer) -> None:
    viewer.show(frame=3)
    viewer.select(atoms=[2, 5, 9])
    before = open_trajectory("run.extxyz").frame(3)
    wanted = before.positions[np.isin(before.ids, [2, 5, 9])].tobytes()
    words = shlex.split(command_of(viewer.state, ATOMS))
    assert main(words[1:]) == 0
    assert open_trajectory("frame.extxyz").frame(0).positions.tobytes() == wanted
    Path("frame.extxyz").unlink()
    viewer.compute("cna")
    runs(viewer, ATOMS)
    assert "mlipviewer.columns(trajectory, 'cna', frames=[3])" in python_of(viewer.state, ATOMS)
    read = open_trajectory("frame.extxyz")
    assert read.n_frames == 1
    assert read.frame(0).positions.tobytes() == wanted
    with pytest.raises(AnalysisProblem, match="columns are computed"):
        command_of(viewer.state, ATOMS)


def test_that_without_files_there_is_a_reason() -> None:
    with mlipviewer.Viewer() as empty:
        for panel in (TABLE, ATOMS):
            for write in (python_of, command_of):
                with pytest.raises(AnalysisProblem, match="is shown"):
                    write(empty.state, panel)


def test_that_the_script_of_a_session_gives_what_all_panels_show(
    viewer: mlipviewer.Viewer, tmp_path: Path
) -> None:
    viewer.filter("e0 < 0.5")
    viewer.open_panel("pareto", metrics=("e0", "e1"))
    other = viewer.open_panel("pareto", metrics=("e2", "e3"))
    viewer.open_panel("series")
    viewer.change(lambda s: changes.restore_panel(s, TABLE), "Show models")
    script = viewer.script()
    assert script.count("mlipviewer.read_table(") == 1
    assert script.count("mlipviewer.read_trajectory(") == 1
    names: dict[str, object] = {}
    exec(compile(script, "script", "exec"), names)
    panels = viewer.panels
    assert len(panels) == 3
    for name in panels:
        assert (tmp_path / f"{name}.svg").stat().st_size > 1000
    assert (tmp_path / "models.csv").exists()
    exec(compile(viewer.script(other), "script", "exec"), names)
    found = names["found"]
    assert isinstance(found, mlipviewer.Found)
    assert found.summary == viewer.result(other).summary


def test_that_a_script_of_a_session_says_what_it_cannot_and_obeys_no_title(
    viewer: mlipviewer.Viewer, tmp_path: Path
) -> None:
    name = viewer.open_panel("pareto", metrics=("e0", "e1"))
    nasty = "Front\nopen('bad', 'w')\x0c\u2028open('bad', 'w')\ropen('bad', 'w')"
    panel = viewer.state.document.panel(name)
    evil = replace(panel, title=nasty, id="../../evil")
    shown = viewer.state.with_document(panels=(evil, replace(ATOMS, title=nasty)))
    closed = shown.with_document(trajectory=None)
    script = python_of_all(closed)
    exec(compile(script, "script", "exec"), {})
    assert not (tmp_path / "bad").exists()
    assert [path.name for path in tmp_path.glob("*.svg")] == ["evil.svg"]
    assert "no trajectory is shown" in script
    with pytest.raises(AnalysisProblem, match="no open panel"):
        python_of_all(closed.with_document(panels=(ATOMS,)))
