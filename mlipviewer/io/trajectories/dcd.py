"""DCD, the trajectories of CHARMM, NAMD and LAMMPS: positions and cell, records of equal size."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import ByteStore
from mlipviewer.io.trajectories.indexed.part import cell_of_lengths
from mlipviewer.io.trajectories.layout import counted

Array = NDArray[Any]

LAST_WITH_ANGLES = 25
"""Up to this version of the format the cell is three lengths and three angles."""

_CONTROL = 84
"""Bytes of the first record: CORD and twenty numbers."""


def looks_like_dcd(head: bytes) -> bool:
    return _markers(head) is not None


def _markers(head: bytes) -> tuple[str, int] | None:
    """(byte order, width) of the record markers; None where this is no DCD."""
    for order in "<>":
        for width, code in ((4, "i"), (8, "q")):
            if len(head) >= width + 4 and head[width : width + 4] == b"CORD":
                (size,) = struct.unpack(order + code, head[:width])
                if size == _CONTROL:
                    return order, width
    return None


@dataclass(frozen=True)
class _Shape:
    """What all frames of the file share; `start` is where the frames begin."""

    order: str
    width: int
    n_atoms: int
    free: Array | None  # rows of the atoms that move, where some are fixed
    has_cell: bool
    has_fourth: bool
    start: int

    def record(self, size: int) -> int:
        return size + 2 * self.width

    def frame_size(self, n_atoms: int) -> int:
        coordinates = (4 if self.has_fourth else 3) * self.record(4 * n_atoms)
        return coordinates + (self.record(48) if self.has_cell else 0)


class Dcd:
    """The frames of a DCD file. It names no elements, and no unit of its time step."""

    format = "dcd"

    def __init__(self, store: ByteStore) -> None:
        self.path, self._store = store.path, store
        markers = _markers(store.read(0, 16))
        if markers is None:
            raise ReadProblem("is no DCD trajectory", store.path)
        self._order, self._width = markers
        place = Place(store.path)
        notes = [*store.notes, Note("DCD does not say which elements the atoms are", place)]
        self._shape, declared, self._first, self._every = self._header()
        self.n_frames, rest = self._counted()
        if self.n_frames == 0:
            raise ReadProblem("no usable frame: the file ends in its first frame", store.path, 1)
        if rest:
            lost = Place(store.path, self.n_frames + 1)
            notes.append(Note("the file ends within this frame; it is left out", lost, True))
        if declared not in (0, self.n_frames):
            notes.append(Note(f"{declared} frames are declared, {self.n_frames} found", place))
        self._fixed = None if self._shape.free is None else self._coordinates(0)
        self.notes = counted(notes)

    def is_there(self) -> bool:
        """Whether the file at its path is the one that is read."""
        known = self._store.identity
        return known is not None and known.is_at(self.path)

    def _record(self, at: int) -> tuple[bytes, int]:
        """(content, offset behind it) of the record at an offset. Raises ReadProblem."""
        code = self._order + ("i" if self._width == 4 else "q")
        marker = self._store.read(at, self._width)
        size = struct.unpack(code, marker)[0] if len(marker) == self._width else -1
        end = at + self._width + size
        if not 0 <= size <= self._store.size - at - 2 * self._width:
            raise ReadProblem(f"a record at byte {at} is damaged", self.path)
        if self._store.read(end, self._width) != marker:
            raise ReadProblem(f"the record at byte {at} does not end where it should", self.path)
        return self._store.read(at + self._width, size), end + self._width

    def _behind_titles(self, at: int) -> int:
        """The titles, whose record some programs write with the wrong size: then by their count."""
        try:
            return self._record(at)[1]
        except ReadProblem:
            count = self._store.read(at + self._width, 4).ljust(4, b"\xff")
            (lines,) = struct.unpack(self._order + "i", count)
            end = at + 4 + 80 * lines + 2 * self._width
            if not 0 <= lines < 1000 or end >= self._store.size:
                raise
            return int(end)

    def _header(self) -> tuple[_Shape, int, int, int]:
        """(shape, declared frames, first step, steps between frames). Raises ReadProblem."""
        control, at = self._record(0)
        if len(control) != _CONTROL:
            raise ReadProblem("the first record is damaged", self.path)
        numbers = struct.unpack(f"{self._order}20i", control[4:84])
        at = self._behind_titles(at)
        counted_atoms, at = self._record(at)
        if len(counted_atoms) < 4:
            raise ReadProblem("the number of atoms is missing", self.path)
        (n_atoms,) = struct.unpack(self._order + "i", counted_atoms[:4])
        if n_atoms <= 0:
            raise ReadProblem(f"{n_atoms} atoms are declared", self.path)
        charmm, free = numbers[19] != 0, None
        self._matrix = numbers[19] > LAST_WITH_ANGLES
        if numbers[8]:
            indices, at = self._record(at)
            free = np.frombuffer(indices, self._order + "i4").astype(np.int64) - 1
            if len(free) == 0 or free.min() < 0 or free.max() >= n_atoms:
                raise ReadProblem("the list of free atoms is damaged", self.path)
        has_cell = charmm and numbers[10] != 0
        fourth = charmm and numbers[11] != 0
        shape = _Shape(self._order, self._width, n_atoms, free, has_cell, fourth, at)
        return shape, numbers[0], numbers[1], numbers[2]

    def _counted(self) -> tuple[int, int]:
        """(complete frames, bytes behind them)."""
        shape = self._shape
        left = self._store.size - shape.start - shape.frame_size(shape.n_atoms)
        if left < 0:
            return 0, 1
        later = shape.frame_size(shape.n_atoms if shape.free is None else len(shape.free))
        return 1 + left // later, left % later

    def _at(self, index: int) -> tuple[int, int]:
        """(offset, atoms in the records) of a frame."""
        shape = self._shape
        if index == 0 or shape.free is None:
            return shape.start + index * shape.frame_size(shape.n_atoms), shape.n_atoms
        n, first = len(shape.free), shape.frame_size(shape.n_atoms)
        return shape.start + first + (index - 1) * shape.frame_size(n), n

    def _coordinates(self, index: int) -> Array:
        """(n, 3) as float64. Raises ReadProblem."""
        at, n = self._at(index)
        if self._shape.has_cell:
            at += self._shape.record(48)
        parts = []
        for _ in range(3):
            content, at = self._record(at)
            if len(content) != 4 * n:
                raise ReadProblem("a record has the wrong size", self.path, index + 1)
            with np.errstate(invalid="ignore"):  # a signalling nan is a nan like others
                parts.append(np.frombuffer(content, self._order + "f4").astype(float))
        return np.stack(parts, axis=1)

    def frame(self, index: int) -> Frame:
        """Frame `index`. Raises IndexError, ReadProblem."""
        info = self.info(index)
        positions = self._coordinates(index)
        if index and self._shape.free is not None and self._fixed is not None:
            moved = self._fixed.copy()
            moved[self._shape.free] = positions
            positions = moved
        cell = self._cell(index)
        finite = bool(np.isfinite(positions).all())
        bad = Note("a position is not a finite number", Place(self.path, index + 1), loss=True)
        return Frame(
            index=index,
            positions=positions,
            numbers=np.zeros(len(positions), np.int32),
            cell=cell,
            pbc=(True, True, True) if cell is not None else (False, False, False),
            info=info,
            complete=finite,
            notes=() if finite else (bad,),
        )

    def info(self, index: int) -> Mapping[str, Any]:
        """The time step of frame `index`. Raises IndexError."""
        if not 0 <= index < self.n_frames:
            raise IndexError(f"frame {index} of {self.n_frames}")
        if self._every <= 0:
            return MappingProxyType({})
        return MappingProxyType({"Timestep": self._first + index * self._every})

    def _cell(self, index: int) -> Array | None:
        if not self._shape.has_cell:
            return None
        content, _ = self._record(self._at(index)[0])
        if len(content) != 48:
            raise ReadProblem("the record of the cell has the wrong size", self.path, index + 1)
        six = np.frombuffer(content, self._order + "f8").astype(float)
        return symmetric_cell(six) if self._matrix else cell_of_six(six)


def cell_of_six(six: Array) -> Array | None:
    """The cell of A gamma B beta alpha C, the angles in degrees or as cosines, else of a symmetric
    matrix; None where the numbers make no cell."""
    a, gamma, b, beta, alpha, c = (float(value) for value in six)
    angles = np.array([alpha, beta, gamma])
    if (np.abs(angles) <= 1).all() and min(a, b, c) > 0:
        return cell_of_lengths((a, b, c), np.degrees(np.arccos(angles)))
    if (angles > 1).all() and (angles < 180).all() and min(a, b, c) > 0:
        return cell_of_lengths((a, b, c), angles)
    return symmetric_cell(six)


def symmetric_cell(six: Array) -> Array | None:
    """The cell of xx xy yy xz yz zz, which CHARMM writes since its version 26."""
    xx, xy, yy, xz, yz, zz = six.tolist()
    matrix = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    return matrix if np.isfinite(matrix).all() and np.linalg.matrix_rank(matrix) == 3 else None
