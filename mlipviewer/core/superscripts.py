"""Powers as they are written by hand: `eV/Å^2` as eV/Å²."""

from __future__ import annotations

import re

RAISED = str.maketrans("-+0123456789", "⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER = re.compile(r"(?<=[\w)\]])(?:\^|\*\*)(?:([-+]?\d+)|\{([-+]?\d+)\}|\(([-+]?\d+)\))(?![\w.])")


def raised(text: str) -> str:
    """The text with whole powers behind `^` or `**` raised: of units, and of ten. What is no whole
    power stays as it is."""
    return _POWER.sub(lambda found: "".join(filter(None, found.groups())).translate(RAISED), text)
