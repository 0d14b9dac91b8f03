"""How plots are drawn: colours, text and distances."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetricsF

from mlipviewer.gui.theme import Theme

GAP = 6.0


@dataclass(frozen=True)
class Style:
    """How a plot is drawn: colours, the size of its text in pixels, whether on a ground and with
    a legend of its groups."""

    theme: Theme
    font: QFont
    filled: bool = True
    legend: bool = True

    @property
    def metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.font)


def place(span: tuple[float, float], value: float, length: float) -> float:
    return (value - span[0]) / (span[1] - span[0]) * length
