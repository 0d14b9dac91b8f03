"""Panels ask: what each open panel wants computed, as a Request or the reason why it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import (
    Analysis,
    Inputs,
    Needs,
    Params,
    Request,
    panel_defaults,
    param_help,
)
from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.rows import RowKey, Rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.changes import linked_runs
from mlipviewer.session.state import Failure, Panel, State

MIN_MODELS = 3


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
    )


def new_panel(state: State, name: str, plot: str) -> Panel:
    """One more panel of an analysis; those that look at axes follow the document's."""
    taken = {panel.id for panel in state.document.panels}
    number = next(n for n in count(2) if f"{name}.{plot}.{n}" not in taken)
    usual = (panel for panel in start_panels() if (panel.analysis, panel.plot) == (name, plot))
    follows = next((panel.follows for panel in usual), _follows_by_kind(name))
    panel = plot_panel(name, plot, f"{name}.{plot}.{number}", follows=follows)
    return replace(panel, title=f"{panel.title} {number}")


def _follows_by_kind(name: str) -> tuple[tuple[str, str], ...]:
    """A parameter that is one model's key follows the focus; several keys, the selection. What is
    asked about the model in focus is asked in the metrics that the document's axes show."""
    about = param_help(ANALYSES[name].params)
    sources = {"model": "focus", "models": "selected"}
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


FOLLOWED: Mapping[str, Callable[[State], Any]] = {
    "axes": lambda state: state.document.axes,
    "coloured": lambda state: state.document.colouring.column,
    "focus": _focus_key,
    "selected": _selected_keys,
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
    return RowKey(shown_models(table, condition)) if condition.strip() else None


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
    missing = _missing(state, analysis)
    if missing is not None:
        return Failure(missing)
    needs, of_table = analysis.needs, Needs.TABLE in analysis.needs
    try:
        models = chosen_models(state, panel) if of_table else None
    except QueryProblem as problem:
        return Failure(f"The filter does not fit this table: {problem.reason}")
    return Request(
        analysis.name,
        params_of(state, panel),
        table=state.document.table if of_table else None,
        trajectory=state.document.trajectory if Needs.TRAJECTORY in needs else None,
        models=models,
        atoms=RowKey(chosen_atoms(state, needs)) if Needs.ATOMS in needs else None,
        runs=_loaded_runs(state) if Needs.RUNS in needs else (),
    )


def _loaded_runs(state: State) -> tuple[tuple[int, str], ...]:
    """The runs of models that are loaded; the others are still being read, or failed."""
    loaded = state.moment.loaded
    return tuple((row, one.name) for row, one in linked_runs(state) if one.name in loaded)


def _missing(state: State, analysis: Analysis) -> str | None:
    if Needs.TABLE in analysis.needs and state.table is None:
        return _why_absent(state, state.document.table, "No error table. Drop a CSV file here.")
    if Needs.TRAJECTORY in analysis.needs and state.trajectory is None:
        return _why_absent(
            state, state.document.trajectory, "No trajectory. Drop a trajectory file here."
        )
    if Needs.ATOMS in analysis.needs and len(chosen_atoms(state, analysis.needs)) == 0:
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
    )


def wants_runs(state: State) -> bool:
    """Whether an open panel looks at the runs of all models."""
    asked = (ANALYSES[panel.analysis] for panel in state.document.panels if panel.analysis)
    needs = next((a.needs for a in asked if Needs.RUNS in a.needs), None)
    return needs is not None and len(chosen_atoms(state, needs)) > 0


def wanted_requests(state: State) -> tuple[Request, ...]:
    """The questions of all open plot panels, each once."""
    asked = (request_of(state, panel) for panel in state.document.panels if panel.analysis)
    return tuple(dict.fromkeys(request for request in asked if isinstance(request, Request)))
