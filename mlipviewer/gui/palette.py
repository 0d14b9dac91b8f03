"""The command palette: type a few letters of anything that can be done or shown, press Return."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.gui.plain import PlainLabel, plain

HINT = Qt.ItemDataRole.UserRole
WIDTH, LINES = 620, 14
PAD = 8
FAINT = 0.65
"""Opacity of hints."""


@dataclass(frozen=True, eq=False)
class Offered:
    """Something that can be done. `hint` stands at the right: keys, or what it is; with a `reason`
    it cannot be done now."""

    title: str
    hint: str
    act: Callable[[], object]
    reason: str = ""


Search = Callable[[str], Sequence[Offered]]


class _Lines(QStyledItemDelegate):
    """A title at the left, its hint at the right and fainter."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        self.initStyleOption(option, index)  # type: ignore[arg-type]
        text, hint = option.text, str(index.data(HINT) or "")  # type: ignore[attr-defined]
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        usable = bool(option.state & QStyle.StateFlag.State_Enabled)
        group = QPalette.ColorGroup.Normal if usable else QPalette.ColorGroup.Disabled
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        colour = option.palette.color(group, role)
        room: QRect = option.rect.adjusted(PAD, 0, -PAD, 0)
        metrics = option.fontMetrics
        width = min(metrics.horizontalAdvance(hint) + 2, room.width() // 2)
        left = room.adjusted(0, 0, -width - PAD, 0)
        painter.save()
        painter.setPen(colour)
        middle = Qt.AlignmentFlag.AlignVCenter
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(left, middle, metrics.elidedText(text, elide, left.width()))
        colour.setAlphaF(1.0 if chosen else FAINT)
        painter.setPen(colour)
        shown = metrics.elidedText(hint, elide, width)
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:  # noqa: ARG002
        return QSize(100, option.fontMetrics.height() + PAD)


class Palette(QDialog):
    """Asks `search` at each letter; Return does the chosen one, Escape leaves."""

    def __init__(self, search: Search, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._search = search
        self._found: Sequence[Offered] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Command palette")
        self.setObjectName("palette")
        self.setStyleSheet("#palette { border: 1px solid palette(mid); }")
        self.line = QLineEdit()
        self.line.setPlaceholderText("A command, analysis, model, metric, column, frame 12, file")
        self.line.setAccessibleName("What to do")
        self.line.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setAccessibleName("What was found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.reason = PlainLabel()
        self.reason.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        for widget in (self.line, self.list, self.reason):
            layout.addWidget(widget)
        self.line.textEdited.connect(self._find)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._do())
        self.list.currentRowChanged.connect(self._tell_reason)
        self._find("")

    def open_over(self, window: QWidget) -> None:
        """Show it at the top of a window."""
        width = min(WIDTH, window.width() - 40)
        height = (LINES + 3) * (self.fontMetrics().height() + PAD)
        corner = window.mapToGlobal(window.rect().topLeft())
        self.setGeometry(
            corner.x() + (window.width() - width) // 2,
            corner.y() + 40,
            width,
            min(height, window.height() - 60),
        )
        self.show()
        self.line.setFocus()

    def _find(self, text: str) -> None:
        self._found = self._search(text)
        self.list.clear()
        for one in self._found:
            item = QListWidgetItem(plain(one.title))
            item.setData(HINT, plain(one.hint))
            if one.reason:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        usable = (row for row, one in enumerate(self._found) if text or not one.reason)
        self.list.setCurrentRow(next(usable, -1))  # what fits best, even to be told why not
        self._tell_reason(self.list.currentRow())

    def _tell_reason(self, row: int) -> None:
        if not self._found:
            self.reason.setText("Nothing is called so.")
        elif 0 <= row < len(self._found) and self._found[row].reason:
            self.reason.setText(f"Not now: {self._found[row].reason}")
        else:
            self.reason.setText("")
        self.reason.setVisible(bool(self.reason.text()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            steps |= {Qt.Key.Key_PageDown: LINES, Qt.Key.Key_PageUp: -LINES}
            key = Qt.Key(event.key())
            if key in steps:
                last = len(self._found) - 1
                self.list.setCurrentRow(min(max(self.list.currentRow() + steps[key], 0), last))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do()
                return True
        return super().eventFilter(watched, event)

    def _do(self) -> None:
        row = self.list.currentRow()
        if not 0 <= row < len(self._found) or self._found[row].reason:
            return
        self.close()
        self._found[row].act()
