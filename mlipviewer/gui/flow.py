"""A row of widgets that breaks into several where it is too narrow, as words do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

GAP = 2
APART = 10
"""Pixels between groups."""


class FlowLayout(QLayout):
    """Each widget keeps the size that it wants; groups stay together where a row has room for them.

    A widget with the property `begins` true begins a group.
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
            size = size.expandedTo(item.sizeHint())
        edges = self.contentsMargins()
        return size + QSize(edges.left() + edges.right(), edges.top() + edges.bottom())

    def _lay_out(self, rect: QRect, move: bool) -> int:
        """Place the widgets where `move`; the height that they need."""
        edges = self.contentsMargins()
        inner = rect.marginsRemoved(edges)
        x, y, height = inner.x(), inner.y(), 0
        for group in self._groups():
            apart = APART if x > inner.x() else 0
            if x + apart + _width(group) > inner.right() + 1 and x > inner.x():
                x, y, height, apart = inner.x(), y + height, 0, 0
            x += apart
            for item in group:
                size = item.sizeHint()
                if x + size.width() > inner.right() + 1 and x > inner.x():
                    x, y, height = inner.x(), y + height, 0
                if move:
                    item.setGeometry(QRect(QPoint(x, y), size))
                x += size.width() + GAP
                height = max(height, size.height())
        return y + height - rect.y() + edges.bottom()

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


def _width(group: list[QLayoutItem]) -> int:
    return sum(item.sizeHint().width() + GAP for item in group) - GAP
