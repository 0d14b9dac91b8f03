"""The colours of plots and 3D backgrounds, light and dark."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QGuiApplication, QPalette


@dataclass(frozen=True)
class Theme:
    """Colours as `#rrggbb`. `selected` rings chosen things, `hovered` what is under the mouse; the
    last ones are those of the controls: `outline` of boxes and lines of text, `accent` around what
    has the focus, `least` the contrast that colours of groups have with the background."""

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
    refused: str
    window: str
    button: str
    stripe: str
    tip: str
    highlight: str
    highlighted_text: str
    link: str
    line: str
    disabled: str
    outline: str
    accent: str
    least: float
    category_gain: int = 100  # lightness of the categorical colours in per cent

    @property
    def dark(self) -> bool:
        return QColor(self.background).lightness() < 128


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
    warning="#8a5200",
    refused="#b3261e",
    window="#f2f4f6",
    button="#f7f8fa",
    stripe="#f6f7f9",
    tip="#ffffff",
    highlight="#2f6fa7",
    highlighted_text="#ffffff",
    link="#1f5f97",
    line="#c3c9d0",
    disabled="#78818c",
    outline="#838c97",
    accent="#1f5f97",
    least=2.2,
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
    refused="#ff8f86",
    window="#262b31",
    button="#333a42",
    stripe="#22272d",
    tip="#333a42",
    highlight="#3671a9",
    highlighted_text="#ffffff",
    link="#7fb2e5",
    line="#4a525c",
    disabled="#78818c",
    outline="#747e8a",
    accent="#7fb2e5",
    least=3.0,
    category_gain=120,
)

CONTRAST = Theme(
    name="high contrast",
    background="#000000",
    text="#ffffff",
    faint_text="#e6e6e6",
    grid="#5a5a5a",
    frame="#ffffff",
    point="#5cc2ff",
    faint="#9a9a9a",
    selected="#ffe600",
    hovered="#ffffff",
    edge="#d9d9d9",
    reference="#ffffff",
    warning="#ffb340",
    refused="#ff9d94",
    window="#050505",
    button="#101010",
    stripe="#0d0d0d",
    tip="#262626",
    highlight="#ffe600",
    highlighted_text="#000000",
    link="#80d4ff",
    line="#ffffff",
    disabled="#a6a6a6",
    outline="#ffffff",
    accent="#ffe600",
    least=3.0,
    category_gain=140,
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}


def is_dark() -> bool:
    """Whether the application shows itself dark now."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def current_theme() -> Theme:
    """That of the palette in use; of a palette that is none of ours, as light or dark as it is."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window).name()
    found = next((theme for theme in THEMES.values() if theme.window == window), None)
    return found or (DARK if is_dark() else LIGHT)


def colour(name: str, alpha: int = 255) -> QColor:
    """A theme's colour with an opacity of 0..255."""
    result = QColor(name)
    result.setAlpha(alpha)
    return result
