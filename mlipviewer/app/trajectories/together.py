"""Dialogs on several files: what of a folder is opened, which numbered files are one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.file_names import Contents, Found, Siblings
from mlipviewer.gui.dialog_buttons import DialogButtons
from mlipviewer.gui.plain import PlainLabel, plain, plain_tip

Open = Callable[[Sequence[str]], None]
SHOWN = 3  # names at each end of a sequence


def ask_about(
    offer: Siblings | Contents,
    opened: Open,
    parent: QWidget,
    tabled: Callable[[str], None] | None = None,
) -> QDialog:
    """The dialog on an offer, shown; `opened` gets the paths that the user takes, `tabled` the
    folder of which a table is wanted."""
    if isinstance(offer, Contents):
        dialog: QDialog = FolderDialog(offer, opened, parent, tabled)
    else:
        dialog = SequenceDialog(offer, opened, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


class FolderDialog(QDialog):
    """What can be opened in a folder, to be ticked."""

    def __init__(
        self,
        contents: Contents,
        opened: Open,
        parent: QWidget | None = None,
        tabled: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder, self._tabled = contents.folder, tabled
        self._found, self._opened = contents.found, opened
        self.setWindowTitle("Open from folder")
        self.list = QListWidget()
        self.list.setAccessibleName("What is in the folder")
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for one in contents.found:
            item = QListWidgetItem(plain(_shown(one, contents.folder)))
            item.setCheckState(Qt.CheckState.Checked)
            item.setToolTip(plain_tip(one.path))
            self.list.addItem(item)
        self.list.itemChanged.connect(self._count)
        part = "" if contents.whole else " (a large folder: only a part was looked at)"
        said = PlainLabel(f"{contents.folder}{part}")
        said.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(said)
        layout.addWidget(self.list)
        layout.addLayout(self._all_and_none())
        self.buttons = _buttons(self, layout)
        self.resize(620, 420)
        self._count()

    def _all_and_none(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for title, how in (("All", Qt.CheckState.Checked), ("None", Qt.CheckState.Unchecked)):
            button = QPushButton(title)
            button.clicked.connect(lambda _on=False, how=how: self._tick(how))
            row.addWidget(button)
        row.addStretch(1)
        if self._tabled is not None:
            self.table = QPushButton("Make a table of it ...")
            self.table.setToolTip("One row for each structure: sites of mobile ions")
            self.table.clicked.connect(lambda _on=False: self._make_table())
            row.addWidget(self.table)
        return row

    def _make_table(self) -> None:
        self.reject()
        if self._tabled is not None:
            self._tabled(self._folder)

    def _tick(self, how: Qt.CheckState) -> None:
        for k in range(self.list.count()):
            self.list.item(k).setCheckState(how)

    def _ticked(self) -> list[str]:
        checked = Qt.CheckState.Checked
        return [
            one.path
            for k, one in enumerate(self._found)
            if self.list.item(k).checkState() == checked
        ]

    def _count(self) -> None:
        n = len(self._ticked())
        button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        button.setText(f"Open {n}")
        button.setEnabled(n > 0)

    def accept(self) -> None:
        self._opened(self._ticked())
        super().accept()


def _shown(one: Found, folder: str) -> str:
    name = str(Path(one.path).relative_to(folder))
    count = f"{one.n} files, " if one.n > 1 else ""
    return f"{name}   ({count}{one.title})"


class SequenceDialog(QDialog):
    """A name with `*`, how many files fit it, and which."""

    def __init__(self, siblings: Siblings, opened: Open, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._siblings, self._opened = siblings, opened
        self.setWindowTitle("Open numbered files as one trajectory")
        self.pattern = QLineEdit(siblings.pattern)
        self.pattern.setAccessibleName("Name of the files, * for any text")
        self.pattern.textEdited.connect(self._count)
        self.said = PlainLabel()
        layout = QVBoxLayout(self)
        layout.addWidget(PlainLabel("Names of the files; * stands for any text"))
        layout.addWidget(self.pattern)
        layout.addWidget(self.said)
        layout.addStretch(1)
        self.buttons = _buttons(self, layout)
        self.resize(460, 160)
        self._count()

    def _count(self) -> None:
        names = self._siblings.fitting(self.pattern.text()) if self.pattern.text() else []
        ends = names if len(names) <= 2 * SHOWN else [*names[:SHOWN], "...", *names[-SHOWN:]]
        self.said.setText(f"{len(names)} files\n{', '.join(ends)}")
        self.said.setWordWrap(True)
        self.buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(bool(names))

    def accept(self) -> None:
        self._opened([str(Path(self._siblings.folder) / self.pattern.text())])
        super().accept()


def _buttons(dialog: QDialog, layout: QVBoxLayout) -> QDialogButtonBox:
    kinds = QDialogButtonBox.StandardButton
    buttons = DialogButtons(kinds.Open | kinds.Cancel)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    layout.addWidget(buttons)
    return buttons
