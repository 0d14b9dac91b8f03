"""How files that were opened join what is shown: beside it, in its place, or compared with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mlipviewer.session.closing import close_input
from mlipviewer.session.inputs import Input, Kind, Source
from mlipviewer.session.state import State
from mlipviewer.session.time_changes import MOST_PANES, show_beside


class Way(StrEnum):
    """Where a file goes: it joins the others and is shown; what was shown leaves for it; it stands
    beside the shown run, in step with it."""

    ADD = "add"
    REPLACE = "replace"
    COMPARE = "compare"


@dataclass(frozen=True)
class Arrival:
    """The way of files, and what was shown when they were let fall: a later file of the same fall
    must not take the place of an earlier one."""

    way: Way = Way.ADD
    table: Input | None = None
    run: Input | None = None
    beside: tuple[str, ...] = ()

    def label(self, title: str) -> str:
        """What the step of history is called."""
        shown = [one.name for one in (self.table, self.run) if one is not None]
        if self.way is Way.ADD or not shown:
            return title
        return f"{title} {'in place of another' if self.way is Way.REPLACE else 'side by side'}"

    def shows(self, kind: Kind) -> bool:
        """Whether a file of this kind becomes the shown one: not what stands beside that."""
        return self.way is not Way.COMPARE or kind is Kind.TABLE or not self.beside

    def replaced(self, kind: Kind) -> Input | None:
        """What leaves for a file of this kind."""
        if self.way is not Way.REPLACE:
            return None
        return self.table if kind is Kind.TABLE else self.run


ADDED: Arrival = Arrival()

Turn = tuple[int, int]
"""When a file was named: by the number of the job that looks at it, and its place among those of
that job."""


def arrival_of(state: State, way: Way) -> Arrival:
    """Files that are let fall now."""
    document = state.document
    shown = document.trajectory
    beside = document.comparison.names if shown in document.comparison.names else ()
    return Arrival(
        way,
        document.input(document.table),
        document.input(shown),
        beside or ((shown,) if shown is not None else ()),
    )


def make_way(state: State, one: Input, arrival: Arrival) -> State:
    """The state without what leaves for a file; what is read from the same source stays."""
    old = arrival.replaced(one.kind)
    if old is None or old.source == one.source:
        return state
    now = state.document.input(old.name)
    return close_input(state, old.name) if now is not None and now.source == old.source else state


def compared(state: State, name: str, kind: Kind, arrival: Arrival) -> State:
    """The state with a run beside those that were shown, as far as there is room."""
    if arrival.shows(kind):
        return state
    now = state.document.comparison.names
    names = now if set(arrival.beside) <= set(now) else arrival.beside
    return show_beside(state, (*names, name)[:MOST_PANES])


class Turns:
    """When each file was named, whichever was read first: the last one named is shown, and the
    files of the document stand in the order of naming."""

    def __init__(self) -> None:
        self._shown: dict[Kind | None, Turn] = {}
        self._named: dict[Source, Turn] = {}

    def begin(self) -> None:
        """With another document nothing was opened yet."""
        self._shown.clear()
        self._named.clear()

    def is_newest(self, kind: Kind | None, turn: Turn) -> bool:
        """Whether none that was named later is shown; then this one is the newest."""
        newest = turn >= self._shown.get(kind, (0, 0))
        if newest:
            self._shown[kind] = turn
        return newest

    def placed(self, before: State, after: State, turn: Turn) -> State:
        """What has just joined the document stands before what was named later."""
        known = {one.source for one in before.document.inputs}
        now = after.document.inputs
        placed = [one for one in now if one.source in known]
        for one in now:
            if one.source not in known:
                self._named[one.source] = turn
                later = (k for k, o in enumerate(placed) if self._named.get(o.source, turn) > turn)
                placed.insert(next(later, len(placed)), one)
        return after if tuple(placed) == now else after.with_document(inputs=tuple(placed))
