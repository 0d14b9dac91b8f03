"""The timeline: play, step and scrub; what the shown frame is called; which frames are played."""

from __future__ import annotations

import time
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import NONE, rows
from mlipviewer.gui.carrying import DragHandle
from mlipviewer.gui.gestures import rows_text
from mlipviewer.gui.icons import transport_icon
from mlipviewer.gui.keys import KeysTold, LocalKeys
from mlipviewer.gui.menus import menu_button
from mlipviewer.gui.plain import ShortLabel
from mlipviewer.gui.view import View
from mlipviewer.session import changes, time_changes
from mlipviewer.session.actions.action import Where
from mlipviewer.session.actions.timeline import FAR
from mlipviewer.session.events import (
    current_event,
    event_near,
    event_words,
    of_selection,
    show_event,
    shown_source,
)
from mlipviewer.session.moments import columns_of, lagging
from mlipviewer.session.playback import Bookmark, Clock
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.timeline.carried import carried_frame
from mlipviewer.views.timeline.events import EventsStrip, Marked
from mlipviewer.views.timeline.menus import TimelineMenus
from mlipviewer.views.timeline.strip import LOW, Shown, Strip
from mlipviewer.views.timeline.values import ValuesStrip
from mlipviewer.views.timeline.words import EMPTY, frame_words, status_words

ICON = "transport"  # the property that says which icon a button has
FASTEST_MS = 15  # between looks at the clock
TRANSPORT = (
    ("First frame", "first", -FAR),
    ("Previous frame", "previous", -1),
    ("Play backwards", "back", 0),
    ("Play", "play", 0),
    ("Next frame", "next", 1),
    ("Last frame", "last", FAR),
)
TRANSPORT_KEYS = {
    "first": ("time.first", "time.first.key"),
    "previous": ("time.previous", "time.previous.key"),
    "back": ("time.back",),
    "play": ("time.play",),
    "next": ("time.next", "time.next.key"),
    "last": ("time.last", "time.last.key"),
}


class TimelineView(View, QWidget):
    """Controls of the shown trajectory. Playing keeps time: frames that come late are left out."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("frame")
        self.play_button, self.back_button = QToolButton(), QToolButton()
        self.fps = Number(1, 60, " fps")
        self.fps.setAccessibleName("frames per second")
        self.label = ShortLabel(EMPTY)
        self.strip = Strip(lambda frame: frame_words(store.state, frame))
        self.values = ValuesStrip()
        self.events = EventsStrip(partial(words_near, store))
        self.menus = TimelineMenus(self, store)
        self.name_button = menu_button(
            "Trajectories", "Which of the open trajectories show", self.menus.fill_trajectories
        )
        self.handle = DragHandle("the shown frame", store, lambda: carried_frame(store.state))
        self._buttons: list[QToolButton] = []
        self._clock = Clock()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._lay_out()
        LocalKeys(self, Where.TIMELINE, store, {})
        self._connect()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(2)
        for name, icon, step in TRANSPORT:
            bar.addWidget(self._transport(name, icon, step))
        self._draw_icons()
        middle = QVBoxLayout()
        middle.setSpacing(0)
        for widget in (self.slider, self.strip, self.events, self.values):
            middle.addWidget(widget)
        bar.addLayout(middle, 1)
        bar.addWidget(self.fps)
        menus = self.menus
        for title, tip, fill in (
            ("Playing", "Loop, speed, range, labels", menus.fill_playing),
            ("Values", "A value of the frames under the bar", menus.fill_values),
            ("Marks", "Bookmarks", menus.fill_marks),
        ):
            bar.addWidget(menu_button(title, tip, fill))
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.name_button)
        below.addWidget(self.handle)
        below.addWidget(self.label, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 2, 6, 2)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addLayout(below)
        self.values.hide()
        self.events.hide()
        # room beyond what it needs belongs to the other panels
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _transport(self, name: str, icon: str, step: int) -> QToolButton:
        own = {"play": self.play_button, "back": self.back_button}
        button = own.get(icon) or QToolButton()
        button.setProperty(ICON, icon)
        KeysTold(button, name, *TRANSPORT_KEYS[icon])
        button.setAccessibleName(name)
        button.setAutoRaise(True)
        if step:
            button.clicked.connect(lambda _=False, by=step: self._step(by))
        self._buttons.append(button)
        return button

    def _draw_icons(self) -> None:
        for button in self._buttons:
            button.setIcon(transport_icon(button.property(ICON)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def _connect(self) -> None:
        self.play_button.clicked.connect(lambda: self._toggle(backwards=False))
        self.back_button.clicked.connect(lambda: self._toggle(backwards=True))
        self.fps.chosen.connect(self._set_fps)
        self.slider.sliderMoved.connect(self._scrub)
        self.slider.sliderReleased.connect(self.store.end_merge)
        self.slider.actionTriggered.connect(
            lambda _action: self._scrub(self.slider.sliderPosition())
        )
        for strip in (self.strip, self.values):
            strip.swept.connect(self._sweep)
        self.values.clicked.connect(self._jump)
        self.events.clicked.connect(self._show_event)
        self.strip.ranged.connect(self._set_range)
        self.strip.mark_clicked.connect(self.menus.go_to)
        self.strip.menu_wanted.connect(self._show_menu)

    # -- what the user does ----------------------------------------------------------------

    def _step(self, by: int) -> None:
        self.store.commit(lambda s: changes.show_frame(s, s.frame + by), "Step to frame", "step")

    def _scrub(self, index: int) -> None:
        self.store.commit(lambda s: changes.show_frame(s, index), "Scrub", "scrub")

    def _jump(self, index: int) -> None:
        self.store.commit(lambda s: changes.show_frame(s, index), f"Show frame {index + 1}")

    def _show_event(self, low: float, high: float) -> None:
        source = shown_source(self.store.state)
        number = None if source is None else event_near(self.store.state, source, low, high)
        if source is not None and number is not None:
            words = event_words(source.events, number)
            self.store.commit(lambda s: show_event(s, source, number), f"Show {words}")

    def _sweep(self, first: int, last: int) -> None:
        chosen = rows(np.arange(first, last + 1)) if last > first else NONE
        label = f"Select {rows_text(Space.FRAME, chosen)}"
        self.store.commit(lambda s: changes.select(s, Space.FRAME, chosen), label)

    def _set_range(self, handle: str, frame: int, done: bool) -> None:
        def limited(state: State) -> State:
            low, high = time_changes.range_of(state)
            ends = (min(frame, high), high) if handle == LOW else (low, max(frame, low))
            return time_changes.set_range(state, *ends)

        self.store.commit(limited, "Set the played range", f"range {handle}")
        if done:
            self.store.end_merge()

    def _set_fps(self, fps: int) -> None:
        change = partial(time_changes.set_playback, fps=fps)
        self.store.commit(change, f"Play {fps} frames a second", "fps")

    def _toggle(self, backwards: bool) -> None:
        self.store.commit(lambda s: time_changes.toggle_play(s, backwards), "Play")
        self.store.end_merge()

    def _tick(self) -> None:
        """As many frames on as are due by the clock, unless the last one is still being read."""
        state = self.store.state
        rate = state.document.playback.rate
        steps = self._clock.due(time.monotonic(), rate, lagging(state)) if self._plays else 0
        if steps:
            stride = self._clock.stride
            self.store.commit(lambda s: time_changes.advance(s, steps, stride), "Play", "play")

    @property
    def _plays(self) -> bool:
        return self.store.state.moment.playing

    def _show_menu(self, mark: Bookmark | None, at: QPoint) -> None:
        menu = QMenu(self)
        if mark is not None:
            self.menus.fill_mark(menu, mark)
        else:
            self.menus.fill_marks(menu)
        menu.exec(at)

    # -- what is shown ---------------------------------------------------------------------

    def show_state(self, _old: State | None, new: State) -> None:
        trajectory = new.trajectory
        n = trajectory.n_frames if trajectory is not None else 0
        for widget in (self.slider, self.strip, self.values, self.handle, *self._buttons):
            widget.setEnabled(trajectory is not None)
        self.slider.setRange(0, max(0, n - 1))
        if not self.slider.isSliderDown():
            self.slider.setValue(new.frame)
        self._show_strips(new, n)
        self._show_playing(new)
        names = time_changes.trajectory_names(new)
        self.name_button.setVisible(bool(names))
        self.name_button.setText(_short(new.document.trajectory or "Trajectories"))
        self.label.setText(status_words(new))

    def _show_strips(self, state: State, n: int) -> None:
        low, high = time_changes.range_of(state)
        marks, events = time_changes.bookmarks_of(state), time_changes.events_of(state)
        chosen = state.selected(Space.FRAME)
        self.strip.show_frames(Shown(n, chosen, low, high, marks, events))
        self._show_events(state, n)
        name = state.document.playback.series
        self.values.setVisible(bool(name) and n > 0)
        if name and n:
            columns = columns_of(state, state.document.trajectory or "")
            self.values.show_values(name, columns.get(name), state.frame)

    def _show_events(self, state: State, n: int) -> None:
        source = shown_source(state) if n else None
        some = source is not None and len(source.events) > 0
        self.events.setVisible(some)
        if source is not None and some:
            of_selected = of_selection(state, source.events)
            shown = current_event(state, source)
            self.events.show_events(Marked(n, source.events, of_selected, shown))

    def _show_playing(self, state: State) -> None:
        playing, backwards = state.moment.playing, state.moment.pace.backwards
        icons = {
            self.play_button: "pause" if playing and not backwards else "play",
            self.back_button: "pause" if playing and backwards else "back",
        }
        for button, icon in icons.items():
            if button.property(ICON) != icon:
                button.setProperty(ICON, icon)
                self._draw_icons()
        playback = state.document.playback
        self.fps.show_value(playback.fps)
        interval = max(round(1000 / playback.rate), FASTEST_MS)
        if playing and not self._timer.isActive():
            self._clock.start(time.monotonic())
            self._timer.start(interval)
        elif not playing:
            self._timer.stop()
        elif self._timer.interval() != interval:
            self._timer.setInterval(interval)


class Number(QSpinBox):
    """A number that says when the user, and nobody else, has chosen another."""

    chosen = Signal(int)

    def __init__(self, low: int, high: int, suffix: str) -> None:
        super().__init__(minimum=low, maximum=high, suffix=suffix)
        self.setKeyboardTracking(False)
        self._told = low
        self.editingFinished.connect(self._tell)

    def show_value(self, value: int) -> None:
        self._told = value
        if not self.lineEdit().isModified():
            self.setValue(value)

    def stepBy(self, steps: int) -> None:
        super().stepBy(steps)
        self._tell()

    def _tell(self) -> None:
        self.lineEdit().setModified(False)
        if self.value() != self._told:
            self._told = self.value()
            self.chosen.emit(self.value())


def words_near(store: Store, low: float, high: float) -> list[str]:
    """What is told of the events in some frames."""
    source = shown_source(store.state)
    if source is None:
        return []
    events = source.events
    there = np.flatnonzero((events.begin <= high) & (events.end >= low))
    told = [event_words(events, number) for number in there[:5].tolist()]
    more = [f"... {len(there):,} events"] if len(there) > len(told) else []
    return [*told, *more, "Click shows an event"] if told else ["Events: click a mark"]


def _short(name: str, most: int = 40) -> str:
    """The end of a long name says most."""
    return name if len(name) <= most else f"... {name[-most:]}"
