"""Names that are edited in place: the user's text is told, and the list shows what comes of it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QWidget

SWATCH = 12


class Renaming(QStyledItemDelegate):
    """Edits one column of a list; sends the typed text instead of writing it."""

    renamed = Signal(object, str)  # what UserRole holds, the new name

    def setModelData(
        self,
        editor: QWidget,
        model: QAbstractItemModel,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        assert isinstance(editor, QLineEdit)
        if editor.text() != model.data(index):
            self.renamed.emit(model.data(index, Qt.ItemDataRole.UserRole), editor.text())


def swatch(colour: str) -> QIcon:
    """A square of a colour."""
    pixmap = QPixmap(SWATCH, SWATCH)
    pixmap.fill(QColor(colour))
    return QIcon(pixmap)
