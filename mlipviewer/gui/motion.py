"""Whether anything may move that the user did not set in motion."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from mlipviewer.gui.settings_in_use import settings_in_use


def is_reduced() -> bool:
    """As the user wants it, or as the system does where Qt can tell (from 6.12 on)."""
    wanted = settings_in_use.now.flag("appearance.reduced_motion")
    return wanted or system_preference("motionPreference").startswith("Reduce")


def system_preference(name: str) -> str:
    """What the system's settings of accessibility say: of `contrastPreference` for one
    `HighContrast`; '' where this Qt cannot tell."""
    preference = getattr(system_hints(), name, None)
    return "" if preference is None else str(preference().name)


def system_hints() -> QObject | None:
    """Qt has them from 6.10 on."""
    hints = getattr(QGuiApplication.styleHints(), "accessibility", None)
    found: QObject | None = None if hints is None else hints()
    return found
