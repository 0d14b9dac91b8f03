"""Many lines over the same places: drawn one by one while they are few, else as a density.

A density counts how many lines cross each pixel: a few milliseconds for 2300 lines over 30 axes,
which drawn one by one would take a second.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from mlipviewer.core.plot import Polylines
from mlipviewer.gui.axes import Sheet
from mlipviewer.gui.densities import density_image
from mlipviewer.gui.shapes import paint_shapes, shape_of_group
from mlipviewer.native.counts import count_lines

Array = NDArray[Any]

DASHES = ((), (5.0, 2.5), (1.5, 2.0), (7.0, 2.0, 1.5, 2.0), (9.0, 4.0), (3.0, 1.5, 1.0, 1.5))
"""Of lines of different groups, in widths of the line: they differ in more than hue."""
MOST_SEGMENTS = 4_000  # drawn as lines; beyond, as a density
MOST_CHOSEN = 1_000  # of those laid over the others
ONE_CHOSEN = 0.6  # opacity of one of them
ONE_LINE = 0.22  # opacity of a single line in a density
FINEST = 1.5  # pixels of a density for each of the painter
MOST_PIXELS = 2_000  # of a density, along a side
MEDIAN = 9.0  # pixels of the shape at the median of a group
BETWEEN = 3  # places between two axes where a rectangle catches a line


def dashed_by_number(pen: QPen, number: int) -> QPen:
    """The pen with the dashes of a group; the first has none."""
    dashes = DASHES[number % len(DASHES)]
    if dashes:
        pen.setDashPattern(list(dashes))
    return pen


def pixels_of(mark: Polylines, sheet: Sheet) -> tuple[Array, Array]:
    """x (m,) and y (n, m) in pixels; NaN where a line has a gap."""
    x, y = sheet.to_pixels(np.asarray(mark.x, float), np.asarray(mark.y, float))
    return x, y


def paint_polylines(
    painter: QPainter, mark: Polylines, sheet: Sheet, colour_of: Callable[[int], QColor]
) -> None:
    """All lines by group, in the colour and dashes of each; where they are a density, the shapes
    of the groups stand at their medians."""
    x, y = pixels_of(mark, sheet)
    groups = np.zeros(len(y), int) if mark.group is None else np.asarray(mark.group)
    found = np.unique(groups).tolist()
    parts = [(y[groups == group], colour_of(group)) for group in found]
    if y.size <= MOST_SEGMENTS:
        for group, (lines, colour) in zip(found, parts, strict=True):
            _paint_each(painter, x, lines, dashed_by_number(QPen(colour, 1.0), group))
        return
    _paint_density(painter, x, parts, sheet)
    if len(found) > 1:
        for group, (lines, colour) in zip(found, parts, strict=True):
            _paint_medians(painter, x, lines, group, colour)


def _paint_medians(painter: QPainter, x: Array, y: Array, group: int, colour: QColor) -> None:
    """The shape of a group at the median of its lines (n, m) on each axis."""
    some = np.isfinite(y).any(axis=0)
    middle = np.nanmedian(y[:, some], axis=0)
    painter.setPen(QPen(QColor(255, 255, 255), 1.0))
    painter.setBrush(QColor(colour.red(), colour.green(), colour.blue()))
    paint_shapes(painter, shape_of_group(group), x[some], middle, np.full(len(middle), MEDIAN))


def paint_lines(
    painter: QPainter, x: Array, y: Array, sheet: Sheet, colour: QColor, width: float
) -> None:
    """Lines (n, m) in one colour: themselves, or their density where they are many."""
    if y.size > MOST_CHOSEN:
        _paint_density(painter, x, [(y, colour)], sheet, ONE_CHOSEN)
    else:
        _paint_each(painter, x, y, QPen(colour, width))


def _paint_each(painter: QPainter, x: Array, y: Array, pen: QPen) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    for line in y:
        for part in _unbroken(line):
            points = zip(x[part].tolist(), line[part].tolist(), strict=True)
            painter.drawPolyline(QPolygonF([QPointF(px, py) for px, py in points]))


def _unbroken(line: Array) -> list[Array]:
    """The runs of at least two vertices between missing ones."""
    good = np.flatnonzero(np.isfinite(line))
    parts = np.split(good, np.flatnonzero(np.diff(good) > 1) + 1)
    return [part for part in parts if len(part) > 1]


def _paint_density(
    painter: QPainter,
    x: Array,
    parts: list[tuple[Array, QColor]],
    sheet: Sheet,
    faintest: float = ONE_LINE,
) -> None:
    """One image of all groups: mixed colours where groups cross, so that none hides another."""
    scale = min(max(abs(painter.transform().m11()), 0.1), FINEST)
    scale = min(scale, MOST_PIXELS / max(sheet.width, sheet.height, 1.0))
    size = max(round(sheet.width * scale), 1), max(round(sheet.height * scale), 1)
    counts = [
        count_lines((x - sheet.left) * scale, (y - sheet.top) * scale, *size) for y, _ in parts
    ]
    image = density_image(np.stack(counts, axis=-1), [colour for _, colour in parts], faintest)
    painter.drawImage(QRectF(sheet.left, sheet.top, sheet.width, sheet.height), image)


def at_columns(x: Array, y: Array, columns: Array) -> Array:
    """(n, k) y of lines x (m,), y (n, m) at columns (k,), straight between vertices; NaN beside."""
    if len(x) < 2:
        return np.full((len(y), len(columns)), np.nan, np.float32)
    left = np.clip(np.searchsorted(x, columns, side="right") - 1, 0, len(x) - 2)
    part = ((columns - x[left]) / (x[left + 1] - x[left])).astype(np.float32)
    vertices = np.ascontiguousarray(np.asarray(y, np.float32).T)
    rise = np.diff(vertices, axis=0)
    found: Array = vertices[left]
    found += rise[left] * part[:, None]
    found[(part < -1e-6) | (part > 1 + 1e-6)] = np.nan
    return found.T


def nearest(mark: Polylines, sheet: Sheet, px: float, py: float) -> tuple[int, float]:
    """The line nearest to a pixel and its distance; (-1, inf) where there is none."""
    x, y = pixels_of(mark, sheet)
    here = np.array([px - 0.5, px + 0.5])
    at = at_columns(x, y, np.clip(here, x[0], x[-1])) if len(x) > 1 else np.empty((0, 2))
    steep = np.hypot(1.0, at[:, 1] - at[:, 0])
    distance = np.abs(at.mean(axis=1) - py) / steep + max(x[0] - px, px - x[-1], 0.0)
    if distance.size == 0 or np.all(np.isnan(distance)):
        return -1, float("inf")
    i = int(np.nanargmin(distance))
    return i, float(distance[i])


def places_inside(mark: Polylines, sheet: Sheet, exact: bool) -> tuple[Array, Array]:
    """x, y (n, k) in pixels: the places at which a line counts as inside a shape.

    `exact`: its vertices alone; else some places between them too.
    """
    x, y = pixels_of(mark, sheet)
    if not exact and len(x) > 1:
        steps = np.linspace(0, len(x) - 1, (len(x) - 1) * (BETWEEN + 1) + 1)
        columns = np.interp(steps, np.arange(len(x)), x)
        vertices = y
        y = at_columns(x, y, columns)
        y[:, :: BETWEEN + 1] = vertices
        x = columns
    return np.broadcast_to(x, y.shape), y
