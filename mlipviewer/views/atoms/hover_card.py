"""The card beside the hovered atom, else beside the one atom that is selected."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF

from mlipviewer.core.aliases import NO_ROLES
from mlipviewer.core.plot import Space
from mlipviewer.gui.plain import card
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.gui.theme import Theme
from mlipviewer.session.changes import shown_trajectories
from mlipviewer.session.colourings import PaneOf, colourings_of
from mlipviewer.session.state import State
from mlipviewer.views.atoms.surface import Surface
from mlipviewer.views.atoms.words import card_words


class HoverCard:
    """Shows the card in the pane under the mouse, where that shows the atom."""

    def __init__(self, canvas: Scene, surface: Surface) -> None:
        self._canvas, self._surface = canvas, surface
        self.label = card(surface)

    def take_theme(self, theme: Theme) -> None:
        self.label.setStyleSheet(
            f"#card {{ background: {theme.background}; color: {theme.text};"
            f" border: 1px solid {theme.frame}; border-radius: 4px; padding: 4px 6px; }}"
        )

    def show_state(self, state: State, of: tuple[PaneOf, ...]) -> None:
        """Beside the hovered atom, whichever view it is hovered in, else the one selected atom."""
        self.label.hide()
        for i in self._panes_by_mouse(len(of)):
            pane = self._canvas.panes[i]
            row = row_of(pane, _told(state, of[i].name))
            if row is not None and pane.frame is not None and pane.kinds is not None:
                colouring = colourings_of(state)[of[i].colouring]
                run = state.loaded_trajectory(of[i].name)
                roles = run.roles if run is not None else NO_ROLES
                words = card_words(pane.frame, pane.kinds, row, colouring, pane.paint, roles)
                self.label.setText(words)
                self._place(i, row)
                return

    def _panes_by_mouse(self, n: int) -> list[int]:
        """The numbers of the panes, the one under the mouse first."""
        at: QPointF = self._surface.mouse
        first = self._canvas.pane_at(at.x(), at.y())
        return sorted(range(n), key=lambda i: i != first)

    def _place(self, i: int, row: int) -> None:
        pane, (left, top, width, height) = self._canvas.panes[i], self._canvas.rects()[i]
        position = pane.places[row]
        if not np.isfinite(position).all():
            return
        x, y, _ = self._canvas.pane_camera(i).project(position, (width, height))
        if not (0 <= x <= width and 0 <= y <= height):
            return
        self.label.adjustSize()
        right = self._surface.width() - self.label.width()
        lower = self._surface.height() - self.label.height()
        at = (min(max(left + x + 16, 0), right), min(max(top + y + 12, 0), lower))
        self.label.move(int(at[0]), int(at[1]))
        self.label.show()


def hovered_atom(state: State | None, name: str) -> int | None:
    """The atom that is hovered in a run, or in one beside it."""
    hover = state.moment.hover if state is not None else None
    if hover is None or state is None or hover.space is not Space.ATOM:
        return None
    if hover.owner == name:
        return hover.row
    beside = {one.name for one in shown_trajectories(state)}
    return hover.row if {hover.owner, name} <= beside else None  # the same atom in another run


def _told(state: State, name: str) -> int | None:
    """The atom of a run that the card tells of: the one hovered in it; where none is hovered, the
    one that is selected, until others are."""
    hover = state.moment.hover
    if hover is not None and hover.space is Space.ATOM:
        return hover.row if hover.owner == name else None
    chosen = state.selected(Space.ATOM, name)
    return int(chosen[0]) if len(chosen) == 1 and state.document.trajectory == name else None


def row_of(pane: Pane, atom: int | None) -> int | None:
    """The row of an atom's id in the shown frame."""
    if atom is None or pane.frame is None:
        return None
    if pane.frame.ids is None:
        return atom if 0 <= atom < pane.n_atoms else None
    found = np.flatnonzero(pane.frame.ids == atom)
    return int(found[0]) if len(found) else None
