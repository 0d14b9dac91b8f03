"""The error table for Qt: cells, headers and colours of the rows in display order."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont

from mlipviewer.core.order import NO_COLUMNS, Columns, shown_order
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.rows import NONE, Mask, Rows, to_mask
from mlipviewer.core.shading import rank_shares
from mlipviewer.core.table import ErrorTable, RowRole
from mlipviewer.core.table import Role as ColumnRole
from mlipviewer.gui.colours import colour_map
from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.gui.theme import Theme, colour, current_theme
from mlipviewer.session.conditions import set_masks
from mlipviewer.session.state import Document, State
from mlipviewer.views.table_header import Bands

Index = QModelIndex | QPersistentModelIndex
MAX_CELL = 200
SHADE = 92  # opacity of the colours that shade cells
Role = Qt.ItemDataRole


def number_text(value: float) -> str:
    """A cell's number with four significant digits; missing ones are a dash."""
    if math.isnan(value):
        return "–"
    size = abs(value)
    text = f"{value:.3e}" if size and (size >= 1e5 or size < 1e-3) else f"{value:.4g}"
    return text.replace("-", "−")


def error_text(value: float, floor: float | None) -> str:
    """An error at the floor of its metric is told as what it is: not larger than that."""
    if floor is None or not 0 <= value <= floor * (1 + 1e-6):
        return number_text(value)
    return f"≤ {floor:.3g}".replace("-", "−")


class TableModel(QAbstractTableModel):
    """Rows of an ErrorTable in an order of its own; selection is a mask that only colours cells."""

    def __init__(self) -> None:
        super().__init__()
        self.table: ErrorTable | None = None
        self.order: NDArray[np.int32] = np.empty(0, np.int32)
        self.columns: tuple[str, ...] = ()
        self.problem = ""
        self.computed: Columns = NO_COLUMNS  # they stand at the left
        self._metric: tuple[int | None, ...] = ()  # of each column, None for text
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
            try:
                order = _order(table, document, document.condition, computed)
            except QueryProblem as problem:
                self.problem = f"column {problem.position + 1}: {problem.reason}"
                order = _order(table, document, "", computed)
        other = table is not self.table
        self.beginResetModel()
        self.table, self.order, self._document = table, order, document
        self.computed = computed
        self._set_columns(table, document)
        if table is None or not document.shaded:
            self._shares = None
        elif self._shares is None or other:
            self._shares = rank_shares(table)
        self._places = {int(row): i for i, row in enumerate(order)}
        self.endResetModel()

    def _set_columns(self, table: ErrorTable | None, document: Document) -> None:
        """What was computed, the text columns, then the metrics; else as the user put them."""
        if table is None:
            self.columns, self._metric, self._place = (), (), {}
            return
        usual: list[tuple[str, int | None]] = [
            *((name, None) for name in (*self.computed, *text_columns(table))),
            *((table.metrics[i], i) for i in metric_order(table, document.grouped)),
        ]
        wanted = {name: place for place, name in enumerate(document.arranged)}
        usual.sort(key=lambda one: wanted.get(one[0], len(wanted)))
        self.columns = tuple(name for name, _ in usual)
        self._metric = tuple(metric for _, metric in usual)
        self._place = {m: place for place, m in enumerate(self._metric) if m is not None}

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

    def column_of(self, metric: int) -> int:
        return self._place[metric]

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
        if self.table is None or not index.isValid():
            return None
        row, column = int(self.order[index.row()]), index.column()
        if role == Role.DisplayRole:
            return self.text_of(row, column)
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

    def text_of(self, row: int, column: int) -> str:
        """What a cell says."""
        table = self.table
        assert table is not None
        metric, name = self._metric[column], self.columns[column]
        if name in self.computed:
            return number_text(float(self.computed[name][row]))
        if metric is None:
            return plain(table.text[name][row], MAX_CELL)
        floor = table.metric_columns[metric].floor
        return error_text(float(table.values[row, metric]), floor)

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


def _order(
    table: ErrorTable, document: Document, condition: str, computed: Columns
) -> NDArray[np.int32]:
    """The rows in display order; columns that the table lacks do not sort. Raises QueryProblem."""
    known = {*table.metrics, *text_columns(table), *computed}
    sorting = [(s.column, s.descending) for s in document.sorting if s.column in known]
    names = {**computed, **set_masks(document, table)}
    return shown_order(table, condition, sorting, names)


def metric_order(table: ErrorTable, grouped: bool) -> tuple[int, ...]:
    """The metrics as they stand: as in the file, or by category, those without one last."""
    metrics = range(len(table.metrics))
    if not grouped:
        return tuple(metrics)
    place = {name: i for i, name in enumerate(table.categories)}
    about = table.metric_columns
    return tuple(sorted(metrics, key=lambda i: place.get(about[i].category, len(place))))


def text_columns(table: ErrorTable) -> tuple[str, ...]:
    """The text columns beside the key, which stands at the left: the family and the metadata."""
    return tuple(
        column.name
        for column in table.text_columns
        if column.role is not ColumnRole.KEY or column.name == table.family
    )


def _italic() -> QFont:
    font = QFont()
    font.setItalic(True)
    return font
