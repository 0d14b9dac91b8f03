"""The widget that paints any Plot, and tells of clicks, shapes and hovering as rows of spaces."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from mlipviewer.core.plot import Plot, Space
from mlipviewer.core.rows import Mode
from mlipviewer.gui.axes import Sheet, Window
from mlipviewer.gui.gestures import mode_of
from mlipviewer.gui.handles import CURSORS, Grab, Part, Say, brush_at, grab_at, named_at
from mlipviewer.gui.hit import Hit, hit, inside, rectangle
from mlipviewer.gui.overlay import Highlights, paint_overlay, paint_shape, same_highlights
from mlipviewer.gui.paint import lay_out, paint_plot
from mlipviewer.gui.plain import card
from mlipviewer.gui.sameness import drawn_alike
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.gui.style import Style
from mlipviewer.gui.theme import Theme, colour, current_theme

CLICK_REACH = 4  # pixels that the mouse may move in a click


NEARER = 0.85  # of each axis is seen after a step of the wheel


class Tool(StrEnum):
    """What dragging with the left button does."""

    RECTANGLE = "rectangle"
    LASSO = "lasso"
    ZOOM = "zoom"


class PlotCanvas(QWidget):
    """Paints one Plot. It keeps the zoom and the shape being drawn, never a selection."""

    chosen = Signal(object, object, object)  # Space, Rows, Mode: by a click
    swept = Signal(object, object)  # {Space: Rows}, Mode: by a rectangle or lasso
    met = Signal(object, object)  # Hit that stands for rows and frames, Mode: by a click
    missed = Signal(object)  # Mode: a click beside everything
    doubled = Signal()  # the click before, beside everything, was the first half of a double one
    pointed = Signal(object)  # Hit or None: the mouse rests on something
    menu_wanted = Signal(object)  # QPoint on the screen
    edited = Signal(object, bool)  # Say, whether the mouse still drags

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.tool = Tool(settings_in_use.now.text("plots.tool"))
        self.sticky = Mode.REPLACE
        self.plot = Plot()
        self.window_seen: Window | None = None  # None: all of the plot
        self.highlights: dict[Space, Highlights] = {}
        self.cursor_value: float | None = None
        self.n_base_paints = 0
        self._base: QPixmap | None = None
        self._sheet: Sheet | None = None
        self._shape: list[tuple[float, float]] = []
        self._press: QPointF | None = None
        self._panning = False
        self._grab: Grab | None = None
        self.locked: Window | None = None
        self._held: Window | None = None  # the zoom before a node was taken hold of
        self._said: Say | None = None
        self._card = card(self)
        self._rest = QTimer(
            self, singleShot=True, interval=settings_in_use.now.number("plots.hover")
        )
        self._rest.timeout.connect(self._point)
        self._mouse = QPointF()

    # -- what is shown ---------------------------------------------------------------------

    def set_plot(self, plot: Plot) -> None:
        """Show another plot; the zoom stays where the axes mean the same."""
        same = (plot.x, plot.y, plot.square) == (self.plot.x, self.plot.y, self.plot.square)
        if not same and self._grab is None:
            self.window_seen = self.locked
        alike = drawn_alike(plot, self.plot)
        self.plot = plot
        if alike:
            self.update()  # only what is laid over it has changed
        else:
            self._card.hide()
            self.refresh()

    def set_highlights(self, highlights: dict[Space, Highlights], cursor: float | None) -> None:
        if cursor == self.cursor_value and same_highlights(highlights, self.highlights):
            return  # nothing that this plot shows has changed
        self.highlights, self.cursor_value = highlights, cursor
        self.update()

    def refresh(self) -> None:
        """Draw all anew at the next painting."""
        self._base = self._sheet = None
        self.update()

    @property
    def theme(self) -> Theme:
        return current_theme()

    @property
    def sheet(self) -> Sheet:
        if self._sheet is None:
            style = Style(self.theme, self.font())
            self._sheet = lay_out(self.plot, self.width(), self.height(), style, self.window_seen)
        return self._sheet

    def lock(self, window: Window | None) -> None:
        """See this part whatever is drawn, until None unlocks the axes."""
        if window != self.locked:
            self.locked, self.window_seen = window, window or self.window_seen
            self.refresh()

    def reset_zoom(self) -> None:
        self.window_seen = self.locked
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(460, 360)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._card.hide()  # what it tells of lies elsewhere now
        self.refresh()

    def changeEvent(self, event: object) -> None:
        super().changeEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._painted_base())
        if not self.plot.empty:
            paint_overlay(
                painter, self.plot, self.sheet, self.theme, self.highlights, self.cursor_value
            )
        if len(self._shape) > 1:
            paint_shape(painter, self._outline(), self.theme)
        if self.hasFocus():
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _painted_base(self) -> QPixmap:
        if self._base is None:
            ratio = self.devicePixelRatioF()
            base = QPixmap(self.size() * ratio)
            base.fill(colour(self.theme.background))  # its last row is but partly painted at 80 %
            base.setDevicePixelRatio(ratio)
            painter = QPainter(base)
            style = Style(self.theme, self.font())
            paint_plot(painter, self.plot, self.sheet, style, QRectF(self.rect()))
            painter.end()
            self._base = base
            self.n_base_paints += 1
        return self._base

    def _outline(self) -> np.ndarray:
        if self.tool is Tool.LASSO:
            return np.array(self._shape, float)
        return rectangle(*self._shape[0], *self._shape[-1])

    # -- the mouse -------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._card.hide()
        self._press = event.position()
        self._panning = event.button() is Qt.MouseButton.MiddleButton or (
            event.button() is Qt.MouseButton.LeftButton
            and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        )
        if event.button() is Qt.MouseButton.LeftButton and not self._panning:
            at = event.position().x(), event.position().y()
            self._grab = self._grab_at(*at, event.modifiers())
            self._shape = [at]

    def _grab_at(self, x: float, y: float, modifiers: Qt.KeyboardModifier) -> Grab | None:
        if self.plot.empty or self.tool is Tool.ZOOM or modifiers:
            return None
        return grab_at(self.plot, self.sheet, x, y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        now = event.position()
        if self._panning and self._press is not None:
            self._pan(now - self._press)
            self._press = now
        elif self._grab is not None:
            self._drag_grab(self._grab, now)
        elif self._shape:
            self._shape.append((now.x(), now.y()))
            self.update()
        else:
            self._mouse = now
            self._rest.start()
            free = self._grab_at(now.x(), now.y(), event.modifiers())
            self.setCursor(CURSORS[free.part] if free else Qt.CursorShape.ArrowCursor)

    def _drag_grab(self, grab: Grab, now: QPointF) -> None:
        """Say what the drag means, from where it is farther than a click may be."""
        far = abs(now.x() - grab.x) + abs(now.y() - grab.y) > CLICK_REACH
        if self._said is None and not far:
            return
        if self._said is None and grab.part is Part.NODE:
            self._held, self.window_seen = self.window_seen, self.sheet.window
        said = grab.say(self.plot, self.sheet, now.x(), now.y())
        if said != self._said:
            self._said = said
            self.edited.emit(said, True)

    def _drop_grab(self) -> bool:
        """Let go; whether something was dragged."""
        grab, said, self._grab, self._said = self._grab, self._said, None, None
        if grab is None or said is None:
            return False
        if grab.part is Part.NODE:
            self.window_seen = self._held
            self.refresh()
        self.edited.emit(said, False)
        return True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        shape, self._panning = self._shape, False
        if self._drop_grab():
            self._shape = []
            return
        if not shape:
            return
        outline, self._shape = self._outline(), []
        self.update()
        far = max(abs(x - shape[0][0]) + abs(y - shape[0][1]) for x, y in shape)
        if far <= CLICK_REACH:
            self._click(shape[0], event.modifiers())
        elif self.tool is Tool.ZOOM:
            self._zoom_to(outline)
        else:
            mode = mode_of(event.modifiers(), self.sticky)
            self.swept.emit(inside(self.plot, self.sheet, outline), mode)
            corners = [self.sheet.value_at(*corner) for corner in outline.tolist()]
            self.edited.emit(Say("outline", (corners,), "Draw a region"), False)

    def _click(self, at: tuple[float, float], modifiers: Qt.KeyboardModifier) -> None:
        mode = mode_of(modifiers, self.sticky, click=True)
        found = hit(self.plot, self.sheet, *at)
        if found is not None and found.frames is not None:
            self.met.emit(found, mode)
        elif found is not None:
            self.chosen.emit(found.space, found.rows, mode)
        elif not self._on_handle(*at):
            self.missed.emit(mode)

    def _on_handle(self, x: float, y: float) -> bool:
        grab = grab_at(self.plot, self.sheet, x, y) if not self.plot.empty else None
        return grab is not None and grab.part is not Part.NEW

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On an axis' name: turn it over; on a brush: take it away; beside everything: all."""
        if self.plot.empty:
            return
        at = event.position().x(), event.position().y()
        named = named_at(self.plot, self.sheet, *at)
        brushed = brush_at(self.plot, self.sheet, *at)
        if named is not None:
            self.edited.emit(Say("flip", (named.name,), f"Flip axis {named.name}"), False)
        elif brushed is not None:
            self.edited.emit(Say("brush", (brushed.name, 0.0, 0.0), "Clear a brush"), False)
        elif hit(self.plot, self.sheet, *at) is None:
            self.doubled.emit()
            self.reset_zoom()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.plot.empty:
            return
        at = event.position()
        factor = NEARER ** (event.angleDelta().y() / 120)
        sheet = self.sheet
        self._see(sheet.window.zoomed(factor, sheet.axis_at(at.x(), at.y())))
        event.accept()

    def _pan(self, by: QPointF) -> None:
        sheet = self.sheet
        (x0, x1), (y0, y1) = sheet.window.x, sheet.window.y
        dx = -by.x() / sheet.width * (x1 - x0)
        dy = by.y() / sheet.height * (y1 - y0)
        self._see(sheet.window.moved(dx, dy))

    def _zoom_to(self, outline: np.ndarray) -> None:
        x0, y1 = self.sheet.axis_at(outline[:, 0].min(), outline[:, 1].min())
        x1, y0 = self.sheet.axis_at(outline[:, 0].max(), outline[:, 1].max())
        self._see(Window((x0, x1), (y0, y1)))

    def _see(self, window: Window) -> None:
        self.window_seen = self.locked or window
        self._card.hide()
        self.refresh()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def zoom(self, factor: float) -> None:
        """See `factor` as much of each axis, about the middle."""
        if not self.plot.empty:
            sheet = self.sheet
            middle = sheet.axis_at(self.width() / 2, self.height() / 2)
            self._see(sheet.window.zoomed(factor, middle))

    # -- hover -----------------------------------------------------------------------------

    def _point(self) -> None:
        found = hit(self.plot, self.sheet, self._mouse.x(), self._mouse.y())
        self._show_card(found)
        self.pointed.emit(found)

    def _show_card(self, found: Hit | None) -> None:
        if found is None or not found.text:
            self._card.hide()
            return
        self._card.setText(found.text)
        self._card.adjustSize()
        x = min(int(found.x) + 14, self.width() - self._card.width() - 2)
        y = min(int(found.y) + 14, self.height() - self._card.height() - 2)
        self._card.move(max(x, 2), max(y, 2))
        self._card.show()
        self._card.raise_()

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)  # type: ignore[arg-type]
        self._rest.stop()
        self._card.hide()
        # Qt tells of it, too, where a dock is moved away below the mouse while changes are shown
        QTimer.singleShot(0, self, lambda: self.pointed.emit(None))
