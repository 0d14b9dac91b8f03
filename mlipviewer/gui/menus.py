"""Buttons that open menus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton


def menu_button(title: str, tip: str, fill: Callable[[QMenu], None]) -> QToolButton:
    """A button whose menu is made when it opens."""
    button = QToolButton()
    button.setText(title)
    button.setToolTip(tip)
    button.setAccessibleName(title)
    button.setAutoRaise(True)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    menu.aboutToShow.connect(menu.clear)
    menu.aboutToShow.connect(partial(fill, menu))
    button.setMenu(menu)
    # the menu took the mouse: the button has not heard that it left
    menu.aboutToHide.connect(lambda: button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False))
    return button
