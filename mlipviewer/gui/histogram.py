"""A histogram with two limits to drag."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.theme import colour, current_theme

Floats = NDArray[np.float64]
N_BINS = 40
MARGIN = 8  # pixels beside the bars: room for the handles
GRIP = 7

Ends = tuple[float | None, float | None]


class RangeHistogram(QWidget):
    """Bars of the values; `changed((low, high), dragging)` while a limit is moved, None: no limit.

    `log`: the axis is logarithmic, which asks for positive values.
    """

    def __init__(self, values: Floats, log: bool, changed: Callable[[Ends, bool], None]) -> None:
        super().__init__()
        self.log = log
        self._changed = changed
        self.ends: Ends = (None, None)
        self._held = -1
        known = values[np.isfinite(values)]
        self._coordinates = np.log10(known) if self.log else known
        self.first, self.last = _span(self._coordinates)
        self._counts = np.histogram(self._coordinates, N_BINS, (self.first, self.last))[0]
        self.setAccessibleName("histogram with limits")
        self.setMinimumSize(self.sizeHint())
        self.setCursor(Qt.CursorShape.SizeHorCursor)

    def sizeHint(self) -> QSize:
        return QSize(280, 96)

    def show_ends(self, ends: Ends) -> None:
        """Show other limits; nobody is told."""
        if ends != self.ends:
            self.ends = ends
            self.update()

    # -- places ----------------------------------------------------------------------------

    def to_pixel(self, value: float) -> float:
        """The x of a value, within the widget."""
        at = (np.log10(value) if value > 0 else self.first) if self.log else value
        share = (float(at) - self.first) / (self.last - self.first)
        return MARGIN + min(max(share, 0.0), 1.0) * (self.width() - 2 * MARGIN)

    def to_value(self, x: float) -> float:
        """The value at an x."""
        share = (x - MARGIN) / max(1, self.width() - 2 * MARGIN)
        at = self.first + min(max(share, 0.0), 1.0) * (self.last - self.first)
        return float(10.0**at if self.log else at)

    def handles(self) -> tuple[float, float]:
        """The x of both limits; without one it is the end of the bars."""
        low, high = self.ends
        left = MARGIN if low is None else self.to_pixel(low)
        return left, self.width() - MARGIN if high is None else self.to_pixel(high)

    # -- the mouse -------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x, (left, right) = event.position().x(), self.handles()
        self._held = 0 if abs(x - left) < abs(x - right) or x < left else 1
        self._move(x, True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held >= 0:
            self._move(event.position().x(), True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held >= 0:
            self._move(event.position().x(), False)
            self._held = -1

    def _move(self, x: float, dragging: bool) -> None:
        low, high = self.ends
        if self._held == 0:
            low = None if x <= MARGIN else self.to_value(min(x, self.handles()[1]))
        else:
            high = None if x >= self.width() - MARGIN else self.to_value(max(x, self.handles()[0]))
        self.show_ends((low, high))
        self._changed((low, high), dragging)

    # -- the picture -----------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = self.handles()
        self._paint_bars(painter, left, right)
        for x, side in ((left, -1.0), (right, 1.0)):
            self._paint_handle(painter, x, side)
        painter.end()

    def _paint_bars(self, painter: QPainter, left: float, right: float) -> None:
        theme = current_theme()
        bottom = self.height() - 2.0
        wide = (self.width() - 2 * MARGIN) / N_BINS
        tallest = max(1, int(self._counts.max(initial=0)))
        painter.setPen(Qt.PenStyle.NoPen)
        for i, count in enumerate(self._counts):
            x = MARGIN + i * wide
            high = max(2.0, (bottom - 4) * count / tallest) if count else 0.0
            inside = left <= x + wide / 2 <= right
            painter.setBrush(colour(theme.point if inside else theme.faint))
            painter.drawRect(QRectF(x + 0.5, bottom - high, wide - 1, high))
        painter.setPen(QPen(colour(theme.frame), 1))
        painter.drawLine(QPointF(MARGIN, bottom), QPointF(self.width() - MARGIN, bottom))

    def _paint_handle(self, painter: QPainter, x: float, side: float) -> None:
        ink = colour(current_theme().selected)
        middle = self.height() / 2
        painter.setPen(QPen(ink, 1.5))
        painter.drawLine(QPointF(x, 2), QPointF(x, self.height() - 2))
        painter.setBrush(ink)
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x, middle - GRIP),
                    QPointF(x + side * GRIP, middle),
                    QPointF(x, middle + GRIP),
                ]
            )
        )


def _span(values: Floats) -> tuple[float, float]:
    """The ends of the axis, apart from each other."""
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)
