"""Frames out of the window: some of them, of their atoms and columns, by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QPushButton

from mlipviewer.app.trajectories.frames_dialog import FramesDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.session import changes
from mlipviewer.session.computing import compute
from mlipviewer.session.state import JobState
from tests import made
from tests.app import window_work as work
from tests.main_window import settled, shown_view
from tests.watchdog import watched
from tests.windows import LEFT, NO, Key, choose_in_menu, click, dialog_of, type_text

pytestmark = [pytest.mark.window, pytest.mark.timeout(120)]


@pytest.fixture
def shown(window: MainWindow, tmp_path: Path) -> MainWindow:
    window.open([str(made.write_extxyz(tmp_path / "run.xyz", n_frames=6))])
    work.run_until(lambda: window.store.state.trajectory is not None, 20)
    settled(window)
    return window


def asked(window: MainWindow, qtbot: Any) -> FramesDialog:
    """The dialog, by the entry of the menu."""
    choose_in_menu(window.registry.menu("File"), "Export frames ...")
    found: FramesDialog = dialog_of(FramesDialog, qtbot)
    return found


def choose(box: QComboBox, words: str) -> None:
    """By the keys: to the entry that begins so."""
    place = next(i for i in range(box.count()) if box.itemText(i).startswith(words))
    box.setFocus()
    QTest.keyClick(box, Key.Key_Home)
    for _ in range(place):
        QTest.keyClick(box, Key.Key_Down)
    assert box.currentIndex() == place


def untick(dialog: FramesDialog, name: str) -> None:
    """By a click on its box."""
    listed = dialog.columns.list
    item = next(i for i in dialog.columns.items() if i.text() == name)
    listed.scrollToItem(item)
    box = listed.visualItemRect(item)
    at = box.topLeft()
    at.setX(at.x() + 10)
    at.setY(box.center().y())
    QTest.mouseClick(listed.viewport(), LEFT, NO, at)
    assert item.checkState() == Qt.CheckState.Unchecked


def exported(
    window: MainWindow, dialog: FramesDialog, out: Path, patch: pytest.MonkeyPatch
) -> None:
    patch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    click(dialog.export)
    settled(window)


def test_that_chosen_frames_atoms_and_columns_are_written(
    shown: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    chosen = rows([2, 5, 9])
    shown.store.commit(lambda s: changes.select(s, Space.ATOM, chosen), "Select")
    shown.store.commit(lambda s: compute(s, "cna"), "Compute")
    settled(shown)
    dialog = asked(shown, qtbot)
    choose(dialog.which, "From")
    type_text(dialog.last, "5")
    dialog.every.setFocus()
    QTest.keyClick(dialog.every, Key.Key_Up)
    choose(dialog.atoms, "The 3 selected")
    choose(dialog.kind, "Extended")
    untick(dialog, "ref_forces")
    assert dialog.told.text().startswith("3 frames of 3 atoms")
    out = tmp_path / "part.extxyz"
    exported(shown, dialog, out, monkeypatch)
    read, before = open_trajectory(out), open_trajectory(tmp_path / "run.xyz")
    assert read.n_frames == 3
    for k, index in enumerate((0, 2, 4)):
        one, old = read.frame(k), before.frame(index)
        place = np.isin(old.ids, chosen)
        assert one.ids.tolist() == old.ids[place].tolist()
        assert one.positions.tobytes() == old.positions[place].tobytes()
        assert {"energies", "forces", "cna"} <= set(one.columns)
        assert "ref_forces" not in one.columns
    assert f"Written: {out} (3 frames, 9 atoms)" in shown.notices.text.text()


def test_that_the_dialog_says_what_cannot_be_written(shown: MainWindow, qtbot: Any) -> None:
    dialog = asked(shown, qtbot)
    choose(dialog.which, "From")
    choose(dialog.kind, "LAMMPS data")
    assert "holds one frame" in dialog.told.text()
    assert not dialog.export.isEnabled()
    assert not dialog.columns.isEnabled()
    choose(dialog.kind, "LAMMPS dump")
    assert dialog.export.isEnabled()
    type_text(dialog.where, "energy <")
    assert dialog.told.text().startswith("Character ")
    dialog.where.selectAll()
    type_text(dialog.where, "energy < 0")
    assert dialog.told.text().startswith("at most 6 frames of 27 atoms")
    choose(dialog.atoms, "Those where")
    assert "Type a condition" in dialog.told.text()
    type_text(dialog.condition, 'elment == "Li"')
    assert "elment" in dialog.told.text()
    assert not dialog.export.isEnabled()
    QTest.keyClick(dialog, Key.Key_Escape)
    assert QApplication.activeModalWidget() is None


def test_that_what_goes_wrong_later_is_told_and_leaves_no_file(
    shown: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    dialog = asked(shown, qtbot)
    exported(shown, dialog, tmp_path / "gone" / "a.extxyz", monkeypatch)
    assert "a.extxyz was not written" in shown.notices.text.text()
    dialog = asked(shown, qtbot)
    exported(shown, dialog, tmp_path / "run.xyz", monkeypatch)
    assert "choose another name" in shown.notices.text.text()
    assert open_trajectory(tmp_path / "run.xyz").n_frames == 6


def test_that_a_long_export_leaves_the_window_alive_and_can_be_stopped(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    window.open([str(made.write_extxyz(tmp_path / "run.xyz", n_frames=30, n_atoms=8_000))])
    work.run_until(lambda: window.store.state.moment.frames, 30)
    settled(window)
    activity = shown_view(window, "jobs")
    dialog = asked(window, qtbot)
    choose(dialog.which, "From")
    out = tmp_path / "all.csv"
    choose(dialog.kind, "Table")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    click(dialog.export)
    with watched() as beats:
        work.run_until(lambda: window.store.state.moment.jobs[-1].done >= 1, 60)
        job = window.store.state.moment.jobs[-1]
        assert (job.title, job.state) == ("Frames all.csv", JobState.RUNNING)
        click(activity.list.findChildren(QPushButton)[-1])
        settled(window)
    assert beats.fine, beats.said()
    assert window.store.state.moment.jobs[-1].state is JobState.STOPPED
    assert {one.name for one in tmp_path.iterdir()} == {"run.xyz"}
