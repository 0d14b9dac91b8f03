"""Lists of things of the document: a line stands for one of them, which is its key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

KEY = Qt.ItemDataRole.UserRole


class Listing(QTreeWidget):
    """Keeps no selection. The column `wide` takes the room that the others leave; a right click on
    a line opens `menu_of(key)`."""

    def __init__(
        self, heads: Sequence[str], name: str, wide: int, menu_of: Callable[[Any], QMenu]
    ) -> None:
        super().__init__()
        self._wide, self._menu_of = wide, menu_of
        self.setHeaderLabels(list(heads))
        self.setAccessibleName(name)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        self.customContextMenuRequested.connect(self._open_menu)

    def _open_menu(self, at: QPoint) -> None:
        item = self.itemAt(at)
        if item is not None:
            self._menu_of(key_of(item)).popup(self.viewport().mapToGlobal(at))

    def show_lines(self, lines: Iterable[QTreeWidgetItem]) -> None:
        """These lines in place of the old ones."""
        self.clear()
        self.addTopLevelItems(list(lines))
        for column in range(self.columnCount()):
            if column != self._wide:
                self.resizeColumnToContents(column)

    def rename(self, key: object) -> None:
        """Let the user type another name, in the first column of a line."""
        for i in range(self.topLevelItemCount()):
            item = self.topLevelItem(i)
            if item is not None and key_of(item) == key:
                self.editItem(item, 0)


def key_of(item: QTreeWidgetItem) -> Any:
    """What a line stands for."""
    return item.data(0, KEY)


def menu_for_once(parent: QWidget) -> QMenu:
    """An empty menu that is gone when it is closed."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def lay_out_list(view: QWidget, tools: Sequence[QWidget], hint: QWidget, lines: Listing) -> None:
    """Tools above; below them the list, or the hint of what to do where it is empty."""
    top = QHBoxLayout()
    for tool in tools:
        top.addWidget(tool)
    top.addStretch(1)
    layout = QVBoxLayout(view)
    layout.setContentsMargins(4, 2, 4, 2)
    layout.addLayout(top)
    layout.addWidget(hint, 0, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(lines, 1)
