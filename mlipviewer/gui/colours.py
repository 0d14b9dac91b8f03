"""Colours that mean something: categories and maps from numbers."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core import plugins
from mlipviewer.core.extension import ColourMap
from mlipviewer.core.resources import resource_json

Rgb = tuple[int, int, int]

# Okabe and Ito's palette, told apart with every kind of colour vision; its black, which vanishes
# on a dark background, is left out, and three tints of the strongest follow
_CATEGORIES: tuple[Rgb, ...] = (
    (0, 114, 178),
    (230, 159, 0),
    (0, 158, 115),
    (204, 121, 167),
    (86, 180, 233),
    (213, 94, 0),
    (240, 228, 66),
    (133, 133, 133),
    (17, 61, 110),
    (122, 75, 0),
)

MISSING: Rgb = (150, 150, 150)
"""The colour of atoms and cells that have no value."""


def categorical(index: int) -> Rgb:
    """The colour of category `index`; the palette repeats."""
    return _CATEGORIES[index % len(_CATEGORIES)]


def colour_map_names() -> tuple[str, ...]:
    """Those of the program, then those of plug-ins."""
    ours = _maps()
    others = (name for name in plugins.names(plugins.Kind.COLOUR_MAP) if name not in ours)
    return (*ours, *(name for name in others if _plugged(name) is not None))


@cache
def _maps() -> dict[str, str]:
    maps: dict[str, str] = resource_json("colour_maps.json")["maps"]
    return maps


@cache
def colour_map(name: str) -> NDArray[np.uint8]:
    """(256, 3) uint8 from low to high: `viridis`, `cividis`, or diverging `coolwarm`, or that of a
    plug-in. Raises KeyError for other names.
    """
    if name not in _maps():
        found = _plugged(name)
        if found is None:
            raise KeyError(name)
        return found
    table = np.frombuffer(bytes.fromhex(_maps()[name]), np.uint8)
    return table.reshape(256, 3)


def _plugged(name: str) -> NDArray[np.uint8] | None:
    one = plugins.load(plugins.Kind.COLOUR_MAP, name, ColourMap)
    try:
        return None if one is None else one.table()
    except (ValueError, TypeError) as problem:
        plugins.failed(plugins.Kind.COLOUR_MAP, name, problem)
        return None
