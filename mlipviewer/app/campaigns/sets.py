"""Dialogs on the sets of a design."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.campaign.design import KINDS
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.editors import Choice
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.views.campaign.sets import ROLE_WORDS

Decided = Callable[[dict[str, Any]], None]
USUAL = ("bulk", "strained", "vacancy", "liquid")


def ask_set(
    decided: Decided, name: str, path: str, parent: QWidget | None, about: str = ""
) -> QDialog:
    """A set of the frames of a file: its name and its use."""
    return _opened(SetDialog(decided, name, path, parent, about))


def ask_generated(decided: Decided, parent: QWidget | None) -> QDialog:
    """A set that the reference makes."""
    return _opened(SetDialog(decided, "", "", parent))


def _opened(dialog: QDialog) -> QDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


class SetDialog(QDialog):
    """Name and use of a set; without a file also the kinds of structures, and how many."""

    def __init__(
        self, decided: Decided, name: str, path: str, parent: QWidget | None, about: str = ""
    ) -> None:
        super().__init__(parent)
        self._decided, self._path = decided, path
        self.setWindowTitle("A set of frames")
        self.setMinimumWidth(460)
        self.name = QLineEdit(name)
        self.name.setAccessibleName("name of the set")
        self.role = Choice([(words, role) for role, words in ROLE_WORDS.items()])
        self.role.setAccessibleName("what the set is used for")
        self.role.show_value("train")
        self.kinds = {kind: QCheckBox(kind) for kind in KINDS}
        self.frames = QSpinBox()
        self.frames.setAccessibleName("how many frames")
        self.frames.setRange(1, 100_000)
        self.frames.setValue(70)
        self.problem = PlainLabel()
        self.problem.setWordWrap(True)
        self.problem.setMinimumHeight(self.problem.fontMetrics().height())
        self._build(about or path)

    def _build(self, about: str) -> None:
        form = QFormLayout()
        form.addRow("Name", self.name)
        form.addRow("Use", self.role)
        if self._path:
            said = PlainLabel(about)
            said.setWordWrap(True)
            form.addRow("Frames", said)
        else:
            grid = QGridLayout()
            for k, (kind, box) in enumerate(self.kinds.items()):
                box.setChecked(kind in USUAL)
                grid.addWidget(box, k // 3, k % 3)
            form.addRow("Structures", grid)
            form.addRow("Frames", self.frames)
        standard = QDialogButtonBox.StandardButton
        self.buttons = DialogButtons(standard.Ok | standard.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)

    def accept(self) -> None:
        name = self.name.text().strip()
        kinds = [kind for kind, box in self.kinds.items() if box.isChecked()]
        if not name:
            self.problem.setText("What is the set called?")
            return
        if not self._path and not kinds:
            self.problem.setText("Which structures does it hold?")
            return
        said: dict[str, Any] = {"name": name, "role": str(self.role.value)}
        if self._path:
            said["file"] = self._path
        else:
            said |= {"generate": kinds, "frames": max(self.frames.value(), len(kinds))}
        super().accept()
        self._decided(said)
