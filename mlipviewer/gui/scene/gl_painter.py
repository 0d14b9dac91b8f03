"""Draws panes by OpenGL into a frame buffer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtOpenGL import QOpenGLFramebufferObject

from mlipviewer.gui.colours import MISSING
from mlipviewer.gui.scene.appearance import Appearance, Rect, Window, unit_rgb
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.depth_cues import CueDrawing
from mlipviewer.gui.scene.draw_spheres import Programs
from mlipviewer.gui.scene.faces import face_program
from mlipviewer.gui.scene.gl import Gl
from mlipviewer.gui.scene.lines import line_program
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.rods import rod_program
from mlipviewer.gui.scene.sight import Sight

MARGIN = 128
"""Pixels around a pane in which centres of atoms count: OpenGL drops points whose centre is out."""


class GlPainter:
    """The compiled shaders of one context. All methods need it."""

    def __init__(self, gl: Any) -> None:
        self._gl = gl
        self._spheres = Programs()
        self._lines = line_program()
        self._rods = rod_program()
        self._faces = face_program()
        self._cues = CueDrawing()

    def begin(self, target: QOpenGLFramebufferObject, look: Appearance) -> None:
        """Bind a frame buffer and fill it with the background."""
        gl = self._gl
        target.bind()
        gl.glDisable(Gl.SCISSOR_TEST)
        gl.glDisable(Gl.BLEND)
        for able in (Gl.DEPTH_TEST, Gl.PROGRAM_POINT_SIZE, Gl.POINT_SPRITE):
            gl.glEnable(able)
        gl.glClearColor(*unit_rgb(look.theme.background), 1.0)
        gl.glClear(Gl.DEPTH_AND_COLOUR_BITS)

    def draw(
        self,
        target: QOpenGLFramebufferObject,
        pane: Pane,
        camera: Camera,
        place: tuple[Rect, Window],
        look: Appearance,
    ) -> None:
        """Draw the window of a pane into the rectangle of the frame buffer."""
        if pane.spheres is None or pane.drawn_paint is None:
            return
        gl, (rect, window) = self._gl, place
        left, top, width, height = rect
        bottom = target.height() - top - height
        sight = _sight(pane, camera, window, look)
        corner = (float(window.left - left), float(window.top - top + target.height()))
        sight = replace(sight, corner=corner)
        gl.glEnable(Gl.SCISSOR_TEST)
        gl.glScissor(left, bottom, width, height)
        wide = (left - MARGIN, bottom - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
        gl.glViewport(*wide)
        pane.atoms.draw(gl, self._spheres, sight)
        pane.rods.draw(gl, self._rods, sight)
        pane.faces.draw(gl, self._faces, sight)
        if sight.cues.any:
            size = (target.width(), target.height())
            self._cues.draw(gl, sight, (left, bottom, width, height), size)
            gl.glViewport(*wide)
        if look.looks.cell:
            to_clip, colour = sight.projection @ sight.view, unit_rgb(look.theme.frame)
            pane.cell.draw(gl, self._lines, to_clip, colour, 1.3 * look.ratio)
        pane.atoms.draw_hidden_rings(gl, self._spheres, sight)


def _sight(pane: Pane, camera: Camera, window: Window, look: Appearance) -> Sight:
    size = (float(window.size[0]), float(window.size[1]))
    depths = pane.depths(camera)
    projection = window.crop() @ camera.projection_matrix(size, *depths)
    projection[0] *= window.width / (window.width + 2 * MARGIN)
    projection[1] *= window.height / (window.height + 2 * MARGIN)
    theme, scale = look.theme, camera.scale(size)
    return Sight(
        view=camera.view_matrix(pane.home),
        projection=projection,
        scale=scale,
        halo=look.halo,
        ring=unit_rgb(theme.selected),
        edge=unit_rgb(theme.background),
        hover=unit_rgb(theme.hovered),
        missing=(MISSING[0] / 255, MISSING[1] / 255, MISSING[2] / 255),
        least=look.least,
        inverse_distance=1 / camera.distance,
        cues=look.cues(scale, depths),
        background=unit_rgb(theme.background),
    )
