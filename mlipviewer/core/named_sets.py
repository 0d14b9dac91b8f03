"""Named sets of models, frames or atoms: frozen rows, or a condition that is asked anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import RowKey, Rows, rows


@dataclass(frozen=True)
class NamedSet:
    """Rows of a space of one table or trajectory (`owner`) under a name.

    Without `rows` the set is live: those for which `condition` holds in what is shown.
    `colour` is `#rrggbb`.
    """

    name: str
    space: Space
    owner: str
    colour: str
    rows: RowKey | None = None
    condition: str = ""

    @property
    def live(self) -> bool:
        return self.rows is None


class Join(StrEnum):
    """How two sets make a third."""

    UNION = "union"
    INTERSECTION = "intersection"
    DIFFERENCE = "difference"
    EITHER = "either, not both"


_JOINED: Mapping[Join, Callable[[Rows, Rows], Rows]] = {
    Join.UNION: lambda a, b: rows(np.union1d(a, b)),
    Join.INTERSECTION: lambda a, b: rows(np.intersect1d(a, b, assume_unique=True)),
    Join.DIFFERENCE: lambda a, b: rows(np.setdiff1d(a, b, assume_unique=True)),
    Join.EITHER: lambda a, b: rows(np.setxor1d(a, b, assume_unique=True)),
}


def joined(first: Rows, second: Rows, how: Join) -> Rows:
    """The rows of a set made of two."""
    return _JOINED[how](first, second)


def complement(chosen: Rows, every: Rows) -> Rows:
    """Those of `every` that are not chosen."""
    return joined(every, chosen, Join.DIFFERENCE)
