"""Asks what a file is that could not be read as what it seems to be."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.form import titled
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.session.landing import land_opened
from mlipviewer.session.opening import open_as
from mlipviewer.session.state import Errand
from mlipviewer.session.store import Store

TABLE = "Error table (CSV, workbook, Parquet, JSON ...)"


class FormatDialog(QDialog):
    """The formats that are known, error tables first."""

    def __init__(self, path: str, parent: QWidget) -> None:
        super().__init__(parent)
        from mlipviewer.io.trajectories.opening import FORMATS

        self.setWindowTitle("Open as")
        self.format = QComboBox()
        self.format.addItem(TABLE, "")
        for name, title in sorted(
            ((one.name, one.title) for one in FORMATS.values()), key=lambda one: one[1].lower()
        ):
            self.format.addItem(title, name)
        kinds = QDialogButtonBox.StandardButton
        buttons = DialogButtons(kinds.Open | kinds.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        said = PlainLabel(f"What is {plain(Path(path).name, 80)}?")
        said.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(said)
        layout.addLayout(titled((("Format", self.format),)))
        layout.addWidget(buttons)
        self.setMinimumWidth(380)


def ask_format(parent: QWidget, store: Store, path: str) -> FormatDialog:
    """The dialog, shown; what is chosen is opened by a job."""
    dialog = FormatDialog(path, parent)

    def taken() -> None:
        work = partial(open_as, path, dialog.format.currentData())
        errand = Errand(f"Open {Path(path).name}", work, land_opened)
        store.commit(lambda s: s.with_moment(errands=(*s.moment.errands, errand)), errand.title)

    dialog.accepted.connect(taken)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
