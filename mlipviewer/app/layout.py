"""What a session file keeps of the window itself: its size, the places of docks, cameras."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QByteArray, QEvent, QObject
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow

from mlipviewer.app.docks import Docks
from mlipviewer.gui.theme import current_theme
from mlipviewer.session.saving.dock_places import dock_bytes, dock_places, on_screen


class Look(Protocol):
    """From where something is looked at, as text."""

    def text(self) -> str: ...

    def await_text(self, text: str) -> None: ...


@runtime_checkable
class Seen(Protocol):
    """A view that looks at something from somewhere."""

    @property
    def looking(self) -> Look: ...


class WindowLayout(QObject):
    """Tells and takes the layout of a window as plain values; what is damaged is left out.

    While nobody moves a dock, places are told as they were given: the pixels that Qt finds for them
    depend on what the views show at the moment."""

    def __init__(self, window: QMainWindow, docks: Docks) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._given: tuple[str, object] = ("", None)  # places, and how the docks stood with them
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress
        if pressed and self._window.isSeparator(event.position().toPoint()):  # type: ignore[attr-defined]
            self._given = ("", None)  # a dock is made wider
        return super().eventFilter(watched, event)

    def told(self) -> dict[str, Any]:
        cameras = {
            panel_id: dock.view.looking.text()
            for panel_id, dock in self._docks.by_panel.items()
            if isinstance(dock.view, Seen)
        }
        size = [self._window.width(), self._window.height()]
        dark = current_theme().dark
        return {"size": size, "docks": self._places(), "cameras": cameras, "dark": dark}

    def _places(self) -> str:
        given, stood = self._given
        if given and stood == self._standing():
            return given
        now = base64.b64encode(bytes(self._window.saveState().data())).decode()
        self._given = (now, self._standing())
        return now

    def _standing(self) -> object:
        """Which docks there are, where, and which are in front."""
        return [
            (panel_id, self._window.dockWidgetArea(dock), dock.isFloating(), _in_front(dock))
            for panel_id, dock in sorted(self._docks.by_panel.items())
        ]

    def take(self, window: Mapping[str, Any]) -> None:
        self._resize(window.get("size"))
        docks = self._understood(window.get("docks"))
        if docks and self._window.restoreState(QByteArray(docks)):
            self._given = (base64.b64encode(docks).decode(), self._standing())
        cameras = window.get("cameras")
        for panel_id, text in cameras.items() if isinstance(cameras, Mapping) else ():
            dock = self._docks.by_panel.get(str(panel_id))
            if dock is not None and isinstance(dock.view, Seen):
                dock.view.looking.await_text(str(text))

    def _understood(self, text: object) -> bytes:
        """Places of docks for Qt, written anew; none where not all of the text is understood."""
        room = self._window.screen().availableVirtualSize()
        try:
            found = dock_places(base64.b64decode(str(text or ""), validate=True))
        except (binascii.Error, ValueError):
            return b""
        return dock_bytes(on_screen(found, room.width(), room.height()))

    def _resize(self, size: object) -> None:
        """As large as it was, on a screen that has the room."""
        if self._window.isMaximized() or self._window.isFullScreen():
            return
        match size:
            case [int(width), int(height)]:
                room = self._window.screen().availableSize()
                wide, high = (
                    min(max(width, 400), room.width()),
                    min(max(height, 300), room.height()),
                )
                self._window.resize(wide, high)
            case _:
                return


def _in_front(dock: QDockWidget) -> bool:
    return not dock.visibleRegion().isEmpty()
