"""The grid of the table of models: it tells gestures on rows, and keeps no selection."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from mlipviewer.core.rows import Mode
from mlipviewer.gui.carrying import far_enough, from_elsewhere
from mlipviewer.gui.gestures import mode_of
from mlipviewer.gui.theme import colour, current_theme
from mlipviewer.views.table_header import TableHeader


class RowsTable(QTableView):
    """A table whose rows are chosen by identity: it tells gestures, and keeps no selection."""

    row_clicked = Signal(int, object)  # display place, Mode or None for a range (Shift)
    row_moved = Signal(int, bool)  # keyboard: steps, extend
    rows_dragged = Signal()  # those that are selected, out of the table
    cell_opened = Signal(int, int)  # display place, column: by a double click
    files_over = Signal(object, int)  # the event of a drag, display place or -1
    files_left = Signal()
    files_dropped = Signal(list, int, bool)  # paths, display place or -1, each on its own

    def __init__(self) -> None:
        super().__init__()
        self.is_chosen: Callable[[int], bool] = lambda _place: False  # whether a row is selected
        self._pressed: QPoint | None = None  # where a drag may have begun
        self._waiting = False  # a press on a selected row lets go of the others when it ends
        self._over = -1  # the display place of the row that files would be linked to
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # Tab goes on to the next control
        self.setAcceptDrops(True)
        self.setAccessibleName("models")
        self.setCornerButtonEnabled(False)
        side = self.verticalHeader()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(self.fontMetrics().height() + 6)
        side.setSectionsClickable(True)
        side.sectionPressed.connect(self._header_pressed)
        side.viewport().installEventFilter(self)
        self.head = TableHeader(self)
        self.setHorizontalHeader(self.head)

    def _header_pressed(self, place: int) -> None:
        self._tell(place, QGuiApplication.keyboardModifiers())

    def _tell(self, place: int, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers == Qt.KeyboardModifier.ShiftModifier:
            self.row_clicked.emit(place, None)
        else:
            self.row_clicked.emit(place, mode_of(modifiers, Mode.REPLACE, click=True))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.rowAt(int(event.position().y()))
        if event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self.setFocus()
            if not self._begins(event, place):
                self._tell(place, event.modifiers())
        elif event.button() is Qt.MouseButton.LeftButton:
            self.row_clicked.emit(-1, Mode.REPLACE)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        place, column = self.rowAt(at.y()), self.columnAt(at.x())
        if event.button() is Qt.MouseButton.LeftButton and place >= 0 and column >= 0:
            self.cell_opened.emit(place, column)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()  # no rubber band of Qt's own
        self._drags(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._ends(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The names at the left are pressed and dragged as the cells are."""
        if watched is not self.verticalHeader().viewport() or not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        kind, place = event.type(), self.rowAt(int(event.position().y()))
        if kind == QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            return place >= 0 and self._begins(event, place)
        if kind == QEvent.Type.MouseMove:
            return self._drags(event)
        if kind == QEvent.Type.MouseButtonRelease:
            self._ends(event)
        return super().eventFilter(watched, event)

    def _begins(self, event: QMouseEvent, place: int) -> bool:
        """A press on a row may begin a drag; whether what it chooses waits for its end."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        self._pressed = event.position().toPoint() if plain else None
        self._waiting = plain and self.is_chosen(place)
        return self._waiting

    def _drags(self, event: QMouseEvent) -> bool:
        """Whether a drag begins here."""
        held, begin = event.buttons() & Qt.MouseButton.LeftButton, self._pressed
        if not held or begin is None or not far_enough(begin, event.position().toPoint()):
            return False
        self._pressed, self._waiting = None, False
        self.rows_dragged.emit()
        return True

    def _ends(self, event: QMouseEvent) -> None:
        place = self.rowAt(int(event.position().y()))
        if self._waiting and event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self._tell(place, event.modifiers())
        self._pressed, self._waiting = None, False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, self.viewport().height() // self.verticalHeader().defaultSectionSize() - 1)
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -(10**9),
            Qt.Key.Key_End: 10**9,
        }.get(Qt.Key(event.key()))
        if steps is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
            return
        self.row_moved.emit(steps, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if from_elsewhere(event):
            event.acceptProposedAction()  # else no move would be heard of, nor that it leaves

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if from_elsewhere(event):
            event.acceptProposedAction()  # unless who hears of it refuses
            self.files_over.emit(event, self.rowAt(int(event.position().y())))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.mark_over(-1)
        self.files_left.emit()
        super().dragLeaveEvent(event)

    def mark_over(self, place: int) -> None:
        """Outline the row to which files would be linked; -1: none."""
        if place != self._over:
            self._over = place
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._over >= 0:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(colour(current_theme().accent), 2))
            top, height = self.rowViewportPosition(self._over), self.rowHeight(self._over)
            painter.drawRect(1, top + 1, self.viewport().width() - 2, height - 2)
            painter.end()

    def dropEvent(self, event: QDropEvent) -> None:
        self.mark_over(-1)
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        place = self.rowAt(int(event.position().y()))
        event.acceptProposedAction()
        alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self.files_dropped.emit(paths, place, alone)

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        del index, event
        return QItemSelectionModel.SelectionFlag.NoUpdate

    # -- what is in sight ------------------------------------------------------------------

    def scroll_to(self, place: int | None, column: int | None) -> None:
        """Bring a row or a column into sight, if it is not."""
        bar, side = self.verticalScrollBar(), self.horizontalScrollBar()
        if place is not None:
            y, height = self.rowViewportPosition(place), self.viewport().height()
            if not 0 <= y <= height - 20:
                bar.setValue(bar.value() + y - height // 2)
        if column is not None:
            x, width = self.columnViewportPosition(column), self.viewport().width()
            if not 0 <= x <= width - 60:
                side.setValue(side.value() + x - width // 3)

    def scroll_back(self) -> None:
        """To the first row and the first column."""
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)

    def show_one_of(self, places: NDArray[np.int64]) -> None:
        """Bring the first of some display places, in order, into sight, unless one of them is."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 20)
        last = last if last >= 0 else self.model().rowCount() - 1
        if len(places) and not ((places >= first) & (places <= last)).any():
            self.scroll_to(int(places[0]), None)
