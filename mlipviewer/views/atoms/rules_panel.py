"""The editor of class rules: ordered, each with a colour, a condition and how many atoms it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.analysis.frames.rules import COMPUTATION, RulesParams
from mlipviewer.analysis.methods.class_rules import (
    CRYSTAL,
    LITHIUM,
    METAL,
    OTHER,
    Rule,
    classes_of,
    read_rules,
    write_rules,
)
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.structure_classes import hues_of
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.colours import Rgb, categorical
from mlipviewer.gui.editors import colour_icon
from mlipviewer.gui.form import Form
from mlipviewer.gui.plain import PlainLabel, plain_tip
from mlipviewer.gui.scene.paints import rgb_of_text

PRESETS = (
    ("Crystal and melt", RulesParams(write_rules(CRYSTAL))),
    ("Lithium at an oxide", RulesParams(write_rules(LITHIUM), METAL)),
)
CONDITION = (
    'e.g. cna == "bcc" and z > 5, averaged_q6 > 0.4, near("O", 2.6). Names of columns, also of'
    " those that are not computed yet"
)
Change = Callable[[RulesParams, str], None]
"""Called with what the user made of the parameters, and the name of the deed."""


@dataclass(frozen=True)
class _Line:
    """The editors of one rule."""

    colour: QToolButton
    name: QLineEdit
    condition: QLineEdit
    counted: QCheckBox
    count: QLabel
    buttons: tuple[QToolButton, ...]

    def all(self) -> tuple[QWidget, ...]:
        return (
            self.colour, self.name, self.condition, self.counted, self.count, *self.buttons
        )  # fmt: skip


class RulesPanel(QWidget):
    """Shows the rules in force; tells what the user makes of them."""

    def __init__(self, changed: Change) -> None:
        super().__init__()
        self._changed = changed
        self._params = RulesParams()
        self._rules: tuple[Rule, ...] = ()
        self.lines: list[_Line] = []
        self.form: Form | None = None
        self._grid = QGridLayout()
        self._grid.setColumnStretch(2, 1)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(2)
        self.problem = PlainLabel("")
        self.problem.setWordWrap(True)
        self.add = QPushButton("Add a rule")
        self.add.clicked.connect(self._add)
        self.presets = QComboBox()
        self.presets.addItems(["Presets", *(name for name, _ in PRESETS)])
        self.presets.setAccessibleName("Presets of rules")
        self.presets.activated.connect(self._preset)
        self.presets.setToolTip("Sets of rules to start from")
        below = QHBoxLayout()
        below.addWidget(self.add)
        below.addWidget(self.presets)
        below.addStretch(1)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(18, 0, 0, 6)
        self._box.addLayout(self._grid)
        self._box.addWidget(self.problem)
        self._box.addLayout(below)
        for column, text in enumerate(("", "Class", "Condition: the first that holds counts")):
            self._grid.addWidget(PlainLabel(text), 0, column)
        self._grid.addWidget(QLabel("Atoms"), 0, 4)
        self.setMinimumWidth(620)

    # -- showing

    def show_rules(self, params: RulesParams, frame: Frame | None) -> None:
        """Show the rules, and what the shown frame has of each class."""
        try:
            self._rules, said = read_rules(params.rules), ""
        except AnalysisProblem as problem:
            said = str(problem)
        told = replace(self._params, rules=params.rules)  # what the form shows
        self._params = params
        if self.form is None or params != told:
            self._show_form()
        while len(self.lines) != len(self._rules):
            self._add_line() if len(self.lines) < len(self._rules) else self._drop_line()
        counts = counts_of(self._rules, frame)
        for number, rule in enumerate(self._rules):
            self._show_line(number, rule, counts.get(rule.name))
        failed = [note.text for note in frame.notes] if frame is not None else []
        said = said or next((t for t in failed if t.startswith(f"{COMPUTATION.title}:")), "")
        self._say(said or _without_rule(counts))

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _show_form(self) -> None:
        if self.form is not None:
            self._box.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        self.form = Form(self._params, self._change_form, skip=("rules",))
        self._box.addWidget(self.form)

    def _show_line(self, number: int, rule: Rule, count: int | None) -> None:
        line = self.lines[number]
        for editor, text in ((line.name, rule.name), (line.condition, rule.condition)):
            if editor.text() != text and not (editor.hasFocus() and editor.isModified()):
                editor.setText(text)
        line.colour.setIcon(colour_icon(shown_colour(rule, self._rules)))
        line.counted.setChecked(rule.counted)
        line.count.setText("" if count is None else f"{count:,}")
        line.buttons[0].setEnabled(number > 0)
        line.buttons[1].setEnabled(number < len(self._rules) - 1)

    def _add_line(self) -> None:
        number = len(self.lines)
        line = _Line(
            QToolButton(), QLineEdit(), QLineEdit(), QCheckBox("counts"), QLabel(),
            tuple(QToolButton() for _ in range(3)),
        )  # fmt: skip
        line.colour.setAutoRaise(True)
        line.colour.clicked.connect(partial(self._choose_colour, number))
        line.name.setMaximumWidth(130)
        line.condition.setMinimumWidth(230)
        line.condition.setToolTip(plain_tip(CONDITION))
        line.counted.setToolTip("Whether it is part of counts and shares")
        line.counted.clicked.connect(lambda on: self._edit(number, "counted", on))
        for editor, field in ((line.name, "name"), (line.condition, "condition")):
            editor.setAccessibleName(f"{field} of rule {number + 1}")
            editor.editingFinished.connect(partial(self._typed, number, field))
        deeds = (
            ("↑", "Earlier", -1), ("↓", "Later", 1), ("×", "Remove", 0)
        )  # fmt: skip
        for button, (text, tip, step) in zip(line.buttons, deeds, strict=True):
            button.setText(text)
            button.setToolTip(plain_tip(tip))
            button.setAutoRaise(True)
            button.clicked.connect(partial(self._move, number, step))
        for column, widget in enumerate(line.all()):
            self._grid.addWidget(widget, number + 1, column)
        self.lines.append(line)

    def _drop_line(self) -> None:
        for widget in self.lines.pop().all():
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    # -- what the user does

    def _typed(self, number: int, field: str) -> None:
        editor: QLineEdit = getattr(self.lines[number], field)
        if editor.isModified():
            editor.setModified(False)
            self._edit(number, field, editor.text().strip())

    def _edit(self, number: int, field: str, value: Any) -> None:
        changed = replace(self._rules[number], **{field: value})
        rules = (*self._rules[:number], changed, *self._rules[number + 1 :])
        self._tell(rules, f"Rule {changed.name}")

    def _choose_colour(self, number: int) -> None:
        old = shown_colour(self._rules[number], self._rules)
        chosen = QColorDialog.getColor(QColor(*old), self)
        if chosen.isValid():
            self._edit(number, "colour", chosen.name())

    def _move(self, number: int, step: int) -> None:
        rules = list(self._rules)
        rule = rules.pop(number)
        if step:
            rules.insert(number + step, rule)
        self._tell(tuple(rules), "Order of rules" if step else f"No rule {rule.name}")

    def _add(self) -> None:
        """A rule that holds for nothing, before one that holds for all."""
        at = len(self._rules) - bool(self._rules and self._rules[-1].condition == "true")
        known = {rule.name for rule in self._rules}
        name = next(text for i in range(1, 99) if (text := f"class {i}") not in known)
        self._tell((*self._rules[:at], Rule(name, "false"), *self._rules[at:]), "Add a rule")

    def _tell(self, rules: tuple[Rule, ...], deed: str) -> None:
        text = write_rules(rules)
        try:
            good = read_rules(text) == rules
        except AnalysisProblem as problem:
            self._say(str(problem))
            return
        if not good:
            self._say("a name has no signs of : ( ) # ; and a condition is one line")
            return
        if rules != self._rules:
            self._changed(replace(self._params, rules=text), deed)

    def _preset(self, index: int) -> None:
        self.presets.setCurrentIndex(0)
        if index:
            self._changed(PRESETS[index - 1][1], "Rules")

    def _change_form(self, name: str, value: Any) -> None:
        self._params = replace(self._params, **{name: value})  # the form shows it already
        self._changed(self._params, f"Rules: {name}")


def counts_of(rules: Sequence[Rule], frame: Frame | None) -> dict[str, int]:
    """How many atoms of the frame have each class; none where it was computed by other rules."""
    column = frame.columns.get("rules") if frame is not None else None
    names, _ = classes_of(rules)
    if frame is None or column is None or frame.classes.get("rules") != names:
        return {}
    numbers = np.bincount(column, minlength=len(names)).tolist()
    return dict(zip(names, numbers, strict=True))


def _without_rule(counts: dict[str, int]) -> str:
    n = counts.get(OTHER, 0)
    return f"{n:,} atoms have no rule: {OTHER}" if n else ""


def shown_colour(rule: Rule, rules: Sequence[Rule]) -> Rgb:
    """The colour of a rule's class."""
    names, colours = classes_of(rules)
    place = names.index(rule.name)
    return rgb_of_text(colours[place]) or categorical(hues_of(names)[place])
