"""How the atoms are dressed: panels of settings, colours, legend, labels, and what may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from mlipviewer.core.columns import numbers_of
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mask, Mode, rows
from mlipviewer.gui.editors import Popover
from mlipviewer.gui.gestures import mode_of
from mlipviewer.gui.scene.labels import label_texts, labelled_rows
from mlipviewer.gui.scene.paints import SPECIES, paintable_columns
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.session import changes
from mlipviewer.session.look_changes import look, look_at
from mlipviewer.session.looks import BONDS_AT_ONCE, Labels
from mlipviewer.session.standing import reference_frame
from mlipviewer.session.state import Colouring, RangePolicy, State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.bar import AtomsBar
from mlipviewer.views.atoms.colour_panel import ColourPanel
from mlipviewer.views.atoms.colours import legend_of, shown_columns
from mlipviewer.views.atoms.columns_panel import ColumnsPanel
from mlipviewer.views.atoms.label_paint import PaneLabels
from mlipviewer.views.atoms.legend_view import AtomsLegend
from mlipviewer.views.atoms.panels import ShowPanel, SlicePanel, StylePanel
from mlipviewer.views.atoms.preparation import all_frames_ends
from mlipviewer.views.atoms.slice_handle import SliceHandles
from mlipviewer.views.atoms.stickers import Stickers
from mlipviewer.views.atoms.surface import Surface


class Dressing:
    """Shows the looks of the document on the canvas, and commits what its panels are told."""

    def __init__(self, store: Store, canvas: Scene, surface: Surface, bar: AtomsBar) -> None:
        self._store, self._canvas, self._surface, self._bar = store, canvas, surface, bar
        self.legend = AtomsLegend(surface)
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
        self.legend.moved.connect(self._move_legend)
        self.legend.brushed.connect(self._brush)
        self.legend.swatch_clicked.connect(self._choose_swatch)
        self.legend.menu_wanted.connect(lambda _at: self.popovers[0].open())
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

    def show_legend(self, state: State) -> None:
        looks, colouring = state.document.looks, state.document.colouring
        panes = [pane for pane in self._canvas.panes if pane.paint is not None]
        if not panes or panes[0].frame is None:
            self.legend.show_legend(None)
            self._bar.show_columns((SPECIES,), Colouring(), bar=False)
            return
        legend = legend_of([pane.paint for pane in panes], colouring, self._canvas.theme)
        waits = colouring.policy is RangePolicy.ALL and all_frames_ends(state, self._names) is None
        caption = f"{legend.caption}: this frame yet" if waits and legend.paint.continuous else ""
        legend = replace(legend, caption=caption or legend.caption, form=looks.legend.form)
        self.legend.show_legend(legend, looks.legend.place)
        self.legend.setVisible(looks.legend.shown)
        columns = paintable_columns(panes[0].frame)
        self._bar.show_columns(columns, colouring, legend.paint.continuous)
        self.popovers[0].setVisible(legend.paint.continuous)

    def take_theme(self) -> None:
        """Show what lies over the atoms in the canvas' theme."""
        self.settle()
        if self.legend.legend is not None:
            visible = not self.legend.isHidden()
            self.legend.show_legend(replace(self.legend.legend, theme=self._canvas.theme))
            self.legend.setVisible(visible)

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
        colouring = state.document.colouring
        column = pane.frame.columns.get(colouring.column) if pane.frame is not None else None
        parts = column.shape[1] if column is not None and column.ndim == 2 else 0
        paint = pane.paint
        known = paint is not None and paint.continuous
        ends = [f"{paint.value_at(i):.5g}" if known and paint else "" for i in (0.0, 1.0)]
        self.colour.show_colouring(colouring, parts, ends, looks.legend.form)

    def place(self) -> None:
        """Put what lies over the atoms where it belongs in the surface."""
        self.legend.settle()
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

    def _compute_bonds(self) -> None:
        self._store.commit(lambda s: look_at(s, "bonds", at_any_size=True), "Compute bonds")

    def _slice_from_view(self) -> None:
        x, y, z = np.round(self._canvas.camera.rotation[2], 4).tolist()
        self._store.commit(
            lambda s: look_at(s, "slice", on=True, miller=False, normal=(x, y, z)),
            "Slice across the view",
        )

    def _move_legend(self, x: float, y: float) -> None:
        self._store.commit(lambda s: look_at(s, "legend", place=(x, y)), "Move the legend")

    def _colour_by(self, column: str) -> None:
        self._store.commit(lambda s: changes.colour_by(s, column), f"Colour by {column}")

    def _choose_map(self, name: str) -> None:
        self._set_colouring(
            replace(self._store.state.document.colouring, map=name), f"Colours {name}"
        )

    def _fix_range(self, fixed: bool) -> None:
        paint = self._canvas.panes[0].paint
        if paint is None:
            return
        low, high = (paint.value_at(0.0), paint.value_at(1.0)) if fixed else (None, None)
        now = replace(self._store.state.document.colouring, low=low, high=high)
        self._set_colouring(now, "Fix the colours' range" if fixed else "Free the colours' range")

    def _set_colouring(self, colouring: Colouring, label: str) -> None:
        self._store.commit(lambda s: changes.set_colouring(s, colouring), label)

    def _brush(self, first: float, second: float, modifiers: Qt.KeyboardModifier) -> None:
        paint = self._canvas.panes[0].paint
        if paint is not None:
            low, high = paint.value_at(first), paint.value_at(second)
            # the colours at the ends stand for all that lies beyond
            low = -np.inf if first <= 0 else low
            high = np.inf if second >= 1 else high
            self._select_between(low, high, mode_of(modifiers, self._bar.mode))

    def _select_between(self, low: float, high: float, mode: Mode = Mode.REPLACE) -> None:
        """Select the atoms of all panes whose values lie between two."""
        colouring = self._store.state.document.colouring
        masks = {}
        panes = zip(self._names, self._canvas.panes, strict=False)
        known = [(name, pane.frame) for name, pane in panes if pane.frame is not None]
        columns = shown_columns([frame for _, frame in known], colouring)
        for (name, _), column in zip(known, columns, strict=True):
            if column is not None and column.dtype.kind in "iufb":
                values = numbers_of(column, colouring.component)
                masks[name] = (values >= low) & (values <= high)
        words = f"{low:.4g} to {high:.4g}"
        self._choose(masks, mode, f"Select {colouring.column} {words}")

    def _choose_swatch(self, index: int, modifiers: Qt.KeyboardModifier) -> None:
        """Select the atoms of a species or class."""
        legend = self.legend.legend
        if legend is None or index >= len(legend.paint.swatches):
            return
        wanted = legend.paint.swatches[index].name
        masks = {}
        for name, pane in zip(self._names, self._canvas.panes, strict=False):
            if pane.paint is not None:
                masks[name] = pane.paint.is_of(wanted)
        self._choose(masks, mode_of(modifiers, self._bar.mode), f"Select {wanted}")

    def _choose(self, masks: Mapping[str, Mask], mode: Mode, label: str) -> None:
        ids = {}
        for name, pane in zip(self._names, self._canvas.panes, strict=False):
            if name in masks and pane.frame is not None:
                ids[name] = rows(pane.frame.atom_ids[masks[name]])

        def change(state: State) -> State:
            for name, chosen in ids.items():
                state = changes.select(state, Space.ATOM, chosen, mode, name)
            return state

        self._store.commit(change, label)


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
