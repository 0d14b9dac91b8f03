"""The pure changes of how atoms are drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mlipviewer.session.looks import Looks
from mlipviewer.session.state import State


def set_looks(state: State, looks: Looks) -> State:
    return state if looks == state.document.looks else state.with_document(looks=looks)


def look(state: State, **about: Any) -> State:
    """Other looks in these fields."""
    return set_looks(state, replace(state.document.looks, **about))


def look_at(state: State, part: str, **about: Any) -> State:
    """Other looks in the fields of one part: `bonds`, `slice`, `vectors` ..."""
    looks = state.document.looks
    return set_looks(state, replace(looks, **{part: replace(getattr(looks, part), **about)}))
