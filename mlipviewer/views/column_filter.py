"""The popup that filters models by one column: a histogram with limits, or values to tick.

It keeps nothing: what it shows is read from the document's condition, and what a user does there is
a new term of that condition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.analysis.methods.transforms import suits_log
from mlipviewer.core.terms import Limits, Missing, can_write, limits_term, values_term
from mlipviewer.core.terms import chosen_of as chosen_in
from mlipviewer.gui.floating import Floating
from mlipviewer.gui.histogram import Ends, RangeHistogram
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.session.column_facet import Facet

Commit = Callable[[str, bool], None]
"""Told the new term of the column, and whether a drag goes on."""

SEARCHED = 15  # values: of more of them one may search
ROLE = Qt.ItemDataRole


class ColumnFilter(Floating):
    """Floats below a header until a click beside it."""

    def __init__(self, parent: QWidget, column: str, facet: Facet, commit: Commit) -> None:
        super().__init__(parent)
        self.setAccessibleName(plain(f"filter of {column}"))
        self.column = column
        self._commit = commit
        self.count = PlainLabel()
        self.body: NumberLimits | ValueTicks
        if facet.numbers is not None:
            self.body = NumberLimits(column, facet, self._commit)
        else:
            self.body = ValueTicks(column, facet, self._commit)
        self.clear = QPushButton("Clear")
        self.clear.clicked.connect(lambda: self._commit("", False))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        title = PlainLabel(column)
        bold = title.font()
        bold.setBold(True)
        title.setFont(bold)
        layout.addWidget(title)
        layout.addWidget(self.body, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.count, 1)
        foot.addWidget(self.clear)
        layout.addLayout(foot)
        self.show_facet(facet)

    def show_facet(self, facet: Facet) -> None:
        """Show what the condition now says of the column."""
        self.body.show_facet(facet)
        self.clear.setEnabled(bool(facet.condition))
        missing = f", {facet.n_missing} missing" if facet.n_missing else ""
        self.count.setText(f"{facet.n_kept} of {facet.n_models} models{missing}")

    def popup(self, at: QPoint) -> None:
        """Show it at a global place, within the screen."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = min(max(at.x(), screen.left()), screen.right() - self.width())
        y = min(max(at.y(), screen.top()), screen.bottom() - self.height())
        self.move(x, y)
        self.show()


class NumberLimits(QWidget):
    """A histogram with two limits, the limits as numbers, and what becomes of missing values."""

    def __init__(self, column: str, facet: Facet, commit: Commit) -> None:
        super().__init__()
        assert facet.numbers is not None
        self._column, self._commit = column, commit
        self._limits = facet.limits
        log = suits_log(facet.numbers, facet.scale)
        self.histogram = RangeHistogram(facet.numbers, log, self._drag)
        self.low, self.high = self._line("at least"), self._line("at most")
        known = facet.numbers[np.isfinite(facet.numbers)]
        if known.size:
            self.low.setPlaceholderText(f"{known.min():.4g}")
            self.high.setPlaceholderText(f"{known.max():.4g}")
        self.only = QCheckBox("only missing")
        self.without = QCheckBox("without missing")
        self.only.clicked.connect(lambda on: self._set_missing(Missing.ONLY, on))
        self.without.clicked.connect(lambda on: self._set_missing(Missing.WITHOUT, on))
        self._lay_out("log scale" if log else "")

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setMaximumWidth(110)
        line.returnPressed.connect(self._typed)
        return line

    def _lay_out(self, scale: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.histogram, 1)
        ends = QHBoxLayout()
        ends.addWidget(self.low)
        ends.addWidget(
            PlainLabel(f"to ({scale})" if scale else "to"), 1, Qt.AlignmentFlag.AlignCenter
        )
        ends.addWidget(self.high)
        layout.addLayout(ends)
        ticks = QHBoxLayout()
        ticks.addWidget(self.without)
        ticks.addWidget(self.only)
        ticks.addStretch(1)
        layout.addLayout(ticks)

    def show_facet(self, facet: Facet) -> None:
        limits = self._limits = facet.limits
        self.histogram.show_ends((limits.low, limits.high))
        for line, value in ((self.low, limits.low), (self.high, limits.high)):
            if not (line.hasFocus() and line.isModified()):
                line.setText("" if value is None else f"{value:.6g}")
        limited = limits.low is not None or limits.high is not None
        self.only.setChecked(limits.missing is Missing.ONLY)
        self.without.setChecked(limits.missing is Missing.WITHOUT or limited)
        self.without.setEnabled(not limited)
        self.histogram.setEnabled(limits.missing is not Missing.ONLY)

    # -- what the user does ----------------------------------------------------------------

    def _drag(self, ends: Ends, dragging: bool) -> None:
        self._tell(Limits(*ends), dragging)

    def _typed(self) -> None:
        self.low.setModified(False)
        self.high.setModified(False)
        self._tell(Limits(_number(self.low.text()), _number(self.high.text())), False)

    def _set_missing(self, missing: Missing, on: bool) -> None:
        if missing is Missing.ONLY and on:
            self._tell(Limits(missing=missing), False)
        else:
            self._tell(replace(self._limits, missing=missing if on else Missing.ANY), False)

    def _tell(self, limits: Limits, dragging: bool) -> None:
        self._commit(limits_term(self._column, limits), dragging)


class ValueTicks(QWidget):
    """The different values of a text column with their counts, to be ticked."""

    def __init__(self, column: str, facet: Facet, commit: Commit) -> None:
        super().__init__()
        self._column, self._commit = column, commit
        self._values = tuple(facet.counts)
        self._condition = facet.condition
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText("Search values")
        self.search.setAccessibleName("search values")
        self.search.textEdited.connect(self._find)
        self.search.setVisible(len(self._values) > SEARCHED)
        self.list = TickList(self._toggle)
        for value, count in facet.counts.items():
            self.list.add(value, f"{plain(value, 200) or '(missing)'}   {count}")
        self.all, self.none = QPushButton("All"), QPushButton("None")
        self.all.clicked.connect(lambda: self._set_seen(True))
        self.none.clicked.connect(lambda: self._set_seen(False))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.all)
        buttons.addWidget(self.none)
        buttons.addStretch(1)
        layout.addLayout(buttons)

    def show_facet(self, facet: Facet) -> None:
        self._condition = facet.condition
        self.list.show_chosen(self._chosen())

    def _chosen(self) -> frozenset[str]:
        return chosen_in(self._condition, self._column, self._values)

    # -- what the user does ----------------------------------------------------------------

    def _toggle(self, value: str) -> None:
        self._tell(self._chosen() ^ {value})

    def _set_seen(self, on: bool) -> None:
        """Tick or untick the values that the search shows."""
        seen = self.list.seen()
        self._tell(self._chosen() | seen if on else self._chosen() - seen)

    def _tell(self, chosen: frozenset[str]) -> None:
        self._commit(values_term(self._column, chosen, self._values), False)

    def _find(self, text: str) -> None:
        self.list.show_matching(text)


class TickList(QListWidget):
    """Entries with ticks; a click or the space bar tells the entry, and ticks nothing itself."""

    def __init__(self, toggled: Callable[[str], None]) -> None:
        super().__init__()
        self._toggled = toggled
        self.setAccessibleName("values")
        self.setMinimumWidth(220)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.itemClicked.connect(self._tell)

    def add(self, value: str, text: str) -> None:
        item = QListWidgetItem(text, self)
        item.setData(ROLE.UserRole, value)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        if not can_write(value):
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setToolTip("holds both kinds of quotes: a condition cannot name it")

    def show_chosen(self, chosen: frozenset[str]) -> None:
        for item in self._items():
            on = item.data(ROLE.UserRole) in chosen
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def show_matching(self, text: str) -> None:
        for item in self._items():
            item.setHidden(text.casefold() not in item.data(ROLE.UserRole).casefold())

    def seen(self) -> frozenset[str]:
        """The values that the search leaves, and that a condition can name."""
        items = (item for item in self._items() if not item.isHidden())
        return frozenset(i.data(ROLE.UserRole) for i in items if can_write(i.data(ROLE.UserRole)))

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(i) for i in range(self.count())]

    def _tell(self, item: QListWidgetItem) -> None:
        self._toggled(item.data(ROLE.UserRole))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Space and item is not None:
            self._tell(item)
        else:
            super().keyPressEvent(event)


def _number(text: str) -> float | None:
    """A typed limit; None where it is empty or no number."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
