"""The table of models: sort, filter by a condition, choose rows by mouse and keyboard."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.rows import NONE, Mode, Rows, member, rows
from mlipviewer.core.terms import filtered_columns
from mlipviewer.gui.carrying import Carrier
from mlipviewer.gui.gestures import mode_of, rows_text
from mlipviewer.gui.keys import LocalKeys
from mlipviewer.gui.plain import PlainLabel, ShortLabel, plain
from mlipviewer.gui.theme import current_theme
from mlipviewer.gui.view import View
from mlipviewer.session import changes, table_changes
from mlipviewer.session.actions.action import Where
from mlipviewer.session.conditions import set_masks
from mlipviewer.session.evidence import open_evidence
from mlipviewer.session.panels import result_columns
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.script_menu import add_scripts
from mlipviewer.views.table_carried import carried_rows
from mlipviewer.views.table_chooser import TableChooser
from mlipviewer.views.table_differences import (
    columns_changed,
    computed_differ,
    order_changed,
    same_marks,
)
from mlipviewer.views.table_model import TableModel
from mlipviewer.views.table_popups import TablePopups
from mlipviewer.views.table_rows import RowsTable

MAX_KEY_WIDTH, MAX_COLUMN_WIDTH = 220, 190
EMPTY = "No error table.\nDrop a CSV or TSV file here, or press Ctrl+O."


class TableView(View, QWidget):
    """The models of the shown table; a filter above, what is counted below."""

    files_dropped = Signal(list, object, bool)  # paths, row or None, each on its own
    copy_wanted = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.model = TableModel()
        self.rows = RowsTable()
        self.rows.setModel(self.model)
        self.rows.is_chosen = self.model.is_selected
        self.carrier = Carrier(self.rows, store)
        self.tables = TableChooser(store)
        self.filter = QLineEdit(clearButtonEnabled=True)
        self.filter.setPlaceholderText('Filter, e.g.  C11 < 5 and Models == "GAP"')
        self.filter.setAccessibleName("filter models")
        self.choose_columns = QToolButton()
        self.choose_columns.setText("Columns")
        self.choose_columns.setToolTip("Which columns show, and in which order")
        self.problem = PlainLabel()
        self.problem.hide()
        self.status = ShortLabel(EMPTY)
        self.popups = TablePopups(self, self.model, self._show_problem)
        self._anchor: int | None = None
        self._n_fitted = 0  # columns that have a width
        self._typed: str | None = None  # the condition that was read last from the filter
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.setSpacing(2)
        top = QHBoxLayout()
        top.addWidget(self.tables)
        top.addWidget(self.filter, 1)
        top.addWidget(self.choose_columns)
        layout.addLayout(top)
        layout.addWidget(self.problem)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.status)
        layout.addStretch(0)  # without a table all stands at the top

    def _connect(self) -> None:
        self.deeds = {
            "table.filter": self._begin_filter,
            "table.copy.key": self.copy_wanted.emit,
        }
        LocalKeys(self.rows, Where.TABLE, self.store, self.deeds)
        self.filter.textEdited.connect(self._edit_filter)
        self.rows.row_clicked.connect(self._click)
        self.rows.cell_opened.connect(self._open_evidence)
        self.rows.row_moved.connect(self._move)
        self.rows.files_dropped.connect(self._drop)
        self.rows.rows_dragged.connect(self._drag_rows)
        self.choose_columns.clicked.connect(self._open_chooser)
        head = self.rows.head
        head.sectionClicked.connect(self._sort)
        head.band_clicked.connect(self._choose_category)
        head.columns_moved.connect(self._arrange)
        head.funnel_clicked.connect(self._open_filter)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._header_menu)

    # -- what the user does ----------------------------------------------------------------

    def _begin_filter(self) -> None:
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def _edit_filter(self, text: str) -> None:
        table = self.store.state.table
        if table is None:
            return
        try:
            sets = set_masks(self.store.state.document, table)
            shown_models(table, text, {**self.model.computed, **sets})
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

    def _arrange(self, order: list[int]) -> None:
        """Columns were dragged: the places that they had, in the order they are to have."""
        names = [self.model.columns[i] for i in order]
        self.store.commit(lambda s: table_changes.arrange_columns(s, names), "Move a column")

    def _choose_metric(self, column: int, mode: Mode) -> None:
        metric = self.model.metric_of(column)
        if metric is None:
            return
        name = self.model.columns[column]
        self.store.commit(
            lambda s: changes.choose_metrics(s, rows([metric]), mode), f"Select {name}"
        )

    def _choose_category(self, category: str, modifiers: Qt.KeyboardModifier) -> None:
        mode = mode_of(modifiers, Mode.REPLACE, click=True)
        self.store.commit(
            lambda s: table_changes.choose_category(s, category, mode), f"Select {category}"
        )

    def _header_menu(self, at: QPoint) -> None:
        head = self.rows.head
        menu = QMenu(self)
        category, column = head.band_at(at), head.logicalIndexAt(at)
        if category:
            self._fill_band_menu(menu, category)
        elif column >= 0:
            self._fill_column_menu(menu, column)
        menu.addAction("Columns ...", self._open_chooser)
        add_scripts(menu, self.store, "table")
        menu.exec(head.mapToGlobal(at))

    def _fill_band_menu(self, menu: QMenu, category: str) -> None:
        name = plain(category, 60)
        store = self.store

        def hide() -> None:
            store.commit(lambda s: table_changes.hide_category(s, category, True), f"Hide {name}")

        def show_only() -> None:
            store.commit(lambda s: table_changes.show_category_only(s, category), f"Show {name}")

        usual = Qt.KeyboardModifier.NoModifier
        menu.addAction(
            f"Select the metrics of {name}", lambda: self._choose_category(category, usual)
        )
        menu.addAction(f"Hide {name}", hide)
        menu.addAction(f"Show {name} only", show_only)

    def _fill_column_menu(self, menu: QMenu, column: int) -> None:
        name = self.model.columns[column]
        menu.addAction("Filter ...", lambda: self._open_filter(column))
        menu.addAction("Sort", lambda: self._sort(column))
        if self.model.metric_of(column) is not None:
            menu.addAction("Select metric", lambda: self._choose_metric(column, Mode.REPLACE))
            menu.addAction("Add metric to selection", lambda: self._choose_metric(column, Mode.ADD))
        menu.addAction(plain(f"Hide {name}", 80), lambda: self._hide(name))

    def _open_filter(self, column: int) -> None:
        head = self.rows.head
        below = QPoint(head.sectionViewportPosition(column), head.height())
        self.popups.open_filter(self.model.columns[column], head.viewport().mapToGlobal(below))

    def _open_chooser(self) -> None:
        below = QPoint(0, self.choose_columns.height())
        self.popups.open_chooser(self.choose_columns.mapToGlobal(below))

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

    def _open_evidence(self, place: int, column: int) -> None:
        """The run behind a cell."""
        row, name = int(self.model.order[place]), self.model.columns[column]
        self.store.commit(lambda s: open_evidence(s, row, name), "Show the run behind a cell")

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

    def _drag_rows(self) -> None:
        """The selected models, in the order that is shown, to another program."""
        state, order = self.store.state, self.model.order
        chosen = order[member(order, state.selected(Space.MODEL))]
        if state.table is not None and len(chosen):
            hidden = state.document.hidden
            self.carrier.drag(partial(carried_rows, state.table, chosen, hidden))

    def key_at(self, place: int) -> str:
        """The key of the row at a display place; '' beside all rows."""
        table, order = self.model.table, self.model.order
        return table.keys[order[place]] if table is not None and 0 <= place < len(order) else ""

    def _drop(self, paths: list[str], place: int, alone: bool) -> None:
        row = int(self.model.order[place]) if 0 <= place < len(self.model.order) else None
        self.files_dropped.emit(paths, row, alone)

    # -- what is shown ---------------------------------------------------------------------

    def show_state(self, old: State | None, new: State) -> None:
        self.tables.show_tables(new)
        other_table = old is None or old.table is not new.table
        computed = result_columns(new)
        other_columns = other_table or computed_differ(self.model.computed, computed)
        if order_changed(old, new) or other_columns:
            self.model.show_table(new.table, new.document, computed)
            moved = old is not None and old.document.arranged != new.document.arranged
            if other_table or moved or len(self.model.columns) != self._n_fitted:
                self._fit_widths()
        if old is None or old.document.condition != new.document.condition or other_table:
            self._show_filter(new.document.condition)
        if columns_changed(old, new) or other_columns:
            self._hide_columns(new.document.hidden)
            self.rows.head.show_bands(self.model.bands())
        filtered = filtered_columns(new.document.condition)
        self.rows.head.show_filtered(
            frozenset(i for i, name in enumerate(self.model.columns) if name in filtered)
        )
        if not same_marks(old, new):
            self.model.show_highlights(new)
            self.rows.viewport().update()
            self.rows.horizontalHeader().viewport().update()
            self.rows.verticalHeader().viewport().update()
        self._reveal(old, new)
        self._show_status(new)
        self.popups.show_state(new, other_table)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.popups.close()

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
        self._n_fitted = len(self.model.columns)
        for i, name in enumerate(self.model.columns):
            wide = metrics.horizontalAdvance(name) + 34
            self.rows.setColumnWidth(i, min(max(76, wide), MAX_COLUMN_WIDTH))

    def _reveal(self, old: State | None, new: State) -> None:
        """Scroll to a new focus, to newly selected rows and columns; anew in another table."""
        other = old is None or old.table is None or old.document.table != new.document.table
        seen = None if other else old
        if other:  # where the last one was scrolled to means nothing
            self.rows.scroll_back()
        focus, chosen = new.focus, new.selected(Space.MODEL)
        if focus is not None and (seen is None or seen.focus != focus):
            self.rows.scroll_to(self.model.place_of(focus), None)
        if len(chosen) and (seen is None or seen.selected(Space.MODEL) is not chosen):
            self.rows.show_one_of(np.flatnonzero(member(self.model.order, chosen)))
        metrics = new.selected(Space.METRIC)
        if len(metrics) and (seen is None or seen.selected(Space.METRIC) is not metrics):
            self.rows.scroll_to(None, self.model.column_of(int(metrics[0])))

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
            f"{len(state.selected(Space.MODEL))} selected",  # before what a narrow panel cuts off
            f"{len(table.metrics)} metrics ({table.scale})",
        ]
        if special:
            parts.insert(2, f"{special} reference or threshold row{'s' if special > 1 else ''}")
        self.status.setText(" · ".join(parts))
