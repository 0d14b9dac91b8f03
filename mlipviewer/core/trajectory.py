"""Trajectories: frames read one at a time, in any order, from a source that `io` implements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.aliases import NO_ROLES, Roles
from mlipviewer.core.problem import Note
from mlipviewer.core.timing import UNKNOWN_CLOCK, UNKNOWN_TEMPERATURE, Clock, Temperature

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Frame:
    """One configuration of n atoms, in the order of the file. All arrays are read-only.

    positions (n, 3) float64 in A; `cell` rows are the lattice vectors in A, or None; `origin` is
    the corner of the cell in A. `ids` are the file's own atom ids where they are unique, else None:
    the atom's identity is then its row, counted from 0. `columns` are per-atom arrays, (n,) or
    (n, k), by the file's names; `info` holds what belongs to the whole frame (`energy` in eV ...);
    `units` says in what both are, by name, where that is known. `classes` are the names that the
    whole numbers of some columns stand for, `class_colours` those as `#rrggbb` that were chosen.
    A frame that is not `complete` was cut or damaged: it may be looked at, never counted.
    """

    index: int
    positions: Array
    numbers: Array
    cell: Array | None = None
    pbc: tuple[bool, bool, bool] = (False, False, False)
    origin: Array = field(default_factory=lambda: _frozen(np.zeros(3)))
    ids: Array | None = None
    columns: Mapping[str, Array] = field(default_factory=lambda: MappingProxyType({}))
    info: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    species: Array | None = None  # (n,) labels of the file where they say more than `numbers`
    complete: bool = True
    notes: tuple[Note, ...] = ()
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    bonds: Array | None = None  # (k, 2) rows of bonded atoms, where a file lists them
    class_colours: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    computed: tuple[Any, ...] = ()  # what was asked for beyond the file (core.computation.Asked)

    def __post_init__(self) -> None:
        own = (self.positions, self.numbers, self.cell, self.origin)
        for array in (*own, self.ids, self.species, self.bonds):
            if array is not None:
                _frozen(array)
        for array in self.columns.values():
            _frozen(array)

    @property
    def n_atoms(self) -> int:
        return len(self.positions)

    @property
    def atom_ids(self) -> Array:
        """(n,) identities: the file's ids, else the rows."""
        return np.arange(self.n_atoms, dtype=np.int32) if self.ids is None else self.ids


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array


@runtime_checkable
class FrameSource(Protocol):
    """What a reader of a trajectory offers. Safe to call from several threads at once."""

    @property
    def path(self) -> str: ...

    @property
    def format(self) -> str:
        """The format's name, e.g. `extxyz`, `lammps-dump`, `xdatcar`."""
        ...

    @property
    def n_frames(self) -> int: ...

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was found about the whole file: damage, guesses of units, odd encodings."""
        ...

    def frame(self, index: int) -> Frame:
        """Frame `index` (0 .. n_frames-1). Raises IndexError, ReadProblem."""
        ...

    def info(self, index: int) -> Mapping[str, Any]:
        """The per-frame values alone, without parsing the atoms. Raises IndexError, ReadProblem."""
        ...


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A source under a name, with the slice of it that the user asked for.

    `roles` say which columns and values are the energy, the forces and what they are compared
    with (core.aliases): a guess, or what the user chose.
    """

    name: str
    source: FrameSource
    frames: range
    clock: Clock = UNKNOWN_CLOCK
    temperature: Temperature = UNKNOWN_TEMPERATURE
    roles: Roles = field(default_factory=lambda: NO_ROLES)

    @classmethod
    def whole(cls, name: str, source: FrameSource, part: slice = slice(None)) -> Trajectory:
        return cls(name, source, range(source.n_frames)[part])

    @property
    def n_frames(self) -> int:
        return len(self.frames)

    def frame(self, index: int) -> Frame:
        return self.source.frame(self.frames[index])

    def info(self, index: int) -> Mapping[str, Any]:
        return self.source.info(self.frames[index])

    def time(self, index: int) -> float | None:
        """The time of frame `index` in ps; None where it is not known. Raises ReadProblem."""
        at = self.frames[index]
        return self.clock.at(at, {} if self.clock.interval is not None else self.source.info(at))

    def frame_interval(self) -> float:
        """ps between neighbouring frames of this slice. Raises TimeUnknown with the reason."""
        if not self.clock.known:
            raise TimeUnknown(self.clock.said)
        n = self.n_frames
        if n < 2:
            raise TimeUnknown("one frame alone has no interval")
        if self.clock.interval is not None:
            return self.clock.interval * abs(self.frames.step)
        chosen = sorted({0, 1, n // 2, n - 1})
        times = [time for k in chosen if (time := self.time(k)) is not None]
        if len(times) < len(chosen):
            raise TimeUnknown("some frames do not say their time")
        interval = (times[-1] - times[0]) / (n - 1)
        slack = 1e-3 * abs(interval) + 1e-6 * abs(times[-1])
        pairs = zip(chosen, times, strict=True)
        if interval == 0 or any(abs(at - times[0] - k * interval) > slack for k, at in pairs):
            raise TimeUnknown("the frames are not equally far apart in time")
        return abs(interval)


class TimeUnknown(Exception):
    """Why there is no frame interval, in words."""
