"""The links: which files belong to which model or metric."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QMenu,
    QTreeWidgetItem,
    QWidget,
)

from mlipviewer.core.links import ROLES, Link
from mlipviewer.gui.keys import LocalKeys
from mlipviewer.gui.later import Later
from mlipviewer.gui.listing import KEY, Listing, key_of, lay_out_list, menu_for_once
from mlipviewer.gui.plain import PlainLabel, plain, plain_button, plain_tip
from mlipviewer.gui.theme import colour, current_theme
from mlipviewer.gui.view import View
from mlipviewer.session import link_changes
from mlipviewer.session.actions.action import Where
from mlipviewer.session.state import State
from mlipviewer.session.store import Store

NOTHING = "No file is linked to a model yet: add one, drop a run on its row, or open a links.csv."
NOTHING_OF_FOCUS = "Not linked: no file belongs to {model}. Connect one with Add."
HEADS = ("Model", "Role", "Metric", "File")
MODEL, ROLE, METRIC, FILE = range(4)
LONGEST = 300


class LinksView(View, QWidget):
    """A line for each link: a double click opens its run, the menu changes and removes it."""

    edit_wanted = Signal(object)  # the Link, or None for a new one
    save_wanted = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.add = plain_button("Add ...", "Link a file to a model or a metric")
        self.save = plain_button("Save ...", "Save all links as a file links.csv")
        self.of_focus = QCheckBox("Model in focus only")
        self.hint = PlainLabel(NOTHING)
        self.hint.setWordWrap(True)
        self.list = Listing(HEADS, "links", FILE, self.menu_of)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._absent: frozenset[str] = frozenset()  # paths where no file is
        self._later = Later(self)
        lay_out_list(self, (self.add, self.save, self.of_focus), self.hint, self.list)
        self._connect()

    def _connect(self) -> None:
        self.add.clicked.connect(lambda: self.edit_wanted.emit(None))
        self.save.clicked.connect(self.save_wanted)
        self.of_focus.clicked.connect(self._show_focus_only)
        self.list.itemDoubleClicked.connect(lambda item: self._open(key_of(item)))
        deeds = {"open": self._open, "edit": self._edit, "drop": self._drop}
        self.deeds = {f"links.{name}": partial(self._do, act) for name, act in deeds.items()}
        LocalKeys(self.list, Where.LINKS, self.store, self.deeds)

    # -- what the user does ----------------------------------------------------------------

    def _do(self, act: Callable[[Link], None]) -> None:
        item = self.list.currentItem()
        if item is not None:
            act(key_of(item))

    def _open(self, link: Link) -> None:
        self.store.commit(lambda s: link_changes.open_link(s, link), f"Open {_name(link)}")

    def _edit(self, link: Link) -> None:
        self.edit_wanted.emit(link)

    def _drop(self, link: Link) -> None:
        self.store.commit(lambda s: link_changes.drop_link(s, link), f"Unlink {_name(link)}")

    def _set_role(self, link: Link, role: str) -> None:
        new = Link(link.model, role, link.path, link.metric)
        self.store.commit(lambda s: link_changes.set_link(s, link, new), f"Link as {role}")

    def _show_focus_only(self, wanted: bool) -> None:
        label = "Links of the model in focus" if wanted else "All links"
        self.store.commit(lambda s: link_changes.show_links_of_focus(s, wanted), label)

    def menu_of(self, link: Link) -> QMenu:
        """What can be done with a link."""
        menu = menu_for_once(self)
        menu.addAction("Open", partial(self._open, link))
        menu.addAction("Change ...", partial(self._edit, link))
        roles = menu.addMenu("Role")
        for role in ROLES:
            entry = roles.addAction(role, partial(self._set_role, link, role))
            entry.setCheckable(True)
            entry.setChecked(role == link.role)
        menu.addSeparator()
        menu.addAction("Remove the link", partial(self._drop, link))
        return menu

    # -- showing ---------------------------------------------------------------------------

    def show_state(self, old: State | None, new: State) -> None:
        if old is None or old.document.links is not new.document.links:
            self._look_for_files(new)
        if old is None or _told(old) != _told(new):
            self._show_links(new)

    def _look_for_files(self, state: State) -> None:
        """Which files are not there: asked in a thread, since a disk may be far away."""
        paths = {link.path for link in state.document.links}
        self._later.ask(
            lambda: frozenset(path for path in paths if not Path(path).exists()),
            self._show_absent,
            lambda _reason: None,
        )

    def _show_absent(self, absent: frozenset[str]) -> None:
        if absent != self._absent:
            self._absent = absent
            self._show_links(self.store.state)

    def _show_links(self, state: State) -> None:
        shown = link_changes.shown_links(state)
        key = link_changes.key_of_focus(state)
        self.of_focus.setChecked(state.document.links_of_focus)
        self.save.setEnabled(bool(state.document.links))
        self.hint.setText(NOTHING if not state.document.links else _not_linked(key))
        self.hint.setVisible(not shown)
        self.list.setVisible(bool(shown))
        self.list.show_lines(self._item(state, link) for link in shown)

    def _item(self, state: State, link: Link) -> QTreeWidgetItem:
        reason = _broken(state, link, self._absent)
        texts = (link.model or "(all models)", link.role, link.metric, _name(link))
        item = QTreeWidgetItem([plain(text, LONGEST) for text in texts])
        item.setData(MODEL, KEY, link)
        about = f"{link.path}\n{reason}" if reason else link.path
        for column in range(len(HEADS)):
            item.setToolTip(column, plain_tip(about, 2 * LONGEST))
        if reason:
            item.setText(FILE, plain(f"{_name(link)} – {reason}", LONGEST))
            item.setForeground(FILE, colour(current_theme().warning))
        return item


def _told(state: State) -> tuple[object, ...]:
    """What the lines say."""
    document = state.document
    return (
        document.links,
        document.links_of_focus,
        link_changes.key_of_focus(state),
        _failures(state),
        _keys(state),
    )


def _keys(state: State) -> int:
    """Which table the models are looked for in."""
    return id(state.table)


def _failures(state: State) -> dict[str, str]:
    """Why files could not be opened, by path."""
    failed = state.moment.failed
    return {o.path: failed[o.name].reason for o in state.document.inputs if o.name in failed}


def _broken(state: State, link: Link, absent: frozenset[str]) -> str:
    """Why a link leads nowhere; '' where nothing is known against it."""
    if link.path in absent:
        return "the file is not there"
    if link.path in (failed := _failures(state)):
        return f"cannot be read: {failed[link.path]}"
    table = state.table
    if table is not None and link.model and not table.has_key(link.model):
        return "no model of the shown table"
    if table is not None and link.metric and link.metric not in table.metrics:
        return "no metric of the shown table"
    return ""


def _not_linked(model: str) -> str:
    return NOTHING_OF_FOCUS.format(model=plain(model, LONGEST))


def _name(link: Link) -> str:
    return link.path.replace("\\", "/").rsplit("/", 1)[-1]
