"""Parts of a plot that the mouse can take hold of: axes, their brushed ranges, and nodes.

A grab is made where the mouse goes down; what it says while the mouse moves are edits, which the
analysis of the plot turns into parameters. Pure arithmetic, and the painting of brushes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from mlipviewer.core.plot import Plot, Points, Upright
from mlipviewer.gui.axes import Sheet
from mlipviewer.gui.theme import Theme, colour

NEAR = 7.0  # pixels beside an axis that belong to it
EDGE = 6.0  # pixels about the end of a brush that move this end
HALF = 6.0  # half the width of a brush
LEAST = 3.0  # pixels: a shorter brush is none


class Part(StrEnum):
    """What is held."""

    NEW = "new"  # a brush that is being made
    LOW = "low"
    HIGH = "high"
    WHOLE = "whole"
    AXIS = "axis"
    NODE = "node"


@dataclass(frozen=True)
class Say:
    """An edit: its name, and what it tells the analysis."""

    edit: str
    values: tuple[Any, ...]
    label: str  # for the history


@dataclass(frozen=True, eq=False)
class Grab:
    """What was taken hold of at a pixel: an upright, or the row of a node."""

    part: Part
    x: float
    y: float
    upright: Upright | None = None
    row: int = -1
    start: tuple[float, float] = (0.0, 0.0)

    def say(self, plot: Plot, sheet: Sheet, px: float, py: float) -> Say:
        """The edit for the mouse at a pixel."""
        if self.upright is None:
            return self._place(sheet, px, py)
        if self.part is Part.AXIS:
            return _moved(plot, sheet, self.upright, px)
        return self._brush(self.upright, sheet, py)

    def _place(self, sheet: Sheet, px: float, py: float) -> Say:
        px = min(max(px, sheet.left), sheet.left + sheet.width)
        py = min(max(py, sheet.top), sheet.top + sheet.height)
        return Say("place", (self.row, *sheet.axis_at(px, py)), "Move a node")

    def _brush(self, held: Upright, sheet: Sheet, py: float) -> Say:
        now, then = sheet.axis_at(0, py)[1], sheet.axis_at(0, self.y)[1]
        low, high = self.start
        match self.part:
            case Part.LOW:
                low, high = sorted((now, high))
            case Part.HIGH:
                low, high = sorted((low, now))
            case Part.WHOLE:
                low, high = low + now - then, high + now - then
            case _:
                low, high = sorted((then, now))
        short = abs(high - low) < LEAST * _per_pixel(sheet)
        return Say("brush", (held.name, low, low if short else high), f"Brush {held.name}")


def _per_pixel(sheet: Sheet) -> float:
    return (sheet.window.y[1] - sheet.window.y[0]) / sheet.height


def _x_of(sheet: Sheet, at: float) -> float:
    return float(sheet.to_pixels(np.array([at]), np.array([0.0]))[0][0])


def _span_of(sheet: Sheet, low: float, high: float) -> tuple[float, float]:
    """The pixels of the lower and the upper end."""
    y = sheet.to_pixels(np.zeros(2), np.array([low, high]))[1]
    return float(y[0]), float(y[1])


def _moved(plot: Plot, sheet: Sheet, held: Upright, px: float) -> Say:
    places = np.array([_x_of(sheet, one.at) for one in plot.uprights])
    to = int(np.argmin(np.abs(places - px)))
    return Say("move", (held.name, to), f"Move axis {held.name}")


def upright_at(plot: Plot, sheet: Sheet, px: float) -> tuple[Upright | None, float]:
    """The nearest upright axis in sight and its distance in pixels."""
    best: tuple[Upright | None, float] = (None, float("inf"))
    for one in plot.uprights:
        x = _x_of(sheet, one.at)
        if sheet.left - 1 <= x <= sheet.left + sheet.width + 1 and abs(x - px) < best[1]:
            best = one, abs(x - px)
    return best


def named_at(plot: Plot, sheet: Sheet, px: float, py: float) -> Upright | None:
    """The upright axis whose name, below the plot, is at a pixel."""
    one, distance = upright_at(plot, sheet, px)
    room = sheet.width / max(len(plot.uprights), 1)
    below = py > sheet.top + sheet.height
    return one if below and distance <= max(room / 2, NEAR) else None


def brush_at(plot: Plot, sheet: Sheet, px: float, py: float) -> Upright | None:
    """The upright axis whose brush is at a pixel."""
    one, distance = upright_at(plot, sheet, px)
    if one is None or distance > NEAR or one.low is None or one.high is None:
        return None
    bottom, top = _span_of(sheet, one.low, one.high)
    return one if top - EDGE <= py <= bottom + EDGE else None


def grab_at(plot: Plot, sheet: Sheet, px: float, py: float) -> Grab | None:
    """What the mouse takes hold of at a pixel, if anything."""
    named = named_at(plot, sheet, px, py)
    if named is not None:
        return Grab(Part.AXIS, px, py, named)
    if not sheet.contains(px, py):
        return None
    brushed = brush_at(plot, sheet, px, py)
    if brushed is not None and brushed.low is not None and brushed.high is not None:
        bottom, top = _span_of(sheet, brushed.low, brushed.high)
        part = Part.WHOLE
        if min(abs(py - top), abs(py - bottom)) <= EDGE:
            part = Part.HIGH if abs(py - top) <= abs(py - bottom) else Part.LOW
        return Grab(part, px, py, brushed, start=(brushed.low, brushed.high))
    one, distance = upright_at(plot, sheet, px)
    if one is not None and distance <= NEAR:
        return Grab(Part.NEW, px, py, one)
    return _node_at(plot, sheet, px, py)


def _node_at(plot: Plot, sheet: Sheet, px: float, py: float) -> Grab | None:
    for mark in reversed(plot.marks):
        if isinstance(mark, Points) and mark.movable and len(mark.x):
            x, y = sheet.to_pixels(mark.x, mark.y)
            apart = np.hypot(x - px, y - py) - np.broadcast_to(mark.size, x.shape) / 2
            i = int(np.nanargmin(apart))
            return Grab(Part.NODE, px, py, row=int(mark.rows[i])) if apart[i] <= 2 else None
    return None


CURSORS = {
    Part.NEW: Qt.CursorShape.CrossCursor,
    Part.LOW: Qt.CursorShape.SizeVerCursor,
    Part.HIGH: Qt.CursorShape.SizeVerCursor,
    Part.WHOLE: Qt.CursorShape.OpenHandCursor,
    Part.AXIS: Qt.CursorShape.SizeHorCursor,
    Part.NODE: Qt.CursorShape.PointingHandCursor,
}


def paint_brushes(painter: QPainter, plot: Plot, sheet: Sheet, theme: Theme) -> None:
    """The brushed ranges with bars at their ends."""
    for one in plot.uprights:
        if one.low is None or one.high is None:
            continue
        x, (bottom, top) = _x_of(sheet, one.at), _span_of(sheet, one.low, one.high)
        painter.setPen(QPen(colour(theme.selected), 1.2))
        painter.setBrush(colour(theme.selected, 70))
        painter.drawRect(QRectF(QPointF(x - HALF, top), QPointF(x + HALF, bottom)))
        painter.setPen(QPen(colour(theme.selected), 3.0))
        for y in (bottom, top):
            painter.drawLine(QPointF(x - HALF - 2, y), QPointF(x + HALF + 2, y))
