"""AtomEye CFG, standard and extended: one structure with scaled coordinates."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import ByteStore, decoded, read_whole
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.io.trajectories.rows_of_frame import MOST_COLUMNS
from mlipviewer.io.trajectories.species import numbers_and_labels

Array = NDArray[Any]

LARGEST = 512 << 20
_COUNT = re.compile(rb"\s*(?:#[^\n]*\n\s*)*Number of particles\s*=\s*(\d{1,9})\s")


def looks_like_atomeye(head: bytes) -> bool:
    return _COUNT.match(head) is not None


def open_atomeye(store: ByteStore) -> MemorySource:
    """The structure in a CFG file. Raises ReadProblem."""
    lines = read_whole(store, LARGEST).split(b"\n")
    try:
        frame = _Cfg(store.path, lines).frame()
    except (ValueError, IndexError, OverflowError) as error:
        raise ReadProblem(f"cannot be read as AtomEye CFG: {error}", store.path) from None
    return MemorySource(store.path, "atomeye-cfg", [frame], store.notes)


class _Cfg:
    def __init__(self, path: str, lines: list[bytes]) -> None:
        self._path = path
        self._settings: dict[str, str] = {}
        at = 0
        for at, line in enumerate(lines):  # noqa: B007
            text = decoded(line).split("#")[0].strip()
            if "=" not in text and text not in (".NO_VELOCITY.", ""):
                break
            name, _, value = text.partition("=")
            self._settings[name.strip()] = value.strip()
        self._rows = [line.split() for line in lines[at:] if line.strip()]

    def _number(self, name: str, default: float) -> float:
        words = self._settings.get(name, "").split()
        return float(words[0]) if words else default

    def frame(self) -> Frame:
        n = int(self._number("Number of particles", 0))
        h = [[self._number(f"H0({i},{j})", 0.0) for j in (1, 2, 3)] for i in (1, 2, 3)]
        with np.errstate(all="ignore"):
            cell = np.array(h) * self._number("A", 1.0)
        if not np.isfinite(cell).all() or np.linalg.matrix_rank(cell) < 3:
            raise ValueError("H0 is no cell")
        masses, labels, values = self._extended() if self._is_extended else self._standard()
        if len(values) != n:
            raise ValueError(f"{len(values)} of {n} atoms")
        with np.errstate(all="ignore"):
            positions = values[:, :3] @ cell
        if not np.isfinite(positions).all():
            raise ValueError("a position is not a finite number")
        kinds = sorted(set(labels))
        codes = np.array([kinds.index(label) for label in labels], np.int64)
        numbers, species = numbers_and_labels(codes, kinds)
        columns, units = self._columns(values)
        return Frame(
            index=0,
            positions=positions,
            numbers=numbers,
            cell=cell,
            pbc=(True, True, True),
            columns=MappingProxyType({"masses": np.array(masses), **columns}),
            info=MappingProxyType({}),
            species=species,
            notes=() if numbers.all() else (self._unknown(kinds),),
            units=MappingProxyType({"masses": "u", **units}),
        )

    def _unknown(self, kinds: list[str]) -> Note:
        shown = ", ".join(kinds[:8])
        return Note(f"labels that are no elements: {shown}", Place(self._path, 1))

    @property
    def _is_extended(self) -> bool:
        return "entry_count" in self._settings

    def _extended(self) -> tuple[list[float], list[str], Array]:
        """A line of the mass and one of the label stand before the atoms they hold for."""
        width = int(self._number("entry_count", 3))
        if not 3 <= width <= MOST_COLUMNS:
            raise ValueError(f"entry_count is {width}")
        masses, labels, values = [], [], []
        mass, label = 0.0, ""
        rows = iter(self._rows)
        for row in rows:
            if len(row) == 1:
                mass, label = float(row[0]), decoded(next(rows, [b""])[0])[:40]
                continue
            if len(row) != width:
                raise ValueError(f"{len(row)} columns, expected {width}")
            masses.append(mass)
            labels.append(label)
            values.append(row)
        return masses, labels, np.array(values, dtype=bytes).astype(float).reshape(-1, width)

    def _standard(self) -> tuple[list[float], list[str], Array]:
        """mass, label, three coordinates and three velocities in every line."""
        width = min((len(row) for row in self._rows), default=8)
        if width < 5:
            raise ValueError(f"{width} columns, expected 8")
        values = np.array([row[2:width] for row in self._rows], dtype=bytes).astype(float)
        labels = [decoded(row[1])[:40] for row in self._rows]
        return [float(row[0]) for row in self._rows], labels, values.reshape(len(labels), -1)

    def _columns(self, values: Array) -> tuple[dict[str, Array], dict[str, str]]:
        columns, units = {}, {}
        first = 3
        if ".NO_VELOCITY." not in self._settings and values.shape[1] >= 6:
            columns["velocities"] = values[:, 3:6].copy()
            first = 6
        for k in range(first, values.shape[1]):
            said = self._settings.get(f"auxiliary[{k - first}]", f"auxiliary[{k - first}]")
            name, _, unit = said.partition("[") if said.endswith("]") else (said, "", "")
            shown = name.strip() if said in self._settings.values() else said
            columns[shown] = values[:, k].copy()
            if unit and said in self._settings.values():
                units[shown] = unit.rstrip("]")
        return columns, units
