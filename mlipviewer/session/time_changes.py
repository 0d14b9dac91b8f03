"""The pure changes of time: playing, the played range, bookmarks, trajectories side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Rows
from mlipviewer.session.changes import show_frame, show_trajectory
from mlipviewer.session.inputs import Kind
from mlipviewer.session.playback import Around, Bookmark, Comparison, Pace
from mlipviewer.session.state import State, frozen

MOST_PANES = 4
N_COLOURS = 8  # of the palette of categories


# --- playing -----------------------------------------------------------------------------------


def play(state: State, playing: bool, backwards: bool = False) -> State:
    """Begin to play, or pause. Played once to its end, it begins at the other end."""
    pace = Pace(backwards=backwards)
    if playing == state.moment.playing and (not playing or pace == state.moment.pace):
        return state
    after = state.with_moment(playing=playing, pace=pace if playing else state.moment.pace)
    ends = playing and state.document.playback.around is Around.ONCE
    if ends and next_frame(after, -1 if backwards else 1).frame == after.frame:
        frames = playable_frames(after)
        return show_frame(after, int(frames[-1 if backwards else 0])) if len(frames) else after
    return after


def toggle_play(state: State, backwards: bool = False) -> State:
    """Pause what plays this way; else play this way."""
    now = state.moment.playing and state.moment.pace.backwards == backwards
    return play(state, not now, backwards)


def set_playback(state: State, **values: Any) -> State:
    playback = replace(state.document.playback, **values)
    if playback == state.document.playback:
        return state
    return state.with_document(playback=playback)


def playable_frames(state: State) -> range | Rows:
    """What playing runs through: the selected frames when there are two or more and these alone are
    to be played, else all; of these every so-many-th within the played range."""
    low, high = range_of(state)
    every = state.document.playback.every
    chosen = state.selected(Space.FRAME)
    if len(chosen) < 2 or not state.document.playback.chosen_only:
        return range(low, high + 1, every)
    first, end = np.searchsorted(chosen, (low, high + 1))
    return chosen[first:end:every]


def next_frame(state: State, steps: int = 1) -> State:
    """Go `steps` on (negative: back) among the frames that are played, around at the ends."""
    frame, _ = _after(state, steps)
    return show_frame(state, frame)


def advance(state: State, steps: int, stride: int = 1) -> State:
    """Playing goes `steps` on its way: all but the last of them are left out. At the end it goes
    around, turns back, or pauses."""
    pace = state.moment.pace
    frame, turned = _after(state, -steps if pace.backwards else steps)
    after = show_frame(state, frame)
    dropped = pace.dropped + steps - 1
    pace = Pace(pace.backwards != turned, stride, dropped)
    over = state.document.playback.around is Around.ONCE and after.frame == state.frame
    return after.with_moment(pace=pace, playing=state.moment.playing and not over)


def _after(state: State, steps: int) -> tuple[int, bool]:
    """The frame `steps` on among those played, and whether playing has turned back."""
    frames = playable_frames(state)
    n = len(frames)
    if n == 0:
        return state.frame, False
    place = _place(frames, state.frame, right=steps > 0)
    place += steps - 1 if steps > 0 else steps
    match state.document.playback.around:
        case Around.ONCE:
            return int(frames[min(max(place, 0), n - 1)]), False
        case Around.LOOP:
            return int(frames[place % n]), False
    period = max(2 * (n - 1), 1)
    folded = place % period
    turned = folded > n - 1
    return int(frames[min(period - folded if turned else folded, n - 1)]), turned


def _place(frames: range | Rows, frame: int, right: bool) -> int:
    """How many of the frames come before `frame`; with `right`, up to and with it."""
    if isinstance(frames, range):
        limit = frame + 1 if right else frame
        return min(max(-((frames.start - limit) // frames.step), 0), len(frames))
    return int(np.searchsorted(frames, frame, side="right" if right else "left"))


# --- the played range --------------------------------------------------------------------------


def range_of(state: State) -> tuple[int, int]:
    """The first and last frame that are played of the shown trajectory; (0, -1) without one."""
    trajectory = state.trajectory
    last = trajectory.n_frames - 1 if trajectory is not None else -1
    low, high = state.document.ranges.get(state.document.trajectory or "", (0, last))
    return min(low, max(last, 0)), min(high, last)


def set_range(state: State, low: int, high: int) -> State:
    """Play the shown trajectory from `low` to `high` alone, in whichever order they are given."""
    trajectory, name = state.trajectory, state.document.trajectory
    if trajectory is None or name is None:
        return state
    last = trajectory.n_frames - 1
    low, high = sorted((min(max(low, 0), last), min(max(high, 0), last)))
    if (low, high) == range_of(state):
        return state
    others = {one: ends for one, ends in state.document.ranges.items() if one != name}
    whole = (low, high) == (0, last)
    return state.with_document(ranges=frozen(others if whole else {**others, name: (low, high)}))


def begin_range(state: State) -> State:
    """Play from the shown frame on."""
    low, high = range_of(state)
    return set_range(state, state.frame, max(high, state.frame)) if high >= low else state


def end_range(state: State) -> State:
    """Play up to the shown frame."""
    low, high = range_of(state)
    return set_range(state, min(low, state.frame), state.frame) if high >= low else state


def clear_range(state: State) -> State:
    trajectory = state.trajectory
    return state if trajectory is None else set_range(state, 0, trajectory.n_frames - 1)


# --- bookmarks ---------------------------------------------------------------------------------


def bookmarks_of(state: State) -> tuple[Bookmark, ...]:
    """Those of the shown trajectory, by frame."""
    name, trajectory = state.document.trajectory, state.trajectory
    if trajectory is None:
        return ()
    found = (one for one in state.document.bookmarks if one.trajectory == name)
    inside = (one for one in found if one.frame < trajectory.n_frames)
    return tuple(sorted(inside, key=lambda one: one.frame))


def toggle_bookmark(state: State) -> State:
    """Bookmark the shown frame, or take its bookmark away."""
    name, kept = state.document.trajectory, state.document.bookmarks
    if state.trajectory is None or name is None:
        return state
    here = [one for one in kept if (one.trajectory, one.frame) == (name, state.frame)]
    if here:
        return state.with_document(bookmarks=tuple(one for one in kept if one not in here))
    number = 1 + max((_number(one) for one in kept if one.trajectory == name), default=0)
    new = Bookmark(name, state.frame, f"Bookmark {number}", (number - 1) % N_COLOURS)
    return state.with_document(bookmarks=(*kept, new))


def _number(one: Bookmark) -> int:
    """The number in the name that a bookmark was given; 0 where it has another name."""
    digits = one.name.removeprefix("Bookmark ")
    return int(digits) if digits.isdecimal() and len(digits) < 9 else 0


def change_bookmark(state: State, old: Bookmark, new: Bookmark | None) -> State:
    """Put another in the place of a bookmark, or nothing."""
    kept = [one if one != old else new for one in state.document.bookmarks]
    bookmarks = tuple(one for one in kept if one is not None)
    if bookmarks == state.document.bookmarks:
        return state
    return state.with_document(bookmarks=bookmarks)


def next_bookmark(state: State, step: int = 1) -> State:
    """Show the next (or previous) bookmarked frame, around at the ends."""
    frames = [one.frame for one in bookmarks_of(state)]
    later = [f for f in frames if (f > state.frame if step > 0 else f < state.frame)]
    found = later or frames
    return show_frame(state, found[0 if step > 0 else -1]) if found else state


def events_of(state: State) -> tuple[tuple[int, str], ...]:
    """(frame, what is to be told of it) where the reader of the shown trajectory noticed
    something."""
    trajectory = state.trajectory
    if trajectory is None:
        return ()
    return tuple(
        (trajectory.frames.index(note.place.frame - 1), note.text)
        for note in trajectory.source.notes
        if note.place.frame is not None and note.place.frame - 1 in trajectory.frames
    )


# --- side by side ------------------------------------------------------------------------------


def trajectory_names(state: State) -> tuple[str, ...]:
    """All trajectories of the document."""
    return tuple(one.name for one in state.document.inputs if one.kind is Kind.TRAJECTORY)


def show_beside(state: State, names: tuple[str, ...]) -> State:
    """Put trajectories side by side, the first four of those named; fewer than two: none."""
    known = tuple(name for name in dict.fromkeys(names) if name in trajectory_names(state))
    known = known[:MOST_PANES] if len(known) >= 2 else ()
    after = set_comparison(state, names=known)
    if known and after.document.trajectory not in known:
        return show_trajectory(after, known[0])
    return after


def toggle_beside(state: State, name: str) -> State:
    """Add a trajectory to those side by side, or take it away."""
    now = state.document.comparison.names or (state.document.trajectory or "",)
    left = tuple(one for one in now if one != name)
    return show_beside(state, left if name in now else (*now, name))


def show_all_beside(state: State, wanted: bool = True) -> State:
    """Put the open trajectories side by side, the shown one and as many as there is room for, or
    show one alone again."""
    if not wanted:
        return set_comparison(state, names=())
    every, first = trajectory_names(state), state.document.trajectory or ""
    left_out = every[MOST_PANES:]
    kept = every[: MOST_PANES - 1] if first in left_out else every[:MOST_PANES]
    return show_beside(state, (*kept, first) if first in left_out else kept)


def set_comparison(state: State, **values: Any) -> State:
    comparison: Comparison = replace(state.document.comparison, **values)
    if comparison == state.document.comparison:
        return state
    return state.with_document(comparison=comparison)


def forget(state: State, name: str) -> State:
    """A trajectory that is closed leaves no bookmarks, no range and no pane."""
    document = state.document
    bookmarks = tuple(one for one in document.bookmarks if one.trajectory != name)
    if bookmarks != document.bookmarks:
        state = state.with_document(bookmarks=bookmarks)
    if name in document.ranges:
        ranges = {one: ends for one, ends in document.ranges.items() if one != name}
        state = state.with_document(ranges=frozen(ranges))
    left = tuple(one for one in document.comparison.names if one != name)
    return set_comparison(state, names=left if len(left) >= 2 else ())
