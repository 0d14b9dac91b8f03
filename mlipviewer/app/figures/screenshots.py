"""Pictures of what has the focus: its figure, its pixels, a movie of the atoms."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from mlipviewer.app.docks import Dock
from mlipviewer.app.figures.drawings import ATOMS, TABLE
from mlipviewer.app.file_dialogs import FIGURE, ask_save
from mlipviewer.gui.carrying import DragHandle
from mlipviewer.gui.drawing import image_bytes
from mlipviewer.io.files import write_bytes
from mlipviewer.session.state import Weight
from mlipviewer.views.table_rows import RowsTable

if TYPE_CHECKING:
    from mlipviewer.app.window import MainWindow


class Screenshots:
    """What a window shows, as files and on the clipboard."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def _focused(self) -> Dock | None:
        """The panel that has the focus, or had it last."""
        at = self._window.focusWidget()
        docks = self._window.docks.by_panel.values()
        return next((one for one in docks if at is not None and one.isAncestorOf(at)), None)

    def export_focused(self) -> None:
        """The figure of the plot, 3D view or rows that have the focus, else the Pareto plot."""
        dock, at = self._focused(), self._window.focusWidget()
        drawn = dock is not None and dock.kind in ("plot", ATOMS)
        drawn |= dock is not None and dock.kind == TABLE and isinstance(at, RowsTable)
        self._window.figures.ask(dock.panel_id if dock is not None and drawn else "pareto")

    def export_atoms(self) -> None:
        self._window.figures.ask("atoms")

    def ask_movie(self) -> None:
        from mlipviewer.app.figures.movies import ask_movie

        window = self._window
        draw = partial(window.figures.drawings.drawing, ATOMS)
        ask_movie(window.store, window.sessions.saved, window, draw, window.figures.tabs)

    def ask_key_views(self) -> None:
        """The list of key views, beside the window."""
        from mlipviewer.app.figures.key_views_dialog import KeyViewsDialog
        from mlipviewer.views.atoms import AtomsView

        dock = self._window.docks.by_panel.get("atoms")
        if dock is None or not isinstance(dock.view, AtomsView):
            self._window.session.notify("The 3D view is closed: View opens it.", Weight.WARNING)
            return
        dialog = KeyViewsDialog(self._window.store, dock.view.looking, self._window)
        dialog.show()
        dialog.attach()

    def image(self) -> QImage:
        """The focused panel as it is seen, else the window."""
        dock = self._focused()
        shown: QWidget = dock.view if dock is not None else self._window
        return shown.grab().toImage()

    def copy(self) -> None:
        """The focused plot or 3D view as a figure; another panel as it is seen."""
        dock = self._focused()
        handle = dock.view.findChild(DragHandle) if dock is not None else None
        if handle is not None and dock is not None and dock.kind in ("plot", "atoms"):
            handle.click()
            return
        image = self.image()
        QGuiApplication.clipboard().setImage(image)
        self._window.session.notify(f"Copied {image.width()} x {image.height()} pixels.")

    def save(self) -> None:
        """Ask for a path and write the picture that was seen when it was asked for."""
        image = self.image()
        title, kinds = "Save a screenshot", "Picture (*.png)"
        path = ask_save(self._window, title, FIGURE, "screenshot.png", kinds, must=True)
        if path is None:
            return
        notify = self._window.session.notify
        try:
            write_bytes(path, image_bytes(image))
        except OSError as problem:
            notify(f"{path.name} was not written: {problem}", Weight.ERROR)
        else:
            notify(f"Written: {path}")
