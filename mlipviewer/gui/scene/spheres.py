"""Atoms as spheres: arrays made from a frame, ready to be drawn and picked. No OpenGL here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.elements import Element, element, elements
from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.colours import Rgb, categorical
from mlipviewer.native.blocks import Blocks, blocks_of

Array = NDArray[Any]

SIZE = 0.72
"""Drawn radius over covalent radius: neighbours just do not hide each other."""

LARGEST_RADIUS = 4.0
"""A; drawn radii are held in a byte of this range."""

FIRST_LABEL = 128
"""Codes below are atomic numbers, those from here on stand for labels of the file."""


@dataclass(frozen=True)
class Kind:
    """One species of a frame: its code, name, colour, drawn radius in A, and how many there are."""

    code: int
    name: str
    colour: Rgb
    radius: float
    count: int
    number: int = 0  # atomic, 0 where none is known
    visible: bool = True


@dataclass(frozen=True, eq=False)
class Kinds:
    """The species of n atoms: `codes` (n,) uint8, and what each code that occurs stands for."""

    codes: NDArray[np.uint8]
    kinds: tuple[Kind, ...]

    @property
    def colours(self) -> NDArray[np.uint8]:
        """(256, 3) the colour of each code."""
        table = np.zeros((256, 3), np.uint8)
        for kind in self.kinds:
            table[kind.code] = kind.colour
        return table

    @property
    def radii(self) -> NDArray[np.float32]:
        """(256,) the drawn radius of each code in A."""
        table = np.zeros(256, np.float32)
        for kind in self.kinds:
            table[kind.code] = kind.radius
        return table

    def name(self, row: int) -> str:
        code = int(self.codes[row])
        return next(kind.name for kind in self.kinds if kind.code == code)


def kinds_of(frame: Frame) -> Kinds:
    """The species of a frame: the file's labels where it has them, else the elements."""
    if frame.species is not None:
        return _labelled(frame.species, frame.numbers)
    known = (frame.numbers >= 0) & (frame.numbers < len(elements()))
    codes = np.where(known, frame.numbers, 0).astype(np.uint8)
    counts = np.bincount(codes, minlength=256)
    kinds = (_element_kind(element(int(z)), int(counts[z])) for z in np.flatnonzero(counts))
    return Kinds(codes, tuple(kinds))


def _element_kind(one: Element, count: int) -> Kind:
    return Kind(one.number, one.symbol, one.colour, one.radius * SIZE, count, one.number)


def _labelled(labels: Array, numbers: Array) -> Kinds:
    names = tuple(dict.fromkeys(labels.tolist()))
    order = places_in(names, labels)
    codes = (FIRST_LABEL + order % (256 - FIRST_LABEL)).astype(np.uint8)
    first = np.zeros(len(names), np.int64)
    first[order[::-1]] = np.arange(len(order))[::-1]
    counts = np.bincount(order, minlength=len(names))
    shown = range(min(len(names), 256 - FIRST_LABEL))
    return Kinds(
        codes,
        tuple(_label_kind(i, str(names[i]), int(numbers[first[i]]), int(counts[i])) for i in shown),
    )


def places_in(names: Sequence[object], values: Array) -> NDArray[np.int64]:
    """(n,) where each value stands among a few names; -1 where it is none of them.

    Comparing whole columns name by name needs neither sorting nor a library of tables, which takes
    a third of a second to load.
    """
    found = np.full(len(values), -1, np.int64)
    for i, name in enumerate(names):
        found[values == name] = i
    return found


def _label_kind(i: int, name: str, number: int, count: int) -> Kind:
    one = element(number)
    colour = one.colour if one.number else categorical(i)
    return Kind(FIRST_LABEL + i, name, colour, one.radius * SIZE, count, one.number)


@dataclass(frozen=True, eq=False)
class Spheres:
    """m spheres: float32 positions (m, 3) counted from `offset` (3,), for the sake of precision.

    `codes` (m,) say which of `radii` (256,) each has, all in A. `rows` (m,) are the atoms that they
    stand for, out of `n_atoms`; None: each of them once, in their order.
    """

    positions: NDArray[np.float32]
    offset: NDArray[np.float64]
    codes: NDArray[np.uint8]
    radii: NDArray[np.float32]
    rows: NDArray[np.int32] | None = None
    n_atoms: int = -1

    @property
    def n(self) -> int:
        return len(self.positions)

    @cached_property
    def blocks(self) -> Blocks:
        """The spheres sorted in space; a million take some 30 ms, so a thread asks for it."""
        return blocks_of(self.positions)

    def of_atoms(self, values: Array) -> Array:
        """(m, ...) what each sphere takes from the values (n, ...) of the atoms."""
        return values if self.rows is None else values[self.rows]

    def atom(self, sphere: int | None) -> int | None:
        """The row of the atom that a sphere stands for."""
        return sphere if sphere is None or self.rows is None else int(self.rows[sphere])

    def atoms(self, mask: Mask) -> Mask:
        """(n,) the atoms that one of the masked spheres (m,) stands for."""
        if self.rows is None:
            return mask
        found = np.zeros(self.n_atoms, bool)
        found[self.rows[mask]] = True
        return found


def bounds(
    frame: Frame, places: Array | None = None, images: tuple[int, int, int] = (1, 1, 1)
) -> tuple[Array, Array]:
    """(low, high) corners (3,) of the box that holds the atoms and the cell, in A.

    `places` (n, 3) are the atoms' where they are drawn elsewhere than in the file.
    """
    points = frame.positions if places is None else places
    low, high = _extremes(points)
    if not np.isfinite([low, high]).all():
        low, high = _extremes(points[np.isfinite(points).all(axis=1)])
    if frame.cell is not None:
        more = (np.array(images) - 1) @ np.maximum(frame.cell, 0)
        less = (np.array(images) - 1) @ np.minimum(frame.cell, 0)
        low, high = low + less, high + more
        corners = cell_corners(frame.cell * np.array(images)[:, None], frame.origin)
        low, high = np.minimum(low, corners.min(axis=0)), np.maximum(high, corners.max(axis=0))
    if not np.isfinite([low, high]).all():
        return np.full(3, -1.0), np.full(3, 1.0)
    return low, high


def _extremes(points: Array) -> tuple[Array, Array]:
    """Column by column: eight times faster than numpy over axis 0."""
    columns = [points[:, i] for i in range(3)]
    low = np.array([column.min(initial=np.inf) for column in columns])
    return low, np.array([column.max(initial=-np.inf) for column in columns])


_CORNERS = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], float)
_EDGES = [
    (i, j) for i in range(8) for j in range(i) if np.abs(_CORNERS[i] - _CORNERS[j]).sum() == 1
]


def cell_corners(cell: Array, origin: Array) -> Array:
    """(8, 3) corners of a cell in A."""
    corners: Array = _CORNERS @ cell + origin
    return corners


def cell_edges(cell: Array, origin: Array) -> Array:
    """(24, 3) the ends of a cell's 12 edges, two by two, in A."""
    edges: Array = cell_corners(cell, origin)[np.ravel(_EDGES)]
    return edges
