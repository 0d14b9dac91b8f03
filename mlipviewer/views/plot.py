"""The panel of a plot: it asks for its result, draws it, and turns gestures into changes."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Request, Result, param_help
from mlipviewer.core.plot import Plot, Space
from mlipviewer.core.rows import NONE, Mode, Rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.terms import Limits, limits_term
from mlipviewer.gui.axes import Sheet
from mlipviewer.gui.form import Form, NumberSlider
from mlipviewer.gui.gestures import rows_text
from mlipviewer.gui.hit import Hit
from mlipviewer.gui.overlay import Highlights
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.plot_canvas import PlotCanvas, Tool
from mlipviewer.gui.view import View
from mlipviewer.session import changes, table_changes
from mlipviewer.session.panels import inputs_of, request_of
from mlipviewer.session.state import Failure, Panel, State
from mlipviewer.session.store import Store

MODE_NAMES = {
    Mode.REPLACE: "Replace",
    Mode.ADD: "Add (Ctrl)",
    Mode.REMOVE: "Remove (Alt)",
    Mode.TOGGLE: "Toggle",
    Mode.INTERSECT: "Intersect (Ctrl+Shift)",
}
TOOL_NAMES = {Tool.RECTANGLE: "Rectangle", Tool.LASSO: "Lasso", Tool.ZOOM: "Zoom"}


class PlotView(View, QWidget):
    """Shows the plot of one panel, by the panel's id."""

    export_wanted = Signal(str)  # the panel's id

    def __init__(self, store: Store, panel_id: str) -> None:
        super().__init__(store)
        self.panel_id = panel_id
        self.canvas = PlotCanvas()
        self.canvas.setAccessibleName(panel_id)
        self.status = PlainLabel()
        self.status.setObjectName("status")
        self._request: Request | None = None
        self._result: Result | None = None
        self._drawn: Request | None = None  # what the plot on the canvas answers
        self._axes = _AxisChoice(self._choose_axes)
        self._slider: NumberSlider | None = None
        self._head = self._make_head()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.setSpacing(2)
        layout.addLayout(self._head)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.status)
        self._connect()

    # -- the head: tools and parameters ----------------------------------------------------

    @property
    def panel(self) -> Panel:
        return self.store.state.document.panel(self.panel_id)

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(4)
        panel = self.panel
        if ("metrics", "axes") in panel.follows:
            head.addWidget(self._axes, 1)
        slid = _slid_parameter(panel)
        if slid and panel.params is not None:
            tell = param_help(type(panel.params))[slid]
            value = getattr(panel.params, slid)
            self._slider = NumberSlider(value, tell, partial(self._slide, slid))
            self._slider.setToolTip(tell.text)
            self._slider.setAccessibleName(slid)
            head.addWidget(PlainLabel(slid))
            head.addWidget(self._slider, 1)
        head.addStretch(0)
        head.addWidget(self._menu_button("Select", self._fill_tools))
        head.addWidget(self._menu_button("Options", self._fill_options))
        return head

    def _menu_button(self, title: str, fill: Any) -> QToolButton:
        button = QToolButton()
        button.setText(title)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(partial(fill, menu))
        button.setMenu(menu)
        return button

    def _fill_tools(self, menu: QMenu) -> None:
        menu.clear()
        self._fill_choice(menu, "Drag draws a", TOOL_NAMES, self.canvas.tool, "tool")
        self._fill_choice(menu, "What is chosen", MODE_NAMES, self.canvas.sticky, "sticky")
        menu.addAction("Reset zoom (double-click)", self.canvas.reset_zoom)

    def _fill_choice(
        self, menu: QMenu, title: str, names: dict[Any, str], now: Any, attribute: str
    ) -> None:
        menu.addSection(title)
        group = QActionGroup(menu)
        for value, name in names.items():
            action = QAction(name, menu, checkable=True, checked=value is now)
            action.triggered.connect(partial(setattr, self.canvas, attribute, value))
            group.addAction(action)
            menu.addAction(action)

    def _fill_options(self, menu: QMenu) -> None:
        menu.clear()
        panel = self.panel
        if panel.params is not None:
            skip = [name for name, _ in panel.follows] + _without_effect(panel)
            table = self.store.state.table
            choices = _choices(table) if table is not None else {}
            form = Form(panel.params, self._set_param, skip, choices)
            holder = QWidgetAction(menu)
            holder.setDefaultWidget(form)
            menu.addAction(holder)
        if "table" in ANALYSES[panel.analysis].needs:
            again = menu.addAction("Recompute on the selected models")
            again.setCheckable(True)
            again.setChecked(panel.on_selection)
            again.triggered.connect(self._set_on_selection)
        analysis = ANALYSES[panel.analysis]
        if analysis.columns or analysis.columns_by:
            shown = menu.addAction("Show as columns of the table")
            shown.setCheckable(True)
            shown.setChecked(panel.in_table)
            shown.triggered.connect(self._set_in_table)
        found = self._result.tables.get("representatives") if self._result is not None else None
        if found is not None:
            metrics = tuple(found["metric"])
            menu.addAction("Use the representatives as axes", partial(self._choose_axes, metrics))
        seen = seen_terms(self.canvas.plot, self.canvas.sheet)
        if seen:
            menu.addAction("Filter models to the range seen", partial(self._filter, seen))
        menu.addSeparator()
        menu.addAction("Export figure ...", lambda: self.export_wanted.emit(self.panel_id))

    # -- what the user does ----------------------------------------------------------------

    def _connect(self) -> None:
        self.canvas.chosen.connect(self._choose)
        self.canvas.swept.connect(self._sweep)
        self.canvas.missed.connect(self._miss)
        self.canvas.pointed.connect(self._point)
        self.canvas.menu_wanted.connect(self._show_menu)

    def _choose(self, space: Space, chosen: Rows, mode: Mode) -> None:
        if space is Space.FRAME and mode is Mode.REPLACE:
            index = int(chosen[0])
            self.store.commit(lambda s: changes.show_frame(s, index), f"Show frame {index + 1}")
            return
        self._commit_rows(space, chosen, mode)

    def _sweep(self, found: dict[Space, Rows], mode: Mode) -> None:
        for space, chosen in found.items():
            self._commit_rows(space, chosen, mode)

    def _miss(self, mode: Mode) -> None:
        if mode is not Mode.REPLACE:
            return
        for space in self.canvas.plot.spaces:
            self._commit_rows(space, NONE, mode)

    def _commit_rows(self, space: Space, chosen: Rows, mode: Mode) -> None:
        label = f"Select {rows_text(space, chosen)}"
        self.store.commit(lambda s: changes.choose(s, space, chosen, mode), label)

    def _point(self, found: Hit | None) -> None:
        space = found.space if found is not None else None
        row = int(found.rows[0]) if found is not None and len(found.rows) == 1 else -1
        self.store.commit(lambda s: changes.hover(s, space, row), "Hover")

    def _choose_axes(self, metrics: tuple[str, ...]) -> None:
        label = f"Show {' against '.join(metrics[:2])}"
        self.store.commit(lambda s: changes.set_axes(s, metrics), label)

    def _filter(self, seen: dict[str, str]) -> None:
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

    def _set_param(self, name: str, value: Any) -> None:
        self.store.commit(
            lambda s: changes.set_params(s, self.panel_id, **{name: value}), f"Set {name}"
        )

    def _set_on_selection(self, wanted: bool) -> None:
        self.store.commit(
            lambda s: changes.set_on_selection(s, self.panel_id, wanted),
            "Recompute on selected models",
        )

    def _set_in_table(self, wanted: bool) -> None:
        label = f"{'Show' if wanted else 'Hide'} {self.panel.title} in the table"
        self.store.commit(lambda s: changes.set_in_table(s, self.panel_id, wanted), label)

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        self._fill_options(menu)
        self._fill_choice(menu, "Drag draws a", TOOL_NAMES, self.canvas.tool, "tool")
        menu.exec(at)

    # -- what is shown ---------------------------------------------------------------------

    def show_state(self, _old: State | None, new: State) -> None:
        if not any(panel.id == self.panel_id for panel in new.document.panels):
            return
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
        elif (result, request) != (self._result, self._request):
            self._result, self._request = result, request
            self._drawn = request
            self._show_result(state, request, result)

    def _show_result(self, state: State, request: Request, result: Result) -> None:
        draw = ANALYSES[request.analysis].plots[self.panel.plot]
        plot = draw(inputs_of(state, request), request.params, result)
        self.canvas.set_plot(plot)
        self.status.setText(plot.status)

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
            if getattr(mark, "space", None) is Space.FRAME and rows is not None:
                at = (rows == state.frame).nonzero()[0]
                return float(mark.x[at[0]]) if len(at) else None  # type: ignore[union-attr]
        return None

    def _show_head(self, state: State) -> None:
        self._axes.show_choice(state)
        slid = _slid_parameter(self.panel)
        if self._slider is not None and slid:
            self._slider.show_value(getattr(self.panel.params, slid))


def seen_terms(plot: Plot, sheet: Sheet) -> dict[str, str]:
    """The terms on metrics that the zoom of a plot stands for; none where no axis is a metric."""
    terms = {}
    for axis, span in ((plot.x, sheet.window.x), (plot.y, sheet.window.y)):
        if axis.metric is not None:
            low, high = (10**end if axis.log else end for end in span)
            terms[axis.metric] = limits_term(axis.metric, Limits(low, high))
    return terms


def _choices(table: ErrorTable) -> dict[str, tuple[str, ...]]:
    """What a form offers for parameters that name things of the table."""
    return {
        "category": ("", *table.categories),
        "metric": table.metrics,
        "metrics": table.metrics,
        "text": ("", *table.text),
    }


def _without_effect(panel: Panel) -> list[str]:
    """The parameters that only change other plots of the same analysis."""
    about = param_help(type(panel.params)) if panel.params is not None else {}
    return [name for name, tell in about.items() if tell.plot not in ("", panel.plot)]


def _slid_parameter(panel: Panel) -> str | None:
    """The parameter that gets a slider of its own: the first number between bounds."""
    if panel.params is None:
        return None
    for name, tell in param_help(type(panel.params)).items():
        bounded = tell.low is not None and tell.high is not None
        number = isinstance(getattr(panel.params, name), float)
        if bounded and number and name not in _without_effect(panel):
            return name
    return None


class _AxisChoice(QWidget):
    """Two lists of metrics: what the x and the y axis show."""

    def __init__(self, choose: Any) -> None:
        super().__init__()
        self._choose = choose
        self._metrics: tuple[str, ...] = ()
        self.across, self.up = QComboBox(), QComboBox()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for name, combo in (("x", self.across), ("y", self.up)):
            combo.setAccessibleName(f"metric of the {name} axis")
            combo.setMinimumContentsLength(8)
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            layout.addWidget(PlainLabel(name))
            layout.addWidget(combo, 1)
            combo.activated.connect(self._chosen)

    def _chosen(self) -> None:
        self._choose((self.across.currentText(), self.up.currentText()))

    def show_choice(self, state: State) -> None:
        metrics = state.table.metrics if state.table is not None else ()
        if metrics != self._metrics:
            self._metrics = metrics
            for combo in (self.across, self.up):
                combo.clear()
                combo.addItems(list(metrics))
        for combo, name in zip((self.across, self.up), state.document.axes, strict=False):
            combo.setCurrentText(name)
