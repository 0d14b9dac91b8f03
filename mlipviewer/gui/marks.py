"""How each kind of mark is drawn with a QPainter, on whatever it paints."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QPainter,
    QPen,
)

from mlipviewer.core.plot import (
    Area,
    Bars,
    Cursor,
    Edges,
    HeatMap,
    Line,
    Mark,
    Points,
    Polylines,
    Raster,
    Rule,
    Shape,
    StackedAreas,
    Texts,
    finite,
)
from mlipviewer.gui.axes import Sheet, bar_corners
from mlipviewer.gui.colour_vision import contrast
from mlipviewer.gui.colours import Rgb, categorical
from mlipviewer.gui.decimate import envelope
from mlipviewer.gui.hatches import paint_hatch
from mlipviewer.gui.heat_map import paint_heat_map
from mlipviewer.gui.many import is_many, paint_density
from mlipviewer.gui.polylines import dashed_by_number, paint_polylines
from mlipviewer.gui.shapes import paint_shapes, polygon, shape_of_group
from mlipviewer.gui.stacks import paint_raster, paint_stack
from mlipviewer.gui.theme import Theme, colour

Array = NDArray[Any]

SMALLEST_TEXT = 6.0  # pixels that can be read
FAINTEST = 190  # opacity of the weakest text, of 255
LONE = 2.5  # radius of a point of a curve that has no neighbour


def category_colour(group: int, theme: Theme, alpha: int = 255) -> QColor:
    """The colour of a group of points, which can be seen on the theme's background."""
    return colour(_seen(categorical(group), theme), alpha)


@cache
def _seen(rgb: Rgb, theme: Theme) -> str:
    """Lighter or darker until it has the least contrast of the theme."""
    result = QColor(*rgb).lighter(theme.category_gain)
    step = 0.02 if theme.dark else -0.02
    while contrast(result.name(), theme.background) < theme.least:
        hue, saturation = result.hslHueF(), result.hslSaturationF()
        result = QColor.fromHslF(max(hue, 0), saturation, result.lightnessF() + step)
    return result.name()


def paint_mark(painter: QPainter, mark: Mark, sheet: Sheet, theme: Theme, font: QFont) -> None:
    match mark:
        case Points():
            paint_points(painter, mark, sheet, theme, font)
        case Line():
            paint_line(painter, mark, sheet, theme)
        case Edges():
            paint_edges(painter, mark, sheet, theme)
        case Bars():
            paint_bars(painter, mark, sheet, theme)
        case Polylines():
            paint_polylines(painter, mark, sheet, lambda group: line_colour(mark, group, theme))
        case HeatMap():
            paint_heat_map(painter, mark, sheet, theme)
        case Area():
            paint_area(painter, mark, sheet, theme)
        case StackedAreas():
            hues = [category_colour(hue, theme) for hue in mark.colours]
            paint_stack(painter, mark, sheet, hues, theme)
        case Raster():
            hues = [category_colour(hue, theme) for hue in mark.colours]
            paint_raster(painter, mark, sheet, hues, theme)
        case Texts():
            paint_texts(painter, mark, sheet, theme, font)
        case Rule():
            paint_rule(painter, mark, sheet, theme)
        case Cursor():
            pass  # it moves: the overlay draws it


def line_colour(mark: Polylines, group: int, theme: Theme) -> QColor:
    if mark.faint:
        return colour(theme.faint, 150)
    if mark.group is None:
        return colour(theme.point, 200)
    return category_colour(group, theme, 200)


def paint_points(painter: QPainter, mark: Points, sheet: Sheet, theme: Theme, font: QFont) -> None:
    """Points by group; labels beside them where the mark asks for it."""
    good: Array | None
    if is_many(mark):
        n_groups = 1 if mark.group is None else int(np.max(mark.group)) + 1
        good = paint_density(painter, mark, sheet, [_fill(mark, i, theme) for i in range(n_groups)])
        if good is None:
            return
    else:
        good = np.flatnonzero(finite(mark, sheet.x_log, sheet.y_log))
    x, y = sheet.to_pixels(mark.x[good], mark.y[good])
    sizes = np.broadcast_to(np.asarray(mark.size, float), mark.x.shape)[good]
    groups = np.zeros(len(good), int) if mark.group is None else np.asarray(mark.group)[good]
    for group in sorted(set(groups.tolist())):  # np.unique loads numpy.ma first: 60 ms of a paint
        own = groups == group
        painter.setBrush(QBrush(_fill(mark, int(group), theme)))
        painter.setPen(_rim(mark, theme))
        paint_shapes(painter, shape_of(mark, int(group)), x[own], y[own], sizes[own])
    if mark.show_labels and mark.labels:
        _paint_labels(painter, [mark.labels[i] for i in good], x, y, sizes, sheet, theme, font)


def shape_of(mark: Points, group: int) -> Shape:
    """The shape of a group's points: dots differ by group where that can be seen."""
    if mark.shape is not Shape.DOT or mark.group is None or mark.round or mark.faint:
        return mark.shape
    return shape_of_group(group)


def _fill(mark: Points, group: int, theme: Theme) -> QColor:
    if mark.faint:
        return colour(theme.faint, 150)
    if mark.shape is Shape.STAR:
        return colour(theme.reference)
    if mark.group is None:
        return colour(theme.point)
    return category_colour(group, theme, 215)


def _rim(mark: Points, theme: Theme) -> QPen:
    if mark.rim:
        return QPen(colour(theme.background), 1.0)
    return QPen(Qt.PenStyle.NoPen)


def _paint_labels(
    painter: QPainter,
    labels: list[str],
    x: Array,
    y: Array,
    sizes: Array,
    sheet: Sheet,
    theme: Theme,
    font: QFont,
) -> None:
    """Labels to the right of their points, or left, above, below; left out where none fits."""
    metrics = QFontMetricsF(font)
    height = metrics.height() * 0.85
    area = QRectF(sheet.left, sheet.top, sheet.width, sheet.height)
    taken = [QRectF(px - s / 2, py - s / 2, s, s) for px, py, s in zip(x, y, sizes, strict=True)]
    for i in np.argsort(-sizes, kind="stable"):
        wide = metrics.horizontalAdvance(labels[i])
        spots = _label_spots(float(x[i]), float(y[i]), float(sizes[i]) / 2, wide, height)
        free = (s for s in spots if area.contains(s) and not any(s.intersects(t) for t in taken))
        spot = next(free, None)
        if spot is None:
            continue
        taken.append(spot)
        paint_outlined(painter, QPointF(spot.left(), spot.bottom() - 2), labels[i], theme)


def _label_spots(x: float, y: float, r: float, wide: float, high: float) -> list[QRectF]:
    return [
        QRectF(x + r + 2, y - high / 2, wide, high),
        QRectF(x - r - 2 - wide, y - high / 2, wide, high),
        QRectF(x - wide / 2, y - r - 1 - high, wide, high),
        QRectF(x - wide / 2, y + r + 1, wide, high),
    ]


def paint_outlined(painter: QPainter, at: QPointF, text: str, theme: Theme) -> None:
    """Text with a thin border of the background, readable over lines."""
    painter.setPen(colour(theme.background, 200))
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(at + QPointF(dx, dy), text)
    painter.setPen(colour(theme.text))
    painter.drawText(at, text)


def paint_line(painter: QPainter, mark: Line, sheet: Sheet, theme: Theme) -> None:
    x, y = sheet.to_pixels(mark.x, mark.y)
    if mark.steps and len(x) > 1:
        x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
    painter.setPen(line_pen(mark, theme))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for part in _finite_parts(x, y):
        kept = part[envelope(x[part], y[part])]
        painter.drawPolyline(polygon(x[kept], y[kept]))
        if len(part) == 1:  # a run of one frame, or a value between gaps
            _paint_dot(painter, x[part[0]], y[part[0]])


def _paint_dot(painter: QPainter, x: float, y: float) -> None:
    painter.save()
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(QPointF(x, y), LONE, LONE)
    painter.restore()


def line_pen(mark: Line, theme: Theme) -> QPen:
    """How a line looks, here and in the legend."""
    pen = QPen(category_colour(mark.colour, theme) if mark.colour >= 0 else colour(theme.text))
    pen.setWidthF(mark.width)
    if mark.dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
        return pen
    return dashed_by_number(pen, mark.pattern)


def _finite_parts(x: Array, y: Array) -> list[Array]:
    """The runs of vertices between missing ones."""
    good = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if good.size == 0:
        return []
    return np.split(good, np.flatnonzero(np.diff(good) > 1) + 1)


def paint_edges(painter: QPainter, mark: Edges, sheet: Sheet, theme: Theme) -> None:
    x, y = sheet.to_pixels(mark.x, mark.y)
    for i in range(len(mark.pairs)):
        painter.setPen(edge_pen(mark, i, theme))
        painter.drawLine(QPointF(x[i, 0], y[i, 0]), QPointF(x[i, 1], y[i, 1]))


def edge_pen(mark: Edges, i: int, theme: Theme, name: str = "") -> QPen:
    """Width by weight; negative ones in another hue and dashed."""
    negative = bool(mark.negative[i])
    own = category_colour(mark.colour, theme) if mark.colour >= 0 else None
    pen = QPen(colour(name, 230) if name else own or _edge_colour(negative, theme))
    pen.setWidthF(0.6 + 2.6 * float(mark.weight[i]) ** 2)
    if negative:
        pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def _edge_colour(negative: bool, theme: Theme) -> QColor:
    return QColor("#c8553d") if negative else colour(theme.edge, 170)


def paint_bars(painter: QPainter, mark: Bars, sheet: Sheet, theme: Theme) -> None:
    """Filled boxes by group, and their error bars."""
    for i, corners in enumerate(bar_corners(mark, sheet)):
        left, top, right, bottom = corners
        if not (right > left and bottom > top):  # empty, or not to be drawn
            continue
        group = 0 if mark.group is None else int(mark.group[i])
        large = min(right - left, bottom - top) > 3  # of small bars a border would leave nothing
        painter.setPen(QPen(colour(theme.background), 0.5) if large else Qt.PenStyle.NoPen)
        painter.setBrush(
            colour(theme.faint, 150) if mark.faint else category_colour(group, theme, 215)
        )
        painter.drawRect(box_of(corners))
        if large and mark.group is not None and not mark.faint:
            paint_hatch(painter, box_of(corners), group, theme)
    if mark.low is not None and mark.high is not None:
        _paint_whiskers(painter, mark, mark.low, mark.high, sheet, theme)


def paint_area(painter: QPainter, mark: Area, sheet: Sheet, theme: Theme) -> None:
    x, y = sheet.to_pixels(mark.x, mark.y)
    if not (np.isfinite(x) & np.isfinite(y)).all():
        return
    painter.setPen(QPen(category_colour(mark.group, theme), 1.2))
    painter.setBrush(category_colour(mark.group, theme, 235 if mark.solid else 90))
    painter.drawPolygon(polygon(x, y))


def paint_texts(painter: QPainter, mark: Texts, sheet: Sheet, theme: Theme, font: QFont) -> None:
    """Each text around its place; the stronger, the larger."""
    x, y = sheet.to_pixels(mark.x, mark.y)
    strong = np.zeros(len(x)) if mark.strong is None else mark.strong
    plain = painter.font()
    taken: list[QRectF] = []
    order = np.argsort(-y, kind="stable").tolist() if mark.apart else range(len(x))
    for i in order:
        text, share = mark.texts[i], float(strong[i])
        sized = QFont(font)
        size = QFontMetricsF(font).height() * (0.7 + 0.45 * share)
        size *= _narrowed(mark, text, size, sheet, font)
        if size < SMALLEST_TEXT:
            continue
        sized.setPixelSize(round(size))
        own = _text_box(float(x[i]), float(y[i]), QFontMetricsF(sized).size(0, text), sheet)
        if mark.apart and text:
            own = _moved_up(own, taken)
            if own.top() < sheet.top:
                continue
            taken.append(own)
        painter.setFont(sized)
        _paint_rimmed(painter, own.center(), text, share, theme)
    painter.setFont(plain)


def _text_box(px: float, py: float, size: QSizeF, sheet: Sheet) -> QRectF:
    """Around its place, moved inwards at the rims."""
    half = size.width() / 2 + 2
    left, right = sheet.left + half, sheet.left + sheet.width - half
    middle = min(max(px, left), max(right, left))
    return QRectF(middle - half, py - size.height() / 2, 2 * half, size.height())


def _moved_up(own: QRectF, taken: list[QRectF]) -> QRectF:
    """Until it lies upon no other."""
    below = next((one for one in taken if one.intersects(own)), None)
    while below is not None:
        own = own.translated(0, below.top() - own.bottom() - 0.5)
        below = next((one for one in taken if one.intersects(own)), None)
    return own


def _paint_rimmed(
    painter: QPainter, middle: QPointF, text: str, share: float, theme: Theme
) -> None:
    """With a rim of the background: readable over bands and lines."""
    box = QRectF(middle.x() - 200, middle.y() - 100, 400, 200)
    painter.setPen(colour(theme.background, 200))
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(box.translated(dx, dy), Qt.AlignmentFlag.AlignCenter, text)
    painter.setPen(colour(theme.text, FAINTEST + round((255 - FAINTEST) * share)))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _narrowed(mark: Texts, text: str, size: float, sheet: Sheet, font: QFont) -> float:
    """By how much a text of this size in pixels is to be smaller, to fit in its room."""
    if not mark.room:
        return 1.0
    metrics = QFontMetricsF(font)
    wide = max(metrics.horizontalAdvance(line) for line in text.split("\n"))
    wide *= size / max(QFontInfo(font).pixelSize(), 1)
    room = mark.room * sheet.width / (sheet.window.x[1] - sheet.window.x[0])
    return min(1.0, room / max(wide, 1.0))


def box_of(corners: Array) -> QRectF:
    """left, top, right, bottom as a box."""
    left, top, right, bottom = corners.tolist()
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _paint_whiskers(
    painter: QPainter, mark: Bars, low: Array, high: Array, sheet: Sheet, theme: Theme
) -> None:
    painter.setPen(QPen(colour(theme.text), 1.0))
    ends = (low, mark.at, high, mark.at) if mark.across else (mark.at, low, mark.at, high)
    x0, y0 = sheet.to_pixels(*ends[:2])
    x1, y1 = sheet.to_pixels(*ends[2:])
    for a, b, c, d in zip(x0.tolist(), y0.tolist(), x1.tolist(), y1.tolist(), strict=True):
        if not np.isnan([a, b, c, d]).any():
            painter.drawLine(QPointF(a, b), QPointF(c, d))


def paint_rule(painter: QPainter, mark: Rule, sheet: Sheet, theme: Theme) -> None:
    x, y = sheet.to_pixels(np.array([mark.value]), np.array([mark.value]))
    pen = QPen(colour(theme.reference, 160), 1.2)
    if mark.dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    if mark.vertical and np.isfinite(x[0]):
        painter.drawLine(QPointF(x[0], sheet.top), QPointF(x[0], sheet.top + sheet.height))
    elif not mark.vertical and np.isfinite(y[0]):
        painter.drawLine(QPointF(sheet.left, y[0]), QPointF(sheet.left + sheet.width, y[0]))
