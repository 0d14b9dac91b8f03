"""Whether two plots are drawn alike, so that what is painted already can stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from mlipviewer.core.plot import Plot


def drawn_alike(one: Plot, other: Plot) -> bool:
    """Whether the painted picture is the same: all but the counts and what is laid over it."""
    names = ("title", "x", "y", "marks", "empty", "square")
    return all(_same(getattr(one, name), getattr(other, name)) for name in names)


def _same(one: Any, other: Any) -> bool:
    if one is other or type(one) is not type(other):
        return one is other
    if isinstance(one, np.ndarray):
        floats = one.dtype.kind == "f" and other.dtype.kind == "f"
        return one.shape == other.shape and np.array_equal(one, other, equal_nan=floats)
    if isinstance(one, tuple) and not all(isinstance(part, str) for part in one):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)
    if is_dataclass(one):
        return all(_same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return bool(one == other)
