"""The menus of a plot: what dragging does, its parameters, and what can be done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidgetAction

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Needs, param_help
from mlipviewer.core.plot import Plot, may_be_log
from mlipviewer.core.rows import Mode
from mlipviewer.core.terms import Limits, limits_term
from mlipviewer.gui.axes import Sheet
from mlipviewer.gui.form import Form
from mlipviewer.gui.menus import MenuButton, entry
from mlipviewer.gui.plot_canvas import Tool
from mlipviewer.gui.scrolled import Scrolled
from mlipviewer.views.plot_head import choices_of, without_effect
from mlipviewer.views.score_form import ScoreForm
from mlipviewer.views.script_menu import add_scripts

if TYPE_CHECKING:
    from mlipviewer.views.plot import PlotView

MODE_NAMES = {
    Mode.REPLACE: "Replace",
    Mode.ADD: "Add (Ctrl)",
    Mode.REMOVE: "Remove (Alt)",
    Mode.TOGGLE: "Toggle",
    Mode.INTERSECT: "Intersect (Ctrl+Shift)",
}
TOOL_NAMES = {Tool.RECTANGLE: "Rectangle", Tool.LASSO: "Lasso", Tool.ZOOM: "Zoom"}

BESIDES, LEAST = 320, 160  # pixels for the other entries of a menu; for a form
TOLD = ("weights", "levels")  # parameters that have a form of their own


class PlotMenus:
    """Fills the menus of one plot's panel."""

    def __init__(self, view: PlotView) -> None:
        self._view = view

    def button(self, title: str, fill: Any) -> QToolButton:
        """A button that opens a menu filled at that moment."""
        button = MenuButton(title)
        menu = QMenu(button)
        menu.aboutToShow.connect(partial(fill, menu))
        button.setMenu(menu)
        return button

    def fill_tools(self, menu: QMenu) -> None:
        menu.clear()
        self._fill_choice(menu, "Drag draws a", TOOL_NAMES, self._view.canvas.tool, "tool")
        self._fill_choice(menu, "What is chosen", MODE_NAMES, self._view.canvas.sticky, "sticky")
        menu.addAction("Reset zoom (double-click)", self._view.canvas.reset_zoom)

    def _fill_choice(
        self, menu: QMenu, title: str, names: dict[Any, str], now: Any, attribute: str
    ) -> None:
        menu.addSection(title)
        group = QActionGroup(menu)
        for value, name in names.items():
            do = partial(setattr, self._view.canvas, attribute, value)
            group.addAction(entry(menu, name, do, value is now))

    def fill_options(self, menu: QMenu) -> None:
        menu.clear()
        self._add_form(menu)
        self._add_commands(menu)
        self._add_uses(menu)
        self._add_axes(menu)
        menu.addSeparator()
        view = self._view
        menu.addAction("Copy figure", view.copy_figure)
        menu.addAction("Export figure ...", lambda: view.export_wanted.emit(view.panel_id))
        menu.addAction("Export data ...", lambda: view.data_wanted.emit(view.panel_id))
        add_scripts(menu, view.store, view.panel_id)

    def show_all(self, at: QPoint) -> None:
        """The menu of the right button."""
        menu = QMenu(self._view)
        self.fill_all(menu)
        menu.exec(at)

    def fill_all(self, menu: QMenu) -> None:
        """What the buttons offer, with the parameters in a menu of their own."""
        view = self._view
        self._add_commands(menu)
        self._add_uses(menu)
        self._add_axes(menu)
        menu.addSeparator()
        menu.addAction("Reset zoom", view.canvas.reset_zoom)
        menu.addAction("Copy figure", view.copy_figure)
        menu.addAction("Export figure ...", lambda: view.export_wanted.emit(view.panel_id))
        menu.addAction("Export data ...", lambda: view.data_wanted.emit(view.panel_id))
        add_scripts(menu, view.store, view.panel_id)
        menu.addSeparator()
        for title, fill in (("Select", self.fill_tools), ("Options", self._fill_form)):
            below = menu.addMenu(title)
            below.aboutToShow.connect(partial(fill, below))

    def _fill_form(self, menu: QMenu) -> None:
        menu.clear()
        self._add_form(menu)

    def _add_form(self, menu: QMenu) -> None:
        panel = self._view.panel
        if panel.params is None:
            return
        skip = [name for name, _ in panel.follows] + without_effect(panel)
        told = [n for n, tell in param_help(type(panel.params)).items() if tell.names in TOLD]
        skip += told
        table = self._view.store.state.table
        choices = choices_of(table) if table is not None else {}
        holder = QWidgetAction(menu)
        form = Form(panel.params, self._view.set_param, skip, choices)
        most = max(self._view.screen().availableGeometry().height() - BESIDES, LEAST)
        holder.setDefaultWidget(Scrolled(form, most))
        menu.addAction(holder)
        if told and table is not None:
            menu.addAction("Weights and thresholds ...", self._open_score_form)

    def _open_score_form(self) -> None:
        form = self._view.findChild(ScoreForm)
        if form is None:
            form = ScoreForm(self._view.store, self._view.panel_id, self._view)
            form.show()
            form.attach()
        form.raise_()

    def _add_commands(self, menu: QMenu) -> None:
        """What the analysis offers; greyed where nothing suitable is chosen."""
        view = self._view
        for one in ANALYSES[view.panel.analysis].commands:
            if one.plot in ("", view.panel.plot):
                action = menu.addAction(one.title, partial(view.command, one))
                state = view.store.state
                action.setEnabled(one.space is None or len(state.selected(one.space)) > 0)

    def _add_uses(self, menu: QMenu) -> None:
        """What the plot can do to the others."""
        view = self._view
        if Needs.TABLE in ANALYSES[view.panel.analysis].needs:
            again = menu.addAction("Recompute on the selected models")
            again.setCheckable(True)
            again.setChecked(view.panel.on_selection)
            again.triggered.connect(view.set_on_selection)
        elif ANALYSES[view.panel.analysis].on_atoms:
            again = menu.addAction("Only the selected atoms")
            again.setCheckable(True)
            again.setChecked(view.panel.on_selection)
            again.triggered.connect(view.set_on_selection)
        analysis = ANALYSES[view.panel.analysis]
        if analysis.columns or analysis.columns_by:
            shown = menu.addAction("Show as columns of the table")
            shown.setCheckable(True)
            shown.setChecked(view.panel.in_table)
            shown.triggered.connect(view.set_in_table)
        found = view.table_of_result("representatives")
        if found is not None:
            metrics = tuple(found["metric"])
            menu.addAction("Use the representatives as axes", partial(view.choose_axes, metrics))
        seen = seen_terms(view.canvas.plot, view.canvas.sheet)
        if seen:
            menu.addAction("Filter models to the range seen", partial(view.filter, seen))

    def _add_axes(self, menu: QMenu) -> None:
        """A switch for each axis that can be logarithmic, and one that keeps both."""
        for name in ("x", "y"):
            if may_be_log(self._view.canvas.plot, name):
                axis = getattr(self._view.canvas.plot, name)
                action = menu.addAction(f"Log {name} axis")
                action.setCheckable(True)
                action.setChecked(axis.log)
                action.triggered.connect(
                    lambda checked, name=name: self._view.set_log(name, checked)
                )
        lock = menu.addAction("Lock axes")
        lock.setCheckable(True)
        lock.setChecked(bool(self._view.panel.locked))
        lock.triggered.connect(self._view.set_locked)


def seen_terms(plot: Plot, sheet: Sheet) -> dict[str, str]:
    """The terms on metrics that the zoom of a plot stands for; none where no axis is a metric."""
    terms = {}
    for axis, span in ((plot.x, sheet.window.x), (plot.y, sheet.window.y)):
        if axis.metric is not None:
            low, high = (10**end if axis.log else end for end in span)
            terms[axis.metric] = limits_term(axis.metric, Limits(low, high))
    return terms
