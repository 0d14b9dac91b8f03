"""Which files of the document are to be read now."""

from __future__ import annotations

from mlipviewer.session import changes
from mlipviewer.session.inputs import Input
from mlipviewer.session.panels import wants_runs
from mlipviewer.session.state import State


def is_read(state: State, one: Input) -> bool:
    """Whether an input was read as it is now meant, or could not be."""
    as_meant = state.moment.read_with.get(one.name) == one.meaning
    return one.name in state.moment.failed or (one.name in state.moment.loaded and as_meant)


def wanted_inputs(state: State) -> tuple[Input, ...]:
    """The inputs that something shows: the table, and the trajectories side by side."""
    table = state.document.input(state.document.table)
    tables = (table,) if table is not None else ()
    runs = tuple(one for _, one in changes.linked_runs(state)) if wants_runs(state) else ()
    named = (state.document.input(panel.trajectory) for panel in state.document.panels)
    looked_at = tuple(one for one in named if one is not None)
    return tuple(dict.fromkeys(tables + changes.shown_trajectories(state) + runs + looked_at))
