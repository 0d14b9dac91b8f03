"""Axes without a window: ranges, ticks, and the way from data to pixels and back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.plot import (
    Area,
    Axis,
    Bars,
    Cursor,
    Edges,
    HeatMap,
    Line,
    Mark,
    Plot,
    Points,
    Polylines,
    Raster,
    Rule,
    StackedAreas,
    Texts,
)
from mlipviewer.core.superscripts import RAISED

Array = NDArray[Any]
Span = tuple[float, float]


@dataclass(frozen=True)
class Window:
    """The part of the plot that is seen, in axis coordinates (log10 of the data on log axes)."""

    x: Span
    y: Span

    def zoomed(self, factor: float, at: tuple[float, float]) -> Window:
        """Factor > 1 shows more; the point `at` (axis coordinates) stays where it is."""

        def zoom(span: Span, middle: float) -> Span:
            return middle + (span[0] - middle) * factor, middle + (span[1] - middle) * factor

        return Window(zoom(self.x, at[0]), zoom(self.y, at[1]))

    def moved(self, dx: float, dy: float) -> Window:
        return Window((self.x[0] + dx, self.x[1] + dx), (self.y[0] + dy, self.y[1] + dy))


@dataclass(frozen=True)
class Sheet:
    """Where on the widget the plot area lies (pixels), and what it shows."""

    left: float
    top: float
    width: float
    height: float
    window: Window
    x_log: bool = False
    y_log: bool = False

    def to_pixels(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Data (any shape) to pixels; what cannot be drawn on a log axis becomes NaN."""
        ax, ay = axis_value(x, self.x_log), axis_value(y, self.y_log)
        (x0, x1), (y0, y1) = self.window.x, self.window.y
        px = self.left + (ax - x0) / (x1 - x0) * self.width
        py = self.top + self.height - (ay - y0) / (y1 - y0) * self.height
        return px, py

    def axis_at(self, px: float, py: float) -> tuple[float, float]:
        """Pixels to axis coordinates."""
        (x0, x1), (y0, y1) = self.window.x, self.window.y
        return (
            x0 + (px - self.left) / self.width * (x1 - x0),
            y0 + (self.top + self.height - py) / self.height * (y1 - y0),
        )

    def value_at(self, px: float, py: float) -> tuple[float, float]:
        """Pixels to values, on log axes too."""
        x, y = self.axis_at(px, py)
        return (10.0**x if self.x_log else x, 10.0**y if self.y_log else y)

    def contains(self, px: float, py: float) -> bool:
        return (
            self.left <= px <= self.left + self.width and self.top <= py <= self.top + self.height
        )


def bar_corners(mark: Bars, sheet: Sheet) -> Array:
    """(n, 4) left, top, right, bottom of each bar in pixels; NaN: not to be drawn.

    A bar that begins where a log axis has no place begins at the edge of the plot.
    """
    x, y = sheet.to_pixels(*mark.boxes())
    if mark.across:
        x[:, 0] = np.where(np.isnan(x[:, 0]), sheet.left, x[:, 0])
    else:
        y[:, 0] = np.where(np.isnan(y[:, 0]), sheet.top + sheet.height, y[:, 0])
    return np.column_stack((x.min(axis=1), y.min(axis=1), x.max(axis=1), y.max(axis=1)))


def axis_value(values: Array, log: bool) -> Array:
    """Data to axis coordinates: themselves, or their log10 (NaN for values not above zero)."""
    values = np.asarray(values, float)
    if not log:
        return values
    return np.log10(np.where(values > 0, values, np.nan))


def full_window(plot: Plot) -> Window:
    """The window that shows all of a plot with a margin."""
    xs, ys = [], []
    for mark in plot.marks:
        x, y = _extent(mark)
        xs.append(axis_value(x, plot.x.log).ravel())
        ys.append(axis_value(y, plot.y.log).ravel())
    tight = any(isinstance(mark, HeatMap | StackedAreas | Raster) for mark in plot.marks)
    margin = 0.0 if tight else 0.05
    if any(isinstance(mark, Points) and mark.show_labels for mark in plot.marks):
        margin = 0.1  # room for the names beside the outer points
    return Window(_span(xs, margin), _span(ys, margin))


def _extent(mark: Mark) -> tuple[Array, Array]:  # noqa: PLR0911
    nothing = np.empty(0)
    match mark:
        case Points() | Line() | Edges() | Polylines() | Area() | Texts():
            return np.asarray(mark.x, float), np.asarray(mark.y, float)
        case Bars():
            return _bars_extent(mark)
        case HeatMap():
            n_rows, n_columns = mark.values.shape
            return np.array([0.0, n_columns]), np.array([0.0, n_rows])
        case StackedAreas():
            return np.asarray(mark.x, float), np.append(mark.tops[-1:], 0.0)
        case Raster():
            return mark.edges, mark.line_edges[[0, -1]]
        case Rule():
            value = np.array([mark.value])
            return (value, nothing) if mark.vertical else (nothing, value)
        case Cursor():
            return nothing, nothing


def _bars_extent(mark: Bars) -> tuple[Array, Array]:
    x, y = (side.ravel() for side in mark.boxes())
    whiskers = [np.asarray(end, float) for end in (mark.low, mark.high) if end is not None]
    if mark.across:
        return np.concatenate((x, *whiskers)), y
    return x, np.concatenate((y, *whiskers))


def _span(parts: list[Array], margin: float) -> Span:
    values = np.concatenate(parts) if parts else np.empty(0)
    values = values[np.isfinite(values)]
    if values.size == 0:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    pad = (high - low) * margin if high > low else abs(low) * 0.1 or 0.5
    return low - pad, high + pad


FACTORS = (0.1, 0.2, 0.5, 1, 2, 5, 10)


def linear_ticks(span: Span, most: int) -> list[tuple[float, str]]:
    """At most about `most` places of the form 1, 2 or 5 times a power of ten, with their texts; two
    at least, as one alone tells no scale."""
    low, high = min(span), max(span)
    rough = (high - low) / max(most, 1)
    if not rough > 0 or not math.isfinite(rough):
        return []
    power = 10.0 ** math.floor(math.log10(rough))
    widest = next(k for k, factor in enumerate(FACTORS) if factor * power >= rough)
    steps = [factor * power for factor in FACTORS[widest::-1]]
    several = (found for step in steps if len(found := _multiples(low, high, step)) > 1)
    found = next(several, [])
    return found if len(found) <= most + 1 else [found[0], found[-1]]


def _multiples(low: float, high: float, step: float) -> list[tuple[float, str]]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(i * step, _number(i * step, step)) for i in range(first, last + 1)]


def _number(value: float, step: float) -> str:
    biggest = max(abs(value), step)
    if biggest >= 1e6 or step < 1e-5:
        digits = math.floor(math.log10(biggest)) - math.floor(math.log10(step) + 1e-9) + 1
        text = f"{value:.{min(max(digits, 6), 17)}g}"  # neighbours differ
    else:
        text = f"{value:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"
    return text.replace("-", "−")


def log_ticks(span: Span, most: int) -> list[tuple[float, str]]:
    """Ticks of a log axis at (axis coordinate, text): decades, and 2 and 5 between few decades."""
    low, high = min(span), max(span)
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    if last - first < 1:
        return [
            (math.log10(value), text)
            for value, text in linear_ticks((10**low, 10**high), most)
            if value > 0
        ]
    every = max(1, math.ceil((last - first + 1) / max(most, 1)))
    return [(float(n), f"10{str(n).translate(RAISED)}") for n in range(first, last + 1, every)]


def minor_log_ticks(span: Span) -> list[float]:
    """The places of 2..9 times each power of ten, where there are few decades."""
    low, high = min(span), max(span)
    if high - low > 8:
        return []
    decades = range(math.floor(low), math.ceil(high) + 1)
    places = (n + math.log10(k) for n in decades for k in range(2, 10))
    return [place for place in places if low <= place <= high]


def ticks(axis: Axis, span: Span, length: float, spacing: float) -> list[tuple[float, str]]:
    """Ticks for an axis of `length` pixels, about `spacing` pixels apart."""
    most = max(2, int(length / spacing))
    if axis.ticks:
        return _named_ticks(axis, span, 2 * most)
    if axis.log:
        return log_ticks(span, most)
    found = linear_ticks(span, most)
    return [one for one in found if one[0] == round(one[0])] if axis.whole else found


def _named_ticks(axis: Axis, span: Span, most: int) -> list[tuple[float, str]]:
    """The named places in sight, every k-th where there are more than `most`."""
    found = [one for one in axis.ticks if min(span) <= one[0] <= max(span)]
    return found[:: max(1, math.ceil(len(found) / most))]
