"""The numbers of per-atom columns: norms, components, ranges."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def numbers_of(column: Array, component: int | None = None) -> Array:
    """(n,) the values of a per-atom column; of vectors (n, k) one component, else the norm."""
    if column.ndim == 1:
        return column
    flat = column.reshape(len(column), -1)
    if component is not None and component < flat.shape[1]:
        return flat[:, component]
    flat = flat.astype(np.float64, copy=False)
    norms: Array = np.sqrt(np.einsum("ij,ij->i", flat, flat))
    return norms


def finite_range(values: Array) -> tuple[float, float] | None:
    """(low, high) of the finite values; None where there are none."""
    if values.size == 0 or values.dtype.kind not in "iufb":
        return None
    low, high = values.min(), values.max()
    if np.isfinite(low) and np.isfinite(high):
        return float(low), float(high)
    good = values[np.isfinite(values)]
    return (float(good.min()), float(good.max())) if good.size else None
