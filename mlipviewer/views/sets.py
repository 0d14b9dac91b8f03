"""The named sets: saved selections of models, frames and atoms, and live conditions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QMenu,
    QTreeWidgetItem,
    QWidget,
)

from mlipviewer.core.named_sets import Join, NamedSet
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode
from mlipviewer.gui.gestures import mode_of
from mlipviewer.gui.listing import KEY, Listing, key_of, lay_out_list, menu_for_once
from mlipviewer.gui.menus import MenuButton
from mlipviewer.gui.plain import PlainLabel, plain, plain_tip
from mlipviewer.gui.renaming import Renaming, swatch
from mlipviewer.gui.view import View
from mlipviewer.session import set_changes
from mlipviewer.session.conditions import rows_of_set
from mlipviewer.session.state import Condition, State
from mlipviewer.session.store import Change, Store

SAVABLE = (Space.ATOM, Space.MODEL, Space.FRAME)
NOTHING = (
    "No set yet: select atoms, models or frames and save them here. A condition found in the 3D "
    "view (Ctrl+F) can be kept as a live set."
)
JOINS = {
    Join.UNION: "Union with",
    Join.INTERSECTION: "Intersection with",
    Join.DIFFERENCE: "Without",
    Join.EITHER: "Either, not both, with",
}
NAME, WHAT = range(2)


class SetsView(View, QWidget):
    """A list of the sets: a click selects, Ctrl adds, Alt removes; the menu holds the algebra."""

    export_wanted = Signal(str)  # the set's name

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.save = MenuButton("Save selection")
        self.save.setToolTip("Save what is selected under a name")
        self.save.setMenu(QMenu(self.save))
        self.hint = PlainLabel(NOTHING)
        self.hint.setWordWrap(True)
        self.list = Listing(("Set", "Of", "Holds"), "named sets", WHAT, self.menu_of)
        self._renaming = Renaming(self.list)
        self.list.setItemDelegateForColumn(NAME, self._renaming)
        lay_out_list(self, (self.save,), self.hint, self.list)
        self._connect()

    def _connect(self) -> None:
        self.save.menu().aboutToShow.connect(self._fill_save_menu)
        self.list.itemClicked.connect(self._click)
        self._renaming.renamed.connect(self._rename)

    # -- what the user does ----------------------------------------------------------------

    def _commit(self, change: Change, label: str) -> None:
        self.store.commit(change, label)

    def _fill_save_menu(self) -> None:
        menu, state = self.save.menu(), self.store.state
        menu.clear()
        for space in SAVABLE:
            n = len(state.selected(space))
            entry = menu.addAction(f"{n:,} selected {space}{'' if n == 1 else 's'}")
            entry.setEnabled(n > 0)
            save = partial(set_changes.save_selection, space=space)
            entry.triggered.connect(partial(self._commit, save, f"Save {n:,} {space}s as a set"))

    def _click(self, item: QTreeWidgetItem) -> None:
        from PySide6.QtGui import QGuiApplication

        mode = mode_of(QGuiApplication.keyboardModifiers(), Mode.REPLACE)
        self._select(key_of(item), mode)

    def _select(self, name: str, mode: Mode) -> None:
        self._commit(lambda s: set_changes.select_set(s, name, mode), f"Select set {name}")

    def _rename(self, old: str, new: str) -> None:
        self._commit(lambda s: set_changes.rename_set(s, old, new), f"Rename set {old}")

    def menu_of(self, name: str) -> QMenu:
        """What can be done with a set."""
        menu = menu_for_once(self)
        one = set_changes.set_named(self.store.state, name)
        if one is None:
            return menu
        for mode, words in (
            (Mode.REPLACE, "Select"),
            (Mode.ADD, "Add to the selection"),
            (Mode.REMOVE, "Remove from the selection"),
            (Mode.INTERSECT, "Intersect with the selection"),
        ):
            menu.addAction(words, partial(self._select, name, mode))
        menu.addSeparator()
        self._add_algebra(menu, one)
        menu.addSeparator()
        self._add_looks(menu, one)
        return menu

    def _add_algebra(self, menu: QMenu, one: NamedSet) -> None:
        alike = [
            other.name
            for other in self.store.state.document.sets
            if other.name != one.name and (other.space, other.owner) == (one.space, one.owner)
        ]
        for how, words in JOINS.items():
            inside = menu.addMenu(words)
            inside.setEnabled(bool(alike))
            for other in alike:
                self._add(inside, other, partial(_joined, one.name, other, how), f"{words} {other}")
        self._add(menu, "Complement", partial(_complement, one.name), f"Complement of {one.name}")
        freeze = self._add(menu, "Freeze", partial(_frozen, one.name), f"Freeze set {one.name}")
        freeze.setEnabled(one.live)
        others = set_changes.fitting_runs(self.store.state, one)
        inside = menu.addMenu("The same atoms of")
        inside.setEnabled(bool(others))
        for other in others:
            change = partial(_copied, one.name, other)
            self._add(inside, other, change, f"Copy set {one.name} to {other}")

    def _add_looks(self, menu: QMenu, one: NamedSet) -> None:
        colours = menu.addMenu("Colour")
        for colour in set_changes.COLOURS:
            change = partial(_coloured, one.name, colour)
            entry = self._add(colours, colour, change, f"Colour of set {one.name}")
            entry.setIcon(swatch(colour))
        menu.addAction("Rename ...", partial(self.list.rename, one.name))
        menu.addAction("Export as CSV ...", partial(self.export_wanted.emit, one.name))
        self._add(menu, "Delete", partial(_dropped, one.name), f"Delete set {one.name}")

    def _add(self, menu: QMenu, words: str, change: Change, label: str) -> QAction:
        return menu.addAction(plain(words), partial(self._commit, change, label))

    # -- showing ---------------------------------------------------------------------------

    def show_state(self, old: State | None, new: State) -> None:
        if old is not None and _told(old) == _told(new):
            return
        self.hint.setVisible(not new.document.sets)
        self.list.setVisible(bool(new.document.sets))
        self.list.show_lines(_item(new, one) for one in new.document.sets)


def _told(state: State) -> tuple[object, ...]:
    """What the rows say."""
    return (state.document.sets, tuple(_holds(state, one) for one in state.document.sets))


def _item(state: State, one: NamedSet) -> QTreeWidgetItem:
    of = f"{one.space}s of {one.owner}"
    item = QTreeWidgetItem([one.name, plain(of), plain(_holds(state, one))])
    item.setData(NAME, KEY, one.name)
    item.setIcon(NAME, swatch(one.colour))
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    about = f"live: {one.condition}" if one.live else "frozen"
    for column in range(3):
        item.setToolTip(column, plain_tip(f"{one.name}: {of}, {about}"))
    return item


def _holds(state: State, one: NamedSet) -> str:
    n = len(rows_of_set(state, one))
    if not one.live:
        return f"{n:,}"
    found = state.moment.matches.get(Condition(one.space, one.owner, one.condition))
    if found is None:
        return "live, not shown now"
    return found.problem or f"{n:,} live"


def _joined(first: str, second: str, how: Join, state: State) -> State:
    return set_changes.join_sets(state, first, second, how)


def _copied(name: str, owner: str, state: State) -> State:
    return set_changes.copy_set(state, name, owner)


def _coloured(name: str, colour: str, state: State) -> State:
    return set_changes.colour_set(state, name, colour)


def _on_state(change: Callable[[State, str], State]) -> Callable[[str, State], State]:
    return lambda name, state: change(state, name)


_complement = _on_state(set_changes.complement_set)
_frozen = _on_state(set_changes.freeze_set)
_dropped = _on_state(set_changes.drop_set)
