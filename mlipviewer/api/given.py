"""Values of parameters as people and their arrays give them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from mlipviewer.analysis.options import names_of
from mlipviewer.core.params import ParamHelp, Params, param_defaults, param_help

WORDS = {int: "a whole number", float: "a number", bool: "True or False", str: "a text"}


def checked(name: str, kind: type[Params], given: Mapping[str, Any]) -> Params:
    """Parameters of the types that they have and within their bounds: numbers of numpy become
    Python's, lists and arrays tuples, `"a, b"` for several names ("a", "b"). Raises TypeError,
    ValueError."""
    about, usual = param_help(kind), param_defaults(kind)
    found = {}
    for key, value in given.items():
        if key not in about:
            raise TypeError(f"{name} has no parameter {key!r}; there are {', '.join(about)}")
        found[key] = _of_type(key, usual.get(key), value)
        _check(key, about[key], found[key])
    return kind(**found)


def _of_type(key: str, usual: Any, value: Any) -> Any:
    """The value as the type of the usual one. Raises ValueError."""
    kind = type(usual)
    if kind is tuple:
        return _names(key, value)
    if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0:
        value = value.item()
    if kind is str and isinstance(value, os.PathLike):
        value = os.fspath(value)
    if kind is float and type(value) is int:
        value = float(value)
    if kind is int and isinstance(value, float) and value.is_integer():
        value = int(value)
    fits = isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
    if kind in WORDS and not fits:
        raise ValueError(f"{key}={value!r} is not {WORDS[kind]}")
    return tuple(value) if isinstance(value, list) else value


def _names(key: str, value: Any) -> tuple[str, ...]:
    """Names, or one text with commas between them, as the command line has it."""
    if isinstance(value, str):
        return names_of(value)
    found = tuple(value) if isinstance(value, Iterable) else ()
    if not isinstance(value, Iterable) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"{key}={value!r} is no list of names")
    return tuple(map(str, found))


def _check(key: str, tell: ParamHelp, value: Any) -> None:
    """Raises ValueError outside the bounds."""
    if tell.choices and value not in tell.choices:
        raise ValueError(f"{key}={value!r} is none of {', '.join(tell.choices)}")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    low, high = tell.low, tell.high
    if number and not ((low is None or value >= low) and (high is None or value <= high)):
        raise ValueError(f"{key}={value!r} is outside {low} to {high}")
