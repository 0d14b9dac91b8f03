"""Sets of a design by dialogs: of files, made by the reference, of frames of the shown run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from mlipviewer.app.campaigns.sets import SetDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.campaign.labelled import read_labelled
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.campaigns.attending import reading_of
from tests import made
from tests.app.campaign_stage import open_small, panel, wait
from tests.main_window import settled
from tests.windows import click, give, press

pytestmark = pytest.mark.window


def sets_of(window: MainWindow) -> dict[str, Any]:
    """The sets by name, once the text was read."""
    text = settled(window).document.campaign.text

    def is_read() -> bool:
        reading = reading_of(window.store.state)
        return reading is not None and reading.text == text

    wait(window, is_read)
    reading = reading_of(window.store.state)
    assert reading is not None
    assert reading.design is not None, reading.problem
    return {one.name: one for one in reading.design.sets}


def press_button(window: MainWindow, text: str) -> None:
    from PySide6.QtWidgets import QPushButton

    form = panel(window).design
    wait(window, form.inside.isEnabled)
    button = next(one for one in form.findChildren(QPushButton) if one.text() == text)
    form.ensureWidgetVisible(button)
    settled(window)
    click(button)


def dialog_of(window: MainWindow) -> SetDialog:
    wait(window, lambda: isinstance(QApplication.activeWindow(), SetDialog))
    found = QApplication.activeWindow()
    assert isinstance(found, SetDialog)
    return found


def test_that_a_set_is_generated_and_removed(window: MainWindow, tmp_path: Path) -> None:
    open_small(window, tmp_path, 1, "lattice")
    press_button(window, "Generate ...")
    dialog = dialog_of(window)
    press(dialog.name, Qt.Key.Key_Return)
    assert dialog.problem.text() == "What is the set called?"
    QTest.keyClicks(dialog.name, "warm")
    click(dialog.kinds["surface"], (8, 8))
    press(dialog.name, Qt.Key.Key_Return)
    wait(window, lambda: '"warm"' in window.store.state.document.campaign.text)
    one = sets_of(window)["warm"]
    assert one.kinds == ("bulk", "strained", "vacancy", "surface", "liquid")
    assert one.frames == 70
    lines = panel(window).design.sets
    at = lines.visualItemRect(lines.topLevelItem(0)).center()
    menu = lines.menu_of(0)
    assert [a.text() for a in menu.actions() if a.text()][-1] == "Remove the set"
    menu.close()
    QTest.mouseClick(lines.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))
    remove(window)
    assert sets_of(window) == {}


def remove(window: MainWindow) -> None:
    """By the menu of the first line."""
    lines = panel(window).design.sets
    menu: QMenu = lines.menu_of(0)
    entry = next(a for a in menu.actions() if a.text() == "Remove the set")
    menu.popup(lines.mapToGlobal(QPoint(20, 30)))
    wait(window, menu.isVisible)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
    wait(window, lambda: "[[set]]" not in window.store.state.document.campaign.text)


def test_that_a_file_becomes_a_test_set(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_small(window, tmp_path, 1, "lattice")
    path = str(tmp_path / "known.extxyz")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (path, ""))
    press_button(window, "From a file ...")
    dialog = dialog_of(window)
    assert dialog.name.text() == "known"
    dialog.role.setFocus()
    QTest.keyClicks(dialog.role, "test")
    press(dialog.name, Qt.Key.Key_Return)
    wait(window, lambda: "known" in window.store.state.document.campaign.text)
    one = sets_of(window)["known"]
    assert (one.file, one.role) == (path, "test")


def test_that_the_selected_frames_of_the_run_become_a_set(
    window: MainWindow, tmp_path: Path
) -> None:
    open_small(window, tmp_path, 1, "lattice")
    give(window, made.trajectory("run.xyz", error=0.1, n_frames=6))
    window.store.commit(lambda s: changes.select(s, Space.FRAME, rows([1, 4])), "Select")
    press_button(window, "Frames of the run ...")
    dialog = dialog_of(window)
    press(dialog.name, Qt.Key.Key_Return)
    wait(window, lambda: "[[set]]" in window.store.state.document.campaign.text)
    one = sets_of(window)["run"]
    assert Path(one.file).parent == tmp_path
    frames = read_labelled(Path(one.file))
    assert len(frames) == 2
    shown = settled(window).trajectory
    assert shown is not None
    assert frames[1].positions == pytest.approx(shown.frame(4).positions)
