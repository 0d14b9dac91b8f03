"""Cells of a heat map and the bar of its colours: on the screen a picture, else rectangles."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPaintEngine, QPainter

from mlipviewer.core.plot import HeatMap
from mlipviewer.gui.axes import Sheet
from mlipviewer.gui.colours import colour_map
from mlipviewer.gui.theme import Theme, colour

BAR_TEXT = 44.0  # pixels for the numbers beside a colour bar


def paint_heat_map(painter: QPainter, mark: HeatMap, sheet: Sheet, theme: Theme) -> None:
    image = heat_image(mark, theme)
    n_rows, n_columns = mark.values.shape
    x, y = sheet.to_pixels(np.array([0.0, n_columns]), np.array([float(n_rows), 0.0]))
    target = QRectF(QPointF(x[0], y[0]), QPointF(x[1], y[1]))
    _paint_cells(painter, image, target)


MOST_DRAWN_CELLS = 40_000
CELLS_OVERLAP = 0.3
"""Pixels: cells that only touch let the ground shine through between them."""


def _paint_cells(painter: QPainter, image: QImage, place: QRectF) -> None:
    """The pixels of an image as cells: in vector files as rectangles."""
    width, height = image.width(), image.height()
    vectors = painter.paintEngine().type() in _VECTORS and width * height <= MOST_DRAWN_CELLS
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    if not vectors:
        painter.drawImage(place, image)
    across, down = place.width() / width, place.height() / height
    for row in range(height if vectors else 0):
        for column in range(width):
            left, top = place.left() + column * across, place.top() + row * down
            wide = across + (CELLS_OVERLAP if column < width - 1 else 0.0)
            high = down + (CELLS_OVERLAP if row < height - 1 else 0.0)
            painter.fillRect(QRectF(left, top, wide, high), image.pixelColor(column, row))
    painter.restore()


_VECTORS = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)


def heat_image(mark: HeatMap, theme: Theme) -> QImage:
    """One pixel a cell; missing values in the colour of faint things."""
    table = colour_map("coolwarm" if mark.diverging else "viridis")
    share = (mark.values - mark.low) / (mark.high - mark.low)
    index = np.clip(np.nan_to_num(share) * 255, 0, 255).astype(np.uint8)
    pixels = np.empty((*mark.values.shape, 4), np.uint8)
    pixels[..., :3] = table[index]
    pixels[..., 3] = 255
    missing = colour(theme.faint)
    pixels[~np.isfinite(mark.values), :3] = (missing.red(), missing.green(), missing.blue())
    height, width = mark.values.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def paint_colour_bar(
    painter: QPainter, mark: HeatMap, box: QRectF, theme: Theme, font: QFont
) -> None:
    """The bar of a heat map's colours with its ends, middle and name."""
    values = np.linspace(mark.high, mark.low, 256)[:, None]
    none = np.zeros(0, int)
    bar = HeatMap(values, none, none, (), (), mark.space, mark.low, mark.high, mark.diverging)
    _paint_cells(painter, heat_image(bar, theme), box)
    metrics = QFontMetricsF(font)
    painter.setPen(colour(theme.text))
    for share, value in ((0.0, mark.high), (0.5, (mark.high + mark.low) / 2), (1.0, mark.low)):
        y = box.top() + share * box.height()
        y = min(max(y + metrics.ascent() / 2, box.top() + metrics.ascent()), box.bottom())
        painter.drawText(QPointF(box.right() + 4, y), f"{value:g}".replace("-", "−"))
    if mark.title:
        left = box.right() + BAR_TEXT - metrics.horizontalAdvance(mark.title)
        painter.drawText(QPointF(min(left, box.left() - 2), box.top() - 4), mark.title)
