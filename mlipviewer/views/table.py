"""The table of models: sort, filter by a condition, choose rows by mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.rows import NONE, Mode, Rows, rows
from mlipviewer.gui.gestures import mode_of, rows_text
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.theme import current_theme
from mlipviewer.gui.view import View
from mlipviewer.session import changes, table_changes
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.table_model import TableModel

MAX_KEY_WIDTH, MAX_COLUMN_WIDTH = 220, 190
EMPTY = "No error table.\nDrop a CSV or TSV file here, or press Ctrl+O."


class RowsTable(QTableView):
    """A table whose rows are chosen by identity: it tells gestures, and keeps no selection."""

    row_clicked = Signal(int, object)  # display place, Mode or None for a range (Shift)
    row_moved = Signal(int, bool)  # keyboard: steps, extend
    files_dropped = Signal(list, int)  # paths, display place or -1

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setAcceptDrops(True)
        self.setAccessibleName("models")
        self.setCornerButtonEnabled(False)
        side = self.verticalHeader()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(self.fontMetrics().height() + 6)
        side.setSectionsClickable(True)
        side.sectionPressed.connect(self._header_pressed)
        head = self.horizontalHeader()
        head.setDefaultSectionSize(92)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def _header_pressed(self, place: int) -> None:
        from PySide6.QtGui import QGuiApplication

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
            self._tell(place, event.modifiers())
        elif event.button() is Qt.MouseButton.LeftButton:
            self.row_clicked.emit(-1, Mode.REPLACE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()  # no rubber band of Qt's own

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
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        place = self.rowAt(int(event.position().y()))
        event.acceptProposedAction()
        self.files_dropped.emit(paths, place)

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        del index, event
        return QItemSelectionModel.SelectionFlag.NoUpdate


class TableView(View, QWidget):
    """The models of the shown table; a filter above, what is counted below."""

    files_dropped = Signal(list, object)  # paths, row of the table or None

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.model = TableModel()
        self.rows = RowsTable()
        self.rows.setModel(self.model)
        self.filter = QLineEdit(clearButtonEnabled=True)
        self.filter.setPlaceholderText('Filter, e.g.  C11 < 5 and Models == "GAP"')
        self.filter.setAccessibleName("filter models")
        self.problem = PlainLabel()
        self.problem.hide()
        self.status = PlainLabel(EMPTY)
        self._anchor: int | None = None
        self._typed: str | None = None  # the condition that was read last from the filter
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.setSpacing(2)
        top = QHBoxLayout()
        top.addWidget(self.filter, 1)
        layout.addLayout(top)
        layout.addWidget(self.problem)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.status)

    def _connect(self) -> None:
        self.filter.textEdited.connect(self._edit_filter)
        self.rows.row_clicked.connect(self._click)
        self.rows.row_moved.connect(self._move)
        self.rows.files_dropped.connect(self._drop)
        header = self.rows.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._header_menu)

    # -- what the user does ----------------------------------------------------------------

    def _edit_filter(self, text: str) -> None:
        table = self.store.state.table
        if table is None:
            return
        try:
            shown_models(table, text)
        except QueryProblem as problem:
            self._show_problem(f"column {problem.position + 1}: {problem.reason}")
            return
        self._show_problem("")
        self._typed = text
        self.store.commit(lambda s: table_changes.set_condition(s, text), "Filter models", "filter")

    def _show_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setStyleSheet(f"color: {current_theme().warning}")
        self.problem.setVisible(bool(text))

    def _sort(self, column: int) -> None:
        from PySide6.QtGui import QGuiApplication

        name = self.model.columns[column]
        modifiers = QGuiApplication.keyboardModifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._choose_metric(column, Mode.TOGGLE)
            return
        add = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        self.store.commit(lambda s: table_changes.sort_by(s, name, add), f"Sort by {name}")

    def _choose_metric(self, column: int, mode: Mode) -> None:
        metric = self.model.metric_of(column)
        if metric is None:
            return
        name = self.model.columns[column]
        self.store.commit(
            lambda s: changes.choose_metrics(s, rows([metric]), mode), f"Select {name}"
        )

    def _header_menu(self, at: QPoint) -> None:
        column = self.rows.horizontalHeader().logicalIndexAt(at)
        if column < 0:
            return
        menu = QMenu(self)
        menu.addAction("Sort", lambda: self._sort(column))
        if self.model.metric_of(column) is not None:
            menu.addAction("Select metric", lambda: self._choose_metric(column, Mode.REPLACE))
            menu.addAction("Add metric to selection", lambda: self._choose_metric(column, Mode.ADD))
        name = self.model.columns[column]
        menu.addAction(f"Hide {name}", lambda: self._hide(name))
        menu.exec(self.rows.horizontalHeader().mapToGlobal(at))

    def _hide(self, name: str) -> None:
        self.store.commit(
            lambda s: table_changes.hide_columns(s, s.document.hidden | {name}), f"Hide {name}"
        )

    def _click(self, place: int, mode: Mode | None) -> None:
        if place < 0:
            self._commit(NONE, Mode.REPLACE)
            return
        row = int(self.model.order[place])
        if mode is None:
            first = row if self._anchor is None else self._anchor
            if self.model.place_of(first) is None:  # it is filtered out
                first = row
            self._commit(changes.rows_between(self.model.order, first, row), Mode.REPLACE)
            return
        self._anchor = row
        self._commit(rows([row]), mode)

    def _move(self, steps: int, extend: bool) -> None:
        n = len(self.model.order)
        if n == 0:
            return
        focus = self.store.state.focus
        at = self.model.place_of(focus) if focus is not None else None
        place = 0 if at is None else min(max(at + steps, 0), n - 1)
        row = int(self.model.order[place])
        if extend and self._anchor is not None and self.model.place_of(self._anchor) is not None:
            chosen = changes.rows_between(self.model.order, self._anchor, row)
        else:
            self._anchor, chosen = row, rows([row])
        label = f"Select {rows_text(Space.MODEL, chosen)}"

        def moved(state: State) -> State:
            return changes.focus(changes.select(state, Space.MODEL, chosen), row)

        self.store.commit(moved, label, "table.keys")

    def _commit(self, chosen: Rows, mode: Mode) -> None:
        label = f"Select {rows_text(Space.MODEL, chosen)}"
        self.store.commit(lambda s: changes.select_models(s, chosen, mode), label)

    def _drop(self, paths: list[str], place: int) -> None:
        row = int(self.model.order[place]) if 0 <= place < len(self.model.order) else None
        self.files_dropped.emit(paths, row)

    # -- what is shown ---------------------------------------------------------------------

    def show_state(self, old: State | None, new: State) -> None:
        other_table = old is None or old.table is not new.table
        if _order_changed(old, new):
            self.model.show_table(new.table, new.document)
            if other_table:
                self._fit_widths()
        if old is None or old.document.condition != new.document.condition or other_table:
            self._show_filter(new.document.condition)
        if other_table or old is None or old.document.hidden != new.document.hidden:
            self._hide_columns(new.document.hidden)
        if not _same_marks(old, new):
            self.model.show_highlights(new)
            self.rows.viewport().update()
            self.rows.horizontalHeader().viewport().update()
            self.rows.verticalHeader().viewport().update()
        self._reveal(old, new)
        self._show_status(new)

    def _show_filter(self, condition: str) -> None:
        """Show a condition that was not typed here: what is being typed stays as it is."""
        if condition == self._typed:
            return
        self._typed = None
        self.filter.setText(condition)
        self._show_problem(self.model.problem)

    def _hide_columns(self, hidden: frozenset[str]) -> None:
        for i, name in enumerate(self.model.columns):
            self.rows.setColumnHidden(i, name in hidden)

    def _fit_widths(self) -> None:
        """Room for the keys at the left and for the names of the columns, within bounds."""
        metrics = self.rows.fontMetrics()
        keys = self.model.table.keys if self.model.table is not None else ()
        longest = sorted(keys, key=len)[-20:]
        widest = max((metrics.horizontalAdvance(key) for key in longest), default=0)
        self.rows.verticalHeader().setFixedWidth(min(max(40, widest + 16), MAX_KEY_WIDTH))
        for i, name in enumerate(self.model.columns):
            wide = metrics.horizontalAdvance(name) + 34
            self.rows.setColumnWidth(i, min(max(76, wide), MAX_COLUMN_WIDTH))

    def _reveal(self, old: State | None, new: State) -> None:
        """Scroll to a new focus and to newly selected columns."""
        focus = new.focus
        if focus is not None and (old is None or old.focus != focus):
            self._scroll_to(self.model.place_of(focus), None)
        metrics = new.selected(Space.METRIC)
        if len(metrics) and (old is None or old.selected(Space.METRIC) is not metrics):
            self._scroll_to(None, self.model.column_of(int(metrics[0])))

    def _scroll_to(self, place: int | None, column: int | None) -> None:
        bar, side = self.rows.verticalScrollBar(), self.rows.horizontalScrollBar()
        if place is not None:
            y, height = self.rows.rowViewportPosition(place), self.rows.viewport().height()
            if not 0 <= y <= height - 20:
                bar.setValue(bar.value() + y - height // 2)
        if column is not None:
            x, width = self.rows.columnViewportPosition(column), self.rows.viewport().width()
            if not 0 <= x <= width - 60:
                side.setValue(side.value() + x - width // 3)

    def _show_status(self, state: State) -> None:
        table = state.table
        self.rows.setVisible(table is not None)
        self.filter.setEnabled(table is not None)
        if table is None:
            name = state.document.table
            failure = state.moment.failed.get(name or "")
            waiting = f"Reading {name} ..." if name else EMPTY
            self.status.setText(failure.reason if failure else waiting)
            return
        special = table.n_rows - table.n_models
        shown = len(self.model.order) - special
        parts = [
            f"{shown} of {table.n_models} models",
            f"{len(table.metrics)} metrics ({table.scale})",
            f"{len(state.selected(Space.MODEL))} selected",
        ]
        if special:
            parts.insert(1, f"{special} reference or threshold row{'s' if special > 1 else ''}")
        self.status.setText(" · ".join(parts))


def _same_marks(old: State | None, new: State) -> bool:
    """Whether the coloured rows and columns are those painted last: hovering paints nothing."""
    if old is None or _order_changed(old, new) or old.focus != new.focus:
        return False
    spaces = (Space.MODEL, Space.METRIC)
    return all(old.selected(space) is new.selected(space) for space in spaces)


def _order_changed(old: State | None, new: State) -> bool:
    if old is None or old.table is not new.table:
        return True
    before, after = old.document, new.document
    return (before.condition, before.sorting, before.shaded) != (
        after.condition,
        after.sorting,
        after.shaded,
    )
