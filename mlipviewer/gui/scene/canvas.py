"""The OpenGL widget that shows one to four panes of atoms under one camera.

On software OpenGL a picture of many atoms is drawn in slices, one for each turn of the event loop,
into a frame buffer that is shown once it is complete; while things move, fewer and flat atoms.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QSurfaceFormat
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.colours import MISSING
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.draw_spheres import Programs, Sight
from mlipviewer.gui.scene.gl import Gl
from mlipviewer.gui.scene.lines import line_program
from mlipviewer.gui.scene.pane import Pane, Rect, grid
from mlipviewer.gui.theme import LIGHT, Theme

MARGIN = 128
"""Pixels around a pane in which centres of atoms count: OpenGL drops points whose centre is out."""

MANY = 200_000
"""Atoms above which software OpenGL draws coarsely while things move."""

SLICE = 100_000
"""Atoms that software OpenGL draws in one turn of the event loop."""

FEW = 6_000
"""Atoms up to which software OpenGL can afford smooth edges at rest."""

REST_MS = 200


class AtomsCanvas(QOpenGLWidget):
    """`panes` are shown in a grid under `camera`, whose centre counts from each pane's home."""

    camera_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QSurfaceFormat()
        form.setDepthBufferSize(24)
        self.setFormat(form)
        self.panes: list[Pane] = [Pane()]
        self.camera = Camera()
        self.theme: Theme = LIGHT
        self.show_cell = True
        self.software = False
        self.largest_point = 255.0
        self.n_complete = 0  # pictures finished, for tests and for those who wait
        self._programs: Programs | None = None
        self._moving = False
        self._stale = True
        self._at = (0, 0)  # the pane and the atom at which drawing goes on
        self._back: QOpenGLFramebufferObject | None = None
        self._front: QOpenGLFramebufferObject | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._come_to_rest)
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self.update)

    # what is shown

    def set_panes(self, n: int) -> None:
        """Show 1 to 4 panes; those that go give their memory back."""
        if n < len(self.panes) and self.isValid():
            self.makeCurrent()
            for pane in self.panes[n:]:
                pane.destroy()
            self.doneCurrent()
        del self.panes[n:]
        self.panes += [Pane() for _ in range(n - len(self.panes))]
        self.redraw()

    def set_camera(self, camera: Camera) -> None:
        """Look from elsewhere; coarsely until it stays there, when there are many atoms."""
        self.camera = replace(camera, height=max(camera.height, self._least_height()))
        self.camera_changed.emit()
        self.moves()

    def _least_height(self) -> float:
        """The height at which the largest sphere is as large as points may be drawn."""
        radii = [pane.spheres.radii.max() for pane in self.panes if pane.spheres is not None]
        pixels = self.rects()[0][3] * self.devicePixelRatioF()
        return 2.2 * float(max(radii, default=0.1)) * pixels / self.largest_point

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.redraw()

    def moves(self) -> None:
        """Something is changing from picture to picture."""
        self._moving = True
        self._rest.start()
        self.redraw()

    def redraw(self) -> None:
        """What is shown has changed."""
        self._stale = True
        self.update()

    @property
    def complete(self) -> bool:
        """Whether the picture shown is the whole, newest and full one."""
        return not self._stale and not self._moving and self._at[0] >= len(self.panes)

    def _come_to_rest(self) -> None:
        self._moving = False
        if self._coarse_when_moving or self._detail() > 1:
            self.redraw()

    # where things are, in pixels of the widget

    def rects(self) -> list[Rect]:
        return grid(len(self.panes), self.width(), self.height())

    def pane_camera(self, index: int) -> Camera:
        return self.panes[index].camera(self.camera)

    def pane_at(self, x: float, y: float) -> int | None:
        """The pane under a pixel."""
        for i, (left, top, width, height) in enumerate(self.rects()):
            if left <= x < left + width and top <= y < top + height:
                return i
        return None

    def face(self) -> None:
        """See the first pane's atoms whole, slightly from above."""
        self.camera = self.camera.facing(*self.panes[0].box)
        self.fit()

    def fit(self) -> None:
        """See the first pane's atoms whole, from where one looks now."""
        pane = self.panes[0]
        _, _, width, height = self.rects()[0]
        rim = 0.0 if pane.spheres is None else float(pane.spheres.radii.max())
        low, high = pane.box
        fitted = self.camera.fitted(low - rim, high + rim, (width, height))
        self.set_camera(fitted.centred(fitted.centre - pane.home))

    # OpenGL

    def initializeGL(self) -> None:
        gl = self.context().functions()
        renderer = str(gl.glGetString(Gl.RENDERER)).lower()
        self.software = any(word in renderer for word in ("llvmpipe", "softpipe", "swrast"))
        self._programs = Programs()
        self._lines = line_program()
        self.context().aboutToBeDestroyed.connect(self.release)

    def release(self) -> None:
        """Give the card's memory back: before the end, or when the widget changes its window."""
        if not self.isValid():
            return
        self.makeCurrent()
        for pane in self.panes:
            pane.destroy()
        self._programs = self._back = self._front = None
        self._stale = True
        self.doneCurrent()

    def resizeGL(self, width: int, height: int) -> None:
        del width, height
        self._stale = True

    @property
    def n_atoms(self) -> int:
        return sum(pane.n_atoms for pane in self.panes)

    @property
    def _coarse_when_moving(self) -> bool:
        return self.software and self.n_atoms > MANY

    def _detail(self) -> int:
        """Drawn pixels per shown pixel: 2 smooths edges."""
        few = self.n_atoms <= (FEW if self.software else MANY)
        return 2 if few and not self._moving else 1

    def paintGL(self) -> None:
        if self._programs is None:
            return
        if self._stale:
            self._begin()
        if self._at[0] < len(self.panes):
            self._go_on()
        if self._front is not None:
            self._show(self._front)

    def _begin(self) -> None:
        self._stale = False
        ratio = self.devicePixelRatioF() * self._detail()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        if self._back is None or (self._back.width(), self._back.height()) != (width, height):
            self._back = _frame_buffer(width, height)
        self._back.bind()
        self._clear(self._back)
        self._at = (0, 0)

    def _go_on(self) -> None:
        """Draw the next slice; once all are drawn, the picture changes place with the shown one."""
        assert self._back is not None
        self._back.bind()
        coarse = self._moving and self._coarse_when_moving
        budget = SLICE if self.software and not coarse else 1 << 30
        ratio = self._back.width() / max(self.width(), 1)
        while self._at[0] < len(self.panes) and budget > 0:
            budget -= self._draw_slice(self._at[0], self._at[1], budget, ratio, coarse)
        if self._at[0] < len(self.panes):
            self.context().functions().glFinish()
            self._next.start()
            return
        self._front, self._back = self._back, self._front
        self.n_complete += 1

    def _draw_slice(self, index: int, first: int, budget: int, ratio: float, coarse: bool) -> int:
        """Draw at most `budget` atoms of a pane; how much of the budget that took."""
        pane = self.panes[index]
        count = pane.n_atoms - first if coarse else min(budget, pane.n_atoms - first)
        self._draw_pane(index, self.rects()[index], ratio, (first, count), coarse)
        last = first + count >= pane.n_atoms
        self._at = (index + 1, 0) if last else (index, first + count)
        return max(count, 1)

    def _draw_pane(
        self, index: int, rect: Rect, ratio: float, part: tuple[int, int], coarse: bool
    ) -> None:
        pane, gl = self.panes[index], self.context().functions()
        if pane.spheres is None or pane.paint is None or self._programs is None:
            return
        sight = self._sight(index, rect, ratio)
        if self.show_cell and part[0] == 0:
            colour = _unit(self.theme.frame)
            pane.cell.draw(gl, self._lines, sight.projection @ sight.view, colour, 1.3 * ratio)
        if coarse:
            pane.atoms.draw_some(gl, self._programs, sight, MANY // len(self.panes))
        else:
            pane.atoms.draw(gl, self._programs, sight, *part)
        if part[0] + part[1] >= pane.n_atoms:
            pane.atoms.draw_hidden_marks(gl, self._programs, sight)

    def _sight(self, index: int, rect: Rect, ratio: float) -> Sight:
        """Point OpenGL at a pane of the bound frame buffer, and say how it is seen there."""
        gl, pane = self.context().functions(), self.panes[index]
        left, top, width, height = (round(x * ratio) for x in rect)
        bottom = self._target_height - top - height
        gl.glEnable(Gl.SCISSOR_TEST)
        gl.glScissor(left, bottom, width, height)
        gl.glViewport(left - MARGIN, bottom - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
        camera, size = self.pane_camera(index), (float(width), float(height))
        projection = camera.projection_matrix(size, *pane.depths(camera))
        projection[0] *= width / (width + 2 * MARGIN)
        projection[1] *= height / (height + 2 * MARGIN)
        return Sight(
            view=camera.view_matrix(pane.home),
            projection=projection,
            scale=camera.scale(size),
            halo=3.5 * ratio,
            ring=_unit(self.theme.selected),
            edge=_unit(self.theme.background),
            hover=_unit(self.theme.hovered),
            missing=(MISSING[0] / 255, MISSING[1] / 255, MISSING[2] / 255),
        )

    def _clear(self, target: QOpenGLFramebufferObject) -> None:
        gl = self.context().functions()
        self._target_height = target.height()
        gl.glDisable(Gl.SCISSOR_TEST)
        gl.glDisable(Gl.BLEND)
        gl.glEnable(Gl.DEPTH_TEST)
        gl.glEnable(Gl.PROGRAM_POINT_SIZE)
        gl.glEnable(Gl.POINT_SPRITE)
        gl.glClearColor(*_unit(self.theme.background), 1.0)
        gl.glClear(Gl.DEPTH_AND_COLOUR_BITS)

    def _show(self, picture: QOpenGLFramebufferObject) -> None:
        gl = self.context().functions()
        gl.glDisable(Gl.SCISSOR_TEST)
        gl.glBindFramebuffer(0x8D40, self.defaultFramebufferObject())
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

    # pictures

    def render_image(self, width: int, height: int, smooth: bool = True) -> NDArray[np.uint8]:
        """(height, width, 4) RGBA of all panes in full quality, whatever the widget's size."""
        detail = 2 if smooth else 1
        self.makeCurrent()
        target = _frame_buffer(width * detail, height * detail)
        target.bind()
        self._clear(target)
        for i, rect in enumerate(grid(len(self.panes), width, height)):
            self._draw_pane(i, rect, float(detail), (0, self.panes[i].n_atoms), coarse=False)
        image = target.toImage()
        target.release()
        self._target_height = 0 if self._back is None else self._back.height()
        self.doneCurrent()
        return _pixels(image, width, height)


def _frame_buffer(width: int, height: int) -> QOpenGLFramebufferObject:
    form = QOpenGLFramebufferObjectFormat()
    form.setAttachment(QOpenGLFramebufferObject.Attachment.Depth)
    return QOpenGLFramebufferObject(max(width, 1), max(height, 1), form)


def _pixels(image: QImage, width: int, height: int) -> NDArray[np.uint8]:
    if image.width() != width:
        from PySide6.QtCore import Qt

        image = image.scaled(
            width,
            height,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(height, width, 4).copy()


def _unit(name: str) -> tuple[float, float, float]:
    colour = QColor(name)
    return colour.redF(), colour.greenF(), colour.blueF()
