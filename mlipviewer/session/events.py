"""The events that open panels found of the shown trajectory: one list, whoever found them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Needs, Request, Result
from mlipviewer.core.events import Events, events_in
from mlipviewer.core.neighbours import within
from mlipviewer.core.plot import Array, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import NONE, Rows, rows
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.atom_changes import ask
from mlipviewer.session.changes import select, show_frame
from mlipviewer.session.panels import request_of
from mlipviewer.session.state import Errand, State

_KNOWN: WeakKeyDictionary[Result, Events] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Source:
    """A panel whose result tells events."""

    panel: str
    title: str
    analysis: str
    events: Events


def event_sources(state: State) -> tuple[Source, ...]:
    """The open panels that tell events of the shown trajectory; panels of one result once."""
    found: dict[int, Source] = {}
    for panel in state.document.panels:
        if not panel.analysis or Needs.TRAJECTORY not in ANALYSES[panel.analysis].needs:
            continue
        request = request_of(state, panel)
        result = _result(state, request) if isinstance(request, Request) else None
        if result is not None and id(result) not in found:
            events = events_of_result(result)
            if events is not None:
                found[id(result)] = Source(panel.id, panel.title, panel.analysis, events)
    return tuple(found.values())


def _result(state: State, request: Request) -> Result | None:
    found = state.moment.results.get(request)
    own = request.trajectory is not None and request.trajectory == state.document.trajectory
    return found if own and isinstance(found, Result) else None


def events_of_result(result: Result) -> Events | None:
    """The events that a result tells, read once."""
    if result not in _KNOWN:
        found = events_in(result.tables, result.units)
        if found is None:
            return None
        _KNOWN[result] = found
    return _KNOWN[result]


def shown_source(state: State) -> Source | None:
    """Whose events are listed: those of the chosen panel, else of the first that tells some."""
    sources = event_sources(state)
    wanted = state.document.events.panel
    return next((one for one in sources if one.panel == wanted), sources[0] if sources else None)


def listed(state: State, source: Source) -> Rows:
    """The numbers of the events in the order of the list: all, or those of the selected atoms."""
    how, events = state.document.events, source.events
    order = events.by(how.sort) if how.sort in events.table else events.order
    if how.descending:
        order = order[::-1]
    if how.of_selected:
        order = order[of_selection(state, events)[order]]
    return np.asarray(order)


def of_selection(state: State, events: Events) -> Array:
    """(k,) which events are of selected atoms, or lead from or to selected sites."""
    return events.of(state.selected(Space.ATOM), state.selected(Space.SITE))


def current_event(state: State, source: Source) -> int | None:
    """The event that was shown last, if it is one of this source."""
    how = state.document.events
    known = how.number is not None and 0 <= how.number < len(source.events)
    return how.number if known and how.panel == source.panel else None


def set_events(state: State, **values: Any) -> State:
    """Change what is listed, and how."""
    now = replace(state.document.events, **values)
    return state if now == state.document.events else state.with_document(events=now)


def choose_source(state: State, panel: str) -> State:
    return set_events(state, panel=panel, number=None)


def sort_by(state: State, column: str) -> State:
    """By a column; by the same one again the other way round."""
    how = state.document.events
    return set_events(state, sort=column, descending=how.sort == column and not how.descending)


def show_event(state: State, source: Source, number: int) -> State:
    """The frame in the middle of an event, with its frames and its atoms selected; with their
    neighbours within the reach where that is wanted."""
    events = source.events
    if not 0 <= number < len(events):
        return state
    begin, end = int(events.begin[number]), int(events.end[number])
    state = set_events(state, panel=source.panel, number=number)
    state = show_frame(state, events.frame(number))
    frames = rows(np.arange(begin, end + 1)) if end > begin else NONE
    state = select(state, Space.FRAME, frames)
    atoms = rows(events.atoms(number))
    if len(atoms):
        state = select(state, Space.ATOM, atoms)
        if state.document.events.neighbours:
            return _with_neighbours(state, events.frame(number))
    return state


def _with_neighbours(state: State, index: int) -> State:
    """Ask for the neighbours of the selected atoms in a frame."""
    trajectory, owner, reach = state.trajectory, state.document.trajectory, state.document.reach
    if trajectory is None or owner is None:
        return state
    run: Trajectory = trajectory
    atoms = state.selected(Space.ATOM)

    def work(progress: Progress) -> Rows:
        progress.step(0, 1)
        frame = run.frame(index)
        return rows(frame.atom_ids[within(frame, np.isin(frame.atom_ids, atoms), reach)])

    def land(now: State, found: Rows) -> State:
        same = now.selected(Space.ATOM, owner) is atoms
        return select(now, Space.ATOM, found, owner=owner) if same else now

    return ask(state, Errand("Select the neighbours of an event", work, land))


def next_event(state: State, step: int = 1) -> State:
    """Show the next (or previous) event of the list; where none was shown, the first that begins
    after (the last that ended before) the shown frame. Around at the ends."""
    source = shown_source(state)
    order = NONE if source is None else listed(state, source)
    if source is None or not len(order):
        return state
    now = current_event(state, source)
    places = np.flatnonzero(order == now) if now is not None else NONE
    if len(places):
        return show_event(state, source, int(order[(int(places[0]) + step) % len(order)]))
    begins = source.events.begin[order]
    good = np.flatnonzero(begins > state.frame if step > 0 else begins < state.frame)
    if len(good):
        at = int(good[np.argmin(np.abs(begins[good] - state.frame))])
    else:
        at = 0 if step > 0 else len(order) - 1
    return show_event(state, source, int(order[at]))


def event_near(state: State, source: Source, low: float, high: float) -> int | None:
    """The number of an event whose frames touch low .. high, that nearest to the middle; after the
    one shown the next one there, so that all of them can be reached."""
    events = source.events
    there = np.flatnonzero((events.begin <= high) & (events.end >= low))
    if not len(there):
        return None
    now = current_event(state, source)
    later = there[there > now] if now is not None and now in there else there
    if now is not None and now in there:
        return int(later[0]) if len(later) else int(there[0])
    middle = (events.begin[there] + events.end[there]) / 2
    return int(there[np.argmin(np.abs(middle - (low + high) / 2))])


def event_words(events: Events, number: int) -> str:
    """`atom 12, frames 7 to 9`."""
    begin, end = int(events.begin[number]) + 1, int(events.end[number]) + 1
    frames = f"frame {begin}" if begin == end else f"frames {begin} to {end}"
    atoms = events.atoms(number)
    kind = events.table.get("kind")
    words = [str(kind[number])] if kind is not None else []
    words += [f"atom {atoms[0]}"] if atoms else []
    return ", ".join([*words, frames])
