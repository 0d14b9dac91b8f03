"""Frozen values as plain JSON and back, by their types. What does not fit is told and replaced by
its default, so that one bad entry costs no more than itself."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from mlipviewer.core.rows import RowKey, Rows, rows

NOT_FINITE = {"inf": math.inf, "-inf": -math.inf}  # what no number is stands nowhere
LONGEST = 100  # characters of a bad value that are shown
MOST_ROWS = 100_000_000
"""Of all selections of a session together: a few letters may stand for any number of rows."""


class Misfit(ValueError):
    """A plain value that is not of the type."""


@dataclass
class Room:
    """For how many rows of selections there is still room."""

    rows: int = MOST_ROWS


@dataclass
class Reading:
    """What was met on the way: problems in words, and values under keys that are not known, by
    their place (names of mappings only)."""

    room: Room = field(default_factory=Room)
    problems: list[str] = field(default_factory=list)
    unknown: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def tell(self, at: tuple[str, ...], text: str) -> None:
        self.problems.append(f"{'.'.join(at) or 'the session'}: {text}")


Reader = Callable[[Any, tuple[str, ...], Reading], Any]


# -- to plain ------------------------------------------------------------------------------


def as_plain(value: Any) -> Any:
    """A value of the document as JSON holds it. Raises TypeError for what it cannot hold."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, RowKey | np.ndarray):
        return plain_rows(value.rows if isinstance(value, RowKey) else value)
    return _plain_many(value)


def _plain_many(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: as_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, frozenset | set):
        return sorted(as_plain(one) for one in value)
    if isinstance(value, tuple | list):
        return [as_plain(one) for one in value]
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and not isinstance(key, Enum) for key in value):
            return {key: as_plain(one) for key, one in value.items()}
        return [[as_plain(key), as_plain(one)] for key, one in value.items()]
    raise TypeError(f"{type(value).__name__} cannot be saved")


def plain_rows(chosen: Rows) -> list[Any]:
    """Numbers, and [first, last] for three and more in a row."""
    if len(chosen) == 0:
        return []
    breaks = np.flatnonzero(np.diff(chosen) != 1)
    firsts = chosen[np.concatenate(([0], breaks + 1))].tolist()
    lasts = chosen[np.concatenate((breaks, [len(chosen) - 1]))].tolist()
    found: list[Any] = []
    for first, last in zip(firsts, lasts, strict=True):
        found += [[first, last]] if last - first > 1 else list(range(first, last + 1))
    return found


# -- from plain ----------------------------------------------------------------------------


def from_plain(kind: Any, value: Any, at: tuple[str, ...], reading: Reading) -> Any:
    """A plain value as `kind`. Raises Misfit where nothing of it can be used."""
    for test, read in _READERS:
        if test(kind):
            return read(kind, value, at, reading)
    raise Misfit(f"values of {kind} are not read")


def _wrong(value: Any, wanted: str) -> Misfit:
    shown = repr(value)
    return Misfit(f"{shown[:LONGEST]}{'...' if len(shown) > LONGEST else ''} is not {wanted}")


def _scalar(kind: Any, value: Any, _at: tuple[str, ...], _reading: Reading) -> Any:
    if kind is float:
        if isinstance(value, str) and value in NOT_FINITE:
            return NOT_FINITE[value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            with suppress(OverflowError):
                return float(value)
        raise _wrong(value, "a number")
    if kind is int and (isinstance(value, bool) or not isinstance(value, int)):
        raise _wrong(value, "a whole number")
    if kind is int and abs(value) > 2**62:
        raise _wrong(value, "a number of usual size")
    if not isinstance(value, kind):
        raise _wrong(value, {bool: "true or false", str: "a text"}.get(kind, "a whole number"))
    return value


def _enum(kind: Any, value: Any, _at: tuple[str, ...], _reading: Reading) -> Any:
    try:
        return kind(value)
    except (ValueError, TypeError):
        raise _wrong(value, f"one of {', '.join(str(one.value) for one in kind)}") from None


def _either(kind: Any, value: Any, at: tuple[str, ...], reading: Reading) -> Any:
    kinds = get_args(kind)
    if value is None and type(None) in kinds:
        return None
    others = [one for one in kinds if one is not type(None)]
    if all(is_dataclass(one) for one in others) and len(others) > 1:
        return _one_of(others, value, at, reading)
    if others and get_origin(others[0]) is np.ndarray:
        return rows_from(value, reading.room)
    return from_plain(others[0], value, at, reading)


def _one_of(kinds: list[Any], value: Any, at: tuple[str, ...], reading: Reading) -> Any:
    """Of several records that one which has all the given names, and needs no others."""
    if not isinstance(value, Mapping):
        raise _wrong(value, "a mapping")
    for kind in kinds:
        names = {one.name for one in fields(kind)}
        needed = {one.name for one in fields(kind) if _default(one) is MISSING}
        if needed <= value.keys() <= names:
            return from_plain(kind, value, at, reading)
    raise _wrong(value, f"one of {', '.join(one.__name__ for one in kinds)}")


def _tuple(kind: Any, value: Any, at: tuple[str, ...], reading: Reading) -> Any:
    kinds = get_args(kind)
    if not isinstance(value, list):
        raise _wrong(value, "a list")
    if kinds[-1] is Ellipsis:
        return tuple(_good(kinds[0], value, at, reading))
    if len(value) != len(kinds):
        raise _wrong(value, f"a list of {len(kinds)}")
    both = zip(kinds, value, strict=True)
    return tuple(from_plain(one, given, at, reading) for one, given in both)


def _good(kind: Any, values: list[Any], at: tuple[str, ...], reading: Reading) -> list[Any]:
    """Those values that fit; of the others it is told."""
    found = []
    for number, value in enumerate(values, 1):
        here = (*at, str(number))
        try:
            found.append(from_plain(kind, value, here, reading))
        except Misfit as misfit:
            reading.tell(here, f"{misfit}; left out")
    return found


def _set(kind: Any, value: Any, at: tuple[str, ...], reading: Reading) -> Any:
    if not isinstance(value, list):
        raise _wrong(value, "a list")
    return frozenset(_good(get_args(kind)[0], value, at, reading))


def _mapping(kind: Any, value: Any, at: tuple[str, ...], reading: Reading) -> Any:
    of_key, of_value = get_args(kind)
    pairs = list(value.items()) if isinstance(value, Mapping) else value
    if not isinstance(pairs, list) or not all(
        isinstance(one, list | tuple) and len(one) == 2 for one in pairs
    ):
        raise _wrong(value, "a mapping")
    found = {}
    for key, given in pairs:
        here = (*at, str(key)[:LONGEST])
        try:
            name = from_plain(of_key, key, here, reading)
            found[name] = from_plain(of_value, given, here, reading)
        except Misfit as misfit:
            reading.tell(here, f"{misfit}; left out")
    return types.MappingProxyType(found)


def _rows(_kind: Any, value: Any, _at: tuple[str, ...], reading: Reading) -> Rows:
    return rows_from(value, reading.room)


def _row_key(_kind: Any, value: Any, _at: tuple[str, ...], reading: Reading) -> RowKey:
    return RowKey(rows_from(value, reading.room))


def rows_from(value: Any, room: Room | None = None) -> Rows:
    """The other way round of `plain_rows`; what is read takes of the `room`. Raises Misfit."""
    if not isinstance(value, list):
        raise _wrong(value, "a list of numbers")
    room = room or Room()
    parts, n = [], 0
    for one in value:
        ends = one if isinstance(one, list) and len(one) == 2 else [one, one]
        if not all(isinstance(end, int) and abs(end) < 2**62 for end in ends):
            raise _wrong(one, "a number or first and last")
        n += max(ends[1] - ends[0] + 1, 0)
        if n > room.rows:
            raise _wrong(one, f"among the {MOST_ROWS} numbers that are read")
        small = ends[0] >= -(2**31) and ends[1] < 2**31 - 1
        parts.append(np.arange(ends[0], ends[1] + 1, dtype=np.int32 if small else np.int64))
    room.rows -= n
    if len(parts) == 1:
        return rows(parts[0])
    return rows(np.concatenate(parts)) if parts else rows([])


# -- records -------------------------------------------------------------------------------


def record_from(
    kind: Any,
    value: Any,
    at: tuple[str, ...],
    reading: Reading,
    own: Mapping[str, Reader] | None = None,
) -> Any:
    """A dataclass of a mapping; `own` reads some of its fields in a way of their own. A field that
    does not fit has its default. Raises Misfit where one without default is not there."""
    if not isinstance(value, Mapping):
        raise _wrong(value, "a mapping")
    hints, found = _hints(kind), {}
    for one in fields(kind):
        if one.name in value:
            here = (*at, one.name)
            try:
                special = (own or {}).get(one.name)
                given = value[one.name]
                found[one.name] = (
                    special(given, here, reading)
                    if special is not None
                    else from_plain(hints[one.name], given, here, reading)
                )
            except Misfit as misfit:
                if _default(one) is MISSING:
                    raise Misfit(f"{one.name}: {misfit}") from None
                reading.tell(here, f"{misfit}; the usual is taken")
        elif _default(one) is MISSING:
            raise Misfit(f"{one.name} is missing")
    names = {one.name for one in fields(kind)}
    reading.unknown |= {(*at, key): value[key] for key in value if key not in names}
    return kind(**found)


def _record(kind: Any, value: Any, at: tuple[str, ...], reading: Reading) -> Any:
    special = SPECIAL.get(kind)
    return special(value, at, reading) if special else record_from(kind, value, at, reading)


def _default(one: Field[Any]) -> Any:
    return one.default if one.default is not MISSING else one.default_factory


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


SPECIAL: dict[Any, Reader] = {}
"""Records that are read in a way of their own: their parts depend on each other."""

_READERS: tuple[tuple[Callable[[Any], bool], Callable[..., Any]], ...] = (
    (lambda kind: kind in (bool, int, float, str), _scalar),
    (lambda kind: kind is RowKey, _row_key),
    (lambda kind: isinstance(kind, type) and issubclass(kind, Enum), _enum),
    (lambda kind: isinstance(kind, type) and is_dataclass(kind), _record),
    (lambda kind: get_origin(kind) in (Union, types.UnionType), _either),
    (lambda kind: get_origin(kind) is np.ndarray, _rows),
    (lambda kind: get_origin(kind) is tuple, _tuple),
    (lambda kind: get_origin(kind) is frozenset, _set),
    (
        lambda kind: isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping),
        _mapping,
    ),
)
