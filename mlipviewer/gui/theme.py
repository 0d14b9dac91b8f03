"""The colours of plots and 3D backgrounds, light and dark."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Theme:
    """Colours as `#rrggbb`. `selected` rings chosen things, `hovered` what is under the mouse."""

    name: str
    background: str
    text: str
    faint_text: str
    grid: str
    frame: str
    point: str
    faint: str
    selected: str
    hovered: str
    edge: str
    reference: str
    warning: str
    category_gain: int = 100  # lightness of the categorical colours in per cent

    @property
    def dark(self) -> bool:
        return self.name == "dark"


LIGHT = Theme(
    name="light",
    background="#ffffff",
    text="#1b1f24",
    faint_text="#5b6470",
    grid="#e6e9ed",
    frame="#8a939e",
    point="#4c78a8",
    faint="#b9c0c8",
    selected="#c8007d",
    hovered="#111418",
    edge="#6b7784",
    reference="#1b1f24",
    warning="#9a5b00",
)

DARK = Theme(
    name="dark",
    background="#1d2126",
    text="#e8ebef",
    faint_text="#a3acb8",
    grid="#30363d",
    frame="#79838f",
    point="#7aa6d6",
    faint="#565f6a",
    selected="#ff3df2",
    hovered="#ffffff",
    edge="#94a0ad",
    reference="#ffffff",
    warning="#f0b35a",
    category_gain=120,
)


def is_dark() -> bool:
    """Whether the application shows itself dark now."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def current_theme() -> Theme:
    return DARK if is_dark() else LIGHT


def colour(name: str, alpha: int = 255) -> QColor:
    """A theme's colour with an opacity of 0..255."""
    result = QColor(name)
    result.setAlpha(alpha)
    return result


def show_ticks(widget: QWidget) -> None:
    """A ground on which the boxes of unticked entries can be seen: the style draws their outline
    darker than the window, which is lost on the dark ground of lists."""
    if is_dark():
        own = QPalette(widget.palette())
        own.setColor(QPalette.ColorRole.Base, own.color(QPalette.ColorRole.Button))
        widget.setPalette(own)
