"""The words of one pane: its title, and what is amiss with what it shows."""

from __future__ import annotations

from collections.abc import Callable

from mlipviewer.gui.scene.fitting import out_of_sight
from mlipviewer.gui.scene.plain_canvas import NO_OPENGL, PlainCanvas
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.session.colourings import PaneOf, active_colouring, colourings_of
from mlipviewer.session.state import State
from mlipviewer.views.atoms.drawn import Figure
from mlipviewer.views.atoms.surface import PaneWords
from mlipviewer.views.atoms.words import badge_words, cut_words, missing_words, title_words

Figures = Callable[[State, str], tuple[Figure, ...]]
OUT_OF_SIGHT = "atoms lie outside the view (R shows all)"


def pane_words(
    state: State, canvas: Scene, i: int, of: PaneOf | None, figures: Figures
) -> PaneWords:
    """What stands over the pane of a run; of its colourings the first tells what is amiss."""
    pane = canvas.panes[i]
    if of is None or pane.frame is None:
        return PaneWords(missing=missing_words(state, None if of is None else of.name))
    title, amiss = "", []
    if of.colouring == 0:
        title = title_words(state, of.name, pane.frame)
        cut = cut_words(pane.how, pane.looks) if pane.how is not None else ""
        amiss = [badge_words(state, of.name, pane.frame), cut, _sight_words(canvas, i)]
    if isinstance(canvas, PlainCanvas):
        amiss.append(NO_OPENGL)
    active = len(colourings_of(state)) > 1 and of.colouring == active_colouring(state)
    badge = " · ".join(part for part in amiss if part)
    return PaneWords(title, badge, "", figures(state, of.name), active)


def _sight_words(canvas: Scene, i: int) -> str:
    _, _, width, height = canvas.rects()[i]
    out = out_of_sight(canvas.panes[i], canvas.pane_camera(i), (width, height))
    return OUT_OF_SIGHT if out else ""
