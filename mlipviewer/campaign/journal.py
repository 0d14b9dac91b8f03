"""The journal of a campaign: every result once, in a file that survives the end of any process.

One process writes (the one that runs the campaign); others may read meanwhile.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import ReadProblem

DONE, FAILED = "done", "failed"
FILE = "journal.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    model TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    data TEXT NOT NULL,
    reason TEXT NOT NULL,
    seconds REAL NOT NULL,
    cpu REAL NOT NULL,
    attempts INTEGER NOT NULL,
    finished REAL NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True)
class Entry:
    """A result: of which kind of work (set, train, property), of which model, called what."""

    key: str
    kind: str
    model: str
    name: str
    status: str
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    attempts: int = 1
    finished: float = 0.0

    @property
    def good(self) -> bool:
        return self.status == DONE


def key_of(**parts: Any) -> str:
    """What a result depends on, as a short name: the same parts, the same key."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=_plain)
    return sha256(text.encode()).hexdigest()[:24]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no part of a key")


def light_entries(path: Path) -> dict[str, Entry]:
    """All results by key, for a look from outside: what they hold is left out, but for the scores
    of trainings. The journal is only read. Raises ReadProblem."""
    query = (
        "SELECT key, kind, model, name, status, CASE kind WHEN 'train' THEN data ELSE '{}' END,"
        " reason, seconds, cpu, attempts, finished FROM results"
    )
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5.0)) as base:
            return {
                key: Entry(key, kind, model, name, status, json.loads(data), *rest)
                for key, kind, model, name, status, data, *rest in base.execute(query)
            }
    except (sqlite3.Error, ValueError) as problem:
        raise ReadProblem(f"cannot be read: {problem}", path) from None


class Journal:
    """Results by key. `add` keeps the first result of a key and says whether it was new."""

    def __init__(self, path: Path) -> None:
        """Open or begin. Raises ReadProblem where the file is no journal."""
        self._path = path
        try:
            self._base = sqlite3.connect(path, timeout=30.0, check_same_thread=False)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=FULL")
            self._base.execute(_SCHEMA)
            self._base.commit()
        except sqlite3.Error as problem:
            raise ReadProblem(f"is no journal of a campaign: {problem}", path) from None

    def add(self, entry: Entry) -> bool:
        """Write a result, which is on the disk when this returns."""
        row = (
            entry.key,
            entry.kind,
            entry.model,
            entry.name,
            entry.status,
            json.dumps(entry.data),
            entry.reason,
            entry.seconds,
            entry.cpu,
            entry.attempts,
            entry.finished or time.time(),
        )
        with self._base:
            made = self._base.execute(
                "INSERT OR IGNORE INTO results VALUES (?,?,?,?,?,?,?,?,?,?,?)", row
            )
        return made.rowcount == 1

    def entries(self) -> Iterator[Entry]:
        """All results, in the order of their keys. Raises ReadProblem."""
        try:
            with closing(self._base.execute("SELECT * FROM results ORDER BY key")) as rows:
                for row in rows:
                    key, kind, model, name, status, data, *rest = row
                    yield Entry(key, kind, model, name, status, json.loads(data), *rest)
        except (sqlite3.Error, ValueError) as problem:
            raise ReadProblem(f"is damaged: {problem}", self._path) from None

    def known(self) -> dict[str, Entry]:
        return {entry.key: entry for entry in self.entries()}

    def forget_failed(self, model: str | None = None) -> int:
        """Take out the failed results, of one model or of all, to be tried again. Returns how many
        there were."""
        of_model, named = (" AND model = ?", (model,)) if model is not None else ("", ())
        with self._base:
            return self._base.execute(
                f"DELETE FROM results WHERE status = ?{of_model}", (FAILED, *named)
            ).rowcount

    def close(self) -> None:
        self._base.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
