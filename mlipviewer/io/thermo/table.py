"""Steps with values: what every thermo file comes down to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class ThermoTable:
    """(m,) steps in rising order, each once, and (m,) values by name; NaN where one is missing.

    `dt` is the time step in ps where the file says it, `style` LAMMPS' units, `elements` those of
    the atom types 1, 2, ... where the file names them.
    """

    path: str
    format: str
    steps: Array
    columns: Mapping[str, Array]
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    dt: float | None = None
    style: str = ""
    elements: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def joined(rows: Sequence[Mapping[str, float]], step: str) -> tuple[Array, dict[str, Array], int]:
    """(steps, columns, repeated rows): of rows with the same step, as restarts write them, the last
    counts; rows are put in the order of their steps."""
    last: dict[float, Mapping[str, float]] = {}
    for row in rows:
        last[row[step]] = {**last.get(row[step], {}), **row}
    steps = sorted(last)
    names = dict.fromkeys(name for row in rows for name in row if name != step)
    columns = {
        name: np.array([last[at].get(name, np.nan) for at in steps], float) for name in names
    }
    return np.array(steps, float), columns, len(rows) - len(steps)


def number(word: str) -> float:
    """A number, NaN for anything else."""
    try:
        return float(word)
    except ValueError:
        return float("nan")
