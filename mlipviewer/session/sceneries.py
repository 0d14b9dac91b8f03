"""What open panels show among the atoms, and what choosing there means."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Params, Result
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, Rows
from mlipviewer.core.scenery import Scenery
from mlipviewer.session import changes
from mlipviewer.session.panels import inputs_of, params_of, request_of
from mlipviewer.session.state import Failure, Panel, State

_made: WeakKeyDictionary[Result, tuple[Params, Scenery]] = WeakKeyDictionary()
"""What each result shows, for the parameters that it was last shown with."""


def scenery_of(state: State, owner: str) -> Scenery | None:
    """What the first open panel with a result of this trajectory shows among its atoms."""
    found = (_of_panel(state, panel, owner) for panel in state.document.panels if panel.analysis)
    return next((one for one in found if one is not None), None)


def _of_panel(state: State, panel: Panel, owner: str) -> Scenery | None:
    show = ANALYSES[panel.analysis].scenery
    request = request_of(state, panel) if show is not None else None
    if show is None or request is None or isinstance(request, Failure):
        return None
    result = state.moment.results.get(request) if request.trajectory == owner else None
    if not isinstance(result, Result):
        return None
    params = params_of(state, panel)
    known = _made.get(result)
    if known is None or known[0] != params:
        known = (params, show(inputs_of(state, request), params, result))
        _made[result] = known
    return known[1]


def choose_things(
    state: State, space: Space, chosen: Rows, mode: Mode = Mode.REPLACE, owner: str | None = None
) -> State:
    """Choose things that are shown among the atoms, and with them the atoms that belong to them."""
    owner = owner or state.owner(space)
    after = changes.select(state, space, chosen, mode, owner)
    scenery = scenery_of(after, owner or "")
    if scenery is None or scenery.space is not space or after is state:
        return after
    atoms = scenery.atoms_of(after.selected(space, owner))
    return changes.select(after, Space.ATOM, atoms, Mode.REPLACE, owner)
