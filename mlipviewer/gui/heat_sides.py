"""What stands beside a heat map: names, the colour bar, and the dendrogram of its order."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from mlipviewer.core.plot import Array, HeatMap
from mlipviewer.gui.axes import Sheet
from mlipviewer.gui.heat_map import paint_colour_bar
from mlipviewer.gui.shapes import polygon
from mlipviewer.gui.style import Style, place
from mlipviewer.gui.theme import colour

BAR_ROOM, TREE_ROOM = 64.0, 52.0  # pixels beside the matrix
LEAST_WITH_TREE = 380.0  # pixels of the whole width


def tree_room(heat: HeatMap, width: float) -> float:
    """Pixels for the dendrogram; none where the matrix would be left too small."""
    return TREE_ROOM if heat.tree is not None and width >= LEAST_WITH_TREE else 0.0


def paint_heat_sides(
    painter: QPainter, heat: HeatMap, sheet: Sheet, style: Style, size: QRectF
) -> None:
    """The names and the colour bar, and the dendrogram between matrix and bar."""
    _paint_heat_names(painter, heat, sheet, style, size)
    if heat.tree is not None and tree_room(heat, size.width()):
        _paint_tree(painter, heat.tree, len(heat.values), sheet, style)
    bar = QRectF(size.right() - BAR_ROOM + 8, sheet.top, 10, sheet.height)
    paint_colour_bar(painter, heat, bar, style.theme, style.font)


def _paint_tree(painter: QPainter, tree: Array, n_rows: int, sheet: Sheet, style: Style) -> None:
    """Each merger as a bracket; the farther from the matrix, the less alike."""
    left, room = sheet.left + sheet.width + 2, TREE_ROOM - 6
    painter.save()
    painter.setClipRect(QRectF(left, sheet.top, room + 2, sheet.height))
    painter.setPen(QPen(colour(style.theme.faint_text), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for (low, from_low), (high, from_high), (_, joined) in tree.tolist():
        ends = np.array([low, low, high, high])
        y = sheet.to_pixels(np.zeros(4), n_rows - ends)[1]
        x = left + room * np.array([from_low, joined, joined, from_high])
        painter.drawPolyline(polygon(x, y))
    painter.restore()


def _paint_heat_names(
    painter: QPainter, heat: HeatMap, sheet: Sheet, style: Style, size: QRectF
) -> None:
    """Names beside rows and below columns, as many as there is room for."""
    metrics = style.metrics
    (x0, x1), (y0, y1) = sheet.window.x, sheet.window.y
    n_rows, n_columns = heat.values.shape
    room = size.bottom() - sheet.top - sheet.height - 8
    row_step = _every(sheet.height / (y1 - y0), metrics.height())
    column_step = _every(sheet.width / (x1 - x0), metrics.height())
    painter.setPen(colour(style.theme.text))
    for i in range(0, n_rows, row_step):
        y = sheet.top + sheet.height - place(sheet.window.y, n_rows - i - 0.5, sheet.height)
        if sheet.top <= y <= sheet.top + sheet.height:
            text = metrics.elidedText(
                heat.row_names[i], Qt.TextElideMode.ElideMiddle, sheet.left - 8
            )
            wide = metrics.horizontalAdvance(text)
            painter.drawText(QPointF(sheet.left - wide - 4, y + metrics.ascent() / 2 - 1), text)
    for j in range(0, n_columns, column_step):
        x = sheet.left + place(sheet.window.x, j + 0.5, sheet.width)
        if sheet.left <= x <= sheet.left + sheet.width:
            text = metrics.elidedText(heat.column_names[j], Qt.TextElideMode.ElideMiddle, room)
            wide = metrics.horizontalAdvance(text)
            painter.save()
            painter.translate(x + metrics.ascent() / 2 - 1, sheet.top + sheet.height + wide + 4)
            painter.rotate(-90)
            painter.drawText(QPointF(0, 0), text)
            painter.restore()


def _every(cell: float, line: float) -> int:
    """Name every k-th row, so that names do not overlap."""
    return max(1, int(-(-line * 0.8 // max(cell, 0.1))))
