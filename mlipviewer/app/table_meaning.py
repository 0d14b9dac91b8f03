"""A dialog on what a table's columns and rows mean, where the guesses are not what is meant."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

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

from mlipviewer.core.table import Column, Direction, ErrorTable, Role, RowRole, Scale
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.io.tables.choices import TableChoices

HEADS = ("Column", "Role", "Unit", "Better is", "First cells")
PREVIEW = 3  # cells of each column that are shown


class TableMeaning(QDialog):
    """Shows what was guessed; `decided(choices)` is called with all that is shown when accepted,
    or with None to guess again."""

    def __init__(
        self,
        table: ErrorTable,
        focus: int | None,
        decided: Callable[[TableChoices | None], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(plain(f"What {table.name} means"))
        self.resize(720, 560)
        self._table, self._decided = table, decided
        self.scale = _combo([*Scale], table.scale, "scale of the errors")
        self.family = _family_combo(table)
        self.columns = self._make_columns()
        self.rows = self._make_rows(focus)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QFormLayout()
        top.addRow("The errors are", self.scale)
        top.addRow("Family of a model", self.family)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.columns, 3)
        layout.addWidget(PlainLabel("Rows that are not models, and the model in focus:"))
        layout.addWidget(self.rows, 1)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel | standard.RestoreDefaults)
        guess = buttons.button(standard.RestoreDefaults)
        guess.setText("Guess again")
        guess.clicked.connect(self._guess_again)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    # -- what is shown ---------------------------------------------------------------------

    def _make_columns(self) -> QTableWidget:
        columns = self._table.columns
        grid = QTableWidget(len(columns), len(HEADS))
        grid.setHorizontalHeaderLabels(list(HEADS))
        grid.setAccessibleName("columns")
        for i, column in enumerate(columns):
            grid.setItem(i, 0, QTableWidgetItem(plain(column.name, 200)))
            grid.setCellWidget(i, 1, _combo([*Role], column.role, f"role of {column.name}"))
            grid.setItem(i, 2, QTableWidgetItem(plain(column.unit, 40)))
            grid.setCellWidget(i, 3, _combo([*Direction], column.direction, "direction"))
            grid.setItem(i, 4, QTableWidgetItem(plain(self._preview(column), 200)))
        grid.resizeColumnsToContents()
        grid.horizontalHeader().setStretchLastSection(True)
        return grid

    def _preview(self, column: Column) -> str:
        if column.role is Role.ERROR:
            values = self._table.metric(column.name)[:PREVIEW]
            return ", ".join(f"{value:.4g}" for value in values)
        return ", ".join(self._table.text.get(column.name, ())[:PREVIEW])

    def _make_rows(self, focus: int | None) -> QTableWidget:
        special = [i for i, r in enumerate(self._table.row_roles) if r is not RowRole.MODEL]
        if focus is not None and focus not in special:
            special.append(focus)
        grid = QTableWidget(len(special), 2)
        grid.setHorizontalHeaderLabels(["Row", "is a"])
        grid.setAccessibleName("rows")
        for place, row in enumerate(special):
            grid.setItem(place, 0, QTableWidgetItem(plain(self._table.keys[row], 200)))
            role = self._table.row_roles[row]
            grid.setCellWidget(place, 1, _combo([*RowRole], role, "role of the row"))
        grid.resizeColumnsToContents()
        grid.horizontalHeader().setStretchLastSection(True)
        self._special = tuple(special)
        return grid

    # -- what was decided ------------------------------------------------------------------

    def choices(self) -> TableChoices:
        """All that is shown now, as decisions."""
        columns = self._table.columns
        roles = {c.name: Role(self._chosen(self.columns, i, 1)) for i, c in enumerate(columns)}
        directions = {
            c.name: Direction(self._chosen(self.columns, i, 3)) for i, c in enumerate(columns)
        }
        units = {c.name: self._written(i).strip() for i, c in enumerate(columns)}
        row_roles = {
            self._table.keys[row]: RowRole(self._chosen(self.rows, place, 1))
            for place, row in enumerate(self._special)
        }
        return TableChoices(
            roles=MappingProxyType(roles),
            keys=tuple(name for name, role in roles.items() if role is Role.KEY),
            scale=Scale(self.scale.currentText()),
            directions=MappingProxyType(directions),
            units=MappingProxyType({name: unit for name, unit in units.items() if unit}),
            row_roles=MappingProxyType(row_roles),
            family=self.family.currentData(),
        )

    def _written(self, place: int) -> str:
        item = self.columns.item(place, 2)
        return item.text() if item is not None else ""

    @staticmethod
    def _chosen(grid: QTableWidget, place: int, column: int) -> str:
        combo = grid.cellWidget(place, column)
        assert isinstance(combo, QComboBox)
        return combo.currentText()

    def accept(self) -> None:
        self._decided(self.choices())
        super().accept()

    def _guess_again(self) -> None:
        self._decided(None)
        super().reject()


def _combo(offered: list[str], now: str, name: str) -> QComboBox:
    combo = QComboBox()
    combo.addItems([str(one) for one in offered])
    combo.setCurrentText(str(now))
    combo.setAccessibleName(plain(name, 200))
    return combo


def _family_combo(table: ErrorTable) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName("family column")
    combo.addItem("(none)", "")
    for column in table.text_columns:
        combo.addItem(plain(column.name, 200), column.name)
    combo.setCurrentIndex(max(0, combo.findData(table.family or "")))
    return combo
