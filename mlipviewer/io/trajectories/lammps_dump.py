"""LAMMPS text dumps: any columns, in any order, changing from frame to frame."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, Place
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.frame_text import FrameText
from mlipviewer.io.trajectories.lammps_header import DumpHeader, HeaderReader, plausible
from mlipviewer.io.trajectories.lammps_units import STYLES, Units, column_units
from mlipviewer.io.trajectories.layout import Block, Damaged, Header
from mlipviewer.io.trajectories.rows_of_frame import (
    Field,
    Rows,
    all_different,
    fault_note,
    not_finite,
    read_fields,
    token_kind,
)
from mlipviewer.io.trajectories.species import atomic_number, numbers_and_labels
from mlipviewer.native.tokens import Fault, FaultCode, Kind

Array = NDArray[Any]

ASSUMED = "metal (assumed)"
"""What frames say of their units where the file does not."""

_WHOLE = frozenset({"id", "type", "mol", "ix", "iy", "iz", "proc", "procp1"})
_LABELS = frozenset({"element", "typelabel", "name"})
_COORDINATES = (("x", "y", "z"), ("xu", "yu", "zu"), ("xs", "ys", "zs"), ("xsu", "ysu", "zsu"))
_VECTORS = {
    "forces": ("fx", "fy", "fz"),
    "velocities": ("vx", "vy", "vz"),
    "image": ("ix", "iy", "iz"),
}

_JOINED: dict[tuple[str, ...], str] = {
    names: " ".join(names) for names in (*_COORDINATES, *_VECTORS.values())
}
_TRIPLES = frozenset(_JOINED.values()) - {"ix iy iz"}
"""Neighbouring columns that are read straight into one (n, 3) array."""


@dataclass
class LammpsDump:
    """The layout of LAMMPS text dumps. `ITEM: UNITS` stands once and holds for the whole file."""

    path: str
    name: str = "lammps-dump"
    epoch: int = 0
    units: str | None = None
    _last_step: float = -np.inf
    _headers: HeaderReader = field(default_factory=HeaderReader)

    @property
    def known(self) -> str | None:
        return self.units

    def header(self, text: bytes, offset: int) -> Header:  # noqa: ARG002
        header = self._headers.read(text)
        if self.units is None and header.details.units is not None:
            self.units = header.details.units
        return header

    def plausible(self, text: bytes, start: int) -> int:
        return plausible(text, start)

    def remark(self, header: Header) -> str | None:
        step = header.details.timestep
        back, self._last_step = step <= self._last_step, step
        return f"the time step goes back to {step} (a restart?)" if back else None

    def memory(self) -> list[Any]:
        return [self.units, self._last_step]

    def recall(self, memory: Any, read: Any) -> None:  # noqa: ARG002
        units, self._last_step = memory or (None, -np.inf)
        self.units = units or self.units  # a frame that is being read needs it

    def info(self, text: bytes) -> Mapping[str, Any]:
        return MappingProxyType(self._info(self._headers.read(text).details))

    def _info(self, header: DumpHeader) -> dict[str, Any]:
        info: dict[str, Any] = {"Timestep": header.timestep}
        if header.time is not None:
            info["Time"] = header.time
        info["units"] = self.units or ASSUMED
        return info

    def parse(self, text: FrameText, block: Block, index: int) -> Frame:
        header = self._headers.read(text.head)
        details: DumpHeader = header.details
        fields = _fields(details.columns, text.line(header.size))
        rows = read_fields(text, header.size, header.n_atoms, fields)
        if rows.fault is not None and rows.fault.code is FaultCode.NO_INTEGER:
            fields = _softened(fields, text, rows.fault)
            rows = read_fields(text, header.size, header.n_atoms, fields)
        build = _Build(self, details, rows, block, header.n_lines)
        return build.frame(text, index)


def _fields(columns: tuple[str, ...], line: bytes) -> tuple[Field, ...]:
    """How each column is read: by its name, else by its first value."""
    first = line.split()
    told = [token_kind(first[k]) if k < len(first) else Kind.REAL for k in _untold(columns)]
    return _named_fields(columns, tuple(told))


@lru_cache(maxsize=16)
def _untold(columns: tuple[str, ...]) -> tuple[int, ...]:
    """The columns whose names do not tell how they are read."""
    return tuple(k for k, name in enumerate(columns) if name not in _WHOLE | _LABELS)


_BLANKS = bytes.maketrans(b"\t\r\n", b"   ")
"""What divides tokens (native/decimal.h): a form feed, a blank to `split`, does not."""


@lru_cache(maxsize=16)
def _named_fields(columns: tuple[str, ...], told: tuple[Kind, ...]) -> tuple[Field, ...]:
    """The fields, where `told` are the kinds of the columns whose names do not tell."""
    kinds = dict(zip(_untold(columns), told, strict=True))
    fields: list[Field] = []
    k = 0
    while k < len(columns):
        triple = " ".join(columns[k : k + 3])
        if triple in _TRIPLES and triple not in (field.name for field in fields):
            fields.append(Field(triple, Kind.REAL, 3))
            k += 3
            continue
        kind = kinds[k] if k in kinds else Kind.WHOLE if columns[k] in _WHOLE else Kind.LABEL
        fields.append(Field(_name(columns, k), kind))
        k += 1
    return tuple(fields)


def _name(columns: tuple[str, ...], k: int) -> str:
    return f"{columns[k]}#{k + 1}" if columns[k] in columns[:k] else columns[k]


def _softened(fields: tuple[Field, ...], text: FrameText, fault: Fault) -> tuple[Field, ...]:
    """A column that should hold integers and does not: `type` may hold labels, others reals."""
    token = text.part(fault.offset, 300).translate(_BLANKS).split(b" ", 1)[0]
    ends = list(accumulate(field.width for field in fields))
    wrong = bisect_right(ends, fault.column)
    if fields[wrong].name == "id":
        return fields
    softer = Field(fields[wrong].name, token_kind(token))
    return (*fields[:wrong], softer, *fields[wrong + 1 :])


class _Build:
    """One frame being put together from its rows."""

    def __init__(
        self, dump: LammpsDump, header: DumpHeader, rows: Rows, block: Block, n_lines: int
    ) -> None:
        self._dump, self._header, self._rows = dump, header, rows
        self._block, self._n_lines = block, n_lines
        self._arrays = dict(rows.arrays)
        self._units = self._style()
        self._notes: list[Note] = []
        self._unwrapped = False
        self._columns: dict[str, Array] = {}

    def frame(self, text: FrameText, index: int) -> Frame:
        length = self._units.length
        positions = self._positions()
        numbers, species = self._species()
        ids = self._ids()
        self._vectors()
        self._rest()
        damage = self._damage(text, positions)
        self._general_notes()
        return Frame(
            index=index,
            positions=positions,
            numbers=numbers,
            cell=self._header.cell * length,
            pbc=self._header.pbc,
            origin=self._header.origin * length,
            ids=ids,
            columns=MappingProxyType(self._columns),
            info=MappingProxyType(self._dump._info(self._header)),
            species=species,
            complete=damage is None,
            notes=(*self._notes, damage) if damage else tuple(self._notes),
            units=MappingProxyType(column_units(self._dump.units or "metal", self._columns)),
        )

    def _note(self, text: str, line: int = 0) -> Note:
        return Note(text, Place(self._dump.path, self._block.number, self._block.line + line))

    def _style(self) -> Units:
        return STYLES.get(self._dump.units or "metal", STYLES["metal"])

    def _positions(self) -> Array:
        names = next((names for names in _COORDINATES if self._has(names)), None)
        if names is None:
            raise Damaged("no coordinates: neither x y z nor xu, xs, xsu", self._n_lines - 1)
        values = self._taken(names)
        if names[0] in ("xu", "xsu"):
            self._unwrapped = True
            self._notes.append(self._note("the coordinates are unwrapped (xu or xsu)"))
        scaled = names[0] in ("xs", "xsu")
        if not scaled and self._units.length == 1.0:
            return values
        with np.errstate(all="ignore"):
            if scaled:
                values = values @ self._header.cell + self._header.origin
            return values * self._units.length

    def _has(self, names: tuple[str, ...]) -> bool:
        alone = (name in self._arrays and name not in self._rows.labels for name in names)
        return _JOINED[names] in self._arrays or all(alone)

    def _taken(self, names: tuple[str, ...]) -> Array:
        together = self._arrays.pop(_JOINED[names], None)
        if together is not None:
            return together
        return np.stack([self._arrays.pop(name) for name in names], axis=1)

    def _vectors(self) -> None:
        factors = {"forces": self._units.force, "velocities": self._units.velocity, "image": 1}
        for name, parts in _VECTORS.items():
            if self._has(parts):
                values = self._taken(parts)
                factor = factors[name]
                plain = factor == 1 or self._dump.units == "lj"
                with np.errstate(all="ignore"):
                    self._columns[name] = values if plain else values * factor
        if self._unwrapped:  # no cells are to be added, whatever `ix iy iz` stand beside them
            self._columns["image"] = np.zeros((self._rows.n_rows, 3), np.int32)

    def _rest(self) -> None:
        """All other columns under their own names, second sets of coordinates as single columns."""
        for name, values in self._arrays.items():
            if values.ndim == 2:
                for k, part in enumerate(name.split()):
                    self._columns[part] = np.ascontiguousarray(values[:, k])
            elif name in self._rows.labels:
                self._columns[name] = self._rows.words(name)
            else:
                self._columns[name] = values

    def _species(self) -> tuple[Array, Array | None]:
        if "element" in self._rows.labels:
            codes, labels = self._arrays.pop("element"), self._rows.labels["element"]
            return numbers_and_labels(codes, labels)
        for name in ("typelabel", "type"):
            if name in self._rows.labels:
                labels = self._rows.labels[name]
                self._notes.append(self._note(_guessed(labels)))
                return numbers_and_labels(self._rows.arrays[name], labels)
        numbers = np.zeros(self._rows.n_rows, np.int32)
        if "type" not in self._arrays:
            self._notes.append(self._note("the file does not say which elements the atoms are"))
            return numbers, None
        self._notes.append(self._note("the file has atom types but no elements"))
        return numbers, _type_labels(self._arrays["type"])

    def _ids(self) -> Array | None:
        if "id" not in self._arrays:
            return None
        if not all_different(self._arrays["id"]):
            self._notes.append(self._note("ids are not unique: atoms are known by their rows"))
            return None
        return self._arrays.pop("id")

    def _damage(self, text: FrameText, positions: Array) -> Note | None:
        if (fault := self._rows.fault) is not None:
            n_columns = len(self._header.columns)
            found = fault_note(text, fault, self._block, self._n_lines, n_columns)
            return Note(found.text, Place(self._dump.path, found.place.frame, found.place.line))
        if (row := not_finite(positions)) is not None:
            return self._note("a position is not a finite number", self._n_lines + row)
        return None

    def _general_notes(self) -> None:
        if not self._header.pbc_known:
            self._notes.append(self._note("the file does not say which sides are periodic"))
        units = self._dump.units
        if units is None:
            text = "units are not stated: taken as metal (A, ps, eV)"
        elif units in STYLES:
            text = f"units {units}: positions, forces and velocities were converted to A, eV, fs"
            if units != "metal":
                text += "; other columns keep the file's units"
        else:
            text = f"units {units[:40]!a} are not converted"
        self._notes.append(self._note(text))


def _guessed(labels: list[str]) -> str:
    shown = ", ".join(f"{label[:40]!a} as Z={atomic_number(label)}" for label in labels[:8])
    return f"type labels instead of elements: {shown}"


def _type_labels(types: Array) -> Array:
    """The types as text, no wider than the widest: numpy would take 21 signs for any integer."""
    if types.dtype.kind != "i":  # a damaged type: 1.5, nan
        return types.astype(str)
    low, high = (int(types.min()), int(types.max())) if len(types) else (0, 0)
    if low == high:
        return np.full(len(types), str(low))
    if low >= 0 and high < 4096:
        kinds, codes = np.arange(high + 1), types  # without a copy of the codes
    elif high - low < 4096:
        kinds, codes = np.arange(low, high + 1), types - low
    else:
        kinds, codes = np.unique(types, return_inverse=True)
    labels: Array = np.array([str(kind) for kind in kinds.tolist()] or [""])[codes]
    return labels
