"""Panels ask: what each open panel wants computed, as a Request or the reason why it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.atoms.path import PathParams
from mlipviewer.core.analysis import (
    Analysis,
    Inputs,
    Needs,
    Params,
    Request,
    Result,
    panel_defaults,
    param_help,
)
from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query import names_in
from mlipviewer.core.rows import RowKey, Rows, rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.changes import linked_runs, shown_trajectories
from mlipviewer.session.colourings import coloured
from mlipviewer.session.conditions import set_masks
from mlipviewer.session.many_frames import ManyFrames
from mlipviewer.session.moments import timeline_requests
from mlipviewer.session.state import Failure, Panel, State
from mlipviewer.session.time_changes import range_of
from mlipviewer.session.traces import traces_request

MIN_MODELS = 3
LONGEST = 100  # characters of a condition in a sentence


def plot_panel(name: str, plot: str = "", panel_id: str = "", **about: Any) -> Panel:
    """A panel for a plot of an analysis, with its default parameters."""
    analysis = ANALYSES[name]
    plot = plot or next(iter(analysis.plots))
    params = analysis.params(**panel_defaults(analysis.params))
    title = plot if len(analysis.plots) > 1 else analysis.title
    return Panel(panel_id or f"{name}.{plot}", "plot", title, name, plot, params, **about)


def start_panels() -> tuple[Panel, ...]:
    """The panels of a new window."""
    return (
        Panel("table", "table", "Models"),
        plot_panel("pareto", panel_id="pareto", follows=(("metrics", "axes"),)),
        plot_panel("correlation", "Heat map", panel_id="heatmap"),
        plot_panel("correlation", "Graph", panel_id="graph"),
        Panel("atoms", "atoms", "Atoms"),
        Panel("details", "details", "Details"),
        plot_panel("series", panel_id="series"),
        plot_panel("atom-series", panel_id="atom-series", follows=(("column", "coloured"),)),
        plot_panel("atom-errors", panel_id="atom-errors"),
        Panel("timeline", "timeline", "Timeline"),
        Panel("jobs", "jobs", "Activity"),
        Panel("history", "history", "History"),
        Panel("sets", "sets", "Sets"),
        Panel("measurements", "measurements", "Measurements"),
        Panel("links", "links", "Links"),
        Panel("events", "events", "Events"),
    )


def all_panels() -> tuple[Panel, ...]:
    """Those of a new window, and others that can be opened."""
    return (*start_panels(), Panel("campaign", "campaign", "Campaign"))


def new_panel(state: State, name: str, plot: str) -> Panel:
    """One more panel of an analysis; those that look at axes follow the document's."""
    taken = {panel.id for panel in state.document.panels}
    number = next(n for n in count(2) if f"{name}.{plot}.{n}" not in taken)
    usual = (panel for panel in start_panels() if (panel.analysis, panel.plot) == (name, plot))
    follows = next((panel.follows for panel in usual), follows_by_kind(name))
    panel = plot_panel(name, plot, f"{name}.{plot}.{number}", follows=follows)
    return replace(panel, title=f"{panel.title} {number}")


def follows_by_kind(name: str) -> tuple[tuple[str, str], ...]:
    """A parameter that is one model's key follows the focus; several keys, the selection. What is
    asked about the model in focus is asked in the metrics that the document's axes show."""
    about = param_help(ANALYSES[name].params)
    sources = {
        "model": "focus",
        "models": "selected",
        "in": "in",
        "out": "out",
        "shown": "shown",
        "hops": "hops",
    }
    if any(tell.names == "model" for tell in about.values()):
        sources["metrics"] = "axes"
    return tuple(
        (param, sources[tell.names]) for param, tell in about.items() if tell.names in sources
    )


def params_of(state: State, panel: Panel) -> Params:
    """The panel's parameters with those that follow the document filled in."""
    if panel.params is None:
        raise ValueError(f"panel {panel.id!r} has no analysis")
    followed = {name: FOLLOWED[source](state) for name, source in panel.follows}
    return replace(panel.params, **followed)


def _focus_key(state: State) -> str:
    table, row = state.table, state.document.focus
    return table.keys[row] if table is not None and row is not None else ""


def _selected_keys(state: State) -> tuple[str, ...]:
    table = state.table
    return () if table is None else tuple(table.keys[row] for row in state.selected(Space.MODEL))


def _params_of_hops(state: State) -> str:
    """How the first open panel of hops finds them, as text; '' without such a panel."""
    found = (panel.params for panel in state.document.panels if panel.analysis == "hops")
    params = next(found, None)
    if params is None:
        return ""
    from mlipviewer.analysis.methods.hopping import HoppingParams
    from mlipviewer.analysis.methods.rare_of_hops import text_of

    return text_of(params) if isinstance(params, HoppingParams) else ""


FOLLOWED: Mapping[str, Callable[[State], Any]] = {
    "axes": lambda state: state.document.axes,
    "coloured": lambda state: coloured(state).column,
    "focus": _focus_key,
    "selected": _selected_keys,
    "in": lambda state: max(range_of(state)[0], 0),
    "out": lambda state: range_of(state)[1],
    "shown": lambda state: state.frame,
    "hops": _params_of_hops,
}
"""What parameters of a panel may follow, by the names used in `Panel.follows`."""


def chosen_models(state: State, panel: Panel) -> RowKey | None:
    """The models that a panel computes on: selected ones, filtered ones, or None for all.

    Raises QueryProblem.
    """
    table = state.table
    if table is None:
        return None
    chosen = state.selected(Space.MODEL)
    if panel.on_selection and len(chosen) >= MIN_MODELS:
        return RowKey(chosen)
    condition = state.document.condition
    if not condition.strip():
        return None
    names = {**result_columns(state), **set_masks(state.document, table)}
    return RowKey(shown_models(table, condition, names))


def chosen_atoms(state: State, needs: tuple[Needs, ...]) -> Rows:
    """The ids of the chosen atoms of the shown trajectory.

    An analysis of the runs of all models takes those chosen last in another run where there are
    none here: to look at one of the models it ranks shows that model's run, and must not end it.
    """
    here = state.selected(Space.ATOM)
    if len(here) or Needs.RUNS not in needs:
        return here
    owners = reversed(tuple(state.document.selected.items()))
    return next((found for (space, _), found in owners if space is Space.ATOM and len(found)), here)


def request_of(state: State, panel: Panel) -> Request | Failure:
    """What the panel asks for now, or why it cannot ask."""
    analysis = ANALYSES[panel.analysis]
    missing = _missing(state, analysis, panel)
    if missing is not None:
        return Failure(missing)
    waiting = _awaited_column(state) if Needs.TABLE in analysis.needs else ""
    if waiting:
        return Failure(f"Computing {waiting}, which the filter asks for ...")
    try:
        models = chosen_models(state, panel) if Needs.TABLE in analysis.needs else None
    except QueryProblem as problem:
        return Failure(f"The filter does not fit this table: {problem.reason}")
    if models is not None and not len(models) and not analysis.either:
        return Failure(_none_left(state))
    return _request(state, panel, analysis, params_of(state, panel), models)


def _none_left(state: State) -> str:
    assert state.table is not None
    condition = " ".join(state.document.condition.split())
    condition = condition if len(condition) <= LONGEST else f"{condition[:LONGEST]} ..."
    return f"The filter leaves none of {state.table.n_models} models: {condition}"


def _request(
    state: State, panel: Panel, analysis: Analysis, params: Params, models: RowKey | None
) -> Request:
    needs = analysis.needs
    return Request(
        analysis.name,
        analysis.asked(params),
        table=state.document.table if Needs.TABLE in needs else None,
        trajectory=_run_of(state, panel) if Needs.TRAJECTORY in needs else None,
        models=models,
        atoms=_atom_key(state, panel, analysis),
        runs=_loaded_runs(state) if Needs.RUNS in needs else (),
        beside=_beside(state, panel) if analysis.overlay else (),
    )


def column_request(state: State, panel: Panel) -> Request | None:
    """What a panel asks for the columns that the table shows of it; None without a table.

    It asks about all models: a filter that names such a column must not change it.
    """
    if not panel.in_table or _missing(state, ANALYSES[panel.analysis], panel) is not None:
        return None
    analysis, params = ANALYSES[panel.analysis], params_of(state, panel)
    if analysis.columns_by:
        analysis = ANALYSES[analysis.columns_by]
        shared = param_help(analysis.params).keys() & param_help(type(params)).keys()
        params = analysis.params(**{name: getattr(params, name) for name in shared})
    return _request(state, panel, analysis, params, None)


def column_requests(state: State) -> tuple[Request, ...]:
    """The questions of the columns that the table shows, each once."""
    asked = (column_request(state, panel) for panel in state.document.panels)
    return tuple(dict.fromkeys(request for request in asked if request is not None))


def result_columns(state: State) -> Mapping[str, NDArray[Any]]:
    """Name -> (n rows of the shown table,) of what panels found of each model; NaN while it is
    computed. A name that is taken gets a number: `score_2`."""
    table = state.table
    found: dict[str, NDArray[Any]] = {}
    if table is None:
        return found
    for panel in state.document.panels:
        request = column_request(state, panel)
        if request is None:
            continue
        result = state.moment.results.get(request)
        known = result.columns if isinstance(result, Result) else {}
        for name in ANALYSES[request.analysis].columns:
            free = _free_column(name, {*found, *table.metrics, *table.text})
            found[free] = known[name] if name in known else _not_yet(table.n_rows)
    return found


def _awaited_column(state: State) -> str:
    """A column that the condition names and that is still to be computed; '' for none."""
    asked = column_requests(state)
    if not asked or all(request in state.moment.results for request in asked):
        return ""
    try:
        named = names_in(state.document.condition)
    except QueryProblem:
        return ""
    computed = result_columns(state)
    return next((n for n in named if n in computed and np.isnan(computed[n]).all()), "")


@cache
def _not_yet(n: int) -> NDArray[Any]:
    return np.full(n, np.nan)


def _free_column(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(free for n in count(2) if (free := f"{name}_{n}") not in taken)


def _run_of(state: State, panel: Panel) -> str | None:
    return panel.trajectory or state.document.trajectory


def _beside(state: State, panel: Panel) -> tuple[str, ...]:
    """The other runs side by side that are loaded, unless the panel looks at one of its own."""
    first = _run_of(state, panel)
    names = (one.name for one in shown_trajectories(state) if one.name != first)
    loaded = (name for name in names if state.loaded_trajectory(name) is not None)
    return () if panel.trajectory else tuple(loaded)


def _atoms_of(state: State, panel: Panel, needs: tuple[Needs, ...]) -> Rows:
    return rows(panel.atoms) if panel.atoms else chosen_atoms(state, needs)


def _atom_key(state: State, panel: Panel, analysis: Analysis) -> RowKey | None:
    """The atoms that a panel asks about; None for all."""
    if Needs.ATOMS in analysis.needs:
        return RowKey(_atoms_of(state, panel, analysis.needs))
    if analysis.on_atoms and panel.atoms:
        return RowKey(rows(panel.atoms))
    chosen = state.selected(Space.ATOM)
    return RowKey(chosen) if analysis.on_atoms and panel.on_selection and len(chosen) else None


def _loaded_runs(state: State) -> tuple[tuple[int, str], ...]:
    """The runs of models that are loaded; the others are still being read, or failed."""
    loaded = state.moment.loaded
    return tuple((row, one.name) for row, one in linked_runs(state) if one.name in loaded)


def _missing(state: State, analysis: Analysis, panel: Panel) -> str | None:
    if analysis.either:
        there = state.table is not None or state.loaded_trajectory(_run_of(state, panel))
        return None if there else "No table and no trajectory. Drop a file here."
    if Needs.TABLE in analysis.needs and state.table is None:
        return _why_absent(state, state.document.table, "No error table. Drop a CSV file here.")
    run = _run_of(state, panel)
    if Needs.TRAJECTORY in analysis.needs and state.loaded_trajectory(run) is None:
        return _why_absent(state, run, "No trajectory. Drop a trajectory file here.")
    if Needs.ATOMS in analysis.needs and len(_atoms_of(state, panel, analysis.needs)) == 0:
        return "No atom is selected. Click atoms in the 3D view."
    return _missing_runs(state) if Needs.RUNS in analysis.needs else None


def _missing_runs(state: State) -> str | None:
    runs, failed = linked_runs(state), state.moment.failed
    if not runs:
        return "No model is linked to a run. Drop a trajectory on its row of the table."
    if _loaded_runs(state):
        return None
    reasons = [failed[one.name].reason for _, one in runs if one.name in failed]
    return reasons[0] if len(reasons) == len(runs) else "Reading the runs of the models ..."


def _why_absent(state: State, name: str | None, otherwise: str) -> str:
    if name is None:
        return otherwise
    failure = state.moment.failed.get(name)
    return failure.reason if failure else f"Reading {name} ..."


def inputs_of(state: State, request: Request) -> Inputs:
    """The loaded things that a request names."""
    loaded = state.moment.loaded
    table = loaded.get(request.table or "")
    runs = {row: loaded.get(name) for row, name in request.runs}
    return Inputs(
        table=table if isinstance(table, ErrorTable) else None,
        trajectory=state.loaded_trajectory(request.trajectory),
        models=None if request.models is None else request.models.rows,
        atoms=None if request.atoms is None else request.atoms.rows,
        runs={row: run for row, run in runs.items() if isinstance(run, Trajectory)},
        engine=ManyFrames(known={one.name: one for one in state.document.inputs}),
        beside={
            name: run
            for name in request.beside
            if (run := state.loaded_trajectory(name)) is not None
        },
    )


def wants_runs(state: State) -> bool:
    """Whether an open panel looks at the runs of all models."""
    asked = (ANALYSES[panel.analysis] for panel in state.document.panels if panel.analysis)
    needs = [one.needs for one in asked if Needs.RUNS in one.needs]
    return any(Needs.ATOMS not in of or len(chosen_atoms(state, of)) > 0 for of in needs)


def wanted_requests(state: State) -> tuple[Request, ...]:
    """The questions of open plot panels, of the table's columns and of the timeline, each once."""
    asked = (request_of(state, panel) for panel in state.document.panels if panel.analysis)
    of_panels = (request for request in asked if isinstance(request, Request))
    drawn = (one for one in (trail_request(state), traces_request(state)) if one is not None)
    others = (*timeline_requests(state), *drawn)
    return tuple(dict.fromkeys((*column_requests(state), *of_panels, *others)))


def trail_request(state: State) -> Request | None:
    """The question for the path of the atom that is followed."""
    now = state.document.followed
    if now is None or state.loaded_trajectory(now.owner) is None:
        return None
    params = PathParams(now.first, now.last)
    return Request("path", params, trajectory=now.owner, atoms=RowKey(rows([now.atom])))
