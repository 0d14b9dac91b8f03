"""Makes the pictures of `window.md`, and of the workspaces Benchmark and Trajectory:
`python docs/guide/make_window_pictures.py`.

Needs a screen with OpenGL (a virtual one will do).
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from make_pictures import PICTURES, arrange, save
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mlipviewer.app.main import example_files, settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.gui.palette import Palette
from mlipviewer.session.saving.recents import add_recent, pin
from mlipviewer.session.settings.seen import mark_seen
from mlipviewer.views.table import TableView

NAMES = ("run_300K.dump", "potentials.csv", "fronts.mlipview", "lithium.extxyz")


def main() -> int:
    """The welcome page of somebody who has worked before, then the example with some steps."""
    application = QApplication(["pictures"])
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = home
        for name in NAMES:
            (Path(home) / name).touch()
            add_recent(str(Path(home) / name))
        pin(str(Path(home) / NAMES[1]), True)
        mark_seen("tour")
        for theme in ("light", "dark"):
            dress(application, theme)
            window = MainWindow()
            window.resize(1280, 720)
            window.show()
            picture(window, theme)
            workspaces(window, theme)
            window.close()
    return 0


def picture(window: MainWindow, theme: str) -> None:
    window.help.begin()
    until_filled(window)
    save(window, PICTURES / f"welcome-{theme}.png")
    window.open(example_files())
    settle(window)
    work(window)
    dock = window.docks.by_panel["history"]
    dock.raise_()
    settle(window)
    save(dock, PICTURES / f"history-{theme}.png")
    window.open_palette()
    palette = window.findChild(Palette)
    assert palette is not None
    QTest.keyClicks(palette.line, "pareto")
    settle(window)
    save(palette, PICTURES / f"palette-{theme}.png")
    palette.close()


def workspaces(window: MainWindow, theme: str) -> None:
    """As a user has them after opening the example and choosing from the menu."""
    window.store.go_to(3)  # three files were opened
    settle(window)
    arrange(window)
    for name in ("Benchmark", "Trajectory"):
        window.registry.do(f"workspace.{name}")
        settle(window)
        save(window, PICTURES / f"workspace-{name.lower()}-{theme}.png")


def until_filled(window: MainWindow) -> None:
    """What was opened lately is looked for in a thread."""
    page = window.help.welcome
    while page.recents.count() < len(NAMES):
        settle(window)


def work(window: MainWindow) -> None:
    """A filter, a selection, a frame, another panel, and one step back."""
    view = window.docks.by_panel["table"].view
    assert isinstance(view, TableView)
    QTest.keyClicks(view.filter, "vac_Ef < 0.1")
    for name in ("select.all", "time.next", "time.last", "table.shade", "edit.undo"):
        window.registry.do(name)
        settle(window)


if __name__ == "__main__":
    sys.exit(main())
