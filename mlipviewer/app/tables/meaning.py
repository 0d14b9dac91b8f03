"""A dialog on what a table's columns and rows mean, where the guesses are not what is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isnan
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.tables.shape import ShapeForm
from mlipviewer.core.table import Column, Direction, ErrorTable, Role, RowRole, Scale
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.later import Later
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.io.tables import read_table
from mlipviewer.io.tables.choices import TableChoices
from mlipviewer.io.tables.measured import spreads_follow
from mlipviewer.io.tables.metadata import metadata_path, read_choices
from mlipviewer.io.tables.shape import TableShape, table_shape

HEADS = ("Column", "Role", "Unit", "Better is", "First cells")
LONGEST_NAME = 200
PREVIEW = 3  # cells of each column that are shown


class TableMeaning(QDialog):
    """Shows what was guessed; `decided(choices)` is called with all that is shown when accepted,
    or with None to guess again."""

    def __init__(
        self,
        table: ErrorTable,
        now: TableChoices | None,
        focus: int | None,
        decided: Callable[[TableChoices | None], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(plain(f"What {table.name} means"))
        self.resize(720, 620)
        self._table, self._focus, self._decided = table, focus, decided
        self._names: Mapping[str, str] = now.names if now is not None else {}  # in force
        self._later = Later(self)
        self._lay_out()
        self.ok.setEnabled(False)
        path, kept = table.path, now
        self._later.ask(lambda: shape_in_force(path, kept), self._show_shape, self._show_problem)

    def _lay_out(self) -> None:
        top = QFormLayout()
        self.shape = ShapeForm(top, self._read_again)
        self.scale = _combo([*Scale], "", "scale of the errors")
        self.family = QComboBox()
        self.family.setAccessibleName("family column")
        top.addRow("The errors are", self.scale)
        top.addRow("Family of a model", self.family)
        self._inside = QVBoxLayout()
        self._make_inside()
        self.problem = PlainLabel()
        self.problem.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addLayout(self._inside, 1)
        layout.addWidget(self.problem)
        standard = QDialogButtonBox.StandardButton
        buttons = DialogButtons(standard.Ok | standard.Cancel | standard.RestoreDefaults)
        self.ok = buttons.button(standard.Ok)
        guess = buttons.button(standard.RestoreDefaults)
        guess.setText("Guess again")
        guess.clicked.connect(self._guess_again)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    # -- how the file is read --------------------------------------------------------------

    def _show_shape(self, found: tuple[TableChoices, TableShape]) -> None:
        now, shape = found
        self._names = now.names
        self.shape.show_shape(shape, now)
        self._show_problem("")

    def _tell(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _show_problem(self, reason: str) -> None:
        self._tell(reason)
        self.ok.setEnabled(True)

    def _read_again(self) -> None:
        """The table as it is read from another sheet or with another pivot: its columns differ."""
        reason = self.shape.problem()
        if reason:
            self._tell(reason)
            self.ok.setEnabled(False)
            return
        asked = replace(self.shape.choices({}), names=self._names)
        if asked.sheet != self.shape.shown_sheet:
            asked = replace(asked, names=MappingProxyType({}))
        path, name = self._table.path, self._table.name
        self.ok.setEnabled(False)
        self._tell("Reading ...")

        def read() -> tuple[TableChoices, TableShape, ErrorTable]:
            return asked, table_shape(path, asked), read_table(path, name, asked)

        self._later.ask(read, self._show_read, self._tell)

    def _show_read(self, found: tuple[TableChoices, TableShape, ErrorTable]) -> None:
        asked, shape, self._table = found
        self._focus = None
        self._make_inside()
        self._show_shape((asked, shape))

    # -- what is shown ---------------------------------------------------------------------

    def _make_inside(self) -> None:
        """What belongs to the columns and rows of the table."""
        while (gone := self._inside.takeAt(0)) is not None:
            widget = gone.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.scale.setCurrentText(self._table.scale)
        _fill_families(self.family, self._table)
        self.columns = self._make_columns()
        self.rows = self._make_rows(self._focus)
        self._inside.addWidget(PlainLabel("Columns; double-click a name or a unit to change it:"))
        self._inside.addWidget(self.columns, 3)
        self._inside.addWidget(PlainLabel("Rows that are not models, and the model in focus:"))
        self._inside.addWidget(self.rows, 1)

    def _make_columns(self) -> QTableWidget:
        columns = self._table.columns
        grid = QTableWidget(len(columns), len(HEADS))
        grid.setTabKeyNavigation(False)
        grid.setHorizontalHeaderLabels(list(HEADS))
        grid.setAccessibleName("columns")
        for i, column in enumerate(columns):
            grid.setItem(i, 0, QTableWidgetItem(plain(column.name, LONGEST_NAME)))
            grid.setCellWidget(i, 1, _combo([*Role], column.role, f"role of {column.name}"))
            grid.setItem(i, 2, QTableWidgetItem(plain(column.unit, 40)))
            grid.setCellWidget(i, 3, _combo([*Direction], column.direction, "direction"))
            grid.setItem(i, 4, _fixed(plain(self._preview(column), 200)))
        grid.resizeColumnsToContents()
        grid.horizontalHeader().setStretchLastSection(True)
        return grid

    def _preview(self, column: Column) -> str:
        if column.role is Role.ERROR:
            values = self._table.metric(column.name)[:PREVIEW]
            return ", ".join("–" if isnan(value) else f"{value:.4g}" for value in values)
        return ", ".join(self._table.text.get(column.name, ())[:PREVIEW])

    def _make_rows(self, focus: int | None) -> QTableWidget:
        special = [i for i, r in enumerate(self._table.row_roles) if r is not RowRole.MODEL]
        if focus is not None and focus not in special:
            special.append(focus)
        grid = QTableWidget(len(special), 2)
        grid.setTabKeyNavigation(False)
        grid.setHorizontalHeaderLabels(["Row", "is a"])
        grid.setAccessibleName("rows")
        for place, row in enumerate(special):
            grid.setItem(place, 0, _fixed(plain(self._table.keys[row], 200)))
            role = self._table.row_roles[row]
            grid.setCellWidget(place, 1, _combo([*RowRole], role, "role of the row"))
        grid.resizeColumnsToContents()
        grid.horizontalHeader().setStretchLastSection(True)
        self._special = tuple(special)
        return grid

    # -- what was decided ------------------------------------------------------------------

    def choices(self) -> TableChoices:
        """All that is shown now, as decisions."""
        new = self.new_names()
        called = [new[column.name] for column in self._table.columns]
        roles = {name: Role(self._chosen(self.columns, i, 1)) for i, name in enumerate(called)}
        directions = {
            name: Direction(self._chosen(self.columns, i, 3)) for i, name in enumerate(called)
        }
        units = {name: self._written(i, 2) for i, name in enumerate(called)}
        row_roles = {
            self._table.keys[row]: RowRole(self._chosen(self.rows, place, 1))
            for place, row in enumerate(self._special)
        }
        family = self.family.currentData()
        return replace(
            self.shape.choices(new),
            names=MappingProxyType(self._all_names(new)),
            roles=MappingProxyType(roles),
            keys=tuple(name for name, role in roles.items() if role is Role.KEY),
            scale=Scale(self.scale.currentText()),
            directions=MappingProxyType(directions),
            units=MappingProxyType({name: unit for name, unit in units.items() if unit}),
            row_roles=MappingProxyType(row_roles),
            family=new.get(family, family),
        )

    def new_names(self) -> dict[str, str]:
        """What each column is to be called, by its present name."""
        columns = self._table.columns
        shown = {c.name: plain(c.name, LONGEST_NAME) for c in columns}
        written = {c.name: self._written(i, 0) for i, c in enumerate(columns)}
        changed = {name: text for name, text in written.items() if text != shown[name]}
        return {name: name for name in written} | spreads_follow(changed, tuple(written))

    def _all_names(self, new: Mapping[str, str]) -> dict[str, str]:
        """New names by those in the file, with what was renamed before."""
        in_file = {shown: original for original, shown in self._names.items()}
        named = {in_file.get(shown, shown): text for shown, text in new.items()}
        kept = {old: text for old, text in self._names.items() if old not in named}
        return kept | {old: text for old, text in named.items() if old != text}

    def _written(self, place: int, column: int) -> str:
        item = self.columns.item(place, column)
        return item.text().strip() if item is not None else ""

    @staticmethod
    def _chosen(grid: QTableWidget, place: int, column: int) -> str:
        combo = grid.cellWidget(place, column)
        assert isinstance(combo, QComboBox)
        return combo.currentText()

    def accept(self) -> None:
        called = list(self.new_names().values())
        again = next((name for name in called if called.count(name) > 1 or not name), None)
        if again is not None:
            told = f"Several columns are called {again}." if again else "A column has no name."
            self._tell(told)
            return
        self._decided(self.choices())
        super().accept()

    def _guess_again(self) -> None:
        self._decided(None)
        super().reject()


def shape_in_force(path: str, now: TableChoices | None) -> tuple[TableChoices, TableShape]:
    """The choices of a table, else those beside its file, and the shape. Raises ReadProblem."""
    kept = now or read_choices(metadata_path(Path(path)))[0] or TableChoices()
    return kept, table_shape(path, kept)


def _fixed(text: str) -> QTableWidgetItem:
    """A cell that is only read."""
    item = QTableWidgetItem(text)
    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
    return item


def _combo(offered: list[str], now: str, name: str) -> QComboBox:
    combo = QComboBox()
    combo.addItems([str(one) for one in offered])
    combo.setCurrentText(str(now))
    combo.setAccessibleName(plain(name, 200))
    return combo


def _fill_families(combo: QComboBox, table: ErrorTable) -> None:
    combo.clear()
    combo.addItem("(none)", "")
    for column in table.text_columns:
        combo.addItem(plain(column.name, 200), column.name)
    combo.setCurrentIndex(max(0, combo.findData(table.family or "")))
