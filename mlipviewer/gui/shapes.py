"""The shapes of points: one for each group, so that no group is told by its hue alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPolygonF

from mlipviewer.core.plot import GROUP_SHAPES, Shape

Array = NDArray[Any]

THIN = 0.36  # of the arms of a plus, for its half width


def shape_of_group(group: int) -> Shape:
    return GROUP_SHAPES[group % len(GROUP_SHAPES)]


def polygon(x: Array, y: Array) -> QPolygonF:
    return QPolygonF([QPointF(px, py) for px, py in zip(x.tolist(), y.tolist(), strict=True)])


def _regular(angles: Any, radii: Any = 1.0) -> Array:
    angles = np.radians(np.asarray(angles, float))
    return np.column_stack((np.cos(angles), np.sin(angles))) * np.reshape(radii, (-1, 1))


def _plus() -> Array:
    t = THIN
    arm = np.array([(-t, -1), (t, -1), (t, -t), (1, -t), (1, t), (t, t)], float)
    return np.concatenate((arm, -arm))


def _turned(outline: Array) -> Array:
    turn = np.sqrt(0.5) * np.array([[1, 1], [-1, 1]])
    return np.asarray(outline @ turn)


OUTLINES: dict[Shape, Array] = {
    Shape.STAR: _regular(36 * np.arange(10) - 90, np.where(np.arange(10) % 2 == 0, 1.0, 0.42)),
    Shape.SQUARE: 0.9 * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float),
    Shape.TRIANGLE: 1.15 * _regular((-90, 30, 150)) + (0, 0.15),
    Shape.FALLING: 1.15 * _regular((90, 210, 330)) - (0, 0.15),
    Shape.DIAMOND: 1.15 * _regular((0, 90, 180, 270)),
    Shape.PLUS: 1.1 * _plus(),
    Shape.CROSS: 1.1 * _turned(_plus()),
}
"""The corners (k, 2) of each shape around 0, 0 for a radius of 1; y grows downwards."""


def paint_shapes(painter: QPainter, shape: Shape, x: Array, y: Array, sizes: Array) -> None:
    """One shape at each x, y (n,) in pixels, of these sizes (n,), with the painter's pen."""
    if shape is Shape.DOT:
        for px, py, radius in zip(x.tolist(), y.tolist(), (sizes / 2).tolist(), strict=True):
            painter.drawEllipse(QPointF(px, py), radius, radius)
        return
    corners = OUTLINES[shape]
    by_size = {size: polygon(*(corners * size / 2).T) for size in np.unique(sizes).tolist()}
    for px, py, size in zip(x.tolist(), y.tolist(), sizes.tolist(), strict=True):
        painter.drawPolygon(by_size[size].translated(px, py))
