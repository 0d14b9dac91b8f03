"""The focus of lists, tables and texts: a ring around them, as the style draws around lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from mlipviewer.gui.theme import colour, current_theme

RINGED = (QAbstractItemView, QPlainTextEdit, QTextEdit)
WIDTH = 2


class FocusRing(QWidget):
    """Lies over the rim of what has the focus; the mouse does not feel it. It has no middle: what
    scrolls below it is moved as it is, not painted anew."""

    def __init__(self, around: QAbstractScrollArea) -> None:
        super().__init__(around)
        self._around = around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        around.installEventFilter(self)
        self._fit()
        self.show()
        self.raise_()

    def _fit(self) -> None:
        whole = self._around.rect()
        self.setGeometry(whole)
        inside = whole.adjusted(WIDTH, WIDTH, -WIDTH, -WIDTH)
        self.setMask(QRegion(whole).subtracted(QRegion(inside)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        elif isinstance(event, QFocusEvent) and event.lostFocus() and not _for_popup(event):
            self.hide()
            self.deleteLater()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(colour(current_theme().accent), WIDTH))
        inset = WIDTH // 2
        painter.drawRect(self.rect().adjusted(inset, inset, -inset, -inset))
        painter.end()


def _for_popup(event: QFocusEvent) -> bool:
    """It comes back when the menu closes, and nobody is told."""
    return event.reason() is Qt.FocusReason.PopupFocusReason


def ring_focus(application: QApplication) -> None:
    """From now on."""
    application.focusChanged.connect(_follow)


def _follow(_old: QWidget | None, new: QWidget | None) -> None:
    listed = type(new).__name__ != "QComboBoxListView" and isinstance(new, RINGED)
    if listed and isinstance(new, QAbstractScrollArea):
        FocusRing(new)
