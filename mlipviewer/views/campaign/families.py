"""The families of a campaign: which are trained, how many models, in which ranges."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.campaign import FAMILIES
from mlipviewer.campaign.design import Design, FamilyPart
from mlipviewer.campaign.estimate import duration
from mlipviewer.campaign.range_words import given_text, range_given
from mlipviewer.gui.editors import Number
from mlipviewer.gui.plain import PlainLabel, ShortLabel, plain, plain_tip
from mlipviewer.gui.theme import current_theme
from mlipviewer.session.campaigns import changes
from mlipviewer.session.campaigns.environments import make_environment, title_of
from mlipviewer.session.campaigns.seen import FamilySheet
from mlipviewer.session.store import Store

MOST = 100_000


class FamilyRow(QWidget):
    """One family: a tick, numbers of models and candidates, ranges behind a button."""

    def __init__(self, store: Store, sheet: FamilySheet) -> None:
        super().__init__()
        self._store, self.sheet = store, sheet
        self._places: list[int] = []
        self._part: FamilyPart | None = None
        self.chosen = QCheckBox(plain(f"{sheet.label}"))
        self.chosen.setAccessibleName(sheet.name)
        self.chosen.setToolTip(plain_tip(sheet.about))
        self.title = ShortLabel(sheet.title)
        self.models = _count("models of each training set")
        self.candidates = _count("candidates that are trained for each training set")
        self.ranges = QToolButton()
        self.ranges.setText("Ranges")
        self.ranges.setCheckable(True)
        self.ranges.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.ranges.setArrowType(Qt.ArrowType.RightArrow)
        self.ranges.setToolTip("Hyper-parameters, and the ranges in which they are sampled")
        self.note = PlainLabel()
        self.note.setWordWrap(True)
        self.note.hide()
        self.make = QPushButton()
        self.make.hide()
        self.form = QWidget()
        self.form.hide()
        self.editors: dict[str, QLineEdit] = {}
        self._lay_out()
        self.chosen.clicked.connect(self._choose)
        self.models.edited.connect(lambda n: self._set("models", int(n)))
        self.candidates.edited.connect(lambda n: self._set("candidates", int(n)))
        self.ranges.clicked.connect(self._unfold)
        self.make.clicked.connect(self._make_environment)

    def _lay_out(self) -> None:
        top = QGridLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setHorizontalSpacing(6)
        top.setColumnMinimumWidth(0, 96)
        top.setColumnStretch(1, 1)
        for column, widget in enumerate(
            (self.chosen, self.title, self.models, self.candidates, self.ranges)
        ):
            top.addWidget(widget, 0, column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.note)
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 0, 2)
        row.addWidget(self.make)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(self.form)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    # -- what the user does ----------------------------------------------------------------

    def _choose(self, wanted: bool) -> None:
        name, places = self.sheet.name, tuple(self._places)
        label = f"{'Train' if wanted else 'Do not train'} {self.sheet.label}"
        self._store.commit(lambda s: changes.choose_family(s, name, wanted, places), label)

    def _set(self, key: str, value: object) -> None:
        if not self._places:
            return
        place = self._places[0]
        label = f"{key} of {self.sheet.label}"
        self._store.commit(lambda s: changes.set_part_value(s, "family", place, key, value), label)

    def _make_environment(self) -> None:
        name = self.sheet.to_make
        self._store.commit(lambda s: make_environment(s, name), title_of(name))

    def _unfold(self, wanted: bool) -> None:
        """Editors are made when they are asked for: most families stay folded."""
        if wanted and not self.editors:
            self._make_editors()
        self.ranges.setArrowType(Qt.ArrowType.DownArrow if wanted else Qt.ArrowType.RightArrow)
        self.form.setVisible(wanted)
        self._show_ranges()

    def _make_editors(self) -> None:
        layout = QFormLayout(self.form)
        layout.setContentsMargins(24, 0, 0, 4)
        layout.setVerticalSpacing(2)
        for one in self.sheet.ranges:
            editor = self.editors[one.name] = QLineEdit()
            editor.setPlaceholderText(one.text)
            editor.setToolTip(plain_tip(f"{one.about}\nof the family: {one.text}"))
            editor.setAccessibleName(f"{self.sheet.name} {one.name}")
            editor.editingFinished.connect(partial(self._set_range, one.name))
            layout.addRow(PlainLabel(one.name.replace("_", " ")), editor)

    def _set_range(self, name: str) -> None:
        """A range was typed. The signal comes also when the keys go elsewhere: then nothing is
        new."""
        if self._part is None or self.editors[name].text() == self._range_text(name):
            return
        ranges = dict(self._part.ranges)
        try:
            given = range_given(self.editors[name].text(), FAMILIES[self.sheet.name].space[name])
        except ValueError as problem:
            self._say(f"{name}: {problem}")
            return
        ranges.pop(name, None)
        if given is not None:
            ranges[name] = given
        self._set("ranges", ranges)

    # -- showing ---------------------------------------------------------------------------

    def show_design(self, design: Design | None, being_made: frozenset[str]) -> None:
        """What the design says of this family; None leaves all as it is, greyed."""
        self.setEnabled(design is not None)
        if design is None:
            return
        named = [(k, p) for k, p in enumerate(design.families) if p.family == self.sheet.name]
        self._places = [place for place, _ in named]
        self._part = named[0][1] if named else None
        self.chosen.setChecked(bool(named))
        one = len(named) == 1
        for editor, value in (
            (self.models, self._part.models if self._part else 1),
            (self.candidates, self._part.candidates if self._part else 1),
        ):
            editor.setVisible(one)
            editor.show_value(value)
        self.ranges.setVisible(one)
        self.form.setVisible(one and self.ranges.isChecked())
        several = f"in {len(named)} parts: see the text" if len(named) > 1 else ""
        reason = self.sheet.absent or self._too_slow(design.limits.seconds)
        self._say(several or (reason if named else ""))
        self._show_make(bool(named), self.sheet.to_make in being_made)
        cost = f"{duration(self.sheet.seconds)} a training"
        self.title.setText(f"{self.sheet.title}, {cost}")
        self._show_ranges()

    def _too_slow(self, limit: float) -> str:
        each = self.sheet.seconds
        if each <= limit:
            return ""
        return f"takes about {duration(each)} a training, and is ended after {duration(limit)}"

    def _show_make(self, named: bool, under_way: bool) -> None:
        name, size = self.sheet.to_make, self.sheet.gigabytes
        self.make.setVisible(named and bool(name))
        self.make.setEnabled(not under_way)
        words = (
            f"Making {name}: see Activity" if under_way else f"Make the environment ({size:g} GB)"
        )
        self.make.setText(plain(words))
        self.make.setAccessibleName(plain(title_of(name)))
        self.make.setToolTip("Download and install its packages into a folder of their own")

    def _range_text(self, name: str) -> str:
        given = self._part.ranges.get(name) if self._part is not None else None
        return given_text(given, FAMILIES[self.sheet.name].space[name])

    def _show_ranges(self) -> None:
        for name, editor in self.editors.items():
            if not editor.hasFocus() or editor.text() == "":
                editor.setText(self._range_text(name))
                editor.setCursorPosition(0)

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setStyleSheet(f"color: {current_theme().warning}; margin-left: 20px")
        self.note.setVisible(bool(text))


def _count(about: str) -> Number:
    editor = Number(1, MOST, 1, 0)
    editor.setToolTip(plain_tip(about))
    editor.setAccessibleName(about)
    editor.setMinimumWidth(66)
    return editor
