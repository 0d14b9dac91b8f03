"""Figures, movies, frames and models leave by one place with tabs; movies have a preview and keep
what they were told; a figure is copied from its dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QTabBar

from mlipviewer.app.figures.dialog import FigureDialog
from mlipviewer.app.figures.movies import MovieDialog
from mlipviewer.app.tables.models_export import ModelsDialog
from mlipviewer.app.trajectories.frames_dialog import FramesDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.gui.settings_in_use import settings_in_use
from tests import made
from tests.main_window import atoms, plot, settled
from tests.windows import CTRL, Key, click, give, press, shown_dialog

pytestmark = pytest.mark.window


@pytest.fixture
def full(window: MainWindow, qtbot: Any) -> MainWindow:
    give(window, made.error_table())
    give(window, made.trajectory())
    atoms(window, qtbot)
    return window


def tab(dialog: QDialog, title: str) -> None:
    """Click a tab."""
    bar = dialog.findChild(QTabBar)
    k = next(k for k in range(bar.count()) if bar.tabText(k) == title)
    click(bar, bar.tabRect(k).center().toTuple())


def in_front() -> QDialog:
    found = QApplication.activeModalWidget()
    assert isinstance(found, QDialog)
    return found


def test_that_tabs_lead_from_dialog_to_dialog(full: MainWindow, qtbot: Any) -> None:
    press(plot(full, "pareto").canvas, Key.Key_E, CTRL)
    figure = shown_dialog(FigureDialog, qtbot)
    place = figure.geometry().topLeft()
    for title, kind in (
        ("Movie", MovieDialog),
        ("Frames", FramesDialog),
        ("Models", ModelsDialog),
    ):
        tab(in_front(), title)
        shown = shown_dialog(kind, qtbot)
        assert shown.findChild(QTabBar).tabText(shown.findChild(QTabBar).currentIndex()) == title
        assert (shown.geometry().topLeft() - place).manhattanLength() < 8
    tab(in_front(), "Figure")
    again = shown_dialog(FigureDialog, qtbot)
    assert again is not figure
    again.close()


def test_that_what_cannot_be_exported_says_why(window: MainWindow, qtbot: Any) -> None:
    give(window, made.error_table())
    window.registry.items["export.models"].trigger()
    dialog = shown_dialog(ModelsDialog, qtbot)
    bar = dialog.findChild(QTabBar)
    enabled = {bar.tabText(k): bar.isTabEnabled(k) for k in range(bar.count())}
    assert enabled == {"Figure": True, "Movie": False, "Frames": False, "Models": True}
    assert bar.tabToolTip(1) == "no trajectory is open"
    dialog.close()


def test_that_a_figure_is_copied_from_its_dialog(full: MainWindow, qtbot: Any) -> None:
    QGuiApplication.clipboard().clear()
    press(plot(full, "pareto").canvas, Key.Key_E, CTRL)
    dialog = shown_dialog(FigureDialog, qtbot)
    dialog.dpi.setValue(96)
    width, height = dialog.look.dots
    click(dialog.copy)
    clipboard = QGuiApplication.clipboard()
    qtbot.waitUntil(lambda: clipboard.mimeData().hasImage(), timeout=20_000)
    assert (clipboard.image().width(), clipboard.image().height()) == (width, height)
    assert b"<svg" in clipboard.mimeData().data("image/svg+xml").data()
    assert dialog.isVisible()  # and may go on to be written
    dialog.close()
    settled(full)


def test_that_a_movie_is_previewed_and_keeps_its_size(
    full: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    settings_in_use.set("movies.look", "1280x720 high")
    full.registry.items["export.movie"].trigger()
    dialog = shown_dialog(MovieDialog, qtbot)
    qtbot.waitUntil(lambda: dialog.shown.n_drawn > 0, timeout=20_000)
    wide = dialog.shown.pixmap().size()
    n = dialog.shown.n_drawn
    dialog.size_box.setFocus()
    dialog.size_box.lineEdit().selectAll()
    QTest.keyClicks(dialog.size_box, "320x320")
    qtbot.waitUntil(lambda: dialog.shown.n_drawn > n, timeout=20_000)
    square = dialog.shown.pixmap().size()
    assert wide.width() > 1.5 * wide.height()
    assert abs(square.width() - square.height()) <= 1
    dialog.quality.setFocus()
    QTest.keyClick(dialog.quality, Qt.Key.Key_End)
    quality = dialog.quality.currentText()
    dialog.make(str(tmp_path / "no" / "folder" / "a.mp4"))
    settled(full)
    full.registry.items["export.movie"].trigger()
    again = shown_dialog(MovieDialog, qtbot)
    assert (again.size_box.currentText(), again.quality.currentText()) == ("320x320", quality)
    again.close()
