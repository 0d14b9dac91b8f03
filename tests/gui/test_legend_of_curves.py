"""Several named lines are listed beside the plot, and differ in dashes as well as in hue."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from mlipviewer.core.plot import Line, Plot, Points, Polylines, Space
from mlipviewer.gui.axes import Sheet, Window
from mlipviewer.gui.marks import line_pen, paint_mark
from mlipviewer.gui.paint import legend_names, told_apart
from mlipviewer.gui.polylines import DASHES, MOST_SEGMENTS, dashed_by_number
from mlipviewer.gui.theme import LIGHT

X = np.arange(3.0)


def curve(name: str, number: int, space: Space | None = Space.FRAME) -> Line:
    rows = np.arange(3, dtype=np.int32) if space is not None else None
    return Line(X, X, name, rows=rows, space=space, colour=number, pattern=number)


def listed(*marks: Line | Points) -> list[tuple[int, str]]:
    return [(group, name) for group, name, _ in legend_names(Plot(marks=marks))]


def test_that_several_named_lines_are_listed_in_order() -> None:
    assert listed(curve("energy", 0), curve("guide", 5, None), curve("", 2), curve("T", 1)) == [
        (0, "energy"),
        (5, "guide"),
        (1, "T"),
    ]


def test_that_a_single_line_is_named_by_its_axis() -> None:
    assert listed(curve("energy", 0), curve("energy", 0)) == []


def test_that_a_group_with_a_line_is_listed_once_by_its_line() -> None:
    names = ("a", "b")
    points = Points(X, X, np.arange(3), Space.MODEL, np.zeros(3, int), names)
    plot = Plot(marks=(points, curve("b", 1), curve("c", 2)))
    found = legend_names(plot)
    assert [name for _, name, _ in found] == ["a", "b", "c"]
    assert [type(mark) for _, _, mark in found] == [Points, Line, Line]


def test_that_lines_of_different_numbers_differ_in_dashes() -> None:
    pens = [line_pen(curve(str(i), i), LIGHT) for i in range(len(DASHES))]
    assert len({tuple(pen.dashPattern()) for pen in pens}) == len(DASHES)
    assert dashed_by_number(QPen(), len(DASHES)) == QPen()


def test_that_lines_of_no_numbers_get_dashes_of_their_own() -> None:
    """Those of one name are of one kind; a plot that numbers its lines keeps its numbers."""
    layers = [Line(X, X, name, colour=i) for i, name in enumerate(("a", "b", "a", "c"))]
    guide = Line(X, X, "c", dashed=True)
    apart = told_apart(Plot(marks=(*layers, guide, Line(X, X))))
    assert [one.pattern for one in apart.marks if isinstance(one, Line)] == [0, 1, 0, 2, 0, 0]
    own = Plot(marks=(curve("a", 0), curve("b", 3)))
    assert told_apart(own) is own
    alone = Plot(marks=(Line(X, X, "a", colour=4),))
    assert told_apart(alone) is alone


@pytest.mark.parametrize("n", [3, 400])
def test_that_groups_over_the_same_places_differ_without_their_hue(n: int) -> None:
    """Few lines by their dashes, a density by the shapes at the medians of its groups."""
    x = np.arange(20.0)
    assert (n * len(x) > MOST_SEGMENTS) == (n == 400)
    y = np.tile(np.where(np.arange(n) < n - 1, 0.5, 0.1)[:, None], len(x))
    sheet = Sheet(0, 0, 200, 100, Window((0, 19), (0, 1)))
    blank = picture(None, sheet)

    def covered(group: int) -> np.ndarray:
        groups = np.where(np.arange(n) < n - 1, group, 3)
        mark = Polylines(x, y, np.arange(n), Space.MODEL, groups)
        return (picture(mark, sheet) != blank).any(axis=-1)

    assert (covered(0) != covered(1)).sum() > 20


def picture(mark: Polylines | None, sheet: Sheet) -> np.ndarray:
    """(100, 200, 3) uint8 of a mark on white."""
    image = QImage(200, 100, QImage.Format.Format_RGB888)
    image.fill(QColor("white"))
    painter = QPainter(image)
    if mark is not None:
        paint_mark(painter, mark, sheet, LIGHT, QFont())
    painter.end()
    return (
        np.array(image.constBits()).reshape(100, image.bytesPerLine())[:, :600].reshape(100, 200, 3)
    )


def test_that_a_point_without_neighbours_is_seen() -> None:
    x, y = np.arange(5.0), np.array([1.0, np.nan, 2.0, np.nan, 1.0])
    image = QImage(200, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("white"))
    painter = QPainter(image)
    sheet = Sheet(0, 0, 200, 100, Window((-1, 5), (0, 3)))
    paint_mark(painter, Line(x, y, colour=0), sheet, LIGHT, QFont())
    painter.end()
    for place in (0, 2, 4):
        px, py = sheet.to_pixels(x[[place]], y[[place]])
        assert image.pixelColor(round(px[0]), round(py[0])) != QColor("white")
