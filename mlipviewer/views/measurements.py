"""The measurements: what was measured, its value in the shown frame, and over all frames."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QMenu,
    QToolButton,
    QTreeWidgetItem,
    QWidget,
)

from mlipviewer.core.measuring import Measure, Measurement, measures_of, value_words
from mlipviewer.core.neighbours import FARTHEST
from mlipviewer.core.plot import Space
from mlipviewer.gui.listing import KEY, Listing, key_of, lay_out_list, menu_for_once
from mlipviewer.gui.menus import MenuButton
from mlipviewer.gui.plain import PlainLabel, plain, plain_tip
from mlipviewer.gui.renaming import Renaming, swatch
from mlipviewer.gui.view import View
from mlipviewer.session import atom_changes, measure_changes
from mlipviewer.session.set_changes import COLOURS
from mlipviewer.session.set_tables import series_table, value_now
from mlipviewer.session.state import State
from mlipviewer.session.store import Change, Store

NAME, VALUE, ABOUT = range(3)
NOTHING = (
    "Nothing is measured yet: select two, three or four atoms in the 3D view and press M for their "
    "distance, angle or dihedral."
)


class MeasurementsView(View, QWidget):
    """A list of the measurements; a click selects the atoms, a double-click plots the series."""

    series_wanted = Signal(int)  # to be written to a file: the measurement's number
    values_wanted = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.measure = MenuButton("Measure")
        self.measure.setToolTip("Measure the selected atoms (M)")
        self.measure.setMenu(QMenu(self.measure))
        self.periodic = QToolButton()
        self.periodic.setText("PBC")
        self.periodic.setCheckable(True)
        self.periodic.setToolTip("New measurements take the nearest periodic images")
        self.reach = QDoubleSpinBox()
        self.reach.setRange(0.1, FARTHEST)
        self.reach.setSingleStep(0.1)
        self.reach.setSuffix(" Å")
        self.reach.setKeyboardTracking(False)
        self.reach.setAccessibleName("reach")
        self.reach.setToolTip("How far neighbours are counted, and selections grow")
        self.hint = PlainLabel(NOTHING)
        self.hint.setWordWrap(True)
        heads = ("Measurement", "In this frame", "Of")
        self.list = Listing(heads, "measurements", ABOUT, self.menu_of)
        self._renaming = Renaming(self.list)
        self.list.setItemDelegateForColumn(NAME, self._renaming)
        tools = (self.measure, self.periodic, PlainLabel("Reach"), self.reach)
        lay_out_list(self, tools, self.hint, self.list)
        self._connect()

    def _connect(self) -> None:
        self.measure.menu().aboutToShow.connect(self._fill_measure_menu)
        self.periodic.clicked.connect(self._set_periodic)
        self.reach.editingFinished.connect(self._set_reach)
        self.list.itemClicked.connect(self._click)
        self.list.itemDoubleClicked.connect(self._double_click)
        self._renaming.renamed.connect(self._rename)

    # -- what the user does ----------------------------------------------------------------

    def _commit(self, change: Change, label: str) -> None:
        self.store.commit(change, label)

    def _fill_measure_menu(self) -> None:
        menu, state = self.measure.menu(), self.store.state
        menu.clear()
        n = len(state.selected(Space.ATOM))
        possible = measures_of(n)
        for kind in possible:
            measure = partial(measure_changes.measure_selected, kind=kind)
            words = f"{kind} of {n:,} selected atom{'' if n == 1 else 's'}"
            menu.addAction(words, partial(self._commit, measure, f"Measure {kind}"))
        if not possible:
            menu.addAction("Select the atoms in the 3D view").setEnabled(False)

    def _set_periodic(self, wanted: bool) -> None:
        label = "Measure by nearest images" if wanted else "Measure without images"
        self._commit(lambda s: measure_changes.set_periodic(s, wanted), label)

    def _set_reach(self) -> None:
        reach = round(self.reach.value(), 4)
        self._commit(lambda s: atom_changes.set_reach(s, reach), f"Reach {reach:g} Å")

    def _click(self, item: QTreeWidgetItem) -> None:
        number = key_of(item)
        self._commit(
            lambda s: measure_changes.select_measured(s, number), "Select the measured atoms"
        )

    def _double_click(self, item: QTreeWidgetItem) -> None:
        number = key_of(item)
        self._commit(lambda s: measure_changes.plot_measurement(s, number), "Plot a measurement")

    def _rename(self, number: int, name: str) -> None:
        change = partial(measure_changes.set_measurement, number=number, name=name.strip())
        self._commit(change, "Rename a measurement")

    def menu_of(self, number: int) -> QMenu:
        """What can be done with a measurement."""
        menu = menu_for_once(self)
        state = self.store.state
        one = measure_changes.measurement(state, number)
        if one is None:
            return menu
        plot = partial(measure_changes.plot_measurement, number=number)
        menu.addAction("Plot over all frames", partial(self._commit, plot, f"Plot {one.name}"))
        more = partial(plot, plot=measure_changes.HISTOGRAM)
        menu.addAction("Histogram over all frames", partial(self._commit, more, f"Plot {one.name}"))
        series = menu.addAction(
            "Export series as CSV ...", partial(self.series_wanted.emit, number)
        )
        series.setEnabled(series_table(state, one) is not None)
        menu.addAction("Export all values as CSV ...", self.values_wanted.emit)
        menu.addSeparator()
        self._add_looks(menu, one)
        return menu

    def _add_looks(self, menu: QMenu, one: Measurement) -> None:
        colours = menu.addMenu("Colour")
        for colour in COLOURS:
            self._change(colours, colour, one, colour=colour).setIcon(swatch(colour))
        periodic = self._change(menu, "Nearest images", one, periodic=not one.periodic)
        periodic.setCheckable(True)
        periodic.setChecked(one.periodic)
        if one.kind is Measure.COORDINATION:
            reach = self.store.state.document.reach
            self._change(menu, f"Count up to the reach of {reach:g} Å", one, cutoff=reach)
        menu.addAction("Rename ...", partial(self.list.rename, one.number))
        drop = partial(measure_changes.drop_measurement, number=one.number)
        menu.addAction("Delete", partial(self._commit, drop, f"Delete {one.name}"))

    def _change(self, menu: QMenu, words: str, one: Measurement, **about: Any) -> QAction:
        change = partial(measure_changes.set_measurement, number=one.number, **about)
        return menu.addAction(words, partial(self._commit, change, f"Change {one.name}"))

    # -- showing ---------------------------------------------------------------------------

    def show_state(self, old: State | None, new: State) -> None:
        document = new.document
        self.periodic.setChecked(document.periodic)
        if old is None or old.document.reach != document.reach:
            self.reach.setValue(document.reach)
        if old is None or old.document.measurements != document.measurements:
            self._show_rows(new)
        elif old.moment.frames is not new.moment.frames:
            for i, one in enumerate(document.measurements):
                item = self.list.topLevelItem(i)
                assert item is not None
                item.setText(VALUE, value_words(one.kind, value_now(new, one)))

    def _show_rows(self, state: State) -> None:
        every = state.document.measurements
        self.hint.setVisible(not every)
        self.list.setVisible(bool(every))
        self.list.show_lines(_item(state, one) for one in every)


def _item(state: State, one: Measurement) -> QTreeWidgetItem:
    about = f"{one.kind} in {one.owner}"
    if one.kind is Measure.COORDINATION:
        about += f" up to {one.cutoff:g} Å"
    if not one.periodic:
        about += ", no images"
    value = value_words(one.kind, value_now(state, one))
    item = QTreeWidgetItem([one.name, value, plain(about)])
    item.setData(NAME, KEY, one.number)
    item.setIcon(NAME, swatch(one.colour))
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    for column in range(3):
        item.setToolTip(column, plain_tip(f"{one.name}: {about}"))
    return item
