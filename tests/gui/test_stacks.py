"""Areas upon each other and images of classes: what is hit, caught and painted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from mlipviewer.core.plot import Area, Axis, Plot, Raster, Space, StackedAreas
from mlipviewer.core.rows import rows
from mlipviewer.gui.axes import Sheet, full_window
from mlipviewer.gui.figure import ensure_application, figure_font
from mlipviewer.gui.hit import hit, inside, rectangle
from mlipviewer.gui.marks import category_colour
from mlipviewer.gui.overlay import Highlights, paint_overlay
from mlipviewer.gui.paint import legend_names, paint_plot
from mlipviewer.gui.stacks import thinned
from mlipviewer.gui.style import Style
from mlipviewer.gui.theme import LIGHT


def stack() -> Plot:
    heights = np.array([[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]])
    mark = StackedAreas(np.arange(4.0), heights, np.array([0, 5, 10, 15]), ("bcc", "other"), (0, 7))
    return Plot("Counts", Axis("frame"), Axis("atoms"), (mark,))


def raster() -> Plot:
    values = np.array([[0, 1, 1], [0, 0, 1]])
    atoms = (np.array([3]), np.array([1, 2, 4]))
    mark = Raster(values, np.array([1.0, 2.0, 4.0]), atoms, np.array([0, 1, 3]), ("a", "b"), (7, 0))
    return Plot("Raster", Axis("frame"), Axis("atoms"), (mark,))


def sheet_of(plot: Plot) -> Sheet:
    return Sheet(50.0, 20.0, 300.0, 200.0, full_window(plot))


def painted(plot: Plot, lit: dict[Space, Highlights] | None = None) -> QImage:
    ensure_application()
    image = QImage(460, 260, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    sheet = sheet_of(plot)
    paint_plot(painter, plot, sheet, Style(LIGHT, figure_font()), QRectF(0, 0, 460, 260))
    paint_overlay(painter, plot, sheet, LIGHT, lit or {})
    painter.end()
    return image


def test_that_the_window_begins_at_zero_and_ends_at_the_sum() -> None:
    window = full_window(stack())
    assert window.y == (0.0, 5.0)
    assert window.x == (0.0, 3.0)


def test_that_a_stack_tells_place_class_and_share() -> None:
    sheet = sheet_of(stack())
    px, py = (float(v[0]) for v in sheet.to_pixels(np.array([2.1]), np.array([2.5])))
    found = hit(stack(), sheet, px, py)
    assert found is not None
    assert found.rows.tolist() == [10]
    assert found.text == "frame 11\nbcc: 3 of 5"
    above = hit(stack(), sheet, px, py - 40)
    assert above is not None
    assert "other: 2 of 5" in above.text
    assert hit(stack(), sheet, 10, 10) is None


def test_that_a_drag_over_a_stack_takes_all_places_between_its_ends() -> None:
    sheet = sheet_of(stack())
    x, _ = sheet.to_pixels(np.array([0.5, 2.5]), np.zeros(2))
    found = inside(stack(), sheet, rectangle(float(x[0]), 100, float(x[1]), 103))
    assert found[Space.FRAME].tolist() == [5, 10]


def colour_around(image: QImage, x: float, y: float) -> QColor:
    """That of most pixels, between the lines of a hatch."""
    near = [(round(x) + i, round(y) + j) for i in range(-2, 3) for j in range(-2, 3)]
    ((rgb, _),) = Counter(image.pixel(*one) for one in near).most_common(1)
    return QColor(rgb)


def test_that_areas_are_painted_in_their_hues() -> None:
    image, sheet = painted(stack()), sheet_of(stack())
    x, y = sheet.to_pixels(np.array([1.5, 1.5]), np.array([0.5, 4.5]))
    for i, hue in enumerate((0, 7)):
        seen = colour_around(image, float(x[i]), float(y[i]))
        assert seen.rgb() == category_colour(hue, LIGHT).rgb()


def test_that_areas_end_in_an_edge() -> None:
    image, sheet = painted(stack()), sheet_of(stack())
    x, y = (float(v[0]) for v in sheet.to_pixels(np.array([2.0]), np.array([3.0])))
    column = [QColor(image.pixel(round(x), round(y) + j)).lightness() for j in range(-2, 3)]
    assert min(column) < category_colour(0, LIGHT).lightness() - 5


def test_that_chosen_places_are_lit() -> None:
    sheet = sheet_of(stack())
    x, y = (round(float(v[0])) for v in sheet.to_pixels(np.array([1.1]), np.array([0.5])))
    lit = painted(stack(), {Space.FRAME: Highlights(rows([5]))})
    assert lit.pixelColor(x, y) != painted(stack()).pixelColor(x, y)
    far = round(float(sheet.to_pixels(np.array([2.9]), np.array([0.5]))[0][0]))
    assert lit.pixelColor(far, y) == painted(stack()).pixelColor(far, y)


def test_that_many_places_are_drawn_by_their_means() -> None:
    x, tops = np.arange(10_000.0), np.tile(np.array([1.0, 3.0]), (2, 5_000))
    few, mean = thinned(x, tops, 500)
    assert len(few) == 500
    assert mean == pytest.approx(np.full((2, 500), 2.0))
    assert few[0] == pytest.approx(9.5)


def test_that_a_cell_of_a_raster_stands_for_its_atoms_and_its_frame() -> None:
    sheet = sheet_of(raster())
    for place, atoms, frame, name in (
        ((1.0, 3.5), [3], 0, "a"),
        ((3.9, 3.5), [3], 3, "b"),
        ((2.2, 1.0), [1, 2, 4], 1, "a"),
    ):
        px, py = (float(v[0]) for v in sheet.to_pixels(*(np.array([v]) for v in place)))
        found = hit(raster(), sheet, px, py)
        assert found is not None
        assert found.frames is not None
        assert (found.rows.tolist(), found.frames.tolist()) == (atoms, [frame])
        assert found.text.endswith(name)
        seen = colour_around(painted(raster()), px, py)
        assert seen.rgb() == category_colour({"a": 7, "b": 0}[name], LIGHT).rgb()


def test_that_a_drag_over_a_raster_takes_the_atoms_of_its_lines() -> None:
    sheet = sheet_of(raster())
    _, y = sheet.to_pixels(np.zeros(2), np.array([3.9, 3.2]))
    found = inside(raster(), sheet, rectangle(60, float(y[0]), 80, float(y[1])))
    assert found[Space.ATOM].tolist() == [3]


def test_that_the_raster_knows_where_a_frame_lies() -> None:
    mark = raster().marks[0]
    assert isinstance(mark, Raster)
    assert [mark.place_of(frame) for frame in (0, 1, 2, 3, 9)] == [1.0, 2.0, 2.0, 4.0, 4.0]


def test_that_the_legend_lists_the_uppermost_first() -> None:
    assert [name for _, name, _ in legend_names(stack())] == ["other", "bcc"]


def test_that_an_area_of_frames_gives_both() -> None:
    x, y = np.array([0.0, 1, 1, 0]), np.array([0.0, 0, 1, 1])
    area = Area(x, y, np.array([4, 2]), Space.ATOM, frames=np.array([7]), solid=True)
    plot = Plot("Flows", marks=(area,))
    found = hit(plot, sheet_of(plot), 200, 120)
    assert found is not None
    assert found.frames is not None
    assert (found.rows.tolist(), found.frames.tolist()) == ([2, 4], [7])
    lit = painted(plot, {Space.ATOM: Highlights(rows([2]))})
    assert lit != painted(plot)
    assert isinstance(lit.pixelColor(0, 0), QColor)
