"""Hatches over filled things, so that groups differ in more than hue: one for each of the ten
colours of categories."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter

from mlipviewer.gui.theme import Theme, colour

Array = NDArray[Any]

STRENGTH = 120
"""Opacity of the lines, of 255."""
TILE = 8
"""Pixels after which the toolkit's patterns repeat."""

HATCHES = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.DiagCrossPattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.VerPattern,
    Qt.BrushStyle.CrossPattern,
    Qt.BrushStyle.Dense7Pattern,
    Qt.BrushStyle.Dense5Pattern,
    Qt.BrushStyle.Dense6Pattern,
)
"""Laid over the colours of categories; the first has none. The dots are those of the greys."""


def hatch_of(group: int, theme: Theme) -> QBrush | None:
    """What is laid over the colour of a group; None where that is nothing."""
    pattern = HATCHES[group % len(HATCHES)]
    if pattern is Qt.BrushStyle.SolidPattern:
        return None
    return QBrush(colour(theme.background, STRENGTH), pattern)


def paint_hatch(painter: QPainter, box: QRectF, group: int, theme: Theme) -> None:
    """The lines over a box that tell its group without its hue, from its corner on: small ones
    have some, too."""
    brush = hatch_of(group, theme)
    if brush is not None:
        painter.setBrushOrigin(box.topLeft())
        painter.fillRect(box, brush)
        painter.setBrushOrigin(0, 0)


@cache
def strokes_of(group: int) -> Array:
    """(k, 2) row and column of the pixels of a tile that the hatch of a group covers."""
    pattern = HATCHES[group % len(HATCHES)]
    if pattern is Qt.BrushStyle.SolidPattern:
        return np.zeros((0, 2), int)
    image = QImage(TILE, TILE, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.fillRect(image.rect(), QBrush(Qt.GlobalColor.white, pattern))
    painter.end()
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(TILE, image.bytesPerLine())
    return np.argwhere(raw[:, :TILE] > 127)
