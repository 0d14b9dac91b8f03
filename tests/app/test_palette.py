"""The command palette and the history, by keys and clicks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.gui.palette import HINT, Palette
from mlipviewer.session import changes
from tests import made
from tests.main_window import settled, shown_view

pytestmark = pytest.mark.window


@pytest.fixture
def worked(window: MainWindow, tmp_path: Path) -> MainWindow:
    made.write_table(tmp_path / "errors.csv")
    made.write_extxyz(tmp_path / "run.extxyz")
    for name in ("errors.csv", "run.extxyz"):
        window.open([str(tmp_path / name)])
        settled(window)
    return window


def asked(window: MainWindow) -> Palette:
    QTest.keyClick(
        window,
        Qt.Key.Key_P,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    settled(window)
    found = QApplication.activePopupWidget()
    assert isinstance(found, Palette)
    return found


def typed(window: MainWindow, text: str) -> Palette:
    palette = asked(window)
    QTest.keyClicks(palette.line, text)
    return palette


def enter(window: MainWindow, palette: Palette) -> None:
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    settled(window)


def titles(palette: Palette) -> list[str]:
    return [palette.list.item(row).text() for row in range(palette.list.count())]


def test_that_an_action_is_done_by_a_few_letters(worked: MainWindow) -> None:
    palette = typed(worked, "sel all mod")
    assert titles(palette)[0] == "Select all models"
    assert "Ctrl+A" in palette.list.item(0).data(HINT)
    enter(worked, palette)
    assert len(worked.store.state.selected(Space.MODEL)) == 24


@pytest.mark.parametrize("text", ["frame 2", "2", "fr2", "Fr 2"])
def test_that_a_frame_is_gone_to(worked: MainWindow, text: str) -> None:
    palette = typed(worked, text)
    assert titles(palette)[0] == "Frame 2"
    enter(worked, palette)
    assert worked.store.state.frame == 1
    assert worked.store.undo_label == "Frame 2"


def test_that_a_model_and_a_metric_are_found(worked: MainWindow) -> None:
    enter(worked, typed(worked, "m17"))
    table = worked.store.state.table
    assert table is not None
    (row,) = worked.store.state.selected(Space.MODEL)
    assert table.keys[row] == "m17"
    enter(worked, typed(worked, "e3 metric"))
    assert worked.store.state.selected(Space.METRIC).tolist() == [3]


def test_that_an_analysis_opens_a_panel(worked: MainWindow) -> None:
    before = len(worked.store.state.document.panels)
    enter(worked, typed(worked, "scatter matrix"))
    assert len(worked.store.state.document.panels) == before + 1


def test_that_atoms_are_coloured_by_a_column(worked: MainWindow) -> None:
    enter(worked, typed(worked, "colour by forces"))
    assert worked.store.state.document.colouring.column == "forces"


def test_that_what_cannot_be_done_says_why(window: MainWindow) -> None:
    palette = typed(window, "select all models")
    settled(window)
    assert "Not now: no error table is open" in palette.reason.text()
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    settled(window)
    assert QApplication.activePopupWidget() is None


def test_that_nonsense_finds_nothing_and_says_so(worked: MainWindow) -> None:
    palette = typed(worked, "qqqq")
    assert palette.reason.text() == "Nothing is called so."
    palette.close()


def test_that_what_was_taken_last_comes_first(worked: MainWindow) -> None:
    enter(worked, typed(worked, "invert sel mod"))
    palette = asked(worked)
    assert titles(palette)[0] == "Invert selected models"
    palette.close()


def test_that_arrows_choose(worked: MainWindow) -> None:
    palette = typed(worked, "frame")
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentRow() >= 1
    QTest.keyClick(palette.line, Qt.Key.Key_PageUp)
    assert palette.list.currentRow() == 0
    palette.close()


def test_that_a_click_in_the_history_goes_there(worked: MainWindow) -> None:
    store = worked.store
    for number in (1, 2, 0):
        store.commit(lambda s, n=number: changes.show_frame(s, n), f"Frame {number + 1}")
    settled(worked)
    view = shown_view(worked, "history")
    settled(worked)
    rows = [view.list.item(row).text() for row in range(view.list.count())]
    assert rows[0] == "Begin"
    assert rows[-3:] == ["Frame 2", "Frame 3", "Frame 1"]
    assert view.list.currentRow() == len(rows) - 1

    def click(row: int) -> None:
        at = view.list.visualItemRect(view.list.item(row)).center()
        QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))
        settled(worked)

    click(len(rows) - 3)
    assert store.state.frame == 1
    assert store.redo_label == "Frame 3"
    assert view.list.item(len(rows) - 1).font().italic()
    click(len(rows) - 1)
    assert store.state.frame == 0
    click(0)
    assert store.undo_label == ""
    assert store.state.document.inputs == ()
