"""The band under the slider: chosen frames, the played range, bookmarks, events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QToolTip, QWidget

from mlipviewer.core.rows import NONE, Rows
from mlipviewer.gui.colours import categorical
from mlipviewer.gui.plain import plain_tip
from mlipviewer.gui.theme import Theme, colour, current_theme
from mlipviewer.session.playback import Bookmark

STRIP_HEIGHT = 16
BAND = (4, 12)  # pixels from the top: the band of chosen frames
LOW, HIGH = "low", "high"  # the handles
GRIP = 6.0  # pixels about a handle that take hold of it


@dataclass(frozen=True, eq=False)
class Shown:
    """What the strip paints; `events` are frames at which something is to be told."""

    n: int = 0
    chosen: Rows = field(default_factory=lambda: NONE)
    low: int = 0
    high: int = -1
    bookmarks: tuple[Bookmark, ...] = ()
    events: tuple[tuple[int, str], ...] = ()


def places(widget: QWidget, n: int) -> tuple[float, float]:
    """(x of the first frame, pixels from one to the next), as the slider above has them."""
    handle = widget.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength)
    return handle / 2, (widget.width() - handle) / max(n - 1, 1)


def frame_at(widget: QWidget, n: int, x: float) -> int:
    """The frame nearest to a pixel."""
    left, step = places(widget, n)
    return min(max(round((x - left) / max(step, 1e-9)), 0), max(n - 1, 0))


class Strip(QWidget):
    """Dragging over it chooses frames; dragging a handle changes the range that is played."""

    swept = Signal(int, int)  # the first and last frame under the drag; equal: a click
    ranged = Signal(str, int, bool)  # the handle, its frame, and whether the drag is over
    mark_clicked = Signal(object)  # a Bookmark
    menu_wanted = Signal(object, object)  # the Bookmark under the mouse or None, and where

    def __init__(self, name_of: Callable[[int], str]) -> None:
        super().__init__()
        self.setFixedHeight(STRIP_HEIGHT)
        self.setAccessibleName("selected frames")
        self.setMouseTracking(True)
        self.shown = Shown()
        self._name_of = name_of
        self._press: int | None = None
        self._drag: int | None = None
        self._held: str = ""  # the handle that is dragged: LOW, HIGH or none

    def sizeHint(self) -> QSize:
        return QSize(100, STRIP_HEIGHT)

    def show_frames(self, shown: Shown) -> None:
        old, self.shown = self.shown, shown
        same = (old.n, old.low, old.high, old.bookmarks, old.events) == (
            (shown.n, shown.low, shown.high, shown.bookmarks, shown.events)
        )
        if not same or shown.chosen is not old.chosen:
            self.update()

    def x_of(self, frame: float) -> float:
        left, step = places(self, self.shown.n)
        return left + frame * step

    def _frame_at(self, x: float) -> int:
        return frame_at(self, self.shown.n, x)

    # -- the mouse -------------------------------------------------------------------------

    def _handle_at(self, x: float) -> str:
        """The handle under the mouse: of two at one place, the one that can move that way."""
        low, high = self.x_of(self.shown.low) - 3, self.x_of(self.shown.high) + 3
        near = {LOW: abs(x - low), HIGH: abs(x - high)}
        found = min(near, key=lambda name: near[name])
        return found if near[found] <= GRIP else ""

    def _bookmark_at(self, at: QPointF) -> Bookmark | None:
        if at.y() > BAND[1]:
            return None
        near = (one for one in self.shown.bookmarks if abs(self.x_of(one.frame) - at.x()) <= 4)
        return next(near, None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.shown.n:
            return
        at = event.position()
        if event.button() is Qt.MouseButton.RightButton:
            self.menu_wanted.emit(self._bookmark_at(at), event.globalPosition().toPoint())
        elif event.button() is Qt.MouseButton.LeftButton:
            mark = self._bookmark_at(at) if at.y() < BAND[0] + 3 else None
            if mark is not None:
                self.mark_clicked.emit(mark)
                return
            self._held = self._handle_at(at.x())
            if not self._held:
                self._press = self._drag = self._frame_at(at.x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._held:
            self.ranged.emit(self._held, self._frame_at(x), False)
        elif self._press is not None:
            self._drag = self._frame_at(x)
            self.update()
        else:
            grip = bool(self.shown.n) and bool(self._handle_at(x))
            self.setCursor(Qt.CursorShape.SizeHorCursor if grip else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        frame = self._frame_at(event.position().x())
        if self._held:
            self.ranged.emit(self._held, frame, True)
            self._held = ""
        elif self._press is not None:
            first, last = sorted((self._press, frame))
            self._press = self._drag = None
            self.swept.emit(first, last)
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.shown.n:
            QToolTip.showText(event.globalPos(), plain_tip(self._tip(event.pos().x())), self)
            return True
        return super().event(event)

    def _tip(self, x: float) -> str:
        frame = self._frame_at(x)
        told = [text for at, text in self.shown.events if abs(self.x_of(at) - x) <= 3]
        use = "Drag to choose the frames that are played; click for all"
        return "\n".join([self._name_of(frame), *told[:5], use])

    # -- painting --------------------------------------------------------------------------

    def _runs(self) -> list[tuple[int, int]]:
        """(first, last) of the marked stretches: of the drag while there is one."""
        if self._press is not None and self._drag is not None:
            first, last = sorted((self._press, self._drag))
            return [(first, last)]
        chosen = self.shown.chosen
        parts = np.split(chosen, np.flatnonzero(np.diff(chosen) > 1) + 1)
        return [(int(part[0]), int(part[-1])) for part in parts if len(part)]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        left, step = places(self, self.shown.n)
        top, bottom = BAND
        painter.fillRect(
            QRectF(left, top + 1, self.width() - 2 * left, bottom - top - 2), colour(theme.grid)
        )
        if self.shown.n:
            self._paint_runs(painter, theme, step)
            self._paint_range(painter, theme)
            self._paint_marks(painter, theme)
        painter.end()

    def _paint_runs(self, painter: QPainter, theme: Theme, step: float) -> None:
        top, bottom = BAND
        for first, last in self._runs():
            wide = max(2.0, (last - first + 1) * step)
            place = QRectF(self.x_of(first - 0.5), top, wide, bottom - top)
            painter.fillRect(place, colour(theme.selected))

    def _paint_range(self, painter: QPainter, theme: Theme) -> None:
        """What is not played is hatched away; a bracket stands at each end."""
        top, bottom = BAND
        low, high = self.x_of(self.shown.low), self.x_of(self.shown.high)
        veil = QColor(theme.background)
        veil.setAlpha(190)
        painter.fillRect(QRectF(0, top, low - 3, bottom - top), veil)
        painter.fillRect(QRectF(high + 3, top, self.width(), bottom - top), veil)
        painter.setPen(QPen(colour(theme.faint_text), 1.5))
        for x, inwards in ((low - 3, 3.0), (high + 3, -3.0)):
            ends = [
                (x + inwards, top - 2),
                (x, top - 2),
                (x, bottom + 2),
                (x + inwards, bottom + 2),
            ]
            painter.drawPolyline(QPolygonF([QPointF(*end) for end in ends]))

    def _paint_marks(self, painter: QPainter, theme: Theme) -> None:
        painter.setPen(QPen(colour(theme.text), 1))
        for frame, _ in self.shown.events:
            x = self.x_of(frame)
            painter.drawLine(QPointF(x, BAND[1] - 1), QPointF(x, STRIP_HEIGHT - 1))
        for one in self.shown.bookmarks:
            x = self.x_of(one.frame)
            painter.setPen(QPen(colour(theme.background), 0.8))
            painter.setBrush(QColor(*categorical(one.colour)))
            flag = [(x - 4, 0.5), (x + 4, 0.5), (x, 8.0)]
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in flag]))
