"""How large a figure is on paper, its text, and how many dots it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

MM_PER_INCH = 25.4
SCREEN_DPI = 96.0
POINTS_PER_INCH = 72.0
LOW, HIGH = 20.0, 1000.0  # mm
SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*x\s*(\d+(?:\.\d+)?)\s*(mm)?\s*$")


@dataclass(frozen=True)
class FigureLook:
    """Sides in mm, size of the text in points, dots per inch of pictures. A vector figure has no
    dots; a transparent one has no background."""

    width: float = 148.0
    height: float = 111.0
    font: float = 9.0
    dpi: int = 300
    transparent: bool = False

    @property
    def pixels(self) -> tuple[float, float]:
        """Its sides in pixels at 96 an inch, in which plots are laid out."""
        return tuple(side / MM_PER_INCH * SCREEN_DPI for side in (self.width, self.height))  # type: ignore[return-value]

    @property
    def font_pixels(self) -> float:
        return self.font * SCREEN_DPI / POINTS_PER_INCH

    @property
    def scale(self) -> float:
        """Dots for each of those pixels."""
        return self.dpi / SCREEN_DPI

    @property
    def dots(self) -> tuple[int, int]:
        """Its sides as a picture."""
        return round(self.pixels[0] * self.scale), round(self.pixels[1] * self.scale)

    @property
    def problem(self) -> str:
        """Why it cannot be; '' where it can."""
        if not all(LOW <= side <= HIGH for side in (self.width, self.height)):
            return f"A figure is {LOW:g} to {HIGH:g} mm wide and high."
        if not 3 <= self.font <= 72:
            return "Text of a figure has 3 to 72 points."
        if not 30 <= self.dpi <= 2400 or max(self.dots) > 30_000:
            return f"A picture of {self.dots[0]} x {self.dots[1]} dots is too large or too coarse."
        return ""


PRESETS: Mapping[str, FigureLook] = MappingProxyType(
    {
        "single column (85 mm)": FigureLook(85, 68, 7.0, 600),
        "one and a half (120 mm)": FigureLook(120, 90, 8.0, 600),
        "double column (175 mm)": FigureLook(175, 115, 8.0, 600),
        "page of a report": FigureLook(),
        "slide": FigureLook(254, 143, 16.0, 150),
    }
)
"""Widths that most journals ask for."""


def with_size(look: FigureLook, text: str) -> FigureLook:
    """The size as typed: `85x64`, in mm. Raises ValueError."""
    found = SIZE.match(text)
    if found is None:
        raise ValueError(f"{text!r} is no size: 85x64 is 85 mm wide and 64 mm high")
    sized = replace(look, width=float(found[1]), height=float(found[2]))
    if sized.problem:
        raise ValueError(sized.problem)
    return sized
