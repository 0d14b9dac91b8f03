"""Figures of a session: by the window and by the command, and opened again."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from mlipviewer.app.figures.dialog import FigureDialog
from mlipviewer.app.figures.movies import own_command
from mlipviewer.app.window import MainWindow
from mlipviewer.cli import main
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.io.receipts import read_receipt
from mlipviewer.session import changes
from mlipviewer.session.figures import FigureLayout, FigurePart, keep_figure
from tests import made, windows
from tests.app import window_work as work
from tests.app.test_session_files import click
from tests.main_window import atoms, settled

pytestmark = pytest.mark.window
LOOK = FigureLook(85, 64, 7, 150)
WORDS = ("--size", "85x64", "--font", "7", "--dpi", "150")
LAYOUT = FigureLayout(
    "Figure 1",
    (FigurePart("pareto"), FigurePart("atoms", 0, 1), FigurePart("table", 1, 0, 1, 2)),
    shared_legend=True,
)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def program(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*own_command(), *words], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def worked(window: MainWindow, tmp_path: Path, qtbot: Any) -> MainWindow:
    made.write_table(tmp_path / "errors.csv")
    made.write_extxyz(tmp_path / "run.extxyz")
    for name in ("errors.csv", "run.extxyz"):
        window.open([str(tmp_path / name)])
        settled(window)
    window.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([3, 4])), "Select")
    window.store.commit(lambda s: keep_figure(s, LAYOUT), "Keep figure")
    atoms(window, qtbot).looking.spin(10)  # looked at by hand, it is not fitted again
    return window


def written(window: MainWindow, name: str, path: Path, look: FigureLook = LOOK) -> Path:
    window.figures.write(name, look, path)
    settled(window)
    assert path.exists(), window.notices.text.text()
    return path


@pytest.mark.parametrize("view", ["pareto", "atoms", "table", "Figure 1"])
def test_that_the_command_draws_what_the_window_draws(
    worked: MainWindow, tmp_path: Path, view: str
) -> None:
    work.save(worked, tmp_path / "a.mlipview")
    settled(worked)
    one = written(worked, view, tmp_path / "window.svg")
    out = tmp_path / "command.svg"
    session = str(tmp_path / "a.mlipview")
    done = program("figure", session, "--view", view, "--out", str(out), *WORDS)
    assert done.returncode == 0, done.stderr
    told, meant = (json.loads(read_receipt(path)) for path in (out, one))
    assert json.loads(told.pop("session")) == json.loads(meant.pop("session"))
    assert told == meant
    assert out.read_bytes() == one.read_bytes()


def test_that_the_command_says_what_is_wrong(worked: MainWindow, tmp_path: Path) -> None:
    session = tmp_path / "a.mlipview"
    work.save(worked, session)
    out = ["--out", str(tmp_path / "a.svg")]
    for words, said in (
        ([str(session), "--view", "nothing", *out], "there is no view 'nothing'"),
        ([str(session), "--view", "heatmap", "--out", str(tmp_path / "a.txt")], "written as"),
        ([str(tmp_path / "no.mlipview"), "--view", "atoms", *out], "no such file"),
    ):
        done = program("figure", *words)
        assert done.returncode == 1
        assert said in done.stderr.splitlines()[-1]
    with pytest.raises(SystemExit) as ended:
        main(["figure", str(session), "--view", "atoms", "--size", "big", *out])
    assert ended.value.code == 2


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf", ".tiff"])
def test_that_a_figure_opens_what_it_shows(worked: MainWindow, tmp_path: Path, suffix: str) -> None:
    path = written(worked, "atoms", tmp_path / f"a{suffix}")
    worked.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([7])), "Select")
    worked.store.commit(lambda s: changes.close_panel(s, "heatmap"), "Close")
    settled(worked)
    windows.drop(worked, [path])
    work.run_until(lambda: len(worked.store.state.selected(Space.MODEL)) == 2, 10)
    state = settled(worked)
    assert state.selected(Space.MODEL).tolist() == [3, 4]
    assert any(panel.id == "heatmap" for panel in state.document.panels)
    assert state.document.figures == (LAYOUT,)
    assert worked.sessions.path is None, "saving must not overwrite the figure"
    assert state.trajectory is not None


def test_that_a_figure_of_a_stranger_asks(
    worked: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs").mkdir()
    path = written(worked, "pareto", tmp_path / "theirs" / "a.svg")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "another user"))
    worked.open([str(path)])
    click("Open without these")
    work.run_until(lambda: worked.store.state.table is None, 10)
    settled(worked)
    assert "outside" in worked.notices.text.text()


def test_that_any_picture_is_refused_with_a_reason(worked: MainWindow, tmp_path: Path) -> None:
    Image.new("RGB", (9, 9)).save(tmp_path / "cat.png")
    before = worked.store.state.document
    worked.open([str(tmp_path / "cat.png")])
    settled(worked)
    assert worked.store.state.document is before
    assert "without a receipt" in worked.notices.text.text()
    assert not [w for w in worked.children() if isinstance(w, QMessageBox)]


def test_that_the_3d_view_is_exported_by_the_dialog(
    worked: MainWindow, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "atoms.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    view = atoms(worked, qtbot)
    QTest.mouseClick(view.surface, Qt.MouseButton.LeftButton)
    view.surface.setFocus()
    QTest.keyClick(view.surface, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = windows.dialog_of(FigureDialog, qtbot)
    work.run_until(lambda: dialog.shown.n_drawn > 0, 10)
    before = dialog.shown.pixmap().toImage()
    n = dialog.shown.n_drawn
    assert not dialog.parts["scale bar"].isChecked()
    box = dialog.parts["scale bar"]
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert box.isChecked()
    work.run_until(lambda: dialog.shown.n_drawn > n, 10)
    assert dialog.shown.pixmap().toImage() != before
    dialog.units.setCurrentText("px")
    dialog.units.activated.emit(1)
    assert dialog.width_box.suffix() == " px"
    dialog.width_box.setValue(1200)
    dialog.height_box.setValue(900)
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settled(worked)
    with Image.open(out) as image:
        assert image.size == (1200, 900)
