"""Runs side by side in step by times in ps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlipviewer.core.analysis import Result
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session import changes, time_changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.moments import frame_of, series_request, times_of, without_time
from mlipviewer.session.playback import Lock
from mlipviewer.session.state import State, frozen
from tests import made


@pytest.fixture
def pair() -> State:
    state = State()
    for name, n in (("a.xyz", 8), ("b.xyz", 15)):
        one = Input(name, f"/{name}", Kind.TRAJECTORY)
        state = changes.add_loaded(state, one, made.trajectory(name, n_frames=n))
    state = time_changes.show_beside(state, ("a.xyz", "b.xyz"))
    state = changes.show_frame(changes.show_trajectory(state, "a.xyz"), 4)
    return time_changes.set_comparison(state, lock=Lock.TIME)


def with_clock(state: State, name: str, clock: Clock) -> State:
    run = state.moment.loaded[name]
    assert isinstance(run, Trajectory)
    loaded = {**state.moment.loaded, name: replace(run, clock=clock)}
    return state.with_moment(loaded=frozen(loaded))


def with_values(state: State, name: str, **values: list[float]) -> State:
    arrays = {one: np.array(found) for one, found in values.items()}
    return state.with_moment(results=frozen({series_request(name): Result(arrays=arrays)}))


def test_that_times_are_compared_in_ps(pair: State) -> None:
    timed = with_clock(pair, "a.xyz", Clock(Source.USER, interval=1.0))
    both = with_clock(timed, "b.xyz", Clock(Source.FILE, interval=0.4))
    found = times_of(both, "a.xyz")
    assert found is not None
    assert found[0] == "ps"
    assert frame_of(both, "b.xyz") == 10  # no value of any frame had to be read
    by_values = with_clock(timed, "b.xyz", Clock(Source.FILE, key="Time", factor=1.0))
    by_values = with_values(by_values, "b.xyz", Time=[0.4 * i for i in range(15)])
    assert frame_of(by_values, "b.xyz") == 10


def test_that_a_time_without_a_unit_is_not_compared_with_ps(pair: State) -> None:
    timed = with_clock(pair, "a.xyz", Clock(Source.USER, interval=1.0))
    odd = with_values(timed, "b.xyz", Time=[0.4 * i for i in range(15)])
    assert (frame_of(odd, "b.xyz"), without_time(odd, "b.xyz")) == (4, True)
