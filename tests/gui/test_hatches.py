"""What tells groups without their hues: hatches of bars, areas upon each other, images, legends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from mlipviewer.core.plot import Axis, Plot, Raster, StackedAreas
from mlipviewer.gui.axes import Sheet, Window, full_window
from mlipviewer.gui.figure import ensure_application
from mlipviewer.gui.hatches import HATCHES, TILE, paint_hatch, strokes_of
from mlipviewer.gui.paint import legend_names, paint_key
from mlipviewer.gui.stacks import paint_raster, paint_stack
from mlipviewer.gui.theme import LIGHT, THEMES, Theme

N = 10
HEIGHT = 4 * TILE  # pixels of each class
GREYS = [QColor("#808080")] * N
NAMES = tuple(f"class {k}" for k in range(N))
COLOURS = tuple(range(N))

Pixels = tuple[int, ...]


def areas() -> StackedAreas:
    """Ten of the same height."""
    return StackedAreas(np.arange(2.0), np.ones((N, 2)), np.arange(2), NAMES, COLOURS)


def image_of_classes() -> Raster:
    """A line for each of ten, the last class on top, as in the areas."""
    lines = tuple(np.array([k]) for k in range(N))
    values = np.arange(N)[::-1, None]
    return Raster(values, np.array([0.5]), lines, np.array([0]), NAMES, COLOURS)


def patches(paint: Callable[[QPainter, Sheet], None], mark: StackedAreas | Raster) -> list[Pixels]:
    """A tile from the middle of each class, all in the same phase of the hatches."""
    ensure_application()
    image = QImage(2 * HEIGHT, N * HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(
        painter, Sheet(0.0, 0.0, 2.0 * HEIGHT, float(N * HEIGHT), full_window(Plot(marks=(mark,))))
    )
    painter.end()
    corners = [(TILE, k * HEIGHT + TILE) for k in range(N)]
    return [
        tuple(image.pixel(x + i, y + j) for j in range(TILE) for i in range(TILE))
        for x, y in corners
    ]


def test_that_each_colour_of_categories_has_a_hatch_of_its_own() -> None:
    covered = [frozenset(map(tuple, strokes_of(group).tolist())) for group in range(N)]
    assert len(set(covered)) == len(HATCHES) == N
    assert not covered[0]
    for one in covered[1:]:  # the colour is still seen
        assert 0 < len(one) < TILE * TILE / 2


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_that_areas_of_one_colour_are_told_apart(theme: Theme) -> None:
    seen = patches(lambda p, sheet: paint_stack(p, areas(), sheet, GREYS, theme), areas())
    assert len(set(seen)) == N


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_that_classes_of_an_image_of_one_colour_are_told_apart(theme: Theme) -> None:
    mark = image_of_classes()
    seen = patches(lambda p, sheet: paint_raster(p, mark, sheet, GREYS, theme), mark)
    assert len(set(seen)) == N


def test_that_an_image_is_hatched_as_areas_are() -> None:
    """So that one legend tells of both."""
    mark = image_of_classes()
    image = patches(lambda p, sheet: paint_raster(p, mark, sheet, GREYS, LIGHT), mark)
    stacked = patches(lambda p, sheet: paint_stack(p, areas(), sheet, GREYS, LIGHT), areas())
    for one, other in zip(image, stacked, strict=True):
        assert np.abs(_lightness(one) - _lightness(other)).max() <= 2


def _lightness(pixels: Pixels) -> NDArray[Any]:
    return np.array([QColor(one).lightness() for one in pixels])


def test_that_lines_of_hatches_are_as_fine_however_near_one_looks() -> None:
    """Zoomed into one cell: the image is what is in sight, not a part of a huge one."""
    mark = image_of_classes()
    ensure_application()
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    sheet = Sheet(0.0, 0.0, 64.0, 64.0, Window((0.5, 0.501), (1.5, 1.501)))
    paint_raster(painter, mark, sheet, GREYS, LIGHT)
    painter.end()
    row = [image.pixel(x, 20) for x in range(64)]
    assert row[:TILE] == row[TILE : 2 * TILE] == row[-TILE:]
    assert len(set(row)) == 2


@pytest.mark.parametrize("kind", [areas, image_of_classes])
def test_that_the_legend_shows_the_hatches(kind: Callable[[], StackedAreas | Raster]) -> None:
    ensure_application()
    seen = {}
    for group, name, mark in legend_names(Plot(y=Axis("n"), marks=(kind(),))):
        image = QImage(16, 16, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        paint_key(painter, mark, group, QRectF(0, 0, 16, 16), LIGHT)
        painter.end()
        seen[name] = {image.pixel(x, y) for x in range(4, 12) for y in range(5, 11)}
    assert [name for name in NAMES if len(seen[name]) == 1] == [NAMES[0]]


def test_that_groups_of_bars_are_hatched_by_the_same_lines() -> None:
    ensure_application()
    image = QImage(TILE, TILE, QImage.Format.Format_RGB32)
    for group in range(N):
        image.fill(QColor("black"))
        painter = QPainter(image)
        paint_hatch(painter, QRectF(image.rect()), group, LIGHT)
        painter.end()
        lit = [(j, i) for j in range(TILE) for i in range(TILE) if image.pixelColor(i, j).red()]
        assert lit == [tuple(one) for one in strokes_of(group).tolist()]
