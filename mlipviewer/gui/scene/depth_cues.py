"""Shaded crevices, outlines and fog over what was drawn, by its depths.

The same looks around as `tell_depth` of native/solids.c.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtOpenGL import QOpenGLTexture

from mlipviewer.gui.scene.gl import (
    Buffer,
    Gl,
    attribute,
    set_sampler,
    set_uniform,
    shader_program,
)
from mlipviewer.gui.scene.sight import Sight

_VERTEX = """
attribute vec2 a_position;

void main() {
    gl_Position = vec4(a_position, 0.0, 1.0);
}
"""

_FRAGMENT = """
uniform sampler2D u_picture, u_depths;
uniform vec2 u_size;    // pixels of both
uniform vec4 u_window;  // of the pane: left, bottom, right, top
uniform vec4 u_depth, u_cue, u_fog;  // cue: shade, reach, outline, thick; fog: amount, from, to
uniform float u_step;
uniform vec2 u_corner;  // from these pixels to those of the whole pane
uniform vec3 u_background, u_line;

float depth_at(vec2 pixel) {
    vec2 inside = clamp(floor(pixel), u_window.xy, u_window.zw - 1.0) + 0.5;
    float d = 2.0 * texture2D(u_depths, inside / u_size).r - 1.0;
    return d > 0.999999 ? -1e30 : (u_depth.y - d * u_depth.w) / (d * u_depth.z - u_depth.x);
}

// Of 64 places in a disc each pixel looks at 16, its three neighbours at the others.
vec2 in_disc(int i, float share) {
    float k = 4.0 * float(i) + share;
    return sqrt((k + 0.5) / 64.0) * vec2(cos(2.3999632 * k), sin(2.3999632 * k));
}

vec2 around(int i) {
    float angle = 0.78539816 * float(i);
    return vec2(cos(angle), sin(angle));
}

void main() {
    vec2 here = gl_FragCoord.xy;
    float z = depth_at(here);
    bool some = z > -1e29;
    vec3 colour = texture2D(u_picture, here / u_size).rgb;
    if (some && u_cue.x > 0.0) {
        float sum = 0.0;
        vec2 pixel = floor(vec2(here.x + u_corner.x, u_corner.y - here.y));
        float share = mod(pixel.x, 2.0) + 2.0 * mod(pixel.y, 2.0);
        for (int i = 0; i < 16; i++) {
            vec2 there = u_cue.y * in_disc(i, share);
            float over = (depth_at(here + vec2(there.x, -there.y)) - z) / u_step;
            if (over > 0.0)
                sum += clamp(over, 0.0, 1.0) * clamp(2.0 - 0.25 * over, 0.25, 1.0);
        }
        colour *= 1.0 - u_cue.x * clamp(1.25 * sum / 16.0 - 0.2, 0.0, 1.0);
    }
    if (u_cue.z > 0.0) {
        float most = 0.0;
        for (int i = 0; i < 8; i++) {
            float nearer = depth_at(here + u_cue.w * around(i));
            if (nearer > -1e29)
                most = max(most, some ? (nearer - z) / u_step : 2.0);
        }
        colour = mix(colour, u_line, u_cue.z * clamp(2.0 * most - 0.6, 0.0, 1.0));
    }
    if (some)
        colour = mix(colour, u_background,
                     u_fog.x * clamp((u_fog.y - z) / max(u_fog.y - u_fog.z, 1e-6), 0.0, 1.0));
    gl_FragColor = vec4(colour, 1.0);
}
"""

_CORNERS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float32)
_DEPTHS, _RGB = 0x81A6, 0x1907


class CueDrawing:
    """The pass that reads back what the frame buffer holds. Needs the context throughout."""

    def __init__(self) -> None:
        self._program = shader_program(_VERTEX, _FRAGMENT)
        self._corners = Buffer()
        self._corners.set(_CORNERS)
        self._textures: tuple[QOpenGLTexture, QOpenGLTexture] | None = None

    def draw(self, gl: Any, sight: Sight, rect: tuple[int, int, int, int], size: Any) -> None:
        """Over the pane `rect` (left, bottom, width, height) of a frame buffer of `size`."""
        self._copy(gl, size)
        program, cues = self._program, sight.cues
        left, bottom, width, height = rect
        gl.glViewport(left, bottom, width, height)
        gl.glDisable(Gl.DEPTH_TEST)
        program.bind()
        attribute(program, "a_position", self._corners, 2)
        self._corners.release()
        p = sight.projection
        for name, value in (
            ("size", (float(size[0]), float(size[1]))),
            ("window", (left, bottom, left + width, bottom + height)),
            ("depth", (p[2, 2], p[2, 3], p[3, 2], p[3, 3])),
            ("cue", (cues.shade, cues.reach, cues.outline, cues.thick)),
            ("fog", (cues.fog, cues.fog_from, cues.fog_to, 0.0)),
            ("step", cues.step),
            ("corner", sight.corner),
            ("background", sight.background),
            ("line", (cues.line[0] / 255, cues.line[1] / 255, cues.line[2] / 255)),
        ):
            set_uniform(program, f"u_{name}", value)
        set_sampler(program, "u_picture", 0)
        set_sampler(program, "u_depths", 1)
        gl.glDrawArrays(Gl.TRIANGLE_STRIP, 0, 4)
        program.release()
        gl.glEnable(Gl.DEPTH_TEST)

    def _copy(self, gl: Any, size: Any) -> None:
        """What was drawn so far into two textures, colours in unit 0, depths in unit 1."""
        if self._textures is None:
            self._textures = (_texture(), _texture())
        for unit, (texture, form) in enumerate(zip(self._textures, (_RGB, _DEPTHS), strict=True)):
            gl.glActiveTexture(Gl.TEXTURE0 + unit)
            gl.glBindTexture(Gl.TEXTURE_2D, texture.textureId())
            gl.glCopyTexImage2D(Gl.TEXTURE_2D, 0, form, 0, 0, int(size[0]), int(size[1]), 0)
            for name, value in _NEAREST_AND_CLAMPED:
                gl.glTexParameteri(Gl.TEXTURE_2D, name, value)
        gl.glActiveTexture(Gl.TEXTURE0)


_NEAREST_AND_CLAMPED = ((0x2801, 0x2600), (0x2800, 0x2600), (0x2802, 0x812F), (0x2803, 0x812F))


def _texture() -> QOpenGLTexture:
    texture = QOpenGLTexture(QOpenGLTexture.Target.Target2D)
    texture.create()
    return texture
