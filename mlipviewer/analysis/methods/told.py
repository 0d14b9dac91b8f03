"""Texts of the form `name=value, name=value` about metrics or categories, and presets of weights.

A name that holds a comma or an equals sign stands in backticks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.table import ErrorTable

_PART = re.compile(r"\s*(?:`(?P<quoted>[^`]+)`|(?P<name>[^,=`]+?))\s*=\s*(?P<value>[^,]*?)\s*")
_BETWEEN = re.compile(r"((?:`[^`]*`|[^,`])*),?")

Weights = Mapping[str, float]
Level = tuple[float | None, float | None]
"""What is good, and what is bad, of one metric; None where nothing is said."""


def read_told(text: str, example: str) -> dict[str, str]:
    """What is said of each name. Raises AnalysisProblem, with an example of how to write it."""
    told: dict[str, str] = {}
    for part in filter(None, (found.strip() for found in _BETWEEN.findall(text))):
        match = _PART.fullmatch(part)
        if match is None or not match["value"]:
            raise AnalysisProblem(f"{part!r} is not understood; write e.g. {example}")
        told[match["quoted"] or match["name"]] = match["value"]
    return told


def write_told(told: Mapping[str, str]) -> str:
    """The text that `read_told` reads."""
    return ", ".join(f"{_written(name)}={value}" for name, value in told.items())


def _written(name: str) -> str:
    return f"`{name}`" if set(name) & set(",=") or name != name.strip() else name


def read_weights(text: str) -> dict[str, float]:
    """Weights by metric or category. Raises AnalysisProblem."""
    example = "vac_Ef=3"
    weights = {}
    for name, value in read_told(text, example).items():
        weight = number(value)
        if weight is None or weight < 0:
            raise AnalysisProblem(f"'{name}={value}' is no weight; write e.g. {example}")
        weights[name] = weight
    return weights


def write_weights(weights: Weights) -> str:
    return write_told({name: f"{weight:g}" for name, weight in weights.items()})


def read_levels(text: str) -> dict[str, Level]:
    """(good, bad) errors by metric or category, from `name=good:bad`. Raises AnalysisProblem."""
    example = "vac_Ef=0.01:0.5, or vac_Ef=0.01: where only good is known"
    levels = {}
    for name, value in read_told(text, example).items():
        good, colon, bad = (one.strip() for one in value.partition(":"))
        level = number(good), number(bad)
        unread = (good and level[0] is None) or (bad and level[1] is None)
        if unread or not colon or level == (None, None):
            raise AnalysisProblem(f"'{name}={value}' is no level; write e.g. {example}")
        levels[name] = level
    return levels


def write_levels(levels: Mapping[str, Level]) -> str:
    parts = {name: ":".join("" if end is None else f"{end:g}" for end in level)
             for name, level in levels.items() if level != (None, None)}  # fmt: skip
    return write_told(parts)


def number(text: str) -> float | None:
    """A finite number, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


# --- presets -----------------------------------------------------------------------------------

EQUAL: Weights = MappingProxyType({})
"""Every metric counts once."""


def one_per_category(table: ErrorTable, metrics: Sequence[str]) -> Weights:
    """Each category counts once, shared by its metrics; so do the metrics without one, together."""
    category = {name: table.metric_column(name).category for name in metrics}
    size = Counter(category.values())
    named = {name: 1.0 / size[name] for name in table.categories if size[name]}
    alone = {name: 1.0 / size[""] for name in metrics if not category[name]}
    return named | alone


def of_representatives(metrics: Sequence[str], stands_for: Mapping[str, str]) -> Weights:
    """Each representative counts as often as it stands for a metric (itself included), the others
    nothing. `stands_for`: metric -> its representative."""
    count = Counter(stands_for.get(name, name) for name in metrics)
    return {name: float(count[name]) for name in metrics}
