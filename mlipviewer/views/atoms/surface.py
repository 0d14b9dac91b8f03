"""The transparent surface over the atoms: it hears the mouse and paints words and outlines."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.plain import plain
from mlipviewer.gui.scene.pane import Rect
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.gui.scene.shot import Shot
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.gui.theme import Theme, colour
from mlipviewer.views.atoms.drawn import Figure, paint_figures
from mlipviewer.views.atoms.label_paint import PaneLabels, paint_labels
from mlipviewer.views.atoms.mouse import ZOOM_PIXELS, Drag, Tool, drag_of, scroll_moves, scrolled

CLICK_REACH = 4

Pixel = tuple[float, float]


@dataclass(frozen=True)
class PaneWords:
    """What is written in a pane: its title, what is amiss, or why there is nothing to see."""

    title: str = ""
    badge: str = ""
    missing: str = ""
    figures: tuple[Figure, ...] = ()
    active: bool = False  # of several views, the one that the bar is about


class Surface(QWidget):
    """Covers the canvas. Positions in its signals are pixels of the canvas."""

    clicked = Signal(QPointF, object)  # where, modifiers
    double_clicked = Signal(QPointF)
    outlined = Signal(object, object)  # [(x, y), ...] of a rectangle or lasso, modifiers
    turned = Signal(QPointF, QPointF)  # from, to
    panned = Signal(QPointF, QPointF)
    wheeled = Signal(QPointF, float)  # where, steps away from the user
    pinched = Signal(QPointF, float)  # where, how many times larger
    rolled = Signal(QPointF, float)  # where, degrees clockwise
    smart_zoomed = Signal()  # two fingers tapped twice
    rested = Signal(object)  # QPointF on which the mouse rests, None: it has left
    menu_wanted = Signal(QPointF)
    resized = Signal()
    pressed = Signal(QPointF)

    def __init__(self, canvas: Scene) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.tool = Tool.ROTATE
        self.words: list[PaneWords] = [PaneWords()]
        self.labels: list[PaneLabels | None] = []
        self.outlines: list[Figure | None] = []  # of slices; not in pictures
        self._press: QPointF | None = None
        self._last = QPointF()
        self._button = Qt.MouseButton.NoButton
        self._outline: list[Pixel] = []
        self._dragging = False
        self.setMouseTracking(True)
        canvas.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Atoms")
        self._rest = QTimer(
            self, singleShot=True, interval=settings_in_use.now.number("atoms.hover")
        )
        self._rest.timeout.connect(lambda: self.rested.emit(self._last))

    # -- the mouse -------------------------------------------------------------------------

    @property
    def mouse(self) -> QPointF:
        """Where it was last."""
        return self._last

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = self._last = event.position()
        self._button = event.button()
        self._dragging = False
        self._rest.stop()
        self.pressed.emit(self._press)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        if self._press is None:
            self._last = here
            self._rest.start()
            return
        if not self._dragging and (here - self._press).manhattanLength() <= CLICK_REACH:
            return
        self._drag(here, event.modifiers())
        self._dragging, self._last = True, here

    def _drag(self, here: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        preset = settings_in_use.now.text("mouse.preset")
        drag = drag_of(preset, self._button, modifiers, self.tool)
        outlines = drag in (Drag.RECTANGLE, Drag.LASSO)
        if self._outline or outlines:
            self._draw_outline(here, drag is Drag.LASSO or self.tool is Tool.LASSO)
        elif drag is Drag.PAN:
            self.panned.emit(self._last, here)
        elif drag is Drag.ZOOM and self._press is not None:
            self.wheeled.emit(self._press, (self._last - here).y() / ZOOM_PIXELS)
        else:
            self.turned.emit(self._last, here)

    def _draw_outline(self, here: QPointF, lasso: bool) -> None:
        assert self._press is not None
        (x1, y1), (x2, y2) = self._press.toTuple(), here.toTuple()
        if lasso:
            self._outline = [*(self._outline or [(x1, y1)]), (x2, y2)]
        else:
            self._outline = [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._press = self._press, None
        if pressed is None:
            return
        if self._outline:
            outline, self._outline = self._outline, []
            self.update()
            self.outlined.emit(outline, event.modifiers())
        elif not self._dragging and self._button == Qt.MouseButton.LeftButton:
            self.clicked.emit(pressed, event.modifiers())
        elif not self._dragging and self._button == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        settings = settings_in_use.now
        way = -1 if settings.flag("mouse.reversed") else 1
        keys, at = event.modifiers(), event.position()
        if scroll_moves(settings.text("mouse.preset"), keys):
            self.panned.emit(at, at + scrolled(event.angleDelta(), event.pixelDelta(), keys))
            return
        turned = event.angleDelta().y() or event.angleDelta().x()  # with Alt it is sidewise
        self.wheeled.emit(at, way * turned / 120 * settings.real("mouse.speed"))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._rest.stop()
        self.rested.emit(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
            self.resized.emit()
        return False

    def event(self, event: QEvent) -> bool:
        """Escape leaves an outline that is being drawn, before it means what it means else."""
        if isinstance(event, QNativeGestureEvent) and self._gesture(event):
            return True
        if event.type() == QEvent.Type.ShortcutOverride and self._ends_outline(event):
            event.accept()
            return True
        return super().event(event)

    def _gesture(self, event: QNativeGestureEvent) -> bool:
        """Two fingers on a trackpad; whether that means something."""
        kind, value = event.gestureType(), event.value()
        if kind is Qt.NativeGestureType.ZoomNativeGesture:
            self.pinched.emit(event.position(), min(max(1.0 + value, 0.2), 5.0))
        elif kind is Qt.NativeGestureType.RotateNativeGesture:
            self.rolled.emit(event.position(), value)
        elif kind is Qt.NativeGestureType.SmartZoomNativeGesture:
            self.smart_zoomed.emit()
        else:
            return False
        event.accept()
        return True

    def _ends_outline(self, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        return escape and bool(self._outline)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
        if self._ends_outline(event):
            self._outline, self._press = [], None
            self.update()
            event.accept()

    # -- what is painted -------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_all_labels(painter, self._canvas, self._canvas.rects(), self.labels)
        rects = self._canvas.rects()
        paint_words(painter, self._canvas, rects, self.words, self.font(), marked=True)
        self._paint_slices(painter)
        if self._outline:
            theme = self._canvas.theme
            painter.setPen(QPen(colour(theme.selected), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(colour(theme.selected, 30))
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in self._outline]))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_slices(self, painter: QPainter) -> None:
        for i, (rect, one) in enumerate(zip(self._canvas.rects(), self.outlines, strict=False)):
            if one is not None:
                camera, theme = self._canvas.pane_camera(i), self._canvas.theme
                paint_figures(painter, (one,), camera, QRectF(*rect), theme)


def paint_all_labels(
    painter: QPainter, canvas: Scene | Shot, rects: list[Rect], labels: list[PaneLabels | None]
) -> None:
    """The words at the atoms of all panes."""
    for i, (rect, one) in enumerate(zip(rects, labels, strict=False)):
        if one is not None:
            camera, place = canvas.pane_camera(i), QRectF(*rect)
            paint_labels(painter, one, canvas.panes[i], camera, place, canvas.theme)


def paint_words(
    painter: QPainter,
    canvas: Scene | Shot,
    rects: list[Rect],
    words: list[PaneWords],
    font: QFont,
    marked: bool = False,
) -> None:
    """Titles, reasons, axes and the lines between panes, on the screen or in a picture; on the
    screen the active pane is `marked`."""
    painter.setFont(font)
    for i, (rect, said) in enumerate(zip(rects, words, strict=False)):
        place = QRectF(*rect)
        if said.missing:
            _paint_missing(painter, canvas.theme, place, said.missing)
        else:
            paint_figures(painter, said.figures, canvas.pane_camera(i), place, canvas.theme)
            if canvas.looks.axes:
                _paint_axes(painter, canvas, i, place)
            _paint_title(painter, canvas.theme, place, said)
        if len(rects) > 1:
            painter.setPen(QPen(colour(canvas.theme.frame), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        if said.active and marked:
            painter.setPen(QPen(colour(canvas.theme.point), 2))
            painter.drawRect(place.adjusted(1, 1, -1, -1))


def _paint_missing(painter: QPainter, theme: Theme, place: QRectF, text: str) -> None:
    painter.setPen(colour(theme.faint_text))
    wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(place.adjusted(20, 20, -20, -20), wrapped, plain(text))


def _paint_title(painter: QPainter, theme: Theme, place: QRectF, said: PaneWords) -> None:
    metrics = QFontMetricsF(painter.font())
    room = place.width() - 20
    line = metrics.height() + 3
    for row, (text, name) in enumerate(((said.title, theme.text), (said.badge, theme.warning))):
        if not text:
            continue
        words = fitting_words(metrics, plain(text), room)
        box = QRectF(place.left() + 6, place.top() + 5 + row * line, 0, line)
        box.setWidth(metrics.horizontalAdvance(words) + 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme.background, 215))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(colour(name))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def fitting_words(metrics: QFontMetricsF, text: str, room: float) -> str:
    """The parts of a title (`run · frame 3 of 91 · 4,056 atoms`) for which there is room: the last
    ones are left out first, then the run's name is shortened."""
    name, *parts = text.split(" · ")
    while parts and metrics.horizontalAdvance(" · ".join((name, *parts))) > room:
        if len(parts) == 1:
            rest = f" · {parts[0]}"
            left = room - metrics.horizontalAdvance(rest)
            if left < metrics.averageCharWidth() * 6:
                break
            return metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, left) + rest
        parts.pop()
    whole = " · ".join((name, *parts))
    return metrics.elidedText(whole, Qt.TextElideMode.ElideMiddle, room)


def _paint_axes(painter: QPainter, canvas: Scene | Shot, pane: int, place: QRectF) -> None:
    """The directions of x, y and z in the lower left corner, the nearest on top."""
    side = min(place.width(), place.height())
    if side < 160:
        return
    length = 26 if side >= 300 else 16
    origin = QPointF(place.left() + 1.46 * length, place.bottom() - 1.46 * length)
    rotation = canvas.pane_camera(pane).rotation
    bold = QFont(painter.font())
    bold.setBold(True)
    painter.setFont(bold)
    for axis in sorted(range(3), key=lambda i: float(rotation[2, i])):
        right, up = length * rotation[0, axis], length * rotation[1, axis]
        painter.setPen(QPen(colour(AXIS_COLOURS[axis]), 2.2))
        painter.drawLine(origin, origin + QPointF(right, -up))
        name = QRectF(0, 0, 16, 16)
        name.moveCenter(origin + QPointF(right, -up) * (1 + 10 / length))
        painter.setPen(colour(canvas.theme.text))
        painter.drawText(name, Qt.AlignmentFlag.AlignCenter, "xyz"[axis])
    bold.setBold(False)
    painter.setFont(bold)


AXIS_COLOURS = ("#d1495b", "#3a9d5d", "#3f7fd1")
