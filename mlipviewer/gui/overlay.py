"""What moves over a plot: rings around the selected, the hovered, the focus, the frame's cursor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from mlipviewer.core.plot import (
    Area,
    Bars,
    Cursor,
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
from mlipviewer.core.rows import NONE, Rows, member
from mlipviewer.gui.axes import Sheet, bar_corners
from mlipviewer.gui.handles import paint_brushes
from mlipviewer.gui.many import is_many, paint_chosen
from mlipviewer.gui.marks import box_of, edge_pen
from mlipviewer.gui.paint import area
from mlipviewer.gui.polylines import paint_lines, pixels_of
from mlipviewer.gui.shapes import polygon
from mlipviewer.gui.stacks import light_lines, light_places
from mlipviewer.gui.theme import Theme, colour

Array = NDArray[Any]


@dataclass(frozen=True)
class Highlights:
    """What is to be marked in one space."""

    selected: Rows
    hovered: int | None = None
    focus: int | None = None


def same_highlights(one: dict[Space, Highlights], other: dict[Space, Highlights]) -> bool:
    """Whether two sets of highlights look the same; selections are compared by identity."""
    return one.keys() == other.keys() and all(
        a.selected is other[space].selected
        and (a.hovered, a.focus) == (other[space].hovered, other[space].focus)
        for space, a in one.items()
    )


def paint_overlay(
    painter: QPainter,
    plot: Plot,
    sheet: Sheet,
    theme: Theme,
    highlights: dict[Space, Highlights],
    cursor: float | None = None,
) -> None:
    """Draw the highlights of every mark, and the cursor of plots over frames."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(area(sheet))
    for mark in plot.marks:
        lit = highlights.get(getattr(mark, "space", None) or Space.MODEL)
        if lit is None:
            continue
        if isinstance(mark, Points):
            _ring_points(painter, mark, sheet, theme, lit)
        elif isinstance(mark, Edges):
            _light_edges(painter, mark, sheet, theme, lit)
        elif isinstance(mark, HeatMap):
            _frame_cells(painter, mark, sheet, theme, lit)
        elif isinstance(mark, Bars):
            _fill_bars(painter, mark, sheet, theme, lit)
        elif isinstance(mark, Polylines):
            _draw_over(painter, mark, sheet, theme, lit)
        elif isinstance(mark, Line) and mark.rows is not None:
            _dot_line(painter, mark, sheet, theme, lit)
        elif isinstance(mark, StackedAreas):
            light_places(painter, mark, sheet, colour(theme.selected), lit.selected)
        elif isinstance(mark, Raster):
            light_lines(painter, mark, sheet, colour(theme.selected), lit.selected)
        elif isinstance(mark, Area) and mark.frames is not None:
            _frame_area(painter, mark, sheet, theme, lit)
    paint_brushes(painter, plot, sheet, theme)
    if cursor is not None and any(isinstance(mark, Cursor) for mark in plot.marks):
        _paint_cursor(painter, cursor, sheet, theme)
    painter.restore()


def _frame_area(painter: QPainter, mark: Area, sheet: Sheet, theme: Theme, lit: Highlights) -> None:
    """A border around an area all of whose rows are selected; a faint one if only some are."""
    own = member(np.asarray(mark.rows), lit.selected)
    if not own.any():
        return
    pen = QPen(colour(theme.selected), 2.0)
    pen.setStyle(Qt.PenStyle.SolidLine if own.all() else Qt.PenStyle.DotLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(polygon(*sheet.to_pixels(mark.x, mark.y)))


def _ring(painter: QPainter, x: Array, y: Array, radius: Array, pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for px, py, r in zip(x.tolist(), y.tolist(), radius.tolist(), strict=True):
        if not (math.isnan(px) or math.isnan(py)):
            painter.drawEllipse(QPointF(px, py), r, r)


def _ring_points(
    painter: QPainter, mark: Points, sheet: Sheet, theme: Theme, lit: Highlights
) -> None:
    radius = np.broadcast_to(np.asarray(mark.size, float) / 2, mark.x.shape)
    _ring_rows(painter, mark, radius, sheet, lit.selected, QPen(colour(theme.selected), 1.8), 2.0)
    if lit.focus is not None and not mark.faint:
        one = np.array([lit.focus])
        _ring_rows(painter, mark, radius, sheet, one, QPen(colour(theme.selected), 2.6), 5.0)
    if lit.hovered is not None:
        one = np.array([lit.hovered])
        _ring_rows(painter, mark, radius, sheet, one, QPen(colour(theme.hovered), 1.6), 3.5)


def _ring_rows(
    painter: QPainter,
    mark: Points,
    radius: Array,
    sheet: Sheet,
    chosen: Array,
    pen: QPen,
    gap: float,
) -> None:
    own: Array | None
    if is_many(mark) and len(chosen) > 1:
        own = paint_chosen(painter, mark, chosen, sheet, pen.color())
        if own is None:
            return
    elif len(chosen) == 1:
        own = np.flatnonzero(np.asarray(mark.rows) == chosen[0])
    else:
        own = np.flatnonzero(member(np.asarray(mark.rows), chosen))
    if len(own):
        x, y = sheet.to_pixels(mark.x[own], mark.y[own])
        _ring(painter, x, y, radius[own] + gap, pen)


def _light_edges(
    painter: QPainter, mark: Edges, sheet: Sheet, theme: Theme, lit: Highlights
) -> None:
    """The edges of a hovered or selected node, so that its neighbours show."""
    around = lit.selected if lit.hovered is None else np.append(lit.selected, lit.hovered)
    if len(mark.pairs) == 0 or len(around) == 0:
        return
    ends = member(mark.pairs.ravel(), np.unique(around)).reshape(-1, 2)
    x, y = sheet.to_pixels(mark.x, mark.y)
    for i in np.flatnonzero(ends.any(axis=1)):
        painter.setPen(edge_pen(mark, int(i), theme, theme.selected))
        painter.drawLine(QPointF(x[i, 0], y[i, 0]), QPointF(x[i, 1], y[i, 1]))


def _frame_cells(
    painter: QPainter, mark: HeatMap, sheet: Sheet, theme: Theme, lit: Highlights
) -> None:
    """Thin bands along the rows and columns of selected metrics, a box where two meet."""
    n_rows, n_columns = mark.values.shape
    rows = np.flatnonzero(member(np.asarray(mark.rows), lit.selected))
    columns = np.flatnonzero(member(np.asarray(mark.columns), lit.selected))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour(theme.selected), 1.6))
    for i in rows.tolist():
        painter.drawRect(_cell_box(sheet, 0, n_columns, n_rows - i - 1, n_rows - i))
    for j in columns.tolist():
        painter.drawRect(_cell_box(sheet, j, j + 1, 0, n_rows))


def _cell_box(sheet: Sheet, x0: float, x1: float, y0: float, y1: float) -> QRectF:
    x, y = sheet.to_pixels(np.array([x0, x1]), np.array([y1, y0]))
    return QRectF(QPointF(x[0], y[0]), QPointF(x[1], y[1]))


def _fill_bars(painter: QPainter, mark: Bars, sheet: Sheet, theme: Theme, lit: Highlights) -> None:
    """The share of a bar's rows that is selected, as that share of the bar; a frame on hover."""
    for corners, own in zip(bar_corners(mark, sheet), mark.rows, strict=True):
        if len(own) == 0 or np.isnan(corners).any():
            continue
        box, share = box_of(corners), float(member(own, lit.selected).mean())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme.selected, 150))
        if share and mark.across:
            painter.drawRect(QRectF(box.left(), box.top(), share * box.width(), box.height()))
        elif share:
            high = share * box.height()
            painter.drawRect(QRectF(box.left(), box.bottom() - high, box.width(), high))
        if len(own) == 1 and lit.hovered == own[0]:
            painter.setPen(QPen(colour(theme.hovered), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)


def _draw_over(
    painter: QPainter, mark: Polylines, sheet: Sheet, theme: Theme, lit: Highlights
) -> None:
    """The selected lines over the others, then the focus and the hovered one."""
    x, y = pixels_of(mark, sheet)
    every = np.asarray(mark.rows)
    own = member(every, lit.selected)
    if own.any():
        paint_lines(painter, x, y[own], sheet, colour(theme.selected), 1.6)
    for row, name, width in ((lit.focus, theme.selected, 3.0), (lit.hovered, theme.hovered, 2.0)):
        if row is not None and not mark.faint:
            paint_lines(painter, x, y[every == row], sheet, colour(name), width)


def _dot_line(painter: QPainter, mark: Line, sheet: Sheet, theme: Theme, lit: Highlights) -> None:
    rows = np.asarray(mark.rows)
    own = member(rows, lit.selected if lit.selected is not None else NONE)
    if own.any():
        x, y = sheet.to_pixels(mark.x[own], mark.y[own])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme.selected))
        for px, py in zip(x.tolist(), y.tolist(), strict=True):
            painter.drawEllipse(QPointF(px, py), 3, 3)


def _paint_cursor(painter: QPainter, value: float, sheet: Sheet, theme: Theme) -> None:
    x, _ = sheet.to_pixels(np.array([value]), np.array([1.0]))
    painter.setPen(QPen(colour(theme.hovered), 1.4))
    painter.drawLine(QPointF(x[0], sheet.top), QPointF(x[0], sheet.top + sheet.height))


def paint_shape(painter: QPainter, shape: Array, theme: Theme) -> None:
    """The rectangle or lasso that is being drawn: pixels (k, 2)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(theme.selected), 1.2, Qt.PenStyle.DashLine))
    painter.setBrush(colour(theme.selected, 30))
    painter.drawPolygon(polygon(shape[:, 0], shape[:, 1]))
    painter.restore()
