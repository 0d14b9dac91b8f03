"""Light and dark: the palette of the whole application, following the system unless told."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from mlipviewer.gui.theme import DARK, LIGHT, Theme

CHOICES = ("system", "light", "dark")

_Role = QPalette.ColorRole


def dress(application: QApplication, choice: str = "system") -> None:
    """Give the application the light or dark palette; `system` follows the desktop from now on."""
    application.setStyle("Fusion")
    hints = application.styleHints()
    if choice == "system":
        hints.colorSchemeChanged.connect(lambda scheme: _apply(application, scheme))
        _apply(application, hints.colorScheme())
    else:
        _apply(application, Qt.ColorScheme.Dark if choice == "dark" else Qt.ColorScheme.Light)


def _apply(application: QApplication, scheme: Qt.ColorScheme) -> None:
    dark = scheme == Qt.ColorScheme.Dark
    application.setPalette(palette(DARK if dark else LIGHT))


def palette(theme: Theme) -> QPalette:
    """The colours of the controls around plots that are drawn in `theme`."""
    dark = theme.dark
    window = QColor("#262b31" if dark else "#f2f4f6")
    button = QColor("#333a42" if dark else "#f7f8fa")
    result = QPalette(button, window)
    text = QColor(theme.text)
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.ToolTipText):
        result.setColor(role, text)
    result.setColor(_Role.Base, QColor(theme.background))
    result.setColor(_Role.AlternateBase, QColor("#22272d" if dark else "#f6f7f9"))
    result.setColor(_Role.ToolTipBase, QColor("#333a42" if dark else "#ffffff"))
    result.setColor(_Role.PlaceholderText, QColor(theme.faint_text))
    result.setColor(_Role.Highlight, QColor("#3d7ab8" if dark else "#2f6fa7"))
    result.setColor(_Role.HighlightedText, QColor("#ffffff"))
    result.setColor(_Role.Link, QColor("#7fb2e5" if dark else "#1f5f97"))
    result.setColor(_Role.Mid, QColor("#4a525c" if dark else "#c3c9d0"))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor("#78818c"))
    return result
