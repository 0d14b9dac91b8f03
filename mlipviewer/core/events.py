"""Events of a trajectory: what happens to an atom, or to a whole frame, in some of its frames.

An analysis that finds events tells them as the table `events` with the columns of COLUMNS; all
others are shown beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

TABLE = "events"
ATOM, BEGIN, END = COLUMNS = ("atom", "begin_frame", "end_frame")
FROM_TO = ("from", "to")
NO_SITES: Array = np.empty(0, np.int32)
WHOLE = -1  # the atom of what happens to all of them


@dataclass(frozen=True, eq=False)
class Events:
    """k events: `atom` (k,) ids, WHOLE where all are meant, `begin` and `end` (k,) the first and
    last frame, from 0; `table` holds all columns."""

    atom: Array
    begin: Array
    end: Array
    table: Mapping[str, Sequence[Any]]
    units: Mapping[str, str]
    _by: dict[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.atom)

    @cached_property
    def order(self) -> Array:
        """(k,) the numbers of the events by the frames in which they begin."""
        return np.lexsort((np.arange(len(self)), self.end, self.begin))

    def by(self, column: str) -> Array:
        """(k,) the numbers of the events by the values of a column, then in order of time."""
        if column not in self._by:
            values = np.asarray(self.table[column])
            self._by[column] = self.order[np.argsort(values[self.order], kind="stable")]
        return self._by[column]

    def frame(self, number: int) -> int:
        """The frame in the middle of an event, the earlier of two."""
        return int((self.begin[number] + self.end[number]) // 2)

    def atoms(self, number: int) -> tuple[int, ...]:
        """The ids of its atoms; none where all are meant."""
        atom = int(self.atom[number])
        return () if atom == WHOLE else (atom,)

    def at(self, frame: int) -> Array:
        """(k,) which are under way in a frame."""
        return np.asarray((self.begin <= frame) & (frame <= self.end))

    def of(self, atoms: Array, sites: Array = NO_SITES) -> Array:
        """(k,) which are of some atoms, or lead from or to some sites."""
        found = np.isin(self.atom, atoms)
        for ends in self._ends if len(sites) else ():
            found |= np.isin(ends, sites)
        return np.asarray(found)

    @cached_property
    def _ends(self) -> tuple[Array, ...]:
        """(k,) numbers of the sites where events begin and end, where they are of sites."""
        columns = tuple(np.asarray(self.table[name]) for name in FROM_TO if name in self.table)
        return columns if all(one.dtype.kind in "iu" for one in columns) else ()


def events_in(
    tables: Mapping[str, Mapping[str, Sequence[Any]]], units: Mapping[str, str]
) -> Events | None:
    """The events among the tables of a result; None where there are none to be told."""
    table = tables.get(TABLE)
    if table is None or not all(name in table for name in COLUMNS):
        return None
    atom, begin, end = (np.array(table[name], np.int64) for name in COLUMNS)
    return Events(atom, begin, end, table, units)
