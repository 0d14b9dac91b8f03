"""Names of files that are numbered: their order, what they have in common, which fit a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Key = list[tuple[int, int, str]]


def natural_key(name: str) -> Key:
    """Sort `frame_2` before `frame_10`."""
    parts = re.split(r"(\d+)", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def fits(name: str, pattern: str) -> bool:
    """Whether a name is what a pattern means: `*` stands for any text, all else for itself."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name, re.DOTALL) is not None


def fitting(names: Iterable[str], pattern: str) -> list[str]:
    """The names that a pattern means, in natural order."""
    return sorted((name for name in names if fits(name, pattern)), key=natural_key)


def template(name: str) -> str:
    """What numbered names have in common: `run_12.xyz` is `run_#.xyz`."""
    return re.sub(r"\d+", "#", name)


def pattern_of(names: Sequence[str]) -> str:
    """`*` in place of the numbers that differ; the names share a template."""
    parts = [re.split(r"(\d+)", name) for name in names]
    same = [len(set(column)) == 1 for column in zip(*parts, strict=True)]
    return "".join(p if one else "*" for p, one in zip(parts[0], same, strict=True))


@dataclass(frozen=True)
class Siblings:
    """Files of a folder that are numbered alike: those that fit `pattern`, of `names`."""

    folder: str
    pattern: str
    names: tuple[str, ...]

    def fitting(self, pattern: str = "") -> list[str]:
        return fitting(self.names, pattern or self.pattern)


@dataclass(frozen=True)
class Found:
    """Something in a folder that can be opened: a file, or `n` files that fit the name."""

    path: str
    title: str  # of its format
    n: int = 1


@dataclass(frozen=True)
class Contents:
    """What can be opened in a folder; `whole` where all of it was looked at."""

    folder: str
    found: tuple[Found, ...]
    whole: bool = True


@dataclass(frozen=True)
class Remains:
    """A session that was not closed as usual, as it was when it ended."""

    path: str


@dataclass(frozen=True)
class Astray:
    """A file that is not where it was."""

    path: str


@dataclass(frozen=True)
class Unread:
    """A file that could not be read as what it seems to be."""

    path: str


Offer = Siblings | Contents | Remains | Astray | Unread
