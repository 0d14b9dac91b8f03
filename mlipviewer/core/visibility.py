"""Which atoms of a trajectory are shown: hidden ones, and the only ones left by isolating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.rows import NONE, Mask, Mode, Rows, combine, member
from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True, eq=False)
class Visibility:
    """Atoms by id. `only` (None: all) are shown, less those that are `hidden`."""

    hidden: Rows = field(default_factory=lambda: NONE)
    only: Rows | None = None

    def without(self, atoms: Rows) -> Visibility:
        return Visibility(combine(self.hidden, atoms, Mode.ADD), self.only)

    def kept(self, ids: NDArray[Any]) -> Mask:
        """(n,) which atoms of these ids are shown."""
        shown = ~member(ids, self.hidden)
        return shown if self.only is None else shown & member(ids, self.only)


class PartOfFrame(Frame):
    """A frame of some of the atoms; its arrays are read-only from the start."""

    def __post_init__(self) -> None:
        for array in (self.positions, self.numbers, self.ids, self.species):
            if array is not None:
                array.flags.writeable = False


class _Columns(Mapping[str, NDArray[Any]]):
    """The columns of some atoms, each taken out when it is first asked for."""

    def __init__(self, columns: Mapping[str, NDArray[Any]], kept: Mask) -> None:
        self._columns, self._kept = columns, kept
        self._taken: dict[str, NDArray[Any]] = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._taken:
            taken = self._columns[name][self._kept]
            taken.flags.writeable = False
            self._taken[name] = taken
        return self._taken[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def visible_frame(frame: Frame, visibility: Visibility | None) -> Frame:
    """The frame without the atoms that are not shown; itself when all are."""
    if visibility is None:
        return frame
    kept = visibility.kept(frame.atom_ids)
    if kept.all():
        return frame
    return PartOfFrame(
        frame.index,
        frame.positions[kept],
        frame.numbers[kept],
        frame.cell,
        frame.pbc,
        frame.origin,
        frame.atom_ids[kept],
        _Columns(frame.columns, kept),
        frame.info,
        None if frame.species is None else np.asarray(frame.species)[kept],
        frame.complete,
        frame.notes,
    )
