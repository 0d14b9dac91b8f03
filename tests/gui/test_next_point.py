"""From point to point by keys."""

from __future__ import annotations

import numpy as np

from mlipviewer.core.plot import Line, Plot, Points, Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.next_point import next_point

X = np.array([3.0, 1.0, 2.0, np.nan, 2.0])
Y = np.array([1.0, 5.0, 4.0, 0.0, 2.0])
MARK = Points(X, Y, np.array([10, 11, 12, 13, 14]), Space.MODEL)


def plot(*marks: object) -> Plot:
    return Plot(marks=tuple(marks))  # type: ignore[arg-type]


def walked(side: str, start: list[int], steps: int) -> list[int]:
    found, now = [], start
    for _ in range(steps):
        step = next_point(plot(MARK), {Space.MODEL: rows(now)}, side)
        assert step is not None
        assert step[0] is Space.MODEL
        now = [step[1]]
        found.append(step[1])
    return found


def test_that_right_walks_along_x_and_stays_at_the_end() -> None:
    assert walked("right", [], 5) == [11, 14, 12, 10, 10]
    assert walked("left", [], 5) == [10, 12, 14, 11, 11]


def test_that_up_walks_along_y() -> None:
    assert walked("up", [], 5) == [10, 14, 12, 11, 11]
    assert walked("down", [12], 2) == [14, 10]


def test_that_it_goes_on_from_the_outer_one_of_several() -> None:
    assert walked("right", [11, 14], 1) == [12]
    assert walked("left", [12, 10], 1) == [14]


def test_that_without_points_there_is_nothing() -> None:
    assert next_point(plot(Line(X, Y)), {}, "right") is None
    empty = Points(X[:0], Y[:0], np.array([], int), Space.MODEL)
    assert next_point(plot(empty), {}, "right") is None
