"""Many lines over the same places: drawn one by one while they are few, else as a density.

A density is counted in numpy: how many lines cross each pixel. 2300 lines over 20 axes take some
70 ms; drawn one by one they would take a second.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from mlipviewer.core.plot import Polylines
from mlipviewer.gui.axes import Sheet

Array = NDArray[Any]

MOST_SEGMENTS = 4_000  # drawn as lines; beyond, as a density
ONE_LINE = 0.22  # opacity of a single line in a density
FINEST = 1.5  # pixels of a density for each of the painter
MOST_PIXELS = 2_000  # of a density, along a side
BETWEEN = 3  # places between two axes where a rectangle catches a line


def pixels_of(mark: Polylines, sheet: Sheet) -> tuple[Array, Array]:
    """x (m,) and y (n, m) in pixels; NaN where a line has a gap."""
    x, y = sheet.to_pixels(np.asarray(mark.x, float), np.asarray(mark.y, float))
    return x, y


def paint_polylines(
    painter: QPainter, mark: Polylines, sheet: Sheet, colour_of: Callable[[int], QColor]
) -> None:
    """All lines by group, in the colour of each group."""
    x, y = pixels_of(mark, sheet)
    groups = np.zeros(len(y), int) if mark.group is None else np.asarray(mark.group)
    parts = [(y[groups == group], colour_of(int(group))) for group in np.unique(groups)]
    if y.size > MOST_SEGMENTS:
        _paint_density(painter, x, parts, sheet)
        return
    for lines, colour in parts:
        _paint_each(painter, x, lines, colour, 1.0)


def paint_lines(
    painter: QPainter, x: Array, y: Array, sheet: Sheet, colour: QColor, width: float
) -> None:
    """Lines (n, m) in one colour: themselves, or their density where they are many."""
    if y.size > MOST_SEGMENTS:
        _paint_density(painter, x, [(y, colour)], sheet)
    else:
        _paint_each(painter, x, y, colour, width)


def _paint_each(painter: QPainter, x: Array, y: Array, colour: QColor, width: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width))
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
    painter: QPainter, x: Array, parts: list[tuple[Array, QColor]], sheet: Sheet
) -> None:
    """One image of all groups: mixed colours where groups cross, so that none hides another."""
    scale = min(max(abs(painter.transform().m11()), 0.1), FINEST)
    scale = min(scale, MOST_PIXELS / max(sheet.width, sheet.height, 1.0))
    size = max(round(sheet.width * scale), 1), max(round(sheet.height * scale), 1)
    mixed = np.zeros((size[1], size[0], 3), np.float32)
    total = np.zeros((size[1], size[0]), np.float32)
    for y, colour in parts:
        count = density((x - sheet.left) * scale, (y - sheet.top) * scale, *size)
        total += count
        for i, value in enumerate((colour.red(), colour.green(), colour.blue())):
            mixed[..., i] += count * np.float32(value)
    pixels = _shaded(mixed, total)
    image = QImage(pixels.tobytes(), *size, 4 * size[0], QImage.Format.Format_RGBA8888)
    painter.drawImage(QRectF(sheet.left, sheet.top, sheet.width, sheet.height), image)


def _shaded(mixed: Array, total: Array) -> NDArray[np.uint8]:
    """(h, w, 4) colours of counts; opacity grows with their logarithm from that of one line."""
    pixels = np.zeros((*total.shape, 4), np.uint8)
    filled = total > 0
    counts = total[filled]
    if counts.size:
        many = max(float(np.quantile(counts, 0.995)), 2.0)
        share = np.minimum(np.log(counts) / np.log(many), 1.0)
        pixels[filled, :3] = mixed[filled] / counts[:, None]
        pixels[filled, 3] = np.rint(255 * (ONE_LINE + (1 - ONE_LINE) * share))
    return pixels


def density(x: Array, y: Array, width: int, height: int) -> NDArray[np.int32]:
    """(height, width) how many of the lines x (m,), y (n, m), all in pixels, cross each pixel."""
    counted = np.zeros((height, width), np.int32)
    begin, end = (
        (max(int(np.ceil(x[0])), 0), min(int(np.floor(x[-1])), width)) if len(x) else (0, 0)
    )
    if end <= begin:
        return counted
    at = at_columns(x, y, np.arange(begin, end + 1, dtype=np.float32)).T
    low, high = np.minimum(at[:-1], at[1:]), np.maximum(at[:-1], at[1:])
    if np.isnan(y).any():  # what is missing goes below the last row
        low, high = (np.nan_to_num(one, nan=height + 1.0) for one in (low, high))
    high += 1
    change = _at_rows(low, height) - _at_rows(high, height)
    counted[:, begin:end] = np.cumsum(change, axis=1)[:, :-1].T
    return counted


def _at_rows(at: Array, height: int) -> NDArray[np.int64]:
    """(columns, height + 1) how many of the places (columns, n) are in each row."""
    np.clip(at, 0, height, out=at)
    rows = at.astype(np.intp)
    rows += np.arange(len(at))[:, None] * (height + 1)
    count: NDArray[np.int64] = np.bincount(rows.ravel(), minlength=len(at) * (height + 1))
    return count.reshape(len(at), height + 1)


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
