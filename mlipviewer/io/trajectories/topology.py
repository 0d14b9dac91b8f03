"""What a structure beside a trajectory says of its atoms: elements, charges, molecules, bonds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

_COLUMNS = {"type": "type", "mol-id": "mol", "initial_charges": "q", "masses": "mass"}
"""Names of a LAMMPS data file as it is read, and those of dumps."""


@dataclass(frozen=True, eq=False)
class Topology:
    """Of m atoms: `numbers`, `labels` and `columns` (m,); `bonds` (k, 2) rows of its atoms."""

    numbers: Array
    labels: Array | None
    ids: Array | None
    columns: Mapping[str, Array]
    bonds: Array | None

    def rows(self, frame: Frame) -> Array | None:
        """(n,) the row of every atom of a frame: by id where both have them; None where an atom is
        not there."""
        if self.ids is None or frame.ids is None:
            same = frame.n_atoms == len(self.numbers)
            return np.arange(frame.n_atoms) if same else None
        order = np.argsort(self.ids)
        places = np.searchsorted(self.ids, frame.ids, sorter=order)
        if not len(order) or (len(places) and places.max() >= len(order)):
            return None
        rows: Array = order[places]
        return rows if np.array_equal(self.ids[rows], frame.ids) else None

    @cached_property
    def digest(self) -> str:
        """Its contents, to tell it from others."""
        found = sha256()
        arrays = (self.numbers, self.labels, self.ids, self.bonds)
        for name, array in [*enumerate(arrays), *sorted(self.columns.items())]:
            found.update(f"{name}:".encode())
            if array is not None:
                plain = array.astype(str) if array.dtype.kind == "O" else array
                found.update(np.ascontiguousarray(plain).tobytes())
        return found.hexdigest()

    def applied(self, frame: Frame) -> Frame:
        """The frame with what is known of its atoms; its own columns stay."""
        rows = self.rows(frame)
        if rows is None:
            return frame
        new = {k: values[rows] for k, values in self.columns.items() if k not in frame.columns}
        return replace(
            frame,
            numbers=self.numbers[rows],
            species=None if self.labels is None else self.labels[rows],
            columns=MappingProxyType({**frame.columns, **new}) if new else frame.columns,
            bonds=None if self.bonds is None else self._bonds(rows),
        )

    def _bonds(self, rows: Array) -> Array:
        """The bonds between atoms of a frame, as rows of that frame."""
        assert self.bonds is not None
        places = np.full(len(self.numbers), -1, np.int64)
        places[rows] = np.arange(len(rows))
        bonds: Array = places[self.bonds]
        return bonds[(bonds >= 0).all(axis=1)]


def topology_of(frame: Frame) -> Topology:
    """What a structure says of its atoms. Only of LAMMPS data columns are taken."""
    found = {
        new: frame.columns[old]
        for old, new in _COLUMNS.items()
        if old in frame.columns and "mol-id" in frame.columns
    }
    return Topology(
        frame.numbers, frame.species, frame.ids, MappingProxyType(found), _listed_bonds(frame)
    )


def _listed_bonds(frame: Frame) -> Array | None:
    """(k, 2) from the column of texts `1(1),2(1)`: the other end and the type of each bond."""
    texts = frame.columns.get("bonds")
    if texts is None or texts.dtype.kind != "U":
        return None
    pairs = [
        (row, int(other))
        for row, text in enumerate(texts.tolist())
        for other in re.findall(r"(\d+)\(", text)
    ]
    found = np.array(pairs, np.int64).reshape(-1, 2)
    return found[(found < frame.n_atoms).all(axis=1)]
