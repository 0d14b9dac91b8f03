"""Files that come to the running window: from a later start, or from the desktop (macOS)."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QWidget

from mlipviewer.app.start.single import Handed, Listener

Open = Callable[[Sequence[str], str], None]


class Application(QApplication):
    """Takes the files of the desktop's events; those that come before the window wait for it."""

    def __init__(self, words: list[str]) -> None:
        super().__init__(words)
        self._waiting: list[str] = []
        self._open: Open | None = None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            if event.file():
                self._take(event.file())
            return True
        return super().event(event)

    def _take(self, path: str) -> None:
        if self._open is None:
            self._waiting.append(path)
        else:
            self._open([path], "")

    def open_with(self, open_files: Open) -> None:
        """Open what has come, and from now on what comes."""
        self._open = open_files
        waiting, self._waiting = self._waiting, []
        if waiting:
            open_files(waiting, "")


class Window(Protocol):
    """What files are opened in."""

    def open(self, paths: Sequence[str], choices: str = "") -> None: ...


class HandedOver(QObject):
    """Opens in a window what later starts hand over, and brings the window to the front: in the
    first of those that are open. Where none is, later starts have windows of their own."""

    def __init__(self, windows: Callable[[], Sequence[Window]], listener: Listener) -> None:
        super().__init__(QApplication.instance())
        self._windows = windows
        listener.setParent(self)
        listener.takes = lambda: bool(windows())
        listener.handed.connect(self._take)

    def _take(self, handed: Handed) -> None:
        window = self._windows()[0]
        assert isinstance(window, QWidget)
        to_front(window, handed.token)
        if handed.files:
            window.open(handed.files, handed.choices)


def to_front(window: QWidget, token: str = "") -> None:
    """Show a window before all others; where the desktop wants a token, with that."""
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt takes it from here
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
