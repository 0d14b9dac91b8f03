"""The pure changes of a draft: its text, what is chosen in it, how it is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mlipviewer.campaign import editing
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.starting import new_design
from mlipviewer.session.campaigns.seen import Draft
from mlipviewer.session.landing import add_notice
from mlipviewer.session.state import Notice, State, Weight

FIRST_FAMILIES = ("mtp", "uf3")


def set_draft(state: State, **values: Any) -> State:
    """With other values of the draft's fields."""
    draft = replace(state.document.campaign, **values)
    return state if draft == state.document.campaign else state.with_document(campaign=draft)


def begin_draft(state: State, name: str = "silicon") -> State:
    """A new design with words on what may be changed, in place of what was there."""
    return state.with_document(campaign=Draft(new_design(name, FIRST_FAMILIES, 4)))


def _edit(state: State, change: Callable[[str], str]) -> State:
    """The text after a change; a text that is no TOML stays as it is, with a notice."""
    try:
        return set_draft(state, text=change(state.document.campaign.text))
    except DesignProblem as problem:
        return add_notice(state, Notice(f"The design {problem}", Weight.WARNING))


def set_value(state: State, table: str, key: str, value: Any) -> State:
    """One value of the design, of `[table]` or at the top ('')."""
    return _edit(state, lambda text: editing.with_value(text, table, key, value))


def set_part_value(state: State, kind: str, place: int, key: str, value: Any) -> State:
    """One value of a `[[family]]` or `[[set]]`, by its number."""
    return _edit(state, lambda text: editing.with_part_value(text, kind, place, key, value))


def add_part(state: State, kind: str, said: Mapping[str, Any]) -> State:
    return _edit(state, lambda text: editing.with_part(text, kind, said))


def drop_part(state: State, kind: str, place: int) -> State:
    return _edit(state, lambda text: editing.without_part(text, kind, place))


def choose_family(state: State, name: str, wanted: bool, places: Sequence[int]) -> State:
    """Take a family into the design, or all its parts (`places`) out of it."""
    if wanted:
        return add_part(state, "family", editing.family_said(name))
    for place in sorted(places, reverse=True):
        state = drop_part(state, "family", place)
    return state


def choose_property(state: State, name: str, wanted: bool, now: Sequence[str]) -> State:
    """Take a property into the design, or out of it; `now` are those in it."""
    names = [*(one for one in now if one != name), *([name] if wanted else [])]
    return set_value(state, "", "properties", names)
