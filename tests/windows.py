"""Real events on shown windows: a hand with mouse and keys, and eyes for what is painted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QCursor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QSlider, QStyle, QStyleOptionSlider, QWidget

from mlipviewer.core.plot import Points, Space
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.gui.theme import current_theme
from mlipviewer.gui.view import View
from mlipviewer.session import changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import start_panels
from mlipviewer.session.session import Session
from mlipviewer.session.state import Document, Panel, State
from mlipviewer.session.store import Store

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NO, CTRL = Modifier.NoModifier, Modifier.ControlModifier
SHIFT, ALT = Modifier.ShiftModifier, Modifier.AltModifier
LEFT = Qt.MouseButton.LeftButton
SECONDS = 30.0

Pixel = tuple[float, float]
Picture = NDArray[np.int16]


def in_front(qtbot: Any, window: Any) -> Any:
    """The window or dialog, once the window manager has given it the keys. A dialog calls itself
    active while its parent is: the application is asked instead."""
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=20_000)
    return window


def settle(store: Store, session: Session) -> None:
    """Run the event loop until nothing is being read, computed or told."""
    end, quiet = time.monotonic() + SECONDS, 0
    while quiet < 3:
        assert time.monotonic() < end, "the session does not settle"
        QApplication.processEvents()
        session.drain(0.005)
        store.flush()
        quiet = 0 if session.working else quiet + 1


class Stage:
    """One view in a window of its own, with a store and a session behind it."""

    def __init__(
        self, make: Callable[[Store], View], panels: Sequence[Panel] | None = None
    ) -> None:
        panels = start_panels() if panels is None else panels
        self.store = Store(State(Document(panels=tuple(panels))))
        self.session = Session(self.store)
        self.view = make(self.store)

    def show(self, qtbot: Any, width: int = 620, height: int = 460) -> Stage:
        QCursor.setPos(1900, 1190)
        self.view.resize(width, height)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.view.attach()
        self.settle()
        return self

    def settle(self) -> State:
        settle(self.store, self.session)
        return self.store.state

    def close(self) -> None:
        self.session.close()
        self.view.detach()
        self.view.close()
        self.view.deleteLater()

    @property
    def state(self) -> State:
        return self.store.state

    def commit(self, change: Callable[[State], State], label: str = "Test") -> State:
        self.store.commit(change, label)
        return self.settle()

    def commit_now(self, change: Callable[[State], State]) -> None:
        """Commit and show, without waiting for what is computed."""
        self.store.commit(change, "Test")
        self.store.flush()

    def give_now(self, thing: ErrorTable | Trajectory) -> None:
        self.commit_now(lambda s: opened(s, thing))

    def give(self, thing: ErrorTable | Trajectory) -> State:
        return give(self, thing)


def opened(state: State, thing: ErrorTable | Trajectory) -> State:
    kind = Kind.TABLE if isinstance(thing, ErrorTable) else Kind.TRAJECTORY
    return changes.add_loaded(state, Input(thing.name, f"/made/{thing.name}", kind), thing)


def give(where: Any, thing: ErrorTable | Trajectory) -> State:
    """Open something made in memory, as if it had been read."""
    where.store.commit(lambda s: opened(s, thing), f"Open {thing.name}")
    settle(where.store, where.session)
    state: State = where.store.state
    return state


# --- the hand ----------------------------------------------------------------------------------


def _in_window(widget: QWidget, at: Pixel) -> tuple[Any, QPoint]:
    handle = widget.window().windowHandle()
    point = QPoint(round(at[0]), round(at[1]))
    return handle, handle.mapFromGlobal(widget.mapToGlobal(point))


def click(widget: QWidget, at: Pixel | None = None, modifiers: Modifier = NO) -> None:
    """Press and release the left button at a pixel of the widget (its middle)."""
    at = at or (widget.width() / 2, widget.height() / 2)
    handle, point = _in_window(widget, at)
    QTest.mouseMove(handle, point)
    QTest.mouseClick(handle, LEFT, modifiers, point)


def double_click(widget: QWidget, at: Pixel) -> None:
    handle, point = _in_window(widget, at)
    QTest.mouseDClick(handle, LEFT, NO, point)


def hover(widget: QWidget, at: Pixel) -> None:
    handle, point = _in_window(widget, at)
    QTest.mouseMove(handle, point)


def drag(widget: QWidget, path: Iterable[Pixel], modifiers: Modifier = NO) -> None:
    """Press at the first pixel, move over the others, release at the last."""
    points = [_in_window(widget, at) for at in path]
    handle = points[0][0]
    QTest.mousePress(handle, LEFT, modifiers, points[0][1])
    for _, point in points[1:]:
        QTest.mouseMove(handle, point)
    QTest.mouseRelease(handle, LEFT, modifiers, points[-1][1])


def press_at(widget: QWidget, at: Pixel) -> None:
    handle, point = _in_window(widget, at)
    QTest.mousePress(handle, LEFT, NO, point)


def release_at(widget: QWidget, at: Pixel) -> None:
    handle, point = _in_window(widget, at)
    QTest.mouseRelease(handle, LEFT, NO, point)


def rectangle(first: Pixel, last: Pixel) -> list[Pixel]:
    middle = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
    return [first, middle, last]


def press(widget: QWidget, key: Key, modifiers: Modifier = NO) -> None:
    """A key on the widget that has, or now gets, the focus."""
    widget.setFocus()
    QTest.keyClick(widget, key, modifiers)


def type_text(widget: QWidget, text: str) -> None:
    widget.setFocus()
    QTest.keyClicks(widget, text)


def handle_of(slider: QSlider) -> Pixel:
    """The middle of a slider's handle."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    style = QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle
    middle = slider.style().subControlRect(*style, slider).center()
    return middle.x(), middle.y()


def choose_in_menu(menu: QMenu, text: str) -> None:
    """Open a menu and click the entry of that text."""
    menu.popup(QPoint(300, 300))
    entry = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(menu, LEFT, NO, menu.actionGeometry(entry).center())
    menu.close()


COPY = Qt.DropAction.CopyAction


def _held(paths: Iterable[object]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def hold(
    widget: QWidget,
    paths: Iterable[object],
    at: Pixel | None = None,
    keys: Modifier = Modifier.NoModifier,
) -> bool:
    """Drag files over a pixel of the widget and stay; whether they would be taken."""
    x, y = at or (widget.width() / 2, widget.height() / 2)
    data, point = _held(paths), QPoint(round(x), round(y))
    enter = QDragEnterEvent(point, COPY, data, LEFT, keys)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    move = QDragMoveEvent(point, COPY, data, LEFT, keys)
    QApplication.sendEvent(widget, move)
    return move.isAccepted()


def take_away(widget: QWidget) -> None:
    """What was held over the widget is so no more."""
    QApplication.sendEvent(widget, QDragLeaveEvent())


def drop(
    widget: QWidget,
    paths: Iterable[object],
    at: Pixel | None = None,
    keys: Modifier = Modifier.NoModifier,
) -> bool:
    """Drag files over a pixel of the widget and let them fall; whether they were taken."""
    paths = list(paths)
    if not hold(widget, paths, at, keys):
        return False
    data, point = _held(paths), at or (widget.width() / 2, widget.height() / 2)
    fall = QDropEvent(QPointF(*point), COPY, data, LEFT, keys)
    QApplication.sendEvent(widget, fall)
    return fall.isAccepted()


# --- the eyes ----------------------------------------------------------------------------------


def picture(widget: QWidget) -> Picture:
    """(height, width, 3) what the widget paints."""
    return pixels(widget.grab().toImage())


def pixels(image: QImage) -> Picture:
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[..., :3].astype(np.int16)


def n_like(seen: Picture, name: str, box: tuple[float, float, float, float], near: int = 60) -> int:
    """How many pixels within left, top, right, bottom are about of the colour `#rrggbb`."""
    wanted = np.array([int(name[i : i + 2], 16) for i in (1, 3, 5)])
    left, top, right, bottom = (max(0, round(x)) for x in box)
    part = seen[top : bottom + 1, left : right + 1]
    return int((np.abs(part - wanted).max(axis=-1) < near).sum())


def ringed(seen: Picture, at: Pixel, reach: float = 9.0) -> bool:
    """Whether a ring of the colour of selected things is painted around a pixel."""
    x, y = at
    box = (x - reach, y - reach, x + reach, y + reach)
    return n_like(seen, current_theme().selected, box) >= 12


def point_marks(canvas: PlotCanvas) -> list[Points]:
    return [m for m in canvas.plot.marks if isinstance(m, Points) and not m.faint]


def pixels_of(canvas: PlotCanvas, space: Space = Space.MODEL) -> dict[int, Pixel]:
    """Where the points of a plot are drawn, by row."""
    found: dict[int, Pixel] = {}
    for mark in point_marks(canvas):
        x, y = canvas.sheet.to_pixels(mark.x, mark.y)
        for row, px, py in zip(mark.rows, x, y, strict=True):
            if mark.space is space and np.isfinite(px) and np.isfinite(py):
                found[int(row)] = (float(px), float(py))
    return found


def alone(places: dict[int, Pixel], reach: float = 24.0) -> list[int]:
    """The rows whose points have no other within `reach` pixels."""

    def far(row: int) -> bool:
        x, y = places[row]
        return all(
            abs(x - px) > reach or abs(y - py) > reach
            for other, (px, py) in places.items()
            if other != row
        )

    return [row for row in places if far(row)]


def dialog_of(kind: type[Any], qtbot: Any) -> Any:
    """The dialog of a kind that is open; to list all widgets of Qt has crashed."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def shown_dialog(kind: type[Any], qtbot: Any) -> Any:
    """The same once it has its size and the keys: before, clicks would miss it."""
    found = in_front(qtbot, dialog_of(kind, qtbot))
    qtbot.waitUntil(lambda: found.windowHandle().isExposed(), timeout=20_000)
    return found
