"""What an action is: what can be done, its names and keys, and when it is not possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto

from mlipviewer.session.state import State
from mlipviewer.session.store import Change

Reason = Callable[[State], str]
"""Why an action is not possible now; '' when it is."""

Checked = Callable[[State], bool]
"""Whether what an action turns on and off is on."""


def always(_state: State) -> str:
    return ""


def has_table(state: State) -> str:
    return "" if state.document.table is not None else "no error table is open"


def has_run(state: State) -> str:
    return "" if state.document.trajectory is not None else "no trajectory is open"


def has_frames(state: State) -> str:
    """The trajectory is there, and read."""
    return "" if state.trajectory is not None else "no trajectory is open"


class Where(Flag):
    """What must have the focus for the keys of an action to mean it. Keys of a place go before
    those that hold anywhere."""

    ATOMS = auto()
    PLOT = auto()
    TIMELINE = auto()
    LINKS = auto()
    TABLE = auto()


ANYWHERE = Where(0)
LIVELY = Where.ATOMS | Where.PLOT | Where.TIMELINE
NAMES = {Where.ATOMS: "3D view", Where.PLOT: "plot", Where.TIMELINE: "timeline"}
NAMES |= {Where.LINKS: "list of links", Where.TABLE: "table"}


def place_words(where: Where) -> str:
    """`3D view, plot`, or '' for anywhere."""
    return ", ".join(words for place, words in NAMES.items() if place in where)


@dataclass(frozen=True)
class Action:
    """Something that can be done, for menus, keys, the palette and the list of keys.

    `menu` is `Menu` or `Menu/Menu within`, '' for none; a line parts actions of other `section`s.
    `keys` are written as Qt writes them (`Ctrl+Shift+P`). An action without a `change` is done by
    the window, or by the view that has the focus. Consecutive ones of the same `merge` are one
    step of history. `about` is told beside the title.
    """

    id: str
    title: str
    menu: str
    change: Change | None = None
    keys: tuple[str, ...] = ()
    prevented: Reason = always
    where: Where = ANYWHERE
    checked: Checked | None = None
    section: str = ""
    merge: str = ""
    about: str = ""

    @property
    def local(self) -> bool:
        """Whether its keys mean it in some places only."""
        return bool(self.where)
