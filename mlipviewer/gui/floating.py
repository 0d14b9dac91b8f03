"""A panel that floats over the window until a click beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from mlipviewer.gui.theme import colour, current_theme


class Floating(QFrame):
    """Its outline can be seen on the window in each theme: that of the style is derived from the
    window's own colour."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(colour(current_theme().outline), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
