"""A panel that was closed comes back to its place: by undo, and from the menu."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QTabBar

from mlipviewer.app.docks import Dock
from mlipviewer.app.window import MainWindow
from tests.main_window import settled
from tests.windows import CTRL, Key, click, press

pytestmark = pytest.mark.window

NEAR = 3  # dots by which Qt lays out anew


def dock(window: MainWindow, panel_id: str) -> Dock:
    return window.docks.by_panel[panel_id]


def close(window: MainWindow, panel_id: str) -> None:
    """Click the cross of its title."""
    shown = dock(window, panel_id)
    shown.raise_()
    settled(window)
    cross = shown.findChild(QAbstractButton, "qt_dockwidget_closebutton")
    assert cross is not None
    click(cross)
    settled(window)
    assert panel_id not in window.docks.by_panel


def like(one: QRect, other: QRect) -> bool:
    pairs = zip(one.getRect(), other.getRect(), strict=True)  # type: ignore[arg-type]
    return all(abs(a - b) <= NEAR for a, b in pairs)


def tabs_with(window: MainWindow, title: str) -> list[str]:
    for bar in window.findChildren(QTabBar):
        names = [bar.tabText(k) for k in range(bar.count())]
        if bar.isVisible() and title in names:
            return names
    return []


@pytest.mark.parametrize("panel", ["table", "atoms", "timeline", "pareto"])
def test_that_undo_puts_a_closed_panel_back(window: MainWindow, panel: str) -> None:
    settled(window)
    before = dock(window, panel).geometry()
    close(window, panel)
    press(window, Key.Key_Z, CTRL)
    settled(window)
    assert like(dock(window, panel).geometry(), before)
    assert dock(window, panel).isVisible()


def test_that_a_tab_comes_back_among_its_tabs_and_in_front(window: MainWindow) -> None:
    settled(window)
    title = dock(window, "sets").windowTitle()
    names = tabs_with(window, title)
    assert len(names) > 2
    close(window, "sets")
    assert title not in tabs_with(window, dock(window, "details").windowTitle())
    window.registry.items["show.sets"].trigger()
    settled(window)
    assert tabs_with(window, title) == names
    assert not dock(window, "sets").visibleRegion().isEmpty()


def test_that_a_floating_panel_floats_again(window: MainWindow) -> None:
    shown = dock(window, "history")
    shown.setFloating(True)
    settled(window)
    close(window, "history")
    press(window, Key.Key_Z, CTRL)
    settled(window)
    assert dock(window, "history").isFloating()
    close(window, "history")


def test_that_after_another_workspace_the_places_are_its_own(window: MainWindow) -> None:
    settled(window)
    close(window, "heatmap")
    window.panel_menus.open_workspace("Benchmark")
    settled(window)
    window.panel_menus.open_workspace("Overview")
    settled(window)
    graph, heat = dock(window, "graph").windowTitle(), dock(window, "heatmap").windowTitle()
    assert {graph, heat} <= set(tabs_with(window, graph))
