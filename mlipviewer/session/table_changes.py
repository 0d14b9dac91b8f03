"""Pure changes of how the table shows its models, and of what a table means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.rows import Mode, rows
from mlipviewer.core.terms import replace_terms
from mlipviewer.session import changes
from mlipviewer.session.inputs import Input, Join, Kind
from mlipviewer.session.state import Sort, State, frozen
from mlipviewer.session.table_steps import Step


def decide(state: State, name: str, choices: str) -> State:
    """What a table means, as JSON of its choices; it is then read anew."""
    return _with_meaning(state, name, choices=choices)


def set_steps(state: State, name: str, steps: tuple[Step, ...]) -> State:
    """What is done with a table after it is read; it is then read anew."""
    return _with_meaning(state, name, steps=steps)


def _with_meaning(state: State, name: str, **about: Any) -> State:
    """An input with another meaning, and so the tables that are joined from it."""
    old = state.document.input(name)
    if old is None:
        return state
    new = replace(old, **about)
    inputs = tuple(
        new if one is old else _with_part(one, old, new) for one in state.document.inputs
    )
    pairs = zip(inputs, state.document.inputs, strict=True)
    changed = {one.name for one, before in pairs if one != before}
    if not changed:
        return state
    failed = {other: why for other, why in state.moment.failed.items() if other not in changed}
    return state.with_document(inputs=inputs).with_moment(failed=frozen(failed))


def _with_part(one: Input, old: Input, new: Input) -> Input:
    """A joined table with the part that is `old` as `new`."""
    if one.joined is None:
        return one
    first, second = (
        new if part.source == old.source else _with_part(part, old, new)
        for part in (one.joined.first, one.joined.second)
    )
    return replace(one, joined=replace(one.joined, first=first, second=second))


def join_tables(state: State, how: Join) -> State:
    """A new table of two others, which stay (and join the document where they are new); it is
    shown once it is read."""
    state = changes.add_inputs(state, (how.first, how.second))
    name = changes.free_name(state.document, f"{how.first.name} + {how.second.name}")
    new = Input(name, how.first.path, Kind.TABLE, joined=how)
    known = next((one for one in state.document.inputs if one.source == new.source), new)
    return changes.show_table(changes.add_inputs(state, (new,)), known.name)


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


def filter_column(state: State, column: str, term: str) -> State:
    """Put `term` in place of what the condition says of a column; '' takes it away.

    A condition that cannot be read, and therefore filters nothing, gives way to the term.
    """
    try:
        condition = replace_terms(state.document.condition, column, term)
    except QueryProblem:
        condition = term
    return set_condition(state, condition)


def group_columns(state: State, grouped: bool) -> State:
    """Whether the metrics stand by category, or as in the file; an order of the user's goes."""
    if grouped == state.document.grouped and not state.document.arranged:
        return state
    return state.with_document(grouped=grouped, arranged=())


def arrange_columns(state: State, columns: Iterable[str]) -> State:
    """The order in which the columns stand; what is not named follows as usual."""
    new = tuple(columns)
    return state if new == state.document.arranged else state.with_document(arranged=new)


def hide_category(state: State, category: str, hidden: bool) -> State:
    """Hide or show all metrics of a category."""
    table = state.table
    if table is None:
        return state
    names = {c.name for c in table.metric_columns if c.category == category}
    old = state.document.hidden
    return hide_columns(state, old | names if hidden else old - names)


def show_category_only(state: State, category: str) -> State:
    """Hide the metrics of all other categories."""
    table = state.table
    if table is None:
        return state
    names = {c.name: c.category == category for c in table.metric_columns}
    kept = {name for name in state.document.hidden if name not in names}
    return hide_columns(state, kept | {name for name, shown in names.items() if not shown})


def choose_category(state: State, category: str, mode: Mode = Mode.REPLACE) -> State:
    """Choose all metrics of a category."""
    table = state.table
    if table is None:
        return state
    chosen = [i for i, c in enumerate(table.metric_columns) if c.category == category]
    return changes.choose_metrics(state, rows(chosen), mode)
