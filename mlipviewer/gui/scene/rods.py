"""Draws tapered rods (bonds, arrows) as quads whose pixels meet the rod exactly.

The same rays and the same light as in native/solids.c.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtOpenGL import QOpenGLBuffer, QOpenGLShaderProgram

from mlipviewer.gui.scene.gl import Buffer, Gl, address, attribute, set_uniform, shader_program
from mlipviewer.gui.scene.light import LIGHT_SOURCE
from mlipviewer.gui.scene.sight import Sight
from mlipviewer.native.solids import Rods

_VERTEX = """
uniform mat4 u_view, u_projection;
uniform float u_scale, u_inverse;  // pixels per A, 1 / distance of the eye
attribute vec3 a_start, a_end, a_tint;
attribute vec2 a_radii, a_corner;
varying vec3 v_start, v_end, v_tint;
varying vec2 v_radii, v_screen;

void main() {
    v_start = (u_view * vec4(a_start, 1.0)).xyz;
    v_end = (u_view * vec4(a_end, 1.0)).xyz;
    float first = 1.0 - v_start.z * u_inverse, second = 1.0 - v_end.z * u_inverse;
    float least = 0.5 * max(first, second) / u_scale;
    v_radii = a_radii.x == a_radii.y ? max(a_radii, vec2(least)) : a_radii;
    float radius = max(v_radii.x, v_radii.y);
    float reach = radius / max(min(first, second) - radius * u_inverse, 0.02) + 1.0 / u_scale;
    vec2 a = v_start.xy / first, b = v_end.xy / second;
    vec2 along = distance(a, b) > 1e-6 ? normalize(b - a) : vec2(1.0, 0.0);
    vec2 across = vec2(-along.y, along.x) * (a_corner.y * 2.0 - 1.0);
    v_screen = (a_corner.x < 0.5 ? a - along * reach : b + along * reach) + across * reach;
    v_tint = a_tint;
    gl_Position = u_projection * vec4(v_screen, 0.0, 1.0);
    gl_Position.z = 0.0;
    if (min(first, second) < 0.02) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
"""

_FRAGMENT = (
    """
uniform vec4 u_depth;
uniform float u_inverse;
varying vec3 v_start, v_end, v_tint;
varying vec2 v_radii, v_screen;
"""
    + LIGHT_SOURCE
    + """
void main() {
    float middle = 0.5 * (v_start.z + v_end.z);
    vec3 from = vec3(v_screen * (1.0 - middle * u_inverse), middle) - v_start;
    vec3 ray = vec3(-v_screen * u_inverse, 1.0);
    vec3 axis = v_end - v_start;
    float size = length(axis);
    axis /= size;
    float g = (v_radii.y - v_radii.x) / size;
    float h = dot(from, axis), rise = dot(ray, axis);
    float own = v_radii.x + g * h;
    float a = dot(ray, ray) - rise * rise * (1.0 + g * g);
    float b = dot(from, ray) - h * rise - g * rise * own;
    float c = dot(from, from) - h * h - own * own;
    float root = b * b - a * c;
    float best = -1e30;
    vec3 normal = vec3(0.0, 0.0, 1.0);
    if (root >= 0.0 && abs(a) > 1e-7) {
        for (int side = 0; side < 2; side++) {
            float t = (-b + (side == 0 ? -1.0 : 1.0) * sqrt(root)) / a;
            float at = h + t * rise;
            if (at < 0.0 || at > size || t <= best) continue;
            best = t;
            normal = normalize(from + t * ray - at * axis) - g * axis;
        }
    }
    if (abs(rise) > 1e-5) {
        for (int cap = 0; cap < 2; cap++) {
            float at = cap == 0 ? 0.0 : size;
            float t = (at - h) / rise;
            float radius = v_radii.x + g * at;
            vec3 off = from + t * ray - at * axis;
            if (t <= best || dot(off, off) > radius * radius) continue;
            best = t;
            normal = cap == 0 ? -axis : axis;
        }
    }
    if (best < -1e29) discard;
    float z = middle + best;
    gl_FragColor = vec4(lit_colour(v_tint, normalize(normal)), 1.0);
    gl_FragDepth = 0.5 + 0.5 * (u_depth.x * z + u_depth.y) / (u_depth.z * z + u_depth.w);
}
"""
)

_CORNERS = np.array([[0, 0], [255, 0], [0, 255], [255, 255]], np.uint8)
_TRIANGLES = np.array([0, 1, 2, 2, 1, 3], np.uint32)


def rod_program() -> QOpenGLShaderProgram:
    """The rods' shader. Needs the context."""
    return shader_program(_VERTEX, _FRAGMENT)


def _fourfold(array: NDArray[Any]) -> NDArray[Any]:
    return np.repeat(array, 4, axis=0)


class RodDrawing:
    """The buffers of one pane's rods. Setters may be called without the context."""

    def __init__(self) -> None:
        self._starts, self._ends, self._radii = Buffer(), Buffer(), Buffer()
        self._tints, self._corners = Buffer(), Buffer()
        self._index = Buffer(QOpenGLBuffer.Type.IndexBuffer)
        self._rods = Rods()

    def set(self, rods: Rods) -> None:
        """Draw these; where only the tints are others, only these are sent."""
        old, self._rods = self._rods, rods
        self._tints.set(_fourfold(rods.tints))
        if rods.ends is old.ends and rods.radii is old.radii:
            return
        self._starts.set(_fourfold(rods.ends[:, :3]))
        self._ends.set(_fourfold(rods.ends[:, 3:]))
        self._radii.set(_fourfold(rods.radii))
        self._corners.set(np.tile(_CORNERS, (rods.n, 1)))
        first = 4 * np.arange(rods.n, dtype=np.uint32)
        self._index.set((first[:, None] + _TRIANGLES).ravel())

    def draw(self, gl: Any, program: QOpenGLShaderProgram, sight: Sight) -> None:
        """Needs the context."""
        if self._rods.n == 0:
            return
        program.bind()
        attribute(program, "a_start", self._starts, 3)
        attribute(program, "a_end", self._ends, 3)
        attribute(program, "a_radii", self._radii, 2)
        attribute(program, "a_tint", self._tints, 3)
        attribute(program, "a_corner", self._corners, 2)
        p = sight.projection
        for name, value in (
            ("view", sight.view),
            ("projection", p),
            ("scale", sight.scale),
            ("inverse", sight.inverse_distance),
            ("depth", (p[2, 2], p[2, 3], p[3, 2], p[3, 3])),
        ):
            set_uniform(program, f"u_{name}", value)
        self._index.bind()
        gl.glDrawElements(Gl.TRIANGLES, self._index.n, Gl.UNSIGNED_INT, address(0))
        self._index.release()
        self._corners.release()
        program.release()

    def destroy(self) -> None:
        for one in (self._starts, self._ends, self._radii, self._tints, self._corners, self._index):
            one.destroy()
