"""Plots to files: SVG and PDF as vectors with text as text, PNG by the same painter."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QMimeData,
    QRectF,
    QSize,
    QSizeF,
)
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QImage,
    QPageSize,
    QPainter,
    QPdfWriter,
)
from PySide6.QtWidgets import QApplication

from mlipviewer.core.plot import Plot
from mlipviewer.gui.axes import Window
from mlipviewer.gui.overlay import Highlights, paint_overlay
from mlipviewer.gui.paint import lay_out, paint_plot
from mlipviewer.gui.style import Style
from mlipviewer.gui.theme import LIGHT, Theme
from mlipviewer.io.files import write_bytes

FIGURE_SIZE = (560.0, 420.0)  # of the drawing in pixels at 96 per inch: 148 x 111 mm
FORMATS = (".svg", ".pdf", ".png")
PNG_SCALE = 3.0


def ensure_application() -> QGuiApplication:
    """The running application, or one without a screen: the painter needs fonts."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QApplication(["mlipviewer"])


def figure_font(pixels: int = 12) -> QFont:
    font = QFont("DejaVu Sans")
    font.setPixelSize(pixels)
    return font


def save_plot(
    plot: Plot,
    path: str | Path,
    size: tuple[float, float] = FIGURE_SIZE,
    window: Window | None = None,
    highlights: dict[object, Highlights] | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Write a plot to an .svg, .pdf or .png file, on a white background unless another theme is
    given. Raises ValueError for other suffixes, OSError."""
    path = Path(path)
    ensure_application()
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise ValueError(f"{path.name}: figures are written as {', '.join(FORMATS)}")
    draw = _Drawing(plot, size, window, highlights or {}, theme)
    data = {".svg": _svg, ".pdf": _pdf, ".png": _png}[suffix](draw)
    write_bytes(path, data)


def figure_data(
    plot: Plot,
    size: tuple[float, float],
    window: Window | None = None,
    highlights: Mapping[Any, Highlights] | None = None,
) -> QMimeData:
    """A plot for the clipboard, on white: as a picture and as SVG."""
    draw = _Drawing(plot, size, window, dict(highlights or {}), LIGHT)
    data = QMimeData()
    data.setImageData(QImage.fromData(_png(draw)))
    data.setData("image/svg+xml", _svg(draw))
    return data


class _Drawing:
    """A plot at a size, ready to be drawn by any painter."""

    def __init__(
        self,
        plot: Plot,
        size: tuple[float, float],
        window: Window | None,
        highlights: dict[object, Highlights],
        theme: Theme,
    ) -> None:
        self.plot, self.size, self.theme = plot, size, theme
        self.style = Style(theme, figure_font())
        self.sheet = lay_out(plot, *size, self.style, window)
        self.highlights = highlights

    def paint(self, painter: QPainter) -> None:
        paint_plot(painter, self.plot, self.sheet, self.style, QRectF(0, 0, *self.size))
        paint_overlay(painter, self.plot, self.sheet, self.theme, self.highlights)  # type: ignore[arg-type]


def _svg(draw: _Drawing) -> bytes:
    from PySide6.QtSvg import QSvgGenerator

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(QSize(round(draw.size[0]), round(draw.size[1])))
    generator.setViewBox(QRectF(0, 0, *draw.size))
    generator.setTitle(draw.plot.title or "MLIPViewer figure")
    painter = QPainter(generator)
    draw.paint(painter)
    painter.end()
    buffer.close()
    return bytes(data.data())


def _pdf(draw: _Drawing) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(96)
    points = QSizeF(draw.size[0] * 72 / 96, draw.size[1] * 72 / 96)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    draw.paint(painter)
    painter.end()
    buffer.close()
    return bytes(data.data())


def _png(draw: _Drawing) -> bytes:
    width, height = (round(side * PNG_SCALE) for side in draw.size)
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDotsPerMeterX(round(96 * PNG_SCALE / 0.0254))
    image.setDotsPerMeterY(round(96 * PNG_SCALE / 0.0254))
    painter = QPainter(image)
    painter.scale(PNG_SCALE, PNG_SCALE)
    draw.paint(painter)
    painter.end()
    return image_bytes(image)


def image_bytes(image: QImage) -> bytes:
    """An image as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())
