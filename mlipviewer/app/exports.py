"""Dialogs that open and save: the only place where the user is asked for paths."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

import mlipviewer
from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Result
from mlipviewer.core.plot import Plot, Space, with_logs
from mlipviewer.gui.figure import save_plot
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.session.measure_changes import measurement
from mlipviewer.session.panels import inputs_of, params_of, request_of
from mlipviewer.session.session import Session
from mlipviewer.session.set_changes import set_named
from mlipviewer.session.set_tables import Table, series_table, set_table, values_table
from mlipviewer.session.state import Failure, Weight
from mlipviewer.session.store import Store

FIGURES = "Vector figure (*.svg);;PDF (*.pdf);;Picture (*.png);;TIFF (*.tiff)"
TABLES = "CSV (*.csv);;TSV (*.tsv);;Parquet (*.parquet);;Markdown (*.md);;LaTeX (*.tex)"
PLAIN_TABLES = "CSV (*.csv);;Parquet (*.parquet)"
OPENABLE = (
    "All files (*);;Sessions (*.mlipview);;"
    "Error tables (*.csv *.tsv *.xlsx *.parquet *.json *.jsonl *.yaml *.yml *.md);;"
    "Trajectories (*.extxyz *.xyz *.dump *.lammpstrj *XDATCAR* *POSCAR* *.cif *.traj *.gz)"
)


@runtime_checkable
class Picturable(Protocol):
    """A view that can write its picture."""

    def save_png(self, path: str | Path) -> None: ...


class Exports:
    """Asks for files and does what was asked, telling of failures in one sentence."""

    def __init__(self, parent: QWidget, store: Store, session: Session) -> None:
        self._parent, self._store, self._session = parent, store, session

    def ask_files(self) -> list[str]:
        """The files that the user wants to open."""
        paths, _ = QFileDialog.getOpenFileNames(self._parent, "Open", "", OPENABLE)
        return paths

    def open_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self._parent, "Open folder as sequence")
        if path:
            self._session.open([path])

    def save_figure(self, panel_id: str) -> None:
        """Ask how the plot of a panel is to look and where it goes, and write it there."""
        plot = self.plot_of(panel_id)
        if plot is None:
            self._session.notify("There is no figure to export yet.", Weight.WARNING)
            return
        from mlipviewer.app.figure_dialog import FigureDialog

        def taken(look: FigureLook) -> None:
            path = self._ask("Export figure", f"{panel_id}.svg", FIGURES)
            if path is not None:
                self._try(path, lambda: save_plot(plot, path, look=look))

        dialog = FigureDialog(plot, taken, self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def plot_of(self, panel_id: str) -> Plot | None:
        """The plot that a panel shows now."""
        state = self._store.state
        panel = next((p for p in state.document.panels if p.id == panel_id), None)
        if panel is None or not panel.analysis:
            return None
        request = request_of(state, panel)
        result = None if isinstance(request, Failure) else state.moment.results.get(request)
        if isinstance(request, Failure) or not isinstance(result, Result):
            return None
        draw = ANALYSES[panel.analysis].plots[panel.plot]
        plot = draw(inputs_of(state, request), params_of(state, panel), result)
        return with_logs(plot, panel.logs)

    def save_picture(self, view: Picturable) -> None:
        """Ask for a path, and write what the 3D view shows there."""
        path = self._ask("Export 3D picture", "atoms.png", "Picture (*.png)")
        if path is not None:
            self._try(path, lambda: view.save_png(path))

    def save_selection(self) -> None:
        """The selected models (all when none is selected) as CSV."""
        table = self._store.state.table
        if table is None:
            self._session.notify("No error table is open.", Weight.WARNING)
            return
        path = self._ask("Export selected models", "models.csv", TABLES)
        if path is not None:
            from mlipviewer.io.export import write_rows

            chosen = self._store.state.selected(Space.MODEL)
            rows = chosen if len(chosen) else table.models
            self._try(path, lambda: write_rows(path, table, rows))

    def save_set(self, name: str) -> None:
        """What a named set holds, as a table."""
        state = self._store.state
        one = set_named(state, name)
        if one is not None:
            self._save_table(f"Export set {name}", f"{name}.csv", set_table(state, one))

    def save_series(self, number: int) -> None:
        """A measurement over all frames, as a table."""
        state = self._store.state
        one = measurement(state, number)
        table = None if one is None else series_table(state, one)
        if one is not None and table is not None:
            self._save_table(f"Export {one.name}", f"{one.name}.csv", table)

    def save_measurements(self) -> None:
        """All measurements in the shown frame, as a table."""
        table = values_table(self._store.state)
        self._save_table("Export measurements", "measurements.csv", table)

    def _save_table(self, title: str, name: str, table: Table) -> None:
        from mlipviewer.io.export import write_table

        path = self._ask(title, name.replace("/", "-"), PLAIN_TABLES)
        if path is not None:
            self._try(path, lambda: write_table(path, table))

    def copy_selection(self) -> None:
        """The selected models (all when none is selected) to the clipboard, as a spreadsheet
        takes them: the columns that the table shows, with their names."""
        state = self._store.state
        table = state.table
        if table is None:
            self._session.notify("No error table is open.", Weight.WARNING)
            return
        from mlipviewer.io.export import rows_of_table
        from mlipviewer.io.table_texts import as_tsv

        chosen = state.selected(Space.MODEL)
        rows = chosen if len(chosen) else table.models
        columns = rows_of_table(table, rows)
        shown = {name: c for name, c in columns.items() if name not in state.document.hidden}
        QGuiApplication.clipboard().setText(as_tsv(shown))
        self._session.notify(f"Copied {len(rows)} models x {len(shown)} columns.")

    def _ask(self, title: str, name: str, kinds: str) -> Path | None:
        text, chosen = QFileDialog.getSaveFileName(self._parent, title, name, kinds)
        if not text:
            return None
        path = Path(text)
        return path if path.suffix else path.with_suffix(chosen[chosen.find("*.") + 1 : -1])

    def _try(self, path: Path, write: Callable[[], object]) -> None:
        try:
            write()
        except (OSError, ValueError) as problem:
            self._session.notify(f"{path.name} was not written: {problem}", Weight.ERROR)
        else:
            self._session.notify(f"Written: {path}")

    def show_about(self) -> None:
        text = (
            f"MLIPViewer {mlipviewer.__version__}\n"
            "Machine-learning interatomic potentials: error tables and trajectories,\n"
            f"linked by one selection.\n\nPython {platform.python_version()}. BSD-3-Clause."
        )
        QMessageBox.about(self._parent, "About MLIPViewer", text.replace("\n", "<br>"))
