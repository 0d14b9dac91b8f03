"""The hues of structure types: the same in 3D and in every plot."""

from __future__ import annotations

from collections.abc import Sequence

HUES = {
    "bcc": 0,
    "fcc": 2,
    "hcp": 5,
    "close-packed": 2,
    "ico": 6,
    "sc": 3,
    "cubic diamond": 4,
    "hexagonal diamond": 1,
    "other": 7,
    "disordered": 7,
    "left out": 8,
    "A1": 2,
    "A2": 0,
    "A3": 5,
    "L1_0": 1,
    "L1_2": 4,
    "L1_1": 3,
    "B2": 6,
    "inside": 7,
    "{111}": 0,
    "{100}": 1,
    "edge or corner": 3,
}
"""Places in the palette of categories: blue, orange, green, pink, sky, vermilion, yellow, grey."""


N_HUES = 10


def hues_of(names: Sequence[str]) -> tuple[int, ...]:
    """The places of classes; unknown ones take those that no known one has, while there are any."""
    taken = {HUES[name] for name in names if name in HUES}
    free = [place for place in range(N_HUES) if place not in taken] or list(range(N_HUES))
    unknown = iter(range(len(names)))
    return tuple(HUES[name] if name in HUES else free[next(unknown) % len(free)] for name in names)
