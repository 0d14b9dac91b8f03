"""The tour: four callouts that point at real panels, while everything can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.gui.plain import PlainLabel

WIDTH, GAP, ARROW = 330, 14, 12


@dataclass(frozen=True)
class Stop:
    """One callout: the panel that it points at, and what it says."""

    panel: str
    title: str
    text: str


STOPS = (
    Stop(
        "table",
        "Models and their errors",
        'Click rows, or filter in words: C11 < 5 and Models == "GAP". What is chosen here is'
        " chosen everywhere. Ctrl adds, Shift takes a range. A run dropped on a row is linked.",
    ),
    Stop(
        "pareto",
        "Plots are linked",
        "Drag a rectangle or a lasso around points: the same models are chosen in the table."
        " Menus of plots hold their options; Analyse opens more of them.",
    ),
    Stop(
        "atoms",
        "Atoms in 3D",
        "Drag turns, the wheel zooms, a click picks an atom, Tab goes to the next. S selects by"
        " rectangle or lasso, M measures. Colour by any column of the file or computed one.",
    ),
    Stop(
        "timeline",
        "Time",
        "Space plays, Alt+Left and Alt+Right step. Drag over the band below to play these frames"
        " only. Ctrl+Z takes any step back, Ctrl+Shift+P finds any command, F1 helps.",
    ),
)


class Tour(QObject):
    """Shows one stop after the other; ended by Esc, *End tour*, or after the last."""

    def __init__(self, window: QMainWindow, dock_of: Callable[[str], QDockWidget | None]) -> None:
        super().__init__(window)
        self._window, self._dock_of = window, dock_of
        self._place = 0
        self._stops: list[Stop] = []
        self.callout: Callout | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._point)
        window.installEventFilter(self)

    @property
    def running(self) -> bool:
        return self.callout is not None

    def start(self) -> None:
        """From the first stop whose panel is open."""
        self.end()
        self._stops = [stop for stop in STOPS if self._dock_of(stop.panel) is not None]
        if not self._stops:
            return
        self.callout = Callout(self._window)
        self.callout.next.clicked.connect(lambda: self.go(1))
        self.callout.back.clicked.connect(lambda: self.go(-1))
        self.callout.leave.clicked.connect(self.end)
        self._place = 0
        self._show()

    def end(self) -> None:
        """Take it away."""
        callout, self.callout = self.callout, None
        if callout is not None:
            callout.ring.deleteLater()
            callout.ring.hide()
            callout.hide()
            callout.deleteLater()

    def go(self, step: int) -> None:
        """To the next stop, or back; after the last it ends."""
        self._place = max(self._place + step, 0)
        if self._place >= len(self._stops):
            self.end()
        else:
            self._show()

    def _show(self) -> None:
        stop = self._stops[self._place]
        dock = self._dock_of(stop.panel)
        if self.callout is None:
            return
        if dock is not None:
            dock.raise_()
        self.callout.say(stop, self._place, len(self._stops))
        self.callout.show()
        self._point()
        self.callout.next.setFocus()
        self._soon.start()  # once the docks are where they will be

    def _point(self) -> None:
        dock = self._dock_of(self._stops[self._place].panel) if self.callout is not None else None
        if self.callout is None or dock is None:
            self.end()
            return
        corner = dock.mapTo(self._window, QPoint(0, 0))
        self.callout.point_at(QRect(corner, dock.size()), self._window.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.callout is not None and event.type() in (
            QEvent.Type.Resize,
            QEvent.Type.LayoutRequest,
        ):
            self._soon.start()
        return super().eventFilter(watched, event)


class Ring(QWidget):
    """A frame around what is meant; the mouse does not feel it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 4))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -3, -3), 6, 6)
        painter.end()


class Callout(QWidget):
    """A box with an arrow to its target."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.ring = Ring(parent)
        self._tip = QPoint()
        self.setAccessibleName("tour")
        self.title, self.text, self.count = PlainLabel(), PlainLabel(), PlainLabel()
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.text.setWordWrap(True)
        self.back, self.next = QPushButton("Back"), QPushButton("Next")
        self.leave = QPushButton("End tour")
        self._keys = {
            Qt.Key.Key_Escape: self.leave,
            Qt.Key.Key_Right: self.next,
            Qt.Key.Key_PageDown: self.next,
            Qt.Key.Key_Left: self.back,
            Qt.Key.Key_PageUp: self.back,
        }
        for button in (self.leave, self.back, self.next):
            button.installEventFilter(self)
        row = QHBoxLayout()
        row.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(self.count)
        row.addWidget(self.back)
        row.addWidget(self.next)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(*([ARROW + 12] * 4))
        for widget in (self.title, self.text):
            layout.addWidget(widget)
        layout.addLayout(row)
        self.setFixedWidth(WIDTH + 2 * ARROW)

    def say(self, stop: Stop, place: int, of: int) -> None:
        self.title.setText(stop.title)
        self.text.setText(stop.text)
        self.count.setText(f"{place + 1} of {of}")
        self.back.setEnabled(place > 0)
        self.next.setText("Next" if place + 1 < of else "Done")
        self.setAccessibleDescription(f"{stop.title}. {stop.text}")
        self.setFixedHeight(self._layout.heightForWidth(self.width()))

    def point_at(self, target: QRect, room: QRect) -> None:
        """Stand beside the target where there is room, else over it."""
        self.ring.setGeometry(target)
        self.ring.show()
        self.ring.raise_()
        size = self.size()
        middle = target.center()
        sides = (
            QRect(QPoint(target.right() - ARROW // 2, middle.y() - size.height() // 2), size),
            QRect(
                QPoint(target.left() - size.width() + ARROW, middle.y() - size.height() // 2), size
            ),
            QRect(
                QPoint(middle.x() - size.width() // 2, target.top() - size.height() + ARROW), size
            ),
        )
        over = QRect(middle - QPoint(size.width() // 2, size.height() // 2), size)
        box = next((one for one in sides if room.contains(one)), over)
        self.setGeometry(box)
        self._tip = _nearest(target, box) - box.topLeft()
        self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect().adjusted(ARROW, ARROW, -ARROW - 1, -ARROW - 1)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
        painter.setBrush(self.palette().color(QPalette.ColorRole.ToolTipBase))
        painter.drawRoundedRect(box, 8, 8)
        if not box.contains(self._tip):
            painter.setBrush(QColor(self.palette().color(QPalette.ColorRole.Highlight)))
            painter.drawPolygon(_arrow(QPointF(box.center()), QPointF(self._tip), box))
        painter.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the buttons: Esc and arrows are about the tour, whatever they mean elsewhere."""
        if not isinstance(event, QKeyEvent) or event.key() not in self._keys:
            return super().eventFilter(watched, event)
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._keys[Qt.Key(event.key())].click()
        return True


def _nearest(target: QRect, box: QRect) -> QPoint:
    """The point of the target where the arrow of the box ends."""
    middle = box.center()
    x = min(max(middle.x(), target.left()), target.right())
    y = min(max(middle.y(), target.top()), target.bottom())
    return QPoint(x, y)


def _arrow(middle: QPointF, tip: QPointF, box: QRect) -> QPolygonF:
    """A triangle from the edge of the box to the tip."""
    if tip.x() < box.left() or tip.x() > box.right():
        edge = box.left() if tip.x() < box.left() else box.right()
        foot = (QPointF(edge, middle.y() - ARROW), QPointF(edge, middle.y() + ARROW))
        end = QPointF(0 if tip.x() < box.left() else box.right() + ARROW, middle.y())
    else:
        edge = box.top() if tip.y() < box.top() else box.bottom()
        foot = (QPointF(middle.x() - ARROW, edge), QPointF(middle.x() + ARROW, edge))
        end = QPointF(middle.x(), 0 if tip.y() < box.top() else box.bottom() + ARROW)
    return QPolygonF([*foot, end])
