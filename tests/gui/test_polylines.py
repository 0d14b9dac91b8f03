"""Polylines: counted pixels, what is hit, what a rectangle catches, what is painted over."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from mlipviewer.core.plot import Axis, Plot, Polylines, Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.axes import Sheet, Window, full_window
from mlipviewer.gui.figure import ensure_application, figure_font
from mlipviewer.gui.hit import hit, inside, rectangle
from mlipviewer.gui.marks import paint_mark
from mlipviewer.gui.overlay import Highlights, paint_overlay
from mlipviewer.gui.paint import lay_out, legend_names, paint_plot
from mlipviewer.gui.polylines import paint_lines
from mlipviewer.gui.style import Style
from mlipviewer.gui.theme import LIGHT
from mlipviewer.native.counts import count_lines

X = np.arange(3.0)
Y = np.array([[0.0, 1.0, 0.0], [1.0, 1.0, np.nan], [0.5, 0.5, 0.5]])
SHEET = Sheet(0, 0, 200, 100, Window((0, 2), (0, 1)))


def lines(**about: object) -> Polylines:
    return Polylines(X, Y, np.array([4, 7, 9]), Space.MODEL, labels=("a", "b", "c"), **about)  # type: ignore[arg-type]


def painted(mark: Polylines, sheet: Sheet = SHEET) -> QImage:
    image = QImage(200, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_mark(painter, mark, sheet, LIGHT, QFont())
    painter.end()
    return image


def test_that_a_density_counts_the_lines_through_each_pixel() -> None:
    count = count_lines(np.array([0.0, 4.0]), np.array([[1.5, 1.5], [1.5, 1.5], [0.0, 4.0]]), 4, 4)
    flat = np.zeros((4, 4), int)
    flat[1] = 2
    assert np.array_equal(count - flat >= 0, np.ones((4, 4), bool))
    assert (count - flat).sum(axis=0).min() >= 1  # the slope crosses every column
    assert count[3, 0] == 0


@given(arrays(np.float64, (5, 4), elements=st.floats(-300, 300) | st.just(np.nan)))
def test_that_a_density_counts_no_line_twice_and_none_that_is_missing(y: np.ndarray) -> None:  # type: ignore[type-arg]
    x = np.array([-20.0, 10, 40, 90])
    count = count_lines(x, y, 60, 50)
    assert count.shape == (50, 60)
    assert count.min() >= 0
    assert count.max() <= 5
    alone = sum(count_lines(x, one[None], 60, 50) for one in y)
    assert np.array_equal(count, alone)


def test_that_few_lines_are_drawn_and_many_are_a_density() -> None:
    few = painted(lines())
    assert few.pixelColor(30, 50) != QColor("white")
    assert few.pixelColor(150, 2) == QColor("white")  # a line ends where it has a gap
    y = np.full((3000, 3), 0.5)
    many = painted(Polylines(X, y, np.arange(3000), Space.MODEL))
    assert many.pixelColor(100, 50) != QColor("white")
    assert many.pixelColor(100, 20) == QColor("white")


def test_that_2300_lines_over_20_axes_are_painted_at_once() -> None:
    y = np.random.default_rng(0).random((2300, 20))
    group = np.arange(2300) % 6
    mark = Polylines(np.arange(20.0), y, np.arange(2300), Space.MODEL, group=group)
    sheet = Sheet(0, 0, 800, 500, Window((0, 19), (0, 1)))
    image = QImage(800, 500, QImage.Format.Format_ARGB32_Premultiplied)
    seconds = []
    for _ in range(5):
        painter = QPainter(image)
        begin = time.thread_time()
        paint_mark(painter, mark, sheet, LIGHT, QFont())
        seconds.append(time.thread_time() - begin)
        painter.end()
    assert min(seconds) < 0.3  # of the processor; 0.07 s is usual


def test_that_the_line_under_the_mouse_is_hit_anywhere_along_it() -> None:
    plot = Plot(marks=(lines(),))
    found = hit(plot, SHEET, 50, 50)
    assert found is not None
    assert found.text in ("a", "c")
    found = hit(plot, SHEET, 150, 50)
    assert found is not None
    assert hit(plot, SHEET, 25, 76).text == "a"  # type: ignore[union-attr]
    assert hit(plot, SHEET, 150, 2) is None
    assert hit(Plot(marks=(Polylines(X[:1], Y[:, :1], X, Space.MODEL),)), SHEET, 5, 5) is None


def test_that_a_rectangle_on_an_axis_is_a_brush() -> None:
    plot = Plot(marks=(lines(),))
    assert inside(plot, SHEET, rectangle(-5, 90, 5, 105))[Space.MODEL].tolist() == [4]
    assert inside(plot, SHEET, rectangle(95, -5, 105, 5))[Space.MODEL].tolist() == [4, 7]
    between = inside(plot, SHEET, rectangle(140, 40, 160, 60))
    assert between[Space.MODEL].tolist() == [4, 9]


def test_that_selected_lines_are_drawn_over() -> None:
    image = painted(lines())
    painter = QPainter(image)
    lit = {Space.MODEL: Highlights(rows([9]), hovered=4, focus=7)}
    paint_overlay(painter, Plot(marks=(lines(),)), SHEET, LIGHT, lit)
    painter.end()
    wanted, got = QColor(LIGHT.selected), image.pixelColor(120, 50)
    assert abs(wanted.red() - got.red()) + abs(wanted.blue() - got.blue()) < 120


def test_that_lines_without_vertices_are_not_drawn() -> None:
    image = painted(lines())
    painter = QPainter(image)
    paint_lines(painter, X, np.full((2, 3), np.nan), SHEET, QColor("red"), 1.0)
    paint_lines(painter, X, np.empty((0, 3)), SHEET, QColor("red"), 1.0)
    painter.end()


def test_that_the_window_and_the_legend_know_them() -> None:
    mark = lines(group=np.array([0, 1, 1]), group_names=("x", "y"))
    window = full_window(Plot(marks=(mark,)))
    assert window.x[0] < 0
    assert window.y[1] > 1
    assert [name for _, name, _ in legend_names(Plot(marks=(mark,)))] == ["x", "y"]


def test_that_names_that_do_not_fit_beside_each_other_stand_upright() -> None:
    ensure_application()
    style = Style(LIGHT, figure_font())
    names = tuple((float(i), f"a name that is long {i}") for i in range(3))
    short = tuple((float(i), str(i)) for i in range(3))
    plots = [Plot(x=Axis(ticks=ticks), marks=(lines(),)) for ticks in (short, names)]
    lying, standing = (lay_out(plot, 300, 400, style, None) for plot in plots)
    assert standing.height < lying.height - 60
    image = QImage(300, 400, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    paint_plot(painter, plots[1], standing, style, QRectF(0, 0, 300, 400))
    painter.end()
    below = range(round(standing.top + standing.height) + 6, 398)
    x = round(standing.to_pixels(np.array([1.0]), np.array([0.0]))[0][0])
    dark = [y for y in below if any(image.pixelColor(x + d, y).value() < 128 for d in range(-6, 6))]
    assert len(dark) > 60
