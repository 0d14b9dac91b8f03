"""How large a figure is on paper, its text, how many dots it has, and what of it is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

MM_PER_INCH = 25.4
SCREEN_DPI = 96.0
POINTS_PER_INCH = 72.0
LOW, HIGH = 20.0, 1000.0  # mm
LARGEST_SCENE = 8192
"""Dots along a side up to which atoms are drawn."""

SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*x\s*(\d+(?:\.\d+)?)\s*(mm|px)?\s*$")
PARTS = ("title", "legend", "axes", "labels", "text", "scale bar", "selection")
"""What can be shown or left out; a figure has those that mean something in it."""


@dataclass(frozen=True)
class FigureLook:
    """Sides in mm, size of the text in points, dots per inch of pictures. A vector figure has no
    dots but for atoms; a transparent one has no background. `parts` are shown or not whatever the
    view shows; the others as in the view."""

    width: float = 148.0
    height: float = 111.0
    font: float = 9.0
    dpi: int = 300
    transparent: bool = False
    parts: tuple[tuple[str, bool], ...] = ()

    def shows(self, part: str, otherwise: bool) -> bool:
        return dict(self.parts).get(part, otherwise)

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

    @property
    def problem_of_scene(self) -> str:
        """The same of one with atoms in it."""
        if not self.problem and max(self.dots) > LARGEST_SCENE:
            return f"Atoms are drawn with up to {LARGEST_SCENE} dots along a side."
        return self.problem


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
    """The size as typed: `85x64` in mm, or `1920x1080px` in dots. Raises ValueError."""
    found = SIZE.match(text)
    if found is None:
        raise ValueError(f"{text!r} is no size: 85x64 is 85 mm wide and 64 mm high")
    unit = MM_PER_INCH / look.dpi if found[3] == "px" else 1.0
    sized = replace(look, width=float(found[1]) * unit, height=float(found[2]) * unit)
    if sized.problem:
        raise ValueError(sized.problem)
    return sized


def look_of_text(text: str) -> FigureLook | None:
    """The look that was kept as text; None where that says none."""
    try:
        width, height, font, dpi, transparent = text.split()
        look = FigureLook(
            float(width), float(height), float(font), int(dpi), transparent == "transparent"
        )
    except ValueError:
        return None
    return None if look.problem else look


def text_of_look(look: FigureLook) -> str:
    """Size and text of a look, to be kept."""
    ground = "transparent" if look.transparent else "white"
    return f"{look.width:g} {look.height:g} {look.font:g} {look.dpi} {ground}"
