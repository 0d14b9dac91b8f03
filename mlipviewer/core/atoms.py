"""Atoms by a condition: the same words as for models, over the columns of a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.elements import elements
from mlipviewer.core.query import matching_mask
from mlipviewer.core.rows import Rows, rows
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]


class AtomNames(Mapping[str, Array]):
    """(n,) arrays by name: id, x, y, z (A), number, element, species, the columns of the file, and
    `more` of them. Each is made when a condition asks for it.

    A column of k components is `name[1]` ... `name[k]`, and `name` for its norm; one of classes
    holds their names.
    """

    def __init__(self, frame: Frame, more: Mapping[str, Array] | None = None) -> None:
        self._makers: dict[str, Callable[[], Array]] = dict(_own_names(frame))
        for name, values in frame.columns.items():
            self._makers.update(_components(name, values))
        for name, classes in frame.classes.items():
            self._makers[name] = partial(_class_names, frame.columns[name], classes)
        for name, values in (more or {}).items():
            self._makers[name] = partial(np.asarray, values)

    def __getitem__(self, name: str) -> Array:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _own_names(frame: Frame) -> Iterator[tuple[str, Callable[[], Array]]]:
    yield "id", lambda: frame.atom_ids
    for axis, name in enumerate("xyz"):
        yield name, partial(_axis, frame, axis)
    yield "number", lambda: frame.numbers
    yield "element", partial(_symbols, frame)
    species = frame.species
    yield "species", partial(_symbols, frame) if species is None else lambda: species.astype(object)


def _axis(frame: Frame, axis: int) -> Array:
    return np.asarray(frame.positions)[:, axis]


def _symbols(frame: Frame) -> Array:
    symbols = np.array([one.symbol for one in elements()], object)
    known = (frame.numbers >= 0) & (frame.numbers < len(symbols))
    found: Array = symbols[np.where(known, frame.numbers, 0)]
    return found


def _components(name: str, values: Array) -> Iterator[tuple[str, Callable[[], Array]]]:
    if values.ndim == 1:
        as_is = values.dtype.kind in "iufb"
        yield name, (lambda: values) if as_is else (lambda: values.astype(object))
    elif values.ndim == 2 and values.dtype.kind in "iuf":
        yield name, lambda: np.asarray(np.linalg.norm(values, axis=1))
        for k in range(values.shape[1]):
            yield f"{name}[{k + 1}]", partial(values.__getitem__, (slice(None), k))


def _class_names(numbers: Array, classes: tuple[str, ...]) -> Array:
    names = np.array([*classes, ""], object)
    known = (numbers >= 0) & (numbers < len(classes))
    found: Array = names[np.where(known, numbers, len(classes))]
    return found


def matching_atoms(condition: str, frame: Frame, more: Mapping[str, Array] | None = None) -> Rows:
    """The ids of the atoms of a frame for which the condition holds; `more` are further columns
    (n,), or named sets as `core.query.set_term` calls them. Raises QueryProblem."""
    mask = matching_mask(condition, AtomNames(frame, more), frame.n_atoms)
    return rows(frame.atom_ids[mask])
