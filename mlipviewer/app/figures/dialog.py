"""Asks how a figure is to look, and shows it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.drawing import Drawing
from mlipviewer.gui.figure_look import HIGH, LOW, MM_PER_INCH, PRESETS, FigureLook
from mlipviewer.gui.form import titled
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.preview import Preview

OWN = "own size"
ROOM = (480, 400)  # pixels of the preview
SOON_MS = 60


@dataclass(frozen=True)
class Subject:
    """What is to be exported: how it is drawn, its parts that can be left out, and whether atoms
    are in it. With a `ratio` presets keep the width to the height."""

    draw: Callable[[FigureLook], Drawing]
    parts: Sequence[tuple[str, bool]] = ()
    atoms: bool = False
    ratio: float = 0.0
    has_data: bool = False


@dataclass(frozen=True)
class Extras:
    """What goes with a figure."""

    receipt: bool = True
    data: bool = False


class FigureDialog(QDialog):
    """Size on paper or in dots, text, parts; the preview is the figure itself, smaller."""

    def __init__(
        self,
        subject: Subject,
        look: FigureLook,
        taken: Callable[[FigureLook, Extras], None],
        parent: QWidget | None,
        copied: Callable[[FigureLook], None],
    ) -> None:
        super().__init__(parent)
        self._subject, self._taken, self._copied = subject, taken, copied
        self.setWindowTitle("Export figure")
        self._make_boxes()
        self.shown = Preview(ROOM)
        self.told = PlainLabel()
        self.told.setWordWrap(True)
        self.told.setMinimumWidth(250)
        self.buttons = DialogButtons()
        self.export = self.buttons.addButton("Export ...", QDialogButtonBox.ButtonRole.AcceptRole)
        self.copy = self.buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setToolTip("To the clipboard as it will be: a picture, and vectors where it can")
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.copy.setAutoDefault(False)
        self.export.setAutoDefault(False)  # Return in the box of a number is not the wish to export
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._show)
        self._lay_out()
        self.set_look(look)
        self._connect()

    def _make_boxes(self) -> None:
        self.preset = QComboBox()
        self.preset.addItems([*PRESETS, OWN])
        self.units = QComboBox()
        self.units.addItems(["mm", "px"])
        self.width_box, self.height_box = (QDoubleSpinBox(decimals=1) for _ in range(2))
        self.font_box = QDoubleSpinBox(minimum=3, maximum=72, suffix=" pt", singleStep=0.5)
        self.dpi = QSpinBox(minimum=30, maximum=2400, singleStep=50)
        self.transparent = QCheckBox("Without background")
        self.parts = {name: QCheckBox(name.capitalize()) for name, _ in self._subject.parts}
        for name, now in self._subject.parts:
            self.parts[name].setChecked(now)
        self.receipt = QCheckBox("Receipt: what it was made of, to open it again")
        self.receipt.setChecked(True)
        self.data = QCheckBox("Its data beside it, as CSV")

    def _lay_out(self) -> None:
        form = titled(
            (
                ("Size", self.preset),
                ("In", self.units),
                ("Width", self.width_box),
                ("Height", self.height_box),
                ("Text", self.font_box),
                ("Dots per inch", self.dpi),
            )
        )
        shown = QGridLayout()
        for i, box in enumerate((self.transparent, *self.parts.values())):
            shown.addWidget(box, i // 2, i % 2)
        left = QVBoxLayout()
        left.addLayout(form)
        left.addLayout(shown)
        left.addWidget(self.receipt)
        left.addWidget(self.data)
        self.data.setVisible(self._subject.has_data)
        left.addWidget(self.told)
        left.addStretch(1)
        both = QHBoxLayout()
        both.addLayout(left)
        both.addWidget(self.shown, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(both)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.preset.activated.connect(self._take_preset)
        self.units.activated.connect(self._take_units)
        self._units = "mm"
        for box in (self.width_box, self.height_box, self.font_box, self.dpi):
            box.valueChanged.connect(self._soon.start)
        for one in (self.transparent, *self.parts.values()):
            one.toggled.connect(self._soon.start)
        self.copy.clicked.connect(lambda _on=False: self._copied(self.look))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(self.shown.close_thread)

    # -- the look --------------------------------------------------------------------------

    @property
    def look(self) -> FigureLook:
        unit = MM_PER_INCH / self.dpi.value() if self.units.currentText() == "px" else 1.0
        return FigureLook(
            self.width_box.value() * unit,
            self.height_box.value() * unit,
            self.font_box.value(),
            self.dpi.value(),
            self.transparent.isChecked(),
            tuple((name, box.isChecked()) for name, box in self.parts.items()),
        )

    def set_look(self, look: FigureLook) -> None:
        self.font_box.setValue(look.font)
        self.dpi.setValue(look.dpi)
        self._set_sides(look)
        self.transparent.setChecked(look.transparent)
        self._show()

    def _set_sides(self, look: FigureLook) -> None:
        in_dots = self.units.currentText() == "px"
        unit = look.dpi / MM_PER_INCH if in_dots else 1.0
        for box, side in ((self.width_box, look.width), (self.height_box, look.height)):
            box.setDecimals(0 if in_dots else 1)
            box.setRange(LOW * unit, HIGH * unit)
            box.setSuffix(" px" if in_dots else " mm")
            box.setValue(side * unit)

    def _take_units(self) -> None:
        """The same size in the other unit."""
        now, self._units = self._units, self.units.currentText()
        if now != self._units:
            unit = MM_PER_INCH / self.dpi.value() if now == "px" else 1.0
            sides = (self.width_box.value() * unit, self.height_box.value() * unit)
            self._set_sides(replace(self.look, width=sides[0], height=sides[1]))

    def _take_preset(self) -> None:
        preset = PRESETS.get(self.preset.currentText())
        if preset is not None:
            self.set_look(in_ratio(preset, self._subject.ratio))

    # -- showing ---------------------------------------------------------------------------

    def _show(self) -> None:
        look = self.look
        name = next((name for name, one in PRESETS.items() if self._is(one, look)), OWN)
        self.preset.setCurrentText(name)
        problem = look.problem_of_scene if self._subject.atoms else look.problem
        self._allow(not problem)
        if problem:
            self.told.setText(problem)
            return
        width, height = look.dots
        vectors = "in SVG and PDF atoms are a picture, all else is vectors"
        vectors = vectors if self._subject.atoms else "SVG and PDF are vectors"
        self.told.setText(f"As PNG or TIFF {width} x {height} dots; {vectors}.")
        try:
            self.shown.draw(self._subject.draw(look))
        except ValueError as reason:
            self._allow(False)
            self.shown.say(str(reason))

    def _allow(self, allowed: bool) -> None:
        self.export.setEnabled(allowed)
        self.copy.setEnabled(allowed)

    def _is(self, preset: FigureLook, look: FigureLook) -> bool:
        one = in_ratio(preset, self._subject.ratio)
        same = (look.font, look.dpi, look.transparent) == (one.font, one.dpi, one.transparent)
        return same and abs(look.width - one.width) < 0.06 and abs(look.height - one.height) < 0.06

    def accept(self) -> None:
        look, extras = self.look, Extras(self.receipt.isChecked(), self.data.isChecked())
        super().accept()
        self._taken(look, extras)


def in_ratio(look: FigureLook, ratio: float) -> FigureLook:
    """As wide, and as high as the width over the height says; 0: as it is."""
    if not ratio:
        return look
    return replace(look, height=min(max(round(look.width / ratio, 1), LOW), HIGH))
