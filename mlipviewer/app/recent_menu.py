"""The menu of files and sessions that were opened last."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMenu

from mlipviewer.gui.plain import plain, plain_tip
from mlipviewer.session.saving.recents import add_recent, forget_recent, pin, pinned, recent
from mlipviewer.session.saving.session_file import SUFFIX

_gone: set[str] = set()
"""Paths that were not there when it was looked last: a disk that does not answer must not keep the
window waiting."""


def remember(paths: Sequence[str]) -> None:
    """These were opened. Looked at and written in a thread: the disk may be slow."""
    whole = [str(Path(path).absolute()) for path in paths]

    def write() -> None:
        with suppress(OSError, ValueError):
            for path in whole:
                if Path(path).exists():
                    add_recent(path)

    if whole:
        threading.Thread(target=write, name="recent files", daemon=True).start()


def is_gone(path: str) -> bool:
    """Whether it was not there when `look` looked last."""
    return path in _gone


def look() -> None:
    """See in a thread which of the recent files are still there."""

    def work() -> None:
        with suppress(OSError, ValueError):
            gone = {path for path in recent() if not Path(path).exists()}
            _gone.clear()
            _gone.update(gone)

    threading.Thread(target=work, name="recent files", daemon=True).start()


class RecentMenu(QMenu):
    """Filled when it is opened; files that are gone stay, greyed. Those kept on top come first."""

    def __init__(self, within: QMenu, opened: Callable[[Sequence[str]], None]) -> None:
        super().__init__("Open recent", within)
        self._opened = opened
        self.setToolTipsVisible(True)
        self.pins = QMenu("Keep on top", self)
        self.pins.setToolTipsVisible(True)
        within.aboutToShow.connect(look)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        first, paths = pinned(), recent()
        kinds = [(path in first, path.endswith(SUFFIX) and path not in first) for path in paths]
        for k, path in enumerate(paths):
            if k and kinds[k] != kinds[k - 1]:
                self.addSeparator()
            item = self.addAction(_name(path), partial(self._opened, [path]))
            item.setToolTip(plain_tip(path))
            item.setEnabled(not is_gone(path))
        self.addSeparator()
        self.addMenu(self.pins)
        self._fill_pins(paths, first)
        clear = self.addAction("Forget them" if not first else "Forget the others", forget_recent)
        clear.setEnabled(len(paths) > len(first))

    def _fill_pins(self, paths: Sequence[str], first: Sequence[str]) -> None:
        """Each of them, ticked where it is kept on top."""
        self.pins.clear()
        self.pins.setEnabled(bool(paths))
        for path in paths:
            item = self.pins.addAction(_name(path))
            item.setToolTip(plain_tip(path))
            item.setCheckable(True)
            item.setChecked(path in first)
            item.triggered.connect(lambda on, path=path: _pin(path, on))


def _pin(path: str, on: bool) -> None:
    with suppress(OSError):
        pin(path, on)


def _name(path: str) -> str:
    return plain(Path(path).name).replace("&", "&&")
