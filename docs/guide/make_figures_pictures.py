"""Makes the pictures of figures and movies: `python docs/guide/make_figures_pictures.py`.

Needs a screen (a virtual one will do).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from make_pictures import PICTURES, save
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent
from PySide6.QtWidgets import QApplication, QDialog

from mlipviewer.app.figures.drawings import look_of_layout
from mlipviewer.app.figures.figures import Figures
from mlipviewer.app.figures.key_views_dialog import KeyViewsDialog
from mlipviewer.app.main import example_files, settle
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.session.figures import FigureLayout, FigurePart, keep_figure
from mlipviewer.session.key_views import add_key

LAYOUT = FigureLayout(
    "Figure 1",
    (
        FigurePart("pareto"),
        FigurePart("atoms", 0, 1),
        FigurePart("heatmap", 1),
        FigurePart("table", 1, 1),
    ),
    height=130,
    dpi=150,
    shared_legend=True,
)


def main(theme: str = "light", folder: Path = PICTURES) -> int:
    """Open each dialog over the example as a user would, and picture it."""
    application = QApplication(["pictures"])
    dress(application, theme)
    window = MainWindow()
    window.resize(1280, 720)
    window.show()
    window.open(example_files())
    settle(window)
    window.store.commit(lambda s: keep_figure(s, LAYOUT), "Keep")
    held(window, folder / "held.png")
    take(window, asked(window, "export.atoms"), folder / "dialog-figure.png")
    take(window, window.figures.ask_composite(), folder / "dialog-composite.png")
    composite(window.figures, folder / "figure-composite.png")
    settle(window)
    keys(window, folder / "dialog-keys.png")
    take(window, asked(window, "export.movie"), folder / "dialog-movie.png")
    take(window, asked(window, "export.models"), folder / "dialog-models.png")
    window.close()
    return 0


def asked(window: MainWindow, action: str) -> Any:
    """The dialog that an action opens."""
    window.registry.do(action)
    settle(window)
    return QApplication.activeModalWidget()


def held(window: MainWindow, path: Path) -> None:
    """A file that is held over the window by the mouse."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(example_files()[-1])])
    at, copy = window.rect().center(), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind in (QDragEnterEvent, QDragMoveEvent):
        QApplication.sendEvent(window, kind(at, copy, data, left, none))
    settle(window, 1.0)
    save(window, path)
    QApplication.sendEvent(window, QDragLeaveEvent())
    settle(window)


def take(window: MainWindow, dialog: Any, path: Path) -> None:
    assert isinstance(dialog, QDialog)
    drawn = getattr(dialog, "shown", None)
    for _ in range(600):
        settle(window, 0.05)
        if drawn is None or drawn.n_drawn:
            break
    settle(window, 1.0)
    save(dialog, path)
    dialog.reject()
    settle(window)


def composite(figures: Figures, path: Path) -> None:
    figures.write(LAYOUT.name, look_of_layout(LAYOUT), path, receipt=False)


def keys(window: MainWindow, path: Path) -> None:
    view: Any = window.docks.by_panel["atoms"].view
    for number in range(3):
        camera = view.looking.text()
        window.store.commit(lambda s, c=camera, n=number: add_key(s, 30 * n, c), "Add a key view")
        view.looking.spin(45)
    dialog = KeyViewsDialog(window.store, view.looking, window)
    dialog.show()
    dialog.attach()
    settle(window)
    save(dialog, path)
    dialog.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2], *map(Path, sys.argv[2:3])))
