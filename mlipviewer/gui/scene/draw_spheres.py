"""Draws spheres as lit points with the depth of a ball, one buffer per property.

A new frame uploads 12 bytes an atom, new marks one byte an atom, new colours one or four.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtOpenGL import QOpenGLBuffer, QOpenGLShaderProgram

from mlipviewer.gui.scene.gl import (
    Buffer,
    Gl,
    Table,
    address,
    attribute,
    set_sampler,
    set_uniform,
    shader_program,
)
from mlipviewer.gui.scene.light import LIGHT_SOURCE
from mlipviewer.gui.scene.paints import Paint
from mlipviewer.gui.scene.sight import Sight
from mlipviewer.gui.scene.spheres import LARGEST_RADIUS, Spheres

HOVERED, SELECTED, DIMMED = 1, 2, 4
"""The bits of a mark; those above say how transparent a sphere is (veils.py). Dimmed spheres are
greyer and cover every other pixel, so that others show through them."""

_VERTEX = """
uniform mat4 u_view, u_projection;
uniform float u_scale, u_largest, u_halo, u_least;
uniform vec2 u_lookup;
uniform vec3 u_missing, u_edge;
uniform sampler2D u_radii, u_colours;
attribute vec3 a_position;
attribute float a_kind, a_paint, a_mark;
varying vec3 v_colour;
varying vec4 v_ball;  // z, radius, whole sprite over ball, pixels of the sprite's half
varying float v_mark, v_dim;
varying vec2 v_veil;  // sixteenths left out, shift of the pattern

void main() {
    vec4 eye = u_view * vec4(a_position, 1.0);
    gl_Position = u_projection * eye;
    vec2 coded = texture2D(u_radii, vec2(a_kind * 0.99609375 + 0.001953125, 0.5)).rg;
    float radius = u_largest * (coded.x + coded.y / 255.0);
    v_mark = floor(a_mark * 255.0 + 0.5);
    float phase = floor(v_mark / 64.0);
    v_mark -= 64.0 * phase;
    float level = floor(v_mark / 8.0);
    v_mark -= 8.0 * level;
    v_veil = vec2(2.0 * level, 4.0 * phase);
    v_dim = v_mark > 3.5 ? 1.0 : 0.0;
    v_mark -= 4.0 * v_dim;
    float pixels = max(radius * u_scale / gl_Position.w, u_least);
    float whole = pixels + (v_mark > 0.5 ? clamp(0.4 * pixels, 0.3 * u_halo, u_halo) : 0.0);
    gl_PointSize = 2.0 * whole;
    v_ball = vec4(eye.z, radius, whole / pixels, whole);
    float place = clamp(a_paint * u_lookup.x + u_lookup.y, 0.001953125, 0.998046875);
    vec3 colour = texture2D(u_colours, vec2(place, 0.5)).rgb;
    v_colour = a_paint > 1e37 ? u_missing : colour;
    vec3 grey = mix(v_colour, vec3(dot(v_colour, vec3(1.0 / 3.0))), 0.7);
    v_colour = mix(v_colour, 0.5 * (grey + u_edge), v_dim);
}
"""

_FRAGMENT = (
    """
uniform vec4 u_depth;
uniform vec3 u_ring, u_edge, u_hover;
uniform vec2 u_corner;
varying vec3 v_colour;
varying vec4 v_ball;
varying float v_mark, v_dim;
varying vec2 v_veil;

float two_by_two(vec2 at) { return 2.0 * abs(at.x - at.y) + at.y; }

bool left_out() {
    vec2 pixel = floor(vec2(gl_FragCoord.x + u_corner.x, u_corner.y - gl_FragCoord.y));
    if (v_dim > 0.5 && mod(pixel.x + pixel.y, 2.0) > 0.5) return true;
    float step = 4.0 * two_by_two(mod(pixel, 2.0)) + two_by_two(mod(floor(pixel / 2.0), 2.0));
    return mod(step + v_veil.y, 16.0) < v_veil.x;
}
"""
    + LIGHT_SOURCE
    + """
void main() {
    vec2 at = (2.0 * gl_PointCoord - 1.0) * v_ball.z;
    float away = dot(at, at);
    float z = v_ball.x;
    if (away <= 1.0) {
        if ((v_dim > 0.5 || v_veil.x > 0.5) && left_out()) discard;
        float up = sqrt(1.0 - away);
        z += v_ball.y * up;
        // the ring tells; where atoms are but a few pixels, their faces tell too
        float told = v_mark > 1.5 ? clamp(1.2 - v_ball.w / v_ball.z / 5.0, 0.0, 0.8) : 0.0;
        vec3 colour = mix(v_colour, u_ring, told);
        gl_FragColor = vec4(lit_colour(colour, vec3(at.x, -at.y, up)), 1.0);
    } else {
        float gone = (sqrt(away) / v_ball.z);  // 1 at the sprite's border
        if (v_mark < 0.5 || gone > 1.0) discard;
        vec3 ring = mod(v_mark, 2.0) > 0.5 ? u_hover : u_ring;
        gl_FragColor = vec4((1.0 - gone) * v_ball.w < 1.0 ? u_edge : ring, 1.0);
        z += 0.3 * v_ball.y;
    }
    gl_FragDepth = 0.5 + 0.5 * (u_depth.x * z + u_depth.y) / (u_depth.z * z + u_depth.w);
}
"""
)

_HIDDEN_FRAGMENT = """
varying vec4 v_ball;
varying float v_mark;
uniform vec3 u_ring, u_hover;

void main() {
    vec2 at = (2.0 * gl_PointCoord - 1.0) * v_ball.z;
    float gone = length(at) / v_ball.z;
    if (gone > 1.0 || (1.0 - gone) * v_ball.w > max(0.25 * v_ball.w, 1.5)) discard;
    gl_FragColor = vec4(mod(v_mark, 2.0) > 0.5 ? u_hover : u_ring, 0.75);
}
"""

FEW_MARKS = 500
"""Marked atoms up to which those behind others show their rings through them."""


class Programs:
    """The compiled shaders of one OpenGL context."""

    def __init__(self) -> None:
        self.lit = shader_program(_VERTEX, _FRAGMENT)
        self.hidden = shader_program(_VERTEX, _HIDDEN_FRAGMENT)


def few_marked(marks: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The rows of the marked atoms when they are few, else none."""
    ringed = marks & (HOVERED | SELECTED)
    if np.count_nonzero(ringed) > FEW_MARKS:
        return np.empty(0, np.int64)
    return np.flatnonzero(ringed)


def coded_radii(radii: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(256, 3) bytes whose first two, as fractions of 255, make each radius over the largest."""
    shares = np.clip(radii / LARGEST_RADIUS, 0, 1) * 255
    whole = np.floor(shares)
    part = np.round((shares - whole) * 255)
    return np.stack([whole, part, np.zeros_like(whole)], axis=1).astype(np.uint8)


class SphereDrawing:
    """The buffers of one pane's atoms. Setters may be called without the context."""

    def __init__(self) -> None:
        self.positions, self.kinds, self.paint, self.marks = (Buffer() for _ in range(4))
        self._marked = Buffer(QOpenGLBuffer.Type.IndexBuffer)
        self._radii, self._colours = Table(), Table()
        self._lookup = (1.0, 0.0)
        self.n = 0

    def set_spheres(self, spheres: Spheres) -> None:
        """Other atoms: positions, kinds, and no marks."""
        self.n = spheres.n
        self.positions.set(spheres.positions)
        self.kinds.set(spheres.codes)
        self.set_marks(np.zeros(spheres.n, np.uint8))
        self._radii.set(coded_radii(spheres.radii))

    def set_positions(self, positions: NDArray[np.float32]) -> None:
        """The same atoms elsewhere: (n, 3) as in Spheres."""
        self.positions.set(positions)

    def set_paint(self, paint: Paint) -> None:
        self.paint.set(paint.data)
        self._colours.set(paint.table)
        per_unit = 1 if paint.continuous else 255  # OpenGL makes 0..1 of bytes
        self._lookup = (paint.times * per_unit / 256, (paint.plus + 0.5) / 256)

    def set_marks(self, marks: NDArray[np.uint8]) -> None:
        """(n,) HOVERED and SELECTED bits."""
        self.marks.set(marks)
        self._marked.set(few_marked(marks).astype(np.uint32))

    def draw(self, gl: Any, programs: Programs, sight: Sight) -> None:
        """Draw all spheres. Needs the context."""
        program = self._prepare(programs.lit, sight)
        gl.glDrawArrays(Gl.POINTS, 0, self.n)
        program.release()

    def draw_hidden_rings(self, gl: Any, programs: Programs, sight: Sight) -> None:
        """The rings that others hide, through them. Needs the context."""
        if self._marked.n == 0:
            return
        program = self._prepare(programs.hidden, sight)
        gl.glDepthFunc(Gl.GREATER)
        gl.glDepthMask(False)
        gl.glEnable(Gl.BLEND)
        gl.glBlendFuncSeparate(Gl.SRC_ALPHA, Gl.ONE_MINUS_SRC_ALPHA, 0, 1)
        self._marked.bind()
        gl.glDrawElements(Gl.POINTS, self._marked.n, Gl.UNSIGNED_INT, address(0))
        self._marked.release()
        gl.glDisable(Gl.BLEND)
        gl.glDepthMask(True)
        gl.glDepthFunc(Gl.LESS)
        program.release()

    def _prepare(self, program: QOpenGLShaderProgram, sight: Sight) -> QOpenGLShaderProgram:
        program.bind()
        attribute(program, "a_position", self.positions, 3)
        attribute(program, "a_kind", self.kinds)
        attribute(program, "a_paint", self.paint)
        attribute(program, "a_mark", self.marks)
        self.marks.release()
        self._radii.bind(0)
        self._colours.bind(1)
        set_sampler(program, "u_radii", 0)
        set_sampler(program, "u_colours", 1)
        p = sight.projection
        for name, value in (
            ("view", sight.view),
            ("projection", p),
            ("scale", sight.scale),
            ("largest", LARGEST_RADIUS),
            ("halo", sight.halo),
            ("least", sight.least),
            ("lookup", self._lookup),
            ("depth", (p[2, 2], p[2, 3], p[3, 2], p[3, 3])),
            ("ring", sight.ring),
            ("edge", sight.edge),
            ("corner", sight.corner),
            ("hover", sight.hover),
            ("missing", sight.missing),
        ):
            set_uniform(program, f"u_{name}", value)
        return program

    def destroy(self) -> None:
        """Give the card's memory back; drawing again uploads again. Needs the context."""
        for buffer in (self.positions, self.kinds, self.paint, self.marks, self._marked):
            buffer.destroy()
        self._radii.destroy()
        self._colours.destroy()
