"""The files of the document: what they are, how they are meant, and tables joined of two."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mlipviewer.session.table_steps import Step

if TYPE_CHECKING:
    from mlipviewer.core.table import ErrorTable
    from mlipviewer.io.tables.join import Joined


class Kind(StrEnum):
    """What a file of the document is."""

    TABLE = "table"
    TRAJECTORY = "trajectory"


@dataclass(frozen=True)
class Input:
    """A file of the document, a folder of numbered files or their name with `*`; `frames` is its
    slice as typed.

    `choices` are the user's decisions about a table (io.tables.choices) as JSON, '' for guesses.
    `joined`: the table is no file but two others side by side (`path` is that of the first). Then
    the `steps` are taken, in order.
    """

    name: str
    path: str
    kind: Kind
    frames: str = ""
    choices: str = ""
    joined: Join | None = None
    steps: tuple[Step, ...] = ()
    more: tuple[str, ...] = ()  # files that go on where that of `path` ends

    @property
    def source(self) -> Source:
        """What it is read from: inputs of the same source are the same."""
        return self.path, self.frames, self.joined, self.more

    @property
    def meaning(self) -> Meaning:
        """What is read, and how: an input whose meaning changed is read anew."""
        return self.source, self.choices, self.steps


@dataclass(frozen=True)
class Join:
    """Two tables side by side, see io.tables.join. `same`: (name in the second, name in the first)
    of the metrics that both have, None for those that are recognised; `as_one`: these are one
    column, else two."""

    first: Input
    second: Input
    on: tuple[str, ...] = ()
    keep_unmatched: bool = False
    same: tuple[tuple[str, str], ...] | None = None
    as_one: bool = False

    def joined(self, first: ErrorTable, second: ErrorTable) -> Joined:
        """Raises JoinProblem."""
        from mlipviewer.io.tables.join import join

        same = None if self.same is None else dict(self.same)
        return join(first, second, self.on, self.keep_unmatched, None, same, self.as_one)

    def __str__(self) -> str:
        by = ", ".join(self.on) or "key"
        return f"{self.first.name} joined with {self.second.name} by {by}"


Source = tuple[str, str, Join | None, tuple[str, ...]]
Meaning = tuple[Source, str, tuple[Step, ...]]


def other_files(one: Input, meaning: Meaning) -> bool:
    """Whether an input is of other files than what was read by this meaning."""
    path, _, _, more = meaning[0]
    return (path, more) != (one.path, one.more)


def free_of(name: str, taken: Container[str]) -> str:
    """`name`, or `name (2)` ... where it is taken."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    return found
