"""A frame on its way from the process of readers to the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Part:
    """n atoms: positions (n, 3) in A, `cell` rows in A or None, columns (n,) or (n, k).

    `labels` (n,) are the file's names of the species; numbers are 0 where no element is known.
    `units` are those of columns and of values of the frame, by name.
    """

    positions: Array
    numbers: Array
    cell: Array | None = None
    pbc: Sequence[bool] = (False, False, False)
    origin: Sequence[float] = (0.0, 0.0, 0.0)
    columns: Mapping[str, Array] = field(default_factory=dict)
    info: Mapping[str, Any] = field(default_factory=dict)
    labels: Array | None = None
    units: Mapping[str, str] = field(default_factory=dict)

    def misfit(self) -> str:
        """Which of its arrays is not of n atoms; '' where all are. A damaged file may give its
        library arrays of different lengths."""
        n = len(self.numbers)
        if np.shape(self.positions) != (n, 3):
            return f"it has {n} atoms and positions of shape {np.shape(self.positions)}"
        labels = {} if self.labels is None else {"labels": self.labels}
        for name, values in {**self.columns, **labels}.items():
            if np.shape(values)[:1] != (n,):
                return f"it has {n} atoms and {name} of shape {np.shape(values)}"
        return ""


def known_numbers(values: Any) -> Array:
    """(n,) atomic numbers; 0 for what is none."""
    found = np.asarray(values).astype(np.int64)
    return np.where((found > 0) & (found < 119), found, 0).astype(np.int32)


def cell_of_lengths(lengths: Any, angles: Any) -> Array | None:
    """(3, 3) rows from three lengths and the angles alpha, beta, gamma in degrees.

    None where a length is not positive or the angles span no cell.
    """
    a, b, c = (float(value) for value in lengths)
    cosines = [0.0 if angle == 90 else float(np.cos(np.radians(angle))) for angle in angles]
    alpha, beta, gamma = cosines
    sine = float(np.sqrt(max(0.0, 1 - gamma**2)))
    if min(a, b, c) <= 0 or not np.isfinite([a, b, c, *cosines]).all() or sine == 0:
        return None
    y = (alpha - beta * gamma) / sine
    square = 1 - beta**2 - y**2
    if square <= 0:
        return None
    return np.array(
        [[a, 0, 0], [b * gamma, b * sine, 0], [c * beta, c * y, c * float(np.sqrt(square))]]
    )
