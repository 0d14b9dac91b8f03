"""A colour map as it is, and as it looks with each other kind of colour vision."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mlipviewer.gui.colour_vision import VISIONS, as_seen
from mlipviewer.gui.colours import categorical, colour_map

WORDS = {
    "": "usual vision",
    "protan": "without red cones (protan)",
    "deutan": "without green cones (deutan)",
    "tritan": "without blue cones (tritan)",
}
CATEGORIES = 8


class ColourStrips(QWidget):
    """A line for each kind of vision: the map from low to high, and the colours of categories."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.setAccessibleName("Colour vision")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription("; ".join(WORDS.values()))

    def show_map(self, name: str) -> None:
        self.name = name
        self.update()

    def _line(self) -> int:
        return 2 * self.fontMetrics().height() + 12

    def sizeHint(self) -> QSize:
        return QSize(320, len(WORDS) * self._line() + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        height = self.fontMetrics().height()
        swatch = np.array([categorical(i) for i in range(CATEGORIES)], np.uint8)
        for row, vision in enumerate(("", *VISIONS)):
            top = row * self._line() + 4
            words = QRectF(0, top, self.width(), height)
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft, WORDS[vision])
            wide = max(self.width() - CATEGORIES * (height + 2) - 12, 60)
            strip = QRectF(0, top + height + 2, wide, height)
            painter.drawImage(strip, _image(as_seen(colour_map(self.name), vision)))
            for i, colours in enumerate(as_seen(swatch, vision)):
                box = QRectF(wide + 12 + i * (height + 2), strip.top(), height, height)
                painter.drawImage(box, _image(colours[None]))
        painter.end()


def _image(colours: np.ndarray) -> QImage:
    """(n, 3) uint8 as a picture of one line."""
    data = np.ascontiguousarray(colours, np.uint8)
    n = len(data)
    return QImage(data.tobytes(), n, 1, 3 * n, QImage.Format.Format_RGB888).copy()
