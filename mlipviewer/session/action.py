"""What an action is: a pure change of the state with its names, and when it is not possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mlipviewer.session.state import State
from mlipviewer.session.store import Change

Reason = Callable[[State], str]
"""Why an action is not possible now; '' when it is."""


def always(_state: State) -> str:
    return ""


@dataclass(frozen=True)
class Action:
    """A pure change of the state with its names. `keys` as Qt writes them.

    `local` keys are single characters: they act only while a 3D view or a plot has the focus.
    An action without a menu has keys alone.
    """

    id: str
    title: str
    menu: str
    change: Change
    keys: tuple[str, ...] = ()
    prevented: Reason = always
    local: bool = False
