"""Times of frames: for analyses that need them (rates, diffusion, lifetimes), and for axes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.plot import Array, Axis
from mlipviewer.core.trajectory import Frame, TimeUnknown, Trajectory

TIME = "time"
"""The column of results that holds the times of frames in ps."""


def interval_of(trajectory: Trajectory) -> float:
    """ps between neighbouring frames. Raises AnalysisProblem with the reason where it is not known
    and with what to do about it; ReadProblem."""
    try:
        return trajectory.frame_interval()
    except TimeUnknown as unknown:
        raise AnalysisProblem(
            f"{trajectory.name}: {unknown}; say it with Time > What the trajectory is, "
            "or --frame-interval PS"
        ) from None


def time_of(trajectory: Trajectory, index: int, frame: Frame) -> float:
    """The time in ps of a frame that was read; NaN where it is not known."""
    found = trajectory.clock.at(trajectory.frames[index], frame.info)
    return np.nan if found is None else found


def times_of(trajectory: Trajectory, frames: Iterable[int]) -> Array:
    """(k,) times in ps, without reading atoms; NaN where they are not known. Raises ReadProblem."""
    if not trajectory.clock.known:
        return np.full(len(list(frames)), np.nan)
    found = (trajectory.time(index) for index in frames)
    return np.array([np.nan if time is None else time for time in found], float)


def in_order(times: Array) -> bool:
    """Whether all times are known, and none comes before the last."""
    return len(times) > 0 and bool(np.isfinite(times).all() and (np.diff(times) >= 0).all())


def time_column(times: Array) -> dict[str, list[float]]:
    """The column of a table of frames; none where times are not known."""
    return {TIME: times.tolist()} if in_order(times) else {}


def time_units(times: Array) -> dict[str, str]:
    return {TIME: "ps"} if in_order(times) else {}


def along(frames: Array, times: Array) -> tuple[Array, Axis]:
    """Where frames stand in a plot, and its axis: their times in ps, else their numbers, which in
    views count from 1 as in messages about files."""
    if in_order(times):
        return times, Axis("time (ps)")
    return frames + 1.0, Axis("frame number", whole=True)
