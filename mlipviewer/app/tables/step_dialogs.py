"""Dialogs that say what is done with a table after it is read: errors of values, several seeds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.analysis.methods.errors_of_values import KINDS
from mlipviewer.analysis.methods.replicates import HOW, groups_of, model_columns
from mlipviewer.core.table import ErrorTable, RowRole, Scale
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.session.state import State
from mlipviewer.session.table_steps import CombinedSeeds, ErrorsOfValues, Step

KIND_TITLES = {
    "signed": "signed: value − reference",
    "absolute": "absolute: |value − reference|",
    "relative": "relative: |value − reference| / |reference|",
}
HOW_TITLES = {
    "mean": "mean of the runs",
    "median": "median of the runs",
    "best": "the run of the best mean rank",
    "spread": "spread: the standard deviation of the runs",
}


class StepDialog(QDialog):
    """A form for one kind of step, and below it the steps in force, each of which can be removed.

    `decided(steps)` is called with all steps of the table when the user accepts or removes.
    """

    kind: type[Step]
    about: str
    """What is done, before the name of the table."""

    def __init__(
        self,
        state: State,
        decided: Callable[[tuple[Step, ...]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        one = state.document.input(state.document.table)
        assert one is not None
        self._steps, self._decided = one.steps, decided
        kinds = [type(step) for step in one.steps]
        self._place = kinds.index(self.kind) if self.kind in kinds else len(kinds)
        stages = state.moment.stages.get(one.name, ())
        self._table = stages[self._place] if self._place < len(stages) else state.table
        self.status = PlainLabel()
        self.status.setWordWrap(True)
        self.form = QFormLayout()
        self.in_force = QListWidget()
        self.in_force.setAccessibleName("steps in force")
        self.in_force.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.in_force.setMaximumHeight(90)
        self.remove = QPushButton("Remove step")
        standard = QDialogButtonBox.StandardButton
        self.buttons = DialogButtons(standard.Ok | standard.Cancel)
        self.setWindowTitle(plain(f"{self.about} {state.document.table}"))
        self._lay_out(state)
        self._fill(self._steps[self._place] if self._place < len(self._steps) else None)
        self._preview()
        self.resize(520, 340 if self._steps else 180)

    def _lay_out(self, state: State) -> None:
        layout = QVBoxLayout(self)
        layout.addLayout(self.form)
        layout.addWidget(self.status)
        layout.addStretch(1)
        if self._steps:
            layout.addWidget(PlainLabel(f"What is done with {state.document.table} now, in order:"))
            layout.addWidget(self.in_force)
            layout.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)
        for step in self._steps:
            QListWidgetItem(plain(str(step), 300), self.in_force)
        self.in_force.setCurrentRow(min(self._place, len(self._steps) - 1))
        self.remove.clicked.connect(self._remove)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout.addWidget(self.buttons)

    def step(self) -> Step | None:
        """What the form says now; None where it says nothing that can be done."""
        raise NotImplementedError

    def _fill(self, now: Step | None) -> None:
        """Make the form, with what is said by the step in force."""
        raise NotImplementedError

    def _preview(self) -> None:
        """Tell what the step would do."""
        raise NotImplementedError

    def _show_status(self, text: str, good: bool) -> None:
        self.status.setText(text)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(good)

    def _remove(self) -> None:
        at = self.in_force.currentRow()
        if at >= 0:
            self._decided(self._steps[:at] + self._steps[at + 1 :])
            super().accept()

    def accept(self) -> None:
        step = self.step()
        if step is not None:
            self._decided((*self._steps[: self._place], step, *self._steps[self._place + 1 :]))
            super().accept()


class ErrorsDialog(StepDialog):
    """Which errors, against which row."""

    kind = ErrorsOfValues
    about = "Errors from the values of"

    def _fill(self, now: Step | None) -> None:
        self.kinds, self.reference = QComboBox(), QComboBox()
        self.kinds.setAccessibleName("kind of errors")
        self.reference.setAccessibleName("reference row")
        self.reference.setMaxVisibleItems(20)
        for kind in KINDS:
            self.kinds.addItem(KIND_TITLES[kind], kind)
        self.kinds.setCurrentIndex(self.kinds.findData(getattr(now, "kind", "absolute")))
        for key in _references_first(self._table):
            self.reference.addItem(plain(key, 200), key)
        if now is not None:
            self.reference.setCurrentIndex(self.reference.findData(getattr(now, "reference", "")))
        self.form.addRow("Errors", self.kinds)
        self.form.addRow("The true values are those of", self.reference)
        self.reference.activated.connect(lambda _place: self._preview())
        self.kinds.activated.connect(lambda _place: self._preview())

    def step(self) -> ErrorsOfValues | None:
        reference = self.reference.currentData()
        return ErrorsOfValues(reference, self.kinds.currentData()) if reference else None

    def _preview(self) -> None:
        table, step = self._table, self.step()
        if table is None or step is None:
            self._show_status("There is no row to compare with.", False)
        elif table.scale is not Scale.LINEAR:
            told = f"The table holds {table.scale} numbers, not values (What columns mean ...)."
            self._show_status(told, False)
        else:
            truth = table.values[table.row(step.reference)]
            usable = np.isfinite(truth) & ((truth != 0) | (step.kind != "relative"))
            n, why = int(usable.sum()), "missing or zero" if step.kind == "relative" else "missing"
            lost = f"; of {len(truth) - n} the reference is {why}" if n < len(truth) else ""
            self._show_status(f"Errors of {n} of {len(truth)} metrics{lost}.", n > 0)


def _references_first(table: ErrorTable | None) -> list[str]:
    """The keys of all rows; those that are references, then models."""
    if table is None:
        return []
    rows = [*table.rows_of(RowRole.REFERENCE), *table.models]
    return [table.keys[row] for row in rows]


class SeedsDialog(StepDialog):
    """Which columns name a model, and what becomes of its runs."""

    kind = CombinedSeeds
    about = "Combine the seeds of"

    def _fill(self, now: Step | None) -> None:
        names = tuple(self._table.text) if self._table is not None else ()
        guess = model_columns(self._table) if self._table is not None else ()
        ticked = now.by if isinstance(now, CombinedSeeds) else guess
        self.by = QListWidget()
        self.by.setAccessibleName("columns that name a model")
        for name in names:
            item = QListWidgetItem(plain(name, 200), self.by)
            item.setData(Qt.ItemDataRole.UserRole, name)
            on = name in ticked
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.how = QComboBox()
        self.how.setAccessibleName("what becomes of the runs")
        for how in HOW:
            self.how.addItem(HOW_TITLES[how], how)
        self.how.setCurrentIndex(self.how.findData(getattr(now, "how", "mean")))
        self.form.addRow("A model is named by", self.by)
        self.form.addRow("Each metric becomes the", self.how)
        self.by.itemChanged.connect(lambda _item: self._preview())  # ticked by mouse or keyboard

    def step(self) -> CombinedSeeds | None:
        items = (self.by.item(i) for i in range(self.by.count()))
        by = tuple(
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        )
        return CombinedSeeds(by, self.how.currentData()) if by else None

    def _preview(self) -> None:
        table, step = self._table, self.step()
        if table is None or step is None:
            self._show_status("Tick the columns that name a model.", False)
            return
        groups = groups_of(table, step.by)
        of_models = [rows for rows in groups if table.row_roles[rows[0]] is RowRole.MODEL]
        sizes = [len(rows) for rows in of_models]
        low, high = min(sizes, default=0), max(sizes, default=0)
        each = f"{low}" if low == high else f"{low} to {high}"
        runs = "run" if high == 1 else "runs"
        told = f"{table.n_models} rows become {len(of_models)} models of {each} {runs} each."
        self._show_status(told, high > 0)
