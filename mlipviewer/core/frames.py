"""Some atoms of a frame, frames by a condition on their values, and units of what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.aliases import unit_guess
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


CONVENTION = "convention"


def unit_of(frame: Frame, name: str, per_atom: bool) -> tuple[str, str]:
    """(unit, who says so: `file`, `convention` or '') of a column or a value of a frame."""
    said = frame.units.get(name)
    if said is None and isinstance(beside := frame.info.get(f"{name}_unit"), str):
        said = beside
    if said is not None:
        return said, "file"
    guess = unit_guess(name, per_atom)
    return (guess, CONVENTION) if guess else ("", "")


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
