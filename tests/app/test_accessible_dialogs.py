"""Every dialog, popup and page, opened by its action or button: names, Tab, and a focus that is
seen in each theme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMessageBox,
    QPushButton,
    QSlider,
    QSpinBox,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.preferences.dialog import Preferences
from mlipviewer.app.window import MainWindow
from mlipviewer.gui.colour_vision import luminance
from mlipviewer.gui.menus import MenuButton
from mlipviewer.gui.theme import THEMES
from mlipviewer.session.settings.listing import PAGES
from tests import made, openings
from tests.app.reach import cut, nameless, unreached
from tests.main_window import link_runs, settled
from tests.windows import Picture, in_front, picture
from tests.windows import give as given

pytestmark = [pytest.mark.window, pytest.mark.timeout(280)]

OF_QT = (QFileDialog, QMessageBox)
"""The toolkit answers for them."""

LEAST_DIALOGS, LEAST_POPUPS = 36, 20


@pytest.fixture
def filled(window: MainWindow) -> MainWindow:
    given(window, made.error_table(30, 6))
    link_runs(window, {1: 0.3})
    given(window, made.trajectory("run.xyz"))
    openings.arrange(window)
    return window


class Lint:
    """Collects what dialogs lack."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.found: list[str] = []

    def look(self, name: str, shown: QWidget) -> None:
        self.seen.append(name)
        if isinstance(shown, OF_QT) or type(shown) is QMenu:
            return  # the entries of a menu are told by their words
        tops = shown.findChildren(QTabWidget)
        for page in range(max((one.count() for one in tops), default=1)):
            for one in tops:
                one.setCurrentIndex(page)
            QApplication.processEvents()
            self.found += [f"{name}: no name: {one}" for one in nameless(shown)]
            self.found += [f"{name}: Tab leaves out: {one}" for one in unreached(shown)]
            self.found += [f"{name}: cut: {one}" for one in cut(shown)]
        bars = shown.findChildren(QDialogButtonBox)
        if any(type(one) is QDialogButtonBox for one in bars):
            self.found.append(f"{name}: buttons that have pictures on some desktops")

    def end(self, least: int) -> None:
        assert len(self.seen) >= least, self.seen
        assert not self.found, "\n".join(self.found)


def test_that_dialogs_have_names_and_are_walked_by_tab(filled: MainWindow, tmp_path: Path) -> None:
    lint = Lint()
    for name, act in openings.dialogs(filled, tmp_path):
        openings.look_at(filled, act, lambda shown, name=name: lint.look(name, shown), 5)
    lint.end(LEAST_DIALOGS)


def test_that_popups_have_names_and_are_walked_by_tab(filled: MainWindow) -> None:
    lint = Lint()
    for name, act in openings.popups(filled):
        openings.look_at(filled, act, lambda shown, name=name: lint.look(name, shown), 5)
    lint.end(LEAST_POPUPS)


def test_that_pages_of_the_preferences_have_names(filled: MainWindow) -> None:
    shown, lint = Preferences(filled), Lint()
    shown.show()
    for page in PAGES:
        shown.show_page(page)
        openings.fill(filled, shown)
        lint.look(page, shown)
    shown.close()
    settled(filled)
    lint.end(len(PAGES))


def test_that_controls_without_room_are_found(qtbot: Any) -> None:
    """A dialog lower than its words need presses its lines flat."""
    dialog = QDialog()
    layout = QVBoxLayout(dialog)
    words = QLabel("So many words that they stand in several lines of a narrow dialog. " * 4)
    words.setWordWrap(True)
    for widget in (words, QLineEdit("text"), QPushButton("button"), QLabel("one line")):
        layout.addWidget(widget)
    dialog.resize(300, 0)
    dialog.show()
    in_front(qtbot, dialog)
    assert any(one.startswith("QLineEdit") for one in cut(dialog)), cut(dialog)
    dialog.resize(300, 400)
    QTest.qWait(20)
    assert not cut(dialog)
    layout.itemAt(3).widget().setFixedWidth(30)
    QTest.qWait(20)
    assert [one.partition(":")[0] for one in cut(dialog)] == ["QLabel 'one line'"]
    dialog.close()
    dialog.deleteLater()


# -- the focus -----------------------------------------------------------------------------


def _controls() -> dict[str, QWidget]:
    """One of each kind."""
    choice, text_choice = QComboBox(), QComboBox(editable=True)
    for one in (choice, text_choice):
        one.addItems(["first", "second"])
    listed = QListWidget()
    listed.addItems(["first", "second"])
    tool = QToolButton(autoRaise=True)
    tool.setText("tool")
    menu = MenuButton("menu")
    menu.setMenu(QMenu(menu))
    return {
        "button": QPushButton("button"),
        "tick": QCheckBox("tick"),
        "choice": choice,
        "choice with text": text_choice,
        "line": QLineEdit("text"),
        "number": QSpinBox(),
        "slider": QSlider(Qt.Orientation.Horizontal),
        "list": listed,
        "tool": tool,
        "menu": menu,
    }


@pytest.fixture
def controls(qtbot: Any) -> Iterator[tuple[QDialog, dict[str, QWidget]]]:
    dialog, found = QDialog(), _controls()
    layout = QVBoxLayout(dialog)
    dialog.nothing = QPushButton("elsewhere", autoDefault=False)  # type: ignore[attr-defined]
    layout.addWidget(dialog.nothing)  # type: ignore[attr-defined]
    for widget in found.values():
        if isinstance(widget, QPushButton):
            widget.setAutoDefault(False)
        layout.addWidget(widget)
    dialog.show()
    in_front(qtbot, dialog)
    yield dialog, found
    dialog.close()
    dialog.deleteLater()


@pytest.mark.parametrize("theme", [*THEMES, "system"])
def test_that_the_focus_is_seen_in_each_theme(
    controls: tuple[QDialog, dict[str, QWidget]], theme: str, qapp: Any
) -> None:
    """What Tab gives the focus to differs from before in pixels of enough contrast."""
    dialog, found = controls
    dress(qapp, theme)
    dialog.nothing.setFocus()  # type: ignore[attr-defined]
    marked = {}
    for name, widget in found.items():
        QTest.qWait(20)
        before = picture(widget)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is widget, name
        QTest.qWait(20)
        marked[name] = n_marked(before, picture(widget))
    dress(qapp)
    assert min(marked.values()) >= 12, marked


def n_marked(before: Picture, after: Picture) -> int:
    """The pixels whose contrast with what was there is seen."""
    lights = np.stack((luminance(before), luminance(after)))
    ratio = (lights.max(axis=0) + 0.05) / (lights.min(axis=0) + 0.05)
    return int((ratio > 1.5).sum())


def test_that_boxes_and_lines_have_outlines_in_each_theme(
    controls: tuple[QDialog, dict[str, QWidget]], qapp: Any
) -> None:
    """Between the inside of a control and the window around it there is a line of contrast."""
    _, found = controls
    for name, theme in THEMES.items():
        dress(qapp, name)
        QTest.qWait(30)
        for kind in ("tick", "line", "number", "choice"):
            seen = picture(found[kind])
            row = luminance(seen[seen.shape[0] // 2, :14])
            ground = float(luminance(picture(found[kind].parentWidget())[2, 2]))
            line = row.max() if theme.dark else row.min()
            ratio = (max(line, ground) + 0.05) / (min(line, ground) + 0.05)
            assert ratio > 1.9, (name, kind, ratio)
    dress(qapp)
