"""Makes the pictures of hops and events: `python docs/guide/make_hops_pictures.py`.

The run is made by `made_conductor.py`. Needs a screen with OpenGL (a virtual one will do).
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from made_conductor import write_conductor
from PySide6.QtWidgets import QApplication

from mlipviewer.app.main import settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.events import next_event, shown_source
from mlipviewer.session.look_changes import look
from mlipviewer.session.panels import new_panel
from mlipviewer.session.store import Change
from mlipviewer.session.traces import show_sites, trace_selected

PICTURES = Path(__file__).parent / "pictures"
PLOTS = ("Occupancy of sites", "Times at sites")


def main() -> int:
    """The workspace Diffusion with hops, their events and sites, in both themes; two plots."""
    application = QApplication(["pictures"])
    with TemporaryDirectory() as folder:
        run = write_conductor(Path(folder) / "conductor.xyz")
        for theme in ("light", "dark"):
            dress(application, theme)
            window = _opened(run)
            window.grab().save(str(PICTURES / f"hops-window-{theme}.png"))
            if theme == "light":
                _plots(window)
            window.close()
    return 0


def _opened(run: Path) -> MainWindow:
    window = MainWindow()
    window.resize(1440, 860)
    window.show()
    window.open([str(run)])
    settle(window)
    window.panel_menus.open_workspace("Diffusion")
    settle(window)
    source = shown_source(window.store.state)
    assert source is not None
    hopping = rows(np.unique(source.events.atom))
    deeds: tuple[Change, ...] = (
        lambda s: look(s, radius=0.4),
        lambda s: changes.select(s, Space.ATOM, hopping),
        trace_selected,
        lambda s: show_sites(s, True),
        next_event,
        next_event,
        lambda s: changes.select(s, Space.SITE, rows([_to(s)])),
    )
    for deed in deeds:
        window.store.commit(deed, "Picture")
        settle(window)
    for panel in ("hops", "hops.Site graph", "events"):
        window.docks.by_panel[panel].raise_()
    settle(window)
    return window


def _to(state: changes.State) -> int:
    """The site to which the shown event leads."""
    source = shown_source(state)
    assert source is not None
    return int(source.events.table["to"][state.document.events.number or 0])


def _plots(window: MainWindow) -> None:
    for plot in PLOTS:
        panel = new_panel(window.store.state, "hops", plot)
        window.store.commit(lambda s, one=panel: changes.open_panel(s, one), "Picture")
        settle(window)
        dock = window.docks.by_panel[panel.id]
        dock.setFloating(True)
        dock.resize(560, 380)
        settle(window)
        name = plot.lower().replace(" ", "-")
        dock.view.grab().save(str(PICTURES / f"hops-{name}.png"))


if __name__ == "__main__":
    sys.exit(main())
