"""History: the steps that undo and redo walk along; a click goes there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mlipviewer.gui.plain import plain
from mlipviewer.gui.view import View
from mlipviewer.session.state import State
from mlipviewer.session.store import Store

BEGIN = "Begin"


class HistoryView(View, QWidget):
    """The oldest step on top; what was undone stands below the present one, fainter."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.list = QListWidget()
        self.list.setAccessibleName("history")
        self.list.setUniformItemSizes(True)
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        self._told: tuple[str, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addWidget(self.list)

    def _go(self, item: QListWidgetItem) -> None:
        self.store.go_to(self.list.row(item))

    def show_state(self, old: State | None, new: State) -> None:
        if old is not None and old.document is new.document:
            return
        past = tuple(step.label for step in self.store.past)
        told = (BEGIN, *past, *(step.label for step in self.store.future))
        if told != self._told:
            self._told = told
            self.list.clear()
            self.list.addItems([plain(label) for label in told])
        for row in range(self.list.count()):
            item = self.list.item(row)
            font = item.font()
            font.setItalic(row > len(past))
            item.setFont(font)
            faint = self.palette().placeholderText()
            item.setData(Qt.ItemDataRole.ForegroundRole, faint if row > len(past) else None)
        self.list.setCurrentRow(len(past))
        self.list.scrollToItem(self.list.currentItem())
