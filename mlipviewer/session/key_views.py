"""Key views of a movie: from where one looks at which second, and which frame shows then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlipviewer.session.state import State

STEP = 2.0  # s from one key view to the next, unless another time is given
LONGEST = 3600.0
MOST = 200


@dataclass(frozen=True)
class KeyView:
    """At `seconds` of the movie one looks as `camera` (text) does, at `frame` counted from 0.

    With `eases` the camera comes and goes slowly, else evenly.
    """

    seconds: float
    frame: int
    camera: str
    eases: bool = True


def add_key(state: State, frame: int, camera: str) -> State:
    """One more, some seconds after the last."""
    keys = state.document.key_views
    if len(keys) >= MOST:
        return state
    seconds = keys[-1].seconds + STEP if keys else 0.0
    return state.with_document(key_views=(*keys, KeyView(min(seconds, LONGEST), frame, camera)))


def change_key(state: State, number: int, **about: object) -> State:
    """Another time, frame or camera of one; they stay in the order of time."""
    keys = list(state.document.key_views)
    if not 0 <= number < len(keys):
        return state
    keys[number] = replace(keys[number], **about)  # type: ignore[arg-type]
    ordered = tuple(sorted(keys, key=lambda one: one.seconds))
    return state if ordered == state.document.key_views else state.with_document(key_views=ordered)


def drop_key(state: State, number: int) -> State:
    keys = state.document.key_views
    kept = tuple(one for i, one in enumerate(keys) if i != number)
    return state if len(kept) == len(keys) else state.with_document(key_views=kept)


def seconds_of(keys: tuple[KeyView, ...]) -> float:
    """How long the movie along them is."""
    return keys[-1].seconds - keys[0].seconds if keys else 0.0
