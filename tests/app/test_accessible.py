"""What can be used without seeing or without a mouse: names, focus, Tab, and the whole of a work by
the keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from mlipviewer.app.window import MainWindow
from mlipviewer.session.workspaces import WORKSPACES
from tests import made
from tests.app.reach import cut, nameless, unreached
from tests.main_window import link_runs, settled
from tests.windows import give

pytestmark = [pytest.mark.window, pytest.mark.timeout(280)]


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
    filled.resize(1280, 720)
    settled(filled)
    assert not cut(filled), "\n".join(cut(filled))


def test_that_what_helps_has_names_too(filled: MainWindow) -> None:
    filled.help.log.open()
    filled.help.pages.open_page("panel:table")
    filled.help.welcome.welcome()
    filled.help.tour.start()
    settled(filled)
    assert not nameless(filled), "\n".join(nameless(filled))
    filled.help.tour.end()
    filled.help.welcome.leave()


# by menus with keys, and by the mouse; Tab would lead through them before each table and plot
TITLE_BUTTONS = "QDockWidgetTitleButton"


def test_that_everything_that_is_seen_is_reached_by_tab(filled: MainWindow) -> None:
    """But for the buttons in the titles of docks, for which there are actions."""
    left = [one for one in unreached(filled) if not one.startswith(TITLE_BUTTONS)]
    assert not left, "\n".join(left)


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
