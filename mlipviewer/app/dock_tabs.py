"""The names on the tabs of docks: cut a little where there is nearly the room for them, scrolled
where there is much less; never cut to what says nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt
from PySide6.QtWidgets import QMainWindow, QStyle, QTabBar

KEPT = 0.6
"""Of the width of each name, at least."""
UNCUT = 3
"""The toolkit cuts no shorter name."""


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
        return False


def fit(bar: QTabBar) -> None:
    """Cut the names of a bar or scroll them, by the room there is."""
    wanted = Qt.TextElideMode.ElideRight if _cut_a_little(bar) else Qt.TextElideMode.ElideNone
    if bar.elideMode() is not wanted:
        bar.setElideMode(wanted)


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
