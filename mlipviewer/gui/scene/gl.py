"""The few OpenGL 2.1 numbers and objects that the scene draws with, through Qt's own classes.

Byte attributes, float attributes, GLSL 1.20: every desktop driver of the last 15 years has them.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QMatrix4x4, QVector2D, QVector3D, QVector4D
from PySide6.QtOpenGL import QOpenGLBuffer, QOpenGLShader, QOpenGLShaderProgram, QOpenGLTexture
from shiboken6 import VoidPtr

Array = NDArray[Any]

address: Any = VoidPtr  # its stubs know none of its arguments


class Gl(IntEnum):
    """Constants of OpenGL by their own names."""

    POINTS = 0x0000
    LESS = 0x0201
    GREATER = 0x0204
    SRC_ALPHA = 0x0302
    ONE_MINUS_SRC_ALPHA = 0x0303
    LINES = 0x0001
    TRIANGLES = 0x0004
    TRIANGLE_STRIP = 0x0005
    EQUAL = 0x0202
    TEXTURE0 = 0x84C0
    DEPTH_TEST = 0x0B71
    SCISSOR_TEST = 0x0C11
    BLEND = 0x0BE2
    UNSIGNED_BYTE = 0x1401
    UNSIGNED_INT = 0x1405
    FLOAT = 0x1406
    ALIASED_POINT_SIZE_RANGE = 0x846D
    RENDERER = 0x1F01
    DEPTH_AND_COLOUR_BITS = 0x4100
    COLOUR_BIT = 0x4000
    TEXTURE_2D = 0x0DE1
    RGBA = 0x1908
    LINEAR = 0x2601
    PROGRAM_POINT_SIZE = 0x8642
    POINT_SPRITE = 0x8861


class Buffer:
    """A vertex (or index) buffer that is uploaded when it is next bound after `set`.

    `writes` counts uploads: a selection must not write positions.
    """

    def __init__(self, kind: QOpenGLBuffer.Type = QOpenGLBuffer.Type.VertexBuffer) -> None:
        self._buffer = QOpenGLBuffer(kind)
        self._array: Array | None = None
        self._fresh = False
        self.n = 0
        self.gl_type = Gl.FLOAT
        self.writes = 0

    def set(self, array: Array) -> None:
        """Show this array (n,) or (n, k), float32, uint8 or uint32; it must not change after."""
        self._array = np.ascontiguousarray(array)
        self._fresh = True
        self.n = len(array)
        self.gl_type = {"u1": Gl.UNSIGNED_BYTE, "u4": Gl.UNSIGNED_INT}.get(
            self._array.dtype.str[1:], Gl.FLOAT
        )

    def bind(self) -> None:
        """Bind, uploading first what is new. Needs the context."""
        if not self._buffer.isCreated():
            self._buffer.create()
        self._buffer.bind()
        if self._fresh and self._array is not None:
            self._upload(self._array)

    def _upload(self, array: Array) -> None:
        data = address(array.ctypes.data, array.nbytes)
        if self._buffer.size() == array.nbytes:
            self._buffer.write(0, data, array.nbytes)
        else:
            self._buffer.allocate(data, array.nbytes)
        self._fresh = False
        self.writes += 1

    def release(self) -> None:
        self._buffer.release()

    def destroy(self) -> None:
        """Give the memory back; a later `bind` uploads again. Needs the context."""
        self._buffer.destroy()
        self._fresh = self._array is not None


class Table:
    """256 colours (256, 3) in a small texture, uploaded when it is next bound after `set`."""

    def __init__(self) -> None:
        self._texture: QOpenGLTexture | None = None
        self._array = np.full((1, 256, 4), 255, np.uint8)
        self._fresh = False

    def set(self, colours: NDArray[np.uint8]) -> None:
        self._array = np.full((1, 256, 4), 255, np.uint8)
        self._array[0, :, :3] = colours
        self._fresh = True

    def bind(self, unit: int) -> None:
        if self._texture is None or self._fresh:
            self.destroy()
            image = QImage(self._array.data, 256, 1, 1024, QImage.Format.Format_RGBA8888)
            mip_maps = QOpenGLTexture.MipMapGeneration.DontGenerateMipMaps
            self._texture = QOpenGLTexture(image, mip_maps)
            nearest = QOpenGLTexture.Filter.Nearest
            self._texture.setMinMagFilters(nearest, nearest)
            self._fresh = False
        self._texture.bind(unit)

    def destroy(self) -> None:
        if self._texture is not None:
            self._texture.destroy()
            self._texture = None


class ShaderProblem(RuntimeError):
    """The graphics driver did not take a shader; its words."""


def shader_program(vertex: str, fragment: str) -> QOpenGLShaderProgram:
    """A linked program. Raises ShaderProblem. Needs the context."""
    program = QOpenGLShaderProgram()
    stages = QOpenGLShader.ShaderTypeBit
    good = program.addShaderFromSourceCode(stages.Vertex, "#version 120\n" + vertex)
    good = good and program.addShaderFromSourceCode(stages.Fragment, "#version 120\n" + fragment)
    if not (good and program.link()):
        raise ShaderProblem(program.log())
    return program


def attribute(program: QOpenGLShaderProgram, name: str, buffer: Buffer, width: int = 1) -> None:
    """Feed an attribute of `width` numbers from a buffer; bytes arrive as 0..1."""
    buffer.bind()
    place = program.attributeLocation(name)
    if place >= 0:
        program.enableAttributeArray(place)
        program.setAttributeBuffer(place, buffer.gl_type, 0, width, 0)


def set_uniform(program: QOpenGLShaderProgram, name: str, value: Any) -> None:
    """Set a uniform to a number, a tuple of 2 to 4 numbers or a (4, 4) matrix."""
    place = program.uniformLocation(name)
    if isinstance(value, tuple):
        vector = {2: QVector2D, 3: QVector3D, 4: QVector4D}[len(value)]
        program.setUniformValue(place, vector(*value))
    elif isinstance(value, np.ndarray):
        program.setUniformValue(place, QMatrix4x4(*(float(x) for x in value.ravel())))
    else:
        program.setUniformValue1f(place, float(value))


def set_sampler(program: QOpenGLShaderProgram, name: str, unit: int) -> None:
    """Let a sampler read the texture unit."""
    program.setUniformValue1i(program.uniformLocation(name), unit)
