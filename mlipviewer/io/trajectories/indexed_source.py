"""Trajectories that a library reads frame by frame in the process of readers."""

from __future__ import annotations

import atexit
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import ByteStore, FileBytes
from mlipviewer.io.trajectories.foreign import AseWorker, frame_of
from mlipviewer.io.trajectories.layout import counted


@dataclass(frozen=True)
class IndexedFormat:
    """A format of `indexed.READERS` and how its files begin."""

    name: str
    title: str
    names: tuple[str, ...]
    magic: tuple[bytes, ...]
    at: int = 0

    def sniff(self, head: bytes) -> bool:
        return any(head[self.at :].startswith(magic) for magic in self.magic)


INDEXED = (
    IndexedFormat("gsd", "GSD (HOOMD-blue)", ("*.gsd",), (b"\xdf\x65" * 4,)),
    IndexedFormat("h5md", "H5MD, TorchSim HDF5", ("*.h5md", "*.h5"), (b"\x89HDF\r\n",)),
    IndexedFormat(
        "amber-netcdf", "AMBER NetCDF", ("*.nc", "*.ncdf"), (b"CDF\x01", b"CDF\x02", b"CDF\x05")
    ),
    IndexedFormat("ase-db", "ASE database", ("*.db",), (b"SQLite format 3\0",)),
    IndexedFormat("xtc", "GROMACS XTC", ("*.xtc",), (b"\0\0\x07\xcb", b"\0\0\x07\xe7")),
    IndexedFormat("trr", "GROMACS TRR", ("*.trr",), (b"\0\0\x07\xc9",)),
    IndexedFormat("tng", "GROMACS TNG", ("*.tng",), (b"GENERAL INFO",), at=40),
    IndexedFormat("gro", "GROMACS GRO", ("*.gro",), ()),
)

KEPT_INFOS = 100_000

_worker = AseWorker(most_tasks=20_000)
atexit.register(_worker.stop)


class IndexedSource:
    """The frames of one file; each is asked of the process of readers when it is wanted."""

    def __init__(self, store: ByteStore, format: str) -> None:
        if not isinstance(store, FileBytes):
            raise ReadProblem("not supported: this format compressed; unpack it first", store.path)
        self.path, self.format = store.path, format
        self._identity = store.identity
        reply = self._ask(-1)
        self.n_frames = int(reply["n_frames"])
        if self.n_frames == 0:
            raise ReadProblem("holds no frame", store.path)
        place = Place(store.path)
        said = [Note(str(text), place) for text in reply["notes"]]
        said += [Note(str(text), place, loss=True) for text in reply["losses"]]
        self._infos: OrderedDict[int, Mapping[str, Any]] = OrderedDict()
        self.notes = counted([*store.notes, *said, *self.frame(0).notes])

    def _ask(self, index: int) -> dict[str, Any]:
        file = self._identity
        known_by = [file.device, file.node, file.size, file.mtime_ns]
        reply = _worker.read(self.path, self.format, frame=index, file=known_by)
        if "error" in reply:
            number = None if index < 0 else index + 1
            raise ReadProblem(str(reply["error"]), self.path, number)
        return reply

    def is_there(self) -> bool:
        """Whether the file at its path is the one that is read."""
        return self._identity.is_at(self.path)

    def frame(self, index: int) -> Frame:
        """Frame `index`. Raises IndexError, ReadProblem."""
        if not 0 <= index < self.n_frames:
            raise IndexError(f"frame {index} of {self.n_frames}")
        reply = self._ask(index)
        frame = frame_of(index, reply["frames"][0], reply["arrays"], self.path)
        self._infos[index] = frame.info
        while len(self._infos) > KEPT_INFOS:
            self._infos.popitem(last=False)
        return frame

    def info(self, index: int) -> Mapping[str, Any]:
        """The values of frame `index`; they come with its atoms. Raises IndexError, ReadProblem."""
        found = self._infos.get(index)
        return found if found is not None else MappingProxyType(dict(self.frame(index).info))
