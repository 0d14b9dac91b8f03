"""Forms that are taller than there is room scroll; their labels keep their width."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFrame,
    QScrollArea,
    QSlider,
    QWidget,
)

NOTCH = 120  # of a wheel, in the units of Qt
TURNED = (QAbstractSpinBox, QComboBox, QSlider)


class Scrolled(QScrollArea):
    """Shows a widget at its own width, at most so many pixels high."""

    def __init__(self, inside: QWidget, most: int) -> None:
        super().__init__()
        self._most, self._inside = most, inside
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(inside)
        self.setSizePolicy(inside.sizePolicy())
        for editor in inside.findChildren(QWidget):
            if isinstance(editor, TURNED):  # the wheel scrolls: it turns only what was clicked
                editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                editor.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """All of the widget, and the bar beside it where it scrolls."""
        for widget in (self, self._inside, self.verticalScrollBar()):
            widget.ensurePolished()
        own = self._inside.sizeHint()
        scrolls = own.height() > self._most
        bar = self.verticalScrollBar().sizeHint().width() if scrolls else 0
        return QSize(own.width() + bar, min(own.height(), self._most))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QWheelEvent) or not isinstance(watched, QWidget):
            return super().eventFilter(watched, event)
        bar = self.verticalScrollBar()
        if watched.hasFocus() or bar.maximum() == 0:
            return False
        lines = QApplication.wheelScrollLines() * event.angleDelta().y() / NOTCH
        bar.setValue(round(bar.value() - lines * bar.singleStep()))
        return True
