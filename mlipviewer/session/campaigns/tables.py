"""Tables of campaigns that are written anew while they are open: read again, with their links."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlipviewer.campaign.journal import FILE
from mlipviewer.core.links import Link
from mlipviewer.core.problem import ReadProblem
from mlipviewer.session import changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.landing import land_loaded
from mlipviewer.session.opening import Opened, open_input
from mlipviewer.session.state import State

LINKS = "links.csv"
YOUNG = 60.0  # s


@dataclass(frozen=True, eq=False)
class Grown:
    """A table as it is by now, or links beside it (`of`) that were written anew."""

    opened: Opened | None = None
    links: tuple[Link, ...] = ()
    of: Input | None = None


class GrowingTables:
    """Knows when the tables were read; used by one thread, but for `candidates`."""

    def __init__(self) -> None:
        self._read: dict[str, object] = {}
        self._known: tuple[tuple[object, object] | None, tuple[Input, ...]] = (None, ())

    def candidates(self, state: State) -> tuple[Input, ...]:
        """The tables of files that are loaded: whether they are of campaigns, the disk knows."""
        key = (state.document.inputs, state.moment.loaded)
        before = self._known[0]
        if before is None or before[0] is not key[0] or before[1] is not key[1]:
            found = tuple(
                one
                for one in state.document.inputs
                if one.kind is Kind.TABLE and one.name in state.moment.loaded
            )
            self._known = (key, found)
        return self._known[1]

    def look(self, tables: Sequence[Input]) -> Iterator[Grown]:
        """What was written since the last look. What cannot be read now is looked at again."""
        for one in tables:
            path = Path(one.path)
            if one.joined is not None or not path.with_name(FILE).is_file():
                continue
            yield from self._table(one, path)
            yield from self._links(path.with_name(LINKS), one)

    def _table(self, one: Input, path: Path) -> Iterator[Grown]:
        if self._is_new(path, _is_young(path)):
            try:
                yield Grown(open_input(one))
            except (ReadProblem, ValueError, OSError):
                self._read.pop(str(path), None)

    def _links(self, path: Path, of: Input) -> Iterator[Grown]:
        if self._is_new(path, at_first=True):
            from mlipviewer.io.links import read_links

            try:
                yield Grown(links=read_links(path), of=of)
            except (ReadProblem, OSError):
                self._read.pop(str(path), None)

    def _is_new(self, path: Path, at_first: bool = False) -> bool:
        """Whether the file is another one than at the last look."""
        try:
            found = path.stat()
        except OSError:
            return False
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        before = self._read.get(str(path))
        self._read[str(path)] = stamp
        return before != stamp and (at_first or before is not None)


def _is_young(path: Path) -> bool:
    """Whether it may have been written since it was opened."""
    try:
        return time.time() - path.stat().st_mtime < YOUNG
    except OSError:
        return False


def land_grown_table(state: State, grown: Grown) -> State:
    """What is chosen stays chosen: rows are known by their keys."""
    one: Any = grown.opened.input if grown.opened is not None else grown.of
    if one is None or state.document.input(one.name) != one:
        return state  # it was closed, or is meant otherwise by now
    if grown.opened is None:
        return changes.add_links(state, grown.links)
    return land_loaded(state, grown.opened)
