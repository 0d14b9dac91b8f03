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
    Qt,
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
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.gui.overlay import Highlights, paint_overlay
from mlipviewer.gui.paint import lay_out, paint_plot
from mlipviewer.gui.style import Style
from mlipviewer.gui.theme import LIGHT, Theme
from mlipviewer.io.files import write_bytes

FIGURE_SIZE = (560.0, 420.0)  # of the drawing in pixels at 96 per inch: 148 x 111 mm
FORMATS = (".svg", ".pdf", ".png", ".tiff", ".tif")
PNG_SCALE = 3.0
USUAL_FONT = 12  # pixels


def ensure_application() -> QGuiApplication:
    """The running application, or one without a screen: the painter needs fonts."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QApplication(["mlipviewer"])


def figure_font(pixels: int = USUAL_FONT) -> QFont:
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
    look: FigureLook | None = None,
) -> None:
    """Write a plot to an .svg, .pdf, .png or .tiff file, on a white background unless another theme
    is given. With a `look` it has that size on paper. Raises ValueError for other suffixes,
    OSError."""
    path = Path(path)
    ensure_application()
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise ValueError(f"{path.name}: figures are written as {', '.join(FORMATS)}")
    if look is not None and look.problem:
        raise ValueError(look.problem)
    draw = _Drawing(plot, size, window, highlights or {}, theme, look)
    write = {".svg": _svg, ".pdf": _pdf, ".png": _png, ".tiff": _tiff, ".tif": _tiff}[suffix]
    write_bytes(path, write(draw))


def preview(plot: Plot, look: FigureLook, window: Window | None, scale: float) -> QImage:
    """The figure as a picture of `scale` pixels for each of 96 an inch."""
    return _image(_Drawing(plot, FIGURE_SIZE, window, {}, LIGHT, look), scale)


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
        look: FigureLook | None = None,
    ) -> None:
        self.plot, self.theme = plot, theme
        self.size = size if look is None else look.pixels
        self.scale = PNG_SCALE if look is None else look.scale
        self.transparent = look is not None and look.transparent
        wanted = USUAL_FONT if look is None else look.font_pixels
        # fonts have whole pixels: the rest of the wanted size is a scale of all
        pixels = max(round(wanted), 1)
        self.fine = wanted / pixels
        self.inner = (self.size[0] / self.fine, self.size[1] / self.fine)
        self.style = Style(theme, figure_font(pixels), not self.transparent)
        self.sheet = lay_out(plot, *self.inner, self.style, window)
        self.highlights = highlights

    def paint(self, painter: QPainter) -> None:
        painter.scale(self.fine, self.fine)
        paint_plot(painter, self.plot, self.sheet, self.style, QRectF(0, 0, *self.inner))
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


def _image(draw: _Drawing, scale: float) -> QImage:
    width, height = (round(side * scale) for side in draw.size)
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    image.setDotsPerMeterX(round(96 * scale / 0.0254))
    image.setDotsPerMeterY(round(96 * scale / 0.0254))
    painter = QPainter(image)
    painter.scale(scale, scale)
    draw.paint(painter)
    painter.end()
    return image


def _png(draw: _Drawing) -> bytes:
    return image_bytes(_image(draw, draw.scale))


def _tiff(draw: _Drawing) -> bytes:
    """Qt has no TIFF; Pillow writes what was drawn, without loss."""
    from io import BytesIO

    from PIL import Image

    out, dots = BytesIO(), (round(96 * draw.scale),) * 2
    drawn = Image.open(BytesIO(_png(draw)))
    image = drawn.convert("RGBA" if draw.transparent else "RGB")
    image.save(out, "TIFF", compression="tiff_lzw", dpi=dots)
    return out.getvalue()


def image_bytes(image: QImage) -> bytes:
    """An image as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())
