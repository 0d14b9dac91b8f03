"""The atoms of the shown trajectories in 3D, coloured, marked, picked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mask, member
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.figure import image_bytes
from mlipviewer.gui.plain import PlainLabel, card
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.plain_canvas import NO_OPENGL, PlainCanvas, canvas_for_screen
from mlipviewer.gui.scene.veils import veils_of
from mlipviewer.gui.theme import DARK, LIGHT, current_theme
from mlipviewer.gui.view import View
from mlipviewer.io.files import write_bytes
from mlipviewer.session import changes
from mlipviewer.session.looks import Background
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms.bar import AtomsBar
from mlipviewer.views.atoms.choosing import Choosing
from mlipviewer.views.atoms.company import Company
from mlipviewer.views.atoms.dressing import Dressing
from mlipviewer.views.atoms.looking import Looking
from mlipviewer.views.atoms.marking import marks_of
from mlipviewer.views.atoms.picture import picture
from mlipviewer.views.atoms.preparation import Made, Preparation
from mlipviewer.views.atoms.surface import PaneWords, Surface, Tool
from mlipviewer.views.atoms.words import (
    badge_words,
    card_words,
    missing_words,
    status_changed,
    status_words,
    title_words,
)


class AtomsView(View, QWidget):
    """Shows what `shown_trajectories` names, side by side under one camera."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.canvas = canvas_for_screen()
        self.looking = Looking(self.canvas)
        self.surface = Surface(self.canvas)
        self.card = card(self.surface)
        self.bar = AtomsBar()
        self.dressing = Dressing(store, self.canvas, self.surface, self.bar)
        self.legend = self.dressing.legend
        self.choosing = Choosing(store, self.canvas, self.bar)
        self.company = Company(store, self.canvas, self.surface, self.choosing, self.looking)
        self.status = PlainLabel()
        self.status.setObjectName("status")
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.status.setContentsMargins(8, 2, 8, 0)
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._names: tuple[str, ...] = ()
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
        layout.addWidget(self.status)
        layout.addWidget(self.bar)
        self.setMinimumSize(220, 180)
        self._connect()
        self._take_theme()

    def _connect(self) -> None:
        surface, bar = self.surface, self.bar
        surface.resized.connect(self.dressing.place)
        surface.resized.connect(self.canvas.fit_again)
        surface.clicked.connect(self.choosing.click)
        surface.double_clicked.connect(self._centre_at)
        surface.outlined.connect(self.choosing.choose_inside)
        surface.turned.connect(self.looking.turn)
        surface.panned.connect(self.looking.pan)
        surface.wheeled.connect(self.looking.zoom)
        surface.pinched.connect(self.looking.pinch)
        surface.rolled.connect(self.looking.roll)
        surface.smart_zoomed.connect(self.reset_view)
        surface.rested.connect(self.choosing.point)
        surface.key_pressed.connect(self._press_key)
        bar.tool_chosen.connect(self.set_tool)
        bar.reset_wanted.connect(self.reset_view)
        bar.perspective_wanted.connect(self.looking.set_perspective)
        self.canvas.camera_changed.connect(self._camera_moved)
        self.preparation.arrived.connect(self._arrive)

    # -- showing ---------------------------------------------------------------------------

    def show_state(self, old: State | None, new: State) -> None:
        names = tuple(one.name for one in changes.shown_trajectories(new))[:4]
        others = names != self._names
        if others:
            self._set_names(names)
        redressed = self.dressing.show_looks(new, names)
        made = self.preparation.want(new, names, self.canvas.panes)
        self.canvas.preparing = self.preparation.waiting
        if redressed:
            self._take_theme()
        self._show(old, new, made, others or redressed or old is None)

    def _arrive(self, made: Made) -> None:
        """A thread has prepared panes. What is newer than that comes with the next turn."""
        self.canvas.preparing = self.preparation.waiting
        if self._shown is not None and made.ask.names == self._names:
            self._show(self._shown, self._shown, made, False)

    def _show(self, old: State | None, new: State, made: Made | None, others: bool) -> None:
        moved = self._take(made)
        if others or any(moved):
            self.canvas.moves() if new.moment.playing else self.canvas.redraw()
        if others or made is not None:
            self.dressing.show_legend(new)
            self.canvas.redraw()
        chosen = [self._show_marks(i, new) for i in range(len(self._names))]
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
        return moved

    def _set_names(self, names: tuple[str, ...]) -> None:
        old, self._names = self._names, names
        self.choosing.names = names
        self.canvas.set_panes(max(len(names), 1))
        for i, pane in enumerate(self.canvas.panes):
            if old[i : i + 1] != names[i : i + 1]:
                pane.clear()
        n = max(len(names), 1)
        self._masks, self._raw = [np.zeros(0, bool)] * n, [None] * n
        self._marked = [()] * n
        self.preparation.forget(self.canvas.panes)

    def _show_marks(self, i: int, state: State) -> bool:
        """Write a pane's marks where they changed; whether the selection did."""
        pane, name = self.canvas.panes[i], self._names[i]
        if pane.frame is None:
            return False
        chosen, dims = state.selected(Space.ATOM, name), state.document.dimmed
        now = (pane.frame, chosen, dims, _hovered(state, name))
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
        pane.set_marks(marks_of(mask, _row_of(pane, now[3]), dims, veils))
        self.canvas.redraw()
        return reselected

    def _show_status(self, state: State) -> None:
        parts = []
        for name, pane, mask in zip(self._names, self.canvas.panes, self._masks, strict=False):
            if pane.frame is not None and pane.kinds is not None and len(mask) == pane.n_atoms:
                parts.append(status_words(state, name, pane.frame, pane.kinds, mask))
        self.status.setText("   |   ".join(part for part in parts if part))

    def _show_words(self, state: State) -> None:
        names: tuple[str | None, ...] = self._names or (None,)
        words = [
            self._words(state, name, pane)
            for name, pane in zip(names, self.canvas.panes, strict=True)
        ]
        if words != self.surface.words:
            self.surface.words = words
            self.surface.setAccessibleDescription("; ".join(w.title or w.missing for w in words))
            self.surface.update()

    def _words(self, state: State, name: str | None, pane: Pane) -> PaneWords:
        if name is None or pane.frame is None:
            return PaneWords(missing=missing_words(state, name))
        title = title_words(state, name, pane.frame)
        badge = badge_words(state, name, pane.frame)
        if isinstance(self.canvas, PlainCanvas):
            badge = f"{badge} · {NO_OPENGL}" if badge else NO_OPENGL
        return PaneWords(title, badge, figures=self.company.figures(state, name))

    def _show_card(self, state: State) -> None:
        """Beside the hovered atom, whichever view it is hovered in, else the one selected atom."""
        self.card.hide()
        for i, name in enumerate(self._names):
            pane = self.canvas.panes[i]
            row = _row_of(pane, _told(state, name))
            if row is not None and pane.frame is not None and pane.kinds is not None:
                column = state.document.colouring.column
                self.card.setText(card_words(pane.frame, pane.kinds, row, column))
                self._place_card(i, row)
                return

    def _place_card(self, i: int, row: int) -> None:
        pane, (left, top, width, height) = self.canvas.panes[i], self.canvas.rects()[i]
        assert pane.frame is not None
        position = pane.places[row]
        if not np.isfinite(position).all():
            return
        x, y, _ = self.canvas.pane_camera(i).project(position, (width, height))
        if not (0 <= x <= width and 0 <= y <= height):
            return
        self.card.adjustSize()
        right = self.surface.width() - self.card.width()
        lower = self.surface.height() - self.card.height()
        at = (min(max(left + x + 16, 0), right), min(max(top + y + 12, 0), lower))
        self.card.move(int(at[0]), int(at[1]))
        self.card.show()

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

    def _press_key(self, event: QKeyEvent) -> None:
        if (
            self.looking.press(event.key(), event.modifiers())
            or (not event.modifiers() and self._do_key(event.key()))
            or self.company.press(event)
        ):
            event.accept()

    def _do_key(self, key: int) -> bool:
        deeds: dict[int, Callable[[], None]] = {
            Qt.Key.Key_R: self.reset_view,
            Qt.Key.Key_F: self.focus_selection,
            Qt.Key.Key_U: self.dressing.toggle_cell,
            Qt.Key.Key_B: self.dressing.toggle_bonds,
            Qt.Key.Key_T: self.dressing.toggle_labels,
            Qt.Key.Key_G: self.dressing.toggle_legend,
            Qt.Key.Key_S: self._next_select_tool,
            Qt.Key.Key_V: self._rotate_tool,
        }
        deed = deeds.get(key)
        if deed is not None:
            deed()
        return deed is not None

    def _camera_moved(self) -> None:
        self.bar.perspective.setChecked(self.canvas.camera.perspective)
        self.dressing.settle()
        if self._shown is not None:
            self._show_card(self._shown)
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
        theme = self.canvas.theme
        self.card.setStyleSheet(
            f"#card {{ background: {theme.background}; color: {theme.text};"
            f" border: 1px solid {theme.frame}; border-radius: 4px; padding: 4px 6px; }}"
        )
        self.surface.update()

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
        return picture(self.canvas, self.surface, self.legend, stickers, self.font(), scale)

    def save_png(self, path: str | Path, scale: float = 2.0) -> None:
        """Write the picture as PNG. Raises OSError."""
        write_bytes(path, image_bytes(self.picture(scale)))


def _hovered(state: State | None, name: str) -> int | None:
    hover = state.moment.hover if state is not None else None
    if hover is None or state is None or hover.space is not Space.ATOM:
        return None
    if hover.owner == name:
        return hover.row
    beside = {one.name for one in changes.shown_trajectories(state)}
    return hover.row if {hover.owner, name} <= beside else None  # the same atom in another run


def _told(state: State, name: str) -> int | None:
    """The atom of a run that the card tells of: the one hovered in it; where none is hovered, the
    one that is selected, until others are."""
    hover = state.moment.hover
    if hover is not None and hover.space is Space.ATOM:
        return hover.row if hover.owner == name else None
    chosen = state.selected(Space.ATOM, name)
    return int(chosen[0]) if len(chosen) == 1 and state.document.trajectory == name else None


def _row_of(pane: Pane, atom: int | None) -> int | None:
    """The row of an atom's id in the shown frame."""
    if atom is None or pane.frame is None:
        return None
    if pane.frame.ids is None:
        return atom if 0 <= atom < pane.n_atoms else None
    found = np.flatnonzero(pane.frame.ids == atom)
    return int(found[0]) if len(found) else None
