"""Dialogs that open and save: the only place where the user is asked for paths."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

import mlipviewer
from mlipviewer.core.plot import Space
from mlipviewer.session.measure_changes import measurement
from mlipviewer.session.session import Session
from mlipviewer.session.set_changes import set_named
from mlipviewer.session.set_tables import Table, series_table, set_table, values_table
from mlipviewer.session.state import Weight
from mlipviewer.session.store import Store

TABLES = "CSV (*.csv);;TSV (*.tsv);;Parquet (*.parquet);;Markdown (*.md);;LaTeX (*.tex)"
PLAIN_TABLES = "CSV (*.csv);;Parquet (*.parquet)"
OPENABLE = (
    "All files (*);;Sessions (*.mlipview);;"
    "Error tables (*.csv *.tsv *.xlsx *.parquet *.json *.jsonl *.yaml *.yml *.md);;"
    "Trajectories (*.extxyz *.xyz *.dump *.lammpstrj *XDATCAR* *POSCAR* *.cif *.traj *.gz)"
)


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
