"""In place of a view that failed again and again: what happened, and a way to try anew."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from mlipviewer.gui.plain import PlainLabel, plain


class FailedView(QWidget):
    """Says that a view failed and why; `reload_wanted` asks for a new one."""

    reload_wanted = Signal()

    def __init__(self, title: str, reason: str, details: str) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        said = PlainLabel(f"{title}: this view failed.")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(said)
        self.reason = PlainLabel(f"{reason}\nThe other panels go on; nothing is lost.")
        self.reason.setWordWrap(True)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self.reason)
        self.reload = QPushButton("Reload this view")
        self.reload.clicked.connect(self.reload_wanted)
        layout.addWidget(self.reload, 0, Qt.AlignmentFlag.AlignCenter)
        self.details = QPlainTextEdit(plain(details), readOnly=True)
        self.details.setAccessibleName("what failed")
        self.details.setMaximumHeight(160)
        layout.addWidget(self.details)
        layout.addStretch(1)
