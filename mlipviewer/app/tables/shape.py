"""Which sheet of a workbook is read, and whether a row is a model or a single number."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QWidget

from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.io.tables.choices import Pivot, TableChoices
from mlipviewer.io.tables.shape import TableShape

WIDE, LONG = "a row for each model", "a row for each number (long)"
PARTS = ("model", "metric", "value")


class ShapeForm:
    """Rows of a form, seen where there is something to choose; `changed()` when the user does."""

    def __init__(self, form: QFormLayout, changed: Callable[[], None]) -> None:
        self._form, self._now, self._changed = form, TableChoices(), changed
        self._shape: TableShape | None = None
        self.sheet, self.kind = _combo("sheet"), _combo("shape of the table")
        self.parts = {part: _combo(f"column of the {part}") for part in PARTS}
        self._pivot_row = QWidget()
        row = QHBoxLayout(self._pivot_row)
        row.setContentsMargins(0, 0, 0, 0)
        for part, combo in self.parts.items():
            combo.setToolTip(plain_tip(f"The column that holds the {part}"))
            row.addWidget(combo, 1)
        form.addRow("Sheet", self.sheet)
        form.addRow("The file has", self.kind)
        form.addRow("Model, metric, value", self._pivot_row)
        for widget in (self.sheet, self.kind, self._pivot_row):
            form.setRowVisible(widget, False)
        self.kind.addItems([WIDE, LONG])
        self.sheet.activated.connect(lambda _place: self._take_sheet())
        self.kind.activated.connect(lambda _place: self._take_kind())
        for combo in self.parts.values():
            combo.activated.connect(lambda _place: changed())

    @property
    def shown_sheet(self) -> str:
        """The sheet of the columns that are offered."""
        return self._now.sheet

    def show_shape(self, shape: TableShape, now: TableChoices) -> None:
        """What the file offers, and what is in force."""
        self._shape, self._now = shape, now
        self.sheet.clear()
        self.sheet.addItem("(the first with a table)", "")
        for name in shape.sheets:
            self.sheet.addItem(plain(name, 120), name)
        self.sheet.setCurrentIndex(max(0, self.sheet.findData(self._now.sheet)))
        pivot = self._now.pivot or (None if self._now.long else shape.guess)
        self.kind.setCurrentText(LONG if pivot else WIDE)
        for part, combo in self.parts.items():
            combo.clear()
            for name in shape.header:
                combo.addItem(plain(name, 120), name)
            combo.setCurrentIndex(combo.findData(getattr(pivot, part, None)))
        self._show_rows()

    def _show_rows(self) -> None:
        shape = self._shape
        n_columns = len(shape.header) if shape is not None else 0
        self._form.setRowVisible(self.sheet, self.sheet.count() > 2)
        self._form.setRowVisible(self.kind, n_columns >= len(PARTS))
        is_long = self.kind.currentText() == LONG
        self._form.setRowVisible(self._pivot_row, is_long and n_columns >= len(PARTS))

    def _take_sheet(self) -> None:
        """Another sheet has columns of its own: they are guessed."""
        self._shape = None
        self._changed()

    def _take_kind(self) -> None:
        if self.kind.currentText() == LONG and self._shape is not None:
            self._suggest()
        self._show_rows()
        self._changed()

    def _suggest(self) -> None:
        """Columns that a pivot may use, until the user says better."""
        assert self._shape is not None
        guess, header = self._shape.guess, self._shape.header
        last = Pivot(header[0], header[1], header[-1])
        for part, combo in self.parts.items():
            if combo.currentIndex() < 0:
                combo.setCurrentIndex(combo.findData(getattr(guess or last, part)))

    def problem(self) -> str:
        """Why what is shown cannot be; '' when it can."""
        pivot = self._pivot()
        if pivot is not None and len({pivot.model, pivot.metric, pivot.value}) < len(PARTS):
            return "Model, metric and value are three different columns."
        return ""

    def _pivot(self) -> Pivot | None:
        if self.kind.currentText() != LONG:
            return None
        chosen = {part: combo.currentData() for part, combo in self.parts.items()}
        return Pivot(**{part: str(name) for part, name in chosen.items()})

    def choices(self, renamed: Mapping[str, str]) -> TableChoices:
        """Sheet, pivot and whether the table is kept long, with columns by their new names."""
        if self._shape is None:
            sheet = self.sheet.currentData()
            return self._now if sheet is None else TableChoices(sheet=str(sheet))
        pivot = self._pivot()
        keep_long = pivot is None and self._shape.guess is not None
        if pivot == self._shape.guess and self._now.pivot is None:
            pivot = None  # as guessed
        if pivot is not None:
            names = {part: getattr(pivot, part) for part in PARTS}
            pivot = Pivot(**{part: renamed.get(name, name) for part, name in names.items()})
        return TableChoices(sheet=str(self.sheet.currentData()), pivot=pivot, long=keep_long)


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setMinimumContentsLength(10)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
