"""What the button Colour opens: map, range, component, logarithm, the format of the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf, nan
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

from mlipviewer.core.differences import DISPLACEMENT
from mlipviewer.gui.editors import Choice
from mlipviewer.gui.plain import PlainLabel, plain_tip
from mlipviewer.session import colourings
from mlipviewer.session.look_changes import look_at
from mlipviewer.session.looks import LegendLook
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
        self.component = self._box("Of vectors", "The norm or one component")
        self.component.chosen.connect(self._choose_component)
        self._of_bar: tuple[QWidget, ...] = (self.policy, self.ends, self.component)
        self.log = self._check("Logarithmic", "Colours by the logarithm of the values", "log")
        self.reverse = self._check("Reverse the map", "High values where low ones were", "reverse")
        self._of_bar += (self.log, self.reverse)
        self._add_beside()
        self.format = QLineEdit()
        self.format.setPlaceholderText("%.3g")
        self.format.setAccessibleName("Format of the legend")
        self.format.editingFinished.connect(self._typed_format)
        self.form.addRow(PlainLabel("Legend"), self.format)
        self.every = QLineEdit()
        self.every.setPlaceholderText("as they fit")
        self.every.setAccessibleName("Distance of ticks of the legend")
        self.every.setToolTip("In the unit of the values, or in decades")
        self.every.editingFinished.connect(self._typed_every)
        self.form.addRow(PlainLabel("Ticks every"), self.every)
        self._of_bar += (self.every,)
        self.why = PlainLabel()
        self.why.hide()
        self.form.addRow(self.why)

    def _add_beside(self) -> None:
        """What matters of runs side by side."""
        self.difference = QCheckBox("Less the first run")
        self.difference.setToolTip(
            "How values differ from those of the same atoms in the first run, about zero"
        )
        self.difference.clicked.connect(self._choose_difference)
        self.aligned = self._check(
            "Best aligned",
            "Displacements without what all atoms have moved or turned together",
            "aligned",
        )
        self.own = self._check("Each its own range", "Runs do not share one range", "own")
        self.form.insertRow(self.form.rowCount() - 2, self.difference)

    def add_first(self, maps: QComboBox, fix: QToolButton) -> None:
        """The choice of a map, and the button that keeps the range."""
        self.form.insertRow(0, PlainLabel("Map"), maps)
        fix.setAutoRaise(False)  # among the rows of a form it would not look like a button
        self.form.insertRow(2, fix)
        self._of_bar += (maps, fix)

    def _choice(self, label: str, tip: str, name: str) -> Choice:
        box = self._box(label, tip)
        box.chosen.connect(lambda value: self._change(label, **{name: value}, low=None, high=None))
        return box

    def _box(self, label: str, tip: str) -> Choice:
        box = Choice()
        box.setToolTip(plain_tip(tip))
        box.setAccessibleName(label)
        self.form.addRow(PlainLabel(label), box)
        return box

    def _check(self, text: str, tip: str, name: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setToolTip(plain_tip(tip))
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
        self.ends = holder

    def _change(self, label: str, **about: Any) -> None:
        now = replace(colourings.coloured(self._store.state), **about)
        self._store.commit(lambda s: colourings.set_colouring(s, now), f"Colours: {label.lower()}")

    def _choose_component(self, component: int | None) -> None:
        self._store.commit(
            lambda s: colourings.set_component(s, component), "Colours: component of vectors"
        )

    def _choose_difference(self, on: bool) -> None:
        self._store.commit(
            lambda s: colourings.set_difference(s, on), "Colours: less those of the first run"
        )

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

    def _typed_every(self) -> None:
        text = self.every.text().strip()
        try:
            every = float(text) if text else 0.0
        except ValueError:
            every = nan
        if not (0 < every < inf or not text):
            self._tell("the distance of ticks is a number above 0, or nothing")
            return
        self.why.hide()
        self._store.commit(lambda s: look_at(s, "legend", every=every), "Ticks of the legend")

    def _tell(self, why: str) -> None:
        self.why.setText(why)
        self.why.show()

    def show_colouring(
        self,
        colouring: Colouring,
        n_components: int,
        ends: Sequence[str],
        look: LegendLook,
        beside: bool = False,
        bar: bool = True,
    ) -> None:
        """Show these colours; `ends` are the words of the shown range where it is not fixed.
        `beside`: several runs are seen; `bar`: there is a colour bar, not classes."""
        self._colouring = colouring
        moves = colouring.column == DISPLACEMENT
        between = moves or colouring.column.startswith("spread(")
        for box, on, seen in (
            (self.difference, colouring.difference, beside and not between),
            (self.aligned, colouring.aligned, beside and moves),
            (self.own, colouring.own, beside),
        ):
            box.setChecked(on)
            self.form.setRowVisible(box, seen)
        for row in self._of_bar:
            self.form.setRowVisible(row, bar)
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
            self.format.setText(look.form)
        if not self.every.hasFocus():
            self.every.setText(f"{look.every:g}" if look.every else "")
