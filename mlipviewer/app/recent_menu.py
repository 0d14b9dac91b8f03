"""The menu of files and sessions that were opened last."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from mlipviewer.gui.plain import plain
from mlipviewer.session.saving.recents import add_recent, forget_recent, recent
from mlipviewer.session.saving.session_file import SUFFIX


def remember(paths: Sequence[str]) -> None:
    """These were opened. Written in a thread: the disk may be slow."""
    there = [str(Path(path).absolute()) for path in paths if Path(path).exists()]

    def write() -> None:
        with suppress(OSError, ValueError):
            for path in there:
                add_recent(path)

    if there:
        threading.Thread(target=write, name="recent files", daemon=True).start()


class RecentMenu(QMenu):
    """Filled when it is opened; files that are gone stay, greyed."""

    def __init__(self, parent: QWidget, opened: Callable[[Sequence[str]], None]) -> None:
        super().__init__("Open recent", parent)
        self._opened = opened
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        paths = recent()
        for k, path in enumerate(paths):
            if k and path.endswith(SUFFIX) != paths[k - 1].endswith(SUFFIX):
                self.addSeparator()
            name = plain(Path(path).name).replace("&", "&&")
            item = self.addAction(name, partial(self._opened, [path]))
            item.setToolTip(plain(path))
            item.setEnabled(Path(path).exists())
        self.addSeparator()
        clear = self.addAction("Forget them", forget_recent)
        clear.setEnabled(bool(paths))
