"""What lies under the mouse, or inside a shape: pure arithmetic on marks and pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.plot import (
    Area,
    Bars,
    Edges,
    HeatMap,
    Line,
    Plot,
    Points,
    Polylines,
    Raster,
    Space,
    StackedAreas,
)
from mlipviewer.core.polygons import in_polygon
from mlipviewer.core.rows import NONE, Rows, rows
from mlipviewer.gui.axes import Sheet, bar_corners
from mlipviewer.gui.many import is_many, points_near, shown_as_density
from mlipviewer.gui.polylines import nearest, places_inside

Array = NDArray[Any]

REACH = 8.0  # pixels


@dataclass(frozen=True, eq=False)
class Hit:
    """Something of a plot under the mouse: the rows that it stands for, and where it is drawn."""

    space: Space
    rows: Rows
    text: str
    x: float
    y: float
    distance: float = 0.0
    frames: Rows | None = None  # the frames that it stands for besides, where it does


def hit(plot: Plot, sheet: Sheet, px: float, py: float) -> Hit | None:
    """The nearest thing to a pixel: points before lines, lines before areas."""
    found: list[Hit] = []
    for mark in reversed(plot.marks):
        one = _hit_mark(mark, sheet, px, py)
        if one is not None:
            found.append(one)
    return min(found, key=lambda one: one.distance, default=None)


def _hit_mark(mark: Any, sheet: Sheet, px: float, py: float) -> Hit | None:  # noqa: PLR0911
    match mark:
        case Points():
            return _hit_points(mark, sheet, px, py)
        case Line() if mark.rows is not None and mark.space is not None:
            return _hit_line(mark, sheet, px, py)
        case Edges():
            return _hit_edges(mark, sheet, px, py)
        case HeatMap():
            return _hit_cell(mark, sheet, px, py)
        case Bars():
            return _hit_bar(mark, sheet, px, py)
        case Polylines():
            return _hit_polyline(mark, sheet, px, py)
        case Area():
            return _hit_area(mark, sheet, px, py)
        case StackedAreas():
            return _hit_stack(mark, sheet, px, py)
        case Raster():
            return _hit_raster(mark, sheet, px, py)
    return None


def _hit_stack(mark: StackedAreas, sheet: Sheet, px: float, py: float) -> Hit | None:
    """The place nearest along x, and the area under the mouse there."""
    if not sheet.contains(px, py) or len(mark.x) == 0:
        return None
    at, y = sheet.axis_at(px, py)
    i = int(np.nanargmin(np.abs(mark.x - at)))
    tops = mark.tops[:, i]
    height = float(mark.heights[:, i].sum())
    k = int(np.searchsorted(tops, y))
    text = f"{mark.space} {int(mark.rows[i]) + 1}"
    if y >= 0 and k < len(tops):
        own = float(mark.heights[k, i])
        text += f"\n{mark.names[k]}: {own:.6g}{mark.unit} of {height:.6g}{mark.unit}"
    return Hit(mark.space, rows([int(mark.rows[i])]), text, px, py, REACH * 2.2)


def _hit_raster(mark: Raster, sheet: Sheet, px: float, py: float) -> Hit | None:
    """The atoms of the line and the frame of the column under the mouse."""
    if not sheet.contains(px, py) or mark.values.size == 0:
        return None
    x, y = sheet.axis_at(px, py)
    n_lines, n_columns = mark.values.shape
    column = int(np.searchsorted(mark.edges, x, "right")) - 1
    line = int(np.searchsorted(mark.line_edges, mark.line_edges[-1] - y, "right")) - 1
    if not (0 <= column < n_columns and 0 <= line < n_lines):
        return None
    own, frame, value = mark.rows[line], int(mark.frames[column]), int(mark.values[line, column])
    who = f"atom {int(own[0])}" if len(own) == 1 else f"{len(own)} atoms"
    is_now = mark.names[value] if 0 <= value < len(mark.names) else "not there"
    text = f"{who}\nframe {frame + 1}\n{is_now}"
    return Hit(mark.space, rows(own), text, px, py, REACH * 3, rows([frame]))


def _hit_area(mark: Area, sheet: Sheet, px: float, py: float) -> Hit | None:
    outline = np.column_stack(sheet.to_pixels(mark.x, mark.y))
    if not sheet.contains(px, py) or not in_polygon(np.array([px]), np.array([py]), outline)[0]:
        return None
    frames = None if mark.frames is None else rows(mark.frames)
    return Hit(mark.space, rows(mark.rows), mark.label, px, py, REACH * 2.5, frames)


def _hit_points(mark: Points, sheet: Sheet, px: float, py: float) -> Hit | None:
    if is_many(mark):
        return _hit_many(mark, sheet, px, py)
    x, y = sheet.to_pixels(mark.x, mark.y)
    distance = np.hypot(x - px, y - py) - np.asarray(mark.size, float) / 2
    if distance.size == 0 or np.all(np.isnan(distance)):
        return None
    i = int(np.nanargmin(distance))
    if distance[i] > REACH / 2:
        return None
    texts = mark.hints or mark.labels
    text = texts[i] if texts else ""
    near = max(0.0, float(distance[i]))
    place = float(x[i]), float(y[i]), near, _frame_of(mark, i)
    return Hit(mark.space, rows([int(mark.rows[i])]), text, *place)


def _frame_of(mark: Points, i: int) -> Rows | None:
    return None if mark.frames is None else rows([int(mark.frames[i])])


def _hit_many(mark: Points, sheet: Sheet, px: float, py: float) -> Hit | None:
    """The nearest of many points; of a density, all those about the mouse."""
    near = points_near(mark, sheet, px, py, REACH / 2)
    if len(near) == 0 or not sheet.contains(px, py):
        return None
    if len(near) > 1 and shown_as_density(mark, sheet):
        chosen = rows(np.unique(np.asarray(mark.rows)[near]))
        return Hit(mark.space, chosen, f"{len(chosen)} {mark.space}s here", px, py)
    x, y = sheet.to_pixels(mark.x[near], mark.y[near])
    i = int(np.argmin(np.hypot(x - px, y - py)))
    at = int(near[i])
    texts = mark.hints or mark.labels
    text = texts[at] if texts else ""
    place = float(x[i]), float(y[i]), 0.0, _frame_of(mark, at)
    return Hit(mark.space, rows([int(mark.rows[at])]), text, *place)


def _hit_line(mark: Line, sheet: Sheet, px: float, py: float) -> Hit | None:
    """A line of vertices is hit anywhere in its plot area: the vertex nearest along x."""
    if mark.rows is None or mark.space is None or not sheet.contains(px, py):
        return None
    x, y = sheet.to_pixels(mark.x, mark.y)
    if x.size == 0 or np.all(np.isnan(x)):
        return None
    i = int(np.nanargmin(np.abs(x - px)))
    text = f"{mark.name}: {mark.y[i]:.6g}"
    return Hit(mark.space, rows([int(mark.rows[i])]), text, float(x[i]), float(y[i]), REACH * 2)


def _hit_edges(mark: Edges, sheet: Sheet, px: float, py: float) -> Hit | None:
    if len(mark.pairs) == 0:
        return None
    x, y = sheet.to_pixels(mark.x, mark.y)
    distance = _segment_distance(x, y, px, py)
    i = int(np.nanargmin(distance))
    if distance[i] > REACH / 2:
        return None
    text = mark.labels[i] if mark.labels else ""
    return Hit(mark.space, rows(mark.pairs[i]), text, px, py, REACH + float(distance[i]))


def _segment_distance(x: Array, y: Array, px: float, py: float) -> Array:
    """Distances (m,) of a point from m segments with ends x, y (m, 2)."""
    ax, ay = x[:, 0], y[:, 0]
    dx, dy = x[:, 1] - ax, y[:, 1] - ay
    length = np.maximum(dx**2 + dy**2, 1e-12)
    t = np.clip(((px - ax) * dx + (py - ay) * dy) / length, 0, 1)
    distance: Array = np.hypot(ax + t * dx - px, ay + t * dy - py)
    return distance


def _hit_cell(mark: HeatMap, sheet: Sheet, px: float, py: float) -> Hit | None:
    if not sheet.contains(px, py):
        return None
    x, y = sheet.axis_at(px, py)
    n_rows, n_columns = mark.values.shape
    column, row = int(x), n_rows - 1 - int(y)
    if not (0 <= column < n_columns and 0 <= row < n_rows):
        return None
    value = mark.values[row, column]
    names = f"{mark.row_names[row]}\n{mark.column_names[column]}"
    text = f"{names}\n{mark.title} {value:.3f}".strip()
    for name, values in mark.more:
        text += f"\n{name} {_number(values[row, column])}"
    chosen = rows([int(mark.rows[row]), int(mark.columns[column])])
    return Hit(mark.space, chosen, text, px, py, REACH * 3)


def _number(value: Any) -> str:
    """A count as it is, another number short."""
    return f"{int(value)}" if float(value).is_integer() and value > 0 else f"{value:.2g}"


def _hit_bar(mark: Bars, sheet: Sheet, px: float, py: float) -> Hit | None:
    """The bar drawn last of those under the mouse: it stands for all of its rows."""
    if not sheet.contains(px, py):
        return None
    left, top, right, bottom = bar_corners(mark, sheet).T
    at = np.flatnonzero((left <= px) & (px <= right) & (top <= py) & (py <= bottom))
    if at.size == 0:
        return None
    i = int(at[-1])
    text = mark.labels[i] if mark.labels else f"{mark.end[i]:.6g}"
    return Hit(mark.space, rows(mark.rows[i]), text, px, py, REACH * 2.5)


def _hit_polyline(mark: Polylines, sheet: Sheet, px: float, py: float) -> Hit | None:
    i, distance = nearest(mark, sheet, px, py)
    if distance > REACH / 2:
        return None
    text = mark.labels[i] if mark.labels else ""
    return Hit(mark.space, rows([int(mark.rows[i])]), text, px, py, distance)


def inside(plot: Plot, sheet: Sheet, polygon: Array) -> dict[Space, Rows]:
    """The rows of all points and vertices inside a polygon of pixels (k, 2), by space."""
    found: dict[Space, list[Array]] = {}
    for mark in plot.marks:
        if isinstance(mark, Points) or (isinstance(mark, Line) and mark.rows is not None):
            space = mark.space
            if space is None or mark.rows is None:
                continue
            x, y = sheet.to_pixels(mark.x, mark.y)
            chosen = np.asarray(mark.rows)[in_polygon(x, y, polygon)]
            found.setdefault(space, []).append(chosen)
        elif isinstance(mark, HeatMap):
            found.setdefault(mark.space, []).append(_cells_inside(mark, sheet, polygon))
        elif isinstance(mark, Bars):
            found.setdefault(mark.space, []).extend(_bars_inside(mark, sheet, polygon))
        elif isinstance(mark, Polylines):
            found.setdefault(mark.space, []).append(_lines_inside(mark, sheet, polygon))
        elif isinstance(mark, StackedAreas):
            found.setdefault(mark.space, []).append(_places_between(mark, sheet, polygon))
        elif isinstance(mark, Raster):
            found.setdefault(mark.space, []).extend(_raster_lines(mark, sheet, polygon))
        elif isinstance(mark, Area) and mark.frames is not None:
            found.setdefault(mark.space, []).append(_area_inside(mark, sheet, polygon))
    return {space: rows(np.concatenate(parts)) for space, parts in found.items()}


def _bars_inside(mark: Bars, sheet: Sheet, polygon: Array) -> list[Array]:
    """The rows of the bars whose middle lies inside."""
    left, top, right, bottom = bar_corners(mark, sheet).T
    chosen = in_polygon((left + right) / 2, (top + bottom) / 2, polygon)
    return [NONE, *(mark.rows[i] for i in np.flatnonzero(chosen))]


def _places_between(mark: StackedAreas, sheet: Sheet, polygon: Array) -> Array:
    """The rows of all places between the left and right end of the shape."""
    x, _ = sheet.to_pixels(np.asarray(mark.x, float), np.zeros(len(mark.x)))
    between = (x >= polygon[:, 0].min()) & (x <= polygon[:, 0].max())
    chosen: Array = np.asarray(mark.rows)[between]
    return chosen


def _raster_lines(mark: Raster, sheet: Sheet, polygon: Array) -> list[Array]:
    """The atoms of all lines between the upper and lower end of the shape."""
    places = mark.line_edges[-1] - mark.line_edges
    _, y = sheet.to_pixels(np.zeros(len(places)), places)
    low, high = polygon[:, 1].min(), polygon[:, 1].max()
    held = np.flatnonzero((y[1:] >= low) & (y[:-1] <= high))
    return [NONE, *(mark.rows[i] for i in held)]


def _area_inside(mark: Area, sheet: Sheet, polygon: Array) -> Array:
    """The rows of an area whose middle lies inside."""
    x, y = sheet.to_pixels(np.array([np.mean(mark.x)]), np.array([np.mean(mark.y)]))
    return np.asarray(mark.rows) if in_polygon(x, y, polygon)[0] else NONE


def _lines_inside(mark: Polylines, sheet: Sheet, polygon: Array) -> Array:
    """The rows of the lines that pass through: with a lasso, that have a vertex inside."""
    x, y = places_inside(mark, sheet, exact=len(polygon) > 4)
    held = in_polygon(x.ravel(), y.ravel(), polygon).reshape(y.shape).any(axis=1)
    chosen: Array = np.asarray(mark.rows)[held]
    return chosen


def _cells_inside(mark: HeatMap, sheet: Sheet, polygon: Array) -> Array:
    n_rows, n_columns = mark.values.shape
    column, row = np.meshgrid(np.arange(n_columns), np.arange(n_rows))
    x, y = sheet.to_pixels(column + 0.5, n_rows - row - 0.5)
    cells = in_polygon(x.ravel(), y.ravel(), polygon).reshape(n_rows, n_columns)
    return np.concatenate(
        [np.asarray(mark.rows)[cells.any(axis=1)], np.asarray(mark.columns)[cells.any(axis=0)]]
    )


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Array:
    """The polygon (4, 2) of a rectangle between two corners."""
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], float)
