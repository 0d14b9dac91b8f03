"""The events of the shown trajectory: a click shows the frame of one and selects its atoms."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.core.events import BEGIN, END, Events
from mlipviewer.core.plot import Array
from mlipviewer.core.rows import NONE
from mlipviewer.gui.icons import transport_icon
from mlipviewer.gui.menus import MenuButton
from mlipviewer.gui.plain import PlainLabel, ShortLabel, plain, plain_tip
from mlipviewer.gui.theme import colour, current_theme
from mlipviewer.gui.view import View
from mlipviewer.session import changes
from mlipviewer.session.events import (
    Source,
    choose_source,
    current_event,
    event_sources,
    event_words,
    listed,
    next_event,
    of_selection,
    set_events,
    show_event,
    shown_source,
    sort_by,
)
from mlipviewer.session.panels import new_panel
from mlipviewer.session.state import State
from mlipviewer.session.store import Change, Store
from mlipviewer.session.traces import show_sites

NOTHING = (
    "No open panel tells events. Find hops between sites, or jumps, displacements, changes of class"
    " and spikes of energy: Find, above."
)
FINDERS = (("hops", "Hops over time"), ("events", "Events over time"))
ROOM = 8  # pixels
FROM_ONE = (BEGIN, END)
"""Columns of frames: they count from 1 where they are shown."""
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class EventsModel(QAbstractTableModel):
    """Events of a source in an order; it keeps no selection."""

    def __init__(self) -> None:
        super().__init__()
        self._events: Events | None = None
        self._names: tuple[str, ...] = ()
        self._order: Array = NONE
        self._under_way: Array = np.zeros(0, bool)
        self._of_selected: Array = np.zeros(0, bool)
        self._shown: int | None = None

    def show_events(self, events: Events | None, order: Array) -> bool:
        """Whether that changed anything."""
        if events is self._events and np.array_equal(order, self._order):
            return False
        self.beginResetModel()
        self._events, self._order = events, order
        self._names = tuple(events.table) if events is not None else ()
        n = len(events) if events is not None else 0
        self._under_way, self._of_selected = np.zeros(n, bool), np.zeros(n, bool)
        self.endResetModel()
        return True

    def show_marks(self, under_way: Array, of_selected: Array, shown: int | None) -> None:
        same = shown == self._shown and np.array_equal(under_way, self._under_way)
        if same and np.array_equal(of_selected, self._of_selected):
            return
        self._under_way, self._of_selected, self._shown = under_way, of_selected, shown
        if len(self._order):
            last = self.index(len(self._order) - 1, len(self._names) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def number(self, line: int) -> int:
        return int(self._order[line])

    def line_of(self, number: int | None) -> int | None:
        found = np.flatnonzero(self._order == number) if number is not None else NONE
        return int(found[0]) if len(found) else None

    @property
    def names(self) -> tuple[str, ...]:
        return self._names

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._names)

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or way is Qt.Orientation.Vertical:
            return None
        name = self._names[section]
        unit = self._events.units.get(name, "") if self._events is not None else ""
        return plain(f"{name.replace('_', ' ')} ({unit})" if unit else name.replace("_", " "))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        assert self._events is not None  # without them there are no rows
        number = self.number(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                name = self._names[index.column()]
                return _text(name, self._events.table[name][number])
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(event_words(self._events, number))
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.BackgroundRole:
                return self._background(number)
            case Qt.ItemDataRole.FontRole:
                return _bold() if number == self._shown else None
        return None

    def _background(self, number: int) -> QBrush | None:
        """Of selected atoms in the colour of selected things, stronger while they are under way."""
        chosen, now = bool(self._of_selected[number]), bool(self._under_way[number])
        if not chosen and not now:
            return None
        theme = current_theme()
        tint = QColor(colour(theme.selected if chosen else theme.faint_text))
        tint.setAlpha(140 if chosen and now else 80)
        return QBrush(tint)


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font


def _text(name: str, value: Any) -> str:
    if name in FROM_ONE:
        return f"{int(value) + 1:,}"
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.4g}"
    return plain(str(value), 80)


class EventsView(View, QWidget):
    """Lists what one panel found; the events under way and those of selected atoms are tinted."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.source = MenuButton()
        self.source.setAccessibleName("source of events")
        self.source.setToolTip("Whose events are listed, and finding others")
        self.source.setMenu(QMenu(self.source))
        self.previous = _step_button("previous", "Previous event (Alt+Shift+Left)")
        self.next = _step_button("next", "Next event (Alt+Shift+Right)")
        self.neighbours = _switch(
            "Neighbours", "Select the atoms of an event with their neighbours within the reach"
        )
        self.of_selected = _switch(
            "Of selected", "List the events of the selected atoms and sites alone"
        )
        self.sites = _switch(
            "Sites", "Draw the sites of hops, and the ways between them, among the atoms"
        )
        self.hint = PlainLabel(NOTHING)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.status = ShortLabel()
        self.status.setObjectName("status")
        self.model = EventsModel()
        self.table = _table(self.model)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        switches = (self.neighbours, self.of_selected, self.sites)
        for tool in (self.source, self.previous, self.next, *switches):
            top.addWidget(tool)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addLayout(top)
        layout.addWidget(self.hint)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.status)

    def _connect(self) -> None:
        self.source.menu().aboutToShow.connect(self._fill_sources)
        self.previous.clicked.connect(lambda: self._commit(_step(-1), "Previous event"))
        self.next.clicked.connect(lambda: self._commit(_step(1), "Next event"))
        self.neighbours.clicked.connect(self._set_neighbours)
        self.of_selected.clicked.connect(self._set_of_selected)
        self.sites.clicked.connect(self._set_sites)
        self.table.clicked.connect(self._click)
        self.table.activated.connect(self._click)
        self.table.horizontalHeader().sectionClicked.connect(self._sort)

    # -- what the user does ----------------------------------------------------------------

    def _commit(self, change: Change, label: str) -> None:
        self.store.commit(change, label)

    def _fill_sources(self) -> None:
        menu, state = self.source.menu(), self.store.state
        menu.clear()
        shown = shown_source(state)
        for one in event_sources(state):
            words = plain(f"{one.title}: {len(one.events):,} events", 100)
            choose = partial(choose_source, panel=one.panel)
            item = menu.addAction(words, partial(self._commit, choose, f"List {one.title}"))
            item.setCheckable(True)
            item.setChecked(shown is not None and one.panel == shown.panel)
        menu.addSection("Find")
        for name, plot in FINDERS:
            menu.addAction(plot, partial(self._find, name, plot))

    def _find(self, name: str, plot: str) -> None:
        """Open a panel that finds events."""
        panel = new_panel(self.store.state, name, plot)

        def opened(state: State) -> State:
            return choose_source(changes.open_panel(state, panel), panel.id)

        self._commit(opened, f"Open {panel.title}")

    def _set_neighbours(self, wanted: bool) -> None:
        change = partial(set_events, neighbours=wanted)
        self._commit(change, "Events with neighbours" if wanted else "Events without neighbours")

    def _set_of_selected(self, wanted: bool) -> None:
        change = partial(set_events, of_selected=wanted)
        self._commit(change, "List events of selected atoms" if wanted else "List all events")

    def _set_sites(self, wanted: bool) -> None:
        change = partial(show_sites, wanted=wanted)
        self._commit(change, "Show sites and ways" if wanted else "Hide sites and ways")

    def _click(self, index: QModelIndex) -> None:
        source = shown_source(self.store.state)
        if source is None:
            return
        number = self.model.number(index.row())
        words = event_words(source.events, number)
        self._commit(lambda s: show_event(s, source, number), f"Show {words}")

    def _sort(self, section: int) -> None:
        name = self.model.names[section]
        self._commit(partial(sort_by, column=name), f"Sort events by {name}")

    # -- what is shown ---------------------------------------------------------------------

    def show_state(self, _old: State | None, new: State) -> None:
        source, how = shown_source(new), new.document.events
        self.source.setText(plain(source.title, 40) if source is not None else "Find")
        self.neighbours.setChecked(how.neighbours)
        self.of_selected.setChecked(how.of_selected)
        for widget in (self.previous, self.next, self.of_selected, self.neighbours, self.table):
            widget.setVisible(source is not None)
        self.sites.setVisible(source is not None and source.analysis == "hops")
        self.sites.setChecked(new.document.sites_drawn)
        self.status.setVisible(source is not None)
        self.hint.setVisible(source is None)
        if source is None:
            self.model.show_events(None, NONE)
            return
        self._show_list(new, source)

    def _show_list(self, state: State, source: Source) -> None:
        order, events = listed(state, source), source.events
        others = self.model.show_events(events, order)
        of_selected = of_selection(state, events)
        shown = current_event(state, source)
        self.model.show_marks(events.at(state.frame), of_selected, shown)
        if others:
            self.table.resizeColumnsToContents()
            for k in range(len(self.model.names)):  # the line of the shown event is bold
                self.table.setColumnWidth(k, self.table.columnWidth(k) + ROOM)
        line = self.model.line_of(shown)
        if line is not None:
            self.table.scrollTo(self.model.index(line, 0))
        self.status.setText(_status(state, events, len(order), of_selected, shown, line))


def _status(
    state: State, events: Events, n: int, of_selected: Array, shown: int | None, line: int | None
) -> str:
    parts = [f"{n:,} of {len(events):,} events" if n < len(events) else f"{n:,} events"]
    if shown is not None and line is not None:
        parts.append(f"event {line + 1:,}: {event_words(events, shown)}")
    parts.append(f"{int(events.at(state.frame).sum()):,} under way in this frame")
    if of_selected.any():
        parts.append(f"{int(of_selected.sum()):,} of what is selected")
    return " / ".join(parts)


def _step(by: int) -> Change:
    return lambda state: next_event(state, by)


def _step_button(icon: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(transport_icon(icon))
    button.setToolTip(plain_tip(tip))
    button.setAccessibleName(tip)
    button.setAutoRaise(True)
    return button


def _switch(title: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(title)
    button.setToolTip(plain_tip(tip))
    button.setCheckable(True)
    return button


def _table(model: EventsModel) -> QTableView:
    table = QTableView()
    table.setTabKeyNavigation(False)
    table.setModel(model)
    table.setAccessibleName("events")
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 6)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.horizontalHeader().setSectionsClickable(True)
    table.horizontalHeader().setResizeContentsPrecision(200)
    return table
