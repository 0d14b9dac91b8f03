"""The OpenGL widget that shows one to four panes of atoms under one camera.

A graphics card draws each picture at once. Where OpenGL is but software, pictures of more than
a few atoms are made in a thread (splatting.py) and shown by OpenGL: the window never waits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QSurfaceFormat
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.colours import MISSING
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.draw_spheres import Programs, Sight, few_marked
from mlipviewer.gui.scene.gl import Gl, address
from mlipviewer.gui.scene.lines import line_program
from mlipviewer.gui.scene.pane import Pane, Rect, grid
from mlipviewer.gui.scene.picking import view_numbers
from mlipviewer.gui.scene.splatting import PanePicture, Splatter, Wish, splat
from mlipviewer.gui.theme import LIGHT, Theme
from mlipviewer.native.splat import Balls, Seen, Tints

MARGIN = 128
"""Pixels around a pane in which centres of atoms count: OpenGL drops points whose centre is out."""

FEW = 1_000
"""Atoms up to which software OpenGL draws a picture itself."""

MANY = 300_000
"""Atoms up to which edges are smoothed by drawing four pixels for each shown one."""

HALO = 3.5
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
        self._shown: QOpenGLFramebufferObject | None = None
        self._drawn: NDArray[np.uint8] | None = None
        self._asked = self._answered = 0  # numbers of pictures
        self._splatter = Splatter(self)
        self._splatter.drawn.connect(self._take_drawn)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._come_to_rest)

    # -- what is shown ---------------------------------------------------------------------

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
        """Look from elsewhere; smooth edges come when it stays there."""
        least = 0.0 if self.software else self._least_height()
        self.camera = replace(camera, height=max(camera.height, least))
        self.camera_changed.emit()
        self.moves()

    def _least_height(self) -> float:
        """The height at which the largest sphere is as large as OpenGL draws points."""
        radii = [pane.spheres.radii.max() for pane in self.panes if pane.spheres is not None]
        pixels = self.rects()[0][3] * self.devicePixelRatioF() * self._detail(resting=True)
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
        """Whether the picture shown is the newest and best one."""
        waits = self._answered != self._asked or self._drawn is not None
        return not (self._stale or self._moving or waits)

    def _come_to_rest(self) -> None:
        self._moving = False
        if self._detail() > 1:
            self.redraw()

    # -- where things are, in pixels of the widget -----------------------------------------

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
        """See all atoms, slightly from above the first pane's."""
        self.camera = self.camera.facing(*self.panes[0].box)
        self.fit()

    def fit(self) -> None:
        """See the atoms of all panes whole, from where one looks now."""
        _, _, width, height = self.rects()[0]
        fitted = []
        for pane in self.panes:
            if pane.spheres is not None:
                low, high = pane.box
                rim = float(pane.spheres.radii.max())
                one = self.camera.fitted(low - rim, high + rim, (width, height))
                fitted.append(one.centred(one.centre - pane.home))
        if fitted:
            self.set_camera(max(fitted, key=lambda camera: camera.height))

    # -- OpenGL ----------------------------------------------------------------------------

    def initializeGL(self) -> None:
        gl: Any = self.context().functions()  # the stubs know no arrays to be filled
        renderer = str(gl.glGetString(Gl.RENDERER)).lower()
        self.software = any(word in renderer for word in ("llvmpipe", "softpipe", "swrast"))
        sizes = np.zeros(2, np.float32)
        gl.glGetFloatv(Gl.ALIASED_POINT_SIZE_RANGE, sizes)
        self.largest_point = float(sizes[1]) or self.largest_point
        self._programs = Programs()
        self._lines = line_program()
        self.context().aboutToBeDestroyed.connect(self.release)

    def release(self) -> None:
        """Give the card's memory back: before the end, or when the widget changes its window."""
        self._splatter.close()
        self._stale, self._drawn, self._answered = True, None, self._asked
        if not self.isValid():
            return
        self.makeCurrent()
        for pane in self.panes:
            pane.destroy()
        self._programs = self._shown = None
        self.doneCurrent()

    def resizeGL(self, width: int, height: int) -> None:
        del width, height
        self._stale = True

    @property
    def n_atoms(self) -> int:
        return sum(pane.n_atoms for pane in self.panes)

    @property
    def _splats(self) -> bool:
        near = self.camera.height < self._least_height()
        return self.software and (near or self.n_atoms > FEW)

    def _detail(self, resting: bool = False) -> int:
        """Drawn pixels per shown pixel and direction: 2 smooths edges."""
        still = resting or not self._moving
        return 2 if still and self.n_atoms <= MANY else 1

    def paintGL(self) -> None:
        if self._programs is None:
            return
        if self._stale:
            self._begin()
        if self._drawn is not None:
            self._upload(self._drawn)
        if self._shown is not None:
            self._show(self._shown)

    def _begin(self) -> None:
        self._stale = False
        ratio = self.devicePixelRatioF() * self._detail()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        self._asked += 1
        if self._splats:
            self._splatter.draw(self._wish(self.rects(), ratio, width, height))
            return
        self._shown = _frame_buffer(self._shown, width, height)
        self._draw(self._shown, self.rects(), ratio)
        self._answered = self._asked
        self.n_complete += 1

    def _take_drawn(self, picture: NDArray[np.uint8], number: int) -> None:
        """The thread has drawn a picture; a newer one may be on its way."""
        if number <= self._answered:
            return
        self._drawn, self._answered = picture, number
        self.n_complete += 1
        self.update()

    def _upload(self, picture: NDArray[np.uint8]) -> None:
        height, width, _ = picture.shape
        self._shown = _frame_buffer(self._shown, width, height)
        gl = self.context().functions()
        gl.glBindTexture(Gl.TEXTURE_2D, self._shown.texture())
        pixels = address(picture.ctypes.data, picture.nbytes)
        size = (0, 0, width, height)
        gl.glTexSubImage2D(Gl.TEXTURE_2D, 0, *size, Gl.RGBA, Gl.UNSIGNED_BYTE, pixels)
        gl.glBindTexture(Gl.TEXTURE_2D, 0)
        self._drawn = None

    def _draw(self, target: QOpenGLFramebufferObject, rects: list[Rect], ratio: float) -> None:
        """Draw all panes into a frame buffer; `ratio` of its pixels are one of `rects`."""
        gl = self.context().functions()
        target.bind()
        gl.glDisable(Gl.SCISSOR_TEST)
        gl.glDisable(Gl.BLEND)
        for able in (Gl.DEPTH_TEST, Gl.PROGRAM_POINT_SIZE, Gl.POINT_SPRITE):
            gl.glEnable(able)
        gl.glClearColor(*_unit(self.theme.background), 1.0)
        gl.glClear(Gl.DEPTH_AND_COLOUR_BITS)
        for i, rect in enumerate(rects):
            self._draw_pane(i, _times(rect, ratio), target.height(), ratio)
        target.release()

    def _draw_pane(self, index: int, rect: Rect, target_height: int, ratio: float) -> None:
        pane, gl = self.panes[index], self.context().functions()
        if pane.spheres is None or pane.paint is None or self._programs is None:
            return
        left, top, width, height = rect
        bottom = target_height - top - height
        gl.glEnable(Gl.SCISSOR_TEST)
        gl.glScissor(left, bottom, width, height)
        gl.glViewport(left - MARGIN, bottom - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
        sight = self._sight(index, rect, ratio)
        if self.show_cell:
            colour = _unit(self.theme.frame)
            pane.cell.draw(gl, self._lines, sight.projection @ sight.view, colour, 1.3 * ratio)
        pane.atoms.draw(gl, self._programs, sight)

    def _sight(self, index: int, rect: Rect, ratio: float) -> Sight:
        pane, camera = self.panes[index], self.pane_camera(index)
        _, _, width, height = rect
        size = (float(width), float(height))
        projection = camera.projection_matrix(size, *pane.depths(camera))
        projection[0] *= width / (width + 2 * MARGIN)
        projection[1] *= height / (height + 2 * MARGIN)
        return Sight(
            view=camera.view_matrix(pane.home),
            projection=projection,
            scale=camera.scale(size),
            halo=HALO * ratio,
            ring=_unit(self.theme.selected),
            edge=_unit(self.theme.background),
            hover=_unit(self.theme.hovered),
            missing=(MISSING[0] / 255, MISSING[1] / 255, MISSING[2] / 255),
        )

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

    # -- pictures without OpenGL -----------------------------------------------------------

    def _wish(self, rects: list[Rect], ratio: float, width: int, height: int) -> Wish:
        panes = (self._picture(i, _times(rect, ratio), ratio) for i, rect in enumerate(rects))
        background = _bytes(self.theme.background)
        return Wish(
            width, height, self._asked, background, tuple(one for one in panes if one is not None)
        )

    def _picture(self, index: int, rect: Rect, ratio: float) -> PanePicture | None:
        pane, theme = self.panes[index], self.theme
        spheres, paint = pane.spheres, pane.paint
        if spheres is None or paint is None:
            return None
        size = (float(rect[2]), float(rect[3]))
        camera = self.pane_camera(index)
        return PanePicture(
            rect,
            Balls(spheres.positions, spheres.codes, spheres.radii, pane.marks),
            Tints(
                paint.data,
                paint.table,
                paint.times,
                paint.plus,
                missing=MISSING,
                background=_bytes(theme.background),
                ring=_bytes(theme.selected),
                edge=_bytes(theme.background),
                hover=_bytes(theme.hovered),
            ),
            Seen(
                view_numbers(camera, spheres, size),
                camera.scale(size),
                HALO * ratio,
                rect[2],
                rect[3],
                pane.edges if self.show_cell else pane.edges[:0],
                _bytes(theme.frame),
                max(round(ratio), 1),
            ),
            few_marked(pane.marks).astype(np.int32),
        )

    def render_image(self, width: int, height: int, smooth: bool = True) -> NDArray[np.uint8]:
        """(height, width, 4) RGBA of all panes in full quality, whatever the widget's size.

        Lines and rings are as thick as on the screen, in proportion.
        """
        zoom = width / max(self.width(), 1)
        detail = 2 if smooth else 1
        ratio, size = zoom * detail, (width * detail, height * detail)
        if self._splats:
            pixels = splat(self._wish(self.rects(), ratio, *size))
            image = QImage(pixels.data, *size, 4 * size[0], QImage.Format.Format_RGBA8888)
            return _pixels(image, width, height)
        self.makeCurrent()
        target = _frame_buffer(None, *size)
        self._draw(target, self.rects(), ratio)
        image = target.toImage()
        self.doneCurrent()
        return _pixels(image, width, height)


def _frame_buffer(
    old: QOpenGLFramebufferObject | None, width: int, height: int
) -> QOpenGLFramebufferObject:
    """A frame buffer of this size, the old one if it has it. Needs the context."""
    width, height = max(width, 1), max(height, 1)
    if old is not None and (old.width(), old.height()) == (width, height):
        return old
    form = QOpenGLFramebufferObjectFormat()
    form.setAttachment(QOpenGLFramebufferObject.Attachment.Depth)
    return QOpenGLFramebufferObject(width, height, form)


def _times(rect: Rect, ratio: float) -> Rect:
    left, top, width, height = (round(x * ratio) for x in rect)
    return left, top, max(width, 1), max(height, 1)


def _pixels(image: QImage, width: int, height: int) -> NDArray[np.uint8]:
    if image.width() != width:
        stretch = Qt.AspectRatioMode.IgnoreAspectRatio
        image = image.scaled(width, height, stretch, Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(height, width, 4).copy()


def _unit(name: str) -> tuple[float, float, float]:
    colour = QColor(name)
    return colour.redF(), colour.greenF(), colour.blueF()


def _bytes(name: str) -> tuple[int, int, int]:
    colour = QColor(name)
    return colour.red(), colour.green(), colour.blue()
