"""What of a session can be a figure, by name: plots, the 3D view, rows of the table, and several of
them on one sheet. The window and the command draw by this alone, so both draw the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Result
from mlipviewer.core.order import shown_order
from mlipviewer.core.plot import Plot, Space, with_logs
from mlipviewer.core.problem import QueryProblem
from mlipviewer.gui.axes import Window
from mlipviewer.gui.composite import composite
from mlipviewer.gui.drawing import Drawing
from mlipviewer.gui.figure import PlotDrawing
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.gui.overlay import Highlights
from mlipviewer.gui.table_figure import TableDrawing
from mlipviewer.io.export import rows_of_table
from mlipviewer.session.conditions import set_masks
from mlipviewer.session.figures import FigureLayout, figure_named
from mlipviewer.session.panels import inputs_of, params_of, request_of, result_columns
from mlipviewer.session.state import Failure, Panel, State
from mlipviewer.views.atoms import AtomsView

ATOMS, TABLE = "atoms", "table"
MOST_ROWS, USUAL_METRICS = 60, 4
Table = Mapping[str, Sequence[Any]]


class NoFigure(ValueError):
    """Why there is nothing to draw, in one sentence."""


class Drawings:
    """Draws what a state shows; `atoms` gives the 3D view that shows it too."""

    def __init__(self, state: Callable[[], State], atoms: Callable[[], AtomsView | None]) -> None:
        self._state, self._atoms = state, atoms

    @property
    def names(self) -> dict[str, str]:
        """Title by name of all that can be drawn: the views, then the layouts of figures."""
        document = self._state().document
        views = {
            one.id: one.title for one in document.panels if one.analysis or one.id in (ATOMS, TABLE)
        }
        return views | {one.name: one.name for one in document.figures}

    def found(self, text: str) -> str:
        """The name that is meant by a name or title. Raises NoFigure."""
        names = self.names
        for name, title in names.items():
            if text.lower() in (name.lower(), title.lower()):
                return name
        raise NoFigure(f"there is no view {text!r}; there are {', '.join(names)}")

    def usual_look(self, name: str, look: FigureLook) -> FigureLook:
        """What a figure of that name begins with: a layout has a size of its own."""
        layout = figure_named(self._state(), name)
        return look if layout is None else look_of_layout(layout)

    def drawing(self, name: str, look: FigureLook) -> Drawing:
        """Raises NoFigure."""
        layout = figure_named(self._state(), name)
        return self.of_layout(layout, look) if layout is not None else self._view(name, look)

    def of_layout(self, layout: FigureLayout, look: FigureLook) -> Drawing:
        """Several views on one sheet. Raises NoFigure."""
        if layout.problem:
            raise NoFigure(layout.problem)
        return composite(layout, look, self._view)

    def holds_atoms(self, name: str) -> bool:
        """Whether a drawing is a picture in part, which is limited in size."""
        layout = figure_named(self._state(), name)
        views = [one.view for one in layout.parts] if layout is not None else [name]
        return ATOMS in views

    def when_ready(self, name: str, deed: Callable[[], object]) -> None:
        """Do something once all that a figure shows is there: at once, or when a thread has
        prepared its atoms."""
        view = self._atoms() if self.holds_atoms(name) else None
        if view is None:
            deed()
        else:
            view.preparation.when_ready(deed)

    def _view(self, name: str, look: FigureLook) -> Drawing:
        state = self._state()
        panel = next((one for one in state.document.panels if one.id == name), None)
        if name == ATOMS:
            return self._atoms_drawing(look)
        if name == TABLE:
            return TableDrawing(table_of_state(state), look, "Models")
        if panel is None or not panel.analysis:
            raise NoFigure(f"the session shows no view {name!r}")
        window = Window(*panel.locked) if panel.locked else None
        plot = plot_of(state, panel)
        lit = highlights_of(state, plot) if look.shows("selection", otherwise=False) else {}
        return PlotDrawing(plot, look, window, lit)

    def _atoms_drawing(self, look: FigureLook) -> Drawing:
        if look.problem_of_scene:
            raise NoFigure(look.problem_of_scene)
        view = self._atoms()
        if view is None or view.canvas.panes[0].frame is None:
            raise NoFigure("there are no atoms to be drawn yet")
        return view.figure(look)


def look_of_layout(layout: FigureLayout) -> FigureLook:
    return FigureLook(layout.width, layout.height, layout.font, layout.dpi)


def with_look(layout: FigureLayout, look: FigureLook) -> FigureLayout:
    return replace(layout, width=look.width, height=look.height, font=look.font, dpi=look.dpi)


def plot_of(state: State, panel: Panel) -> Plot:
    """The plot that a panel shows now. Raises NoFigure."""
    request = request_of(state, panel)
    if isinstance(request, Failure):
        raise NoFigure(request.reason)
    result = state.moment.results.get(request)
    if not isinstance(result, Result):
        reason = result.reason if isinstance(result, Failure) else "it is still being computed"
        raise NoFigure(f"there is no figure of {panel.title}: {reason}")
    draw = ANALYSES[panel.analysis].plots[panel.plot]
    return with_logs(draw(inputs_of(state, request), params_of(state, panel), result), panel.logs)


def highlights_of(state: State, plot: Plot) -> dict[Space, Highlights]:
    """What is chosen; what the mouse is over is no part of a figure."""
    focus = {Space.MODEL: state.focus}
    return {
        space: Highlights(state.selected(space), None, focus.get(space)) for space in plot.spaces
    }


def table_of_state(state: State) -> Table:
    """The selected models (else the first shown ones) with the selected metrics (else those of the
    axes). Raises NoFigure."""
    table = state.table
    if table is None:
        raise NoFigure("no error table is open")
    chosen = state.selected(Space.MODEL)
    document = state.document
    try:
        names = {**result_columns(state), **set_masks(document, table)}
        known = {*table.metrics, *table.text, *names}
        sorting = [(s.column, s.descending) for s in document.sorting if s.column in known]
        order = shown_order(table, document.condition, sorting, names)
    except QueryProblem as problem:
        raise NoFigure(f"the filter does not fit this table: {problem.reason}") from None
    wanted = set(chosen.tolist())
    rows = [row for row in order.tolist() if not wanted or row in wanted][:MOST_ROWS]
    picked = [table.metrics[i] for i in state.selected(Space.METRIC)]
    metrics = picked or list(document.axes) or list(table.metrics[:USUAL_METRICS])
    values = rows_of_table(table, np.array(rows, np.int32))
    return {
        "model": [table.keys[row] for row in rows],
        **{name: values[name] for name in metrics if name in values},
    }
