"""When the frames of a trajectory are, and at which temperature: with the source of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Source(StrEnum):
    """Who says so."""

    FILE = "file"
    USER = "user"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Clock:
    """The time of each frame in ps: by a fixed interval, or by a value that the frames carry.

    `interval` is between neighbouring frames of the source. Else `key` names a value of the frame
    (a time, or a time step) and `factor` says how many ps one unit of it is. `said` is the reason
    in words, also of not knowing.
    """

    source: Source = Source.UNKNOWN
    said: str = "the file does not say when its frames are"
    interval: float | None = None
    key: str = ""
    factor: float | None = None

    @property
    def known(self) -> bool:
        return self.interval is not None or (bool(self.key) and self.factor is not None)

    def at(self, index: int, info: Mapping[str, Any]) -> float | None:
        """The time in ps of frame `index` (of the source) with these values; None: unknown."""
        if self.interval is not None:
            return index * self.interval
        value = info.get(self.key) if self.key and self.factor is not None else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value * (self.factor or 0.0)


@dataclass(frozen=True)
class Temperature:
    """The temperature in K that a run was held at, and who says so."""

    kelvin: float | None = None
    source: Source = Source.UNKNOWN
    said: str = "the file does not say at which temperature"


UNKNOWN_CLOCK = Clock()
UNKNOWN_TEMPERATURE = Temperature()
