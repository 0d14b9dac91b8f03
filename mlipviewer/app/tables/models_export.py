"""Which models leave the program, with which of their columns, and whether as they are seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Rows, member
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.form import titled
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.io.export import rows_of_table
from mlipviewer.session.panels import result_columns
from mlipviewer.session.state import State
from mlipviewer.views.table_cells import cells_of, order_of

Table = Mapping[str, Sequence[Any]]
Make = Callable[[], Table]
KEY = "model"


class Which(Enum):
    """Models to export."""

    SELECTED = "selected"
    SHOWN = "shown"
    ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """`shown` columns alone, in the order of the view and with what was computed; numbers with all
    their digits, or as they are `seen`."""

    which: Which
    shown: bool = True
    seen: bool = False


class ModelsSource:
    """The shown table as a view of it stands: its order, columns and texts."""

    def __init__(self, state: State) -> None:
        assert state.table is not None
        self._state, self._table = state, state.table
        computed = result_columns(state)
        self._order, _ = order_of(state.table, state.document, computed)
        self._cells = cells_of(state.table, state.document, computed)
        self._chosen = state.selected(Space.MODEL)

    def rows(self, which: Which) -> Rows:
        """The rows of the table in the order in which they are written."""
        order = self._order
        if which is Which.ALL:
            return self._table.models
        return order[member(order, self._chosen)] if which is Which.SELECTED else order

    @property
    def choices(self) -> list[tuple[str, Which]]:
        n, n_shown = len(self.rows(Which.SELECTED)), len(self.rows(Which.SHOWN))
        found = [(f"The {n:,} selected" if n > 1 else "The selected one", Which.SELECTED)] * bool(n)
        found.append((f"The {n_shown:,} that are shown, in their order", Which.SHOWN))
        return [*found, (f"All {len(self._table.models):,} models", Which.ALL)]

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that are shown."""
        hidden = self._state.document.hidden
        return tuple(name for name in self._cells.names if name not in hidden)

    def n_columns(self, wanted: Wanted) -> int:
        return len(self._names(wanted))

    def _names(self, wanted: Wanted) -> tuple[str, ...]:
        some = np.empty(0, np.int32)
        every = tuple(rows_of_table(self._table, some))
        return (*(KEY,) * (KEY not in self.columns), *self.columns) if wanted.shown else every

    def table(self, wanted: Wanted) -> Table:
        """Cells by column. Any thread may ask; to make texts of many takes a while."""
        rows, names = self.rows(wanted.which), self._names(wanted)
        if wanted.seen:
            return {name: [self._text(int(row), name) for row in rows] for name in names}
        raw = rows_of_table(self._table, rows)
        raw |= {name: values[rows].tolist() for name, values in self._cells.computed.items()}
        keys = {KEY: [self._table.keys[row] for row in rows]}
        return {name: raw[name] if name in raw else keys[name] for name in names}

    def _text(self, row: int, name: str) -> str:
        if name in self._cells.names:
            return self._cells.text_of(row, self._cells.names.index(name))
        return self._table.keys[row]

    @property
    def units(self) -> dict[str, str]:
        return {one.name: one.unit for one in self._table.columns if one.unit}


@dataclass(frozen=True)
class Ends:
    """Where the models go: into a file, to the clipboard (and what is told of them), on a figure.
    What makes the table is called in a thread."""

    write: Callable[[Make, Mapping[str, str]], object]
    copy: Callable[[Make, str], object]
    draw: Callable[[], object]


class ModelsDialog(QDialog):
    """Tells how large the table will be."""

    def __init__(self, state: State, ends: Ends, parent: QWidget) -> None:
        super().__init__(parent)
        self._source, self._ends = ModelsSource(state), ends
        self.setWindowTitle("Export models")
        self.which = _choice(self._source.choices)
        n = len(self._source.columns)
        self.columns = _choice([(f"The {n:,} that are shown", True), ("All of the file", False)])
        self.digits = _choice([("With all digits", False), ("As they are seen", True)])
        self.told = PlainLabel()
        self.buttons = DialogButtons()
        role = QDialogButtonBox.ButtonRole
        self.export = self.buttons.addButton("Export ...", role.AcceptRole)
        self.copy = self.buttons.addButton("Copy", role.ActionRole)
        self.copy.setToolTip("With the names of the columns, as a spreadsheet takes it")
        self.figure = self.buttons.addButton("As a figure ...", role.ActionRole)
        self.figure.setToolTip("The selected models and metrics on a sheet: SVG, PDF, PNG or TIFF")
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        form = (("Models", self.which), ("Columns", self.columns), ("Numbers", self.digits))
        layout = QVBoxLayout(self)
        layout.addLayout(titled(form))
        layout.addWidget(self.told)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(420)
        self._connect()
        self._tell()

    def _connect(self) -> None:
        for box in (self.which, self.columns, self.digits):
            box.currentIndexChanged.connect(self._tell)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.copy.clicked.connect(self._copy)
        self.figure.clicked.connect(self._draw)

    @property
    def wanted(self) -> Wanted:
        boxes = (self.which, self.columns, self.digits)
        return Wanted(*(box.currentData() for box in boxes))

    def _copy(self) -> None:
        wanted, source = self.wanted, self._source
        label = f"{len(source.rows(wanted.which))} models x {source.n_columns(wanted)} columns"
        self._ends.copy(partial(source.table, wanted), label)

    def _tell(self) -> None:
        n, wanted = len(self._source.rows(self.wanted.which)), self.wanted
        self.told.setText(f"{n:,} rows of {self._source.n_columns(wanted):,} columns")
        for button in (self.export, self.copy):
            button.setEnabled(n > 0)

    def _draw(self) -> None:
        self.reject()
        self._ends.draw()

    def accept(self) -> None:
        wanted, source = self.wanted, self._source
        super().accept()
        self._ends.write(partial(source.table, wanted), {} if wanted.seen else source.units)


def _choice(offered: Iterable[tuple[str, Any]]) -> QComboBox:
    box = QComboBox()
    for title, value in offered:
        box.addItem(title, value)
    return box
