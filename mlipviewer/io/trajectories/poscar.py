"""POSCAR and CONTCAR: one structure, with or without selective dynamics and velocities."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import ByteStore, decoded, read_whole
from mlipviewer.io.trajectories.frame_text import FrameText
from mlipviewer.io.trajectories.layout import Block, Damaged, MoreNeeded
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.io.trajectories.rows_of_frame import Field, fault_note, not_finite, read_fields
from mlipviewer.io.trajectories.vasp_header import VaspHeader, read_vasp_header
from mlipviewer.native.scan import skip_lines
from mlipviewer.native.tokens import Kind

Array = NDArray[Any]

LARGEST = 1 << 30


def open_poscar(store: ByteStore) -> MemorySource:
    """The structure of a POSCAR. Raises ReadProblem."""
    text = read_whole(store, LARGEST)
    try:
        frame = _Poscar(store.path, text).frame()
    except Damaged as damage:
        raise ReadProblem(damage.reason, store.path, 1, damage.line + 1) from damage
    except MoreNeeded:
        raise ReadProblem("the file ends inside its header", store.path, 1) from None
    if frame.notes and not frame.n_atoms:
        raise ReadProblem(frame.notes[-1].text, store.path, 1, frame.notes[-1].place.line)
    return MemorySource(store.path, "poscar", [frame], store.notes)


class _Poscar:
    """One file on its way to a frame; `line` counts from 0."""

    def __init__(self, path: str, text: bytes) -> None:
        self._path, self._text = path, text if text.endswith(b"\n") else text + b"\n"
        self._ends = text.endswith(b"\n")
        self._header = read_vasp_header(self._text)
        self._at, self._line = self._header.size, self._header.n_lines
        self._notes: list[Note] = []

    def frame(self) -> Frame:
        vasp, selective = self._header, False
        if vasp.note:
            self._note(vasp.note, 0)
        mode = self._next_line()
        if mode[:1] in ("S", "s"):
            selective, mode = True, self._next_line()
        if vasp.n_atoms * 6 > len(self._text) - self._at + 1:
            left = len(self._text) - self._at
            raise Damaged(f"{vasp.n_atoms} atoms declared, but {left} bytes are left", 6)
        values, columns = self._atoms(selective)
        cartesian = mode[:1] in ("C", "c", "K", "k")
        if not cartesian and mode[:1] not in ("D", "d", ""):
            self._note(f"{mode[:20]!a} is taken as Direct", self._line)
        positions = vasp.cartesian(values, not cartesian)
        if (row := not_finite(positions)) is not None:
            raise Damaged("a position is not a finite number", self._line - len(values) + row)
        columns |= self._velocities(vasp, len(positions))
        numbers, species = vasp.atoms(len(positions))
        if not self._ends and len(columns.get("velocities", ())) == 0:
            what = "the last line has no newline, so its last value may be cut"
            self._note(what, self._line - 1, loss=True)
        return Frame(
            index=0,
            positions=positions,
            numbers=numbers,
            cell=vasp.cell.copy(),
            pbc=(True, True, True),
            columns=MappingProxyType(columns),
            info=MappingProxyType({"comment": vasp.title} if vasp.title else {}),
            species=species,
            notes=tuple(self._notes),
        )

    def _note(self, text: str, line: int, loss: bool = False) -> None:
        self._notes.append(Note(text, Place(self._path, 1, line + 1), loss))

    def _next_line(self) -> str:
        end = self._text.find(b"\n", self._at)
        if end < 0:
            raise MoreNeeded
        line = decoded(self._text[self._at : end]).strip()
        self._at, self._line = end + 1, self._line + 1
        return line

    def _atoms(self, selective: bool) -> tuple[Array, dict[str, Array]]:
        """Positions as written, and which directions may move, (n, 3) bool."""
        n = self._header.n_atoms
        first = self._text[self._at : self._at + 4096].split(b"\n")[0].split()
        fields = [Field("pos", Kind.REAL, 3)]
        if selective:
            fields.append(Field("free", Kind.LABEL, 3))
        n_extra = len(first) - sum(field.width for field in fields)
        if n_extra > 0:
            fields.append(Field("rest", Kind.SKIP, min(n_extra, 64)))
        rows = read_fields(FrameText.of(self._text), self._at, n, fields)
        if rows.fault is not None:
            n_columns = sum(field.width for field in fields)
            block = Block(0, 0, 1, 1, n)
            note = fault_note(FrameText.of(self._text), rows.fault, block, self._line, n_columns)
            raise Damaged(note.text, (note.place.line or 1) - 1)
        self._skip(n)
        return rows.arrays["pos"], {"free": self._free(rows)} if selective else {}

    def _free(self, rows: Any) -> Array:
        labels = rows.labels["free"]
        free = np.array([label.strip(".").upper().startswith("T") for label in labels])
        chosen: Array = free[rows.arrays["free"]]
        return chosen

    def _skip(self, n_lines: int) -> None:
        self._at = skip_lines(self._text, n_lines, self._at)[0]
        self._line += n_lines

    def _velocities(self, vasp: VaspHeader, n: int) -> dict[str, Array]:
        """The block behind the atoms: A/fs, after a blank line or a line that names the kind."""
        if self._text.startswith((b"Lattice velocities", b"lattice velocities"), self._at):
            self._at = skip_lines(self._text, 8, self._at)[0]
        mode = self._next_line() if self._at < len(self._text) else ""
        if self._at >= len(self._text) or not n:
            return {}
        rows = read_fields(FrameText.of(self._text), self._at, n, [Field("v", Kind.REAL, 3)])
        if rows.fault is not None or not np.isfinite(rows.arrays["v"]).all():
            self._note("what follows the atoms is no block of velocities", self._line)
            return {}
        values = rows.arrays["v"]
        return {"velocities": values @ vasp.cell if mode[:1] in ("D", "d") else values}
