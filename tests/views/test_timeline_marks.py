"""The timeline: the played range, bookmarks, values under the bar, its menus and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QMenu, QToolButton

from mlipviewer.core.plot import Space
from mlipviewer.gui.colours import categorical
from mlipviewer.gui.theme import current_theme
from mlipviewer.session import changes, time_changes
from mlipviewer.session.playback import Around, Label, Lock
from mlipviewer.views.timeline import TimelineView
from mlipviewer.views.timeline.values import HEIGHT
from tests import made
from tests.windows import Key, Stage, choose_in_menu, click, drag, n_like, picture, press

pytestmark = pytest.mark.window
N = 20


@pytest.fixture
def timeline(stage: Callable[..., Stage]) -> Stage:
    shown = stage(TimelineView, 900, 130)
    shown.give(made.trajectory(n_frames=N))
    return shown


def view(shown: Stage) -> TimelineView:
    assert isinstance(shown.view, TimelineView)
    return shown.view


def menu_of(shown: Stage, name: str) -> QMenu:
    buttons = shown.view.findChildren(QToolButton)
    menu = next(one for one in buttons if one.accessibleName() == name).menu()
    assert isinstance(menu, QMenu)
    return menu


def near_flag(shown: Stage, frame: int) -> tuple[float, float, float, float]:
    x = view(shown).strip.x_of(frame)
    return x - 3, 0, x + 3, 5


def test_that_a_handle_dragged_is_one_step_and_limits_playing(timeline: Stage) -> None:
    strip, steps = view(timeline).strip, timeline.store.n_steps
    drag(strip, [(strip.x_of(0) - 3, 8), (strip.x_of(2), 8), (strip.x_of(5), 8)])
    drag(strip, [(strip.x_of(19) + 3, 8), (strip.x_of(15), 8), (strip.x_of(11), 8)])
    state = timeline.settle()
    assert time_changes.range_of(state) == (5, 11)
    assert timeline.store.n_steps == steps + 2
    assert len(state.selected(Space.FRAME)) == 0
    assert "plays 6 to 12" in view(timeline).label.text()
    timeline.store.undo()
    timeline.store.undo()
    assert time_changes.range_of(timeline.settle()) == (0, 19)


def test_that_what_is_not_played_looks_faint(timeline: Stage) -> None:
    strip = view(timeline).strip
    inside = (strip.x_of(1), 6, strip.x_of(4), 10)
    before = n_like(picture(strip), current_theme().grid, inside, near=3)
    timeline.commit(lambda s: time_changes.set_range(s, 6, 12))
    assert before > 50
    assert n_like(picture(strip), current_theme().grid, inside, near=3) == 0


def test_that_bookmarks_are_painted_and_clicked(timeline: Stage) -> None:
    strip = view(timeline).strip
    timeline.commit(lambda s: time_changes.toggle_bookmark(changes.show_frame(s, 12)))
    timeline.commit(lambda s: changes.show_frame(s, 3))
    blue = QColor(*categorical(0)).name()
    assert n_like(picture(strip), blue, near_flag(timeline, 12)) > 5
    assert n_like(picture(strip), blue, near_flag(timeline, 3)) == 0
    click(strip, (strip.x_of(12), 2))
    assert timeline.settle().frame == 12
    assert "Bookmark 1" in view(timeline).label.text()
    press(view(timeline).slider, Key.Key_B)
    assert timeline.settle().document.bookmarks == ()


@pytest.mark.parametrize(("key", "frame"), [(Key.Key_0, 0), (Key.Key_5, 10), (Key.Key_9, 17)])
def test_that_digits_go_to_tenths(timeline: Stage, key: Key, frame: int) -> None:
    timeline.commit(lambda s: changes.show_frame(s, 3))
    press(view(timeline).slider, key)
    assert timeline.settle().frame == frame


def test_that_keys_begin_and_end_the_range(timeline: Stage) -> None:
    timeline.commit(lambda s: changes.show_frame(s, 4))
    press(view(timeline).slider, Key.Key_I)
    timeline.commit(lambda s: changes.show_frame(s, 9))
    press(view(timeline).slider, Key.Key_O)
    assert time_changes.range_of(timeline.settle()) == (4, 9)


def test_that_a_value_is_drawn_under_the_bar_and_clicked(timeline: Stage) -> None:
    values = view(timeline).values
    assert not values.isVisible()
    choose_in_menu(menu_of(timeline, "Values"), "energy")
    state = timeline.settle()
    assert state.document.playback.series == "energy"
    assert values.isVisible()
    assert values.values is not None
    run = timeline.state.trajectory
    assert run is not None
    assert values.values.tolist() == [run.info(i)["energy"] for i in range(N)]
    box = (0, 12, values.width(), HEIGHT)
    assert n_like(picture(values), current_theme().point, box) > 200
    click(values, (view(timeline).strip.x_of(14), 20))
    assert timeline.settle().frame == 14
    strip = view(timeline).strip
    drag(values, [(strip.x_of(3), 20), (strip.x_of(5), 20), (strip.x_of(7), 20)])
    assert timeline.settle().selected(Space.FRAME).tolist() == [3, 4, 5, 6, 7]
    choose_in_menu(menu_of(timeline, "Values"), "None")
    timeline.settle()
    assert not values.isVisible()


def test_that_the_menus_say_how_to_play_and_what_is_told(timeline: Stage) -> None:
    timeline.commit(lambda s: changes.show_frame(s, 6))
    choose_in_menu(menu_of(timeline, "Playing"), "There and back")
    choose_in_menu(menu_of(timeline, "Playing"), "Every 5th")
    choose_in_menu(menu_of(timeline, "Playing"), "2 x")
    choose_in_menu(menu_of(timeline, "Playing"), "Selected frames only")
    assert not timeline.settle().document.playback.chosen_only
    choose_in_menu(menu_of(timeline, "Playing"), "Time (ps, where it is known)")
    playback = timeline.settle().document.playback
    assert (playback.around, playback.every, playback.speed) == (Around.ROCK, 5, 2.0)
    assert playback.label is Label.TIME
    assert view(timeline).label.text().startswith("time 3 · frame 7 of 20")
    choose_in_menu(menu_of(timeline, "Playing"), "Timestep")
    timeline.settle()
    assert view(timeline).label.text().startswith("no timestep in the file · frame 7")


def test_that_open_trajectories_are_chosen_put_beside_and_closed(timeline: Stage) -> None:
    timeline.give(made.trajectory("other.xyz", n_frames=5))
    name = view(timeline).name_button
    assert name.text() == "other.xyz"
    choose_in_menu(menu_of(timeline, "Trajectories"), "made.xyz")
    assert timeline.settle().document.trajectory == "made.xyz"

    def beside(title: str) -> None:
        menu = menu_of(timeline, "Trajectories")
        menu.aboutToShow.emit()
        found = [action for action in menu.actions() if action.text() == title]
        found[-1].trigger()  # the first of that title shows it alone
        timeline.settle()

    beside("other.xyz")
    state = timeline.state
    assert [one.name for one in changes.shown_trajectories(state)] == ["made.xyz", "other.xyz"]
    assert set(state.moment.frames) == {"made.xyz", "other.xyz"}
    beside("By fraction of the run")
    beside("Same camera")
    comparison = timeline.state.document.comparison
    assert (comparison.lock, comparison.free_cameras) == (Lock.SHARE, True)
    beside("Copy the path")
    assert QGuiApplication.clipboard().text() == "/made/made.xyz"
    beside("Close made.xyz")
    assert timeline.state.document.trajectory == "other.xyz"
    assert [one.name for one in timeline.state.document.inputs] == ["other.xyz"]


def test_that_playing_backwards_and_left_out_frames_are_seen(timeline: Stage, qtbot: Any) -> None:
    timeline.commit(lambda s: time_changes.set_playback(changes.show_frame(s, 10), fps=60))
    click(view(timeline).back_button)
    assert timeline.state.moment.pace.backwards

    def back() -> bool:
        timeline.session.drain()
        timeline.store.flush()
        return timeline.state.frame <= 7

    qtbot.waitUntil(back)
    click(view(timeline).back_button)
    assert not timeline.settle().moment.playing
    timeline.commit(lambda s: time_changes.advance(s, 5))
    assert "left out to keep time" in view(timeline).label.text()
