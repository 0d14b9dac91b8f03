"""Panels ask: what each open panel wants computed, as a Request or the reason why it cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Params, Request
from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Rows, rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.session.state import Failure, Panel, State

MIN_MODELS = 3


def plot_panel(name: str, plot: str = "", panel_id: str = "", **about: Any) -> Panel:
    """A panel for a plot of an analysis, with its default parameters."""
    analysis = ANALYSES[name]
    plot = plot or next(iter(analysis.plots))
    params = analysis.params()
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
        Panel("timeline", "timeline", "Timeline"),
        Panel("jobs", "jobs", "Activity"),
    )


def params_of(state: State, panel: Panel) -> Params:
    """The panel's parameters with those that follow the document filled in."""
    if panel.params is None:
        raise ValueError(f"panel {panel.id!r} has no analysis")
    followed: Mapping[str, Any] = {
        name: getattr(state.document, source) for name, source in panel.follows
    }
    return replace(panel.params, **followed)


@lru_cache(maxsize=1)
def _filtered(table: ErrorTable, condition: str) -> tuple[int, ...] | None:
    return tuple(int(row) for row in shown_models(table, condition)) if condition else None


def chosen_models(state: State, panel: Panel) -> tuple[int, ...] | None:
    """The models that a panel computes on: the selected ones, the filtered ones, or None for all."""
    table = state.table
    if table is None:
        return None
    chosen = state.selected(Space.MODEL)
    if panel.on_selection and len(chosen) >= MIN_MODELS:
        return tuple(int(row) for row in chosen)
    return _filtered(table, state.document.condition)


def request_of(state: State, panel: Panel) -> Request | Failure:
    """What the panel asks for now."""
    analysis = ANALYSES[panel.analysis]
    missing = _missing(state, analysis)
    if missing is not None:
        return Failure(missing)
    params = params_of(state, panel)
    if Needs.TRAJECTORY in analysis.needs:
        return Request(analysis.name, params, trajectory=state.document.trajectory)
    models = chosen_models(state, panel)
    return Request(analysis.name, params, table=state.document.table, models=models)


def _missing(state: State, analysis: Analysis) -> str | None:
    if Needs.TABLE in analysis.needs and state.table is None:
        return _why_absent(state, state.document.table, "No error table. Drop a CSV file here.")
    if Needs.TRAJECTORY in analysis.needs and state.trajectory is None:
        return _why_absent(
            state, state.document.trajectory, "No trajectory. Drop a trajectory file here."
        )
    return None


def _why_absent(state: State, name: str | None, otherwise: str) -> str:
    if name is None:
        return otherwise
    failure = state.moment.failed.get(name)
    return failure.reason if failure else f"Reading {name} ..."


def inputs_of(state: State, request: Request) -> Inputs:
    """The loaded things that a request names."""
    loaded = state.moment.loaded
    table = loaded.get(request.table or "")
    models: Rows | None = None if request.models is None else rows(request.models)
    return Inputs(
        table=table if isinstance(table, ErrorTable) else None,
        trajectory=state.loaded_trajectory(request.trajectory),
        models=models,
    )


def wanted_requests(state: State) -> tuple[Request, ...]:
    """The questions of all open plot panels, each once."""
    asked = (request_of(state, panel) for panel in state.document.panels if panel.analysis)
    return tuple(dict.fromkeys(request for request in asked if isinstance(request, Request)))
