"""The panel of a plot: it asks for its result, draws it, and turns gestures into changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Command, Params, Request, Result, param_help
from mlipviewer.core.plot import Plot, Raster, Space, with_logs
from mlipviewer.core.rows import NONE, Mode, Rows, rows
from mlipviewer.gui.axes import Window
from mlipviewer.gui.carrying import DragHandle, Make, figure_carried, with_file
from mlipviewer.gui.figure import PlotDrawing, look_of_size
from mlipviewer.gui.flow import FlowLayout
from mlipviewer.gui.form import NumberSlider
from mlipviewer.gui.gestures import rows_text
from mlipviewer.gui.handles import Say
from mlipviewer.gui.hit import Hit
from mlipviewer.gui.keys import Deeds, LocalKeys
from mlipviewer.gui.next_point import SIDES, next_point
from mlipviewer.gui.overlay import Highlights
from mlipviewer.gui.plain import ShortLabel, plain_tip
from mlipviewer.gui.plot_canvas import NEARER, PlotCanvas, Tool
from mlipviewer.gui.view import View
from mlipviewer.session import changes, table_changes
from mlipviewer.session.actions.action import Where
from mlipviewer.session.computing import compute
from mlipviewer.session.panels import inputs_of, params_of, request_of
from mlipviewer.session.state import Document, Failure, Panel, State
from mlipviewer.session.store import Store
from mlipviewer.views.plot_head import AxisChoice, named, slid_parameter
from mlipviewer.views.plot_menu import PlotMenus


class PlotView(View, QWidget):
    """Shows the plot of one panel, by the panel's id."""

    help_wanted = Signal()
    export_wanted = Signal(str)  # the panel's id
    data_wanted = Signal(str)

    def __init__(self, store: Store, panel_id: str) -> None:
        super().__init__(store)
        self.panel_id = panel_id
        self.canvas = PlotCanvas()
        self.canvas.setAccessibleName(panel_id)
        self.status = ShortLabel()
        self.status.setObjectName("status")
        self._request: Request | None = None
        self._result: Result | None = None
        self._params: Params | None = None
        self._logs: tuple[tuple[str, bool], ...] = ()
        self._let_go: Document | None = None  # as it was made by the last click beside everything
        self._drawn: Request | None = None  # what the plot on the canvas answers
        self._axes = AxisChoice(self.choose_axes)
        self._slider: NumberSlider | None = None
        self.handle = DragHandle("the figure", store, self._figure)
        self.menus = PlotMenus(self)
        self._head = self._make_head()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.setSpacing(2)
        layout.addLayout(self._head)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.status)
        self.deeds = self._deeds()
        LocalKeys(self.canvas, Where.PLOT, store, self.deeds)
        self._connect()

    # -- the head: tools and parameters ----------------------------------------------------

    @property
    def panel(self) -> Panel:
        return self.store.state.document.panel(self.panel_id)

    def _make_head(self) -> FlowLayout:
        """A narrow panel breaks it into rows rather than forcing the window to be wide."""
        head, panel = FlowLayout(), self.panel
        for part in self._choices(panel):
            part.setProperty("grows", True)
            part.setProperty("begins", True)
            head.addWidget(part)
        tools = self.menus.button("Select", self.menus.fill_tools)
        tools.setProperty("begins", True)
        head.addWidget(tools)
        head.addWidget(self.menus.button("Options", self.menus.fill_options))
        head.addWidget(self.handle)
        head.addWidget(self._question_mark())
        return head

    def _choices(self, panel: Panel) -> list[QWidget]:
        """What is chosen in the head itself; without that its buttons stand at the right."""
        parts: list[QWidget] = []
        if ("metrics", "axes") in panel.follows:
            parts.append(self._axes)
        slid = slid_parameter(panel)
        if slid and panel.params is not None:
            tell = param_help(type(panel.params))[slid]
            value = getattr(panel.params, slid)
            self._slider = NumberSlider(value, tell, partial(self._slide, slid))
            self._slider.setToolTip(plain_tip(tell.text))
            self._slider.setAccessibleName(slid)
            self._slider.be_short()
            parts.append(named(slid, self._slider))
        return parts or [QWidget()]

    def _question_mark(self) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setText("?")
        button.setToolTip("What this is, with formula and reference (F1)")
        button.setAccessibleName("help on this plot")
        button.clicked.connect(self.help_wanted)
        return button

    # -- what the user does ----------------------------------------------------------------

    def _deeds(self) -> Deeds:
        return {
            "plot.all": self.canvas.reset_zoom,
            "plot.nearer": partial(self.canvas.zoom, NEARER),
            "plot.farther": partial(self.canvas.zoom, 1 / NEARER),
            "plot.tool": self._next_tool,
            "plot.copy": self.copy_figure,
            **{f"plot.pick.{side}": partial(self._pick_next, side) for side in SIDES},
        }

    def _pick_next(self, side: str) -> None:
        state, plot = self.store.state, self.canvas.plot
        found = next_point(plot, {one: state.selected(one) for one in plot.spaces}, side)
        if found is not None:
            self._choose(found[0], rows([found[1]]), Mode.REPLACE)

    def _next_tool(self) -> None:
        tools = list(Tool)
        self.canvas.tool = tools[(tools.index(self.canvas.tool) + 1) % len(tools)]

    def _connect(self) -> None:
        self.canvas.chosen.connect(self._choose)
        self.canvas.swept.connect(self._sweep)
        self.canvas.met.connect(self._choose_both)
        self.canvas.missed.connect(self._miss)
        self.canvas.pointed.connect(self._point)
        self.canvas.menu_wanted.connect(self.menus.show_all)
        self.canvas.doubled.connect(self._take_back)
        self.canvas.edited.connect(self._edit)

    def _choose(self, space: Space, chosen: Rows, mode: Mode) -> None:
        if space is Space.FRAME and mode is Mode.REPLACE and len(chosen) == 1:
            index = int(chosen[0])
            self.store.commit(lambda s: changes.show_frame(s, index), f"Show frame {index + 1}")
            return
        self._commit_rows(space, chosen, mode)

    def _choose_both(self, found: Hit, mode: Mode) -> None:
        """Rows and frames in one step; one frame alone is shown."""
        frames = found.frames if found.frames is not None else NONE

        def both(state: State) -> State:
            state = changes.choose(state, found.space, found.rows, mode)
            if len(frames) == 1:
                return changes.show_frame(state, int(frames[0]))
            return changes.choose(state, Space.FRAME, frames, mode)

        self.store.commit(both, f"Select {rows_text(found.space, found.rows)} and frames")

    def _sweep(self, found: dict[Space, Rows], mode: Mode) -> None:
        for space, chosen in found.items():
            self._commit_rows(space, chosen, mode)

    def _miss(self, mode: Mode) -> None:
        """A click beside everything lets go, in one step."""
        if mode is not Mode.REPLACE:
            return
        before, spaces = self.store.state.document, self.canvas.plot.spaces

        def nothing(state: State) -> State:
            return reduce(lambda s, space: changes.choose(s, space, NONE), spaces, state)

        self.store.commit(nothing, "Select nothing")
        after = self.store.state.document
        self._let_go = after if after is not before else None

    def _take_back(self) -> None:
        """The click that let go was the first half of a double click."""
        if self._let_go is not None:
            self.store.take_back(self._let_go)

    def _commit_rows(self, space: Space, chosen: Rows, mode: Mode) -> None:
        label = f"Select {rows_text(space, chosen)}"
        self.store.commit(lambda s: changes.choose(s, space, chosen, mode), label)

    def _point(self, found: Hit | None) -> None:
        space = found.space if found is not None else None
        row = int(found.rows[0]) if found is not None and len(found.rows) == 1 else -1
        self.store.commit(lambda s: changes.hover(s, space, row), "Hover")

    def choose_axes(self, metrics: tuple[str, ...]) -> None:
        label = f"Show {' against '.join(metrics[:2])}"
        self.store.commit(lambda s: changes.set_axes(s, metrics), label)

    def filter(self, seen: dict[str, str]) -> None:
        def narrowed(state: State) -> State:
            for metric, term in seen.items():
                state = table_changes.filter_column(state, metric, term)
            return state

        self.store.commit(narrowed, "Filter models to the range seen")

    def _slide(self, name: str, value: float, dragging: bool) -> None:
        merge = f"{self.panel_id}.{name}"
        self.store.commit(
            lambda s: changes.set_params(s, self.panel_id, **{name: value}), f"Set {name}", merge
        )
        if not dragging:
            self.store.end_merge()

    def set_param(self, name: str, value: Any) -> None:
        self.store.commit(
            lambda s: changes.set_params(s, self.panel_id, **{name: value}), f"Set {name}"
        )

    def _edit(self, said: Say, dragging: bool) -> None:
        """Do to the parameters what a gesture on the plot means; a drag is one step."""
        edit = ANALYSES[self.panel.analysis].edits.get(said.edit)
        if edit is not None and self._result is not None and self._request is not None:
            request, result = self._request, self._result

            def edited(state: State) -> State:
                panel = state.document.panel(self.panel_id)
                inputs = inputs_of(state, request)
                after = edit(inputs, params_of(state, panel), result, *said.values)
                state = changes.set_panel(state, replace(panel, params=after.params))
                if after.space is None or after.rows is None:
                    return state
                return changes.choose(state, after.space, after.rows)

            self.store.commit(edited, said.label, f"{self.panel_id}.{said.edit}.{said.values[0]}")
        if not dragging:
            self.store.end_merge()

    def command(self, one: Command) -> None:
        """Do to the parameters what an entry of the menu says."""
        if self._result is None or self._request is None:
            return
        request, result = self._request, self._result
        chosen = self.store.state.selected(one.space) if one.space is not None else NONE

        def done(state: State) -> State:
            panel = state.document.panel(self.panel_id)
            params = one.change(inputs_of(state, request), params_of(state, panel), result, chosen)
            state = changes.set_panel(state, replace(panel, params=params))
            return state if one.computes is None else _computing(state, one, params, result)

        self.store.commit(done, one.title)

    def set_log(self, axis: str, log: bool) -> None:
        """Show an axis on a logarithmic scale, or not."""
        logs = {**dict(self.panel.logs), axis: log}
        panel = replace(self.panel, logs=tuple(sorted(logs.items())))
        self.store.commit(lambda s: changes.set_panel(s, panel), f"Log {axis} axis")

    def set_locked(self, locked: bool) -> None:
        """Keep the axes at what is seen now, or let them follow what is drawn."""
        seen = self.canvas.sheet.window
        panel = replace(self.panel, locked=(seen.x, seen.y) if locked else ())
        label = "Lock axes" if locked else "Unlock axes"
        self.store.commit(lambda s: changes.set_panel(s, panel), label)

    def copy_figure(self) -> None:
        """What is seen, with the zoom and what is chosen, to the clipboard: picture and SVG."""
        self.handle.click()

    def _figure(self) -> Make:
        """What is seen now, as a figure of the same size."""
        canvas, title = self.canvas, self.panel.title
        look = look_of_size((canvas.width(), canvas.height()))
        drawing = PlotDrawing(canvas.plot, look, canvas.window_seen, dict(canvas.highlights))
        return lambda: with_file(figure_carried(drawing, title, vector=True), title)

    def set_on_selection(self, wanted: bool) -> None:
        self.store.commit(
            lambda s: changes.set_on_selection(s, self.panel_id, wanted),
            "Recompute on what is selected",
        )

    def set_in_table(self, wanted: bool) -> None:
        label = f"{'Show' if wanted else 'Hide'} {self.panel.title} in the table"
        self.store.commit(lambda s: changes.set_in_table(s, self.panel_id, wanted), label)

    # -- what is shown ---------------------------------------------------------------------

    def show_state(self, _old: State | None, new: State) -> None:
        if not any(panel.id == self.panel_id for panel in new.document.panels):
            return
        self.canvas.lock(Window(*self.panel.locked) if self.panel.locked else None)
        self._show_plot(new)
        self.canvas.set_highlights(self._highlights(new), self._cursor(new))
        self._show_head(new)

    def _show_plot(self, state: State) -> None:
        request = request_of(state, self.panel)
        if isinstance(request, Failure):
            self._show_empty(request.reason)
            return
        result = state.moment.results.get(request)
        if isinstance(result, Failure):
            self._show_empty(result.reason)
        elif result is None:
            self._show_waiting(request)
        else:
            params, logs = params_of(state, self.panel), self.panel.logs
            now = (result, request, params, logs)
            if now != (self._result, self._request, self._params, self._logs):
                self._result, self._request, self._params, self._logs = now
                self._drawn = request
                self._show_result(state, request, params, result)

    def _show_result(self, state: State, request: Request, params: Params, result: Result) -> None:
        draw = ANALYSES[request.analysis].plots[self.panel.plot]
        plot = draw(inputs_of(state, request), params, result)
        self.canvas.set_plot(with_logs(plot, self.panel.logs))
        self.status.setText(plot.status)

    def table_of_result(self, name: str) -> Mapping[str, Sequence[Any]] | None:
        """A table of the shown result."""
        return self._result.tables.get(name) if self._result is not None else None

    def _show_empty(self, reason: str) -> None:
        self._result = self._request = None
        if self.canvas.plot.empty != reason:
            self.canvas.set_plot(Plot(empty=reason))
        self.status.setText("")

    def _show_waiting(self, request: Request) -> None:
        """The last plot of the same data stays, and says that it is not the present one."""
        old, self._request = self._drawn, None
        same = old is not None and (old.table, old.trajectory) == (
            request.table,
            request.trajectory,
        )
        if self._result is not None and same:
            self.status.setText("stale: computing ...")
        else:
            self._show_empty("Computing ...")

    def _highlights(self, state: State) -> dict[Space, Highlights]:
        return {
            space: Highlights(
                state.selected(space),
                state.hovered(space),
                state.focus if space is Space.MODEL else None,
            )
            for space in self.canvas.plot.spaces
        }

    def _cursor(self, state: State) -> float | None:
        """Where the shown frame lies on the x axis of a plot over frames."""
        for mark in self.canvas.plot.marks:
            rows = getattr(mark, "rows", None)
            if isinstance(mark, Raster):
                return mark.place_of(state.frame)
            if getattr(mark, "space", None) is Space.FRAME and isinstance(rows, np.ndarray):
                at = (rows == state.frame).nonzero()[0]
                return float(mark.x[at[0]]) if len(at) else None  # type: ignore[union-attr]
        return None

    def _show_head(self, state: State) -> None:
        self._axes.show_choice(state)
        slid = slid_parameter(self.panel)
        if self._slider is not None and slid:
            self._slider.show_value(getattr(self.panel.params, slid))


def _computing(state: State, one: Command, params: Any, result: Result) -> State:
    """The columns of atoms that an entry of the menu asks for."""
    known = {asked.computation: asked.params for asked in state.document.computed}
    assert one.computes is not None
    asked = one.computes(params, result, known.get(one.computed))
    return compute(state, asked.computation, asked.params)
