"""How the jumps of an atom depend on those before: correlation factor, jumps back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOST_ORDERS = 10


@dataclass(frozen=True, eq=False)
class Correlation:
    """`factor` = sum over atoms of |R|^2 / sum of |v|^2, R the sum of an atom's jumps v: 1 for
    jumps that do not know of each other; `factor_error` by leaving out one atom after the other.
    `cosines` (k,) <v_i v_(i+j)> / <v^2> for j = 1 .. k over `pairs` (k,) pairs of one atom's jumps.
    `back` the share of jumps after another one that take it back, of `n_after` such jumps.
    """

    factor: float
    factor_error: float
    cosines: Array
    pairs: Array
    back: float
    n_after: int

    @property
    def one_step(self) -> float:
        """(1 + c) / (1 - c): the factor if a jump knew of the last one alone."""
        c = float(self.cosines[0]) if len(self.cosines) else np.nan
        return (1 + c) / (1 - c) if c < 1 else np.nan


def correlation_of(vectors: Array, atom: Array, back: Array) -> Correlation:
    """Of (h, 3) jumps of `atom` (h,), by atom and then by time; `back` (h,) which take the last one
    back."""
    if not len(vectors):
        nan = float("nan")
        return Correlation(nan, nan, np.empty(0), np.empty(0, int), nan, 0)
    begins = np.flatnonzero(np.append(True, np.diff(atom) != 0))
    ends = np.add.reduceat(vectors, begins)
    far, steps = (ends**2).sum(axis=1), np.add.reduceat((vectors**2).sum(axis=1), begins)
    follows = np.append(False, np.diff(atom) == 0)
    cosines, pairs = _cosines(vectors, atom)
    n_after = int(follows.sum())
    return Correlation(
        factor=float(far.sum() / steps.sum()),
        factor_error=_jackknife(far, steps),
        cosines=cosines,
        pairs=pairs,
        back=float(back[follows].mean()) if n_after else float("nan"),
        n_after=n_after,
    )


def _cosines(vectors: Array, atom: Array) -> tuple[Array, Array]:
    square = float((vectors**2).sum(axis=1).mean())
    found, counts = [], []
    for order in range(1, min(MOST_ORDERS, len(vectors) - 1) + 1):
        same = atom[order:] == atom[:-order]
        if not same.any():
            break
        products = (vectors[order:] * vectors[:-order]).sum(axis=1)[same]
        found.append(float(products.mean() / square))
        counts.append(int(same.sum()))
    return np.array(found), np.array(counts, int)


def _jackknife(far: Array, steps: Array) -> float:
    n = len(far)
    if n < 2:
        return float("nan")
    without = (far.sum() - far) / np.maximum(steps.sum() - steps, 1e-300)
    return float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
