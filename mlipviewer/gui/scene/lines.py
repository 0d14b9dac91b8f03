"""Draws straight lines: the edges of the cell, the tripod of the axes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtOpenGL import QOpenGLShaderProgram

from mlipviewer.gui.scene.gl import Array, Buffer, Gl, attribute, set_uniform, shader_program

_VERTEX = """
uniform mat4 u_matrix;
attribute vec3 a_position;

void main() {
    gl_Position = u_matrix * vec4(a_position, 1.0);
}
"""

_FRAGMENT = """
uniform vec3 u_colour;

void main() {
    gl_FragColor = vec4(u_colour, 1.0);
}
"""


def line_program() -> QOpenGLShaderProgram:
    """The lines' shader. Needs the context."""
    return shader_program(_VERTEX, _FRAGMENT)


class LineDrawing:
    """Pairs of ends (2m, 3), all in one colour."""

    def __init__(self) -> None:
        self._ends = Buffer()

    def set_ends(self, ends: ArrayLike) -> None:
        self._ends.set(np.asarray(ends, np.float32).reshape(-1, 3))

    def draw(
        self,
        gl: Any,
        program: QOpenGLShaderProgram,
        to_clip: Array,
        colour: tuple[float, float, float],
        width: float,
    ) -> None:
        """Draw with a (4, 4) matrix to clip coordinates; width in pixels. Needs the context."""
        if self._ends.n == 0:
            return
        program.bind()
        attribute(program, "a_position", self._ends, 3)
        set_uniform(program, "u_matrix", to_clip)
        set_uniform(program, "u_colour", colour)
        gl.glLineWidth(width)
        gl.glDrawArrays(Gl.LINES, 0, self._ends.n)
        self._ends.release()
        program.release()

    def destroy(self) -> None:
        self._ends.destroy()
