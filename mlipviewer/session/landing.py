"""What the end of a job does to the state: files that were opened, notices, rows of activity."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from mlipviewer.core.file_names import Contents, Siblings
from mlipviewer.core.links import Link
from mlipviewer.core.problem import Note, Place
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session import changes
from mlipviewer.session.arriving import ADDED, Arrival, compared, make_way
from mlipviewer.session.growing import root
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.notices import add_notice
from mlipviewer.session.opening import Opened, open_path
from mlipviewer.session.state import Errand, Job, Notice, State, Weight
from mlipviewer.session.trajectory_changes import join_thermo

__all__ = [
    "add_job",
    "add_notice",
    "land_linked",
    "land_loaded",
    "land_opened",
    "land_runs",
    "model_at",
    "set_job",
    "with_notes",
    "with_offer",
]

KEPT_JOBS = 50
TOLD = 101  # notes of one file: readers tell a hundred, and how many more there are


def land_opened(state: State, opened: Opened, show: bool = True, arrival: Arrival = ADDED) -> State:
    """A file that was opened; an older wish (not `show`) only joins the document."""
    state = changes.add_links(state, opened.links)
    if opened.thermo:
        return _land_thermo(state, opened.thermo)
    if opened.input is None or opened.thing is None:
        return state
    known = _known_input(state, opened.input)
    if known is not None and _is_part(state, known.name, opened.thing):
        one = replace(opened.input, name=known.name)
        # what is shown is up to the user by now
        return changes.loaded(state, one.name, _named(opened, one.name), one)
    state = make_way(state, opened.input, arrival)
    name = known.name if known else changes.free_name(state.document, opened.input.name)
    one = replace(opened.input, name=name)
    state = changes.add_loaded(state, one, _named(opened, name), show and arrival.shows(one.kind))
    return compared(state, name, one.kind, arrival)


def _land_thermo(state: State, path: str) -> State:
    if state.document.trajectory is not None:
        return join_thermo(state, path)
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    said = f"{name} holds values by step: open the trajectory they belong to first"
    return add_notice(state, Notice(said, Weight.WARNING))


def model_at(state: State, row: int | None) -> str | None:
    """The key of a model by its row: the row may be that of another one when a job has ended."""
    table = state.table
    if table is None or row is None or not 0 <= row < table.n_rows:
        return None
    return table.keys[row]


def land_linked(state: State, opened: Opened, model: str) -> State:
    if opened.input is None or opened.input.kind is not Kind.TRAJECTORY:
        return land_opened(state, opened)
    return _linked(land_opened(state, opened), model, opened.input.path)


def _linked(state: State, model: str, path: str) -> State:
    """A file joined to a model, which comes into focus where its table is still shown."""
    table = state.table
    if table is not None and table.has_key(model):
        return changes.link_model(state, table.row(model), path)
    return changes.add_links(state, (Link(model, "trajectory", path),))


def land_runs(state: State, found: tuple[tuple[Input, ...], tuple[str, ...]], model: str) -> State:
    """Several trajectories become runs of a model, the first of them is shown; what else was given
    with them is opened."""
    inputs, others = found
    errands = (
        Errand(f"Open {_base(text)}", partial(open_path, text, "", recalled=True), land_opened)
        for text in others
    )
    state = state.with_moment(errands=(*state.moment.errands, *errands))
    if not inputs:
        return state
    for one in inputs:
        if _known_input(state, one) is None:
            name = changes.free_name(state.document, one.name)
            state = changes.add_inputs(state, (replace(one, name=name),))
    links = tuple(Link(model, "trajectory", one.path) for one in inputs)
    return _linked(changes.add_links(state, links), model, inputs[0].path)


def land_loaded(state: State, opened: Opened) -> State:
    if opened.input is None or opened.thing is None:
        return state
    one = opened.input
    now = state.document.input(one.name)
    if now is None or now.source != one.source:
        return state  # it was closed while it was read; another file may have its name by now
    thing = _named(opened, one.name)
    return changes.loaded(state, one.name, thing, one, opened.stages)


def _is_part(state: State, name: str, thing: Any) -> bool:
    """Whether the beginning of this trajectory is shown already."""
    old = state.moment.loaded.get(name)
    both = isinstance(old, Trajectory) and isinstance(thing, Trajectory)
    return both and root(old.source) is root(thing.source)  # type: ignore[union-attr]


def _known_input(state: State, one: Input) -> Input | None:
    """The input of the document that is read from the same."""
    return next((known for known in state.document.inputs if known.source == one.source), None)


def _named(opened: Opened, name: str) -> Any:
    return opened.thing if opened.thing.name == name else replace(opened.thing, name=name)  # type: ignore[union-attr,type-var]


def with_notes(state: State, opened: Any) -> State:
    """What the reader noticed, as one notice for the file; nothing for what is not a file."""
    thing = opened.thing if isinstance(opened, Opened) else None
    notes = _notes_of(opened) if isinstance(thing, Trajectory) else getattr(thing, "notes", ())
    if not notes:
        return state
    notes = tuple(sorted(notes, key=lambda note: not note.loss))  # losses first
    weight = Weight.WARNING if notes[0].loss else Weight.INFO
    more = f" (and {len(notes) - 1} more notes)" if len(notes) > 1 else ""
    lines = ["\n".join(filter(None, (str(note), note.details))) for note in notes[:TOLD]]
    if len(notes) > TOLD:
        lines.append(f"... and {len(notes) - TOLD} more")
    details = "\n".join(lines)
    return add_notice(state, Notice(f"{notes[0]}{more}", weight, details))


def with_offer(state: State, opened: Any) -> State:
    """What could be opened besides, as a notice with a button."""
    offer = opened.offer if isinstance(opened, Opened) else None
    if isinstance(offer, Contents):
        more = "" if offer.whole else ", as far as it was looked at"
        said = f"{_base(offer.folder)} holds {len(offer.found)} things that can be opened{more}"
        return add_notice(state, Notice(said, offer=offer))
    if isinstance(offer, Siblings) and opened.input is not None:
        n = len(offer.fitting())
        said = f"{_base(opened.input.path)} is one of {n} files {offer.pattern}"
        if _notes_of(opened):  # they were told of: the button joins them
            *before, last = state.moment.notices
            return state.with_moment(notices=(*before, replace(last, offer=offer)))
        return add_notice(state, Notice(said, offer=offer))
    return state


def _base(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def _notes_of(opened: Opened) -> tuple[Note, ...]:
    """What is lost at the end of a file that is being written is not lost: it is still to come."""
    assert isinstance(opened.thing, Trajectory)
    source = opened.thing.source
    tail = {note.text for note in getattr(root(source), "tail_notes", ())}
    if not tail or not opened.young:
        return source.notes
    place = Place(source.path, source.n_frames + 1)
    pending = Note("still being written", place)
    return (*(note for note in source.notes if note.text not in tail), pending)


def add_job(state: State, job: Job) -> State:
    return state.with_moment(jobs=(*state.moment.jobs, job)[-KEPT_JOBS:])


def set_job(whole: State, number: int, **about: Any) -> State:
    old = whole.moment.jobs
    jobs = tuple(replace(job, **about) if job.number == number else job for job in old)
    return whole.with_moment(jobs=jobs)
