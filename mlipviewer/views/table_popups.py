"""What floats over the table of models: the filter of a column, or the choice of columns."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint

from mlipviewer.core.terms import CannotBeWritten, written_name
from mlipviewer.gui.view import View
from mlipviewer.session import table_changes
from mlipviewer.session.column_facet import Facet, facet
from mlipviewer.session.conditions import set_masks
from mlipviewer.session.state import State
from mlipviewer.views.column_chooser import ColumnChooser
from mlipviewer.views.column_filter import ColumnFilter
from mlipviewer.views.table_model import TableModel


class TablePopups:
    """At most one is open; it follows the state while it is."""

    def __init__(self, owner: View, model: TableModel, tell: Callable[[str], None]) -> None:
        self._owner, self._model, self._tell = owner, model, tell
        self._store = owner.store
        self.shown: ColumnFilter | ColumnChooser | None = None
        self._dragged = False  # a limit is being dragged

    def open_filter(self, column: str, at: QPoint) -> None:
        """Show the filter of a column at a global place."""
        try:
            written_name(column)
        except CannotBeWritten as problem:
            self._tell(str(problem))
            return
        found = self._facet(self._store.state, column)
        if found is not None:
            commit = lambda *term: self._filter(column, *term)  # noqa: E731
            self._open(ColumnFilter(self._owner, column, found, commit), at)

    def open_chooser(self, at: QPoint) -> None:
        """Show the choice of columns at a global place."""
        self._open(ColumnChooser(self._owner, self._store), at)

    def _open(self, popup: ColumnFilter | ColumnChooser, at: QPoint) -> None:
        self.close()
        self.shown = popup
        popup.popup(at)

    def close(self) -> None:
        if self.shown is not None:
            self.shown.close()
            self.shown.deleteLater()
            self.shown = None

    def _filter(self, column: str, term: str, dragging: bool) -> None:
        merge = f"filter.{column}" if dragging or self._dragged else ""
        self._store.commit(
            lambda s: table_changes.filter_column(s, column, term), f"Filter by {column}", merge
        )
        if self._dragged and not dragging:
            self._store.end_merge()
        self._dragged = dragging

    def _facet(self, state: State, column: str) -> Facet | None:
        if state.table is None or column not in self._model.columns:
            return None
        names = {**self._model.computed, **set_masks(state.document, state.table)}
        return facet(state.table, state.document.condition, column, names)

    def show_state(self, state: State, other_table: bool) -> None:
        """What is open follows undo, and what is typed above; another table closes it."""
        if other_table:
            self.close()
        popup = self.shown
        if isinstance(popup, ColumnChooser):
            popup.show_state(state)
        elif popup is not None:
            found = self._facet(state, popup.column)
            if found is None:
                self.close()
            else:
                popup.show_facet(found)
