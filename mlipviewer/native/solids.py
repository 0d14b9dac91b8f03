"""What is drawn besides spheres, as arrays: rods, triangles, and how depth is told."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Rgb = tuple[int, int, int]

PLACE = ctypes.c_void_p


def check(array: NDArray[Any], dtype: type, shape: tuple[int, ...]) -> None:
    """Raise ValueError unless the array can be handed to C as it is."""
    if array.dtype != dtype or array.shape != shape or not array.flags.c_contiguous:
        raise ValueError(f"wanted contiguous {dtype} {shape}, got {array.dtype} {array.shape}")


def _no_numbers(width: int) -> Floats:
    return np.empty((0, width), np.float32)


def _no_tints() -> Bytes:
    return np.empty((0, 3), np.uint8)


@dataclass(frozen=True, eq=False)
class Rods:
    """m tapered rods: ends (m, 6) in A, radii at the two ends (m, 2) in A, tints (m, 3)."""

    ends: Floats = field(default_factory=lambda: _no_numbers(6))
    radii: Floats = field(default_factory=lambda: _no_numbers(2))
    tints: Bytes = field(default_factory=_no_tints)

    def __post_init__(self) -> None:
        m = len(self.ends)
        check(self.ends, np.float32, (m, 6))
        check(self.radii, np.float32, (m, 2))
        check(self.tints, np.uint8, (m, 3))

    @property
    def n(self) -> int:
        return len(self.ends)


@dataclass(frozen=True, eq=False)
class Faces:
    """t triangles: corners (t, 9) in A, tints (t, 3), one opacity 0..1; the nearest is seen."""

    corners: Floats = field(default_factory=lambda: _no_numbers(9))
    tints: Bytes = field(default_factory=_no_tints)
    opacity: float = 1.0

    def __post_init__(self) -> None:
        t = len(self.corners)
        check(self.corners, np.float32, (t, 9))
        check(self.tints, np.uint8, (t, 3))

    @property
    def n(self) -> int:
        return len(self.corners)


@dataclass(frozen=True)
class Cues:
    """How depth is told: strengths 0..1 of shade, outline and fog.

    Shade looks `reach` pixels around, outlines are `thick` pixels, both compare depths with `step`
    A; fog grows from the depth `fog_from` to `fog_to` (A towards the viewer).
    """

    shade: float = 0.0
    outline: float = 0.0
    fog: float = 0.0
    reach: float = 8.0
    thick: float = 1.0
    step: float = 1.0
    fog_from: float = 0.0
    fog_to: float = -1.0
    line: Rgb = (0, 0, 0)

    @property
    def any(self) -> bool:
        return max(self.shade, self.outline, self.fog) > 0


NO_RODS, NO_FACES, NO_CUES = Rods(), Faces(), Cues()


class SolidsRecord(ctypes.Structure):
    """`solids` of splat.h."""

    _fields_ = (
        ("ends", PLACE),
        ("radii", PLACE),
        ("rod_tints", PLACE),
        ("n_rods", ctypes.c_int64),
        ("corners", PLACE),
        ("face_tints", PLACE),
        ("n_faces", ctypes.c_int64),
        ("opacity", ctypes.c_float),
    )


_CUE_FLOATS = ("shade", "reach", "outline", "thick", "step", "fog", "fog_from", "fog_to")


class CuesRecord(ctypes.Structure):
    """`cues` of splat.h."""

    _fields_ = (
        *((name, ctypes.c_float) for name in _CUE_FLOATS),
        ("background", PLACE),
        ("line", PLACE),
    )


def solids_record(rods: Rods, faces: Faces) -> SolidsRecord:
    """The arrays for C; they must outlive it."""
    return SolidsRecord(
        rods.ends.ctypes.data,
        rods.radii.ctypes.data,
        rods.tints.ctypes.data,
        rods.n,
        faces.corners.ctypes.data,
        faces.tints.ctypes.data,
        faces.n,
        faces.opacity,
    )


def cues_record(cues: Cues, background: Bytes, line: Bytes) -> CuesRecord:
    return CuesRecord(
        cues.shade,
        cues.reach,
        cues.outline,
        cues.thick,
        cues.step,
        cues.fog,
        cues.fog_from,
        cues.fog_to,
        background.ctypes.data,
        line.ctypes.data,
    )
