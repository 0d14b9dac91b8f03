"""Pictures of the atoms for files: the scene, its words and its legend."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QFont, QImage, QPainter

from mlipviewer.gui.scene.plain_canvas import NO_OPENGL
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.views.atoms.legends import Legends
from mlipviewer.views.atoms.stickers import Stickers
from mlipviewer.views.atoms.surface import Surface, paint_all_labels, paint_words


def picture(
    canvas: Scene,
    surface: Surface,
    legends: Legends,
    stickers: Stickers,
    font: QFont,
    scale: float,
) -> QImage:
    """What the canvas shows, `scale` pixels for each of the screen."""
    width, height = canvas.width(), canvas.height()
    pixels = canvas.render_image(round(width * scale), round(height * scale))
    shape = (pixels.shape[1], pixels.shape[0], pixels.shape[1] * 4)
    image = QImage(pixels.data, *shape, QImage.Format.Format_RGBA8888).copy()
    painter = QPainter(image)
    painter.scale(scale, scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_all_labels(painter, canvas, canvas.rects(), surface.labels)
    words = [replace(one, badge=without_machine(one.badge)) for one in surface.words]
    paint_words(painter, canvas, canvas.rects(), words, font)
    stickers.paint(painter, font)
    legends.paint(painter, font)
    painter.end()
    return image


def without_machine(badge: str) -> str:
    """How this computer draws is nothing that a figure tells."""
    return " · ".join(part for part in badge.split(" · ") if part != NO_OPENGL)
