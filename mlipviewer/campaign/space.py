"""Spaces of hyper-parameters: numbers in ranges, linear or logarithmic, and choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Value = float | int | str
"""What a hyper-parameter can be."""


@dataclass(frozen=True)
class Real:
    """A number from `low` to `high`; `log`: its logarithm is sampled evenly."""

    low: float
    high: float
    log: bool = False
    about: str = ""

    def at(self, place: float) -> Value:
        """The value at a place of [0, 1)."""
        if self.log:
            return float(f"{self.low * (self.high / self.low) ** place:.6g}")
        return float(f"{self.low + (self.high - self.low) * place:.6g}")


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int
    about: str = ""

    def at(self, place: float) -> Value:
        return min(self.low + int(place * (self.high - self.low + 1)), self.high)


@dataclass(frozen=True)
class Choice:
    """One of several values."""

    values: tuple[Value, ...]
    about: str = ""

    def at(self, place: float) -> Value:
        return self.values[min(int(place * len(self.values)), len(self.values) - 1)]


Dimension = Real | Whole | Choice
Space = Mapping[str, Dimension]
HyperParameters = Mapping[str, Value]


def narrowed(dimension: Dimension, given: object) -> Dimension:
    """The dimension as a design narrows it: one value, `[low, high]` of numbers, or `{choices =
    [...]}`. Raises ValueError with the reason."""
    if isinstance(given, Mapping):
        values = given.get("choices")
        if set(given) != {"choices"} or not isinstance(values, list) or not values:
            raise ValueError("choices are written as { choices = [...] }")
        return Choice(tuple(_checked(dimension, value) for value in values), dimension.about)
    if not isinstance(given, list):
        return Choice((_checked(dimension, given),), dimension.about)
    if isinstance(dimension, Choice):
        return Choice(tuple(_checked(dimension, value) for value in given), dimension.about)
    return _range(dimension, given)


def _range(dimension: Real | Whole, given: Sequence[object]) -> Dimension:
    if len(given) != 2:
        raise ValueError("a range is [low, high]")
    low, high = (_checked(dimension, value) for value in given)
    assert not isinstance(low, str)
    assert not isinstance(high, str)
    if low > high:
        raise ValueError(f"the range begins above its end: [{low}, {high}]")
    if isinstance(dimension, Whole):
        return Whole(int(low), int(high), dimension.about)
    return Real(float(low), float(high), dimension.log, dimension.about)


def _checked(dimension: Dimension, value: object) -> Value:
    """The value where the dimension can have it. Raises ValueError."""
    if isinstance(dimension, Choice):
        if value not in dimension.values:
            known = ", ".join(map(str, dimension.values))
            raise ValueError(f"{value!r} is none of {known}")
        return value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or (isinstance(dimension, Whole) and not isinstance(value, int)):
        kind = "a whole number" if isinstance(dimension, Whole) else "a number"
        raise ValueError(f"{value!r} is not {kind}")
    assert isinstance(value, int | float)
    if isinstance(dimension, Real) and dimension.log and value <= 0:
        raise ValueError(f"{value} has no logarithm")
    return value
