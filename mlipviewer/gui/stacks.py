"""Areas upon each other and images of classes: how they are drawn and lit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from mlipviewer.core.plot import Raster, StackedAreas
from mlipviewer.core.rows import Rows, member
from mlipviewer.gui.axes import Sheet
from mlipviewer.gui.shapes import polygon

Array = NDArray[Any]

MOST_LIT = 400  # bands of selected lines


def paint_stack(painter: QPainter, mark: StackedAreas, sheet: Sheet, hues: list[QColor]) -> None:
    """Each area between its own upper edge and that of the one below."""
    x, tops = thinned(np.asarray(mark.x, float), mark.tops, 2 * int(sheet.width))
    if len(x) == 1:  # one place alone would have no width
        x, tops = np.array([x[0] - 0.5, x[0] + 0.5]), np.repeat(tops, 2, axis=1)
    edges = [np.zeros(len(x)), *tops]
    painter.setPen(Qt.PenStyle.NoPen)
    for low, high, hue in zip(edges, edges[1:], hues, strict=False):
        px, top = sheet.to_pixels(x, high)
        _, bottom = sheet.to_pixels(x, low)
        painter.setBrush(hue)
        outline = polygon(np.concatenate((px, px[::-1])), np.concatenate((top, bottom[::-1])))
        painter.drawPolygon(outline)


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


def paint_raster(painter: QPainter, mark: Raster, sheet: Sheet, hues: list[QColor]) -> None:
    """The image of classes; columns are as wide as the places of their frames ask for."""
    image = raster_image(mark, hues)
    edges, lines = mark.edges, mark.line_edges
    x, _ = sheet.to_pixels(edges, np.full(len(edges), lines[-1]))
    _, rows = sheet.to_pixels(np.zeros(len(lines)), lines[-1] - lines)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    image = _stretched(image, np.diff(x), np.diff(rows))
    painter.drawImage(QRectF(QPointF(x[0], rows[0]), QPointF(x[-1], rows[-1])), image)
    painter.restore()


def _stretched(image: QImage, widths: Array, heights: Array) -> QImage:
    """The image with columns and lines as wide as asked for, in whole pixels of at most 4000."""
    columns, lines = _spread(widths), _spread(heights)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    pixels = raw[:, : image.width()][lines][:, columns]
    height, width = pixels.shape[:2]
    data = np.ascontiguousarray(pixels).tobytes()
    return QImage(data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _spread(sizes: Array) -> Array:
    """For each pixel of the stretched image the part of the original that lies there."""
    ends = np.cumsum(sizes)
    n = int(np.clip(round(float(ends[-1])) * 2, len(sizes), 4000))
    places = (np.arange(n) + 0.5) / n * ends[-1]
    found: Array = np.searchsorted(ends, places).clip(0, len(sizes) - 1)
    return found


def raster_image(mark: Raster, hues: list[QColor]) -> QImage:
    """One pixel a cell; where there is nothing, it is clear."""
    table = np.zeros((len(hues) + 1, 4), np.uint8)
    for i, hue in enumerate(hues):
        table[i] = hue.red(), hue.green(), hue.blue(), 255
    values = np.asarray(mark.values)
    pixels = table[np.where(values < 0, len(hues), values)]
    height, width = values.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
