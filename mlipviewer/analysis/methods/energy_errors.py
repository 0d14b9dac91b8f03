"""Errors of energies of whole frames, which are known up to a constant for each atom."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def shifted(predicted: Array, reference: Array, sizes: Array) -> Array:
    """(m,) predicted - reference energy in eV per atom, less its mean: total energies of different
    methods are of different zeros. NaN where one of them is not known."""
    apart = (predicted - reference) / sizes
    known = np.isfinite(apart)
    return np.asarray(apart - apart[known].mean() if known.any() else apart)
