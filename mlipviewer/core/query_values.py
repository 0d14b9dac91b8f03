"""What the parts of a condition stand for, and how they are calculated and compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlipviewer.core.problem import QueryProblem


@dataclass(frozen=True, eq=False)
class Value:
    """What a part of the condition stands for: numbers, text or truth, one or (n,)."""

    data: Any
    kind: str  # "number", "text", "truth"
    position: int


def known(data: object) -> Any:
    """Where there is a value: not NaN, not empty text."""
    array = np.asarray(data)
    if array.dtype.kind == "f":
        return ~np.isnan(array)
    if array.dtype.kind in "OUS":
        return np.asarray(array != "") & np.asarray(array == array)  # noqa: PLR0124 (NaN in objects)
    return np.ones(array.shape, bool)


def numbers_in(value: Value) -> Any:
    """Text as numbers where it can be read so (a rank, a seed), NaN elsewhere."""
    if value.kind == "number":
        return value.data
    cells = np.atleast_1d(np.asarray(value.data, object))
    numbers = np.array([_number(cell) for cell in cells])
    return numbers if np.ndim(value.data) else numbers[0]


def _number(cell: object) -> float:
    try:
        return float(str(cell))
    except ValueError:
        return float("nan")


def calculated_value(left: Value, operator: str, right: Value) -> Value:
    for side in (left, right):
        if side.kind == "truth":
            raise QueryProblem("a comparison cannot be calculated with", side.position)
    a, b = numbers_in(left), numbers_in(right)
    with np.errstate(all="ignore"):
        match operator:
            case "+":
                found = np.add(a, b)
            case "-":
                found = np.subtract(a, b)
            case "*":
                found = np.multiply(a, b)
            case _:
                found = np.divide(a, b)
    return Value(found, "number", left.position)


def _equal(a: Any, b: Any) -> Any:
    return np.asarray(a == b, bool)


OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": _equal,
    "=": _equal,
    "!=": lambda a, b: ~_equal(a, b),
    "<": lambda a, b: np.asarray(a < b, bool),
    "<=": lambda a, b: np.asarray(a <= b, bool),
    ">": lambda a, b: np.asarray(a > b, bool),
    ">=": lambda a, b: np.asarray(a >= b, bool),
}
