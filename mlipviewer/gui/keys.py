"""Keys that mean something where the focus is: found in the one list of actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.plain import plain_tip
from mlipviewer.session.actions.action import Action, Where
from mlipviewer.session.actions.keymap import Keymap, normal
from mlipviewer.session.actions.listing import ACTIONS, action_of
from mlipviewer.session.landing import add_notice
from mlipviewer.session.state import Notice
from mlipviewer.session.store import Store

Deeds = Mapping[str, Callable[[], object]]
"""What a view does, by the ids of actions."""

_Modifier = Qt.KeyboardModifier
_ALONE = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class KeymapInUse(QObject):
    """The keys of this user, for all windows. `changed` when others are used."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._keymap = Keymap(ACTIONS)
        self._places: dict[Where, dict[str, str]] = {}

    @property
    def keymap(self) -> Keymap:
        return self._keymap

    def use(self, keymap: Keymap) -> None:
        self._keymap, self._places = keymap, {}
        self.changed.emit()

    def know(self, actions: Iterable[Action]) -> None:
        """Give keys to these actions too."""
        known = {one.id for one in self._keymap.actions}
        new = tuple(one for one in actions if one.id not in known)
        if new:
            self.use(replace(self._keymap, actions=(*self._keymap.actions, *new)))

    def within(self, place: Where) -> dict[str, str]:
        if place not in self._places:
            self._places[place] = self._keymap.within(place)
        return self._places[place]


keymap_in_use = KeymapInUse()


def key_text(event: QKeyEvent) -> str:
    """`Ctrl+Shift+P`; '' while only modifiers are held. A symbol needs no Shift named: on one
    keyboard it needs it, on another it does not."""
    key, held = Qt.Key(event.key()), event.modifiers() & ~_Modifier.KeypadModifier
    if key in _ALONE or key == Qt.Key.Key_unknown:
        return ""
    if key == Qt.Key.Key_Backtab:
        key, held = Qt.Key.Key_Tab, held | _Modifier.ShiftModifier
    if key == Qt.Key.Key_Enter:
        key = Qt.Key.Key_Return
    symbol = Qt.Key.Key_Exclam <= key <= Qt.Key.Key_AsciiTilde
    if symbol and not Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        held &= ~_Modifier.ShiftModifier
    made = QKeySequence(QKeyCombination(held, key))
    return normal(made.toString(QKeySequence.SequenceFormat.PortableText))


def native(key: str) -> str:
    """A key as this computer's menus write it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def keys_words(action_id: str) -> str:
    """`Ctrl+Z, Ctrl+Y`: the keys in use of an action, for menus and tips."""
    return ", ".join(native(key) for key in keymap_in_use.keymap.keys_of(action_id))


def with_keys(title: str, *actions: str) -> str:
    """`Play (Space)`: a title with the keys in use of actions."""
    keys = ", ".join(words for one in actions if (words := keys_words(one)))
    return f"{title} ({keys})" if keys else title


def do_action(store: Store, action: Action, deeds: Deeds) -> bool:
    """Do it, or tell why it cannot be done now; False where nobody here can."""
    reason, deed = action.prevented(store.state), deeds.get(action.id)
    if deed is None and action.change is None:
        return False
    if reason:
        said = Notice(f"{action.title}: {reason}")
        store.commit(lambda s: add_notice(s, said), action.title)
    elif deed is not None:
        return deed() is not False
    elif action.change is not None:
        store.commit(action.change, action.title, action.merge)
    return True


class LocalKeys(QObject):
    """Hears the keys of a widget and of what is in it: those of `place` mean their actions, before
    any shortcut of the window. A deed that returns False leaves its key to others."""

    def __init__(self, widget: QWidget, place: Where, store: Store, deeds: Deeds) -> None:
        super().__init__(widget)
        self._place, self._store, self.deeds = place, store, deeds
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        found = keymap_in_use.within(self._place).get(key_text(event))
        if found is None:
            return False
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        done = do_action(self._store, action_of(found), self.deeds)
        event.setAccepted(done)
        return done


class KeysTold(QObject):
    """Keeps the keys of actions in the tip of a widget."""

    def __init__(self, widget: QWidget, tip: str, *actions: str) -> None:
        super().__init__(widget)
        self._widget, self._tip, self._actions = widget, tip, actions
        keymap_in_use.changed.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        self._widget.setToolTip(plain_tip(with_keys(self._tip, *self._actions)))
