"""The legend as a widget: dragged to a place, brushed over a range, its swatches clicked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mlipviewer.views.atoms.legend import (
    RIM,
    Legend,
    bar_place,
    legend_corner,
    legend_size,
    paint_legend,
    swatch_at,
)

Place = tuple[float, float]
CLICK = 0.02
"""The share of the bar that a click without a drag means, to both sides."""


class AtomsLegend(QWidget):
    """Shows a Legend, as large as it needs. Its signals are of the user's making."""

    moved = Signal(float, float)  # the place 0..1 to which it was dragged
    brushed = Signal(float, float, object)  # two places 0..1 of the bar, modifiers
    swatch_clicked = Signal(int, object)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self.room = QRect()  # the part of the parent in which it is placed
        self.legend: Legend | None = None
        self._place: Place = (1.0, 1.0)
        self._press: QPointF | None = None
        self._brush: Place | None = None
        self._dragged = False
        self.setAccessibleName("Colour legend")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setToolTip("Drag over the bar, or click a swatch, to select atoms; drag to move")
        self.hide()

    def show_legend(self, legend: Legend | None, place: Place | None = None) -> None:
        self.legend = legend
        self.setVisible(legend is not None)
        if legend is None:
            return
        self.resize(*legend_size(legend, self.font()))
        words = ", ".join((*(text for text, _ in legend.rows), *legend.ends))
        self.setAccessibleDescription(f"{legend.caption}: {words}")
        if place is not None and not self._dragged:
            self._place = place
        self.settle()
        self.update()

    def settle(self) -> None:
        """Move to its place in the parent as large as that is now."""
        room = self.room or self._around.rect()
        size = (self.width(), self.height())
        corner = legend_corner(size, (room.width(), room.height()), self._place)
        self.move(room.topLeft() + corner)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.legend is not None:
            painter = QPainter(self)
            paint_legend(painter, self.legend, self.font(), QPoint(0, 0), self._brush)
            painter.end()

    # -- the mouse -------------------------------------------------------------------------

    def _share(self, at: QPointF) -> float:
        assert self.legend is not None
        bar = bar_place(self.legend, self.font())
        return min(max((at.x() - bar.left()) / max(bar.width(), 1), 0.0), 1.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.legend is None:
            return
        if event.button() is Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.globalPosition().toPoint())
            return
        self._press, self._dragged = event.position(), False
        bar = bar_place(self.legend, self.font()).adjusted(-2, -2, 2, 2)
        if bar.contains(event.position()):
            share = self._share(event.position())
            self._brush = (share, share)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        if self._brush is not None:
            ends = self._share(self._press), self._share(event.position())
            self._brush = (min(ends), max(ends))
            self.update()
        elif self._dragged or (event.position() - self._press).manhattanLength() > 4:
            self._dragged = True
            self._drag_to(self.mapToParent((event.position() - self._press).toPoint()))

    def _drag_to(self, corner: QPoint) -> None:
        whole = self.room or self._around.rect()
        room = (whole.width() - self.width() - 2 * RIM, whole.height() - self.height() - 2 * RIM)
        inside = corner - whole.topLeft()
        share = [
            min(max((at - RIM) / size, 0.0), 1.0) if size > 0 else 1.0
            for at, size in zip((inside.x(), inside.y()), room, strict=True)
        ]
        self._place = (share[0], share[1])
        self.settle()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press, self._press = self._press, None
        brush, self._brush = self._brush, None
        self.update()
        if press is None or self.legend is None:
            return
        if brush is not None:
            low, high = brush
            if high - low < CLICK:
                low, high = max(low - CLICK, 0.0), min(high + CLICK, 1.0)
            self.brushed.emit(low, high, event.modifiers())
        elif self._dragged:
            self._dragged = False
            self.moved.emit(*self._place)
        else:
            swatch = swatch_at(self.legend, self.font(), press.y())
            if swatch is not None:
                self.swatch_clicked.emit(swatch, event.modifiers())
