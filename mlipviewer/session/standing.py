"""Work that the looks of atoms ask for: a frame to count displacements from, a column's range."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np

from mlipviewer.core.columns import finite_range, numbers_of
from mlipviewer.core.differences import DISPLACED
from mlipviewer.core.likeness import most_alike
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session.changes import shown_trajectories
from mlipviewer.session.colourings import coloured, colourings_of
from mlipviewer.session.computing import ComputedSource, behind
from mlipviewer.session.jobs import Jobs
from mlipviewer.session.playback import Lock
from mlipviewer.session.state import Colouring, RangePolicy, State, frozen

Ends = tuple[float, float]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Standing:
    """Work wanted as long as the state asks for it; `land(state, value)` brings it in."""

    title: str
    work: Callable[[Progress], Any]
    land: Callable[[State, Any], State]


class StandingJobs:
    """Begins what the looks of atoms need, stops what they need no longer; what failed stays."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._begun: dict[Hashable, int] = {}

    def begin(self) -> None:
        """Forget all of the session before."""
        self._begun.clear()

    def keep(self, state: State, landings: dict[int, Any]) -> None:
        wanted = standing_work(state)
        for key in [key for key in self._begun if key not in wanted]:
            self._jobs.stop(self._begun.pop(key))
        for key, one in wanted.items():
            if key not in self._begun:
                number = self._begun[key] = self._jobs.start(one.title, one.work)
                landings[number] = (one.title, one.land)


def standing_work(state: State) -> Mapping[Hashable, Standing]:
    """What is wanted now and not there yet, by what it is."""
    return {**_references(state), **_ranges(state), **_alike(state)}


def _shown(state: State) -> dict[str, Trajectory]:
    names = (one.name for one in shown_trajectories(state))
    found = {name: state.loaded_trajectory(name) for name in names}
    return {name: one for name, one in found.items() if one is not None and one.n_frames}


# -- frames from which displacements count


def reference_frame(state: State, name: str) -> Frame | None:
    """The frame from which displacements of a trajectory count, once it is read."""
    since = state.document.looks.vectors.since
    return None if since is None else _held(state, name, since)


def _held(state: State, name: str, since: int) -> Frame | None:
    trajectory = state.loaded_trajectory(name)
    if trajectory is None:
        return None
    held = state.moment.references.get(name)
    fits = held is not None and held[0] is trajectory and held[1] == since
    return held[2] if held is not None and fits else None


def counted_from(state: State, name: str) -> Frame | None:
    """The frame from which `displacement` counts in conditions, once it is read: that of the
    arrows, else that of the first of runs side by side, else the first of the trajectory."""
    shown = shown_trajectories(state)
    if state.document.looks.vectors.since is None and len(shown) > 1:
        return state.moment.frames.get(shown[0].name)
    return _held(state, name, state.document.looks.vectors.since or 0)


def _counts(state: State) -> bool:
    """Whether a condition asks for displacements from the first frame."""
    texts = [state.moment.sought or "", *(one.condition for one in state.document.sets if one.live)]
    words = any(re.search(rf"\b{DISPLACED}\b", text) for text in texts)
    return words and len(shown_trajectories(state)) == 1


def _references(state: State) -> dict[Hashable, Standing]:
    since = state.document.looks.vectors.since
    if since is None and _counts(state):
        since = 0
    if since is None:
        return {}
    wanted: dict[Hashable, Standing] = {}
    for name, one in _shown(state).items():
        if since < one.n_frames and _held(state, name, since) is None:
            wanted["frame", name, one, since] = Standing(
                f"Read frame {since + 1} of {name}",
                partial(_read, one, since),
                partial(_land_reference, name=name, trajectory=one, since=since),
            )
    return wanted


def _read(trajectory: Trajectory, index: int, progress: Progress) -> Frame:
    progress.step(0, 1)
    return trajectory.frame(index)


def _land_reference(
    state: State, frame: Frame, name: str, trajectory: Trajectory, since: int
) -> State:
    if state.loaded_trajectory(name) is not trajectory:
        return state  # it was closed, or read anew
    now = {**state.moment.references, name: (trajectory, since, frame)}
    return state.with_moment(references=frozen(now))


# -- the range of a column over all frames


def range_key(state: State, name: str, colouring: Colouring | None = None) -> tuple[Any, ...]:
    """What the range over all frames of a trajectory is known by, itself first: its id could be
    that of another one when it is gone."""
    colouring, one = colouring or coloured(state), state.loaded_trajectory(name)
    n_frames = one.n_frames if one is not None else 0
    asked = behind(colouring.column, state.document.computed)
    return one, n_frames, colouring.column, colouring.component, asked


def all_frames_range(state: State, name: str, colouring: Colouring | None = None) -> Ends | None:
    """(low, high) of the column of a colouring over all frames, once it is known."""
    return state.moment.ranges.get(range_key(state, name, colouring))


def _ranges(state: State) -> dict[Hashable, Standing]:
    wanted: dict[Hashable, Standing] = {}
    for colouring in colourings_of(state):
        if colouring.policy is not RangePolicy.ALL or colouring.column == "species":
            continue
        for name, one in _shown(state).items():
            key = range_key(state, name, colouring)
            if key not in state.moment.ranges:
                asked = behind(colouring.column, state.document.computed)
                whole = replace(one, source=ComputedSource(one.source, asked)) if asked else one
                wanted["range", key] = Standing(
                    f"Range of {colouring.column} over all frames of {name}",
                    partial(scan_range, whole, colouring.column, colouring.component),
                    partial(_land_range, key=key),
                )
    return wanted


def scan_range(
    trajectory: Trajectory, column: str, component: int | None, progress: Progress
) -> Ends:
    """(low, high) of a column over all frames; NaN where there is no number."""
    low, high = np.inf, -np.inf
    for i in range(trajectory.n_frames):
        progress.step(i, trajectory.n_frames)
        values = trajectory.frame(i).columns.get(column)
        ends = finite_range(numbers_of(values, component)) if values is not None else None
        if ends is not None:
            low, high = min(low, ends[0]), max(high, ends[1])
    return (low, high) if low <= high else (np.nan, np.nan)


def _land_range(state: State, ends: Ends, key: tuple[Any, ...]) -> State:
    return state.with_moment(ranges=of_loaded(state, {**state.moment.ranges, key: ends}))


# -- frames of runs side by side that are alike


def alike_key(state: State, name: str) -> tuple[Any, ...]:
    """What the frames of a run that are most like those of the shown one are known by."""
    first, other = state.trajectory, state.loaded_trajectory(name)
    n_frames = [one.n_frames for one in (first, other) if one is not None]
    return first, other, *n_frames


def _alike(state: State) -> dict[Hashable, Standing]:
    """Look for them where runs are shown by likeness."""
    first = state.trajectory
    if state.document.comparison.lock is not Lock.LIKENESS or first is None:
        return {}
    wanted: dict[Hashable, Standing] = {}
    for name, one in _shown(state).items():
        key = alike_key(state, name)
        if one is not first and first.n_frames and key not in state.moment.alike:
            wanted["alike", key] = Standing(
                f"Align {name} with {first.name}",
                partial(most_alike, first, one),
                partial(_land_alike, key=key),
            )
    return wanted


def _land_alike(state: State, frames: Any, key: tuple[Any, ...]) -> State:
    return state.with_moment(alike=of_loaded(state, {**state.moment.alike, key: frames}))


# -- what goes with its trajectory


def of_loaded(
    state: State, found: Mapping[tuple[Any, ...], Value]
) -> Mapping[tuple[Any, ...], Value]:
    """What was found of trajectories that are still loaded: nothing else holds them in memory."""
    loaded = set(map(id, state.moment.loaded.values()))
    return frozen({key: value for key, value in found.items() if _holds(key) <= loaded})


def _holds(key: tuple[Any, ...]) -> set[int]:
    return {id(part) for part in key if isinstance(part, Trajectory)}
