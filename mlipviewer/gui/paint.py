"""The one painter of plots: the same on the screen and in SVG, PDF and PNG files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from mlipviewer.core.plot import (
    Bars,
    HeatMap,
    Line,
    Mark,
    Plot,
    Points,
    Polylines,
    Raster,
    Rule,
    StackedAreas,
)
from mlipviewer.core.superscripts import raised
from mlipviewer.gui.axes import Sheet, Window, full_window, minor_log_ticks, ticks
from mlipviewer.gui.hatches import paint_hatch
from mlipviewer.gui.heat_sides import BAR_ROOM, paint_heat_sides, tree_room
from mlipviewer.gui.marks import (
    category_colour,
    line_colour,
    line_pen,
    paint_mark,
    paint_outlined,
    shape_of,
)
from mlipviewer.gui.polylines import dashed_by_number
from mlipviewer.gui.shapes import paint_shapes, shape_of_group
from mlipviewer.gui.style import GAP, Style, place
from mlipviewer.gui.theme import Theme, colour

MOST_OF_HEIGHT = 0.7  # for the name of an upright line
LINE_KEY = 26.0  # pixels of a line in the legend
LEGEND_SHARE = 0.3  # of the width, at the most
LONGEST_NAME = 170.0  # pixels of a name that stands below an axis
HEAT_NAMES = 0.25  # of the side, for the names beside a heat map
UNIT_BESIDE = 0.4  # of the room of a title, for what stands before its unit, at the least
NAMES_SHARE = 0.4  # of the height, for such names


def lay_out(plot: Plot, width: float, height: float, style: Style, window: Window | None) -> Sheet:
    """Where the plot area lies in a picture of width x height pixels."""
    window = window or full_window(plot)
    metrics = style.metrics
    line = metrics.height()
    top = line + GAP if plot.title else GAP
    bottom = _bottom(plot, style, width, height)
    left = _left(plot, window, width, height - top - bottom, style)
    right = GAP * 2 + _legend_width(plot, style, width)
    sheet = Sheet(
        left,
        top,
        max(width - left - right, 10.0),
        max(height - top - bottom, 10.0),
        window,
        plot.x.log,
        plot.y.log,
    )
    return _squared(sheet) if plot.square and _heat_map(plot) is None else sheet


def _squared(sheet: Sheet) -> Sheet:
    """The same with a window widened until one unit is as long on both axes."""
    (x0, x1), (y0, y1) = sheet.window.x, sheet.window.y
    unit = max((x1 - x0) / sheet.width, (y1 - y0) / sheet.height)
    half_x, half_y = unit * sheet.width / 2, unit * sheet.height / 2
    mx, my = (x0 + x1) / 2, (y0 + y1) / 2
    window = Window((mx - half_x, mx + half_x), (my - half_y, my + half_y))
    return Sheet(sheet.left, sheet.top, sheet.width, sheet.height, window, sheet.x_log, sheet.y_log)


def _heat_map(plot: Plot) -> HeatMap | None:
    return next((mark for mark in plot.marks if isinstance(mark, HeatMap)), None)


def _standing(plot: Plot, style: Style, width: float) -> float:
    """The room below the x axis for its names when they stand upright; 0 where they fit lying."""
    wide = [style.metrics.horizontalAdvance(f"{name}  ") for _, name in plot.x.ticks]
    if plot.x.hidden or len(wide) < 2 or max(wide) * len(wide) <= 0.8 * width:
        return 0.0
    return min(max(wide), LONGEST_NAME)


def _bottom(plot: Plot, style: Style, width: float, height: float) -> float:
    line = style.metrics.height()
    heat = _heat_map(plot)
    if heat is not None:
        longest = max((style.metrics.horizontalAdvance(n) for n in heat.column_names), default=0.0)
        return min(longest, 110.0, HEAT_NAMES * height) + GAP * 2
    if plot.x.hidden:
        return GAP
    names = min(_standing(plot, style, width), NAMES_SHARE * height)
    return max(line, names) + GAP + (line if plot.x.title else 0.0)


def _left(plot: Plot, window: Window, width: float, height: float, style: Style) -> float:
    metrics = style.metrics
    heat = _heat_map(plot)
    if heat is not None:
        longest = max((metrics.horizontalAdvance(name) for name in heat.row_names), default=0.0)
        return min(longest, 150.0, HEAT_NAMES * width) + GAP * 2
    if plot.y.hidden:
        return GAP
    texts = [text for _, text in ticks(plot.y, window.y, height, 32)]
    widest = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
    widest = min(widest, NAMES_SHARE * width)
    return widest + GAP * 2 + (metrics.height() if plot.y.title else 0.0)


Key = Points | Bars | Polylines | Line | StackedAreas | Raster


def legend_names(plot: Plot) -> list[tuple[int, str, Key]]:
    """(group, name, the mark that shows it) of all that the legend lists."""
    found: dict[str, tuple[int, str, Key]] = {}
    several = len({mark.name for mark in plot.marks if isinstance(mark, Line) and mark.name}) > 1
    for mark in plot.marks:
        if isinstance(mark, Line):
            if mark.name and several:
                found[mark.name] = (max(mark.colour, 0), mark.name, mark)
        elif isinstance(mark, StackedAreas | Raster):
            listed = zip(mark.colours, mark.names, strict=True)
            for group, name in reversed(list(listed)):  # the uppermost first, as it is seen
                found.setdefault(name, (group, name, mark))
        elif isinstance(mark, Key) and not mark.faint:
            for i, name in enumerate(mark.group_names):
                found.setdefault(name, (i, name, mark))
    return list(found.values())


def _legend_width(plot: Plot, style: Style, width: float) -> float:
    heat = _heat_map(plot)
    if heat is not None:
        return BAR_ROOM + tree_room(heat, width)
    names = legend_names(plot)
    if len(names) < 2 or not style.legend:
        return 0.0
    widest = max(style.metrics.horizontalAdvance(name) for _, name, _ in names)
    return min(widest + 12.0 + _key_width(names), width * LEGEND_SHARE)


def _key_width(names: list[tuple[int, str, Key]]) -> float:
    """Lines need some room to show their dashes."""
    return LINE_KEY if any(isinstance(mark, Line | Polylines) for _, _, mark in names) else 10.0


def paint_plot(painter: QPainter, plot: Plot, sheet: Sheet, style: Style, size: QRectF) -> None:
    """Draw everything but what moves (selection, hover, cursor)."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(style.font)
    if style.filled:
        painter.fillRect(size, colour(style.theme.background))
    if plot.empty:
        _paint_empty(painter, plot.empty, style, size)
        return
    plot = told_apart(plot)
    _paint_title(painter, plot, sheet, style, size)
    if _heat_map(plot) is None:
        _paint_axes(painter, plot, sheet, style, size)
    painter.save()
    painter.setClipRect(area(sheet))
    for mark in plot.marks:
        paint_mark(painter, mark, sheet, style.theme, style.font)
    painter.restore()
    _paint_rule_names(painter, plot, sheet, style)
    _paint_sides(painter, plot, sheet, style, size)


def area(sheet: Sheet) -> QRectF:
    return QRectF(sheet.left, sheet.top, sheet.width, sheet.height)


def _paint_empty(painter: QPainter, text: str, style: Style, size: QRectF) -> None:
    painter.setPen(colour(style.theme.faint_text))
    inner = size.adjusted(16, 16, -16, -16)
    painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def told_apart(plot: Plot) -> Plot:
    """Its named lines with dashes of their own, where they would differ in their hue alone."""
    lines = [one for one in plot.marks if isinstance(one, Line) and one.name and not one.dashed]
    names = list(dict.fromkeys(one.name for one in lines))
    if len(names) < 2 or any(one.pattern for one in lines):
        return plot

    def dashed(mark: Mark) -> Mark:
        if not isinstance(mark, Line) or mark.name not in names or mark.dashed:
            return mark
        return replace(mark, pattern=names.index(mark.name))

    return replace(plot, marks=tuple(map(dashed, plot.marks)))


def _paint_title(painter: QPainter, plot: Plot, sheet: Sheet, style: Style, size: QRectF) -> None:
    """Over the legend, too, which begins below it."""
    if not plot.title:
        return
    painter.setPen(colour(style.theme.text))
    line = style.metrics.height()
    room = sheet.width if _heat_map(plot) is not None else size.right() - sheet.left - GAP
    title = style.metrics.elidedText(plot.title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QPointF(sheet.left, GAP / 2 + line * 0.8), title)


def _paint_axes(painter: QPainter, plot: Plot, sheet: Sheet, style: Style, size: QRectF) -> None:
    if not plot.x.hidden:
        _paint_x_axis(painter, plot, sheet, style, size)
    if not plot.y.hidden:
        _paint_y_axis(painter, plot, sheet, style)
    if not (plot.x.hidden and plot.y.hidden):
        painter.setPen(QPen(colour(style.theme.frame), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area(sheet))


def _paint_lying_names(painter: QPainter, plot: Plot, sheet: Sheet, style: Style) -> None:
    metrics, theme, span = style.metrics, style.theme, sheet.window.x
    bottom = sheet.top + sheet.height
    for value, text in ticks(plot.x, span, sheet.width, 70):
        x = sheet.left + place(span, value, sheet.width)
        painter.setPen(QPen(colour(theme.grid), 1))
        painter.drawLine(QPointF(x, sheet.top), QPointF(x, bottom))
        painter.setPen(colour(theme.text))
        wide = metrics.horizontalAdvance(text)
        painter.drawText(QPointF(x - wide / 2, bottom + metrics.ascent() + 3), text)


def _paint_standing_names(
    painter: QPainter, plot: Plot, sheet: Sheet, style: Style, room: float
) -> None:
    """Names of places that would not fit beside each other, turned, as many as there is room."""
    metrics, bottom = style.metrics, sheet.top + sheet.height
    for value, text in ticks(plot.x, sheet.window.x, sheet.width, 1.6 * metrics.height()):
        x = sheet.left + place(sheet.window.x, value, sheet.width)
        painter.setPen(QPen(colour(style.theme.grid), 1))
        painter.drawLine(QPointF(x, sheet.top), QPointF(x, bottom))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        painter.save()
        painter.setPen(colour(style.theme.text))
        painter.translate(
            x + metrics.ascent() / 2 - 1, bottom + metrics.horizontalAdvance(shown) + 4
        )
        painter.rotate(-90)
        painter.drawText(QPointF(0, 0), shown)
        painter.restore()


def _paint_x_axis(painter: QPainter, plot: Plot, sheet: Sheet, style: Style, size: QRectF) -> None:
    metrics, theme, span = style.metrics, style.theme, sheet.window.x
    bottom = sheet.top + sheet.height
    if plot.x.log:
        painter.setPen(QPen(colour(theme.frame), 1))
        for value in minor_log_ticks(span):
            x = sheet.left + place(span, value, sheet.width)
            painter.drawLine(QPointF(x, bottom), QPointF(x, bottom - 3))
    below = size.bottom() - bottom - (metrics.height() if plot.x.title else 0.0)
    if _standing(plot, style, size.width()):
        _paint_standing_names(painter, plot, sheet, style, below - GAP)
    else:
        _paint_lying_names(painter, plot, sheet, style)
    if plot.x.title:
        painter.setPen(colour(theme.text))
        text = cut_title(plot.x.title, sheet.width, style)
        wide = metrics.horizontalAdvance(text)
        y = bottom + below - GAP + metrics.ascent() + 3
        painter.drawText(QPointF(sheet.left + (sheet.width - wide) / 2, y), text)


def _paint_y_axis(painter: QPainter, plot: Plot, sheet: Sheet, style: Style) -> None:
    metrics, theme, span = style.metrics, style.theme, sheet.window.y
    if plot.y.log:
        painter.setPen(QPen(colour(theme.frame), 1))
        for value in minor_log_ticks(span):
            y = sheet.top + sheet.height - place(span, value, sheet.height)
            painter.drawLine(QPointF(sheet.left, y), QPointF(sheet.left + 3, y))
    for value, text in ticks(plot.y, span, sheet.height, 32):
        y = sheet.top + sheet.height - place(span, value, sheet.height)
        painter.setPen(QPen(colour(theme.grid), 1))
        painter.drawLine(QPointF(sheet.left, y), QPointF(sheet.left + sheet.width, y))
        painter.setPen(colour(theme.text))
        room = sheet.left - GAP - (metrics.height() if plot.y.title else 0.0)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        wide = metrics.horizontalAdvance(shown)
        painter.drawText(QPointF(sheet.left - wide - 4, y + metrics.ascent() / 2 - 1), shown)
    if plot.y.title:
        _paint_y_title(painter, plot.y.title, sheet, style)


def cut_title(title: str, room: float, style: Style) -> str:
    """The title of an axis where there may be no room for all of it: the unit at its end stays."""
    metrics, right = style.metrics, Qt.TextElideMode.ElideRight
    name, bracket, unit = raised(title).rpartition(" (")
    if not bracket:
        return metrics.elidedText(unit, right, room)
    left = room - metrics.horizontalAdvance(bracket + unit)
    if left < UNIT_BESIDE * room:
        return metrics.elidedText(name + bracket + unit, right, room)
    return metrics.elidedText(name, right, left) + bracket + unit


def _paint_y_title(painter: QPainter, title: str, sheet: Sheet, style: Style) -> None:
    metrics = style.metrics
    text = cut_title(title, sheet.height, style)
    wide = metrics.horizontalAdvance(text)
    painter.save()
    painter.setPen(colour(style.theme.text))
    painter.translate(metrics.ascent() + 2, sheet.top + (sheet.height + wide) / 2)
    painter.rotate(-90)
    painter.drawText(QPointF(0, 0), text)
    painter.restore()


def _paint_rule_names(painter: QPainter, plot: Plot, sheet: Sheet, style: Style) -> None:
    """The names of reference lines, inside the frame at their ends."""
    metrics = style.metrics
    for mark in plot.marks:
        if not isinstance(mark, Rule) or not mark.name:
            continue
        x, y = sheet.to_pixels(np.array([mark.value]), np.array([mark.value]))
        wide = metrics.horizontalAdvance(mark.name)
        if mark.vertical and wide > MOST_OF_HEIGHT * sheet.height:
            continue  # it would hide what it names
        if mark.vertical and sheet.left <= x[0] <= sheet.left + sheet.width:
            painter.save()
            room = float(x[0]) - 3 - metrics.ascent() > sheet.left
            beside = -3 if room else metrics.ascent()
            painter.translate(float(x[0]) + beside, sheet.top + sheet.height - 4)
            painter.rotate(-90)
            paint_outlined(painter, QPointF(0, 0), mark.name, style.theme)
            painter.restore()
        elif not mark.vertical and sheet.top <= y[0] <= sheet.top + sheet.height:
            right = sheet.left + sheet.width - wide - 4
            above = float(y[0]) - 3
            room = above - metrics.ascent() > sheet.top
            at = QPointF(right, above if room else above + metrics.ascent() + 3)
            paint_outlined(painter, at, mark.name, style.theme)


def _paint_sides(painter: QPainter, plot: Plot, sheet: Sheet, style: Style, size: QRectF) -> None:
    heat = _heat_map(plot)
    if heat is not None:
        paint_heat_sides(painter, heat, sheet, style, size)
        return
    names = legend_names(plot)
    if len(names) >= 2 and style.legend:
        _paint_legend(painter, names, sheet, style, size)


def _paint_legend(
    painter: QPainter,
    names: list[tuple[int, str, Key]],
    sheet: Sheet,
    style: Style,
    size: QRectF,
) -> None:
    """A line for each group as far as there is room, then how many more there are."""
    metrics, wide = style.metrics, _key_width(names)
    left, line = sheet.left + sheet.width + GAP, metrics.height() + 2
    room = size.right() - left - wide - 4
    n_fit = max(int((size.bottom() - sheet.top) / line), 1)
    n_shown = len(names) if len(names) <= n_fit else n_fit - 1
    for i, (group, name, mark) in enumerate(names[:n_shown]):
        y = sheet.top + i * line
        box = QRectF(left, y, wide, line)
        paint_key(painter, mark, group, box, style.theme)
        painter.setPen(colour(style.theme.text))
        text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(left + wide + 3, y + metrics.ascent()), text)
    if n_shown < len(names):
        y = sheet.top + n_shown * line
        painter.setPen(colour(style.theme.faint_text))
        painter.drawText(QPointF(left, y + metrics.ascent()), f"and {len(names) - n_shown} more")


def paint_key(painter: QPainter, mark: Key, group: int, room: QRectF, theme: Theme) -> None:
    """What a group looks like: its shape, hatch or line."""
    at = room.center()
    if isinstance(mark, Line | Polylines):
        if isinstance(mark, Line):
            painter.setPen(line_pen(mark, theme))
        else:
            painter.setPen(dashed_by_number(QPen(line_colour(mark, group, theme), 1.5), group))
        painter.drawLine(QPointF(room.left(), at.y()), QPointF(room.right(), at.y()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(category_colour(group, theme))
    if isinstance(mark, Bars | StackedAreas | Raster):
        box = QRectF(at.x() - 5, at.y() - 4.5, 10, 9)
        painter.drawRect(box)
        paint_hatch(painter, box, group, theme)
    elif not isinstance(mark, Line):
        shape = shape_of(mark, group) if isinstance(mark, Points) else shape_of_group(group)
        paint_shapes(painter, shape, np.array([at.x()]), np.array([at.y()]), np.array([8.0]))
