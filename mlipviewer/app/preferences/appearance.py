"""Light, dark or high contrast: the palette of the whole application, following the system unless
told; how large everything is, and whether controls move."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from mlipviewer.gui.focus_ring import ring_focus
from mlipviewer.gui.motion import system_hints, system_preference
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

OUTLINED = (
    "QCheckBox",
    "QRadioButton",
    "QLineEdit",
    "QAbstractSpinBox",
    "QComboBox",
    "QComboBoxPrivateContainer",
    "QTreeView",
    "QListView",
    "QPlainTextEdit",
    "QTextEdit",
    "QPushButton",
    "QToolButton",
    "QSlider",
    "QProgressBar",
)
"""Controls whose outlines the style derives from the window's colour."""

DARKER, FAINTER = 1.4, 1.2
"""By which the style divides the value of the window's colour for outlines and for grids."""

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
        told = getattr(system_hints(), "contrastPreferenceChanged", None)
        if told is not None:
            told.connect(lambda _preference: _follow(application))
        ring_focus(application)
    _following[:] = [choice]
    theme = {"light": LIGHT, "dark": DARK, "high contrast": CONTRAST}.get(choice)
    _use(application, theme or _of_system(application))


def _of_system(application: QApplication) -> Theme:
    if system_preference("contrastPreference").startswith("High"):
        return CONTRAST
    return DARK if application.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def _follow(application: QApplication) -> None:
    if _following == ["system"]:
        _use(application, _of_system(application))


def _use(application: QApplication, theme: Theme) -> None:
    own = palette(theme)
    application.setPalette(own)
    own.setColor(_Role.Window, own.color(_Role.Window))  # else Qt takes it for that of all
    of_kinds = {
        **dict.fromkeys(OUTLINED, lined(theme, theme.outline, DARKER)),
        "QTableView": lined(theme, theme.line, FAINTER),
        "QMenu": of_menus(theme),
        "QScrollBar": own,
    }
    for kind, worn in of_kinds.items():
        application.setPalette(worn, kind)  # type: ignore[arg-type] # it is told as bytes


def wear_anew(window: QWidget) -> None:
    """Have what has a style sheet of its own take the palette in use: Qt leaves it as it was."""
    for widget in window.findChildren(QWidget):
        if sheet := widget.styleSheet():
            widget.setStyleSheet("")
            widget.setStyleSheet(sheet)


def hold_still(application: QApplication, still: bool) -> None:
    """Whether menus, lists and tips show at once instead of sliding and fading, as they usually
    do on this system, and cursors in text do not blink."""
    for effect in _EFFECTS:
        usual = _usual.setdefault(effect, application.isEffectEnabled(effect))
        application.setEffectEnabled(effect, usual and not still)
    blinks = _blinking.setdefault("ms", application.cursorFlashTime())
    application.setCursorFlashTime(0 if still else blinks)


_usual: dict[Qt.UIEffect, bool] = {}
_blinking: dict[str, int] = {}
"""What the system does without us."""


def lined(theme: Theme, line: str, divided: float) -> QPalette:
    """With a colour of the window of which the style makes lines of this colour. Nothing is filled
    with it: where a control shows the window, it is seen through."""
    own = QColor(line)
    value = min(round(own.value() * divided), 255)
    brighter = QColor.fromHsv(max(own.hue(), 0), own.saturation(), value)
    result = palette(theme)
    result.setBrush(_Role.Window, QBrush(brighter, Qt.BrushStyle.NoBrush))
    return result


def of_menus(theme: Theme) -> QPalette:
    """Menus on a ground that is not the window's, with lines that can be seen between entries."""
    result = lined(theme, theme.outline, DARKER)
    result.setColor(_Role.Base, QColor(theme.tip))
    result.setColor(_Role.Dark, QColor(theme.outline))
    return result


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
    result.setColor(_Role.Accent, QColor(theme.accent))
    result.setColor(_Role.HighlightedText, QColor(theme.highlighted_text))
    result.setColor(_Role.Link, QColor(theme.link))
    result.setColor(_Role.Mid, QColor(theme.line))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.disabled))
    return result
