"""Going from panel to panel, one panel alone, the whole screen, another window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QWidget

from mlipviewer.app.docks import Dock

if TYPE_CHECKING:
    from mlipviewer.app.window import MainWindow

_others: list[MainWindow] = []
"""Windows that were opened from a window, until they are closed."""


def open_windows(first: MainWindow) -> list[MainWindow]:
    """The first window of the program, and others, those that are not closed."""
    return [one for one in (first, *_others) if not one.ended]


class WindowPlaces:
    """Where the window and its panels stand; none of it is history."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._before: QByteArray | None = None  # the places, while one panel stands alone

    def open_another(self) -> None:
        """One more window, with nothing in it."""
        from mlipviewer.app.window import MainWindow

        other = MainWindow()
        other.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        _others.append(other)
        other.destroyed.connect(lambda: _others.remove(other))
        other.show()
        other.help.begin()

    def toggle_full(self) -> None:
        window = self._window
        window.showNormal() if window.isFullScreen() else window.showFullScreen()

    def toggle_one(self, wanted: Dock | None = None) -> None:
        """The focused panel alone; again, all as they stood."""
        if self._before is not None:
            before, self._before = self._before, None
            self._window.restoreState(before)
            return
        alone = wanted or self._focused()
        if alone is None:
            return
        self._before = self._window.saveState()
        for dock in self._docks():
            dock.setVisible(dock is alone)

    def go_to(self, number: int) -> None:
        """Give the focus to a panel by its place in the list of panels, from 1."""
        docks = self._docks()
        if number > len(docks):
            self._window.session.notify(f"There are {len(docks)} panels.")
            return
        dock = docks[number - 1]
        dock.show()
        dock.raise_()
        target = _target(dock.view)
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _docks(self) -> list[Dock]:
        """In the order of the document."""
        by_panel = self._window.docks.by_panel
        panels = self._window.store.state.document.panels
        return [by_panel[one.id] for one in panels if one.id in by_panel]

    def _focused(self) -> Dock | None:
        at = self._window.focusWidget()
        return next((d for d in self._docks() if at is not None and d.isAncestorOf(at)), None)


def _target(view: QWidget) -> QWidget | None:
    """What of a view takes the focus: its drawing or list, else its first control."""
    for name in ("surface", "canvas", "rows", "list", "slider"):
        found = getattr(view, name, None)
        if isinstance(found, QWidget):
            return found
    inside = view.findChildren(QWidget)
    return next((one for one in inside if one.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
