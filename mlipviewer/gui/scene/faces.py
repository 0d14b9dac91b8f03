"""Draws triangles (coordination polyhedra): of translucent ones the nearest is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtOpenGL import QOpenGLShaderProgram

from mlipviewer.gui.scene.gl import Buffer, Gl, attribute, set_uniform, shader_program
from mlipviewer.gui.scene.light import LIGHT_SOURCE
from mlipviewer.gui.scene.sight import Sight
from mlipviewer.native.solids import Faces

_VERTEX = """
uniform mat4 u_view, u_projection;
attribute vec3 a_position, a_normal, a_tint;
varying vec3 v_normal, v_tint;

void main() {
    gl_Position = u_projection * (u_view * vec4(a_position, 1.0));
    v_normal = (u_view * vec4(a_normal, 0.0)).xyz;
    v_tint = a_tint;
}
"""

_FRAGMENT = (
    """
uniform float u_opacity;
varying vec3 v_normal, v_tint;
"""
    + LIGHT_SOURCE
    + """
void main() {
    vec3 normal = normalize(v_normal);
    gl_FragColor = vec4(lit_colour(v_tint, normal.z < 0.0 ? -normal : normal), u_opacity);
}
"""
)


def face_program() -> QOpenGLShaderProgram:
    """The triangles' shader. Needs the context."""
    return shader_program(_VERTEX, _FRAGMENT)


class FaceDrawing:
    """The buffers of one pane's triangles. `set` may be called without the context."""

    def __init__(self) -> None:
        self._corners, self._normals, self._tints = Buffer(), Buffer(), Buffer()
        self._faces = Faces()

    def set(self, faces: Faces) -> None:
        self._faces = faces
        corners = faces.corners.reshape(-1, 3, 3)
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        self._corners.set(corners.reshape(-1, 3))
        self._normals.set(np.repeat(normals.astype(np.float32), 3, axis=0))
        self._tints.set(np.repeat(faces.tints, 3, axis=0))

    def draw(self, gl: Any, program: QOpenGLShaderProgram, sight: Sight) -> None:
        """First the depth of what is nearest, then its colour. Needs the context."""
        if self._faces.n == 0:
            return
        program.bind()
        attribute(program, "a_position", self._corners, 3)
        attribute(program, "a_normal", self._normals, 3)
        attribute(program, "a_tint", self._tints, 3)
        set_uniform(program, "u_view", sight.view)
        set_uniform(program, "u_projection", sight.projection)
        set_uniform(program, "u_opacity", self._faces.opacity)
        gl.glColorMask(False, False, False, False)
        gl.glDrawArrays(Gl.TRIANGLES, 0, 3 * self._faces.n)
        gl.glColorMask(True, True, True, True)
        gl.glDepthFunc(Gl.EQUAL)
        gl.glEnable(Gl.BLEND)
        gl.glBlendFuncSeparate(Gl.SRC_ALPHA, Gl.ONE_MINUS_SRC_ALPHA, 0, 1)
        gl.glDrawArrays(Gl.TRIANGLES, 0, 3 * self._faces.n)
        gl.glDisable(Gl.BLEND)
        gl.glDepthFunc(Gl.LESS)
        self._tints.release()
        program.release()

    def destroy(self) -> None:
        for buffer in (self._corners, self._normals, self._tints):
            buffer.destroy()
