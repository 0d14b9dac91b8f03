"""Which keys mean which action: those of the list of actions, but for what a user changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mlipviewer.session.actions.action import Action, Where

Keys = tuple[str, ...]

_ORDER = ("Meta", "Ctrl", "Alt", "Shift")
_SHORT = {"Control": "Ctrl", "Cmd": "Ctrl", "Option": "Alt"}
_SHORT |= {
    "Escape": "Esc",
    "Delete": "Del",
    "PageDown": "PgDown",
    "PageUp": "PgUp",
    "Enter": "Return",
}


def normal(key: str) -> str:
    """A key with its modifiers in the order of Qt; `+` is a key too. '' for nothing sensible."""
    parts = key.strip()
    last = "+" if parts.endswith("+") else parts.rpartition("+")[2]
    held = parts[: len(parts) - len(last)].strip("+ ")
    names = [_word(one) for one in held.split("+") if one.strip()]
    if not last.strip() or any(name not in _ORDER for name in names):
        return ""
    return "+".join([*(one for one in _ORDER if one in names), _word(last)])


def _word(name: str) -> str:
    name = name.strip()
    name = name.upper() if len(name) == 1 else name[:1].upper() + name[1:]
    return _SHORT.get(name, name)


def is_single(key: str) -> bool:
    """Whether it is a character without Ctrl, Alt or Meta: a letter in every line of text."""
    last = key.removeprefix("Shift+")
    return len(last) == 1 or last == "Space"


@dataclass(frozen=True)
class Keymap:
    """Keys by the id of actions. `own` holds what a user changed, also to no keys at all."""

    actions: tuple[Action, ...]
    own: Mapping[str, Keys] = field(default_factory=dict)

    def keys_of(self, action_id: str) -> Keys:
        """Raises KeyError for what is no action."""
        return self._keys[action_id]

    @cached_property
    def _keys(self) -> dict[str, Keys]:
        return {one.id: self.own.get(one.id, one.keys) for one in self.actions}

    def within(self, place: Where) -> dict[str, str]:
        """The ids of the actions by the keys that mean them while this place has the focus."""
        return {
            normal(key): one.id
            for one in self.actions
            if place in one.where
            for key in self.own.get(one.id, one.keys)
        }

    def conflicts(self, action: Action, key: str) -> tuple[Action, ...]:
        """The other actions that a key means already in the same places."""
        wanted, keys = normal(key), self._keys
        return tuple(
            one
            for one in self.actions
            if one.id != action.id
            and _meet(one.where, action.where)
            and wanted in map(normal, keys[one.id])
        )

    def with_keys(self, action_id: str, keys: Iterable[str]) -> Keymap:
        """Other keys for an action; the usual ones need not be kept."""
        new = tuple(dict.fromkeys(key for one in keys if (key := normal(one))))
        usual = next(one.keys for one in self.actions if one.id == action_id)
        own = {name: keys for name, keys in self.own.items() if name != action_id}
        return Keymap(self.actions, own if new == usual else {**own, action_id: new})


def _meet(one: Where, other: Where) -> bool:
    """Whether a key would mean both: in a place at once, or both anywhere."""
    return one == other or bool(one & other)


def problem_of(action: Action, key: str) -> str:
    """Why a key cannot be given to an action; '' when it can."""
    if not normal(key):
        return f"{key!r} is no key"
    if is_single(normal(key)) and not action.local:
        return "a single character would be lost to text: use it with Ctrl or Alt"
    return ""
