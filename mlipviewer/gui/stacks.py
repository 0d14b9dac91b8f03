"""Areas upon each other and images of classes: how they are drawn and lit. Both are hatched as bars
are, so that classes are told without their hues."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from mlipviewer.core.plot import Raster, StackedAreas
from mlipviewer.core.rows import Rows, member
from mlipviewer.gui.axes import Sheet
from mlipviewer.gui.hatches import STRENGTH, TILE, hatch_of, strokes_of
from mlipviewer.gui.shapes import polygon
from mlipviewer.gui.theme import Theme

Array = NDArray[Any]

MOST_LIT = 400  # bands of selected lines
FINEST, MOST_PIXELS = 4, 4000  # of an image: within a pixel of the sheet, along a side
EDGE = 160
"""How much darker than its area an edge is, in per cent of the lightness."""


def paint_stack(
    painter: QPainter, mark: StackedAreas, sheet: Sheet, hues: list[QColor], theme: Theme
) -> None:
    """Each area between its own upper edge, which is drawn, and that of the one below."""
    x, tops = thinned(np.asarray(mark.x, float), mark.tops, 2 * int(sheet.width))
    if len(x) == 1:  # one place alone would have no width
        x, tops = np.array([x[0] - 0.5, x[0] + 0.5]), np.repeat(tops, 2, axis=1)
    edges = [np.zeros(len(x)), *tops]
    for low, high, hue, group in zip(edges, edges[1:], hues, mark.colours, strict=False):
        px, top = sheet.to_pixels(x, high)
        _, bottom = sheet.to_pixels(x, low)
        outline = polygon(np.concatenate((px, px[::-1])), np.concatenate((top, bottom[::-1])))
        painter.setPen(Qt.PenStyle.NoPen)
        for brush in (QBrush(hue), hatch_of(group, theme)):
            if brush is not None:
                painter.setBrush(brush)
                painter.drawPolygon(outline)
        painter.setPen(QPen(hue.darker(EDGE), 1.0))
        painter.drawPolyline(polygon(px, top))


def thinned(x: Array, tops: Array, most: int) -> tuple[Array, Array]:
    """At most `most` places, the means of neighbouring ones where there are more."""
    if len(x) <= most:
        return x, tops
    starts = np.linspace(0, len(x), most, endpoint=False).astype(int)
    sizes = np.diff(np.append(starts, len(x)))
    return np.add.reduceat(x, starts) / sizes, np.add.reduceat(tops, starts, axis=1) / sizes


def light_places(
    painter: QPainter, mark: StackedAreas, sheet: Sheet, hue: QColor, chosen: Rows
) -> None:
    """A light band over each run of chosen places, with lines at its ends."""
    own = np.flatnonzero(member(np.asarray(mark.rows), chosen))
    if own.size == 0:
        return
    half = np.diff(mark.x).min(initial=1.0) / 2 if len(mark.x) > 1 else 0.5
    for run in np.split(own, np.flatnonzero(np.diff(own) > 1) + 1):
        ends = np.array([mark.x[run[0]] - half, mark.x[run[-1]] + half], float)
        px, _ = sheet.to_pixels(ends, np.zeros(2))
        _band(painter, QRectF(px[0], sheet.top, max(px[1] - px[0], 1.0), sheet.height), hue, False)


def light_lines(painter: QPainter, mark: Raster, sheet: Sheet, hue: QColor, chosen: Rows) -> None:
    """A light band over each run of lines that hold chosen atoms."""
    if len(chosen) == 0 or not mark.rows:
        return
    sizes = [len(one) for one in mark.rows]
    lines = np.repeat(np.arange(len(sizes)), sizes)
    own = np.unique(lines[member(np.concatenate(mark.rows), chosen)])
    if own.size == 0:
        return
    places = mark.line_edges[-1] - mark.line_edges
    _, y = sheet.to_pixels(np.zeros(len(places)), places)
    for run in np.split(own, np.flatnonzero(np.diff(own) > 1) + 1)[:MOST_LIT]:
        top, bottom = float(y[run[0]]), float(y[run[-1] + 1])
        box = QRectF(sheet.left, top - 0.5, sheet.width, max(bottom - top, 1.0) + 1)
        _band(painter, box, hue, True)


def _band(painter: QPainter, box: QRectF, hue: QColor, lying: bool) -> None:
    """A box with lines along its long sides."""
    light = QColor(hue)
    light.setAlpha(60)
    painter.fillRect(box, light)
    painter.setPen(hue)
    if lying:
        painter.drawLine(box.topLeft(), box.topRight())
        painter.drawLine(box.bottomLeft(), box.bottomRight())
    else:
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.drawLine(box.topRight(), box.bottomRight())


def paint_raster(
    painter: QPainter, mark: Raster, sheet: Sheet, hues: list[QColor], theme: Theme
) -> None:
    """What is in sight of the image; columns are as wide as the places of their frames ask for."""
    edges, lines = mark.edges, mark.line_edges
    x, _ = sheet.to_pixels(edges, np.full(len(edges), lines[-1]))
    _, y = sheet.to_pixels(np.zeros(len(lines)), lines[-1] - lines)
    columns, across = _in_sight(x, sheet.left, sheet.left + sheet.width)
    rows, down = _in_sight(y, sheet.top, sheet.top + sheet.height)
    if not (columns.size and rows.size):
        return
    classes = np.asarray(mark.values, np.int16)[rows][:, columns]
    image = raster_image(classes, mark, hues, theme, (down, across))
    left, top = max(float(x[0]), sheet.left), max(float(y[0]), sheet.top)
    right, bottom = (
        min(float(x[-1]), sheet.left + sheet.width),
        min(float(y[-1]), sheet.top + sheet.height),
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(QRectF(QPointF(left, top), QPointF(right, bottom)), image)
    painter.restore()


def _in_sight(edges: Array, low: float, high: float) -> tuple[Array, int]:
    """The part of an image, by its rising edges, at each of the fine pixels between `low` and
    `high`, and how many of these there are in a pixel: more where the parts are narrow."""
    low, high = max(float(edges[0]), low), min(float(edges[-1]), high)
    if not high > low:
        return np.zeros(0, int), 1
    whole = max(round(high - low), 1)
    n_parts = int(np.count_nonzero((edges > low) & (edges < high))) + 1
    fine = max(min(max(-(-n_parts // whole), 2), FINEST, MOST_PIXELS // whole), 1)
    places = low + (np.arange(fine * whole) + 0.5) / (fine * whole) * (high - low)
    found: Array = np.searchsorted(edges, places, "right") - 1
    return found.clip(0, len(edges) - 2), fine


def raster_image(
    classes: Array, mark: Raster, hues: list[QColor], theme: Theme, fine: tuple[int, int]
) -> QImage:
    """One pixel for each of `classes` (h, w), `fine` of them (down, across) as wide as the line of
    a hatch; where there is nothing (-1), it is clear."""
    ground, (down, across) = QColor(theme.background), fine
    table = np.array([*(hue.rgba() for hue in hues), 0], np.uint32)
    pixels: Array = table[np.maximum(classes, -1)]
    for k, (hue, group) in enumerate(zip(hues, mark.colours, strict=True)):
        ink = _mixed(hue, ground).rgba()
        for row, column in strokes_of(group):
            for i, j in np.ndindex(down, across):
                lines = slice(row * down + i, None, TILE * down)
                columns = slice(column * across + j, None, TILE * across)
                pixels[lines, columns][classes[lines, columns] == k] = ink
    height, width = classes.shape
    data = pixels.tobytes()
    return QImage(data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()


def _mixed(hue: QColor, ground: QColor) -> QColor:
    """The colour where a line of a hatch lies over it."""
    parts = ((c.redF(), c.greenF(), c.blueF()) for c in (hue, ground))
    share = STRENGTH / 255
    mixed = [own * (1 - share) + other * share for own, other in zip(*parts, strict=True)]
    return QColor.fromRgbF(*mixed)
