"""The text of a design: edited as it is, with the problem at its line."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QPainter, QPaintEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.theme import colour, current_theme
from mlipviewer.session.campaigns import changes
from mlipviewer.session.campaigns.seen import Reading
from mlipviewer.session.store import Store

FITS = "The design can be run."


class TextPage(QWidget):
    """The text, and one sentence on what is wrong with it."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.editor = Editor()
        self.editor.setAccessibleName("design as text")
        self.said = PlainLabel()
        self.said.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.editor, 1)
        layout.addWidget(self.said)
        self.editor.edited.connect(self._edit)

    def _edit(self, text: str) -> None:
        self._store.commit(
            lambda s: changes.set_draft(s, text=text), "Edit the design", "campaign.text"
        )

    def show_text(self, text: str, reading: Reading | None) -> None:
        self.editor.show_text(text)
        current = reading if reading is not None and reading.text == text else None
        if current is None:
            return
        where = f"Line {current.line}: " if current.line else ""
        self.said.setText(f"{where}{current.problem}" if current.problem else FITS)
        theme = current_theme()
        self.said.setStyleSheet(f"color: {theme.warning if current.problem else theme.faint_text}")
        self.editor.show_problem(current.line if current.problem else 0)


class Editor(QPlainTextEdit):
    """Plain text with numbers of lines. `edited` comes of what the user types, and of that alone:
    a text that is shown is known before it is set."""

    edited = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._known = ""
        self._problem = 0
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self._margin = _Margin(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_margin)
        self.textChanged.connect(self._tell)
        self._make_room()

    def _tell(self) -> None:
        text = self.toPlainText()
        if text != self._known:
            self._known = text
            self.edited.emit(text)

    def show_text(self, text: str) -> None:
        """A text that is shown already stays, with its cursor and its own undoing."""
        if text == self._known:
            return
        self._known = text
        at, top = self.textCursor().position(), self.verticalScrollBar().value()
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(min(at, len(text)))
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(top)

    def show_problem(self, line: int) -> None:
        """Mark a line, from 1; 0 for none."""
        self._problem = line
        marks = []
        if line:
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
            mark.cursor = cursor
            mark.format.setBackground(colour(current_theme().warning, 60))
            mark.format.setProperty(mark.format.Property.FullWidthSelection, True)
            marks = [mark]
        self.setExtraSelections(marks)
        self._margin.update()

    # -- numbers of lines ------------------------------------------------------------------

    def _room(self) -> int:
        digits = max(len(str(self.blockCount())), 2)
        return self.fontMetrics().horizontalAdvance("9") * digits + 10

    def _make_room(self) -> None:
        self.setViewportMargins(self._room(), 0, 0, 0)

    def _scroll_margin(self, rect: QRect, dy: int) -> None:
        if dy:
            self._margin.scroll(0, dy)
        else:
            self._margin.update(0, rect.y(), self._margin.width(), rect.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._margin.setGeometry(QRect(inside.left(), inside.top(), self._room(), inside.height()))

    def paint_margin(self, painter: QPainter, width: int) -> None:
        """The number of each line that can be seen."""
        theme = current_theme()
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        height = self.viewport().height()
        while block.isValid() and top <= height:
            number = block.blockNumber() + 1
            wrong = number == self._problem
            painter.setPen(QColor(theme.warning if wrong else theme.faint_text))
            line = round(self.blockBoundingRect(block).height())
            place = QRect(0, round(top), width - 6, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(number))
            top += line
            block = block.next()


class _Margin(QWidget):
    """Where the numbers of the lines stand."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._editor.font())
        self._editor.paint_margin(painter, self.width())
        painter.end()
