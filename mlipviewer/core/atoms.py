"""Atoms by a condition: the same words as for models, over the columns of a frame, and which atoms
have others near them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.elements import elements
from mlipviewer.core.neighbours import FARTHEST
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query import matching_mask, near_parts
from mlipviewer.core.rows import Rows, rows
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]


class AtomNames(Mapping[str, Array]):
    """(n,) arrays by name: id, x, y, z (A), number, element, species, the columns of the file, and
    `more` of them. Each is made when a condition asks for it.

    A column of k components is `name[1]` ... `name[k]`, and `name` for its norm; one of classes
    holds their names. `near(...)` as `core.query.near_term` calls it may raise QueryProblem.
    """

    def __init__(self, frame: Frame, more: Mapping[str, Array] | None = None) -> None:
        self._makers: dict[str, Callable[[], Array]] = {}
        self.take(frame)
        for name, values in (more or {}).items():
            self._makers[name] = partial(np.asarray, values)

    def take(self, frame: Frame) -> None:
        """Have the names of a frame with the same atoms and maybe more columns."""
        self.frame = frame
        self._makers.update(_own_names(frame))
        for name, values in frame.columns.items():
            self._makers.update(_components(name, values))
        for name, classes in frame.classes.items():
            self._makers[name] = partial(_class_names, frame.columns[name], classes)

    def __getitem__(self, name: str) -> Array:
        if name in self._makers:
            return self._makers[name]()
        near = near_parts(name)
        return self.missing(name) if near is None else self._near(*near)

    def missing(self, name: str) -> Array:
        """What a name stands for that the frame lacks; here none does. Raises KeyError."""
        raise KeyError(name)

    def _near(self, what: str, distance: float) -> Array:
        """(n,) which atoms have another one of a kind within a distance."""
        others = self._of_kind(what)
        if not others.any():
            return others
        try:
            return has_near(self.frame, others, distance)
        except ValueError as problem:
            raise QueryProblem(f"near({what!r}): {problem}") from None

    def _of_kind(self, what: str) -> Array:
        """(n,) the atoms of an element or species of that name, else those of a condition."""
        species = self["species"]
        if what in _known_symbols():
            return np.asarray(self["element"] == what, bool)
        if (own := np.asarray(species == what, bool)).any():
            return own
        try:
            return matching_mask(what, self, self.frame.n_atoms)
        except QueryProblem as problem:
            raise QueryProblem(f"near({what!r}): {problem.reason}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@cache
def _known_symbols() -> frozenset[str]:
    return frozenset(one.symbol for one in elements())


def has_near(frame: Frame, others: Array, distance: float) -> Array:
    """(n,) which atoms have one of the others (n,) within a distance in A, themselves not counted.

    Raises ValueError for a distance over FARTHEST, or positions without neighbours.
    """
    from mlipviewer.native.local_order import neighbour_counts
    from mlipviewer.native.nearest import Grid

    if distance > FARTHEST:
        raise ValueError(f"neighbours are looked for up to {FARTHEST:g} A")
    kinds = np.where(others, 0, -1).astype(np.int32)
    with Grid(frame.positions, frame.cell, frame.pbc) as grid:
        found: Array = neighbour_counts(grid, distance, kinds, 1)[:, 0] > 0
    return found


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


def some_matching_atoms(condition: str, frame: Frame) -> Rows:
    """As `matching_atoms`, of which there must be some. Raises QueryProblem, AnalysisProblem."""
    found = matching_atoms(condition, frame)
    if not len(found):
        raise AnalysisProblem(f"{condition} holds for no atom of the first frame")
    return found
