"""The OpenGL widget that shows a scene.

A graphics card draws each picture at once. Where OpenGL is but software, pictures of more than
a few atoms are made in a thread (splatting.py) and shown by OpenGL: the window never waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QImage, QSurfaceFormat
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.scene.appearance import Appearance, unit_rgb
from mlipviewer.gui.scene.gl import Gl, address
from mlipviewer.gui.scene.gl_painter import MARGIN, GlPainter
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.parts import Part
from mlipviewer.gui.scene.scene import Scene

BUFFERS = 2
"""Frame buffers that are kept: while things move pictures have fewer pixels than at rest."""


class AtomsCanvas(Scene, QOpenGLWidget):
    """Draws by OpenGL, or where that is software in a thread."""

    camera_changed = Signal()
    problem_found = Signal(str)  # why bonds, arrows or polyhedra could not be made

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QSurfaceFormat()
        form.setDepthBufferSize(24)
        self.setFormat(form)
        self._painter: GlPainter | None = None
        self._shown: QOpenGLFramebufferObject | None = None
        self._buffers: dict[tuple[int, int], QOpenGLFramebufferObject] = {}
        self._set_up()

    def initializeGL(self) -> None:
        gl: Any = self.context().functions()  # the stubs know no arrays to be filled
        renderer = str(gl.glGetString(Gl.RENDERER)).lower()
        self.software = any(word in renderer for word in ("llvmpipe", "softpipe", "swrast"))
        sizes = np.zeros(2, np.float32)
        gl.glGetFloatv(Gl.ALIASED_POINT_SIZE_RANGE, sizes)
        self.largest_point = float(sizes[1]) or self.largest_point
        self._painter = GlPainter(gl)
        self.context().aboutToBeDestroyed.connect(self.release)

    def _give_back(self, panes: Sequence[Pane]) -> None:
        if self.isValid():
            self.makeCurrent()
            for pane in panes:
                pane.destroy()
            self.doneCurrent()

    def release(self) -> None:
        super().release()
        self._painter = self._shown = None
        self._buffers.clear()

    def resizeGL(self, width: int, height: int) -> None:
        del width, height
        self._stale = True

    def paintGL(self) -> None:
        if self._painter is None:
            return
        if self._stale:
            self._begin()
        if self._drawn is not None:
            self._upload(self._drawn)
        if self._shown is not None:
            self._show(self._shown)
        else:
            self._clear()

    def _clear(self) -> None:
        """Nothing but the background."""
        gl = self.context().functions()
        gl.glDisable(Gl.SCISSOR_TEST)
        gl.glClearColor(*unit_rgb(self.theme.background), 1.0)
        gl.glClear(Gl.COLOUR_BIT)

    def _draw_now(self, part: Part, look: Appearance) -> None:
        if all(pane.spheres is None for pane in self.panes):
            self._shown = None  # no picture is made and copied where nothing is shown
            return
        self._shown = self._buffer(part.width, part.height)
        self._draw(self._shown, part, look)

    def _buffer(self, width: int, height: int) -> QOpenGLFramebufferObject:
        """A frame buffer of this size: one made before, if it is still there."""
        size = max(width, 1), max(height, 1)
        found = self._buffers.pop(size, None) or _frame_buffer(*size)
        self._buffers[size] = found  # the last used is the last to go
        while len(self._buffers) > BUFFERS:
            del self._buffers[next(iter(self._buffers))]
        return found

    def _upload(self, picture: NDArray[np.uint8]) -> None:
        height, width, _ = picture.shape
        self._shown = self._buffer(width, height)
        gl = self.context().functions()
        gl.glBindTexture(Gl.TEXTURE_2D, self._shown.texture())
        pixels = address(picture.ctypes.data, picture.nbytes)
        size = (0, 0, width, height)
        gl.glTexSubImage2D(Gl.TEXTURE_2D, 0, *size, Gl.RGBA, Gl.UNSIGNED_BYTE, pixels)
        gl.glBindTexture(Gl.TEXTURE_2D, 0)
        self._drawn = None

    def _show(self, picture: QOpenGLFramebufferObject) -> None:
        gl = self.context().functions()
        gl.glDisable(Gl.SCISSOR_TEST)
        ratio = self.devicePixelRatioF()
        whole = QRect(0, 0, round(self.width() * ratio), round(self.height() * ratio))
        QOpenGLFramebufferObject.blitFramebuffer(
            None,  # type: ignore[call-overload]
            whole,
            picture,
            QRect(0, 0, picture.width(), picture.height()),
            Gl.COLOUR_BIT,
            Gl.LINEAR,
        )

    def _draw(self, target: QOpenGLFramebufferObject, part: Part, look: Appearance) -> None:
        assert self._painter is not None
        self._painter.begin(target, look)
        for i, rect, window in part.places(self.rects(), look.ratio):
            self._painter.draw(target, self.panes[i], self.pane_camera(i), (rect, window), look)
        target.release()

    def _pixels_of(self, part: Part, look: Appearance) -> NDArray[np.uint8]:
        most = min(MARGIN, self.largest_point / 2)
        if self._splats or self._largest_disc(look) > most:  # OpenGL would cut such points
            return super()._pixels_of(part, look)
        self.makeCurrent()
        target = _frame_buffer(part.width, part.height)
        self._draw(target, part, look)
        image = target.toImage().convertToFormat(QImage.Format.Format_RGBA8888)
        self.doneCurrent()
        shape = (part.height, part.width, 4)
        return np.frombuffer(image.constBits(), np.uint8).reshape(shape).copy()


def _frame_buffer(width: int, height: int) -> QOpenGLFramebufferObject:
    """Needs the context."""
    form = QOpenGLFramebufferObjectFormat()
    form.setAttachment(QOpenGLFramebufferObject.Attachment.Depth)
    return QOpenGLFramebufferObject(width, height, form)
