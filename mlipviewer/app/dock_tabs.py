"""The names on the tabs of docks: cut a little where there is nearly the room for them, scrolled
where there is much less; never cut to what says nothing. A line marks the tab in front, which in
high contrast is as dark as the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QChildEvent, QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QStyle, QTabBar, QWidget

from mlipviewer.gui.theme import colour, current_theme

KEPT = 0.75
"""Of the width of each name, at least."""
UNCUT = 3
"""The toolkit cuts no shorter name."""
LINE, INSET = 2, 4
"""Pixels of the line of the tab in front: its height, and how far from the tab's sides it ends."""


class FrontLine(QWidget):
    """At the outer edge of the tab in front; below the buttons that scroll."""

    def __init__(self, bar: QTabBar) -> None:
        super().__init__(bar)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.lower()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(current_theme().accent))
        painter.end()


class DockTabs(QObject):
    """Looks after the tab bars that a window makes for its docks, and makes anew as they move."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QChildEvent) and event.polished():
            if isinstance(event.child(), QTabBar):
                event.child().installEventFilter(self)
        elif event.type() == QEvent.Type.Paint and isinstance(watched, QTabBar):
            fit(watched)  # nobody tells of tabs that come and go
            _mark_front(watched)
        return False


def fit(bar: QTabBar) -> None:
    """Cut the names of a bar or scroll them, by the room there is."""
    wanted = Qt.TextElideMode.ElideRight if _cut_a_little(bar) else Qt.TextElideMode.ElideNone
    if bar.elideMode() is not wanted:
        bar.setElideMode(wanted)


def _mark_front(bar: QTabBar) -> None:
    line = bar.findChild(FrontLine) or FrontLine(bar)
    tab = bar.tabRect(bar.currentIndex())
    at = tab.bottom() + 1 - LINE if bar.shape() is QTabBar.Shape.RoundedSouth else tab.top()
    wanted = QRect(tab.left() + INSET, at, max(tab.width() - 2 * INSET, 0), LINE)
    if line.geometry() != wanted:
        line.setGeometry(wanted)


def _cut_a_little(bar: QTabBar) -> bool:
    around = bar.style().pixelMetric(QStyle.PixelMetric.PM_TabBarTabHSpace, None, bar)
    texts = [bar.tabText(i) for i in range(bar.count())]
    wide = bar.fontMetrics().horizontalAdvance
    widths = [wide(text) for text in texts]
    return readable(texts, widths, bar.width() - around * len(texts), wide("…"))


def readable(texts: Sequence[str], widths: Sequence[int], room: int, dots: int) -> bool:
    """Whether enough is left of names of these widths when the toolkit takes what is too much of
    each alike, and the room for dots."""
    long = [width for text, width in zip(texts, widths, strict=True) if len(text) > UNCUT]
    lacking = sum(widths) - room
    if lacking <= 0 or not long:
        return lacking <= 0
    return min(long) - lacking / len(long) - dots >= KEPT * min(long)
