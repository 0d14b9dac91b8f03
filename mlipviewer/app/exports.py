"""Dialogs that open and save: the only place where the user is asked for paths."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

import mlipviewer
from mlipviewer.app.export_tabs import MODELS, ExportTabs
from mlipviewer.app.file_dialogs import DATA, OPEN, ask_files, ask_folder, ask_save
from mlipviewer.core.analysis import Result
from mlipviewer.core.plot import Space
from mlipviewer.core.progress import Progress
from mlipviewer.gui.carrying import Carried, Carrier
from mlipviewer.io.table_files import About, write_table_files
from mlipviewer.io.table_texts import as_tsv
from mlipviewer.session.landing import add_notice
from mlipviewer.session.measure_changes import measurement
from mlipviewer.session.panels import params_of, request_of
from mlipviewer.session.saving.restoring import fingerprints
from mlipviewer.session.session import Session
from mlipviewer.session.set_changes import set_named
from mlipviewer.session.set_tables import Table, series_table, set_table, values_table
from mlipviewer.session.state import Errand, Failure, Notice, State, Weight
from mlipviewer.session.store import Store
from mlipviewer.views.table_carried import copied_rows

if TYPE_CHECKING:
    from mlipviewer.app.tables.models_export import Make, ModelsDialog

TABLES = (
    "CSV (*.csv);;TSV (*.tsv);;Workbook (*.xlsx);;Parquet (*.parquet);;"
    "Markdown (*.md);;LaTeX (*.tex)"
)
OPENABLE = (
    "All files (*);;Sessions (*.mlipview);;"
    "Error tables (*.csv *.tsv *.xlsx *.parquet *.json *.jsonl *.yaml *.yml *.md);;"
    "Trajectories (*.extxyz *.xyz *.dump *.lammpstrj *XDATCAR* *POSCAR* *.cif *.traj *.gz)"
)


class Exports:
    """Asks for files and does what was asked, telling of failures in one sentence."""

    def __init__(self, parent: QWidget, store: Store, session: Session) -> None:
        self._parent, self._store, self._session = parent, store, session
        self._carrier = Carrier(parent, store)

    def ask_files(self) -> list[str]:
        """The files that the user wants to open."""
        return ask_files(self._parent, "Open", OPEN, OPENABLE)

    def open_folder(self) -> None:
        path = ask_folder(self._parent, "Open folder as sequence", OPEN)
        if path:
            self._session.open([path])

    def ask_models(
        self, draw: Callable[[], object], tabs: ExportTabs | None = None
    ) -> ModelsDialog | None:
        """Which models and columns go where; `draw` has the table drawn as a figure."""
        from mlipviewer.app.tables.models_export import Ends, ModelsDialog

        if self._store.state.table is None:
            self._session.notify("No error table is open.", Weight.WARNING)
            return None
        ends = Ends(self._write_models, self._copy_models, draw)
        dialog = ModelsDialog(self._store.state, ends, self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if tabs is not None:
            tabs.add_to(dialog, MODELS)
        dialog.open()
        return dialog

    def _write_models(self, make: Make, units: Mapping[str, str]) -> None:
        self._save_table("Export models", "models.csv", make, units)

    def _copy_models(self, make: Make, label: str) -> None:
        self._carrier.copy(lambda: Carried(label, text=as_tsv(make())))

    def save_set(self, name: str) -> None:
        """What a named set holds, as a table."""
        state = self._store.state
        one = set_named(state, name)
        if one is not None:
            make = partial(set_table, state, one)
            self._save_table(f"Export set {name}", f"{name}.csv", make)

    def save_series(self, number: int) -> None:
        """A measurement over all frames, as a table."""
        state = self._store.state
        one = measurement(state, number)
        table = None if one is None else series_table(state, one)
        if one is not None and table is not None:
            self._save_table(f"Export {one.name}", f"{one.name}.csv", lambda: table)

    def save_measurements(self) -> None:
        """All measurements in the shown frame, as a table."""
        make = partial(values_table, self._store.state)
        self._save_table("Export measurements", "measurements.csv", make)

    def save_plot_data(self, panel_id: str) -> None:
        """What a plot shows, and into a workbook the tables of its analysis too."""
        from mlipviewer.app.figures.drawings import NoFigure, plot_of
        from mlipviewer.core.plot_data import plot_table

        state = self._store.state
        panel = state.document.panel(panel_id)
        try:
            shown = plot_table(plot_of(state, panel))
        except NoFigure as reason:
            self._session.notify(f"There are no data to export: {reason}", Weight.WARNING)
            return
        path = self._ask("Export data", f"{panel_id}.csv", TABLES)
        request = request_of(state, panel)
        result = None if isinstance(request, Failure) else state.moment.results.get(request)
        if path is not None and isinstance(result, Result):
            about = About(panel.title, result.units, settings=vars(params_of(state, panel)))
            self.write(path, lambda: shown, about, result.tables)

    def _save_table(
        self, title: str, name: str, make: Make, units: Mapping[str, str] | None = None
    ) -> None:
        path = self._ask(title, name.replace("/", "-"), TABLES)
        if path is not None:
            self.write(path, make, About(title.removeprefix("Export "), units or {}))

    def write(
        self, path: Path, make: Make, about: About, more: Mapping[str, Table] | None = None
    ) -> None:
        """Have a table made and written by a job, with the hashes of the session's inputs."""
        inputs = self._store.state.document.inputs

        def work(progress: Progress) -> tuple[Path, ...]:
            told = replace(about, inputs=fingerprints(inputs, progress))
            try:
                return write_table_files(path, make(), told, more)
            except (OSError, ValueError, ImportError) as problem:
                raise ValueError(f"{path.name} was not written: {problem}") from None

        def land(state: State, written: tuple[Path, ...]) -> State:
            return add_notice(state, Notice(f"Written: {', '.join(map(str, written))}"))

        errand = Errand(f"Table {path.name}", work, land)
        self._store.commit(
            lambda s: s.with_moment(errands=(*s.moment.errands, errand)), f"Table {path.name}"
        )

    def copy_selection(self) -> None:
        """The selected models (all when none is selected) to the clipboard, as a spreadsheet
        takes them: the columns that the table shows, with their names."""
        state = self._store.state
        table = state.table
        if table is None:
            self._session.notify("No error table is open.", Weight.WARNING)
            return
        chosen = state.selected(Space.MODEL)
        rows = chosen if len(chosen) else table.models
        self._carrier.copy(partial(copied_rows, table, rows, state.document.hidden))

    def _ask(self, title: str, name: str, kinds: str) -> Path | None:
        return ask_save(self._parent, title, DATA, name, kinds)

    def show_about(self) -> None:
        text = (
            f"MLIPViewer {mlipviewer.__version__}\n"
            "Machine-learning interatomic potentials: error tables and trajectories,\n"
            f"linked by one selection.\n\nPython {platform.python_version()}. BSD-3-Clause."
        )
        QMessageBox.about(self._parent, "About MLIPViewer", text.replace("\n", "<br>"))
