"""The atoms of the shown trajectories in 3D, coloured, marked, picked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mask, member
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.carrying import DragHandle
from mlipviewer.gui.drawing import image_bytes
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.gui.keys import Deeds, LocalKeys
from mlipviewer.gui.menus import menu_button
from mlipviewer.gui.scene.plain_canvas import canvas_for_screen
from mlipviewer.gui.scene.veils import veils_of
from mlipviewer.gui.theme import DARK, LIGHT, current_theme
from mlipviewer.gui.view import View
from mlipviewer.io.files import write_bytes
from mlipviewer.session.actions.action import Where
from mlipviewer.session.actions.view import VIEW_ACTIONS
from mlipviewer.session.colourings import (
    PaneOf,
    active_colouring,
    make_active,
    panes_of,
)
from mlipviewer.session.looks import Background
from mlipviewer.session.sceneries import scenery_of
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.bar import AtomsBar
from mlipviewer.views.atoms.carried import carried_picture
from mlipviewer.views.atoms.choosing import Choosing
from mlipviewer.views.atoms.company import Company
from mlipviewer.views.atoms.dressing import Dressing
from mlipviewer.views.atoms.figure import AtomsDrawing, atoms_drawing
from mlipviewer.views.atoms.hover_card import HoverCard, hovered_atom, row_of
from mlipviewer.views.atoms.legend_view import AtomsLegend
from mlipviewer.views.atoms.looking import Looking
from mlipviewer.views.atoms.marking import marks_of
from mlipviewer.views.atoms.mouse import Tool
from mlipviewer.views.atoms.pane_words import pane_words
from mlipviewer.views.atoms.picture import picture
from mlipviewer.views.atoms.preparation import Made, Preparation
from mlipviewer.views.atoms.status import StatusLine
from mlipviewer.views.atoms.surface import Surface
from mlipviewer.views.atoms.words import (
    MOST_MEASURED,
    status_changed,
    status_words,
)


class AtomsView(View, QWidget):
    """Shows what `shown_trajectories` names, side by side under one camera."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.canvas = canvas_for_screen()
        self.looking = Looking(self.canvas)
        self.surface = Surface(self.canvas)
        self.hover_card = HoverCard(self.canvas, self.surface)
        self.card = self.hover_card.label
        self.bar = AtomsBar()
        self.dressing = Dressing(store, self.canvas, self.surface, self.bar)
        self.legends = self.dressing.legends
        self.choosing = Choosing(store, self.canvas, self.bar)
        self.company = Company(store, self.canvas, self.surface, self.choosing, self.looking)
        carried = partial(carried_picture, self.figure, self.canvas, "atoms")
        self.handle = DragHandle("the picture", store, carried)
        self.bar.add_handle(self.handle)
        self.bar.add_menu(
            menu_button(
                "Views", "Views of one run in other colours; cameras", self.company.views.fill
            )
        )
        self.status_line = StatusLine(store)
        self.status = self.status_line.label
        self._of: tuple[PaneOf, ...] = ()
        self._masks: list[Mask] = [np.zeros(0, bool)]
        self._raw: list[Frame | None] = [None]  # the frames shown, with their hidden atoms
        self._marked: list[tuple[Any, ...]] = [()]  # of what the marks of each pane were made
        self.preparation = Preparation(self)
        self._dark: bool | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.company.find)
        layout.addWidget(self.status_line)
        layout.addWidget(self.bar)
        self.setMinimumSize(220, 180)
        self.deeds = self._deeds()
        LocalKeys(self.surface, Where.ATOMS, store, self.deeds)
        self._connect()
        self._take_theme()

    def _connect(self) -> None:
        surface, bar = self.surface, self.bar
        surface.resized.connect(self.dressing.place)
        surface.resized.connect(self.canvas.fit_again)
        surface.clicked.connect(self.choosing.click)
        surface.pressed.connect(self._touch)
        surface.double_clicked.connect(self._centre_at)
        surface.outlined.connect(self.choosing.choose_inside)
        surface.turned.connect(self.looking.turn)
        surface.panned.connect(self.looking.pan)
        surface.wheeled.connect(self.looking.zoom)
        surface.pinched.connect(self.looking.pinch)
        surface.rolled.connect(self.looking.roll)
        surface.smart_zoomed.connect(self.reset_view)
        surface.rested.connect(self.choosing.point)
        bar.tool_chosen.connect(self.set_tool)
        bar.reset_wanted.connect(self.reset_view)
        bar.perspective_wanted.connect(self.looking.set_perspective)
        self.canvas.camera_changed.connect(self._camera_moved)
        self.preparation.arrived.connect(self._arrive)
        self.preparation.failed.connect(self._give_up)

    # -- showing ---------------------------------------------------------------------------

    def show_state(self, old: State | None, new: State) -> None:
        of = panes_of(new)
        others = of != self._of
        if others:
            self._set_panes(of)
        redressed = self.dressing.show_looks(new, self._names)
        made = self.preparation.want(new, of, self.canvas.panes)
        self.canvas.preparing = self.preparation.waiting
        if redressed:
            self._take_theme()
        self._show(old, new, made, others or redressed or old is None)

    def _arrive(self, made: Made) -> None:
        """A thread has prepared panes. What is newer than that comes with the next turn."""
        self.canvas.preparing = self.preparation.waiting
        if self._shown is not None and made.ask.of == self._of:
            self._show(self._shown, self._shown, made, False)

    def _show(self, old: State | None, new: State, made: Made | None, others: bool) -> None:
        moved = self._take(made)
        if others or any(moved):
            self.canvas.moves() if new.moment.playing else self.canvas.redraw()
        if others or made is not None or _other_active(old, new):
            self.dressing.show_legends(new, self._of)
            self.canvas.redraw()
        chosen = [self._show_marks(i, new) for i in range(len(self._names))]
        for i, name in enumerate(self._names):
            scenery = scenery_of(new, name)
            space = scenery.space if scenery is not None else Space.POLYHEDRON
            hovered = new.hovered(space) if name == new.owner(space) else None
            self.canvas.set_scenery(i, scenery, new.selected(space, name), hovered)
        if others or any(moved) or any(chosen) or status_changed(old, new):
            self._show_status(new)
        self.company.show_state(old, new)
        if others or any(moved) or any(chosen):
            self.dressing.show_labels(new, self._masks)
        self._show_words(new)
        self._show_card(new)
        self.dressing.show_rest(new)

    def _take(self, made: Made | None) -> list[bool]:
        """Show what was prepared; of each pane whether another frame is shown."""
        moved, first, repeated = [], False, False
        for i, pane in enumerate(self.canvas.panes):
            one = made.panes[i] if made is not None and i < len(made.panes) else None
            moved.append(one is not None and one.wish.frame is not self._raw[i])
            if one is not None and one.mask is not None and made is not None:
                first |= pane.frame is None
                repeated |= pane.how is not None and pane.how.images != one.how.images
                pane.take(one)
                self._raw[i], self._masks[i] = one.wish.frame, one.mask
                self._marked[i] = (pane.frame, made.ask.panes[i].chosen, made.ask.dims, None)
                self.canvas.set_chosen(i, one.mask)
            elif made is not None and i < len(made.paints):
                paint, shown = made.paints[i], made.ask.panes[i].shown
                if paint is not None and shown is not None and shown[2] is pane.spheres:
                    pane.set_prepared_paint(*paint)
        if first:
            self.looking.face_if_other_size()
        if repeated:
            self.canvas.fit()
        elif any(moved):
            self.canvas.fit_other_cells()
        return moved

    @property
    def _names(self) -> tuple[str, ...]:
        """The run of each pane."""
        return tuple(one.name for one in self._of)

    def _set_panes(self, of: tuple[PaneOf, ...]) -> None:
        """Show these; a pane that showed another run begins anew."""
        old, self._of = self._names, of
        self.choosing.names = names = self._names
        n = max(len(names), 1)
        resized = n != len(self.canvas.panes)
        self.canvas.set_panes(n)
        for i, pane in enumerate(self.canvas.panes):
            if old[i : i + 1] != names[i : i + 1]:
                pane.clear()
        self._masks, self._raw = [np.zeros(0, bool)] * n, [None] * n
        self._marked = [()] * n
        self.preparation.forget(self.canvas.panes)
        if resized:
            self.canvas.fit_again()

    def _show_marks(self, i: int, state: State) -> bool:
        """Write a pane's marks where they changed; whether the selection did."""
        pane, name = self.canvas.panes[i], self._names[i]
        if pane.frame is None:
            return False
        chosen, dims = state.selected(Space.ATOM, name), state.document.dimmed
        now = (pane.frame, chosen, dims, hovered_atom(state, name))
        was = self._marked[i] or (None, None, None, None)
        reselected = was[0] is not now[0] or was[1] is not now[1]
        if not reselected and was[2:] == now[2:]:
            return False
        self._marked[i] = now
        if reselected:
            self._masks[i] = member(pane.frame.atom_ids, chosen)
            self.canvas.set_chosen(i, self._masks[i])
        mask, kinds = self._masks[i], pane.kinds
        veils = veils_of(pane.frame, kinds, pane.looks, mask) if kinds is not None else None
        pane.set_marks(marks_of(mask, row_of(pane, now[3]), dims, veils))
        self.canvas.redraw()
        return reselected

    def _show_status(self, state: State) -> None:
        parts, told, measures = [], set(), False
        for name, pane, mask in zip(self._names, self.canvas.panes, self._masks, strict=False):
            if (
                name not in told
                and pane.frame is not None
                and pane.kinds is not None
                and len(mask) == pane.n_atoms
            ):
                parts.append(status_words(state, name, pane.frame, pane.kinds, mask))
                measures |= 2 <= int(np.count_nonzero(mask)) <= MOST_MEASURED
                told.add(name)
        words = "   |   ".join(part for part in parts if part)
        self.status_line.show_words(words, measures, state.document.periodic)

    def _show_words(self, state: State) -> None:
        of: tuple[PaneOf | None, ...] = self._of or (None,)
        figures = self.company.figures
        words = [pane_words(state, self.canvas, i, one, figures) for i, one in enumerate(of)]
        if words != self.surface.words:
            self.surface.words = words
            self.surface.setAccessibleDescription("; ".join(w.title or w.missing for w in words))
            self.surface.update()

    def _show_card(self, state: State) -> None:
        self.hover_card.show_state(state, self._of)

    # -- looking ---------------------------------------------------------------------------

    def _centre_at(self, at: QPointF) -> None:
        """Orbit about the atom at a pixel, or again about the middle."""
        hit = self.choosing.hit(at)
        if hit is None:
            return
        pane, row = self.canvas.panes[hit[0]], hit[1]
        assert pane.frame is not None
        place = pane.places[row] if row is not None else np.mean(pane.box, axis=0)
        self.looking.centre_on(pane, place)
        self.company.mark_centre(hit[0])

    def _touch(self, at: QPointF) -> None:
        """The bar is about the pane that was pressed last."""
        i = self.canvas.pane_at(at.x(), at.y())
        if i is not None and i < len(self._of):
            number = self._of[i].colouring
            self.store.commit(lambda s: make_active(s, number), "Another view")

    def _deeds(self) -> Deeds:
        """What this view does, by the ids of actions."""
        looks = (one.id for one in VIEW_ACTIONS if one.id.startswith("look."))
        return {
            **{name: partial(self.looking.do, name) for name in looks},
            **self.company.deeds,
            "look.all": self.reset_view,
            "look.selected": self.focus_selection,
            **self.dressing.deeds,
            "tool.select": self._next_select_tool,
            "tool.pick": self._rotate_tool,
        }

    def _camera_moved(self) -> None:
        self.bar.perspective.setChecked(self.canvas.camera.perspective)
        self.dressing.settle()
        if self._shown is not None:
            self._show_card(self._shown)
            self._show_words(self._shown)
        self.surface.update()

    def reset_view(self) -> None:
        """See everything, slightly from above."""
        self.looking.face()

    def focus_selection(self) -> None:
        """Bring the selected atoms of the first pane that has some into view."""
        for pane, mask in zip(self.canvas.panes, self._masks, strict=True):
            if pane.frame is not None and len(mask) == pane.n_atoms and mask.any():
                self.looking.go_to(pane, pane.places[mask])
                return

    def set_tool(self, tool: Tool) -> None:
        """What dragging does."""
        self.surface.tool = tool
        self.bar.show_tool(tool)

    def _rotate_tool(self) -> None:
        self.set_tool(Tool.ROTATE)

    def _next_select_tool(self) -> None:
        rectangle = self.surface.tool is Tool.RECTANGLE
        self.set_tool(Tool.LASSO if rectangle else Tool.RECTANGLE)

    # -- theme, sizes, pictures ------------------------------------------------------------

    def set_theme(self, dark: bool | None) -> None:
        """A light or dark background; None follows the application."""
        self._dark = dark
        self._take_theme()

    def _take_theme(self) -> None:
        always = {Background.WHITE: False, Background.DARK: True}
        dark = always.get(self.store.state.document.looks.background, self._dark)
        themes = {None: current_theme(), True: DARK, False: LIGHT}
        self.canvas.set_theme(themes[dark])
        self.dressing.take_theme()
        self.hover_card.take_theme(self.canvas.theme)
        self.surface.update()

    @property
    def legend(self) -> AtomsLegend:
        """That of the first colouring."""
        return self.legends.first

    @property
    def drawing(self) -> bool:
        """Whether the picture of what is shown is still being made."""
        return self.canvas.isVisible() and not self.canvas.complete

    def detach(self) -> None:
        super().detach()
        self.preparation.close()
        self.canvas.release()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_theme()

    def picture(self, scale: float = 2.0) -> QImage:
        """What is seen, with titles and legend, `scale` pixels for each of the screen."""
        self.preparation.finish()
        stickers = self.dressing.stickers
        return picture(self.canvas, self.surface, self.legends, stickers, self.font(), scale)

    def _give_up(self, reason: str) -> None:
        self.canvas.preparing = False
        self.canvas.problem_found.emit(reason)

    def figure(self, look: FigureLook) -> AtomsDrawing:
        """What is seen, as a figure of that look: all of it when the preparation is ready."""
        state = self._shown or self.store.state
        return atoms_drawing(state, self.canvas, self.surface, self.legends, self._of, look)

    def save_png(self, path: str | Path, scale: float = 2.0) -> None:
        """Write the picture as PNG. Raises OSError."""
        write_bytes(path, image_bytes(self.picture(scale)))


def _other_active(old: State | None, new: State) -> bool:
    return old is None or active_colouring(old) != active_colouring(new)
