"""The pure changes of links between models, metrics and files."""

from __future__ import annotations

from mlipviewer.core.links import Link
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.state import State


def shown_links(state: State) -> tuple[Link, ...]:
    """All links, or those of the model in focus and of no model where these alone are wanted."""
    links, key = state.document.links, key_of_focus(state)
    if not state.document.links_of_focus or not key:
        return links
    return tuple(link for link in links if link.model in (key, ""))


def key_of_focus(state: State) -> str:
    table, row = state.table, state.focus
    return table.keys[row] if table is not None and row is not None else ""


def set_link(state: State, old: Link | None, new: Link) -> State:
    """A link added, or put in the place of another; its file joins the document."""
    if old is None:
        return changes.add_links(state, (new,))
    if old == new or old not in state.document.links:
        return state
    after = changes.add_links(state, (new,))
    places = [new if link == old else link for link in state.document.links]
    return after.with_document(links=tuple(dict.fromkeys(places)))


def drop_link(state: State, old: Link) -> State:
    """A link less; its file stays open."""
    links = tuple(link for link in state.document.links if link != old)
    return state.with_document(links=links) if links != state.document.links else state


def show_links_of_focus(state: State, wanted: bool) -> State:
    """Whether the list shows the links of the model in focus alone."""
    if wanted == state.document.links_of_focus:
        return state
    return state.with_document(links_of_focus=wanted)


def open_link(state: State, link: Link) -> State:
    """Select the model of a link, and show its file."""
    table = state.table
    if table is not None and link.model and table.has_key(link.model):
        state = changes.select_models(state, rows([table.row(link.model)]))
    one = next((one for one in state.document.inputs if one.path == link.path), None)
    return state if one is None else changes.show_trajectory(state, one.name)
