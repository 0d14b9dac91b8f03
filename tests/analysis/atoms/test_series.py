"""Values of frames as lines whose vertices are frames."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mlipviewer.analysis.atoms.series import SeriesParams, draw, follow, run
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Line, Plot, Space
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import Trajectory

MakeTrajectory = Callable[..., Trajectory]


def of(trajectory: Trajectory, quantity: str = "") -> tuple[Result, Plot]:
    inputs, params = Inputs(trajectory=trajectory), SeriesParams(quantity)
    result = run(inputs, params, Progress())
    return result, draw(inputs, params, result)


def test_that_the_energy_is_followed_over_frames(make_trajectory: MakeTrajectory) -> None:
    result, plot = of(
        make_trajectory(
            {"Temperature": 300.0, "energy": -3.5, "label": "a", "stress": np.zeros((3, 3))},
            {"Temperature": 310.0, "energy": np.float64(-3.25), "converged": True},
            {"energy": np.array(-3)},
        )
    )
    assert result.summary == {
        "n_frames": 3,
        "quantity": "energy",
        "n_missing": 0,
        "minimum": -3.5,
        "maximum": -3.0,
        "mean": -3.25,
    }
    series = result.tables["series"]
    assert list(series) == ["frame", "Temperature", "energy"]
    assert series["frame"] == [0, 1, 2]
    assert np.isnan(series["Temperature"][2])
    line = plot.marks[0]
    assert isinstance(line, Line)
    assert (line.space, list(line.rows)) == (Space.FRAME, [0, 1, 2])  # type: ignore[arg-type]
    assert line.y.tolist() == [-3.5, -3.25, -3.0]
    assert (plot.x.title, plot.y.title) == ("frame number", "energy (eV)")


def test_that_time_is_the_axis_where_there_is_one(make_trajectory: MakeTrajectory) -> None:
    _, plot = of(
        make_trajectory({"Time": 0.5, "T": 1, "Time_unit": "ps"}, {"Time": 1.5, "T": 2}), "T"
    )
    assert plot.x.title == "time (ps)"
    assert plot.marks[0].x.tolist() == [0.5, 1.5]  # type: ignore[union-attr]


def test_that_times_that_go_back_are_no_axis(make_trajectory: MakeTrajectory) -> None:
    _, plot = of(make_trajectory({"Time": 1.5, "T": 1}, {"Time": 0.5, "T": 2}), "T")
    assert plot.x.title == "frame number"


def test_that_missing_frames_leave_a_gap_and_are_counted(make_trajectory: MakeTrajectory) -> None:
    result, plot = of(make_trajectory({"energy": 1.0}, {}, {"energy": float("nan")}, {"energy": 2}))
    assert plot.marks[0].rows.tolist() == [0, 3]  # type: ignore[union-attr]
    assert plot.status == "2 shown / 4 frames / 2 missing"
    assert result.summary["n_missing"] == 2


def test_that_frames_are_counted_in_the_slice(make_trajectory: MakeTrajectory) -> None:
    frames = [{"energy": float(i)} for i in range(10)]
    _, plot = of(make_trajectory(*frames, part=slice(2, None, 3)))
    assert plot.marks[0].rows.tolist() == [0, 1, 2]  # type: ignore[union-attr]
    assert plot.marks[0].y.tolist() == [2.0, 5.0, 8.0]  # type: ignore[union-attr]


def test_that_without_energy_the_first_number_is_followed(make_trajectory: MakeTrajectory) -> None:
    result, _ = of(make_trajectory({"Timestep": 0, "volume": 3.0, "pressure": 1.0}))
    assert result.summary["quantity"] == "volume"
    only, _ = of(make_trajectory({"Timestep": 5}))
    assert only.summary["quantity"] == "Timestep"


@pytest.mark.parametrize(
    ("frames", "quantity", "words"),
    [([{}], "", "carry no numbers"), ([{"energy": 1.0}], "nosuch", "known: energy")],
)
def test_that_nothing_to_follow_is_told(
    make_trajectory: MakeTrajectory, frames: list[dict[str, float]], quantity: str, words: str
) -> None:
    with pytest.raises(AnalysisProblem, match=words):
        of(make_trajectory(*frames), quantity)


def test_that_a_quantity_that_is_never_finite_is_said(make_trajectory: MakeTrajectory) -> None:
    result, plot = of(make_trajectory({"energy": float("nan")}))
    assert plot.empty == "No frame has a value of energy."
    assert result.summary["mean"] is None


def test_that_stopping_stops(make_trajectory: MakeTrajectory) -> None:
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        run(Inputs(trajectory=make_trajectory({"energy": 1.0})), SeriesParams(), progress)


def test_that_several_curves_and_calculations_are_followed(
    make_trajectory: MakeTrajectory,
) -> None:
    frames = [{"energy": -4.0 * i, "odd name, [1]": 2.0 + i} for i in range(3)]
    result, plot = of(make_trajectory(*frames), "energy / 4 + 1, `odd name, [1]`, energy")
    lines = [mark for mark in plot.marks if isinstance(mark, Line)]
    assert [line.y.tolist() for line in lines] == [[1, 0, -1], [2, 3, 4], [0, -4, -8]]
    assert [line.colour for line in lines] == [0, 1, 2]
    assert result.summary["quantity"] == "energy / 4 + 1"
    assert list(result.tables["series"]) == ["frame", "energy", "odd name, [1]"]


def test_that_normalised_curves_span_the_same_range(make_trajectory: MakeTrajectory) -> None:
    run_of = make_trajectory({"a": 10.0, "b": -1.0}, {"a": 30.0, "b": -1.0}, {"a": 20.0, "b": -1.0})
    inputs, params = Inputs(trajectory=run_of), SeriesParams("a, b", "normalised")
    plot = draw(inputs, params, run(inputs, params, Progress()))
    lines = [mark for mark in plot.marks if isinstance(mark, Line)]
    assert [line.y.tolist() for line in lines] == [[0, 1, 0.5], [0.5, 0.5, 0.5]]
    assert lines[0].name == "a: 10 to 30"


@pytest.mark.parametrize("asked", ["energy +", "nosuch / 2", "energy > 2", "2 energy"])
def test_that_what_cannot_be_calculated_is_told(
    make_trajectory: MakeTrajectory, asked: str
) -> None:
    with pytest.raises(AnalysisProblem, match="known: energy"):
        of(make_trajectory({"energy": 1.0}), asked)


def test_that_another_quantity_needs_no_reading(make_trajectory: MakeTrajectory) -> None:
    run_of = make_trajectory({"frame": 3.0, "energy": 1.0}, {"frame": 5.0, "energy": 2.0})
    inputs = Inputs(trajectory=run_of)
    first = run(inputs, SeriesParams(), Progress())
    params = SeriesParams("frame, energy * 2")
    other = follow(Inputs(), params, first)
    again = run(inputs, params, Progress())
    assert other.summary == again.summary
    assert other.names == again.names
    assert {k: v.tolist() for k, v in other.arrays.items()} == {
        k: v.tolist() for k, v in again.arrays.items()
    }
