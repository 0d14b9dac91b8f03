"""What is drawn among the atoms: the traces of many through a range of frames, sites and the ways
between them."""

from __future__ import annotations

from mlipviewer.analysis.atoms.path import PathParams
from mlipviewer.core.analysis import Request, Result
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import RowKey, rows
from mlipviewer.session.state import State, Traces
from mlipviewer.session.time_changes import range_of

MOST_ATOMS = 2000
MOST_PLACES = 40_000
"""Of traces that are drawn: of more, every so many frames."""


def trace_selected(state: State) -> State:
    """Trace the selected atoms through the selected frames, else through those that are played;
    where just these are traced, no longer."""
    owner = state.document.trajectory
    chosen = state.selected(Space.ATOM)[:MOST_ATOMS]
    if owner is None or len(chosen) == 0 or state.trajectory is None:
        return trace_none(state)
    frames = state.selected(Space.FRAME)
    first, last = (int(frames[0]), int(frames[-1])) if len(frames) > 1 else range_of(state)
    new = Traces(owner, tuple(chosen.tolist()), first, last)
    return state.with_document(traces=None if new == state.document.traces else new)


def trace_none(state: State) -> State:
    return state if state.document.traces is None else state.with_document(traces=None)


def traces_request(state: State) -> Request | None:
    """The question for the places of the traced atoms."""
    now = state.document.traces
    if now is None or state.loaded_trajectory(now.owner) is None:
        return None
    n = (now.last - now.first + 1) * len(now.atoms)
    params = PathParams(max(now.first, 0), max(now.last, 0), max(1, -(-n // MOST_PLACES)))
    return Request("path", params, trajectory=now.owner, atoms=RowKey(rows(now.atoms)))


def show_sites(state: State, wanted: bool) -> State:
    """Whether the sites of the open panel of hops are drawn, with the ways between them."""
    same = wanted == state.document.sites_drawn
    return state if same else state.with_document(sites_drawn=wanted)


def sites_found(state: State, owner: str) -> tuple[Result, int] | None:
    """(the newest result of hops of a run that an open panel shows, at every which frame it looks);
    None without one."""
    from mlipviewer.session.panels import request_of

    for panel in state.document.panels:
        request = request_of(state, panel) if panel.analysis == "hops" else None
        if isinstance(request, Request) and request.trajectory == owner:
            result = state.moment.results.get(request)
            if isinstance(result, Result):
                return result, int(getattr(request.params, "every", 1))
    return None
