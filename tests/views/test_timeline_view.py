"""The timeline: scrub, step, play, the strip of chosen frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QStyle, QToolButton

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.theme import current_theme
from mlipviewer.session import changes, time_changes
from mlipviewer.views.timeline import TimelineView
from mlipviewer.views.timeline.strip import BAND
from tests import made
from tests.windows import Key, Stage, click, drag, handle_of, n_like, picture, press

pytestmark = pytest.mark.window


@pytest.fixture
def timeline(stage: Callable[..., Stage]) -> Stage:
    shown = stage(TimelineView, 700, 80)
    shown.give(made.trajectory(n_frames=20))
    return shown


def view(shown: Stage) -> TimelineView:
    assert isinstance(shown.view, TimelineView)
    return shown.view


def button(shown: Stage, name: str) -> QToolButton:
    buttons = shown.view.findChildren(QToolButton)
    return next(one for one in buttons if one.accessibleName() == name)


def strip_x(shown: Stage, frame: int) -> float:
    strip = view(shown).strip
    handle = strip.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength)
    return handle / 2 + frame / 19 * (strip.width() - handle)


def marked(shown: Stage, frame: int) -> bool:
    """Whether the strip is painted as chosen at a frame."""
    x = strip_x(shown, frame)
    box = (x - 2, BAND[0], x + 2, BAND[1])
    return n_like(picture(view(shown).strip), current_theme().selected, box) > 8


def test_that_dragging_the_handle_is_one_step(timeline: Stage) -> None:
    slider, steps = view(timeline).slider, timeline.store.n_steps
    x, y = handle_of(slider)
    per_frame = (slider.width() - 20) / 19
    drag(slider, [(x, y), *((x + i * per_frame, y) for i in range(1, 8))])
    frame = timeline.settle().document.frame
    assert 5 <= frame <= 8
    assert timeline.store.n_steps == steps + 1
    assert timeline.state.moment.frames["made.xyz"].index == frame
    x, y = handle_of(slider)
    drag(slider, [(x, y), (x + 2 * per_frame, y)])
    assert timeline.settle().document.frame > frame
    assert timeline.store.n_steps == steps + 2
    timeline.store.undo()
    timeline.store.undo()
    assert timeline.settle().document.frame == 0
    assert slider.value() == 0


@pytest.mark.parametrize(
    ("name", "frame"),
    [("First frame", 0), ("Previous frame", 4), ("Next frame", 6), ("Last frame", 19)],
)
def test_that_buttons_step(timeline: Stage, name: str, frame: int) -> None:
    timeline.commit(lambda s: changes.show_frame(s, 5))
    click(button(timeline, name))
    assert timeline.settle().document.frame == frame
    assert f"frame {frame + 1} of 20" in view(timeline).label.text()
    assert view(timeline).slider.value() == frame


@pytest.mark.parametrize(
    ("key", "frame"),
    [
        (Key.Key_Left, 11),
        (Key.Key_Right, 13),
        (Key.Key_J, 2),
        (Key.Key_L, 19),
        (Key.Key_Home, 0),
        (Key.Key_End, 19),
    ],
)
def test_that_keys_step(timeline: Stage, key: Key, frame: int) -> None:
    timeline.commit(lambda s: changes.show_frame(s, 12))
    press(view(timeline).slider, key)
    assert timeline.settle().document.frame == frame


def test_that_what_the_file_says_of_the_time_is_shown(timeline: Stage) -> None:
    timeline.commit(lambda s: changes.show_frame(s, 6))
    text = view(timeline).label.text()
    assert "frame 7 of 20" in text
    assert "time 3" in text
    assert "27 atoms" in text


def test_that_playing_runs_and_pauses(timeline: Stage, qtbot: Any) -> None:
    timeline.commit(lambda s: time_changes.set_playback(s, fps=60))
    steps = timeline.store.n_steps
    click(button(timeline, "Play"))
    assert timeline.state.moment.playing

    def later() -> bool:
        timeline.session.drain()
        timeline.store.flush()
        return timeline.state.document.frame >= 3

    qtbot.waitUntil(later)
    click(button(timeline, "Play"))
    frame = timeline.settle().document.frame
    assert not timeline.state.moment.playing
    assert timeline.store.n_steps == steps + 1
    qtbot.wait(60)
    assert timeline.settle().document.frame == frame
    timeline.store.undo()
    assert timeline.settle().document.frame == 0


def test_that_the_speed_changes_while_playing(timeline: Stage) -> None:
    timeline.commit(lambda s: time_changes.play(s, True))
    for _ in range(13):
        press(view(timeline).fps, Key.Key_Up)
    assert timeline.settle().document.playback.fps == 25
    assert view(timeline)._timer.interval() == 40
    timeline.commit(lambda s: time_changes.play(s, False))


def test_that_playing_goes_over_a_frame_that_cannot_be_read(
    stage: Callable[..., Stage], qtbot: Any
) -> None:
    shown = stage(TimelineView, 700, 80)
    shown.give(made.trajectory(n_frames=6, damaged=(2,)))
    shown.commit(lambda s: time_changes.set_playback(s, fps=60))
    shown.commit(lambda s: changes.show_frame(s, 2))
    assert "frame 3: the atoms are cut" in view(shown).label.text()
    click(button(shown, "Play"))

    def later() -> bool:
        shown.session.drain()
        shown.store.flush()
        return shown.state.document.frame not in (0, 1, 2)

    qtbot.waitUntil(later)
    click(button(shown, "Play"))
    shown.settle()


def test_that_a_drag_over_the_strip_chooses_frames_and_paints_them(timeline: Stage) -> None:
    strip = view(timeline).strip
    x0, x1 = strip_x(timeline, 4), strip_x(timeline, 9)
    drag(strip, [(x0, 5), ((x0 + x1) / 2, 5), (x1, 5)])
    assert timeline.settle().selected(Space.FRAME).tolist() == [4, 5, 6, 7, 8, 9]
    assert "plays 6 selected frames" in view(timeline).label.text()
    assert [frame for frame in range(20) if marked(timeline, frame)] == [4, 5, 6, 7, 8, 9]
    click(strip, (strip_x(timeline, 15), 5))
    assert timeline.settle().selected(Space.FRAME).tolist() == []
    assert not any(marked(timeline, frame) for frame in range(20))


def test_that_frames_chosen_elsewhere_are_painted_in_parts(timeline: Stage) -> None:
    timeline.commit(lambda s: changes.select(s, Space.FRAME, rows([2, 3, 11, 16])))
    assert [frame for frame in range(20) if marked(timeline, frame)] == [2, 3, 11, 16]


def test_that_only_chosen_frames_are_played(timeline: Stage, qtbot: Any) -> None:
    timeline.commit(lambda s: changes.select(s, Space.FRAME, rows([3, 7, 8])))
    timeline.commit(lambda s: time_changes.set_playback(s, fps=60))
    seen: list[int] = []
    timeline.store.subscribe(lambda _old, new: seen.append(new.document.frame))
    click(button(timeline, "Play"))

    def enough() -> bool:
        timeline.session.drain()
        timeline.store.flush()
        return len({*seen} - {0}) >= 3

    qtbot.waitUntil(enough)
    click(button(timeline, "Play"))
    timeline.settle()
    assert {*seen} - {0} == {3, 7, 8}


def test_that_a_shorter_run_shows_its_last_frame(timeline: Stage) -> None:
    timeline.commit(lambda s: changes.show_frame(s, 17))
    timeline.commit(lambda s: s.with_document(trajectory="short.xyz"))
    timeline.store.commit(
        lambda s: changes.loaded(s, "short.xyz", made.trajectory("short.xyz", n_frames=4)), "Read"
    )
    timeline.settle()
    assert "frame 4 of 4" in view(timeline).label.text()
    assert view(timeline).slider.value() == view(timeline).slider.maximum() == 3
    click(button(timeline, "Previous frame"))
    assert timeline.settle().document.frame == 2


def test_that_without_a_trajectory_nothing_can_be_played(stage: Callable[..., Stage]) -> None:
    shown = stage(TimelineView, 700, 80)
    assert not view(shown).slider.isEnabled()
    assert not button(shown, "Play").isEnabled()
    assert "No trajectory" in view(shown).label.text()
