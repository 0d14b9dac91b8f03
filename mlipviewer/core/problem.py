"""What is wrong with a file, in one sentence that names the place and the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Where in a file: frame and line count from 1, as people count."""

    path: str = ""
    frame: int | None = None
    line: int | None = None

    def __str__(self) -> str:
        parts = []
        if self.frame is not None:
            parts.append(f"frame {self.frame}")
        if self.line is not None:
            parts.append(f"line {self.line}")
        name = Path(self.path).name
        return ": ".join(part for part in (name, ", ".join(parts)) if part)


@dataclass(frozen=True)
class Note:
    """Something the user should know about data that is nevertheless shown.

    `loss`: a part of the file could not be used. `details`: all of what the text only counts.
    """

    text: str
    place: Place = field(default_factory=Place)
    loss: bool = False
    details: str = ""

    def __str__(self) -> str:
        place = str(self.place)
        return f"{place}: {self.text}" if place else self.text


class ReadProblem(Exception):
    """The only error a reader raises: `<file>: frame 4, line 31: reason`."""

    def __init__(
        self,
        reason: str,
        path: str | Path = "",
        frame: int | None = None,
        line: int | None = None,
    ) -> None:
        self.reason = reason
        self.place = Place(str(path), frame, line)
        super().__init__(reason)

    def __str__(self) -> str:
        return str(Note(self.reason, self.place))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.reason, self.place.path, self.place.frame, self.place.line)


class QueryProblem(ValueError):
    """A condition that cannot be read; `position` counts characters from 0."""

    def __init__(self, reason: str, position: int = 0) -> None:
        self.reason, self.position = reason, position
        super().__init__(reason)
