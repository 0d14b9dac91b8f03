"""The menus that open panels: analyses, views, workspaces."""

from __future__ import annotations

from functools import partial, reduce

from PySide6.QtWidgets import QMenu

from mlipviewer.analysis import ANALYSES
from mlipviewer.app.docks import Docks
from mlipviewer.app.registry import Registry
from mlipviewer.gui.plain import plain_tip
from mlipviewer.session import changes
from mlipviewer.session.panels import all_panels, new_panel
from mlipviewer.session.session import Session
from mlipviewer.session.state import Panel, State
from mlipviewer.session.store import Store
from mlipviewer.session.workspaces import (
    WORKSPACES,
    open_workspace,
    panel_of,
    prevented,
    workspace_of,
)


class PanelMenus:
    """Opens panels and workspaces; fills the menu of analyses when it is opened first."""

    def __init__(self, store: Store, session: Session, docks: Docks, registry: Registry) -> None:
        self._store, self._session, self._docks = store, session, docks
        self._of_analyses = registry.menu("Analyse")
        self._of_analyses.aboutToShow.connect(self._fill_analyses)
        for name in WORKSPACES:
            registry.bind(f"workspace.{name}", partial(self.open_workspace, name))
        for panel in all_panels():
            registry.bind(f"show.{panel.id}", partial(self._toggle_panel, panel))
        registry.bind("view.usual", self._usual_places)
        self.workspaces = registry.menu("View/Workspaces")

    def _fill_analyses(self) -> None:
        """An entry for each analysis, with one below it for each of its plots; made once, when the
        menu is opened first."""
        menu = self._of_analyses
        if not menu.isEmpty():
            return
        menu.setToolTipsVisible(True)
        for name, analysis in sorted(ANALYSES.items(), key=lambda item: item[1].title):
            inside: QMenu = menu if len(analysis.plots) == 1 else menu.addMenu(analysis.title)
            for plot in analysis.plots:
                title = analysis.title if inside is menu else plot
                item = inside.addAction(title, partial(self.analyse, name, plot))
                item.setToolTip(plain_tip(analysis.about))

    def analyse(self, name: str, plot: str) -> None:
        """Open one more panel of an analysis, with parameters of its own."""
        panel = new_panel(self._store.state, name, plot)
        self._store.commit(lambda s: changes.open_panel(s, panel), f"Open {panel.title}")

    def _toggle_panel(self, panel: Panel) -> None:
        if any(one.id == panel.id for one in self._store.state.document.panels):
            self._store.commit(lambda s: changes.close_panel(s, panel.id), f"Close {panel.title}")
        else:
            self._store.commit(lambda s: changes.open_panel(s, panel), f"Open {panel.title}")

    def _usual_places(self) -> None:
        """All panels of the workspace, where they belong."""
        name = workspace_of(self._store.state).name
        missing = [panel_of(one) for one in workspace_of(self._store.state).panel_ids]

        def restored(state: State) -> State:
            there = (panel for panel in missing if panel is not None)
            return reduce(changes.restore_panel, there, state)

        self._store.commit(restored, f"Open {name}")
        self._store.flush()
        self._docks.arrange(workspace_of(self._store.state))

    def open_workspace(self, name: str) -> None:
        """Open a workspace, in one step."""
        reason = prevented(self._store.state, name)
        if reason:
            self._session.notify(f"Workspace {name}: {reason}")
            return
        self._store.commit(lambda s: open_workspace(s, name), f"Workspace {name}")
        self._store.flush()
        self._docks.arrange(workspace_of(self._store.state))
