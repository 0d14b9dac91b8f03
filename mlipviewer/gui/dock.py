"""Docks whose buttons are seen in every theme: the style draws them in one grey for all."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QWidget

from mlipviewer.gui.icons import transport_icon

BUTTONS = {"qt_dockwidget_closebutton": "close", "qt_dockwidget_floatbutton": "float"}
_WORN = (QEvent.Type.Show, QEvent.Type.PaletteChange, QEvent.Type.StyleChange)
"""After these the style has drawn them anew."""


class InkedDock(QDockWidget):
    """The buttons of its title are drawn in the ink of text."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.topLevelChanged.connect(lambda _alone: self._ink_buttons())

    def event(self, event: QEvent) -> bool:
        heard = super().event(event)
        if event.type() in _WORN:
            self._ink_buttons()
        return heard

    def _ink_buttons(self) -> None:
        for name, icon in BUTTONS.items():
            direct = Qt.FindChildOption.FindDirectChildrenOnly
            button = self.findChild(QAbstractButton, name, direct)
            if button is not None:
                button.setIcon(transport_icon(icon))
