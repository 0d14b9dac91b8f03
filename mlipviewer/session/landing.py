"""What the end of a job does to the state: files that were opened, notices, rows of activity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session import changes
from mlipviewer.session.opening import Opened
from mlipviewer.session.state import Input, Job, Kind, Notice, State, Weight
from mlipviewer.session.trajectory_changes import join_thermo

KEPT_JOBS = 50


def land_opened(state: State, opened: Opened, show: bool = True) -> State:
    """A file that was opened; an older wish (not `show`) only joins the document."""
    state = changes.add_links(state, opened.links)
    if opened.thermo:
        return _land_thermo(state, opened.thermo)
    if opened.input is None or opened.thing is None:
        return state
    known = _known_input(state, opened.input)
    name = known.name if known else changes.free_name(state.document, opened.input.name)
    one = replace(opened.input, name=name)
    state = _with_notes(state, opened)
    return changes.add_loaded(state, one, _named(opened, name), show)


def _land_thermo(state: State, path: str) -> State:
    if state.document.trajectory is not None:
        return join_thermo(state, path)
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    said = f"{name} holds values by step: open the trajectory they belong to first"
    return add_notice(state, Notice(said, Weight.WARNING))


def land_linked(state: State, opened: Opened, row: int) -> State:
    if opened.input is None or opened.input.kind is not Kind.TRAJECTORY:
        return land_opened(state, opened)
    return changes.link_model(land_opened(state, opened), row, opened.input.path)


def land_loaded(state: State, opened: Opened) -> State:
    if opened.input is None or opened.thing is None:
        return state
    one = opened.input
    if state.document.input(one.name) is None:
        return state  # it was closed while it was read
    state = _with_notes(state, opened)
    return changes.loaded(state, one.name, _named(opened, one.name), one, opened.stages)


def _known_input(state: State, one: Input) -> Input | None:
    """The input of the document that is read from the same."""
    return next((known for known in state.document.inputs if known.source == one.source), None)


def _named(opened: Opened, name: str) -> Any:
    return opened.thing if opened.thing.name == name else replace(opened.thing, name=name)  # type: ignore[union-attr,type-var]


def _with_notes(state: State, opened: Opened) -> State:
    """What the reader noticed, as one notice for the file."""
    thing = opened.thing
    notes = thing.source.notes if isinstance(thing, Trajectory) else getattr(thing, "notes", ())
    if not notes:
        return state
    notes = tuple(sorted(notes, key=lambda note: not note.loss))  # losses first
    weight = Weight.WARNING if notes[0].loss else Weight.INFO
    more = f" (and {len(notes) - 1} more notes)" if len(notes) > 1 else ""
    details = "\n".join("\n".join(filter(None, (str(n), n.details))) for n in notes[:100])
    return add_notice(state, Notice(f"{notes[0]}{more}", weight, details))


def add_notice(state: State, notice: Notice) -> State:
    return state.with_moment(notices=(*state.moment.notices, notice)[-100:])


def add_job(state: State, job: Job) -> State:
    return state.with_moment(jobs=(*state.moment.jobs, job)[-KEPT_JOBS:])


def set_job(whole: State, number: int, **about: Any) -> State:
    old = whole.moment.jobs
    jobs = tuple(replace(job, **about) if job.number == number else job for job in old)
    return whole.with_moment(jobs=jobs)
