"""The sentences of the timeline. Pure functions."""

from __future__ import annotations

from typing import Any

from mlipviewer.core.plot import Space
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session.growing import follows_end
from mlipviewer.session.moments import lagging, times_of, without_time
from mlipviewer.session.playback import Label
from mlipviewer.session.state import State
from mlipviewer.session.time_changes import bookmarks_of, range_of

EMPTY = "No trajectory. Drop one here, or press Ctrl+O."


def status_words(state: State) -> str:
    """What is shown and played, or why nothing is."""
    trajectory = state.trajectory
    if trajectory is None:
        name = state.document.trajectory
        failure = state.moment.failed.get(name or "")
        return failure.reason if failure else (f"Reading {name} ..." if name else EMPTY)
    frame = state.moment.frames.get(trajectory.name)
    parts = [_moment_words(state, trajectory, frame)]
    if frame is not None:
        parts.append(f"{frame.n_atoms:,} atoms")
    parts += _reading_words(state, trajectory, frame)
    here = [one.name for one in bookmarks_of(state) if one.frame == state.frame]
    return " · ".join([*parts, *here, *_playing_words(state, trajectory)])


def _moment_words(state: State, trajectory: Trajectory, frame: Frame | None) -> str:
    """`frame 7 of 20 · step 600`, led by what the label mode asks for."""
    number = f"frame {state.frame + 1:,} of {trajectory.n_frames:,}"
    step, time = _times(frame) if frame is not None else ("", "")
    match state.document.playback.label:
        case Label.STEP:
            parts = [step or "no timestep in the file", number, time]
        case Label.TIME:
            parts = [time or "no time in the file", number, step]
        case _:
            parts = [number, step, time]
    return " · ".join(part for part in parts if part)


def _times(frame: Frame) -> tuple[str, str]:
    """(`step 600`, `3 ps`) as the file or the user says them; nothing is guessed."""
    values: dict[str, Any] = {key.lower(): value for key, value in frame.info.items()}
    step, time = values.get("timestep", values.get("step")), values.get("time")
    unit = values.get("time_unit", values.get("time_units"))
    unit = f" {unit}" if isinstance(unit, str) else ""
    return (
        f"step {step:,g}" if _is_number(step) else "",
        (f"{time:g}{unit}" if unit else f"time {time:g}") if _is_number(time) else "",
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _reading_words(state: State, trajectory: Trajectory, frame: Frame | None) -> list[str]:
    failure = state.moment.failed.get(trajectory.name)
    if failure is not None:
        return [failure.reason]
    if not lagging(state):
        return []
    late = frame is not None and frame.index != trajectory.frames[state.frame]
    shown = f"still frame {trajectory.frames.index(frame.index) + 1:,}, " if late and frame else ""
    return [f"{shown}reading ..."]


def _playing_words(state: State, trajectory: Trajectory) -> list[str]:
    parts = ["stays at the last frame"] if follows_end(state) else []
    chosen = state.selected(Space.FRAME)
    if len(chosen) >= 2 and state.document.playback.chosen_only:
        parts.append(f"plays {len(chosen)} selected frames")
    low, high = range_of(state)
    if (low, high) != (0, trajectory.n_frames - 1):
        parts.append(f"plays {low + 1:,} to {high + 1:,}")
    if state.moment.pace.dropped:
        parts.append(f"{state.moment.pace.dropped:,} left out to keep time")
    if any(without_time(state, name) for name in state.moment.frames):
        parts.append("not all runs say their times: shown by frame")
    return parts


def frame_words(state: State, frame: int) -> str:
    """What a frame of the shown trajectory is called, as for a tip."""
    names = [one.name for one in bookmarks_of(state) if one.frame == frame]
    found = times_of(state, state.document.trajectory or "")
    if found is None or frame >= len(found[1]):
        return " · ".join([f"frame {frame + 1:,}", *names])
    time = f"{found[1][frame]:g} ps" if found[0] == "ps" else f"{found[0]} {found[1][frame]:g}"
    return " · ".join([f"frame {frame + 1:,}", time, *names])
