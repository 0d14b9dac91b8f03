"""Playing: the clock, the ends, the range, bookmarks, and runs in step."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.core.analysis import Result
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import Note, Place
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session import changes, time_changes
from mlipviewer.session.closing import close_input
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.moments import (
    frame_of,
    lagging,
    series_request,
    timeline_requests,
    wanted_frames,
    without_time,
)
from mlipviewer.session.playback import Around, Bookmark, Clock, Lock
from mlipviewer.session.state import State, frozen
from tests import made


def opened(state: State, name: str, n_frames: int) -> State:
    one = Input(name, f"/{name}", Kind.TRAJECTORY)
    return changes.add_loaded(state, one, made.trajectory(name, n_frames=n_frames))


@pytest.fixture
def state() -> State:
    return opened(State(), "a.xyz", 8)


def played(state: State, n: int, steps: int = 1) -> list[int]:
    """The frames that `n` pictures show."""
    found = []
    for _ in range(n):
        state = time_changes.advance(state, steps)
        found.append(state.frame)
    return found


# --- the clock ---------------------------------------------------------------------------------


def test_that_in_time_every_frame_is_shown() -> None:
    clock = Clock()
    clock.start(100.0)
    steps = [clock.due(100.0 + i * 0.0833, 12, lagging=False) for i in range(1, 121)]
    assert steps == [1] * 120


def test_that_a_look_before_time_shows_nothing() -> None:
    clock = Clock()
    clock.start(0.0)
    assert [clock.due(t, 10, lagging=False) for t in (0.01, 0.02, 0.11)] == [0, 0, 1]


@pytest.mark.parametrize("reading", [0.3, 0.55, 1.2])
def test_that_slow_reading_leaves_frames_out_and_keeps_time(reading: float) -> None:
    """Each frame takes `reading` s to come; at 10 a second, 30 s are 300 frames."""
    clock, now, frame, shown = Clock(), 0.0, 0, 0
    clock.start(now)
    ready = now
    while now < 30.0:
        now += 0.1
        steps = clock.due(now, 10, lagging=now < ready)
        if steps:
            frame, ready, shown = frame + steps, now + reading, shown + 1
    assert abs(frame - 300) <= 10 * reading + 5
    assert 0.5 * 30 / reading < shown <= 30 / reading + 2


def test_that_once_reading_is_quick_again_no_frame_is_left_out() -> None:
    clock = Clock()
    clock.start(0.0)
    clock.due(0.5, 10, lagging=True)
    assert clock.due(0.5, 10, lagging=False) == 5
    steps = [clock.due(0.5 + 0.1 * i, 10, lagging=False) for i in range(1, 200)]
    assert set(steps[-20:]) == {1}
    assert abs(sum(steps) - 199) <= 3


# --- the ends ----------------------------------------------------------------------------------


def test_that_around_goes_on_at_the_beginning(state: State) -> None:
    state = time_changes.play(changes.show_frame(state, 6), True)
    assert played(state, 4) == [7, 0, 1, 2]
    assert played(state, 2, steps=3) == [1, 4]


def test_that_backwards_goes_on_at_the_end(state: State) -> None:
    state = time_changes.play(changes.show_frame(state, 1), True, backwards=True)
    assert played(state, 3) == [0, 7, 6]


def test_that_once_pauses_at_the_end_and_begins_anew(state: State) -> None:
    state = time_changes.set_playback(state, around=Around.ONCE)
    state = time_changes.play(changes.show_frame(state, 6), True)
    state = time_changes.advance(state, 1)
    assert (state.frame, state.moment.playing) == (7, True)
    state = time_changes.advance(state, 1)
    assert (state.frame, state.moment.playing) == (7, False)
    again = time_changes.play(state, True)
    assert (again.frame, again.moment.playing) == (0, True)


def test_that_there_and_back_turns_at_both_ends(state: State) -> None:
    state = time_changes.set_playback(state, around=Around.ROCK)
    state = time_changes.play(changes.show_frame(state, 5), True)
    assert played(state, 11) == [6, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2]
    assert played(state, 5, steps=3) == [6, 3, 0, 3, 6]


def test_that_one_frame_plays_in_every_way() -> None:
    for around in Around:
        state = time_changes.set_playback(opened(State(), "one.xyz", 1), around=around)
        assert played(time_changes.play(state, True), 2) == [0, 0]


def test_that_frames_left_out_are_counted_anew_each_time(state: State) -> None:
    state = time_changes.play(state, True)
    state = time_changes.advance(time_changes.advance(state, 3), 2)
    assert state.moment.pace.dropped == 3
    state = time_changes.play(time_changes.play(state, False), True)
    assert state.moment.pace.dropped == 0


def test_that_every_third_frame_of_the_range_is_played(state: State) -> None:
    state = time_changes.set_range(time_changes.set_playback(state, every=3), 1, 7)
    assert played(time_changes.play(state, True), 4) == [1, 4, 7, 1]
    chosen = changes.select(state, Space.FRAME, rows([0, 1, 2, 3, 5, 6, 7]))
    assert played(time_changes.play(chosen, True), 3) == [1, 5, 1]


def test_that_a_long_run_is_advanced_without_listing_its_frames(state: State) -> None:
    source = made.FramesInMemory(made.made_frames(1))
    long = Trajectory("long", source, range(10**9))
    state = state.with_moment(loaded=frozen({"a.xyz": long}))
    assert played(time_changes.play(changes.show_frame(state, 10**8), True), 1) == [10**8 + 1]


# --- the range ---------------------------------------------------------------------------------


def test_that_the_range_stays_within_the_run_and_whole_is_no_range(state: State) -> None:
    state = time_changes.set_range(state, 12, 5)
    assert time_changes.range_of(state) == (5, 7)
    assert dict(time_changes.clear_range(state).document.ranges) == {}
    assert time_changes.range_of(time_changes.clear_range(state)) == (0, 7)


def test_that_the_range_begins_and_ends_at_the_shown_frame(state: State) -> None:
    state = time_changes.begin_range(changes.show_frame(state, 3))
    state = time_changes.end_range(changes.show_frame(state, 5))
    assert time_changes.range_of(state) == (3, 5)
    assert time_changes.range_of(time_changes.begin_range(changes.show_frame(state, 6))) == (6, 6)


# --- bookmarks ---------------------------------------------------------------------------------


def test_that_bookmarks_are_set_gone_through_and_taken_away(state: State) -> None:
    for frame in (2, 6):
        state = time_changes.toggle_bookmark(changes.show_frame(state, frame))
    names = [(one.name, one.frame, one.colour) for one in time_changes.bookmarks_of(state)]
    assert names == [("Bookmark 1", 2, 0), ("Bookmark 2", 6, 1)]
    state = changes.show_frame(state, 3)
    assert time_changes.next_bookmark(state).frame == 6
    assert time_changes.next_bookmark(time_changes.next_bookmark(state)).frame == 2
    assert time_changes.next_bookmark(state, -1).frame == 2
    gone = time_changes.toggle_bookmark(changes.show_frame(state, 2))
    assert [one.frame for one in time_changes.bookmarks_of(gone)] == [6]
    mark = time_changes.bookmarks_of(gone)[0]
    named = time_changes.change_bookmark(gone, mark, Bookmark("a.xyz", 6, "nucleus", 3))
    assert time_changes.bookmarks_of(named)[0].name == "nucleus"


def test_that_a_closed_trajectory_leaves_nothing_of_time(state: State) -> None:
    state = opened(opened(state, "b.xyz", 4), "c.xyz", 4)
    state = changes.show_trajectory(state, "a.xyz")
    state = time_changes.toggle_bookmark(time_changes.set_range(state, 1, 3))
    state = time_changes.show_beside(state, ("a.xyz", "b.xyz", "c.xyz"))
    document = close_input(state, "a.xyz").document
    assert (document.bookmarks, dict(document.ranges)) == ((), {})
    assert document.comparison.names == ("b.xyz", "c.xyz")
    assert close_input(close_input(state, "a.xyz"), "b.xyz").document.comparison.names == ()


def test_that_what_the_reader_noticed_of_frames_is_told(state: State) -> None:
    notes = (Note("cut", Place("x", frame=3)), Note("guess"), Note("late", Place("x", frame=99)))
    source = made.FramesInMemory(made.made_frames(), notes=notes)
    part = Trajectory.whole("a.xyz", source, slice(2, None, 2))
    state = state.with_moment(loaded=frozen({"a.xyz": part}))
    assert time_changes.events_of(state) == ((0, "cut"),)


# --- side by side ------------------------------------------------------------------------------


@pytest.fixture
def pair(state: State) -> State:
    state = changes.show_trajectory(opened(state, "b.xyz", 15), "a.xyz")
    return time_changes.show_beside(state, ("a.xyz", "b.xyz"))


def test_that_trajectories_stand_side_by_side_without_models(pair: State) -> None:
    assert [one.name for one in changes.shown_trajectories(pair)] == ["a.xyz", "b.xyz"]
    alone = time_changes.toggle_beside(pair, "b.xyz")
    assert [one.name for one in changes.shown_trajectories(alone)] == ["a.xyz"]
    again = time_changes.toggle_beside(alone, "b.xyz")
    assert [one.name for one in changes.shown_trajectories(again)] == ["a.xyz", "b.xyz"]


def test_that_five_are_too_many(state: State) -> None:
    names = ("a.xyz", "b", "c", "d", "e")
    for name in names[1:]:
        state = opened(state, name, 3)
    state = time_changes.show_beside(state, names)
    assert state.document.comparison.names == names[:4]
    assert state.document.trajectory == "a.xyz"


@pytest.mark.parametrize(("lock", "frame"), [(Lock.FRAME, 3), (Lock.SHARE, 6)])
def test_that_runs_are_in_step(pair: State, lock: Lock, frame: int) -> None:
    pair = time_changes.set_comparison(changes.show_frame(pair, 3), lock=lock)
    assert frame_of(pair, "b.xyz") == frame
    assert {name: index for name, (_, index) in wanted_frames(pair).items()} == {
        "a.xyz": 3,
        "b.xyz": frame,
    }
    assert lagging(pair)


def with_times(state: State, **times: list[float]) -> State:
    results = {
        series_request(f"{name}.xyz"): Result(arrays={"Time": np.array(values)})
        for name, values in times.items()
    }
    return state.with_moment(results=frozen(results))


def test_that_runs_are_in_step_by_their_times(pair: State) -> None:
    pair = time_changes.set_comparison(pair, lock=Lock.TIME)
    assert timeline_requests(pair) == (series_request("a.xyz"), series_request("b.xyz"))
    assert without_time(pair, "b.xyz")  # not read yet
    a, b = [float(2 * i) for i in range(8)], [0.9 * i for i in range(15)]
    timed = changes.show_frame(with_times(pair, a=a, b=b), 5)
    assert frame_of(timed, "b.xyz") == 11  # 10.0 lies nearest to 9.9
    assert not without_time(timed, "b.xyz")
    beyond = changes.show_frame(timed, 7)
    assert frame_of(beyond, "b.xyz") == 14


def test_that_without_times_the_number_counts(pair: State) -> None:
    pair = time_changes.set_comparison(changes.show_frame(pair, 3), lock=Lock.TIME)
    odd = with_times(pair, a=[float(i) for i in range(8)], b=[1.0, np.nan] + [2.0] * 13)
    assert (frame_of(odd, "b.xyz"), without_time(odd, "b.xyz")) == (3, True)


def test_that_selected_frames_need_not_be_played_alone(state: State) -> None:
    state = changes.select(state, Space.FRAME, rows([2, 5, 6]))
    assert list(time_changes.playable_frames(state)) == [2, 5, 6]
    state = time_changes.set_playback(state, chosen_only=False)
    assert list(time_changes.playable_frames(state)) == list(range(8))
    assert played(state, 3) == [1, 2, 3]
