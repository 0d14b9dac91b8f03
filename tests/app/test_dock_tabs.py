"""The names on the tabs of docks in narrow windows: they can be read, and that in front is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QStyle, QTabBar, QToolButton

from mlipviewer.app.dock_tabs import KEPT, UNCUT, readable
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.gui.theme import THEMES
from tests import made
from tests.main_window import settled
from tests.windows import click, give

pytestmark = [pytest.mark.window, pytest.mark.timeout(120)]


def test_that_names_are_cut_a_little_or_not_at_all() -> None:
    names, widths = ("Correlation graph", "Heat map", "MSD"), (110, 60, 30)
    assert readable(names, widths, 200, 10)
    assert readable(names, widths, 192, 10)  # 4 and the dots of each of the long ones
    assert not readable(names, widths, 180, 10)
    assert not readable(names, widths, 150, 10)  # a third of the shorter one would be left
    assert readable(("MSD", "RDF"), (30, 30), 60, 10)
    assert not readable(("MSD", "RDF"), (30, 30), 50, 10)  # the toolkit cuts neither
    assert readable((), (), 0, 10)


def bars(window: MainWindow) -> Iterator[QTabBar]:
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    return (one for one in window.findChildren(QTabBar, options=direct) if one.isVisible())


def share_of_shortest(bar: QTabBar) -> float:
    """How much of a name is seen, at the least, of those that may be cut."""
    around = bar.style().pixelMetric(QStyle.PixelMetric.PM_TabBarTabHSpace, None, bar)
    shares = [1.0]
    for i in range(bar.count()):
        text = bar.tabText(i)
        if len(text) > UNCUT:
            whole = bar.fontMetrics().horizontalAdvance(text)
            room = bar.tabRect(i).width() - around
            dots = 0 if room >= whole else bar.fontMetrics().horizontalAdvance("…")
            shares.append((room - dots) / whole)
    return min(shares)


@pytest.mark.parametrize("width", [1000, 1280])
def test_that_names_of_panels_can_be_read_in_narrow_windows(window: MainWindow, width: int) -> None:
    give(window, made.error_table(30, 6))
    give(window, made.trajectory("run.xyz"))
    window.resize(width, 720)
    seen = []
    for name in ("Overview", "Benchmark", "Trajectory", "Diffusion"):
        window.panel_menus.open_workspace(name)
        settled(window)
        seen += [(name, bar, share_of_shortest(bar)) for bar in bars(window)]
        window.grab()
        cut = [one for one in bars(window) if share_of_shortest(one) < KEPT - 0.05]
        assert not cut, (name, [[one.tabText(i) for i in range(one.count())] for one in cut])
    assert len(seen) > 6


def test_that_tabs_without_room_are_scrolled_and_tell_their_names(window: MainWindow) -> None:
    window.resize(1000, 720)
    window.panel_menus.open_workspace("Overview")
    settled(window)
    bar = max(bars(window), key=lambda one: one.count())
    assert bar.count() == 7
    assert bar.elideMode() is Qt.TextElideMode.ElideNone
    assert any(one.isVisible() for one in bar.findChildren(QToolButton))
    assert [bar.tabToolTip(i) for i in range(7)] == [bar.tabText(i) for i in range(7)]
    window.docks.by_panel["history"].raise_()
    settled(window)
    rect = bar.tabRect(bar.currentIndex())
    assert bar.tabText(bar.currentIndex()) == "History"
    assert 0 <= rect.left() < rect.right() <= bar.width()
    back = next(one for one in bar.findChildren(QToolButton) if one.isEnabled() and one.isVisible())
    click(back)
    settled(window)
    assert bar.tabRect(bar.currentIndex()).left() > rect.left()
    window.resize(1700, 900)
    settled(window)
    assert not any(one.isVisible() for one in bar.findChildren(QToolButton))


@pytest.mark.parametrize("theme", THEMES)
def test_that_the_tab_in_front_is_marked(window: MainWindow, theme: str, qapp: Any) -> None:
    dress(qapp, theme)
    window.panel_menus.open_workspace("Overview")
    settled(window)
    bar = max(bars(window), key=lambda one: one.count())
    accent = QColor(THEMES[theme].accent)
    for panel in ("sets", "details"):
        window.docks.by_panel[panel].raise_()
        settled(window)
        seen = bar.grab().toImage()
        marked = [
            any(
                seen.pixelColor(rect.center().x(), y) == accent
                for y in range(rect.top(), rect.bottom() + 1)
            )
            for rect in map(bar.tabRect, range(3))
        ]
        assert marked == [bar.currentIndex() == i for i in range(3)]
    dress(qapp)
