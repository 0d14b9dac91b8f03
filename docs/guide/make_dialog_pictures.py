"""Makes the pictures of dialogs in this guide: `python docs/guide/make_dialog_pictures.py`.

Needs a screen (a virtual one will do).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from make_pictures import PICTURES, save
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialog

from mlipviewer.app.main import example_files, settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.tables.joining import JoinTables
from mlipviewer.app.tables.meaning import TableMeaning
from mlipviewer.app.trajectories.link_dialogs import LinkDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.core.table import ErrorTable

CORNER = QPoint(60, 60)


def main() -> int:
    """Open each dialog over the example as a user would, and picture it."""
    application = QApplication(["pictures"])
    dress(application, "light")
    window = MainWindow()
    window.resize(1280, 720)
    window.show()
    window.open(example_files())
    settle(window)
    popups(window)
    window.link_dialogs.ask_link(window.store.state.document.links[0])
    take(window, LinkDialog, "dialog-link")
    window.table_dialogs.ask_meaning()
    take(window, TableMeaning, "dialog-meaning", (720, 460))
    with tempfile.TemporaryDirectory() as folder:
        join(window, Path(folder))
    window.close()
    return 0


def popups(window: MainWindow) -> None:
    """The filter of a column, and the choice of columns."""
    view = window.docks.by_panel["table"].view
    for name, act in (
        ("filter", lambda: view.popups.open_filter("C11", CORNER)),
        ("columns", lambda: view.popups.open_chooser(CORNER)),
    ):
        act()
        settle(window)
        save(view.popups.shown, PICTURES / f"popup-{name}.png")
        view.popups.close()


def join(window: MainWindow, folder: Path) -> None:
    """The example with a table of speeds that names most of its models."""
    name = window.store.state.document.table
    table = window.store.state.table
    assert table is not None
    path = folder / "speed.csv"
    path.write_text(speeds(table))
    window.open([str(path)])
    settle(window)
    window.table_dialogs._show(name or "")
    settle(window)
    window.table_dialogs.ask_join()
    take(window, JoinTables, "dialog-join", (760, 560))


def speeds(table: ErrorTable) -> str:
    """A made-up second table: a third of the models is missing, and a column is named otherwise."""
    lines = ["Models,ModelName,speed,energy_rmse"]
    for i, row in enumerate(table.models):
        if i % 3:
            model, name = table.text["Models"][row], table.text["ModelName"][row]
            lines.append(f"{model},{name},{1000 / (1 + i % 7):.0f},{0.002 * (1 + i % 5):.4f}")
    return "\n".join([*lines, "NNP,unknown,400,0.003"]) + "\n"


def take(
    window: MainWindow, kind: type[QDialog], name: str, size: tuple[int, int] | None = None
) -> None:
    """Picture the open dialog of a kind, and close it."""
    dialog = next(one for one in window.findChildren(kind) if one.isVisible())
    if size:
        dialog.resize(*size)
    later = getattr(dialog, "_later", None)
    settle(window)
    while later is not None and later.busy:
        settle(window)
    save(dialog, PICTURES / f"{name}.png")
    dialog.reject()
    settle(window)


if __name__ == "__main__":
    sys.exit(main())
