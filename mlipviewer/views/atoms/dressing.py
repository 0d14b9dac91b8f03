"""How the atoms are dressed: panels of settings, colours, legend, labels, and what may be asked."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtWidgets import QPushButton

from mlipviewer.core.differences import DISPLACEMENT, beside_names
from mlipviewer.core.rows import Mask
from mlipviewer.gui.editors import Popover
from mlipviewer.gui.keys import Deeds
from mlipviewer.gui.scene.labels import label_texts, labelled_rows
from mlipviewer.gui.scene.paints import SPECIES, paintable_columns
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.session import colourings
from mlipviewer.session.colourings import PaneOf, active_colouring, coloured
from mlipviewer.session.look_changes import look, look_at
from mlipviewer.session.looks import BONDS_AT_ONCE, Labels
from mlipviewer.session.notices import add_notice
from mlipviewer.session.standing import reference_frame
from mlipviewer.session.state import Colouring, Notice, State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.bar import AtomsBar
from mlipviewer.views.atoms.colour_panel import ColourPanel
from mlipviewer.views.atoms.columns_panel import ColumnsPanel
from mlipviewer.views.atoms.label_paint import PaneLabels
from mlipviewer.views.atoms.legends import Legends
from mlipviewer.views.atoms.panels import ShowPanel, SlicePanel, StylePanel
from mlipviewer.views.atoms.slice_handle import SliceHandles
from mlipviewer.views.atoms.stickers import Stickers
from mlipviewer.views.atoms.surface import Surface
from mlipviewer.views.atoms.vector_page import forces_column


class Dressing:
    """Shows the looks of the document on the canvas, and commits what its panels are told."""

    def __init__(self, store: Store, canvas: Scene, surface: Surface, bar: AtomsBar) -> None:
        self._store, self._canvas, self._surface, self._bar = store, canvas, surface, bar
        self.legends = Legends(store, canvas, surface, bar)
        self.style, self.show = StylePanel(store), ShowPanel(store)
        self.slice, self.colour = SlicePanel(store), ColourPanel(store)
        self.columns = ColumnsPanel(store)
        self.popovers = (
            Popover("Colour", "How values become colours", self.colour),
            Popover("Style", "How atoms are drawn", self.style),
            Popover("Show", "Cell, bonds, vectors, polyhedra, labels", self.show),
            Popover("Slice", "Cut the atoms by a plane or a box", self.slice),
            Popover("Columns", "What is computed of each atom", self.columns),
        )
        self.chip = QPushButton(surface)
        self.chip.setAccessibleName("Bonds")
        self.chip.hide()
        self.stickers = Stickers(store, canvas, surface)
        self.handles = SliceHandles(store, canvas, surface)
        self.labels: list[PaneLabels | None] = []
        self._names: tuple[str, ...] = ()
        self._problem = ""
        bar.add_popovers(self.popovers)
        self.colour.add_first(bar.maps, bar.fix)
        self._connect()

    def _connect(self) -> None:
        self.chip.clicked.connect(self._compute_bonds)
        self.slice.from_view.connect(self._slice_from_view)
        self.legends.menu_wanted.connect(self._open_colours)
        self.colour.select_wanted.connect(self._select_between)
        self._bar.column_chosen.connect(self._colour_by)
        self._bar.map_chosen.connect(self._choose_map)
        self._bar.range_fixed.connect(self._fix_range)
        self._canvas.problem_found.connect(self._show_problem)
        for popover in self.popovers:
            popover.opened.connect(lambda: self._fill_panels(self._store.state))

    # -- showing ---------------------------------------------------------------------------

    def show_looks(self, state: State, names: tuple[str, ...]) -> bool:
        """Draw as the document says, but for where spheres are, which is prepared; whether that is
        otherwise than before."""
        self._names = names
        looks = state.document.looks
        since = [reference_frame(state, name) for name in names]
        same_since = all(
            pane.since is frame for pane, frame in zip(self._canvas.panes, since, strict=False)
        )
        other = self._canvas.looks != looks
        if other or not same_since:
            self._canvas.take_looks(looks, since)
        return other

    def show_legends(self, state: State, panes: tuple[PaneOf, ...]) -> None:
        """The legends, and in the bar the colouring that it is about."""
        self.legends.show_state(state, panes)
        number, colouring = active_colouring(state), coloured(state)
        shown = self.legends.of(number)
        if not shown or (frame := shown[0][1].frame) is None:
            self._bar.show_columns((SPECIES,), Colouring(), bar=False)
            return
        paint = shown[0][1].paint
        bar = paint is not None and paint.continuous
        frames = [pane.frame for _, pane in shown if pane.frame is not None]
        columns = (*paintable_columns(frame), *beside_names(frames))
        self._bar.show_columns(columns, colouring, bar)
        self.popovers[0].setVisible(bar or len(frames) > 1)

    def take_theme(self) -> None:
        """Show what lies over the atoms in the canvas' theme."""
        self.settle()
        self.legends.take_theme()

    def show_labels(self, state: State, masks: list[Mask]) -> None:
        """What is written at the atoms of each pane."""
        wish = state.document.looks.labels
        made: list[PaneLabels | None] = []
        for pane, mask in zip(self._canvas.panes, masks, strict=False):
            made.append(_labels(pane, wish, mask))
        if made != self.labels:
            self.labels = self._surface.labels = made
            self._surface.update()

    def show_rest(self, state: State) -> None:
        """The chip, and the open panel."""
        looks, most = state.document.looks, max(pane.n_atoms for pane in self._canvas.panes)
        asks = looks.bonds.shown and most > BONDS_AT_ONCE and not looks.bonds.at_any_size
        self.chip.setVisible(asks or bool(self._problem))
        self.chip.setEnabled(asks)
        self.chip.setText(f"Compute bonds of {most:,} atoms" if asks else self._problem)
        self.stickers.show_state(state, self._names)
        self.handles.show_state(state)
        self.place()
        for popover in self.popovers:
            if popover.frame.isVisible():
                self._fill_panels(state)
                return

    def _fill_panels(self, state: State) -> None:
        looks, pane = state.document.looks, self._canvas.panes[0]
        self.style.show_looks(looks, pane.frame, pane.kinds, pane.paint)
        for panel in (self.show, self.slice):
            panel.show_looks(looks, pane.frame, pane.kinds)
        self.columns.show_asked(state.document.computed, pane.frame)
        self._fill_colours(state)

    def _fill_colours(self, state: State) -> None:
        shown = [pane for _, pane in self.legends.of(active_colouring(state))]
        colouring, frames = coloured(state), [pane.frame for pane in shown if pane.frame]
        column = frames[0].columns.get(colouring.column) if frames else None
        parts = column.shape[1] if column is not None and column.ndim == 2 else 0
        parts = 3 if colouring.column == DISPLACEMENT else parts
        paint = shown[0].paint if shown else None
        known = paint is not None and paint.continuous
        ends = [f"{paint.value_at(i):.5g}" if known and paint else "" for i in (0.0, 1.0)]
        look = state.document.looks.legend
        self.colour.show_colouring(colouring, parts, ends, look, len(frames) > 1, known)

    def place(self) -> None:
        """Put what lies over the atoms where it belongs in the surface."""
        self.legends.settle()
        self.settle()
        self.chip.adjustSize()
        self.chip.move((self._surface.width() - self.chip.width()) // 2, 34)

    def settle(self) -> None:
        """The camera or the theme is another: show what depends on them."""
        self.stickers.settle()
        self.handles.settle()

    def _show_problem(self, problem: str) -> None:
        self._problem = problem
        self.show_rest(self._store.state)

    # -- what the user does ----------------------------------------------------------------

    @property
    def deeds(self) -> Deeds:
        """By the ids of actions."""
        return {
            "mark.cell": self.toggle_cell,
            "mark.bonds": self.toggle_bonds,
            "mark.labels": self.toggle_labels,
            "mark.legend": self.toggle_legend,
            "mark.arrows": self.toggle_arrows,
        }

    def toggle_cell(self) -> None:
        shown = self._store.state.document.looks.cell
        self._store.commit(lambda s: look(s, cell=not shown), "Hide cell" if shown else "Show cell")

    def toggle_bonds(self) -> None:
        shown = self._store.state.document.looks.bonds.shown
        words = "Hide bonds" if shown else "Show bonds"
        self._store.commit(lambda s: look_at(s, "bonds", shown=not shown), words)

    def toggle_labels(self) -> None:
        what = self._store.state.document.looks.labels.what
        words = "Hide labels" if what else "Show labels"
        self._store.commit(lambda s: look_at(s, "labels", what="" if what else "id"), words)

    def toggle_legend(self) -> None:
        shown = self._store.state.document.looks.legend.shown
        words = "Hide legend" if shown else "Show legend"
        self._store.commit(lambda s: look_at(s, "legend", shown=not shown), words)

    def toggle_arrows(self) -> None:
        """Those of the forces; those of any other column are only taken away."""
        state, pane = self._store.state, self._canvas.panes[0]
        if state.document.looks.vectors.shown:
            none = partial(look_at, part="vectors", column="", minus="", since=None)
            self._store.commit(none, "Hide arrows")
            return
        column = forces_column(state, pane.frame)
        if column:
            arrows = partial(look_at, part="vectors", column=column, minus="", since=None)
            self._store.commit(arrows, "Show arrows of forces")
        else:
            said = Notice("No arrows: the shown frame has no column of forces")
            self._store.commit(lambda s: add_notice(s, said), "Show arrows of forces")

    def _open_colours(self, _number: int) -> None:
        """The panel on what a legend shows: of values their map and range, of kinds their colours,
        which are looks."""
        colour, style = self.popovers[:2]
        (style if colour.isHidden() else colour).open()

    def _compute_bonds(self) -> None:
        self._store.commit(lambda s: look_at(s, "bonds", at_any_size=True), "Compute bonds")

    def _slice_from_view(self) -> None:
        x, y, z = np.round(self._canvas.camera.rotation[2], 4).tolist()
        self._store.commit(
            lambda s: look_at(s, "slice", on=True, miller=False, normal=(x, y, z)),
            "Slice across the view",
        )

    def _colour_by(self, column: str) -> None:
        self._store.commit(lambda s: colourings.colour_by(s, column), f"Colour by {column}")

    def _choose_map(self, name: str) -> None:
        self._set_colouring(replace(coloured(self._store.state), map=name), f"Colours {name}")

    def _fix_range(self, fixed: bool) -> None:
        state = self._store.state
        shown = self.legends.of(active_colouring(state))
        paint = shown[0][1].paint if shown else None
        if paint is None:
            return
        low, high = (paint.value_at(0.0), paint.value_at(1.0)) if fixed else (None, None)
        now = replace(coloured(state), low=low, high=high)
        self._set_colouring(now, "Fix the colours' range" if fixed else "Free the colours' range")

    def _select_between(self, low: float, high: float) -> None:
        self.legends.select_between(active_colouring(self._store.state), low, high)

    def _set_colouring(self, colouring: Colouring, label: str) -> None:
        self._store.commit(lambda s: colourings.set_colouring(s, colouring), label)


def _labels(pane: Pane, wish: Labels, mask: Mask) -> PaneLabels | None:
    if not wish.what or pane.frame is None or pane.kinds is None:
        return None
    chosen = mask if len(mask) == pane.n_atoms else None
    labelled = labelled_rows(pane.n_atoms, wish, chosen)
    try:
        texts = label_texts(pane.frame, pane.kinds, wish, labelled)
    except ValueError:
        texts = []
    if not texts:
        return None
    return PaneLabels(tuple(labelled.tolist()), tuple(texts), wish.size)
