"""Curves behind a metric of an error table: one of each model, and what its error is against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REFERENCE = "reference"
"""The key of the curve that errors are taken against, where no row of the table has it."""
Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Curves:
    """x (m,) and y (m,) by the key of a row or REFERENCE; titles of the axes, units included."""

    x_title: str
    y_title: str
    of: Mapping[str, Curve]

    def renamed(self, keys: Mapping[str, str]) -> Curves:
        """Those of rows that have other keys now; curves of other rows are left out."""
        names = {REFERENCE: REFERENCE, **keys}
        of = {names[key]: curve for key, curve in self.of.items() if key in names}
        return Curves(self.x_title, self.y_title, of)
