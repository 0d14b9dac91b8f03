"""Names of units as files spell them."""

from __future__ import annotations

import re

LENGTHS = {"a": 1.0, "å": 1.0, "angstrom": 1.0, "nm": 10.0, "pm": 0.01, "bohr": 0.529177210903}
"""A in one unit."""
TIMES = {"fs": 1e-3, "ps": 1.0, "ns": 1e3, "us": 1e6, "s": 1e12}
"""ps in one unit."""

_WORDS = (
    (r"(?i)\bang?str[oö]ms?\b", "Å"),
    (r"(?i)\bfemtoseconds?\b", "fs"),
    (r"(?i)\bpicoseconds?\b", "ps"),
    (r"(?i)\bnanoseconds?\b", "ns"),
    (r"(?i)\bnanometers?\b", "nm"),
    (r"(?i)\bdegrees?\b", "°"),
    (r"(?i)\bkilocalor(ie|y)s?\b", "kcal"),
)


def unit_text(unit: object) -> str:
    """A unit as it is shown: `angstrom/picosecond` is Å/ps; '' for none and for `N/A`."""
    text = unit.decode("latin-1") if isinstance(unit, bytes) else str(unit or "")
    text = text.strip()[:60]
    for pattern, shown in _WORDS:
        text = re.sub(pattern, shown, text)
    return "" if text.lower() in ("n/a", "none", "unitless") else text


def length_factor(unit: object) -> float | None:
    """A in one such unit; None where it is not known."""
    return LENGTHS.get(unit_text(unit).lower())


def time_factor(unit: object) -> float | None:
    """ps in one such unit; None where it is not known."""
    return TIMES.get(unit_text(unit).lower())
