"""Atoms by a condition: the same words as for models, over the columns of a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.elements import element
from mlipviewer.core.query import matching_mask
from mlipviewer.core.rows import Rows, rows
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]


def atom_namespace(frame: Frame) -> Mapping[str, Array]:
    """(n,) arrays by name: id, x, y, z (A), number, element, and the columns of the file.

    A column of k components is `name[1]` ... `name[k]`, and `name` for its norm.
    """
    symbols = np.array([element(int(number)).symbol for number in frame.numbers], object)
    x, y, z = np.asarray(frame.positions).T
    own = {"id": frame.atom_ids, "x": x, "y": y, "z": z, "number": frame.numbers}
    names: dict[str, Array] = {**own, "element": symbols}
    if frame.species is not None:
        names["species"] = frame.species.astype(object)
    for name, values in frame.columns.items():
        names.update(_components(name, values))
    return names


def _components(name: str, values: Array) -> Iterator[tuple[str, Array]]:
    if values.ndim == 1:
        yield name, values if values.dtype.kind in "iufb" else values.astype(object)
    elif values.ndim == 2 and values.dtype.kind in "iuf":
        yield name, np.asarray(np.linalg.norm(values, axis=1))
        for k in range(values.shape[1]):
            yield f"{name}[{k + 1}]", values[:, k]


def matching_atoms(condition: str, frame: Frame) -> Rows:
    """The ids of the atoms of a frame for which the condition holds. Raises QueryProblem."""
    mask = matching_mask(condition, atom_namespace(frame), frame.n_atoms)
    return rows(frame.atom_ids[mask])
