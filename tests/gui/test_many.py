"""Many points: a density that counts them all, points when few are in sight, selection on top."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from mlipviewer.core.plot import Axis, Plot, Points, Space
from mlipviewer.core.rows import NONE, rows
from mlipviewer.gui.hit import hit
from mlipviewer.gui.many import axis_places, in_box, shown_as_density
from mlipviewer.gui.overlay import Highlights
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.gui.theme import current_theme
from tests.windows import n_like, picture

pytestmark = pytest.mark.window


MANY = Points.crowd


def plot(n: int, log: bool = False) -> Plot:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, n))
    x[0], y[0] = 0.0, 9.0  # alone, far above
    if log:
        x, y = 10**x, 10**y
    group = np.arange(n, dtype=np.int32) % 3
    mark = Points(x, y, np.arange(n), Space.FRAME, group, ("a", "b", "c"), labels=("",) * n)
    return Plot("many", Axis("x", log=log), Axis("y", log=log), (mark,), "n shown")


@pytest.fixture
def canvas(qtbot: Any) -> PlotCanvas:
    shown = PlotCanvas()
    qtbot.addWidget(shown)
    shown.resize(600, 420)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


@pytest.mark.parametrize("log", [False, True])
def test_that_many_points_are_a_density_and_few_in_sight_are_points(
    canvas: PlotCanvas, log: bool
) -> None:
    canvas.set_plot(plot(3 * MANY, log))
    (mark,) = canvas.plot.marks
    assert isinstance(mark, Points)
    assert shown_as_density(mark, canvas.sheet)
    wide = picture(canvas)
    x, y = canvas.sheet.to_pixels(mark.x[:1], mark.y[:1])
    at = (slice(round(float(y[0])) - 2, round(float(y[0])) + 3),
          slice(round(float(x[0])) - 2, round(float(x[0])) + 3))  # fmt: skip
    assert (wide[at].min(axis=-1) < 240).any(), "one point alone is seen"
    canvas._see(canvas.sheet.window.zoomed(0.1, (0.0, 9.0)))
    assert not shown_as_density(mark, canvas.sheet)
    x, y = canvas.sheet.to_pixels(mark.x[:1], mark.y[:1])
    near = picture(canvas)[round(float(y[0])) - 1 : round(float(y[0])) + 2, round(float(x[0]))]
    assert np.ptp(near, axis=0).max() < 30, "a filled point of several pixels"
    assert (near.min(axis=-1) < 200).all()


def test_that_chosen_points_are_seen_over_the_density(canvas: PlotCanvas) -> None:
    canvas.set_plot(plot(3 * MANY))
    sheet = canvas.sheet
    box = (sheet.left, sheet.top, sheet.left + sheet.width, sheet.top + sheet.height)
    bare = n_like(picture(canvas), current_theme().selected, box)
    canvas.set_highlights({Space.FRAME: Highlights(rows(range(0, 3 * MANY, 4)))}, None)
    many = n_like(picture(canvas), current_theme().selected, box)
    canvas.set_highlights({Space.FRAME: Highlights(rows([0, 1]))}, None)
    few = n_like(picture(canvas), current_theme().selected, box)
    canvas.set_highlights({Space.FRAME: Highlights(NONE)}, None)
    none = n_like(picture(canvas), current_theme().selected, box)
    assert none == bare
    assert many > 4000 > few > bare + 10


def test_that_a_click_on_a_density_takes_all_points_about_it(canvas: PlotCanvas) -> None:
    canvas.set_plot(plot(3 * MANY))
    (mark,) = canvas.plot.marks
    assert isinstance(mark, Points)
    px, py = (float(one[0]) for one in canvas.sheet.to_pixels(np.zeros(1), np.zeros(1)))
    found = hit(canvas.plot, canvas.sheet, px, py)
    assert found is not None
    x, y = canvas.sheet.to_pixels(mark.x, mark.y)
    expected = np.flatnonzero((np.abs(x - px) <= 4) & (np.abs(y - py) <= 4))
    assert found.rows.tolist() == expected.tolist()
    assert found.text == f"{len(expected)} frames here"
    alone = hit(canvas.plot, canvas.sheet, float(x[0]), float(y[0]))
    assert alone is not None
    assert alone.rows.tolist() == [0]


def test_that_places_follow_the_scale_of_the_axes() -> None:
    (mark,) = plot(30, log=True).marks
    assert isinstance(mark, Points)
    from mlipviewer.gui.axes import Sheet, Window

    window = Window((-5, 5), (-5, 5))
    linear, _ = axis_places(mark, Sheet(0, 0, 9, 9, window))
    logs, _ = axis_places(mark, Sheet(0, 0, 9, 9, window, True, True))
    assert np.array_equal(linear, mark.x)
    assert logs == pytest.approx(np.log10(mark.x))
    odd = np.array([0.0, np.nan, 2.0])
    assert in_box(odd, odd, (-1, 1, -1, 1)).tolist() == [0]


def test_that_a_million_points_are_panned_smoothly(canvas: PlotCanvas) -> None:
    canvas.resize(900, 600)
    canvas.set_plot(plot(1_000_000))
    canvas.repaint()
    canvas.set_highlights({Space.FRAME: Highlights(rows(range(0, 1_000_000, 10)))}, None)
    took = []
    for _ in range(15):
        begin = time.thread_time()
        canvas._pan(QPointF(3, 1))
        canvas.repaint()
        took.append(time.thread_time() - begin)
    assert np.median(took) < 0.1, "of the processor; 0.033 s is usual"
