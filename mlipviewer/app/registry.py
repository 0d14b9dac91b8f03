"""The one place where Qt's actions are made: each action of the lists once, for the menus, the keys
and the palette of a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar, QWidget

from mlipviewer.gui.keys import Deeds, do_action, keymap_in_use, keys_words
from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.gui.view import View
from mlipviewer.session.actions.action import Action, place_words
from mlipviewer.session.state import State
from mlipviewer.session.store import Store

Views = Callable[[], Iterator[QWidget]]


@dataclass(frozen=True)
class Bound:
    """What the window does for an action, and when it cannot."""

    act: Callable[[], object]
    reason: Callable[[], str] = lambda: ""


class Registry:
    """The actions of a window. Those without a change are bound here, or done by a view."""

    def __init__(self, window: QMainWindow, store: Store, bar: QMenuBar, views: Views) -> None:
        self._window, self._store, self._bar, self._views = window, store, bar, views
        self.actions: dict[str, Action] = {}
        self.items: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self._bound: dict[str, Bound] = {}
        self._sections: dict[str, str] = {}
        self._told: dict[str, tuple[str, bool]] = {}
        keymap_in_use.changed.connect(self.take_keys)

    def close(self) -> None:
        keymap_in_use.changed.disconnect(self.take_keys)

    # -- making ----------------------------------------------------------------------------

    def add(self, action: Action) -> QAction:
        """Make an action: at the end of its menu, with its keys."""
        item = QAction(plain(action.title), self._window)
        item.setObjectName(action.id)
        item.setCheckable(action.checked is not None)
        item.triggered.connect(partial(self._trigger, action.id))
        self.actions[action.id], self.items[action.id] = action, item
        self._give_keys(action, item)
        if action.menu:
            self._place(action, item)
        if not action.local:
            self._window.addAction(item)
        return item

    def _place(self, action: Action, item: QAction) -> None:
        menu = self.menu(action.menu)
        if self._sections.get(action.menu, action.section) != action.section:
            menu.addSeparator()
        self._sections[action.menu] = action.section
        menu.addAction(item)

    def menu(self, name: str) -> QMenu:
        """A menu by its name; one within another is `Outer/Inner`."""
        if name not in self.menus:
            outer, _, inner = name.rpartition("/")
            made = self.menu(outer).addMenu(inner) if outer else self._bar.addMenu(name)
            made.setToolTipsVisible(True)
            self.menus[name] = made
        return self.menus[name]

    def bind(
        self, action_id: str, act: Callable[[], object], reason: Callable[[], str] = lambda: ""
    ) -> None:
        """Say how the window does an action. Raises KeyError where there is no such."""
        assert self.actions[action_id].change is None
        self._bound[action_id] = Bound(act, reason)

    # -- keys ------------------------------------------------------------------------------

    def take_keys(self) -> None:
        """Use the keys of this user from now on."""
        self._told.clear()
        for name, item in self.items.items():
            self._give_keys(self.actions[name], item)
        self.show_state(self._store.state)

    def _give_keys(self, action: Action, item: QAction) -> None:
        """Keys of a place are shown in menus, and heard where the focus is (gui/keys.py)."""
        keys = keymap_in_use.keymap.keys_of(action.id)
        if action.local:
            item.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        item.setShortcuts([QKeySequence(key) for key in keys])

    # -- doing -----------------------------------------------------------------------------

    def _trigger(self, action_id: str, _checked: bool = False) -> None:
        self.do(action_id)

    def do(self, action_id: str) -> None:
        """Do an action, unless something prevents it, which is told then."""
        action = self.actions[action_id]
        self._told.pop(action_id, None)  # Qt has toggled what is checkable
        do_action(self._store, action, self._deeds_for(action_id))
        self._show(action, self._store.state)

    def _deeds_for(self, action_id: str) -> Deeds:
        if action_id in self._bound:
            return {action_id: self._bound[action_id].act}
        view = self._view_for(action_id)
        return view.deeds if view is not None else {}

    def _view_for(self, action_id: str) -> View | None:
        """The view that does an action: the one with the focus, else one that can be seen."""
        able = [one for one in self._views() if isinstance(one, View) and action_id in one.deeds]
        focused = self._window.focusWidget()
        within = (one for one in able if focused is not None and one.isAncestorOf(focused))
        seen = (one for one in able if not one.visibleRegion().isEmpty())
        return next(within, None) or next(seen, None) or next(iter(able), None)

    def reason(self, action: Action, state: State) -> str:
        """Why an action is not possible now."""
        if reason := action.prevented(state):
            return reason
        if action.change is not None:
            return ""
        if action.id in self._bound:
            return self._bound[action.id].reason()
        able = any(isinstance(one, View) and action.id in one.deeds for one in self._views())
        return "" if able else f"no {place_words(action.where) or 'panel'} is open"

    # -- showing ---------------------------------------------------------------------------

    def show_state(self, state: State) -> None:
        """What can be done now, what is on, and why not."""
        for action in self.actions.values():
            self._show(action, state)

    def _show(self, action: Action, state: State) -> None:
        now = self.reason(action, state), action.checked is not None and action.checked(state)
        if self._told.get(action.id) == now:
            return
        self._told[action.id] = now
        item, (reason, checked) = self.items[action.id], now
        item.setEnabled(not reason)
        item.setChecked(checked)
        item.setToolTip(plain_tip(self._tip(action, reason), 400))

    def _tip(self, action: Action, reason: str) -> str:
        keys, place = keys_words(action.id), ""
        if keys and action.local:
            place = f" in the {place_words(action.where)}"
        said = f"{action.about or action.title}{f' ({keys}{place})' if keys else ''}"
        return f"{said}: {reason}" if reason else said
