"""A row of widgets that breaks into several where it is too narrow, as words do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

GAP = 2
APART = 10
"""Pixels between groups."""

Placed = tuple[QLayoutItem, int, int]
"""A widget, the pixels before it, its width."""


class FlowLayout(QLayout):
    """Each widget keeps the size that it wants; groups stay together where a row has room for them.

    A widget with the property `begins` true begins a group; one with `grows` true takes what is
    left of its row, and may be narrower than it wants.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert(self, index: int, widget: QWidget) -> None:
        """Put a widget before others."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay_out(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay_out(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """That of the widest widget."""
        size = QSize()
        for item in self._items:
            least = QSize(_least(item), item.sizeHint().height())
            size = size.expandedTo(least)
        edges = self.contentsMargins()
        return size + QSize(edges.left() + edges.right(), edges.top() + edges.bottom())

    def _lay_out(self, rect: QRect, move: bool) -> int:
        """Place the widgets where `move`; the height that they need."""
        edges = self.contentsMargins()
        inner = rect.marginsRemoved(edges)
        y = inner.y()
        for row in self._rows(inner.width()):
            height = max((item.sizeHint().height() for item, _, _ in row), default=0)
            if move:
                _place(row, QRect(inner.x(), y, inner.width(), height))
            y += height
        return y - rect.y() + edges.bottom()

    def _rows(self, room: int) -> list[list[Placed]]:
        """The widgets row by row: each with the pixels before it, and its width."""
        rows: list[list[Placed]] = [[]]
        x = 0
        for group in self._groups():
            before = APART if x else 0
            if x and x + before + _width(group) > room:
                rows.append([])
                x = before = 0
            for item in group:
                wide = _wide(item, room)
                if x and x + before + wide > room:
                    rows.append([])
                    x = before = 0
                rows[-1].append((item, before, wide))
                x += before + wide + GAP
                before = 0
        return rows

    def _groups(self) -> list[list[QLayoutItem]]:
        groups: list[list[QLayoutItem]] = []
        for item in self._items:
            widget = item.widget()
            if widget is None or widget.isHidden():
                continue
            if not groups or widget.property("begins"):
                groups.append([])
            groups[-1].append(item)
        return groups


def _place(row: list[Placed], at: QRect) -> None:
    """One beside the other; what grows takes the rest of the row."""
    growing = [item for item, _, _ in row if _grows(item)]
    rest = at.width() - sum(before + wide + GAP for _, before, wide in row) + GAP
    x = at.x()
    for item, before, wide in row:
        x += before
        more = rest // len(growing) if item in growing and rest > 0 else 0
        size = QSize(wide + more, item.sizeHint().height())
        item.setGeometry(QRect(QPoint(x, at.y()), size))
        x += size.width() + GAP


def _grows(item: QLayoutItem) -> bool:
    widget = item.widget()
    return widget is not None and bool(widget.property("grows"))


def _least(item: QLayoutItem) -> int:
    return item.minimumSize().width() if _grows(item) else item.sizeHint().width()


def _wide(item: QLayoutItem, room: int) -> int:
    """As it wants; what grows is narrower where there is no room."""
    wanted = item.sizeHint().width()
    return min(wanted, max(room, _least(item))) if _grows(item) else wanted


def _width(group: list[QLayoutItem]) -> int:
    return sum(item.sizeHint().width() + GAP for item in group) - GAP
