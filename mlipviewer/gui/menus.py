"""Buttons that open menus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QStyleOptionToolButton, QToolButton

from mlipviewer.gui.plain import plain, plain_tip

_Feature = QStyleOptionToolButton.ToolButtonFeature


class MenuButton(QToolButton):
    """Opens its menu by a press. An arrow behind its words tells so: that of the style is a speck
    in the corner, which reads as a comma."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setText(text)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        super().initStyleOption(option)
        option.features = option.features & ~_Feature.HasMenu
        option.text = f"{self.text()} \u25be"


def menu_button(title: str, tip: str, fill: Callable[[QMenu], None]) -> QToolButton:
    """A button whose menu is made when it opens."""
    button = MenuButton(title)
    button.setToolTip(plain_tip(tip))
    button.setAccessibleName(title)
    button.setAutoRaise(True)
    menu = QMenu(button)
    menu.aboutToShow.connect(menu.clear)
    menu.aboutToShow.connect(partial(fill, menu))
    button.setMenu(menu)
    # the menu took the mouse: the button has not heard that it left
    menu.aboutToHide.connect(lambda: button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False))
    return button


def entry(
    menu: QMenu, title: str, act: Callable[[], object], checked: bool | None = None
) -> QAction:
    """An entry about what a menu was opened on, or a choice within it, ticked where it holds. What
    can be done everywhere is an action of the lists (session/actions/listing.py)."""
    made = menu.addAction(plain(title, 120), act)
    made.setCheckable(checked is not None)
    made.setChecked(bool(checked))
    return made
