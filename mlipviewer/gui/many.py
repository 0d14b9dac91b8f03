"""Points that are too many to be drawn one by one: as a density, until few of them are in sight.

What does not depend on the zoom is kept with the mark, so that a million points can be panned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from mlipviewer.core.plot import Points
from mlipviewer.core.rows import member
from mlipviewer.gui.axes import Sheet, axis_value
from mlipviewer.gui.densities import density_image
from mlipviewer.native.counts import count_points

Array = NDArray[Any]
Ints = NDArray[np.intp]

MANY_CHOSEN = 2_000  # chosen points in sight that are ringed one by one
MOST_BINS = 512  # along a side
FAINTEST, FAINTEST_CHOSEN = 0.3, 0.75  # opacity of a bin with one point


@dataclass(frozen=True, eq=False)
class _Places:
    """Axis coordinates (n,) of a mark's points on axes of these kinds."""

    logs: tuple[bool, bool]
    x: Array
    y: Array


@dataclass(frozen=True, eq=False)
class _Chosen:
    """The points (k,) of a mark that stand for chosen rows, and those rows."""

    rows: Array
    points: Ints


_places: WeakKeyDictionary[Points, _Places] = WeakKeyDictionary()
_chosen: WeakKeyDictionary[Points, _Chosen] = WeakKeyDictionary()


def is_many(mark: Points) -> bool:
    """Whether a mark may have to be drawn as a density."""
    return len(mark.x) > mark.crowd and not mark.show_labels


def axis_places(mark: Points, sheet: Sheet) -> tuple[Array, Array]:
    """x, y (n,) of all points in axis coordinates; NaN where they cannot be drawn."""
    logs = sheet.x_log, sheet.y_log
    found = _places.get(mark)
    if found is None or found.logs != logs:
        found = _Places(logs, axis_value(mark.x, logs[0]), axis_value(mark.y, logs[1]))
        _places[mark] = found
    return found.x, found.y


def chosen_points(mark: Points, chosen: Array) -> Ints:
    """The points that stand for chosen rows; kept until other rows are chosen."""
    found = _chosen.get(mark)
    if found is None or found.rows is not chosen:
        found = _Chosen(chosen, np.flatnonzero(member(np.asarray(mark.rows), chosen)))
        _chosen[mark] = found
    return found.points


def _box(sheet: Sheet) -> tuple[float, float, float, float]:
    return (*sheet.window.x, *sheet.window.y)


def _bins(sheet: Sheet) -> tuple[int, int]:
    return min(max(int(sheet.width), 1), MOST_BINS), min(max(int(sheet.height), 1), MOST_BINS)


def in_box(x: Array, y: Array, box: tuple[float, float, float, float]) -> Ints:
    """Which places (n,) lie within x0, x1, y0, y1; NaN is outside."""
    x0, x1, y0, y1 = box
    return np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))


def paint_density(
    painter: QPainter, mark: Points, sheet: Sheet, colours: Sequence[QColor]
) -> Ints | None:
    """Paint the density of many points, a colour for each group; where few are in sight, paint
    nothing and give these points."""
    x, y = axis_places(mark, sheet)
    grouped = mark.group is not None and len(colours) > 1
    counts = count_points(
        x, y, mark.group if grouped else None, len(colours), _box(sheet), _bins(sheet)
    )
    if int(counts.sum()) <= mark.crowd:
        return in_box(x, y, _box(sheet))
    _draw(painter, counts, colours, sheet, FAINTEST)
    return None


def paint_chosen(
    painter: QPainter, mark: Points, chosen: Array, sheet: Sheet, colour: QColor
) -> Ints | None:
    """The same for those that stand for chosen rows."""
    points = chosen_points(mark, chosen)
    x, y = (one[points] for one in axis_places(mark, sheet))
    counts = count_points(x, y, None, 1, _box(sheet), _bins(sheet))
    if int(counts.sum()) <= MANY_CHOSEN:
        return points[in_box(x, y, _box(sheet))]
    _draw(painter, counts, [colour], sheet, FAINTEST_CHOSEN)
    return None


def _draw(
    painter: QPainter, counts: Array, colours: Sequence[QColor], sheet: Sheet, faintest: float
) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    image = density_image(counts, colours, faintest)
    painter.drawImage(QRectF(sheet.left, sheet.top, sheet.width, sheet.height), image)
    painter.restore()


def points_near(mark: Points, sheet: Sheet, px: float, py: float, reach: float) -> Ints:
    """The points within `reach` pixels along x and y."""
    x, y = axis_places(mark, sheet)
    (x0, y0), (x1, y1) = (
        sheet.axis_at(px - reach, py + reach),
        sheet.axis_at(px + reach, py - reach),
    )
    return in_box(x, y, (x0, x1, y0, y1))


def shown_as_density(mark: Points, sheet: Sheet) -> bool:
    """Whether the points in sight are so many that they are drawn as a density."""
    if not is_many(mark):
        return False
    return len(in_box(*axis_places(mark, sheet), _box(sheet))) > mark.crowd
