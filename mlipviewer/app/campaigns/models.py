"""The dialog by which one existing model is judged and joins the table of a campaign."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.file_dialogs import DESIGN, ask_file
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.plain import PlainLabel

Decided = Callable[[str, str, str], None]
"""What to do with a name, a model and its settings."""
ABOUT = (
    "The model is judged by the properties of this campaign, and becomes a row of its table: an ASE"
    " calculator as module:Class, a LAMMPS potential (lammps:NAME, .toml, .sw, .tersoff,"
    " .snapcoeff ...) or a checkpoint."
)


def ask_model(decided: Decided, parent: QWidget | None) -> QDialog:
    """The dialog, shown."""
    dialog = ModelDialog(decided, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


class ModelDialog(QDialog):
    """Which model, and what its row is called."""

    def __init__(self, decided: Decided, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._decided = decided
        self.setWindowTitle("Evaluate a model")
        self.setMinimumWidth(520)
        self.model, self.name, self.settings = QLineEdit(), QLineEdit(), QLineEdit()
        self.model.setPlaceholderText("module:Class, lammps:NAME or a file")
        self.settings.setPlaceholderText('{"device": "cpu"}')
        for line, name in (
            (self.model, "model"),
            (self.name, "name of the row"),
            (self.settings, "settings as JSON"),
        ):
            line.setAccessibleName(name)
        self.browse = QPushButton("Browse ...")
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._ask_file)
        self.problem = PlainLabel()
        self.problem.setWordWrap(True)
        self.problem.setMinimumHeight(self.problem.fontMetrics().height())
        self._build()

    def _build(self) -> None:
        about = PlainLabel(ABOUT)
        about.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.model, 1)
        row.addWidget(self.browse)
        form = QFormLayout()
        form.addRow("Model", row)
        form.addRow("Name", self.name)
        form.addRow("Settings", self.settings)
        standard = QDialogButtonBox.StandardButton
        self.buttons = DialogButtons(standard.Ok | standard.Cancel)
        self.buttons.button(standard.Ok).setText("Evaluate")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)

    def _ask_file(self) -> None:
        path = ask_file(self, "Model", DESIGN, at=self.model.text())
        if path:
            self.model.setText(str(Path(path).absolute()))
            if not self.name.text().strip():
                self.name.setText(Path(path).name.partition(".")[0])

    def accept(self) -> None:
        name, model, settings = (
            one.text().strip() for one in (self.name, self.model, self.settings)
        )
        problem = _problem(name, model, settings)
        self.problem.setText(problem)
        if not problem:
            super().accept()
            self._decided(name, model, settings)


def _problem(name: str, model: str, settings: str) -> str:
    if not model:
        return "Which model?"
    if not name or set(name) & set("/\\|:\n") or name.startswith(("-", ".")):
        return "What is its row called? A name that a file can have."
    try:
        fits = not settings or isinstance(json.loads(settings), dict)
    except ValueError:
        fits = False
    return "" if fits else "The settings are no JSON object."
