"""Pure changes of how the table shows its models, and of what a table means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mlipviewer.core.plot import Space
from mlipviewer.session.state import Sort, State, frozen


def decide(state: State, name: str, choices: str) -> State:
    """What a table means, as JSON of its choices; it is then read anew."""
    inputs = tuple(
        replace(one, choices=choices) if one.name == name else one for one in state.document.inputs
    )
    if inputs == state.document.inputs:
        return state
    failed = {other: why for other, why in state.moment.failed.items() if other != name}
    return state.with_document(inputs=inputs).with_moment(failed=frozen(failed))


def set_condition(state: State, text: str) -> State:
    return state if text == state.document.condition else state.with_document(condition=text)


def sort_by(state: State, column: str, add: bool = False) -> State:
    """Sort by a column; again: the other direction; `add` keeps the earlier keys before it."""
    old = state.document.sorting
    same = next((s for s in old if s.column == column), None)
    new = Sort(column, descending=same is not None and not same.descending)
    kept = tuple(s for s in old if s.column != column) if add else ()
    return state.with_document(sorting=(*kept, new))


def shade(state: State, shaded: bool) -> State:
    """Whether the table's cells are coloured by how good they are."""
    return state if shaded == state.document.shaded else state.with_document(shaded=shaded)


def hide_columns(state: State, hidden: Iterable[str]) -> State:
    """The columns that the table does not show, in place of those hidden before."""
    new = frozenset(hidden)
    return state if new == state.document.hidden else state.with_document(hidden=new)


def show_selected_metrics_only(state: State) -> State:
    """Hide every metric that is not selected."""
    table = state.table
    if table is None:
        return state
    kept = {table.metrics[i] for i in state.selected(Space.METRIC)}
    return hide_columns(state, (name for name in table.metrics if name not in kept))
