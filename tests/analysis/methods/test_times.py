"""The axis of plots over frames: times in ps where they are known, else numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.times import along, in_order, times_of
from mlipviewer.core.analysis import Inputs
from mlipviewer.core.plot import Line, Plot, StackedAreas
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Trajectory

MakeTrajectory = Callable[..., Trajectory]
OVER_FRAMES = ["atom-series", "measure", "path", "structure"]


def plot_of(name: str, run: Trajectory) -> tuple[Plot, dict[str, list[float]]]:
    analysis = ANALYSES[name]
    inputs = Inputs(trajectory=run, atoms=rows([0, 1]))
    params = analysis.params()
    result = analysis.run(inputs, params, Progress())
    table = next(iter(result.tables.values()))
    first = next(iter(analysis.plots.values()))
    return first(inputs, params, result), dict(table)


@pytest.mark.parametrize("name", OVER_FRAMES)
def test_that_frames_stand_at_their_times(name: str, make_trajectory: MakeTrajectory) -> None:
    run = make_trajectory({}, {}, {}, {}, part=slice(1, None))
    numbered, table = plot_of(name, run)
    assert numbered.x.title == "frame number"
    assert line(numbered).x.tolist() == [1, 2, 3]
    assert "time" not in table
    clock = Clock(Source.USER, interval=0.5)
    timed, table = plot_of(name, replace(run, clock=clock))
    assert timed.x.title == "time (ps)"
    assert line(timed).x.tolist() == [0.5, 1.0, 1.5]  # the slice begins with the second frame
    assert sorted(set(table["time"])) == [0.5, 1.0, 1.5]


def line(plot: Plot) -> Line | StackedAreas:
    return next(mark for mark in plot.marks if isinstance(mark, Line | StackedAreas))


@pytest.mark.parametrize("name", OVER_FRAMES)
def test_that_times_by_values_of_frames_count(name: str, make_trajectory: MakeTrajectory) -> None:
    run = make_trajectory({"t_fs": 10.0}, {"t_fs": 30.0})
    clock = Clock(Source.FILE, key="t_fs", factor=1e-3)
    timed, _ = plot_of(name, replace(run, clock=clock))
    assert line(timed).x.tolist() == pytest.approx([0.01, 0.03])


def test_that_a_gap_or_a_step_back_gives_numbers() -> None:
    frames = np.arange(3)
    for times in ([0.0, np.nan, 2.0], [0.0, 2.0, 1.0]):
        assert not in_order(np.array(times))
        assert along(frames, np.array(times))[1].title == "frame number"
    assert not in_order(np.empty(0))


def test_that_unknown_times_are_not_guessed(make_trajectory: MakeTrajectory) -> None:
    run = make_trajectory({"Time": 1.0}, {"Time": 2.0})
    assert np.isnan(times_of(run, range(2))).all()
