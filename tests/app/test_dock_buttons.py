"""The buttons in the titles of docks: seen in every theme."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QDockWidget

from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.gui.colour_vision import contrast
from mlipviewer.gui.dock import BUTTONS
from mlipviewer.gui.theme import THEMES
from tests.main_window import settled
from tests.windows import click

pytestmark = pytest.mark.window


def strongest(button: QAbstractButton, ground: str) -> float:
    """The contrast of its strongest pixel with what it lies on."""
    image = button.grab().toImage()
    inner = range(2, image.width() - 2), range(2, image.height() - 2)
    names = {QColor(image.pixel(x, y)).name() for x in inner[0] for y in inner[1]}
    return max(contrast(name, ground) for name in names)


@pytest.mark.parametrize("theme", THEMES)
def test_that_buttons_of_docks_are_seen(window: MainWindow, theme: str, qapp: Any) -> None:
    dress(qapp, theme)
    window.help.log.open()
    settled(window)
    for dock in (window.docks.by_panel["atoms"], window.help.log):
        assert isinstance(dock, QDockWidget)
        for name in BUTTONS:
            button = dock.findChild(QAbstractButton, name)
            assert button is not None
            assert strongest(button, THEMES[theme].window) > 7, (dock.windowTitle(), name)
    window.help.log.hide()
    dress(qapp)


def test_that_they_stay_as_a_dock_floats(window: MainWindow, qapp: Any) -> None:
    dress(qapp, "high contrast")
    dock = window.docks.by_panel["details"]
    dock.raise_()
    settled(window)
    click(dock.findChild(QAbstractButton, "qt_dockwidget_floatbutton"))
    settled(window)
    assert dock.isFloating()
    button = dock.findChild(QAbstractButton, "qt_dockwidget_closebutton")
    assert strongest(button, THEMES["high contrast"].window) > 7
    dock.setFloating(False)
    dress(qapp)
