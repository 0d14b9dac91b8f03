"""The actions of the menu of views: a workspace, a panel. Made when a window is."""

from __future__ import annotations

from functools import partial

from mlipviewer.session.actions.action import Action
from mlipviewer.session.panels import all_panels
from mlipviewer.session.state import Panel, State
from mlipviewer.session.workspaces import WORKSPACES, Workspace, prevented, workspace_of


def panel_actions() -> tuple[Action, ...]:
    """One for each workspace, and for each panel of a new window."""
    return (
        *(_workspace(name, one) for name, one in WORKSPACES.items()),
        *(_panel(panel) for panel in all_panels()),
    )


def _workspace(name: str, workspace: Workspace) -> Action:
    return Action(
        f"workspace.{name}",
        name,
        "View/Workspaces",
        prevented=partial(_prevented, name),
        checked=lambda state: workspace_of(state) is workspace,
        about=workspace.about,
    )


def _prevented(name: str, state: State) -> str:
    return prevented(state, name)


def _panel(panel: Panel) -> Action:
    return Action(
        f"show.{panel.id}",
        panel.title,
        "View",
        checked=partial(_is_open, panel),
        section="panels",
    )


def _is_open(panel: Panel, state: State) -> bool:
    return any(one.id == panel.id for one in state.document.panels)
