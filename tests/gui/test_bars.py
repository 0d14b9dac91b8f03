"""Bars: where they are drawn, what is hit, what is chosen by a rectangle, what is lit."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from mlipviewer.core.plot import Axis, Bars, Plot, Space
from mlipviewer.core.rows import NONE, rows
from mlipviewer.gui.axes import Sheet, Window, bar_corners, full_window, ticks
from mlipviewer.gui.hit import hit, inside, rectangle
from mlipviewer.gui.marks import paint_mark
from mlipviewer.gui.overlay import Highlights, paint_overlay
from mlipviewer.gui.paint import legend_names
from mlipviewer.gui.theme import LIGHT

ROWS = (np.array([1, 2, 3, 4]), np.array([7]), np.array([], np.int32))


def bars(across: bool = False, **about: object) -> Bars:
    at, end = np.arange(3.0), np.array([4.0, 2.0, 1.0])
    return Bars(at, end, ROWS, Space.MODEL, across=across, **about)  # type: ignore[arg-type]


def sheet(across: bool = False, log: bool = False) -> Sheet:
    ends, sides = (0.0, 5.0), (-0.5, 2.5)
    window = Window(ends, sides) if across else Window(sides, ends)
    return Sheet(0, 0, 300, 300, window, across and log, not across and log)


def test_that_bars_stand_on_their_base() -> None:
    first = bar_corners(bars(thick=1.0), sheet())[0]
    assert first.tolist() == [0, 60, 100, 300]
    lying = bar_corners(bars(across=True, thick=1.0), sheet(across=True))[0]
    assert lying.tolist() == [0, 200, 240, 300]


def test_that_a_bar_on_a_log_axis_begins_at_its_edge() -> None:
    corners = bar_corners(bars(), Sheet(0, 0, 300, 300, Window((-0.5, 2.5), (-1, 1)), y_log=True))
    assert corners[:, 3].tolist() == [300, 300, 300]
    assert np.isfinite(corners).all()


@pytest.mark.parametrize("across", [False, True])
def test_that_the_window_holds_bars_and_whiskers(across: bool) -> None:
    mark = bars(across, low=np.array([3.0, 1, 0]), high=np.array([9.0, 3, 2]))
    window = full_window(Plot(marks=(mark,)))
    ends, sides = (window.x, window.y) if across else (window.y, window.x)
    assert ends[0] < 0
    assert ends[1] > 9
    assert sides[0] < -0.4
    assert sides[1] > 2.4


def test_that_a_bar_is_hit_inside_and_stands_for_its_rows() -> None:
    plot = Plot(marks=(bars(labels=("a", "b", "c")),))
    found = hit(plot, sheet(), 50, 200)
    assert found is not None
    assert (found.rows.tolist(), found.text, found.space) == ([1, 2, 3, 4], "a", Space.MODEL)
    assert hit(plot, sheet(), 150, 100) is None  # above the second
    empty = hit(plot, sheet(), 250, 290)
    assert empty is not None
    assert empty.rows.tolist() == []


def test_that_a_rectangle_chooses_the_bars_whose_middle_it_holds() -> None:
    plot = Plot(marks=(bars(),))
    assert inside(plot, sheet(), rectangle(0, 0, 200, 300))[Space.MODEL].tolist() == [1, 2, 3, 4, 7]
    assert inside(plot, sheet(), rectangle(0, 0, 20, 300))[Space.MODEL].tolist() == []


def test_that_named_places_are_ticks_and_thin_out() -> None:
    axis = Axis(ticks=tuple((float(i), f"n{i}") for i in range(60)))
    assert [text for _, text in ticks(axis, (-0.5, 2.5), 300, 32)] == ["n0", "n1", "n2"]
    assert len(ticks(axis, (-0.5, 59.5), 300, 32)) <= 18


def test_that_groups_of_bars_stand_in_the_legend() -> None:
    mark = bars(group=np.array([0, 1, 0]), group_names=("A", "B"))
    assert [name for _, name, _ in legend_names(Plot(marks=(mark,)))] == ["A", "B"]


def picture(mark: Bars, chosen: object = NONE, hovered: int | None = None) -> QImage:
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    place = sheet(mark.across)
    paint_mark(painter, mark, place, LIGHT, QFont())
    lit = Highlights(chosen, hovered)  # type: ignore[arg-type]
    paint_overlay(painter, Plot(marks=(mark,)), place, LIGHT, {Space.MODEL: lit})
    painter.end()
    return image


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("across", [False, True])
def test_that_the_selected_share_of_a_bar_is_lit(across: bool) -> None:
    def at(x: int, y: int, image: QImage) -> str:
        return image.pixelColor(*((300 - y, 300 - x) if across else (x, y))).name()

    plain, half = picture(bars(across)), picture(bars(across), rows([1, 2]))
    assert at(50, 280, plain) != "#ffffff"
    assert at(50, 280, half) != at(50, 280, plain)  # the lower half
    assert at(50, 90, half) == at(50, 90, plain)
    assert at(150, 290, half) == at(150, 290, plain)
    hovered = picture(bars(across), hovered=7)
    assert hovered != plain


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_that_whiskers_and_faint_bars_are_drawn() -> None:
    ends = np.array([3.0, 1, np.nan])
    image = picture(bars(low=ends, high=ends + 1.8, faint=True))
    assert image.pixelColor(50, 25).name() != "#ffffff"
