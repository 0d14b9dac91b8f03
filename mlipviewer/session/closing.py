"""Closing a table or a trajectory: it leaves the document, and what was computed from it goes."""

from __future__ import annotations

from mlipviewer.session import changes, time_changes
from mlipviewer.session.inputs import Input, Kind, other_files
from mlipviewer.session.reread import without_results_of
from mlipviewer.session.standing import of_loaded
from mlipviewer.session.state import State, frozen


def of_kind(state: State, kind: Kind) -> tuple[Input, ...]:
    return tuple(one for one in state.document.inputs if one.kind is kind)


def close_input(state: State, name: str) -> State:
    """The document without an input: its selections and links go, those of others stay; where it
    was shown, its neighbour of the same kind is. Undone, it is read again."""
    one = state.document.input(name)
    if one is None:
        return state
    beside = _neighbour(state, one)
    document = state.document
    inputs = tuple(other for other in document.inputs if other is not one)
    paths = {other.path for other in inputs}
    links = tuple(k for k in document.links if k.path != one.path or k.path in paths)
    selected = {key: chosen for key, chosen in document.selected.items() if key[1] != name}
    state = state.with_document(inputs=inputs, links=links, selected=frozen(selected))
    state = time_changes.forget(without_things_of(_forgotten(state, name), name), name)
    if document.table == name:
        return changes.show_table(state, beside)
    return changes.show_trajectory(state, beside) if document.trajectory == name else state


def without_strangers(state: State) -> State:
    """The state without what was read of a file whose name is that of another one by now: it was
    closed, the other one opened, and that undone."""
    read_with = state.moment.read_with
    for one in state.document.inputs:
        meaning = read_with.get(one.name)
        if meaning is not None and other_files(one, meaning):
            state = _forgotten(state, one.name)
    return state


def _neighbour(state: State, one: Input) -> str | None:
    """The input of the same kind after this one, else the one before."""
    names = [other.name for other in of_kind(state, one.kind)]
    at = names.index(one.name)
    return next(iter([*names[at + 1 :], *reversed(names[:at])]), None)


def without_things_of(state: State, name: str) -> State:
    """Sets, measurements, hidden, followed and traced atoms of an input go with it."""
    document = state.document
    following, traces = document.followed, document.traces
    return state.with_document(
        sets=tuple(one for one in document.sets if one.owner != name),
        measurements=tuple(one for one in document.measurements if one.owner != name),
        visible=frozen({key: one for key, one in document.visible.items() if key != name}),
        followed=None if following is not None and following.owner == name else following,
        traces=None if traces is not None and traces.owner == name else traces,
    )


def _forgotten(state: State, name: str) -> State:
    """Nothing of it stays in memory."""
    state, moment = without_results_of(state, name), state.moment
    kept = {
        part: frozen({other: x for other, x in getattr(moment, part).items() if other != name})
        for part in ("loaded", "read_with", "stages", "failed", "frames", "references")
    }
    state = state.with_moment(**kept)
    ranges, alike = of_loaded(state, moment.ranges), of_loaded(state, moment.alike)
    return state.with_moment(ranges=ranges, alike=alike)
