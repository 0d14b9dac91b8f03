"""A run of three frames of six atoms, the view that shows it, and a mouse."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlipviewer.core.plot import Space
from mlipviewer.core.problem import Note
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session import changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.state import State, frozen
from mlipviewer.session.store import Store
from mlipviewer.views.atoms import AtomsView

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NO_KEY = Qt.KeyboardModifier.NoModifier

PLACES = np.array([[x, y, 0.0] for y in (0, 6) for x in (0, 6, 12)])
"""Two rows of three atoms, seen from z."""

IDS = np.array([60, 10, 50, 20, 40, 30])


class Frames:
    """A FrameSource of frames held in memory."""

    path, format = "memory", "memory"
    notes: tuple[Note, ...] = ()

    def __init__(self, frames: list[Frame]) -> None:
        self._frames = frames

    @property
    def n_frames(self) -> int:
        return len(self._frames)

    def frame(self, index: int) -> Frame:
        return self._frames[index]

    def info(self, index: int) -> MappingProxyType[str, Any]:
        return MappingProxyType({})


def frame(index: int = 0, shift: float = 0.0, order: Any = slice(None), **more: Any) -> Frame:
    columns = {"c_pe": np.arange(6.0), "forces": np.outer(np.arange(6.0), [3.0, 0, 4.0])}
    return Frame(
        index,
        (PLACES + shift)[order].copy(),
        np.array([3, 3, 8, 3, 3, 8])[order],
        cell=np.diag([18.0, 12, 10]),
        pbc=(True, True, True),
        ids=IDS[order].copy(),
        columns=MappingProxyType({name: column[order] for name, column in columns.items()}),
        **more,
    )


RUN = [frame(0), frame(1, shift=0.5), frame(2, order=[5, 4, 3, 2, 1, 0])]


def with_run(state: State, name: str = "run.dump", frames: list[Frame] | None = None) -> State:
    source = Trajectory.whole(name, Frames(frames or RUN))
    return changes.add_loaded(state, Input(name, f"/{name}", Kind.TRAJECTORY), source)


def with_read(state: State, read: Frame, name: str = "run.dump") -> State:
    return state.with_moment(frames=frozen({**state.moment.frames, name: read}))


@pytest.fixture
def store() -> Store:
    return Store(with_read(with_run(State()), RUN[0]))


@pytest.fixture
def view(store: Store, qtbot: QtBot) -> Iterator[AtomsView]:
    view = AtomsView(store)
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.attach()
    with qtbot.waitExposed(view):
        view.show()
    view.canvas.camera = view.canvas.camera.looking_from((0, 0, 1), up=(0, 1, 0))
    view.canvas.fit()
    qtbot.waitUntil(lambda: view.canvas.complete)
    yield view
    view.detach()


@pytest.fixture
def chosen(store: Store) -> Callable[[], list[int]]:
    return lambda: store.state.selected(Space.ATOM).tolist()


def pixel_of(view: AtomsView, atom: int, pane: int = 0) -> QPoint:
    shown = view.canvas.panes[pane].frame
    assert shown is not None
    left, top, width, height = view.canvas.rects()[pane]
    position = shown.positions[np.flatnonzero(shown.atom_ids == atom)[0]]
    x, y, _ = view.canvas.pane_camera(pane).project(position, (width, height))
    return QPoint(round(left + x), round(top + y))


def click(view: AtomsView, at: QPoint, keys: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.mouseClick(view.surface, LEFT, keys, at)


def drag(
    view: AtomsView,
    *path: QPoint,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NO_KEY,
) -> None:
    QTest.mousePress(view.surface, button, keys, path[0])
    for start, end in pairwise(path):
        for part in (0.5, 1.0):
            at = start + (end - start) * part
            event_keys = keys
            move(view, at, button, event_keys)
    QTest.mouseRelease(view.surface, button, keys, path[-1])


def move(view: AtomsView, at: QPoint, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    where = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, view.surface.mapToGlobal(where), button, button, keys
    )
    QApplication.sendEvent(view.surface, event)


def shown_image(view: AtomsView) -> QImage:
    return view.picture(1.0)


def corners(view: AtomsView, first: int, last: int) -> tuple[QPoint, QPoint]:
    """A rectangle around two atoms."""
    a, b = pixel_of(view, first), pixel_of(view, last)
    rim = QPoint(15, 15)
    left_upper = QPoint(min(a.x(), b.x()), min(a.y(), b.y())) - rim
    return left_upper, QPoint(max(a.x(), b.x()), max(a.y(), b.y())) + rim
