"""What is known of the focused model: names, errors with thresholds and ranks, runs; and the values
of the shown frame."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QToolButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from mlipviewer.core.links import trajectory_links
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, rows
from mlipviewer.core.table import Direction, ErrorTable, RowRole
from mlipviewer.gui.number_words import error_text, number_text
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.gui.theme import colour, current_theme
from mlipviewer.gui.view import View
from mlipviewer.session import changes
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.frame_values import FrameValues

HEADS = ("Metric", "Error", "Unit", "Threshold", "Rank")
METRIC = Qt.ItemDataRole.UserRole


class DetailsView(View, QWidget):
    """The focused model and the shown frame, read-only; a click on a metric selects it."""

    connect_wanted = Signal(object)  # None: a new link, of the model in focus

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.title = PlainLabel("No model is in focus: click a model.")
        self.title.setWordWrap(True)
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.connect_run = QToolButton()
        self.connect_run.setText("Not linked – connect a run ...")
        self.connect_run.clicked.connect(lambda: self.connect_wanted.emit(None))
        self.connect_run.hide()
        self.metrics = QTreeWidget()
        self.metrics.setHeaderLabels(list(HEADS))
        self.metrics.setRootIsDecorated(False)
        self.metrics.setUniformRowHeights(True)
        self.metrics.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.metrics.setAccessibleName("errors of the focused model")
        self.metrics.itemClicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addWidget(self.title)
        layout.addWidget(self.connect_run)
        self.frame = FrameValues()
        layout.addWidget(self.metrics, 3)
        layout.addWidget(self.frame, 2)

    def _choose(self, item: QTreeWidgetItem) -> None:
        metric, name = int(item.data(0, METRIC)), item.text(0)
        self.store.commit(
            lambda s: changes.choose_metrics(s, rows([metric]), Mode.REPLACE), f"Select {name}"
        )

    def show_state(self, old: State | None, new: State) -> None:
        self.frame.show_state(new)
        self.metrics.setVisible(new.table is not None or new.trajectory is None)
        same = old is not None and old.table is new.table
        if same and old is not None and old.focus == new.focus:
            if old.selected(Space.METRIC) is not new.selected(Space.METRIC):
                self._mark(new)
            if old.document.links is not new.document.links:
                self._show_title(new)
            return
        self._show_title(new)
        self._show_metrics(new)
        self._mark(new)

    def _show_title(self, state: State) -> None:
        table, row = state.table, state.focus
        if table is None or row is None:
            self.title.setText("No model is in focus: click a model.")
            self.connect_run.hide()
            return
        lines = [table.keys[row]]
        lines += [f"{name}: {cells[row]}" for name, cells in table.text.items() if cells[row]]
        links = trajectory_links(state.document.links, table.keys[row])
        runs = ", ".join(_base_name(link.path) for link in links)
        lines.append(f"Runs: {runs}" if runs else "No run is linked: drop a trajectory on its row.")
        self.title.setText("\n".join(lines))
        self.connect_run.setVisible(not runs)

    def _show_metrics(self, state: State) -> None:
        self.metrics.clear()
        table, row = state.table, state.focus
        if table is None or row is None:
            return
        thresholds = _thresholds(table)
        ranks = metric_ranks(table, row)
        items = []
        for i, column in enumerate(table.metric_columns):
            value = float(table.values[row, i])
            cells = [
                plain(column.name),
                error_text(value, column.floor),
                column.unit,
                number_text(thresholds[i]),
                ranks[i],
            ]
            item = QTreeWidgetItem(cells)
            item.setData(0, METRIC, i)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
            item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight)
            item.setTextAlignment(4, Qt.AlignmentFlag.AlignRight)
            if value <= thresholds[i]:
                item.setText(3, f"{cells[3]} ✓")
            items.append(item)
        self.metrics.addTopLevelItems(items)
        for column_number in range(len(HEADS)):
            self.metrics.resizeColumnToContents(column_number)

    def _mark(self, state: State) -> None:
        chosen = set(state.selected(Space.METRIC).tolist())
        brush = QBrush(colour(current_theme().selected, 64))
        for i in range(self.metrics.topLevelItemCount()):
            item = self.metrics.topLevelItem(i)
            assert item is not None
            own = brush if item.data(0, METRIC) in chosen else QBrush()
            for column in range(len(HEADS)):
                item.setBackground(column, own)


def _base_name(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def _thresholds(table: ErrorTable) -> np.ndarray:
    """(m,) the good-enough error of each metric: the threshold row, else the metadata, else NaN."""
    found = table.rows_of(RowRole.THRESHOLD)
    if len(found):
        return np.asarray(table.values[found[0]])
    return np.array([np.nan if c.good is None else c.good for c in table.metric_columns])


def metric_ranks(table: ErrorTable, row: int) -> list[str]:
    """`12 of 2300` for each metric of a model, best first; a dash where its value is missing."""
    values = table.values[table.models]
    own = table.values[row]
    sign = np.array([1 if c.direction is Direction.LOWER else -1 for c in table.metric_columns])
    better = np.sum(values * sign < own * sign, axis=0)
    present = np.sum(np.isfinite(values), axis=0)
    return [
        f"{b + 1} of {n}" if np.isfinite(v) else "–"
        for b, n, v in zip(better, present, own, strict=True)
    ]
