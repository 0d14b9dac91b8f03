"""Text with values in braces, `{frame} {time:.1f} ps`: read by us, never evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

_PART = re.compile(r"\{\{|\}\}|\{([^{}:]*)(?::([^{}]*))?\}|[{}]")
_SPEC = re.compile(r"[<>^]?[-+ ]?0?\d{0,2},?(?:\.\d{1,2})?[defgEG%]?")
UNKNOWN = "?"
"""Stands for a value that is not known."""


def check_template(form: str) -> str:
    """The template as it is. Raises ValueError with the reason where it cannot be read."""
    filled(form, {})
    return form


def filled(form: str, values: Mapping[str, object]) -> str:
    """The text with its values; unknown ones are `?`, and two braces stand for one.

    `{name:.2f}` formats a number as in Python's own formats. Raises ValueError.
    """

    def part(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        if match[1] is None:
            raise ValueError(f"a brace without its other one in {form!r}; write it twice")
        name, spec = match[1].strip(), match[2] or ""
        if not name:
            raise ValueError("{} names no value; {frame} does")
        if not _SPEC.fullmatch(spec):
            raise ValueError(f"{spec!r} is not a format as .1f is")
        return _formatted(values.get(name), spec)

    return _PART.sub(part, form)


def _formatted(value: object, spec: str) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return UNKNOWN
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if not spec:
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    if spec.endswith("d"):
        return format(round(value), re.sub(r"\.\d+", "", spec))
    if spec[-1] in "efgEG%" or "." in spec:
        value = float(value)
    return format(value, spec)
