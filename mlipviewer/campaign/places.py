"""Where in the text of a design a problem is: the line that a sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"\(at line (\d+)")
_TABLE = re.compile(r"^\[\[?\s*(\w+)\s*\]?\]")
_KEY = re.compile(r"^\s*([\w-]+)\s*=")
_PART = re.compile(r"^(set|family|existing|crystal|reference|limits|cluster)\b(?: '([^']*)')?")
_QUOTED = re.compile(r"'([^']+)'")
_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class _Block:
    """The lines of a table of the text, from its head on."""

    kind: str
    first: int
    lines: tuple[str, ...]

    def line_of_key(self, name: str) -> int | None:
        for k, line in enumerate(self.lines):
            found = _KEY.match(line)
            if found and found[1] == name:
                return self.first + k
        return None

    @property
    def name(self) -> str:
        at = self.line_of_key("name")
        found = re.search(r'"([^"]*)"', self.lines[at - self.first]) if at is not None else None
        return found[1] if found else ""


def line_of(text: str, problem: str) -> int:
    """The line, from 1, that the sentence of a DesignProblem speaks of; 0 for none in particular.

    A sentence begins with the table it is about, then the key: `family 'mtp': models ...`."""
    if found := _LINE.search(problem):
        return int(found[1])
    blocks = list(_blocks(text.splitlines()))
    part = _PART.match(problem)
    chosen = [one for one in blocks if part and one.kind == part[1]]
    named = [one for one in chosen if part and part[2] and one.name == part[2]]
    about = named or chosen or [one for one in blocks if one.kind == ""]
    return _within(about, problem) or _quoted(text, problem) or (about[0].first if named else 0)


def _blocks(lines: list[str]) -> Iterator[_Block]:
    kind, first, inside = "", 1, list[str]()
    for number, line in enumerate(lines, 1):
        if head := _TABLE.match(line.strip()):
            yield _Block(kind, first, tuple(inside))
            kind, first, inside = head[1], number, []
        inside.append(line)
    yield _Block(kind, first, tuple(inside))


def _within(blocks: list[_Block], problem: str) -> int:
    """The line of the first key that the sentence names after its table."""
    after = problem.partition(": ")[2] or problem
    words = [*_WORD.findall(after), *_WORD.findall(problem)]
    quoted = set(_QUOTED.findall(problem))
    for name in dict.fromkeys([*(w for w in words if w in quoted), *words]):
        for block in blocks:
            found = block.line_of_key(name)
            if found is not None:
                return found
    return 0


def _quoted(text: str, problem: str) -> int:
    """The line that holds the text that the sentence quotes."""
    for quoted in _QUOTED.findall(problem):
        for number, line in enumerate(text.splitlines(), 1):
            if quoted in line.partition("#")[0]:
                return number
    return 0
