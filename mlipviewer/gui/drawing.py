"""Anything drawn on a sheet of paper, to files: SVG and PDF with text as text, PNG and TIFF."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import QFont, QImage, QPageSize, QPainter, QPdfWriter

from mlipviewer.core.progress import Progress
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.io.files import write_bytes
from mlipviewer.io.receipts import TIFF_TAG, png_with, svg_with

FORMATS = (".svg", ".pdf", ".png", ".tiff", ".tif")
USUAL_FONT = 12  # pixels
Size = tuple[float, float]


class Drawing(Protocol):
    """What can be drawn on a sheet of `size` pixels of 96 an inch. `look.scale` dots for each of
    them are those of what is no vector; `title` is for the file."""

    @property
    def look(self) -> FigureLook: ...

    @property
    def size(self) -> Size: ...

    @property
    def title(self) -> str: ...

    def paint(self, painter: QPainter, scale: float, progress: Progress) -> None:
        """Draw, what is no vector with `scale` dots for each pixel of the sheet. It may be done in
        any thread. Raises Cancelled."""


def figure_font(pixels: int = USUAL_FONT) -> QFont:
    font = QFont("DejaVu Sans")
    font.setPixelSize(pixels)
    return font


def write_drawing(
    drawing: Drawing, path: str | Path, xmp: str = "", progress: Progress | None = None
) -> None:
    """Write a .svg, .pdf, .png or .tiff file, with a receipt in it. Raises ValueError for other
    suffixes, OSError, Cancelled."""
    path = Path(path)
    write_bytes(path, drawing_bytes(drawing, format_of(path), xmp, progress))


def format_of(path: Path) -> str:
    """The suffix of a figure. Raises ValueError for others."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise ValueError(f"{path.name}: figures are written as {', '.join(FORMATS)}")
    return suffix


def drawing_bytes(
    drawing: Drawing, suffix: str, xmp: str = "", progress: Progress | None = None
) -> bytes:
    """The file of a drawing, with a receipt in it. Raises ValueError, Cancelled."""
    if drawing.look.problem:
        raise ValueError(drawing.look.problem)
    kinds = {".svg": _svg, ".pdf": _pdf, ".png": _png, ".tiff": _tiff, ".tif": _tiff}
    return kinds[suffix](drawing, xmp, progress or Progress())


def _svg(drawing: Drawing, xmp: str, progress: Progress) -> bytes:
    from PySide6.QtSvg import QSvgGenerator

    def draw(buffer: QBuffer) -> None:
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setResolution(96)
        generator.setSize(QSize(round(drawing.size[0]), round(drawing.size[1])))
        generator.setViewBox(QRectF(0, 0, *drawing.size))
        generator.setTitle(drawing.title or "MLIPViewer figure")
        painter = QPainter(generator)
        drawing.paint(painter, drawing.look.scale, progress)
        painter.end()

    data = _buffered(draw)
    return svg_with(data, xmp) if xmp else data


def _pdf(drawing: Drawing, xmp: str, progress: Progress) -> bytes:
    def draw(buffer: QBuffer) -> None:
        writer = QPdfWriter(buffer)
        writer.setResolution(96)
        writer.setTitle(drawing.title)
        writer.setCreator("MLIPViewer")
        if xmp:
            writer.setDocumentXmpMetadata(QByteArray(xmp.encode()))
        points = QSizeF(drawing.size[0] * 72 / 96, drawing.size[1] * 72 / 96)
        writer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        painter = QPainter(writer)
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        drawing.paint(painter, drawing.look.scale, progress)
        painter.end()

    return _buffered(draw)


def _buffered(draw: Callable[[QBuffer], None]) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    draw(buffer)
    buffer.close()
    return bytes(data.data())


def drawing_image(drawing: Drawing, scale: float, progress: Progress | None = None) -> QImage:
    """The drawing as a picture of `scale` dots for each pixel of the sheet."""
    progress = progress or Progress()
    width, height = (round(side * scale) for side in drawing.size)
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    image.setDotsPerMeterX(round(96 * scale / 0.0254))
    image.setDotsPerMeterY(round(96 * scale / 0.0254))
    painter = QPainter(image)
    painter.scale(scale, scale)
    drawing.paint(painter, scale, progress)
    painter.end()
    return image


def _png(drawing: Drawing, xmp: str, progress: Progress) -> bytes:
    data = image_bytes(drawing_image(drawing, drawing.look.scale, progress))
    return png_with(data, xmp) if xmp else data


def _tiff(drawing: Drawing, xmp: str, progress: Progress) -> bytes:
    """Qt has no TIFF; Pillow writes what was drawn, without loss."""
    from PIL import Image

    look, out = drawing.look, BytesIO()
    drawn = drawing_image(drawing, look.scale, progress)
    drawn = drawn.convertToFormat(QImage.Format.Format_RGBA8888)
    size = (drawn.width(), drawn.height())
    image = Image.frombuffer("RGBA", size, bytes(drawn.constBits()), "raw", "RGBA", 0, 1)
    image = image if look.transparent else image.convert("RGB")
    tags = {TIFF_TAG: xmp.encode()} if xmp else {}
    dots = (round(96 * look.scale),) * 2
    image.save(out, "TIFF", compression="tiff_lzw", dpi=dots, tiffinfo=tags)
    return out.getvalue()


def image_bytes(image: QImage) -> bytes:
    """An image as PNG."""
    return _buffered(lambda buffer: image.save(buffer, "PNG"))  # type: ignore[call-overload]
