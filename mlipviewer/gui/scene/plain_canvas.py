"""The widget that shows a scene without any OpenGL, and the choice of the widget."""

from __future__ import annotations

import logging
import os
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import (
    QImage,
    QOffscreenSurface,
    QOpenGLContext,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.scene.scene import Scene
from mlipviewer.gui.theme import colour

log = logging.getLogger(__name__)

NO_OPENGL = "no OpenGL: drawn by the processor"
NOT_OPENGL = "MLIPVIEWER_NO_OPENGL"
"""Set where OpenGL is not even to be tried: it ended a process that did."""


class PlainCanvas(Scene, QWidget):
    """Draws everything in a thread, and shows it as an image."""

    camera_changed = Signal()
    problem_found = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._held: NDArray[np.uint8] | None = None  # the image only borrows its pixels
        self._set_up()
        self.software = True

    @property
    def _splats(self) -> bool:
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._stale:
            self._begin()
        if self._drawn is not None:
            self._held, self._drawn = np.ascontiguousarray(self._drawn[::-1]), None
            height, width, _ = self._held.shape
            form = QImage.Format.Format_RGBA8888
            self._image = QImage(self._held.data, width, height, 4 * width, form)
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(self.theme.background))
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self._image)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stale = True


@cache
def opengl_works() -> bool:
    """Whether this screen gives a context of OpenGL that can be used."""
    if os.environ.get(NOT_OPENGL):
        return False
    context, surface = QOpenGLContext(), QOffscreenSurface()
    surface.create()
    works = context.create() and surface.isValid() and context.makeCurrent(surface)
    if works:
        context.doneCurrent()
    else:
        log.warning("there is no OpenGL; atoms are drawn by the processor alone")
    surface.destroy()
    return works


def canvas_for_screen() -> Scene:
    """The widget that draws atoms here."""
    if not opengl_works():
        return PlainCanvas()
    from mlipviewer.gui.scene.canvas import AtomsCanvas

    return AtomsCanvas()
