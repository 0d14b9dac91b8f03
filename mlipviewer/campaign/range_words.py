"""Ranges of hyper-parameters as people write them: `4.2 to 5.4`, `4, 6, 8`, `5`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mlipviewer.campaign.space import Choice, Dimension, Whole, narrowed

_TO = re.compile(r"^\s*(?P<low>\S+)\s+(?:to|–)\s+(?P<high>\S+)\s*$")


def range_given(text: str, dimension: Dimension) -> Any:
    """What a design says for this text; None for an empty one, which leaves the family's own range.
    Raises ValueError with the reason."""
    words = text.strip().strip("[]").strip()
    if not words:
        return None
    found = _TO.match(words)
    if found is not None and not isinstance(dimension, Choice):
        given: Any = [_number(found[name], dimension) for name in ("low", "high")]
    else:
        values = [_number(one, dimension) for one in words.replace(" or ", ", ").split(",")]
        several = values if isinstance(dimension, Choice) else {"choices": values}
        given = values[0] if len(values) == 1 else several
    narrowed(dimension, given)
    return given


def _number(word: str, dimension: Dimension) -> Any:
    text = word.strip().strip("\"'")
    texts = isinstance(dimension, Choice) and isinstance(dimension.values[0], str)
    if texts:
        return text
    whole = isinstance(dimension, Whole) or (
        isinstance(dimension, Choice) and all(isinstance(v, int) for v in dimension.values)
    )
    try:
        return int(text) if whole else float(text)
    except ValueError:
        kind = "a whole number" if whole else "a number"
        raise ValueError(f"{text!r} is not {kind}; write 1 to 2, or 1, 2, 3") from None


def given_text(given: Any, dimension: Dimension) -> str:
    """What a design says of a range, as people read it; '' for nothing."""
    if given is None:
        return ""
    if isinstance(given, Mapping):
        return ", ".join(map(str, given.get("choices", [])))
    if not isinstance(given, list | tuple):
        return str(given)
    if isinstance(dimension, Choice) or len(given) != 2:
        return ", ".join(map(str, given))
    return f"{given[0]} to {given[1]}"
