"""What a file that is read anew leaves of the old: selections by their keys, no results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlipviewer.core.analysis import Request
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import RowKey, Rows, rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.session.state import Document, RowNames, State, frozen

Names = Sequence[str] | Mapping[int, str]
"""What rows were called: all of them, or those that something spoke of."""


def without_results_of(state: State, name: str) -> State:
    """What was computed from the old data is void."""
    results = state.moment.results.items()
    kept = {request: result for request, result in results if name not in names_in(request)}
    return state.with_moment(results=frozen(kept))


def names_in(request: Request) -> set[str | None]:
    """The inputs that a question is about."""
    runs = (run for _, run in request.runs)
    return {request.table, request.trajectory, *runs, *request.beside}


def moved_rows(state: State, old: ErrorTable | RowNames, new: ErrorTable) -> State:
    """Selected and focused models, and selected metrics, stay those of the same names."""
    state = _moved_focus(state, old, new)
    for space, before, after in (
        (Space.MODEL, old.keys, new.keys),
        (Space.METRIC, old.metrics, new.metrics),
    ):
        chosen = state.selected(space, new.name)
        if before != after and len(chosen):
            selected = {**state.document.selected, (space, new.name): _moved(chosen, before, after)}
            state = state.with_document(selected=frozen(selected))
        if before != after:
            state = _moved_sets(state, space, new.name, (before, after))
    return state


def as_expected(state: State, table: ErrorTable) -> State:
    """A table that a session file speaks of is there: its rows have the numbers of now."""
    names = state.moment.expected.get(table.name)
    if names is None:
        return state
    others = {name: one for name, one in state.moment.expected.items() if name != table.name}
    state = state.with_moment(expected=frozen(others))
    return state if names.hold(table) else moved_rows(state, names, table)


def _moved_sets(
    state: State, space: Space, owner: str, names: tuple[Names, Sequence[str]]
) -> State:
    """Named sets keep what they hold, as selections do."""
    sets = tuple(
        replace(one, rows=RowKey(_moved(one.rows.rows, *names)))
        if one.rows is not None and (one.space, one.owner) == (space, owner)
        else one
        for one in state.document.sets
    )
    return state if sets == state.document.sets else state.with_document(sets=sets)


def moved_document(
    document: Document, old: ErrorTable | RowNames, new: ErrorTable, path: str
) -> Document:
    """A document of the history, with the rows of the new table, where it speaks of that file:
    another one may have had its name."""
    one = document.input(new.name)
    if one is None or one.path != path:
        return document
    return moved_rows(State(document), old, new).document


def _moved(chosen: Rows, before: Names, after: Sequence[str]) -> Rows:
    places = {name: i for i, name in enumerate(after)}
    names = (_name(before, row) for row in chosen.tolist())
    return rows([places[name] for name in names if name in places])


def _name(names: Names, row: int) -> str:
    """'' where nobody knows it."""
    if isinstance(names, Mapping):
        return names.get(row, "")
    return names[row] if row < len(names) else ""


def _moved_focus(state: State, old: ErrorTable | RowNames, new: ErrorTable) -> State:
    row = state.document.focus
    if row is None or state.document.table != new.name or old.keys == new.keys:
        return state
    key = _name(old.keys, row)
    return state.with_document(focus=new.row(key) if new.has_key(key) else None)
