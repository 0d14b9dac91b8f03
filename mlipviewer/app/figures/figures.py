"""Figures from the window: asked for by a dialog, drawn and written by a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mlipviewer.app.export_tabs import FIGURE as FIGURE_TAB
from mlipviewer.app.export_tabs import ExportTabs
from mlipviewer.app.figures.drawings import ATOMS, TABLE, Drawings, NoFigure
from mlipviewer.app.figures.of_session import told_of
from mlipviewer.app.file_dialogs import FIGURE, ask_save
from mlipviewer.core.progress import Progress
from mlipviewer.gui.carrying import Carrier, figure_carried
from mlipviewer.gui.drawing import Drawing, write_drawing
from mlipviewer.gui.figure import PlotDrawing
from mlipviewer.gui.figure_look import PARTS, PRESETS, FigureLook, look_of_text, text_of_look
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.figures import figure_named
from mlipviewer.session.landing import add_notice
from mlipviewer.session.saving.receipts import receipt_of
from mlipviewer.session.saving.session_file import Saved
from mlipviewer.session.saving.trust import trust
from mlipviewer.session.session import Session
from mlipviewer.session.state import Errand, Notice, State, Weight
from mlipviewer.session.store import Store

if TYPE_CHECKING:
    from mlipviewer.app.docks import Docks
    from mlipviewer.app.figures.composite_dialog import CompositeDialog
    from mlipviewer.app.figures.dialog import Extras, FigureDialog, Subject
    from mlipviewer.views.atoms import AtomsView

KINDS = "Vector figure (*.svg);;PDF (*.pdf);;Picture (*.png);;TIFF (*.tiff)"


class Figures:
    """Asks how a view is to look as a figure, and has it written."""

    def __init__(
        self,
        parent: QWidget,
        store: Store,
        session: Session,
        docks: Docks,
        saved: Callable[[], Saved],
    ) -> None:
        self._parent, self._store, self._session = parent, store, session
        self._docks, self._saved = docks, saved
        self._carrier = Carrier(parent, store)
        self.tabs: ExportTabs | None = None  # known once there are menus
        self.drawings = Drawings(lambda: self._store.state, self._atoms)

    def _atoms(self) -> AtomsView | None:
        dock = self._docks.by_panel.get(ATOMS)
        from mlipviewer.views.atoms import AtomsView

        return dock.view if dock is not None and isinstance(dock.view, AtomsView) else None

    def ask(self, name: str) -> None:
        """Ask how a view is to look and where it goes, when it is ready to be drawn."""
        self.drawings.when_ready(name, partial(self._ask_now, name))

    def _ask_now(self, name: str) -> FigureDialog | None:
        """None where there is nothing to draw."""
        subject = self._subject(name)
        look = self._first_look(name, subject)
        try:
            self.drawings.drawing(name, look)
        except NoFigure as reason:
            self._session.notify(f"There is no figure to export: {reason}", Weight.WARNING)
            return None
        from mlipviewer.app.figures.dialog import FigureDialog

        taken, copied = partial(self._taken, name), partial(self._copy, name)
        dialog = FigureDialog(subject, look, taken, self._parent, copied)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.tabs is not None:
            self.tabs.add_to(dialog, FIGURE_TAB)
        dialog.open()
        return dialog

    def ask_composite(self) -> CompositeDialog:
        """Ask which views stand where on one sheet."""
        from mlipviewer.app.figures.composite_dialog import CompositeDialog

        def export(name: str, look: FigureLook) -> None:
            path = self._ask_path(name.replace("/", "-"))
            if path is not None:
                self.write(name, look, path)

        dialog = CompositeDialog(self._store, self.drawings, export, self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _subject(self, name: str) -> Subject:
        from mlipviewer.app.figures.dialog import Subject

        layout = figure_named(self._store.state, name)
        view = self._atoms()
        seen = view.canvas.width() / max(view.canvas.height(), 1) if view is not None else 0.0
        return Subject(
            partial(self.drawings.drawing, name),
            self._parts(name),
            self.drawings.holds_atoms(name),
            seen if name == ATOMS else 0.0,
            has_data=name not in (ATOMS, TABLE) and layout is None,
        )

    def _parts(self, name: str) -> tuple[tuple[str, bool], ...]:
        """The parts that mean something, and whether they are shown at first."""
        looks = self._store.state.document.looks
        if name == TABLE:
            return ()
        if name != ATOMS:
            return (("title", True), ("legend", True), ("selection", False))
        now = {
            "title": False,
            "legend": looks.legend.shown,
            "axes": looks.axes,
            "labels": bool(looks.labels.what),
            "text": looks.text.shown,
            "scale bar": looks.scale_bar.shown,
            "selection": True,
        }
        return tuple((part, now[part]) for part in PARTS)

    def _first_look(self, name: str, subject: Subject) -> FigureLook:
        from mlipviewer.app.figures.dialog import in_ratio

        kept = look_of_text(settings_in_use.now.text("figures.look")) or next(
            iter(PRESETS.values())
        )
        look = in_ratio(self.drawings.usual_look(name, kept), subject.ratio)
        look = replace(look, parts=tuple(subject.parts))
        return replace(look, dpi=300) if subject.atoms and look.problem_of_scene else look

    def _taken(self, name: str, look: FigureLook, extras: Extras) -> None:
        settings_in_use.set("figures.look", text_of_look(look))
        stem = "figure" if name == ATOMS else name
        path = self._ask_path("atoms" if name == ATOMS else stem.replace("/", "-"))
        if path is not None:
            self.write(name, look, path, extras.receipt, extras.data)

    def _copy(self, name: str, look: FigureLook) -> None:
        """The figure as it would be written, on the clipboard."""
        try:
            drawing = self.drawings.drawing(name, look)
        except NoFigure as reason:
            self._session.notify(f"There is no figure to copy: {reason}", Weight.WARNING)
            return
        vector = not self.drawings.holds_atoms(name)
        self._carrier.copy(partial(figure_carried, drawing, f"the figure of {name}", vector))

    def _ask_path(self, stem: str) -> Path | None:
        path = ask_save(self._parent, "Export figure", FIGURE, f"{stem}.svg", KINDS)
        return None if path is None else path.absolute()

    def write(
        self, name: str, look: FigureLook, path: Path, receipt: bool = True, data: bool = False
    ) -> None:
        """Have a view as it is now written, in a job, as soon as all of it is shown. What is wrong
        is told in one sentence."""
        self.drawings.when_ready(name, partial(self._write_now, name, look, path, receipt, data))

    def _write_now(
        self, name: str, look: FigureLook, path: Path, receipt: bool, data: bool
    ) -> None:
        try:
            drawing = self.drawings.drawing(name, look)
        except NoFigure as reason:
            self._session.notify(f"{path.name} was not written: {reason}", Weight.ERROR)
            return
        saved = self._saved() if receipt else None
        work = partial(_write, drawing, path, saved, told_of(name, look), data)

        def land(state: State, written: tuple[Path, ...]) -> State:
            return add_notice(state, Notice(f"Written: {', '.join(map(str, written))}"))

        errand = Errand(f"Figure {path.name}", work, land)
        self._store.commit(
            lambda s: s.with_moment(errands=(*s.moment.errands, errand)), f"Figure {path.name}"
        )


def _write(
    drawing: Drawing,
    path: Path,
    saved: Saved | None,
    told: dict[str, Any],
    data: bool,
    progress: Progress,
) -> tuple[Path, ...]:
    """Write a figure, and its data beside it. Raises ValueError with one sentence, Cancelled."""
    try:
        xmp, digest = receipt_of(saved, path.parent, told) if saved is not None else ("", "")
        write_drawing(drawing, path, xmp, progress)
        if digest:
            trust(digest)
        return (path, *_data_beside(drawing, path)) if data else (path,)
    except (OSError, ValueError) as problem:
        raise ValueError(f"{path.name} was not written: {problem}") from None


def _data_beside(drawing: Drawing, path: Path) -> tuple[Path, ...]:
    from mlipviewer.core.plot_data import plot_table
    from mlipviewer.io.export import write_table

    if not isinstance(drawing, PlotDrawing):
        return ()
    beside = path.with_suffix(".csv")
    write_table(beside, plot_table(drawing.plot))
    return (beside,)
