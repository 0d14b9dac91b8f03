"""The timeline: play, step and scrub; what the shown frame is called; which frames are played."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSlider,
    QSpinBox,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import NONE, Rows, rows
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.gui.gestures import rows_text
from mlipviewer.gui.icons import transport_icon
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.theme import colour, current_theme
from mlipviewer.gui.view import View
from mlipviewer.session import changes
from mlipviewer.session.state import State
from mlipviewer.session.store import Store

STRIP_HEIGHT = 10
ICON = "transport"  # the property that says which icon a button has
EMPTY = "No trajectory. Drop one here, or press Ctrl+O."


class TimelineView(View, QWidget):
    """Controls of the shown trajectory; playing never outruns reading and drawing."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("frame")
        self.play_button = QToolButton()
        self.fps = QSpinBox(minimum=1, maximum=60, value=12, suffix=" fps")
        self.fps.setAccessibleName("frames per second")
        self.label = PlainLabel(EMPTY)
        self.strip = _Strip()
        self._buttons: list[QToolButton] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        for name, icon, step in (
            ("First frame", "first", -(10**9)),
            ("Previous frame", "previous", -1),
            ("Play", "play", 0),
            ("Next frame", "next", 1),
            ("Last frame", "last", 10**9),
        ):
            button = self.play_button if step == 0 else QToolButton()
            button.setProperty(ICON, icon)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.setAutoRaise(True)
            if step:
                button.clicked.connect(lambda _=False, by=step: self._step(by))
            bar.addWidget(button)
            self._buttons.append(button)
        self._draw_icons()
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.slider)
        middle.addWidget(self.strip)
        bar.addLayout(middle, 1)
        bar.addWidget(self.fps)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 2, 6, 2)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.label)

    def _draw_icons(self) -> None:
        for button in self._buttons:
            button.setIcon(transport_icon(button.property(ICON)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def _connect(self) -> None:
        self.play_button.clicked.connect(self._toggle)
        self.fps.valueChanged.connect(lambda fps: self._timer.setInterval(round(1000 / fps)))
        self.slider.sliderMoved.connect(self._scrub)
        self.slider.sliderReleased.connect(self.store.end_merge)
        self.strip.swept.connect(self._sweep)
        self.slider.actionTriggered.connect(
            lambda _action: self._scrub(self.slider.sliderPosition())
        )

    # -- what the user does ----------------------------------------------------------------

    def _step(self, by: int) -> None:
        self.store.commit(lambda s: changes.show_frame(s, s.frame + by), "Step to frame", "step")

    def _scrub(self, index: int) -> None:
        self.store.commit(lambda s: changes.show_frame(s, index), "Scrub", "scrub")

    def _sweep(self, first: int, last: int) -> None:
        chosen = rows(np.arange(first, last + 1)) if last > first else NONE
        label = f"Select {rows_text(Space.FRAME, chosen)}"
        self.store.commit(lambda s: changes.select(s, Space.FRAME, chosen), label)

    def _toggle(self) -> None:
        self.store.commit(lambda s: changes.play(s, not s.moment.playing), "Play")
        self.store.end_merge()

    def _tick(self) -> None:
        """The next frame, unless the last one is still being read: frames are not piled up."""
        state = self.store.state
        if state.moment.playing and not lagging(state):
            self.store.commit(changes.next_frame, "Play", "play")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_J: -10,
            Qt.Key.Key_L: 10,
            Qt.Key.Key_Home: -(10**9),
            Qt.Key.Key_End: 10**9,
        }.get(Qt.Key(event.key()))
        if steps is None or event.modifiers():
            super().keyPressEvent(event)
        else:
            self._step(steps)

    # -- what is shown ---------------------------------------------------------------------

    def show_state(self, _old: State | None, new: State) -> None:
        trajectory = new.trajectory
        self.setEnabled(trajectory is not None)
        n = trajectory.n_frames if trajectory is not None else 0
        self.slider.setRange(0, max(0, n - 1))
        if not self.slider.isSliderDown():
            self.slider.setValue(new.frame)
        self.strip.show_frames(n, new.selected(Space.FRAME))
        self._show_playing(new.moment.playing)
        self.label.setText(self._text(new, trajectory))

    def _show_playing(self, playing: bool) -> None:
        icon = "pause" if playing else "play"
        if self.play_button.property(ICON) != icon:
            self.play_button.setProperty(ICON, icon)
            self._draw_icons()
        if playing and not self._timer.isActive():
            self._timer.start(round(1000 / self.fps.value()))
        elif not playing:
            self._timer.stop()

    def _text(self, state: State, trajectory: Trajectory | None) -> str:
        if trajectory is None:
            name = state.document.trajectory
            failure = state.moment.failed.get(name or "")
            return failure.reason if failure else (f"Reading {name} ..." if name else EMPTY)
        parts = [trajectory.name, f"frame {state.frame + 1} of {trajectory.n_frames}"]
        frame = state.moment.frames.get(trajectory.name)
        if frame is not None:
            parts += [*_times(frame), f"{frame.n_atoms} atoms"]
        if lagging(state):
            parts.append("reading ...")
        failure = state.moment.failed.get(trajectory.name)
        if failure is not None:
            parts.append(failure.reason)
        chosen = state.selected(Space.FRAME)
        if len(chosen) >= 2:
            parts.append(f"plays {len(chosen)} selected frames")
        return " · ".join(parts)


def _times(frame: Frame) -> list[str]:
    """What the file says of the frame's time; nothing is guessed."""
    found: list[str] = []
    values: dict[str, Any] = {key.lower(): value for key, value in frame.info.items()}
    if isinstance(values.get("timestep"), int | float):
        found.append(f"step {values['timestep']:g}")
    if isinstance(values.get("time"), int | float):
        found.append(f"time {values['time']:g}")
    return found


def lagging(state: State) -> bool:
    """Whether the wanted frame is still to be read."""
    trajectory = state.trajectory
    if trajectory is None or trajectory.name in state.moment.failed:
        return False
    frame = state.moment.frames.get(trajectory.name)
    index = min(state.document.frame, trajectory.n_frames - 1)
    return frame is None or frame.index != trajectory.frames[index]


class _Strip(QWidget):
    """A band under the slider: dragging over it chooses frames, which are marked in it."""

    swept = Signal(int, int)  # the first and last frame under the drag; equal: a click

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(STRIP_HEIGHT)
        self.setAccessibleName("selected frames")
        self.setToolTip("Drag to choose the frames that are played; click for all")
        self._press: int | None = None
        self._drag: int | None = None
        self._n = 0
        self._chosen: Rows | None = None

    def sizeHint(self) -> QSize:
        return QSize(100, STRIP_HEIGHT)

    def show_frames(self, n: int, chosen: Rows) -> None:
        if n != self._n or chosen is not self._chosen:
            self._n, self._chosen = n, chosen
            self.update()

    def _frame_at(self, x: float) -> int:
        handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength)
        share = (x - handle / 2) / max(self.width() - handle, 1)
        return min(max(round(share * (self._n - 1)), 0), max(self._n - 1, 0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._n:
            self._press = self._drag = self._frame_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is not None:
            self._drag = self._frame_at(event.position().x())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        first, last = sorted((self._press, self._frame_at(event.position().x())))
        self._press = self._drag = None
        self.swept.emit(first, last)

    def _runs(self) -> list[tuple[int, int]]:
        """(first, last) of the marked stretches: of the drag while there is one."""
        if self._press is not None and self._drag is not None:
            first, last = sorted((self._press, self._drag))
            return [(first, last)]
        chosen = NONE if self._chosen is None else self._chosen
        parts = np.split(chosen, np.flatnonzero(np.diff(chosen) > 1) + 1)
        return [(int(part[0]), int(part[-1])) for part in parts if len(part)]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current_theme()
        handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength)
        inner = self.width() - handle
        painter.fillRect(int(handle / 2), 3, inner, STRIP_HEIGHT - 6, colour(theme.grid))
        step = inner / max(self._n - 1, 1)
        for first, last in self._runs():
            left = handle / 2 + (first - 0.5) * step
            wide = max(2.0, (last - first + 1) * step)
            painter.fillRect(QRectF(left, 2, wide, STRIP_HEIGHT - 4), colour(theme.selected))
        painter.end()
