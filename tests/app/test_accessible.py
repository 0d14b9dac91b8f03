"""What can be used without seeing or without a mouse: names, focus, Tab, and the whole of a work by
the keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenuBar,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QWidget,
)

from mlipviewer.app.window import MainWindow
from mlipviewer.session.workspaces import WORKSPACES
from tests import made
from tests.main_window import link_runs, settled
from tests.windows import give

pytestmark = [pytest.mark.window, pytest.mark.timeout(280)]

TOLD_BY_ITSELF = (QScrollBar, QTabBar, QMenuBar, QScrollArea, QTabWidget)
"""Qt tells these to screen readers by what they hold."""


def takes_focus(widget: QWidget) -> bool:
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isEnabled()


def inner(widget: QWidget) -> bool:
    """A part of another control: the line of a spin box, the popup of a combo box."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractSpinBox | QComboBox):
            return True
        parent = parent.parentWidget()
    name = widget.objectName()
    return name.startswith("qt_") or type(widget).__name__ == "QComboBoxListView"


def has_name(widget: QWidget) -> bool:
    if isinstance(widget, QAbstractButton) and widget.text().strip():
        return True
    if isinstance(widget, QLabel):
        return True  # its text, once it has one
    if isinstance(widget, QLineEdit) and widget.placeholderText():
        return True
    return bool(widget.accessibleName())


def nameless(top: QWidget) -> list[str]:
    """The controls that take the focus and have no name."""
    found = []
    for widget in top.findChildren(QWidget):
        plain_area = type(widget) is QAbstractScrollArea
        if isinstance(widget, TOLD_BY_ITSELF) or plain_area or inner(widget):
            continue
        if takes_focus(widget) and not has_name(widget):
            parents = []
            parent = widget.parentWidget()
            while parent is not None:
                parents.append(type(parent).__name__)
                parent = parent.parentWidget()
            found.append(f"{type(widget).__name__} in {' < '.join(parents[:4])}")
    return sorted(set(found))


@pytest.fixture
def filled(window: MainWindow) -> MainWindow:
    give(window, made.error_table(30, 6))
    link_runs(window, {1: 0.3})
    give(window, made.trajectory("run.xyz"))
    return window


@pytest.mark.parametrize("name", list(WORKSPACES))
def test_that_every_control_of_a_workspace_has_a_name(filled: MainWindow, name: str) -> None:
    filled.panel_menus.open_workspace(name)
    settled(filled)
    assert not nameless(filled), "\n".join(nameless(filled))


def test_that_what_helps_has_names_too(filled: MainWindow) -> None:
    filled.help.log.open()
    filled.help.pages.open_page("panel:table")
    filled.help.welcome.welcome()
    filled.help.tour.start()
    settled(filled)
    assert not nameless(filled), "\n".join(nameless(filled))
    filled.help.tour.end()
    filled.help.welcome.leave()


def chain_of(window: QWidget) -> list[QWidget]:
    """What Tab walks along."""
    found, now = [], window.nextInFocusChain()
    while now is not window and len(found) < 5000:
        found.append(now)
        now = now.nextInFocusChain()
    return found


def test_that_everything_that_is_seen_is_reached_by_tab(filled: MainWindow) -> None:
    """But for buttons whose entries are in menus with keys, and parts of other controls."""
    chain = set(chain_of(filled))
    kinds = (QAbstractItemView, QLineEdit, QComboBox, QAbstractSpinBox)
    for widget in filled.findChildren(QWidget):
        if isinstance(widget, kinds) and widget.isVisible() and not inner(widget):
            assert widget in chain
            if takes_focus(widget) and not isinstance(widget, QLineEdit):
                tab = Qt.FocusPolicy.TabFocus
                assert widget.focusPolicy() & tab == tab, widget.accessibleName()


def test_that_the_focus_is_seen(filled: MainWindow, qtbot: Any) -> None:
    """A control looks otherwise with the focus than without."""
    from tests.windows import picture

    table = filled.docks.by_panel["table"].view
    surface = filled.docks.by_panel["atoms"].view.surface
    for widget in (table.filter, filled.docks.by_panel["pareto"].view.canvas, surface):
        filled.docks.by_panel["timeline"].view.slider.setFocus()
        qtbot.wait(30)
        before = picture(widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.wait(30)
        assert QApplication.focusWidget() is widget
        assert (picture(widget) != before).any(), widget.accessibleName()
