"""What repeats a panel, from its menu and from the palette."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolButton

from mlipviewer.app.window import MainWindow
from mlipviewer.gui.palette import Palette
from mlipviewer.views.script_menu import add_scripts
from tests import made
from tests.main_window import plot, settled

pytestmark = pytest.mark.window


@pytest.fixture
def opened(window: MainWindow, tmp_path: Path) -> MainWindow:
    window.open([str(made.write_table(tmp_path / "errors.csv"))])
    settled(window)
    return window


def options_of(window: MainWindow) -> QMenu:
    """The menu behind Options of the Pareto plot, filled as when it opens."""
    buttons = plot(window, "pareto").findChildren(QToolButton)
    menu = next(button.menu() for button in buttons if button.text() == "Options")
    menu.aboutToShow.emit()
    return menu


def test_that_the_menu_copies_a_script_that_runs(
    opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu = options_of(opened)
    copy = next(a for a in menu.actions() if a.text() == "Copy as Python")
    copy.trigger()
    settled(opened)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(QGuiApplication.clipboard().text(), names)
    shown = plot(opened, "pareto").table_of_result("front")
    assert shown is not None
    assert {k: list(v) for k, v in names["found"].tables["front"].items()} == {
        k: list(v) for k, v in shown.items()
    }
    assert (tmp_path / "pareto.svg").exists()
    assert "Copied Pareto" in opened.notices.text.text()


def test_that_the_palette_copies_a_command(opened: MainWindow) -> None:
    opened.open_palette()
    (palette,) = opened.findChildren(Palette)
    QTest.keyClicks(palette.line, "copy as command pareto")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    settled(opened)
    line = QGuiApplication.clipboard().text()
    assert line.startswith("mlipviewer run pareto --table ")
    assert sys.executable not in line


def test_that_what_a_line_cannot_say_is_greyed_with_the_reason(opened: MainWindow) -> None:
    view = plot(opened, "pareto")
    view.set_log("x", not view.canvas.plot.x.log)
    settled(opened)
    actions = {action.text(): action for action in options_of(opened).actions()}
    assert actions["Copy as Python"].isEnabled()
    greyed = actions["Copy as command (not here)"]
    assert not greyed.isEnabled()
    assert "scale of an axis was chosen by hand" in greyed.toolTip()


def test_that_the_table_is_copied_from_the_palette(opened: MainWindow, qtbot: Any) -> None:
    QTest.keyClick(opened, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    palette = opened.findChild(Palette)
    assert palette is not None
    qtbot.waitUntil(palette.isVisible)
    QTest.keyClicks(palette.line, "copy as command models")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    settled(opened)
    line = QGuiApplication.clipboard().text()
    assert line.startswith("mlipviewer convert ")
    assert line.endswith("errors.csv models.csv")


def test_that_the_menu_of_the_header_offers_the_script(opened: MainWindow) -> None:
    menu = QMenu()
    add_scripts(menu, opened.store, "table")
    next(one for one in menu.actions() if one.text() == "Copy as Python").trigger()
    assert "mlipviewer.write_table(table, 'models.csv')" in QGuiApplication.clipboard().text()


def test_that_the_palette_copies_the_whole_session(
    opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.open_palette()
    (palette,) = opened.findChildren(Palette)
    QTest.keyClicks(palette.line, "copy session as python")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    settled(opened)
    assert "Copied the session" in opened.notices.text.text()
    script = QGuiApplication.clipboard().text()
    monkeypatch.chdir(tmp_path)
    exec(compile(script, "script", "exec"), {})
    assert {"pareto.svg", "graph.svg", "models.csv"} <= {one.name for one in tmp_path.iterdir()}


def test_that_nothing_is_copied_of_an_empty_window(window: MainWindow) -> None:
    item = window.registry.items["export.python"]
    assert not item.isEnabled()
    assert "nothing is open" in item.toolTip()
