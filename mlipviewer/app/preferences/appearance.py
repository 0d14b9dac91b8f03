"""Light, dark or high contrast: the palette of the whole application, following the system unless
told; how large everything is, and whether controls move."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from mlipviewer.gui.theme import CONTRAST, DARK, LIGHT, Theme

CHOICES = ("system", "light", "dark", "high contrast")
SCALE = "QT_SCALE_FACTOR"

_Role = QPalette.ColorRole

_EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
)

BOXES = """
QCheckBox::indicator:unchecked { border: 1px solid LINE; width: 11px; height: 11px }"""
EDGES = """
QLineEdit, QPushButton, QAbstractItemView { border: 1px solid LINE }
QLineEdit, QPushButton { padding: 2px 6px }
QAbstractSpinBox QLineEdit { border: none; padding: 0 }
QLineEdit:focus, QPushButton:focus { border: 2px solid palette(highlight) }
QPushButton:disabled { border-color: palette(dark) }"""
"""Borders that can be seen on dark grounds: those of the style are darker than the window."""

_following: list[str] = []
"""The choice in use: the system's changes are heard once, and heeded while it is `system`."""


def scale_everything(percent: int) -> None:
    """Have Qt draw all larger or smaller; before the application is made. What the environment
    says goes before it."""
    if percent != 100 and SCALE not in os.environ:
        os.environ[SCALE] = f"{percent / 100:g}"


def dress(application: QApplication, choice: str = "system") -> None:
    """Give the application the palette of a theme; `system` follows the desktop from now on."""
    if application.style().objectName() != "fusion":
        application.setStyle("Fusion")
    hints = application.styleHints()
    if not _following:
        hints.colorSchemeChanged.connect(lambda _scheme: _follow(application))
    _following[:] = [choice]
    theme = {"light": LIGHT, "dark": DARK, "high contrast": CONTRAST}.get(choice)
    _use(application, theme or _of_system(application))


def _of_system(application: QApplication) -> Theme:
    return DARK if application.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def _follow(application: QApplication) -> None:
    if _following == ["system"]:
        _use(application, _of_system(application))


def _use(application: QApplication, theme: Theme) -> None:
    application.setPalette(palette(theme))
    edges = (BOXES if theme.dark else "") + (EDGES if theme is CONTRAST else "")
    edges = edges.replace("LINE", theme.frame)
    if application.styleSheet() != edges:
        application.setStyleSheet(edges)


def wear_anew(window: QWidget) -> None:
    """Have what has a style sheet of its own take the palette in use: Qt leaves it as it was."""
    for widget in window.findChildren(QWidget):
        if sheet := widget.styleSheet():
            widget.setStyleSheet("")
            widget.setStyleSheet(sheet)


def hold_still(application: QApplication, still: bool) -> None:
    """Whether menus, lists and tips show at once instead of sliding and fading, as they usually
    do on this system."""
    for effect in _EFFECTS:
        usual = _usual.setdefault(effect, application.isEffectEnabled(effect))
        application.setEffectEnabled(effect, usual and not still)


_usual: dict[Qt.UIEffect, bool] = {}


def palette(theme: Theme) -> QPalette:
    """The colours of the controls around plots that are drawn in `theme`."""
    result = QPalette(QColor(theme.button), QColor(theme.window))
    text = QColor(theme.text)
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.ToolTipText):
        result.setColor(role, text)
    result.setColor(_Role.Base, QColor(theme.background))
    result.setColor(_Role.AlternateBase, QColor(theme.stripe))
    result.setColor(_Role.ToolTipBase, QColor(theme.tip))
    result.setColor(_Role.PlaceholderText, QColor(theme.faint_text))
    result.setColor(_Role.Highlight, QColor(theme.highlight))
    result.setColor(_Role.HighlightedText, QColor(theme.highlighted_text))
    result.setColor(_Role.Link, QColor(theme.link))
    result.setColor(_Role.Mid, QColor(theme.line))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.disabled))
    return result
