"""Which metrics of two tables are the same: the recognised pairs, to be taken away or added to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.gui.plain import plain

WIDTH = 14  # characters of a metric's name that are surely seen


class MetricPairs(QWidget):
    """`changed()` is called when the user adds or removes a pair."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed
        self._names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._pairs: tuple[tuple[str, str], ...] = ()  # (first, second)
        self.grid = QTableWidget(0, 2)
        self.grid.setTabKeyNavigation(False)
        self.grid.setAccessibleName("same metrics")
        self.grid.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.grid.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.grid.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.grid.verticalHeader().hide()
        self.grid.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.first, self.second = self._combo("metric of the first"), self._combo("of the second")
        self.add, self.remove = QPushButton("Add pair"), QPushButton("Remove pair")
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self._lay_out()
        self.grid.setHorizontalHeaderLabels(["", ""])
        self.setEnabled(False)  # until there are two tables

    @staticmethod
    def _combo(name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setMinimumContentsLength(WIDTH)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return combo

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.first, 1)
        row.addWidget(self.second, 1)
        row.addWidget(self.add)
        row.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.grid)
        layout.addLayout(row)

    def show_tables(
        self,
        titles: tuple[str, str],
        first: Sequence[str],
        second: Sequence[str],
        same: Mapping[str, str],
    ) -> None:
        """The metrics of two tables; `same`: name in the second -> name in the first."""
        self._names = (tuple(first), tuple(second))
        self.setEnabled(True)
        self.grid.setHorizontalHeaderLabels([plain(title, 60) for title in titles])
        self._show(tuple((a, b) for b, a in same.items()))

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(name in the second, name in the first)."""
        return tuple((b, a) for a, b in self._pairs)

    def _show(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self._pairs = pairs
        self.grid.setRowCount(len(pairs))
        for i, pair in enumerate(pairs):
            for k, name in enumerate(pair):
                self.grid.setItem(i, k, QTableWidgetItem(plain(name, 120)))
        for k, combo in enumerate((self.first, self.second)):
            taken = {pair[k] for pair in pairs}
            combo.clear()
            for name in self._names[k]:
                if name not in taken:
                    combo.addItem(plain(name, 120), name)
        self.add.setEnabled(self.first.count() > 0 and self.second.count() > 0)
        self.remove.setEnabled(bool(pairs))

    def _add(self) -> None:
        self._show((*self._pairs, (self.first.currentData(), self.second.currentData())))
        self.grid.selectRow(len(self._pairs) - 1)
        self._changed()

    def _remove(self) -> None:
        gone = {index.row() for index in self.grid.selectionModel().selectedRows()}
        if gone:
            self._show(tuple(pair for i, pair in enumerate(self._pairs) if i not in gone))
            self._changed()
