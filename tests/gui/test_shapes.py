"""Groups differ in shape and hatch, not in hue alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from mlipviewer.core.plot import Area, Axis, Bars, Edges, Plot, Points, Shape, Space, Texts
from mlipviewer.core.rows import rows
from mlipviewer.gui.axes import Sheet, Window
from mlipviewer.gui.colours import categorical
from mlipviewer.gui.hit import hit
from mlipviewer.gui.marks import edge_pen, paint_mark, shape_of
from mlipviewer.gui.paint import lay_out, paint_plot
from mlipviewer.gui.style import Style
from mlipviewer.gui.theme import DARK, LIGHT, THEMES, Theme
from tests.windows import Picture, pixels

SHEET = Sheet(0, 0, 300, 300, Window((0, 3), (0, 3)))
N_GROUPS = 70


def dots(group: int, **about: object) -> Points:
    one = np.array([1.5])
    mark = Points(one, one, np.array([4]), Space.MODEL, np.array([group]), ("x",), size=30.0)
    return replace(mark, **about)  # type: ignore[arg-type]


def painted(mark: object, theme: Theme = LIGHT) -> Picture:
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.background))
    painter = QPainter(image)
    paint_mark(painter, mark, SHEET, theme, QFont())  # type: ignore[arg-type]
    painter.end()
    return pixels(image)


def test_that_seventy_groups_look_different() -> None:
    looks = {(categorical(g), shape_of(dots(g), g)) for g in range(N_GROUPS)}
    assert len(looks) == N_GROUPS


def test_that_neighbouring_groups_differ_without_their_hue() -> None:
    shapes = [shape_of(dots(g), g) for g in range(7)]
    assert len(set(shapes)) == 7
    assert shape_of(dots(3, round=True), 3) is Shape.DOT
    assert shape_of(dots(3, faint=True), 3) is Shape.DOT


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_shapes_are_painted_differently_about_the_same_middle(theme: Theme) -> None:
    empty = painted(dots(0, x=np.array([np.nan])), theme)
    seen = [np.abs(painted(dots(g), theme) - empty).max(axis=-1) > 40 for g in range(7)]
    for i, mask in enumerate(seen):
        assert mask.sum() > 250, "of a size that can be seen"
        y, x = np.nonzero(mask)
        assert abs(x.mean() - 150) < 4
        assert abs(y.mean() - 150) < 6
        for other in seen[:i]:
            assert (mask ^ other).sum() > 60


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_that_bars_of_other_groups_have_other_hatches() -> None:
    def bar(group: int) -> Picture:
        one = np.array([1.5])
        mark = Bars(one, one + 1, (rows([1]),), Space.MODEL, group=np.array([group]))
        return painted(mark)[60:140, 120:180]

    spread = [float(bar(group).std(axis=(0, 1)).max()) for group in range(4)]
    assert spread[0] < 3
    assert min(spread[1:]) > 6


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_that_the_legend_says_how_many_groups_it_has_no_room_for() -> None:
    n = 40
    mark = Points(np.arange(n), np.arange(n), np.arange(n), Space.MODEL, np.arange(n),
                  tuple(f"group {i}" for i in range(n)))  # fmt: skip
    plot = Plot(x=Axis("x"), y=Axis("y"), marks=(mark,))
    style = Style(LIGHT, QFont())
    image = QImage(500, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    sheet = lay_out(plot, 500, 300, style, None)
    paint_plot(painter, plot, sheet, style, QRectF(0, 0, 500, 300))
    painter.end()
    dark = (pixels(image)[:, int(sheet.left + sheet.width) + 6 :].min(axis=-1) < 140).any(axis=1)
    assert dark[int(sheet.top) : 290].any()
    assert not dark[-1], "no line is cut off"


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_that_an_outline_is_filled_and_hit_inside_alone() -> None:
    x, y = np.array([1.0, 2, 2, 1]), np.array([1.0, 1, 2, 2])
    mark = Area(x, y, rows([3, 5]), Space.MODEL, 2, "two models")
    seen = painted(mark)
    assert seen[150, 150].tolist() != seen[20, 20].tolist()
    found = hit(Plot(marks=(mark,)), SHEET, 150, 150)
    assert found is not None
    assert (found.rows.tolist(), found.text) == ([3, 5], "two models")
    assert hit(Plot(marks=(mark,)), SHEET, 50, 150) is None


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_that_strong_texts_are_larger() -> None:
    def height(strong: float) -> int:
        one = np.array([1.5])
        seen = painted(Texts(one, one, ("0.9",), np.array([strong])))
        return int((seen.min(axis=-1) < 200).any(axis=1).sum())

    assert height(1.0) > height(0.0) > 3


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_that_texts_shrink_to_their_room() -> None:
    def width(room: float) -> int:
        one = np.array([1.5])
        seen = painted(Texts(one, one, ("n 2300000",), np.array([1.0]), room))
        return int((seen.min(axis=-1) < 200).any(axis=0).sum())

    assert width(0.0) > 45 > width(0.4) > 25  # of 40 pixels
    assert width(0.05) == 0, "none that could not be read"


@pytest.mark.window
@pytest.mark.usefixtures("qapp")
def test_that_texts_that_would_lie_upon_each_other_move_apart() -> None:
    """Upwards; what finds no room there is left out."""

    def lines(count: int, apart: bool) -> int:
        places = np.full(count, 1.5)
        seen = painted(Texts(places, places, ("HHH",) * count, apart=apart))
        dark = np.concatenate(([False], (seen.min(axis=-1) < 200).any(axis=1)))
        return int((np.diff(dark.astype(int)) == 1).sum())

    assert lines(3, False) == 1
    assert lines(3, True) == 3
    assert 3 < lines(200, True) < 40


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_that_negative_edges_are_dashed(theme: Theme) -> None:
    pairs = np.array([(0, 1), (1, 2)])
    ends = np.zeros((2, 2))
    edges = Edges(ends, ends, pairs, Space.METRIC, np.ones(2), np.array([False, True]))
    positive, negative = (edge_pen(edges, i, theme) for i in range(2))
    assert positive.style() is Qt.PenStyle.SolidLine
    assert negative.style() is Qt.PenStyle.DashLine
    assert positive.widthF() == negative.widthF()
