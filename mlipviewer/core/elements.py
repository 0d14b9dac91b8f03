"""The chemical elements: symbols, sizes and customary colours, by atomic number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from mlipviewer.core.resources import resource_json

UNKNOWN_RADIUS = 1.5
"""The covalent radius (A) assumed where none is tabulated."""

UNKNOWN_COLOUR = (0xFF, 0x69, 0xB4)


@dataclass(frozen=True)
class Element:
    """One element; `radius` is the covalent radius in A, `colour` sRGB 0..255."""

    number: int
    symbol: str
    radius: float = UNKNOWN_RADIUS
    colour: tuple[int, int, int] = UNKNOWN_COLOUR


@cache
def elements() -> tuple[Element, ...]:
    """Every element at its atomic number; the place 0 is `X`, an atom of unknown kind."""
    table = resource_json("elements.json")["elements"]
    known = (_element(i, *entry) for i, entry in enumerate(table, start=1))
    return (Element(0, "X"), *known)


def _element(number: int, symbol: str, radius: float | None, colour: str | None) -> Element:
    red, green, blue = bytes.fromhex(colour) if colour else UNKNOWN_COLOUR
    return Element(number, symbol, radius or UNKNOWN_RADIUS, (red, green, blue))


@cache
def _numbers() -> dict[str, int]:
    return {element.symbol: element.number for element in elements()}


def element(number: int) -> Element:
    """The element of an atomic number; `X` for numbers that none has."""
    return elements()[number] if 0 <= number < len(elements()) else elements()[0]


def atomic_number(symbol: str) -> int | None:
    """The atomic number of exactly this symbol (`Li`); None for anything else."""
    return _numbers().get(symbol)
