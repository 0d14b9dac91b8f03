"""The keys of all actions: searched by name or by pressing them, changed, and taken back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mlipviewer.app.preferences.heeding import use_keys
from mlipviewer.core.fuzzy import best
from mlipviewer.gui.keys import key_text, keymap_in_use, native
from mlipviewer.gui.plain import PlainLabel, plain
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.actions.action import Action, place_words
from mlipviewer.session.actions.keymap import Keymap, normal, problem_of

ID = Qt.ItemDataRole.UserRole


class KeyLine(QLineEdit):
    """Shows the keys that were pressed in it; `pressed` tells them. Tab and Escape are keys too:
    Shift+Tab leaves it."""

    pressed = Signal(str)

    def __init__(self, asks: str) -> None:
        super().__init__()
        self.setPlaceholderText(asks)
        self.setAccessibleName(asks)
        self.setReadOnly(True)
        self.key = ""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.ShortcutOverride,
            QEvent.Type.KeyPress,
        ):
            if event.key() == Qt.Key.Key_Backtab:
                return super().event(event)
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.take(key_text(event))
            return True
        return super().event(event)

    def take(self, key: str) -> None:
        if key:
            self.key = key
            self.setText(native(key))
            self.pressed.emit(key)

    def forget(self) -> None:
        self.key = ""
        self.clear()


class ShortcutEditor(QWidget):
    """A line for each action. A key that is taken is told of, with whose it is."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setPlaceholderText("Search by name")
        self.line.setAccessibleName("Search actions by name")
        self.line.setClearButtonEnabled(True)
        self.by_key = KeyLine("or press keys here")
        self.everything = QPushButton("Show all")
        self.list = QTreeWidget()
        self.list.setHeaderLabels(["Action", "Menu or place", "Keys"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName("Actions and their keys")
        self.list.setMinimumHeight(220)
        self.new = KeyLine("press new keys here")
        self.add, self.clear = QPushButton("Add"), QPushButton("No keys")
        self.usual = QPushButton("Usual keys")
        self.told = PlainLabel("Choose an action to change its keys.")
        self.told.setWordWrap(True)
        self._lay_out()
        self._connect()
        self._fill()

    def _lay_out(self) -> None:
        top, below = QHBoxLayout(), QHBoxLayout()
        for one in (self.line, self.by_key, self.everything):
            top.addWidget(one)
        for one in (self.new, self.add, self.clear, self.usual):
            below.addWidget(one)
        for button in (self.everything, self.add, self.clear, self.usual):
            button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        layout.addLayout(below)
        layout.addWidget(self.told)

    def _connect(self) -> None:
        self.line.textEdited.connect(self._search)
        self.by_key.pressed.connect(self._search_key)
        self.everything.clicked.connect(self._show_all)
        self.list.currentItemChanged.connect(lambda _now, _before: self._choose())
        self.new.pressed.connect(lambda _key: self._tell())
        self.add.clicked.connect(self._add)
        self.clear.clicked.connect(lambda: self._give(()))
        self.usual.clicked.connect(self._give_usual)
        keymap_in_use.changed.connect(self._show_keys)

    # -- the list --------------------------------------------------------------------------

    @property
    def keymap(self) -> Keymap:
        return keymap_in_use.keymap

    def _fill(self) -> None:
        for action in self.keymap.actions:
            place = place_words(action.where) or action.menu.replace("/", " > ")
            item = QTreeWidgetItem([plain(action.title), place, ""])
            item.setData(0, ID, action.id)
            self.list.addTopLevelItem(item)
        self._show_keys()
        for column, width in enumerate((250, 170)):
            self.list.setColumnWidth(column, width)
        self._choose()

    def _items(self) -> list[QTreeWidgetItem]:
        rows = (self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount()))
        return [item for item in rows if item is not None]

    def _show_keys(self) -> None:
        for item in self._items():
            action_id = item.data(0, ID)
            item.setText(2, ", ".join(map(native, self.keymap.keys_of(action_id))))
            font = item.font(2)
            font.setBold(action_id in self.keymap.own)
            item.setFont(2, font)
        self._tell()

    def n_matching(self, text: str) -> int:
        """How many actions are called about so."""
        return len(self._found(text))

    def _found(self, text: str) -> set[int]:
        """The lines that hold all words; where none does, those that hold their letters."""
        names = [f"{item.text(0)} {item.text(1)}".lower() for item in self._items()]
        words = text.lower().split()
        whole = {row for row, name in enumerate(names) if all(word in name for word in words)}
        return whole or set(best(text, names, len(names)))

    def look_for(self, text: str) -> None:
        self.line.setText(text)
        self._search(text)

    def _search(self, text: str) -> None:
        self.by_key.forget()
        found = self._found(text)
        for place, item in enumerate(self._items()):
            item.setHidden(place not in found)

    def _search_key(self, key: str) -> None:
        """The actions that a key means, wherever that is."""
        self.line.clear()
        for item in self._items():
            keys = self.keymap.keys_of(item.data(0, ID))
            item.setHidden(normal(key) not in map(normal, keys))

    def _show_all(self) -> None:
        self.line.clear()
        self._search("")

    # -- one action ------------------------------------------------------------------------

    @property
    def chosen(self) -> Action | None:
        item = self.list.currentItem()
        ids = {one.id: one for one in self.keymap.actions}
        return ids.get(item.data(0, ID)) if item is not None else None

    def _choose(self) -> None:
        self.new.forget()
        for one in (self.new, self.clear, self.usual):
            one.setEnabled(self.chosen is not None)
        self._tell()

    def _tell(self) -> None:
        """What the new keys would do."""
        action, key = self.chosen, self.new.key
        self.add.setText("Add")
        self.add.setEnabled(False)
        if action is None or not key:
            keys = ", ".join(map(native, self.keymap.keys_of(action.id))) if action else ""
            said = f"{action.title}: {keys or 'no keys'}." if action else ""
            self.told.setText(said or "Choose an action to change its keys.")
            return
        problem = problem_of(action, key)
        taken = self.keymap.conflicts(action, key)
        self.add.setEnabled(not problem)
        if problem:
            self.told.setText(f"{native(key)}: {problem}.")
        elif taken:
            names = ", ".join(
                f"{one.title} ({one.menu or place_words(one.where)})" for one in taken
            )
            self.told.setText(f"{native(key)} already means {names}, which would lose it.")
            self.add.setText("Take it")
        else:
            self.told.setText(f"{native(key)} is free.")

    def _add(self) -> None:
        action, key = self.chosen, self.new.key
        if action is None or not key:
            return
        keymap = self.keymap
        for other in keymap.conflicts(action, key):
            left = (one for one in keymap.keys_of(other.id) if normal(one) != normal(key))
            keymap = keymap.with_keys(other.id, left)
        self._use(keymap.with_keys(action.id, (*keymap.keys_of(action.id), key)))
        self.new.forget()
        self._tell()

    def _give(self, keys: tuple[str, ...]) -> None:
        if self.chosen is not None:
            self._use(self.keymap.with_keys(self.chosen.id, keys))

    def _give_usual(self) -> None:
        """Its keys of the list, but for those that other actions were given."""
        action = self.chosen
        if action is not None:
            free = (key for key in action.keys if not self.keymap.conflicts(action, key))
            self._use(self.keymap.with_keys(action.id, free))

    def reset_all(self) -> None:
        self._use(Keymap(self.keymap.actions))

    def _use(self, keymap: Keymap) -> None:
        settings_in_use.change(lambda s: replace(s, keys=dict(keymap.own)), "shortcuts")
        use_keys(settings_in_use.now)
