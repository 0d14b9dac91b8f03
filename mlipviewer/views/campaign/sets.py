"""The sets of a design: which frames models learn from and are tested with."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMenu, QSizePolicy, QTreeWidgetItem

from mlipviewer.campaign.design import ROLES, LabelledSet
from mlipviewer.gui.listing import KEY, Listing, menu_for_once
from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.session.campaigns import changes
from mlipviewer.session.store import Store

HEADS = ("Set", "Use", "Frames", "From")
ROLE_WORDS = {"train": "training", "test": "test", "rare": "rare events"}


class SetList(Listing):
    """A line for each set; its menu changes its use and takes it out."""

    def __init__(self, store: Store) -> None:
        super().__init__(HEADS, "sets", 3, self.menu_of)
        self._store = store
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("A right click changes or removes a set; the text says all of it")

    def menu_of(self, place: int) -> QMenu:
        """What can be done with a set."""
        menu = menu_for_once(self)
        for role in ROLES:
            menu.addAction(f"Use for {ROLE_WORDS[role]}", partial(self._use, place, role))
        menu.addSeparator()
        menu.addAction("Remove the set", partial(self._drop, place))
        return menu

    def _use(self, place: int, role: str) -> None:
        label = f"Use a set for {ROLE_WORDS[role]}"
        self._store.commit(lambda s: changes.set_part_value(s, "set", place, "role", role), label)

    def _drop(self, place: int) -> None:
        self._store.commit(lambda s: changes.drop_part(s, "set", place), "Remove a set")

    def show_sets(self, sets: tuple[LabelledSet, ...]) -> None:
        """Lines for these; as high as they need."""
        self.show_lines(_item(place, one) for place, one in enumerate(sets))
        rows = min(max(len(sets), 2), 8)
        height = self.sizeHintForRow(0) if sets else 20
        self.setFixedHeight(self.header().height() + rows * max(height, 18) + 6)


def _item(place: int, one: LabelledSet) -> QTreeWidgetItem:
    kinds = ", ".join(one.kinds)
    more = ", ".join(f"{n} more of {kind}" for kind, n in one.enrich.items())
    made = "; ".join(part for part in (kinds, more) if part)
    source = Path(one.file).name if one.file else made or "hops of the vacancy"
    frames = "" if one.file else str(one.frames + sum(one.enrich.values()))
    item = QTreeWidgetItem([plain(one.name), ROLE_WORDS[one.role], frames, plain(source)])
    item.setData(0, KEY, place)
    item.setToolTip(3, plain_tip(one.file or made))
    return item
