"""A folder of structures becomes a table: what is asked for it, in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.analysis import ANALYSES
from mlipviewer.app.file_dialogs import DATA, OPEN, ask_folder, ask_save
from mlipviewer.core.analysis import Params
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.session.atom_changes import ask
from mlipviewer.session.batches import batch_errand
from mlipviewer.session.state import State
from mlipviewer.session.store import Store

Decided = Callable[[str, str, str], None]
"""What to do with the name of an analysis, a folder and the file of the table."""

TABLES = "Tables (*.csv *.parquet)"
ABOUT = (
    "Every structure of the folder and of those in it becomes a row of a table, which is opened. "
    "Rows link to their structures; what cannot be treated says why."
)


def ask_for_table(store: Store, parent: QWidget, folder: str = "") -> QDialog:
    """The dialog, shown; what it decides is done as a job."""

    def decided(name: str, given: str, path: str) -> None:
        errand = batch_errand(name, _params(store.state, name), [given], path)
        store.commit(lambda s: ask(s, errand), errand.title)

    dialog = BatchDialog(decided, folder, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def _params(state: State, name: str) -> Params:
    """The parameters of an open panel of the analysis, else the usual ones. Each file's first
    frame is looked at, whichever is shown."""
    open_now = (one.params for one in state.document.panels if one.analysis == name)
    return next((one for one in open_now if one is not None), ANALYSES[name].params())


class BatchDialog(QDialog):
    """Which analysis, of which folder, into which file."""

    def __init__(self, decided: Decided, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._decided = decided
        self.setWindowTitle("Table of a folder of structures")
        self.analysis = QComboBox()
        self.analysis.setAccessibleName("Analysis")
        for name, one in ANALYSES.items():
            if one.files:
                self.analysis.addItem(one.title, name)
        self.folder, self.file = QLineEdit(), QLineEdit()
        self.folder.setAccessibleName("Folder of structures")
        self.file.setAccessibleName("File of the table")
        self.said = PlainLabel()
        self.said.setWordWrap(True)
        self._build()
        self.folder.textEdited.connect(self._propose)
        self.file.textEdited.connect(self._check)
        self.set_folder(folder)

    def _build(self) -> None:
        about = PlainLabel(ABOUT)
        about.setWordWrap(True)
        form = QFormLayout()
        form.addRow("Analysis", self.analysis)
        form.addRow("Folder", _with_button(self.folder, self._choose_folder))
        form.addRow("Table", _with_button(self.file, self._choose_file))
        kinds = QDialogButtonBox.StandardButton
        self.buttons = DialogButtons(kinds.Ok | kinds.Cancel)
        self.buttons.button(kinds.Ok).setText("Make the table")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self.said)
        layout.addWidget(self.buttons)
        self.resize(560, 240)

    def set_folder(self, folder: str) -> None:
        """Look at a folder; the table is proposed beside it."""
        self.folder.setText(folder)
        self._propose()

    def _propose(self) -> None:
        folder = Path(self.folder.text()).expanduser()
        if self.folder.text().strip() and folder.name:
            name = f"{folder.name}-{self.analysis.currentData()}.csv"
            self.file.setText(str(folder.parent / name))
        self._check()

    def _check(self) -> None:
        """Tell what is missing."""
        folder, file = self.folder.text().strip(), self.file.text().strip()
        problem = ""
        if not folder or not Path(folder).expanduser().is_dir():
            problem = "There is no such folder." if folder else "Choose a folder."
        elif Path(file).suffix.lower() not in (".csv", ".parquet"):
            problem = "The table is a .csv or .parquet file."
        elif not Path(file).expanduser().absolute().parent.is_dir():
            problem = "There is no folder for the table."
        elif Path(file).expanduser().exists():
            problem = "The file is there already and will be replaced."
        self.said.setText(problem)
        kinds = QDialogButtonBox.StandardButton
        self.buttons.button(kinds.Ok).setEnabled(not problem or "replaced" in problem)

    def _choose_folder(self) -> None:
        path = ask_folder(self, "Folder of structures", OPEN, self.folder.text())
        if path:
            self.set_folder(path)

    def _choose_file(self) -> None:
        path = ask_save(self, "Table", DATA, self.file.text(), TABLES)
        if path is not None:
            self.file.setText(str(path))
            self._check()

    def accept(self) -> None:
        folder, file = (Path(one.text().strip()).expanduser() for one in (self.folder, self.file))
        super().accept()
        self._decided(self.analysis.currentData(), str(folder), str(file.absolute()))


def _with_button(edit: QLineEdit, act: Callable[[], None]) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    button = QPushButton("Browse ...")
    button.setAutoDefault(False)
    button.clicked.connect(lambda _on=False: act())
    layout.addWidget(edit, 1)
    layout.addWidget(button)
    return row
