"""MTP .cfg files (MLIP-2, MLIP-3): one configuration between BEGIN_CFG and END_CFG."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import ByteStore, decoded, read_whole
from mlipviewer.io.trajectories.frame_text import FrameText
from mlipviewer.io.trajectories.layout import counted
from mlipviewer.io.trajectories.rows_of_frame import MOST_COLUMNS, Field, read_fields
from mlipviewer.native.tokens import Kind

Array = NDArray[Any]

LARGEST = 512 << 20
_VOIGT = ("xx", "yy", "zz", "yz", "xz", "xy")
_UNITS = {"energy": "eV", "forces": "eV/Å", "PlusStress": "eV", "Stress": "eV", "site_en": "eV"}
_TRIPLES = {"forces": ("fx", "fy", "fz"), "cartes": ("cartes_x", "cartes_y", "cartes_z")}


def looks_like_mtp(head: bytes) -> bool:
    return re.match(rb"\s*BEGIN_CFG\s", head) is not None


class MtpCfg:
    """The configurations of a file. Types count from 0 and name no elements."""

    format = "mtp-cfg"

    def __init__(self, store: ByteStore) -> None:
        self.path, self._identity = store.path, store.identity
        self._text = read_whole(store, LARGEST)
        self._blocks: list[tuple[int, int, int]] = []  # begin, end, number counted from 1
        notes = [*store.notes]
        for number, (begin, after) in enumerate(self._spans(), 1):
            end = self._text.find(b"END_CFG", begin, after)
            if end < 0:
                notes.append(
                    Note("END_CFG is missing; this frame is left out", self._at(number), True)
                )
                continue
            self._blocks.append((begin, end, number))
        self.notes = counted(notes + self._checked())
        if not self._blocks:
            raise ReadProblem("no usable frame: END_CFG is missing", store.path)

    def is_there(self) -> bool:
        """Whether the file at its path is the one that was read."""
        return self._identity is not None and self._identity.is_at(self.path)

    def _spans(self) -> list[tuple[int, int]]:
        """(begin of a configuration, begin of the next or end of the text)."""
        begins = [found.start() for found in re.finditer(rb"(?m)^\s*BEGIN_CFG", self._text)]
        return list(zip(begins, [*begins[1:], len(self._text)], strict=False))

    def _checked(self) -> list[Note]:
        """What the first frames say, and which of them are damaged."""
        found: list[Note] = []
        good = []
        for k, block in enumerate(self._blocks):
            try:
                if k < 200 or k == len(self._blocks) - 1:
                    found += self._parsed(block, k).notes
                good.append(block)
            except ReadProblem as problem:
                text = f"{problem.reason}; this frame is left out"
                found.append(Note(text, problem.place, True))
        self._blocks = good
        return found

    @property
    def n_frames(self) -> int:
        return len(self._blocks)

    def _at(self, number: int) -> Place:
        return Place(self.path, number)

    def frame(self, index: int) -> Frame:
        """Frame `index`. Raises IndexError, ReadProblem."""
        if not 0 <= index < self.n_frames:
            raise IndexError(f"frame {index} of {self.n_frames}")
        return self._parsed(self._blocks[index], index)

    def info(self, index: int) -> Mapping[str, Any]:
        """Energy, stress and features of frame `index`. Raises IndexError, ReadProblem."""
        if not 0 <= index < self.n_frames:
            raise IndexError(f"frame {index} of {self.n_frames}")
        begin, end, number = self._blocks[index]
        return MappingProxyType(self._values(self._text[begin:end], number))

    def _problem(self, reason: str, number: int) -> ReadProblem:
        return ReadProblem(reason, self.path, number)

    def _parsed(self, block: tuple[int, int, int], index: int) -> Frame:
        begin, end, number = block
        text = self._text[begin:end]
        size = re.search(rb"(?m)^\s*Size\s*\n\s*(\d{1,9})\s*$", text)
        rows = re.search(rb"(?m)^\s*AtomData:([^\n]*)\n", text)
        if size is None or rows is None:
            raise self._problem("Size or AtomData is missing", number)
        arrays, fault = self._rows(text, rows, int(size.group(1)), number)
        cell, pbc = self._cell(text, number)
        notes = [Note("the file has atom types but no elements", self._at(number))]
        positions = arrays.pop("cartes", None)
        if positions is None:
            raise self._problem("cartes_x, cartes_y, cartes_z are missing", number)
        if fault or not np.isfinite(positions).all():
            raise self._problem(fault or "a position is not a finite number", number)
        types = arrays.get("type", np.zeros(len(positions), np.int64))
        ids = arrays.pop("id", None)
        whole = ids is not None and len(np.unique(ids)) == len(ids)
        return Frame(
            index=index,
            positions=positions,
            numbers=np.zeros(len(positions), np.int32),
            cell=cell,
            pbc=pbc,
            ids=ids if whole else None,
            columns=MappingProxyType(arrays),
            info=MappingProxyType(self._values(text, number)),
            species=types.astype(str),
            notes=tuple(notes),
            units=MappingProxyType(_UNITS),
        )

    def _rows(
        self, text: bytes, header: re.Match[bytes], n: int, number: int
    ) -> tuple[dict[str, Array], str]:
        names = decoded(header.group(1)).split()
        if not 3 <= len(names) <= MOST_COLUMNS or len(set(names)) < len(names):
            raise self._problem("AtomData names columns that are not possible", number)
        if n * 2 * len(names) > len(text):
            raise self._problem(
                f"{n} atoms are declared, which is more than the text holds", number
            )
        whole = ("id", "type")
        fields = [Field(name, Kind.WHOLE if name in whole else Kind.REAL) for name in names]
        found = read_fields(FrameText.of(text), header.end(), n, fields)
        arrays = dict(found.arrays)
        for shown, parts in _TRIPLES.items():
            if all(part in arrays for part in parts):
                arrays[shown] = np.stack([arrays.pop(part) for part in parts], axis=1)
        return arrays, f"{found.n_rows} of {n} atoms" if found.fault else ""

    def _cell(self, text: bytes, number: int) -> tuple[Array | None, tuple[bool, bool, bool]]:
        """Three vectors; fewer where the others are not periodic."""
        found = re.search(rb"(?im)^\s*Supercell\s*\n((?:[ \t]*[-+.\deE]+){3}\s*\n){1,3}", text)
        if found is None:
            return None, (False, False, False)
        words = decoded(found.group()).split()[1:]
        try:
            vectors = np.array([float(word) for word in words]).reshape(-1, 3)
        except ValueError:
            raise self._problem("Supercell is not three vectors", number) from None
        if len(vectors) < 3 or not np.isfinite(vectors).all():
            return None, (False, False, False)
        return vectors, (True, True, True)

    def _values(self, text: bytes, number: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        energy = re.search(rb"(?m)^\s*Energy\s*\n\s*(\S{1,60})\s*$", text)
        if energy is not None:
            try:
                values["energy"] = float(energy.group(1))
            except ValueError:
                raise self._problem("Energy is not a number", number) from None
        stress = re.search(rb"(?m)^\s*(PlusStress|Stress):([^\n]*)\n([^\n]*)", text)
        if stress is not None and tuple(decoded(stress.group(2)).split()) == _VOIGT:
            words = decoded(stress.group(3)).split()[:6]
            try:
                values[decoded(stress.group(1))] = np.array([float(word) for word in words])
            except ValueError:
                raise self._problem("the stress is not six numbers", number) from None
        for feature in re.finditer(rb"(?m)^\s*Feature[ \t]+(\S{1,60})[ \t]*([^\n]*)", text):
            values[decoded(feature.group(1))] = decoded(feature.group(2)).strip()[:200]
        return values
