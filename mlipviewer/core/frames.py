"""Some atoms of a frame, and frames by a condition on their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.query import matching_mask
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]


def some_atoms(frame: Frame, chosen: Array) -> Frame:
    """The frame with the atoms where `chosen` (n,) is true. They keep their identity: rows that
    were the identity become ids."""
    columns = {name: values[chosen] for name, values in frame.columns.items()}
    return replace(
        frame,
        positions=frame.positions[chosen],
        numbers=frame.numbers[chosen],
        ids=frame.atom_ids[chosen],
        species=None if frame.species is None else frame.species[chosen],
        columns=MappingProxyType(columns),
    )


def frame_fits(condition: str, index: int, info: Mapping[str, Any]) -> bool:
    """Whether the values of a frame (and `frame`, its number from 0) fulfil a condition.

    A value that the frame does not carry is missing. Raises QueryProblem.
    """
    names: dict[str, Array] = {"frame": np.array([index])}
    for name, value in info.items():
        array = np.asarray(value)
        if array.ndim == 0:
            names[name] = array.reshape(1) if array.dtype.kind in "iufb" else _text(value)
    return bool(matching_mask(condition, names, 1)[0])


def _text(value: object) -> Array:
    found = np.empty(1, object)
    found[0] = str(value)
    return found
