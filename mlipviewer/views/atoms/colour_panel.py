"""What the button Colour opens: map, range, component, logarithm, the format of the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from mlipviewer.gui.editors import Choice
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.session import changes
from mlipviewer.session.look_changes import look_at
from mlipviewer.session.state import Colouring, RangePolicy
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.colours import component_name
from mlipviewer.views.atoms.panels import read_format


class ColourPanel(QWidget):
    """Commits the user's changes of how values become colours."""

    select_wanted = Signal(float, float)

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._colouring = Colouring()
        self.form = QFormLayout(self)
        self.form.setContentsMargins(4, 4, 4, 4)
        self.policy = self._choice("Range", "What the colours are spread over", "policy")
        self.policy.offer([(str(one).capitalize(), one) for one in RangePolicy])
        self.low, self.high = QLineEdit(), QLineEdit()
        self._add_ends()
        self.component = self._choice("Of vectors", "The norm or one component", "component")
        self.log = self._check("Logarithmic", "Colours by the logarithm of the values", "log")
        self.reverse = self._check("Reverse the map", "High values where low ones were", "reverse")
        self.format = QLineEdit()
        self.format.setPlaceholderText("%.3g")
        self.format.setAccessibleName("Format of the legend")
        self.format.editingFinished.connect(self._typed_format)
        self.form.addRow(PlainLabel("Legend"), self.format)
        self.why = PlainLabel()
        self.why.hide()
        self.form.addRow(self.why)

    def add_first(self, maps: QComboBox, fix: QToolButton) -> None:
        """The choice of a map, and the button that keeps the range."""
        self.form.insertRow(0, PlainLabel("Map"), maps)
        self.form.insertRow(2, fix)

    def _choice(self, label: str, tip: str, name: str) -> Choice:
        box = Choice()
        box.setToolTip(tip)
        box.setAccessibleName(label)
        box.chosen.connect(lambda value: self._change(label, **{name: value}, **_free(name)))
        self.form.addRow(PlainLabel(label), box)
        return box

    def _check(self, text: str, tip: str, name: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setToolTip(tip)
        box.clicked.connect(lambda on: self._change(text, **{name: on}))
        self.form.addRow(box)
        return box

    def _add_ends(self) -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        for editor, name in ((self.low, "Lowest value"), (self.high, "Highest value")):
            editor.setAccessibleName(name)
            editor.setPlaceholderText(name)
            editor.setMaximumWidth(95)
            editor.editingFinished.connect(self._typed_ends)
            row.addWidget(editor)
        self.select = QPushButton("Select")
        self.select.setToolTip("Select the atoms whose values lie between these two")
        self.select.clicked.connect(self._select)
        row.addWidget(self.select)
        self.form.addRow(PlainLabel("From, to"), holder)

    def _change(self, label: str, **about: Any) -> None:
        now = replace(self._store.state.document.colouring, **about)
        self._store.commit(lambda s: changes.set_colouring(s, now), f"Colours: {label.lower()}")

    def _ends(self) -> tuple[float | None, float | None] | None:
        """The two numbers as typed; None where one of them is no number."""
        try:
            texts = (self.low.text().strip(), self.high.text().strip())
            low, high = (float(text) if text else None for text in texts)
        except ValueError:
            self._tell("the ends of the range are numbers")
            return None
        if low is not None and high is not None and not low < high:
            self._tell("the lowest value must be below the highest")
            return None
        self.why.hide()
        return low, high

    def _typed_ends(self) -> None:
        ends = self._ends()
        edited = self.low.isModified() or self.high.isModified()
        if ends is not None and edited and ends != (self._colouring.low, self._colouring.high):
            self._change("range", low=ends[0], high=ends[1])

    def _select(self) -> None:
        ends = self._ends()
        if ends is not None:
            low, high = ends
            self.select_wanted.emit(
                float("-inf") if low is None else low, float("inf") if high is None else high
            )

    def _typed_format(self) -> None:
        text = self.format.text()
        try:
            read_format(text)
        except ValueError as problem:
            self._tell(str(problem))
            return
        self.why.hide()
        self._store.commit(lambda s: look_at(s, "legend", form=text), "Format of the legend")

    def _tell(self, why: str) -> None:
        self.why.setText(why)
        self.why.show()

    def show_colouring(
        self, colouring: Colouring, n_components: int, ends: Sequence[str], form: str
    ) -> None:
        """Show these colours; `ends` are the words of the shown range where it is not fixed."""
        self._colouring = colouring
        self.policy.show_value(colouring.policy)
        parts = [(component_name(i), i) for i in range(n_components)]
        self.component.offer([("norm", None), *parts])
        self.component.show_value(colouring.component)
        self.component.setEnabled(n_components > 1)
        self.log.setChecked(colouring.log)
        self.reverse.setChecked(colouring.reverse)
        for editor, value, free in zip(
            (self.low, self.high), (colouring.low, colouring.high), ends, strict=True
        ):
            if not editor.hasFocus():
                editor.setText("" if value is None else f"{value:.6g}")
            editor.setPlaceholderText(free)
        if not self.format.hasFocus():
            self.format.setText(form)


def _free(name: str) -> dict[str, None]:
    """A chosen policy or component frees a fixed range."""
    return {"low": None, "high": None} if name in ("policy", "component") else {}
