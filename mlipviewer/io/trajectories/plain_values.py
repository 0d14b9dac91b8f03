"""What frames hold, as plain values: for JSON, reports and written files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mlipviewer.core.trajectory import Array, Frame
from mlipviewer.io.trajectories.species import SYMBOLS

_KINDS = {"f": "real", "i": "integer", "u": "integer", "b": "logical", "U": "text"}


def species_counts(frame: Frame) -> dict[str, int]:
    """How many atoms of each label, or element, in order of their first letters."""
    labels = frame.species if frame.species is not None else np.array(SYMBOLS)[frame.numbers]
    names, counts = np.unique(labels, return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def kind_of(values: Array) -> str:
    """`real`, `integer 3`, `text`: kind and, for vectors, width."""
    kind = _KINDS.get(values.dtype.kind, "other")
    return kind if values.ndim == 1 else f"{kind} {'x'.join(map(str, values.shape[1:]))}"


def plain(value: Any) -> Any:
    """A value as JSON knows it: arrays become lists, what is not finite becomes None."""
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if isinstance(value, bool | int | str) or value is None else str(value)
