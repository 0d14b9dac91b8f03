"""The error table for Qt: cells, headers and colours of the rows in display order."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont

from mlipviewer.core.order import NO_COLUMNS, Columns
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import NONE, Mask, Rows, to_mask
from mlipviewer.core.shading import rank_shares
from mlipviewer.core.table import ErrorTable, RowRole
from mlipviewer.gui.colours import colour_map
from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.gui.theme import Theme, colour, current_theme
from mlipviewer.session.state import Document, State
from mlipviewer.views.table_cells import MAX_CELL, Cells, cells_of, order_of
from mlipviewer.views.table_header import Bands

Index = QModelIndex | QPersistentModelIndex
SHADE = 92  # opacity of the colours that shade cells
Role = Qt.ItemDataRole


class TableModel(QAbstractTableModel):
    """Rows of an ErrorTable in an order of its own; selection is a mask that only colours cells."""

    def __init__(self) -> None:
        super().__init__()
        self.table: ErrorTable | None = None
        self.order: NDArray[np.int32] = np.empty(0, np.int32)
        self.problem = ""
        self.cells: Cells | None = None
        self._place: dict[int, int] = {}  # the column of each metric
        self._shares: NDArray[np.float32] | None = None
        self._selected: Mask = np.zeros(0, bool)
        self._metrics: Rows = NONE
        self._document: Document | None = None
        self._focus: int | None = None
        self._places: dict[int, int] = {}

    # -- what is shown ---------------------------------------------------------------------

    def show_table(
        self, table: ErrorTable | None, document: Document, computed: Columns = NO_COLUMNS
    ) -> None:
        """Show another table, filter or order. `problem` says why a condition does not fit."""
        self.problem, order = "", np.empty(0, np.int32)
        if table is not None:
            order, self.problem = order_of(table, document, computed)
        other = table is not self.table
        self.beginResetModel()
        self.table, self.order, self._document = table, order, document
        self.cells = None if table is None else cells_of(table, document, computed)
        self._place = {m: k for k, m in enumerate(self._metric) if m is not None}
        if table is None or not document.shaded:
            self._shares = None
        elif self._shares is None or other:
            self._shares = rank_shares(table)
        self._places = {int(row): i for i, row in enumerate(order)}
        self.endResetModel()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns as they stand."""
        return () if self.cells is None else self.cells.names

    @property
    def computed(self) -> Columns:
        """The columns that analyses made; they stand at the left."""
        return NO_COLUMNS if self.cells is None else self.cells.computed

    @property
    def _metric(self) -> tuple[int | None, ...]:
        """The metric of each column, None for text."""
        return () if self.cells is None else self.cells.metrics

    def bands(self) -> Bands:
        """The category of each column."""
        if self.table is None:
            return Bands()
        about = self.table.metric_columns
        of_column = tuple("" if i is None else about[i].category for i in self._metric)
        return Bands(of_column, self.table.categories)

    def show_highlights(self, state: State) -> None:
        """Colour the selected rows and columns: a repaint, nothing else."""
        n_rows = 0 if self.table is None else self.table.n_rows
        self._selected = to_mask(state.selected(Space.MODEL), n_rows)
        self._metrics = state.selected(Space.METRIC)
        self._focus = state.focus

    def is_selected(self, place: int) -> bool:
        """Whether the row at a place of the display is selected."""
        return 0 <= place < len(self.order) and bool(self._selected[self.order[place]])

    def place_of(self, row: int) -> int | None:
        """Where a row of the table stands in the display, None when it is filtered out."""
        return self._places.get(row)

    def column_of(self, metric: int) -> int | None:
        """Where a metric stands, None while its table is not there."""
        return self._place.get(metric)

    def metric_of(self, column: int) -> int | None:
        return self._metric[column]

    def _is_number(self, column: int) -> bool:
        return self._metric[column] is not None or self.columns[column] in self.computed

    # -- Qt's questions --------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if self.cells is None or not index.isValid():
            return None
        row, column = int(self.order[index.row()]), index.column()
        if role == Role.DisplayRole:
            return self.cells.text_of(row, column)
        if role == Role.TextAlignmentRole and self._is_number(column):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return self._look(row, column, role)

    def _look(self, row: int, column: int, role: int) -> Any:
        assert self.table is not None
        if role == Role.BackgroundRole:
            return self._background(row, column)
        if role == Role.FontRole and self.table.row_roles[row] is not RowRole.MODEL:
            return _italic()
        metric = self._metric[column]
        if role == Role.ToolTipRole and metric is not None:
            value = float(self.table.values[row, metric])
            return plain_tip(f"{self.columns[column]} = {value!r}")
        return None

    def _background(self, row: int, column: int) -> QBrush | None:
        theme = current_theme()
        if self._selected[row]:
            return QBrush(colour(theme.selected, 110 if row == self._focus else 64))
        shade = self._shade(row, column)
        if shade is not None:
            return shade
        if self._is_chosen_metric(column):
            return QBrush(colour(theme.selected, 22))
        if self.table is not None and self.table.row_roles[row] is not RowRole.MODEL:
            return QBrush(colour(theme.reference, 20))
        return None

    def _shade(self, row: int, column: int) -> QBrush | None:
        """From blue (best) to red (worst of the models), thin enough for the text to be read."""
        metric = self.metric_of(column)
        if self._shares is None or metric is None:
            return None
        share = float(self._shares[row, metric])
        if math.isnan(share):
            return QBrush(colour(current_theme().faint), Qt.BrushStyle.BDiagPattern)
        red, green, blue = (int(part) for part in colour_map("coolwarm")[round(share * 255)])
        return QBrush(QColor(red, green, blue, SHADE))

    def _is_chosen_metric(self, column: int) -> bool:
        metric = self.metric_of(column)
        return metric is not None and bool(np.isin(metric, self._metrics))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if self.table is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            return self._row_header(section, role)
        return self._column_header(section, role)

    def _row_header(self, section: int, role: int) -> Any:
        assert self.table is not None
        row = int(self.order[section])
        if role == Role.DisplayRole:
            return plain(self.table.keys[row], MAX_CELL)
        if role == Role.FontRole and row == self._focus:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _column_header(self, section: int, role: int) -> Any:
        assert self.table is not None
        name = self.columns[section]
        if role == Role.DisplayRole:
            return plain(name, MAX_CELL) + self._arrow(name)
        if role == Role.ToolTipRole and self._metric[section] is not None:
            column = self.table.metric_column(name)
            return plain_tip("\n".join(x for x in (column.title, column.category) if x))
        if role == Role.FontRole and name in self.computed:
            return _italic()
        if role == Role.ForegroundRole and self._is_chosen_metric(section):
            theme: Theme = current_theme()
            return QBrush(colour(theme.selected))
        return None

    def _arrow(self, name: str) -> str:
        sorting = self._document.sorting if self._document is not None else ()
        for i, sort in enumerate(sorting):
            if sort.column == name:
                number = f"{i + 1}" if len(sorting) > 1 else ""
                return f" {'▼' if sort.descending else '▲'}{number}"
        return ""


def _italic() -> QFont:
    font = QFont()
    font.setItalic(True)
    return font
