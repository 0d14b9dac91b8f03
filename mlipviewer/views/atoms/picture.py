"""Pictures of the atoms for files: the scene, its words and its legend."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QFont, QImage, QPainter

from mlipviewer.gui.scene.canvas import AtomsCanvas
from mlipviewer.views.atoms.legend import Legend, legend_size, paint_legend
from mlipviewer.views.atoms.surface import PaneWords, paint_words


def picture(
    canvas: AtomsCanvas, words: list[PaneWords], legend: Legend | None, font: QFont, scale: float
) -> QImage:
    """What the canvas shows, `scale` pixels for each of the screen."""
    width, height = canvas.width(), canvas.height()
    pixels = canvas.render_image(round(width * scale), round(height * scale))
    shape = (pixels.shape[1], pixels.shape[0], pixels.shape[1] * 4)
    image = QImage(pixels.data, *shape, QImage.Format.Format_RGBA8888).copy()
    painter = QPainter(image)
    painter.scale(scale, scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_words(painter, canvas, canvas.rects(), words, font)
    if legend is not None:
        w, h = legend_size(legend, font)
        paint_legend(painter, legend, font, QPoint(width - w - 8, height - h - 8))
    painter.end()
    return image
