"""Who works on the store of a viewer: the thread that asks, or that of a window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from mlipviewer.session.session import Session
from mlipviewer.session.store import Store

Value = TypeVar("Value")


class Hands(Protocol):
    """Who works on the store: this thread, or the window's."""

    def do(self, act: Callable[[], Value]) -> Value:
        """Have it done, and wait for it."""
        ...

    def turn(self) -> None:
        """Let others work for a moment."""
        ...

    def open_session(self, path: Path, trust: bool) -> None: ...


class Alone:
    """No window: this thread does everything."""

    def __init__(self, store: Store, session: Session) -> None:
        self._store, self._session = store, session

    def do(self, act: Callable[[], Value]) -> Value:
        return act()

    def turn(self) -> None:
        self._session.drain(0.02)
        self._store.flush()

    def open_session(self, path: Path, trust: bool) -> None:
        from mlipviewer.session.saving.restoring import questions_of, state_of, undo_of
        from mlipviewer.session.saving.session_file import read_session
        from mlipviewer.session.saving.trust import is_trusted

        saved = read_session(path)
        known = trust or is_trusted(saved.digest)
        agreed = known or not questions_of(saved, path.parent)
        self._session.begin(state_of(saved, path, agreed), undo_of(saved, agreed))
