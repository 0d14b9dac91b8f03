"""How much memory a document holds beyond what the next one shares with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import repeat
from typing import Any

import numpy as np

NUMBER = 40  # bytes of a number of Python and of its place in a tuple


def held_bytes(one: object, other: object) -> int:
    """About the bytes of what `one` holds and `other` does not: arrays, texts, long tuples. What is
    the very same in both costs nothing to look at."""
    if one is other or one is None or isinstance(one, Enum):
        return 0
    if isinstance(one, np.ndarray | str):
        return one.nbytes if isinstance(one, np.ndarray) else len(one)
    if isinstance(one, tuple):
        return _of_tuple(one, other if isinstance(other, tuple) else ())
    parts, others = _parts(one), _parts(other)
    return sum(held_bytes(value, others.get(name)) for name, value in parts.items())


def _parts(one: object) -> Mapping[Any, object]:
    """What a mapping or a frozen thing holds, by name; nothing of what is neither."""
    if isinstance(one, Mapping):
        return one
    return (
        {field.name: getattr(one, field.name) for field in fields(one)} if is_dataclass(one) else {}
    )


def _of_tuple(one: tuple[Any, ...], other: tuple[Any, ...]) -> int:
    if one and isinstance(one[0], int | float):
        return NUMBER * len(one)
    if len(one) == len(other):
        return sum(map(held_bytes, one, other))
    shared = set(map(id, other))
    return sum(map(held_bytes, (part for part in one if id(part) not in shared), repeat(None)))
