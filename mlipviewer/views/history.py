"""History: the steps that undo and redo walk along; a click goes there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mlipviewer.gui.icons import transport_icon
from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.gui.view import View
from mlipviewer.session.state import Document, State
from mlipviewer.session.step_parts import Part, parts_of
from mlipviewer.session.store import Store

BEGIN = "Begin"
ICON = 14


@dataclass(frozen=True)
class Row:
    """A step of history: the documents before and after it, which are compared by identity."""

    label: str
    before: Document
    after: Document


class HistoryView(View, QWidget):
    """The oldest step on top; what was undone stands below the present one, fainter. A sign tells
    what each step is about, its tool tip what it changed."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.list = QListWidget()
        self.list.setAccessibleName("history")
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(QSize(ICON, ICON))
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        self._rows: list[Row] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addWidget(self.list)

    def _go(self, item: QListWidgetItem) -> None:
        self.store.go_to(self.list.row(item))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:  # the signs have the ink of text
            self._rows = []
            self._fill()

    def show_state(self, old: State | None, new: State) -> None:
        if old is None or old.document is not new.document:
            self._fill()

    def _fill(self) -> None:
        """Only rows of other steps are written anew: a drag changes one at each turn."""
        past, future, now = self.store.past, self.store.future, self.store.state.document
        documents = [*(step.document for step in past), now, *(step.document for step in future)]
        labels = (step.label for step in (*past, *future))
        rows = [Row(label, *both) for label, both in zip(labels, pairwise(documents), strict=True)]
        while self.list.count() > len(rows) + 1:
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() <= len(rows):
            self.list.addItem(QListWidgetItem(_no_icon(), BEGIN))
        icons = {part: transport_icon(part) for part in Part} if rows != self._rows else {}
        for place, row in enumerate(rows):
            if place >= len(self._rows) or row != self._rows[place]:
                self._write(self.list.item(place + 1), row, icons)
        self._rows = rows
        self._show_place(len(past))

    @staticmethod
    def _write(item: QListWidgetItem, row: Row, icons: dict[Part, QIcon]) -> None:
        kind, lines = parts_of(row.before, row.after)
        item.setText(plain(row.label))
        item.setIcon(icons[kind])
        item.setToolTip(plain_tip("\n".join((row.label, *lines))))
        item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, ", ".join(lines))

    def _show_place(self, now: int) -> None:
        faint = self.palette().placeholderText()
        for row in range(self.list.count()):
            item = self.list.item(row)
            font = item.font()
            font.setItalic(row > now)
            item.setFont(font)
            item.setData(Qt.ItemDataRole.ForegroundRole, faint if row > now else None)
        self.list.setCurrentRow(now)
        self.list.scrollToItem(self.list.currentItem())


def _no_icon() -> QIcon:
    """As wide as the others, so that all words begin at the same place."""
    clear = QPixmap(ICON, ICON)
    clear.fill(Qt.GlobalColor.transparent)
    return QIcon(clear)
