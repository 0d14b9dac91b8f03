"""Values of frames under the timeline: a small curve over all frames, with the shown frame."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from mlipviewer.core.plot import Array
from mlipviewer.gui.decimate import envelope
from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.gui.theme import colour, current_theme
from mlipviewer.views.timeline.strip import frame_at, places

HEIGHT = 36
MARGIN = 4


class ValuesStrip(QWidget):
    """A click shows the frame there; a drag chooses frames."""

    clicked = Signal(int)
    swept = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("values of frames")
        self.name = ""
        self.values: Array | None = None
        self._frame = 0
        self._press: int | None = None
        self._drag = 0

    def sizeHint(self) -> QSize:
        return QSize(100, HEIGHT)

    def show_values(self, name: str, values: Array | None, frame: int) -> None:
        """Draw (n_frames,) values; None while they are being read."""
        if (name, frame) != (self.name, self._frame) or values is not self.values:
            self.name, self.values, self._frame = name, values, frame
            self.setToolTip(plain_tip(f"{name}: click shows a frame, drag chooses frames", 200))
            self.update()

    @property
    def _n(self) -> int:
        return 0 if self.values is None else len(self.values)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._n:
            self._press = self._drag = frame_at(self, self._n, event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is not None:
            self._drag = frame_at(self, self._n, event.position().x())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        first, last = sorted((self._press, frame_at(self, self._n, event.position().x())))
        self._press = None
        if first == last:
            self.clicked.emit(first)
        else:
            self.swept.emit(first, last)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        left, step = places(self, self._n)
        painter.fillRect(self.rect(), colour(theme.background))
        values = np.zeros(0) if self.values is None else self.values
        good = np.flatnonzero(np.isfinite(values))
        if len(good):
            if self._press is not None:
                ends = sorted((self._press, self._drag))
                x, wide = left + ends[0] * step, (ends[1] - ends[0]) * step
                painter.fillRect(int(x), 0, max(int(wide), 1), HEIGHT, colour(theme.selected, 70))
            painter.setPen(QPen(colour(theme.point), 1.2))
            painter.drawPolyline(self._curve(values, good, left, step))
            painter.setPen(QPen(colour(theme.text), 1))
            painter.drawLine(
                QPointF(left + self._frame * step, 0), QPointF(left + self._frame * step, HEIGHT)
            )
        painter.setPen(colour(theme.faint_text))
        font = painter.font()
        font.setPointSizeF(max(font.pointSizeF() - 1.5, 6.0))
        painter.setFont(font)
        words = plain(self._caption(len(good)), 80)
        metrics = painter.fontMetrics()
        box = QRectF(2, 1, metrics.horizontalAdvance(words) + 6, metrics.height())
        painter.fillRect(box, colour(theme.background, 215))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()

    def _caption(self, n_good: int) -> str:
        if self.values is None:
            return f"{self.name}: reading ..."
        if not n_good:
            return f"{self.name}: no frame has a value"
        value = self.values[self._frame] if self._frame < self._n else np.nan
        return f"{self.name} = {value:.6g}" if np.isfinite(value) else f"{self.name}: none here"

    def _curve(self, values: Array, good: Array, left: float, step: float) -> QPolygonF:
        y = values[good]
        low, high = float(y.min()), float(y.max())
        share = (y - low) / (high - low) if high > low else np.full(len(y), 0.5)
        pixels = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)
        x = left + good * step
        kept = envelope(x, pixels)
        return QPolygonF([QPointF(a, b) for a, b in zip(x[kept], pixels[kept], strict=True)])
