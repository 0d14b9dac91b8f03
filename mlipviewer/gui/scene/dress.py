"""The species of a frame as the user wants to see them: colours, radii, which are visible."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from mlipviewer.core.elements import element
from mlipviewer.core.resources import resource_json
from mlipviewer.gui.colours import Rgb
from mlipviewer.gui.scene.spheres import LARGEST_RADIUS, Kind, Kinds
from mlipviewer.session.looks import Looks, Style

BALL = 0.36
"""Radius of a ball between sticks over the covalent radius."""

SPHERE = 0.72
POINT_RADIUS = 0.12
UNKNOWN_SPACE = 2.0


@cache
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = resource_json("element_themes.json")
    return tables


@cache
def element_themes() -> tuple[str, ...]:
    """The names of the colour schemes of elements."""
    return tuple(_tables()["themes"])


def _theme_colour(kind: Kind, theme: str) -> Rgb:
    symbol = element(kind.number).symbol
    code = _tables()["themes"].get(theme, {}).get(symbol) if kind.number else None
    if code is None:
        return kind.colour
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def style_radius(number: int, looks: Looks) -> float:
    """The radius in A that an element has in the style."""
    one = element(number)
    match looks.style:
        case Style.SPACE_FILL:
            radius: float = _tables()["radii"].get(one.symbol, UNKNOWN_SPACE)
        case Style.BALL_AND_STICK:
            radius = one.radius * BALL
        case Style.STICKS:
            return looks.bonds.radius
        case Style.POINTS:
            radius = POINT_RADIUS
        case _:
            radius = one.radius * SPHERE
    return radius * looks.radius


def dressed(kinds: Kinds, looks: Looks) -> Kinds:
    """The same species with the colours, radii and visibility of the looks."""
    return Kinds(kinds.codes, tuple(_dressed(kind, looks) for kind in kinds.kinds))


def _dressed(kind: Kind, looks: Looks) -> Kind:
    own = looks.of_species(kind.name)
    radius = style_radius(kind.number, looks)
    if own.radius is not None and looks.style is not Style.STICKS:
        radius = own.radius * looks.radius
    colour = _theme_colour(kind, looks.theme) if own.colour is None else own.colour
    return replace(kind, colour=colour, radius=min(radius, LARGEST_RADIUS), visible=own.visible)
