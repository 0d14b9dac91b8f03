"""What a user sets once for all windows: values of the declared settings, keys, scores."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mlipviewer.core.memory import ram_bytes
from mlipviewer.session.settings.listing import SETTINGS, Value, setting
from mlipviewer.session.settings.settings_file import (
    Changes,
    read_tables,
    settings_path,
    write_changes,
)

log = logging.getLogger(__name__)

MB = 2**20
SHARE_OF_RAM = 8
LEAST_MB, MOST_MB = 128, 4096  # bounds of what is taken without being told
LEAST_ASKED_MB = 16

Score = tuple[str, str, str]
KEYS, SCORES = "shortcuts", "scores"


@dataclass(frozen=True)
class Settings:
    """`values` that are not the usual ones, by name; `keys` of actions that were changed, by id;
    `scores` (name, weights, levels) of one's own, as the score's parameters say them."""

    values: Mapping[str, Value] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()

    def get(self, name: str) -> Value:
        """Raises KeyError for a name that is not declared."""
        return self.values.get(name, setting(name).default)

    def flag(self, name: str) -> bool:
        return bool(self.get(name))

    def number(self, name: str) -> int:
        return int(self.get(name))

    def real(self, name: str) -> float:
        return float(self.get(name))

    def text(self, name: str) -> str:
        return str(self.get(name))

    def with_value(self, name: str, value: object) -> Settings:
        """Raises ValueError with the reason for a value that the setting cannot have."""
        one = setting(name)
        taken = one.taken(value)
        others = {key: other for key, other in self.values.items() if key != name}
        return replace(self, values=others if taken == one.default else {**others, name: taken})

    @property
    def frame_bytes(self) -> int:
        """The memory for frames that were read."""
        asked = self.number("memory.frames")
        if asked > 0:
            return max(asked, LEAST_ASKED_MB) * MB
        return min(max(ram_bytes() // SHARE_OF_RAM, LEAST_MB * MB), MOST_MB * MB)


def read_settings(path: Path | None = None) -> tuple[Settings, str]:
    """The settings of this user, and in one sentence what is wrong with the file. What cannot be
    read is as usual."""
    tables, problem = read_tables(path or settings_path())
    return settings_of(tables, problem)


def settings_of(tables: Mapping[str, Mapping[str, Any]], problem: str = "") -> tuple[Settings, str]:
    """The settings that tables of a file say; keys that are not known are left alone."""
    found = Settings(keys=dict(_keys(tables)), scores=tuple(_scores(tables)))
    for one in SETTINGS:
        table, _, key = one.name.partition(".")
        if key in tables.get(table, {}):
            try:
                found = found.with_value(one.name, tables[table][key])
            except ValueError as reason:
                problem = problem or f"A setting is as usual: {reason}."
    return found, problem


def _keys(tables: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, tuple[str, ...]]]:
    for name, keys in tables.get(KEYS, {}).items():
        if isinstance(keys, list) and all(isinstance(key, str) for key in keys):
            yield name, tuple(keys)


def _scores(tables: Mapping[str, Mapping[str, Any]]) -> Iterable[Score]:
    for name, told in tables.get(SCORES, {}).items():
        if isinstance(told, list) and len(told) == 2 and all(isinstance(one, str) for one in told):
            yield name, told[0], told[1]


def load_settings(path: Path | None = None) -> Settings:
    """The settings of this user; the usual ones where the file is not there or not readable."""
    settings, problem = read_settings(path)
    if problem:
        log.warning("%s", problem)
    return settings


def changes_between(old: Settings, new: Settings) -> Changes:
    """What is to be written so that a file says the new ones."""
    changes: dict[tuple[str, str], Any] = {}
    for name in {**old.values, **new.values}:
        if old.get(name) != new.get(name):
            table, _, key = name.partition(".")
            changes[table, key] = new.values.get(name)
    for action in {**old.keys, **new.keys}:
        if old.keys.get(action) != new.keys.get(action):
            keys = new.keys.get(action)
            changes[KEYS, action] = None if keys is None else list(keys)
    before, after = ({one[0]: list(one[1:]) for one in these.scores} for these in (old, new))
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            changes[SCORES, name] = after.get(name)
    return changes


def save_settings(new: Settings, path: Path | None = None, old: Settings | None = None) -> None:
    """Write what differs from the `old` ones (those of the file). Raises OSError."""
    path = path or settings_path()
    changes = changes_between(load_settings(path) if old is None else old, new)
    if changes:
        write_changes(path, changes)


def heed_unpack_limit(settings: Settings) -> None:
    """Let readers, in worker processes too, unpack as much as was set, or as usual."""
    from mlipviewer.io.files import RAISED_CAP

    if gigabytes := settings.number("files.unpack"):
        os.environ[RAISED_CAP] = str(gigabytes)
    else:
        os.environ.pop(RAISED_CAP, None)


def heed_settings_at_start() -> None:
    """What was set in earlier windows; the environment of this start goes before it."""
    from mlipviewer.io.files import RAISED_CAP

    if RAISED_CAP not in os.environ:
        heed_unpack_limit(load_settings())
