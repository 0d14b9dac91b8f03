"""Asks how a figure is to look, and shows it meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.plot import Plot
from mlipviewer.gui.figure import preview
from mlipviewer.gui.figure_look import HIGH, LOW, PRESETS, FigureLook
from mlipviewer.gui.plain import PlainLabel

OWN = "own size"
ROOM = (460, 380)  # pixels of the preview
SOON_MS = 60

_last: list[FigureLook] = []
"""The look that was taken last in this window's life, which the next figure begins with."""


class FigureDialog(QDialog):
    """Size on paper, text, dots; the preview is the figure itself, smaller."""

    def __init__(
        self, plot: Plot, taken: Callable[[FigureLook], None], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._plot, self._taken = plot, taken
        self.setWindowTitle("Export figure")
        self.preset = QComboBox()
        self.preset.addItems([*PRESETS, OWN])
        self.width_box = QDoubleSpinBox(minimum=LOW, maximum=HIGH, suffix=" mm", decimals=1)
        self.height_box = QDoubleSpinBox(minimum=LOW, maximum=HIGH, suffix=" mm", decimals=1)
        self.font_box = QDoubleSpinBox(minimum=3, maximum=72, suffix=" pt", singleStep=0.5)
        self.dpi = QSpinBox(minimum=30, maximum=2400, singleStep=50)
        self.transparent = QCheckBox("Without background")
        self.shown = PlainLabel()
        self.shown.setFixedSize(*ROOM)
        self.shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.told = PlainLabel()
        self.told.setWordWrap(True)
        self.buttons = QDialogButtonBox()
        self.export = self.buttons.addButton("Export ...", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._show)
        self._lay_out()
        self._connect()
        self.set_look(_last[-1] if _last else next(iter(PRESETS.values())))

    def _lay_out(self) -> None:
        form = QFormLayout()
        for title, widget in (
            ("Size", self.preset),
            ("Width", self.width_box),
            ("Height", self.height_box),
            ("Text", self.font_box),
            ("Dots per inch", self.dpi),
            ("", self.transparent),
        ):
            form.addRow(title, widget)
            widget.setAccessibleName(title or widget.objectName() or "Without background")
        left = QVBoxLayout()
        left.addLayout(form)
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
        for box in (self.width_box, self.height_box, self.font_box, self.dpi):
            box.valueChanged.connect(self._soon.start)
        self.transparent.toggled.connect(self._soon.start)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @property
    def look(self) -> FigureLook:
        return FigureLook(
            self.width_box.value(),
            self.height_box.value(),
            self.font_box.value(),
            self.dpi.value(),
            self.transparent.isChecked(),
        )

    def set_look(self, look: FigureLook) -> None:
        self.width_box.setValue(look.width)
        self.height_box.setValue(look.height)
        self.font_box.setValue(look.font)
        self.dpi.setValue(look.dpi)
        self.transparent.setChecked(look.transparent)
        self._show()

    def _take_preset(self) -> None:
        preset = PRESETS.get(self.preset.currentText())
        if preset is not None:
            self.set_look(preset)

    def _show(self) -> None:
        look = self.look
        name = next((name for name, one in PRESETS.items() if one == look), OWN)
        self.preset.setCurrentText(name)
        self.export.setEnabled(not look.problem)
        if look.problem:
            self.told.setText(look.problem)
            return
        width, height = look.dots
        self.told.setText(f"As PNG or TIFF {width} x {height} dots; SVG and PDF are vectors.")
        ratio = self.devicePixelRatioF()
        scale = min(ROOM[0] / look.pixels[0], ROOM[1] / look.pixels[1])
        picture = QPixmap.fromImage(preview(self._plot, look, None, scale * ratio))
        picture.setDevicePixelRatio(ratio)
        self.shown.setPixmap(picture)

    def accept(self) -> None:
        _last[:] = [self.look]
        super().accept()
        self._taken(self.look)
