"""Which frame each of the shown trajectories shows, which are read ahead, and how they come in.
Pure functions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mlipviewer.analysis.atoms.series import SeriesParams
from mlipviewer.analysis.methods.times import in_order
from mlipviewer.core.analysis import Request, Result
from mlipviewer.core.plot import Array
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session.changes import shown_trajectories
from mlipviewer.session.computing import with_columns
from mlipviewer.session.playback import Lock
from mlipviewer.session.standing import alike_key
from mlipviewer.session.state import Failure, State, frozen
from mlipviewer.session.time_changes import advance

Wish = tuple[Trajectory, int]
NO_TIMES: Array = np.empty(0)
TIMES = ("Time", "time", "t", "Timestep", "timestep", "Step", "step")


def series_request(name: str) -> Request:
    """The question for all values of the frames of a trajectory."""
    return Request("series", SeriesParams(), trajectory=name)


def timeline_requests(state: State) -> tuple[Request, ...]:
    """What the timeline wants computed: the values it draws, and times to show runs in step."""
    document = state.document
    names: list[str] = []
    if document.trajectory is not None and document.playback.series:
        names.append(document.trajectory)
    shown = shown_trajectories(state)
    if len(shown) >= 2 and document.comparison.lock is Lock.TIME:
        names += [one.name for one in shown]
    loaded = (name for name in dict.fromkeys(names) if state.loaded_trajectory(name) is not None)
    return tuple(series_request(name) for name in loaded)


def columns_of(state: State, name: str) -> Mapping[str, Array]:
    """The values of a trajectory's frames, once they are read."""
    result = state.moment.results.get(series_request(name))
    return {} if not isinstance(result, Result) else result.arrays


def times_of(state: State, name: str) -> tuple[str, Array] | None:
    """(what they are called, (n_frames,) values) of the time of each frame, where all say it in
    order: in ps where the clock of the trajectory is known, else by the file's own name and unit.
    """
    trajectory = state.loaded_trajectory(name)
    if trajectory is None:
        return None
    clock = trajectory.clock
    if clock.interval is not None:
        values = np.array(trajectory.frames) * clock.interval
        return ("ps", values) if in_order(values) else None
    columns = columns_of(state, name)
    for key in TIMES:
        values = columns.get(key, NO_TIMES)
        if len(values) == trajectory.n_frames and in_order(values):
            return ("ps" if clock.known and key == TIMES[0] else key.lower()), values
    return None


def frame_of(state: State, name: str) -> int:
    """The frame that a trajectory shows when the shown one is at the state's: of the same number,
    nearest in time, as far along, or most alike. Where that is not known, numbers count."""
    trajectory, first = state.loaded_trajectory(name), state.trajectory
    if trajectory is None or first is None or name == state.document.trajectory:
        return state.frame
    last, lock = trajectory.n_frames - 1, state.document.comparison.lock
    if lock is Lock.SHARE and first.n_frames > 1:
        return round(state.frame / (first.n_frames - 1) * last)
    alike = state.moment.alike.get(alike_key(state, name)) if lock is Lock.LIKENESS else None
    if alike is not None:
        return int(alike[state.frame])
    if lock is Lock.TIME:
        found = _at_same_time(state, name)
        if found is not None:
            return found
    return min(state.document.frame, last)


def _at_same_time(state: State, name: str) -> int | None:
    one = times_of(state, state.document.trajectory or "")
    other = times_of(state, name)
    if one is None or other is None or one[0] != other[0]:
        return None
    times, wanted = other[1], one[1][state.frame]
    after = int(np.searchsorted(times, wanted))
    near = [i for i in (after - 1, after) if 0 <= i < len(times)]
    return min(near, key=lambda i: abs(times[i] - wanted))


def without_time(state: State, name: str) -> bool:
    """Whether a trajectory should be shown by time, and is shown by number for want of one."""
    if state.document.comparison.lock is not Lock.TIME or name == state.document.trajectory:
        return False
    return _at_same_time(state, name) is None


def wanted_frames(state: State) -> Mapping[str, Wish]:
    """By trajectory name, the loaded trajectory and the index of the frame to show."""
    wanted = {}
    for one in shown_trajectories(state):
        trajectory = state.loaded_trajectory(one.name)
        if trajectory is not None and trajectory.n_frames:
            computing = with_columns(trajectory, state.document.computed)
            wanted[one.name] = (computing, frame_of(state, one.name))
    return wanted


def lagging_names(state: State) -> tuple[str, ...]:
    """The trajectories whose wanted frame is not the one that is shown."""
    shown = state.moment.frames
    return tuple(
        name
        for name, (trajectory, index) in wanted_frames(state).items()
        if name not in shown
        or shown[name].index != trajectory.frames[index]
        or shown[name].computed != state.document.computed
    )


def lagging(state: State) -> bool:
    """Whether a wanted frame is still to be read."""
    return any(name not in state.moment.failed for name in lagging_names(state))


def frames_ahead(state: State, n: int) -> list[Wish]:
    """The frames that playing will show in its next `n` pictures."""
    ahead: list[Wish] = []
    at = state
    for _ in range(n):
        stride = at.moment.pace.stride
        at = advance(at, stride, stride)
        ahead += wanted_frames(at).values()
    return ahead


def add_frames(
    state: State, found: Mapping[str, Frame], wanted: Mapping[str, tuple[Trajectory, int]]
) -> State:
    """The frames of the shown trajectories; an old one stays until the new one is read."""
    shown = state.moment.frames
    kept = {name: found.get(name, shown.get(name)) for name in wanted}
    frames = {name: frame for name, frame in kept.items() if frame is not None}
    same = frames.keys() == shown.keys() and all(frames[n] is shown[n] for n in frames)
    return state if same else state.with_moment(frames=frozen(frames))


def add_unread(state: State, unread: Mapping[str, Failure]) -> State:
    """Why shown frames cannot be read; of other loaded trajectories nothing has failed."""
    old = state.moment.failed
    kept = {name: why for name, why in old.items() if state.loaded_trajectory(name) is None}
    new = {**kept, **unread}
    return state if new == old else state.with_moment(failed=frozen(new))
