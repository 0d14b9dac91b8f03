"""The legends over the atoms, one for each colouring, and the selections that are made on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from mlipviewer.core.columns import numbers_of
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mask, Mode, rows
from mlipviewer.gui.gestures import mode_of
from mlipviewer.gui.scene.paints import NO_VALUE
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.session import changes
from mlipviewer.session.colourings import PaneOf, colourings_of, make_active
from mlipviewer.session.look_changes import look_at
from mlipviewer.session.state import Colouring, RangePolicy, State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.bar import AtomsBar
from mlipviewer.views.atoms.colours import legend_of
from mlipviewer.views.atoms.legend import Legend, paint_legend
from mlipviewer.views.atoms.legend_view import AtomsLegend
from mlipviewer.views.atoms.preparation import all_frames_ends


class Legends(QObject):
    """Shows the legends in the panes of their colourings. `menu_wanted` has the number of one."""

    menu_wanted = Signal(int)

    def __init__(self, store: Store, canvas: Scene, surface: QWidget, bar: AtomsBar) -> None:
        super().__init__(surface)
        self._store, self._canvas, self._surface, self._bar = store, canvas, surface, bar
        self._panes: tuple[PaneOf, ...] = ()
        self.widgets: list[AtomsLegend] = []
        self._made(0)

    @property
    def first(self) -> AtomsLegend:
        return self.widgets[0]

    def _made(self, number: int) -> AtomsLegend:
        """The legend of a colouring, made when it is first shown."""
        while len(self.widgets) <= number:
            k, one = len(self.widgets), AtomsLegend(self._surface)
            one.moved.connect(self._move)
            one.brushed.connect(partial(self._brush, k))
            one.swatch_clicked.connect(partial(self._choose_swatch, k))
            one.menu_wanted.connect(partial(self._want_menu, k))
            self.widgets.append(one)
        return self.widgets[number]

    # -- showing ---------------------------------------------------------------------------

    def of(self, number: int) -> list[tuple[str, Pane]]:
        """The runs and panes of one colouring, as far as they show something."""
        found = zip(self._panes, self._canvas.panes, strict=False)
        return [(of.name, pane) for of, pane in found if of.colouring == number and pane.paint]

    def show_state(self, state: State, panes: tuple[PaneOf, ...]) -> None:
        self._panes = panes
        shown = colourings_of(state)
        for k, colouring in enumerate(shown):
            self._show(state, k, colouring)
        for one in self.widgets[len(shown) :]:
            one.show_legend(None)

    def _show(self, state: State, number: int, colouring: Colouring) -> None:
        widget, panes = self._made(number), self.of(number)
        looks = state.document.looks.legend
        if not panes:
            widget.show_legend(None)
            return
        legend = legend_of([pane.paint for _, pane in panes], colouring, self._canvas.theme)
        names = [name for name, _ in panes]
        waits = (
            colouring.policy is RangePolicy.ALL and all_frames_ends(state, names, colouring) is None
        )
        caption = f"{legend.caption}: this frame yet" if waits and legend.paint.continuous else ""
        widget.room = room = self._room(number)
        across = float(room.width()) or 1000.0
        legend = replace(
            legend,
            caption=caption or legend.caption,
            form=looks.form,
            room=across,
            every=looks.every,
        )
        widget.show_legend(legend, looks.place)
        widget.setVisible(looks.shown)

    def _room(self, number: int) -> QRect:
        """Where the panes of a colouring lie, in the surface."""
        rects = zip(self._panes, self._canvas.rects(), strict=False)
        found = QRect()
        for rect in (QRect(*rect) for of, rect in rects if of.colouring == number):
            found = found.united(rect)
        return found

    def settle(self) -> None:
        """The panes are of another size."""
        for k, one in enumerate(self.widgets):
            one.room = self._room(k)
            if one.legend is not None and one.legend.room != one.room.width():
                self._redress(one, room=float(one.room.width()))
            one.settle()

    def take_theme(self) -> None:
        for one in self.widgets:
            self._redress(one, theme=self._canvas.theme)

    def _redress(self, one: AtomsLegend, **about: Any) -> None:
        """Another look of a legend, seen or not as before."""
        if one.legend is not None:
            visible = not one.isHidden()
            one.show_legend(replace(one.legend, **about))
            one.setVisible(visible)

    def paint(self, painter: QPainter, font: QFont) -> None:
        """Paint those that are seen into a picture of the surface."""
        for one in self.seen():
            assert one.legend is not None
            paint_legend(painter, one.legend, font, one.pos())

    def seen(self) -> Iterator[AtomsLegend]:
        return (one for one in self.widgets if one.legend is not None and not one.isHidden())

    def legend_of(self, number: int) -> Legend | None:
        return self.widgets[number].legend if number < len(self.widgets) else None

    # -- what the user does ----------------------------------------------------------------

    def _move(self, x: float, y: float) -> None:
        self._store.commit(lambda s: look_at(s, "legend", place=(x, y)), "Move the legend")

    def _want_menu(self, number: int, _at: QPoint) -> None:
        self._store.commit(lambda s: make_active(s, number), "Colours of another view")
        self.menu_wanted.emit(number)

    def _brush(self, number: int, first: float, second: float, modifiers: Any) -> None:
        paint = next((pane.paint for _, pane in self.of(number)), None)
        if paint is not None:
            low, high = paint.value_at(first), paint.value_at(second)
            # the colours at the ends stand for all that lies beyond
            low = -np.inf if first <= 0 else low
            high = np.inf if second >= 1 else high
            self.select_between(number, low, high, mode_of(modifiers, self._bar.mode))

    def select_between(
        self, number: int, low: float, high: float, mode: Mode = Mode.REPLACE
    ) -> None:
        """Select the atoms of a colouring's panes whose values lie between two."""
        colouring = colourings_of(self._store.state)[number]
        masks = {}
        for name, pane in self.of(number):
            mask = _between(pane, colouring, low, high)
            if mask is not None:
                masks[name] = mask
        words = f"{low:.4g} to {high:.4g}"
        self._choose(number, masks, mode, f"Select {colouring.column} {words}")

    def _choose_swatch(self, number: int, index: int, modifiers: Qt.KeyboardModifier) -> None:
        """Select the atoms of a species or class."""
        legend = self.widgets[number].legend
        if legend is None or index >= len(legend.paint.swatches):
            return
        wanted = legend.paint.swatches[index].name
        panes = self.of(number)
        masks = {name: pane.paint.is_of(wanted) for name, pane in panes if pane.paint is not None}
        self._choose(number, masks, mode_of(modifiers, self._bar.mode), f"Select {wanted}")

    def _choose(self, number: int, masks: Mapping[str, Mask], mode: Mode, label: str) -> None:
        ids = {}
        for name, pane in self.of(number):
            if name in masks and pane.frame is not None:
                ids[name] = rows(pane.frame.atom_ids[masks[name]])

        def change(state: State) -> State:
            for name, chosen in ids.items():
                state = changes.select(state, Space.ATOM, chosen, mode, name)
            return state

        self._store.commit(change, label)


def _between(pane: Pane, colouring: Colouring, low: float, high: float) -> Mask | None:
    """(n,) which atoms of a pane have values from `low` to `high`; None where it shows none.

    Values that runs have only side by side are those of the colours, in single precision.
    """
    frame, paint = pane.frame, pane.paint
    if frame is None or paint is None or not paint.continuous:
        return None
    column = frame.columns.get(colouring.column)
    if column is not None and not colouring.difference:
        values = numbers_of(column, colouring.component)
        return (values >= low) & (values <= high)
    first, last = (np.float32(paint.place_of(end) - paint.zero) for end in (low, high))
    return (paint.data >= first) & (paint.data <= last) & (paint.data < NO_VALUE)
