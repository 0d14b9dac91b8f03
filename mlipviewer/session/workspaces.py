"""Workspaces: named sets of panels with their places, opened by one action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.analysis.methods.class_rules import METAL as LITHIUM_METAL
from mlipviewer.core.elements import elements
from mlipviewer.session.computing import compute
from mlipviewer.session.panels import all_panels, follows_by_kind, plot_panel
from mlipviewer.session.state import Panel, State

THERMAL = 0.2
"""The largest deviation of template matching for crystals at room temperature: lithium at 300 K."""

METAL = "Li"


@dataclass(frozen=True)
class Stack:
    """Panels upon each other as tabs, the first in front, and their share of the column."""

    panels: tuple[str, ...]
    share: float = 1.0


@dataclass(frozen=True)
class Column:
    """Stacks from top to bottom, and their share of the window's width."""

    stacks: tuple[Stack, ...]
    share: float


@dataclass(frozen=True)
class Workspace:
    """Where the panels of a workspace stand: columns from left to right, and what lies below."""

    name: str
    about: str
    columns: tuple[Column, ...]
    below: tuple[str, ...] = ("timeline",)
    needs_run: bool = False

    @property
    def panel_ids(self) -> tuple[str, ...]:
        stacks = [stack.panels for column in self.columns for stack in column.stacks]
        return tuple(one for stack in (*stacks, self.below) for one in stack)


def _column(share: float, *stacks: tuple[float, tuple[str, ...]]) -> Column:
    return Column(tuple(Stack(names, part) for part, names in stacks), share)


_TOLD = ("details", "sets", "measurements", "links", "events", "jobs", "history")

OVERVIEW = Workspace(
    "Overview",
    "Table, plots and atoms side by side",
    (
        _column(0.33, (0.62, ("table",)), (0.38, _TOLD)),
        _column(0.32, (0.5, ("pareto",)), (0.5, ("graph", "heatmap"))),
        _column(0.35, (0.68, ("atoms",)), (0.32, ("series", "atom-series", "atom-errors"))),
    ),
)

BENCHMARK = Workspace(
    "Benchmark",
    "Models and their errors",
    (
        _column(0.44, (0.66, ("table",)), (0.34, ("details", "sets", "links", "jobs", "history"))),
        _column(0.28, (0.5, ("pareto",)), (0.5, ("parallel", "score"))),
        _column(0.28, (0.5, ("graph", "heatmap")), (0.5, ("passing", "ranks"))),
    ),
    (),
)

TRAJECTORY = Workspace(
    "Trajectory",
    "Atoms along a run",
    (
        _column(0.66, (1.0, ("atoms",))),
        _column(0.34, (0.5, ("series", "atom-series")), (0.5, _TOLD)),
    ),
)

CRYSTALLIZATION = Workspace(
    "Crystallization",
    "Which atoms crystallize, by which way, and what it costs",
    (
        _column(0.4, (1.0, ("atoms",))),
        _column(
            0.3,
            (0.5, ("structure", "raster")),
            (0.5, ("layers", "atom-clusters.Front", "rates", "jobs", "history")),
        ),
        _column(0.3, (0.5, ("pathways", "energetics")), (0.5, ("doas",))),
    ),
    needs_run=True,
)

DIFFUSION = Workspace(
    "Diffusion",
    "Which atoms move, how fast, and how that depends on temperature",
    (
        _column(0.44, (1.0, ("atoms",))),
        _column(
            0.28,
            (0.5, ("msd", "hops", "series")),
            (0.5, ("van-hove", "atom-series", "jobs", "history")),
        ),
        _column(
            0.28,
            (0.5, ("arrhenius", "hops.Site graph")),
            (0.5, ("events", "vibrations", "free-energy", "measurements")),
        ),
    ),
    needs_run=True,
)

ORDER = Workspace(
    "Order",
    "How alloys and particles are ordered, inside and at the surface",
    (
        _column(0.4, (1.0, ("atoms",))),
        _column(
            0.3,
            (
                0.5,
                (
                    "order.Warren-Cowley over frames",
                    "order.Long-range order",
                    "order.Against temperature",
                ),
            ),
            (0.5, ("ordering-counts", "order", "jobs")),
        ),
        _column(
            0.3,
            (0.5, ("core-shell", "core-shell.Radius", "core-shell.Facets")),
            (0.5, ("diffraction", "details")),
        ),
    ),
    needs_run=True,
)

CAMPAIGN = Workspace(
    "Campaign",
    "Potentials are trained and judged, and their table grows",
    (
        _column(0.4, (1.0, ("campaign",))),
        _column(0.34, (0.6, ("table",)), (0.4, ("details", "links", "jobs", "history"))),
        _column(0.26, (0.5, ("pareto",)), (0.5, ("atoms",))),
    ),
    (),
)

WORKSPACES: Mapping[str, Workspace] = MappingProxyType(
    {
        one.name: one
        for one in (
            OVERVIEW,
            BENCHMARK,
            TRAJECTORY,
            CRYSTALLIZATION,
            DIFFUSION,
            ORDER,
            CAMPAIGN,
        )
    }
)


def workspace_of(state: State) -> Workspace:
    """The one that was opened last."""
    return WORKSPACES.get(state.document.workspace, OVERVIEW)


def prevented(state: State, name: str) -> str:
    """Why a workspace cannot be opened; '' where it can."""
    lacking = WORKSPACES[name].needs_run and state.trajectory is None
    return "no trajectory is open" if lacking else ""


def open_workspace(state: State, name: str) -> State:
    """The panels of a workspace in place of those that are open; those that both have stay as they
    are. Crystallization and Order class and colour the atoms too."""
    workspace = WORKSPACES[name]
    open_now = {panel.id: panel for panel in state.document.panels}
    among = metal_of(state) if name == CRYSTALLIZATION.name else ""
    made = (open_now.get(one) or panel_of(one, among) for one in workspace.panel_ids)
    panels = tuple(panel for panel in made if panel is not None)
    state = state.with_document(workspace=name, panels=panels)
    if state.moment.playing and not workspace.below:
        state = state.with_moment(playing=False)
    if name == ORDER.name:
        return compute(state, "ordering", COMPUTATIONS["ordering"].params())
    return with_classes(state, among) if name == CRYSTALLIZATION.name else state


def panel_of(panel_id: str, among: str = "") -> Panel | None:
    """The panel of a workspace with the parameters that suit it; None for an analysis that this
    program does not have."""
    usual = {panel.id: panel for panel in all_panels()}
    if panel_id in usual:
        return usual[panel_id]
    name, _, plot = panel_id.partition(".")
    analysis = ANALYSES.get(name)
    if analysis is None:
        return None
    known = plot if plot in analysis.plots else _usual_plot(name)
    panel = plot_panel(name, known, panel_id, follows=follows_by_kind(name))
    wanted = {"among": among, "method": "ptm"} if among or name in _CLASSED else {}
    if name == "doas":
        wanted = {**wanted, "by": "class"}
    there = {field.name for field in fields(analysis.params)}
    given: dict[str, Any] = {key: value for key, value in wanted.items() if key in there}
    return replace(panel, params=replace(analysis.params(), **given)) if given else panel


_CLASSED = (
    "structure", "layers", "pathways", "rates", "energetics", "raster", "atom-clusters",
)  # fmt: skip
_PLOTS = {"pathways": ("Pathways",), "layers": ("Layers",)}


def _usual_plot(name: str) -> str:
    plots = tuple(ANALYSES[name].plots)
    return next((one for one in _PLOTS.get(name, ()) if one in plots), plots[0])


def metal_of(state: State) -> str:
    """The condition for the atoms that crystallize: lithium where there is other matter beside it,
    without what touches oxygen where there is oxygen; else all."""
    frame = next(iter(state.moment.frames.values()), None)
    if frame is None:
        return ""
    symbols = {elements()[int(n)].symbol for n in set(frame.numbers.tolist()) if n > 0}
    if METAL not in symbols or len(symbols) == 1:
        return ""
    return LITHIUM_METAL if "O" in symbols else f"element == '{METAL}'"


def with_classes(state: State, among: str) -> State:
    """The atoms are classed by template matching and coloured by it."""
    params: Any = COMPUTATIONS["ptm"].params
    return compute(state, "ptm", params(cutoff=THERMAL, among=among))
