"""GSD, the files of HOOMD-blue, through the library gsd."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import gsd.hoomd
import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories.indexed.part import Part
from mlipviewer.io.trajectories.species import numbers_and_labels

Array = NDArray[Any]

_COLUMNS = {
    "velocity": "velocities",
    "image": "image",
    "mass": "masses",
    "charge": "charges",
    "diameter": "diameter",
    "body": "body",
    "orientation": "orientation",
    "angmom": "angmom",
    "moment_inertia": "moment_inertia",
}
_SECTIONS = ("particles", "bonds", "angles", "dihedrals", "impropers", "constraints", "pairs")


_MAGIC, _ENTRY, _NAME = 0x65DF65DF65DF65DF, 32, 64


def _check_head(path: str, size: int) -> None:
    """The library reads its index and names wherever the head says they are, and ends the process
    where they are not. Raises ReadProblem."""
    with Path(path).open("rb") as file:
        head = file.read(40)
    if len(head) < 40:
        raise ReadProblem("is cut within its head", path)
    magic, index, n_entries, names, n_names = struct.unpack("<5Q", head)
    if magic != _MAGIC:
        return  # the library says so
    if index + n_entries * _ENTRY > size or names + n_names * _NAME > size:
        raise ReadProblem("is cut or damaged: its index lies behind its end", path)


class GsdReader:
    """The frames of a GSD file. It has no units: its numbers are shown as they are."""

    notes = ("GSD states no units: lengths are taken as A, all else is kept as it is",)
    losses: tuple[str, ...] = ()

    def __init__(self, path: str) -> None:
        self._path, self._size = path, Path(path).stat().st_size
        _check_head(path, self._size)
        self._file = gsd.hoomd.open(path, "r")
        self.n_frames = len(self._file)

    def frame(self, index: int) -> Part:
        self._check_counts(index)
        found = self._file[index]
        atoms = found.particles
        types = [str(name) for name in atoms.types] or ["A"]
        codes = np.asarray(atoms.typeid, np.int64)
        numbers, labels = numbers_and_labels(codes, types)
        cell = _cell(found.configuration.box)
        info: dict[str, Any] = {"Timestep": int(found.configuration.step)}
        columns = {"type": codes}
        for name, shown in _COLUMNS.items():
            if self._is_stored(index, f"particles/{name}"):
                columns[shown] = np.array(getattr(atoms, name))
        self._add_log(found.log, atoms.N, info, columns)
        return Part(
            positions=np.asarray(atoms.position, float),
            numbers=numbers,
            cell=cell,
            pbc=[cell is not None] * 3,
            origin=[0.0] * 3 if cell is None else (-cell.sum(axis=0) / 2).tolist(),
            columns=columns,
            info=info,
            labels=labels,
        )

    def _check_counts(self, index: int) -> None:
        """The library fills arrays of any declared length. Raises ReadProblem."""
        for section in _SECTIONS:
            name = f"{section}/N"
            k = next((k for k in (index, 0) if self._file.file.chunk_exists(k, name)), None)
            if k is None:
                continue
            declared = int(np.asarray(self._file.file.read_chunk(k, name)).reshape(-1)[0])
            if declared > self._size:
                reason = f"{declared} {section} declared, but the file has {self._size} bytes"
                raise ReadProblem(reason, self._path, index + 1)

    def _is_stored(self, index: int, name: str) -> bool:
        """In this frame, or in the first, which holds for all where they say nothing."""
        file = self._file.file
        return any(file.chunk_exists(frame=k, name=name) for k in {index, 0})

    def _add_log(
        self, log: dict[str, Any], n: int, info: dict[str, Any], columns: dict[str, Array]
    ) -> None:
        for name, value in log.items():
            values = np.asarray(value)
            if values.size == 1 and values.dtype.kind in "iufb":
                info[name] = values.reshape(-1)[0].item()
            elif values.shape[:1] == (n,) and values.dtype.kind in "iufb":
                columns[name.removeprefix("particles/")] = values.copy()


def _cell(box: Any) -> Array | None:
    """(Lx, Ly, Lz, xy, xz, yz) as HOOMD defines them; None where a side has no length."""
    lx, ly, lz, xy, xz, yz = (float(value) for value in box)
    if min(lx, ly, lz) <= 0:
        return None
    return np.array([[lx, 0, 0], [xy * ly, ly, 0], [xz * lz, yz * lz, lz]])
