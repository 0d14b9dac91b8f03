"""Formats that ASE reads for us, in a process of its own with limits of time and memory."""

from __future__ import annotations

import atexit
import contextlib
import json
import math
import os
import re
import struct
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.children import start_child
from mlipviewer.core.own_program import NO_CONSOLE, worker_command
from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import ByteStore
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.io.trajectories.rows_of_frame import all_different
from mlipviewer.io.trajectories.species import SYMBOLS

Array = NDArray[Any]

SECONDS = 30.0
SECONDS_PER_MB = 3.0
SMALLEST_MEMORY = 2 << 30
TASKS_PER_PROCESS = 100
_ENERGIES = ("energy", "free_energy", "energies")
ASE_UNITS = {"forces": "eV/Å", "stress": "eV/Å³", **dict.fromkeys(_ENERGIES, "eV")}
"""ASE converts what it reads."""

THE_CELL = "the cell or its origin"


@dataclass(frozen=True)
class ForeignFormat:
    """One entry of the allow-list: ASE's name of the format and how its files begin."""

    name: str
    title: str
    names: tuple[str, ...]
    sniff: re.Pattern[bytes]


FOREIGN = (
    ForeignFormat("cif", "CIF", ("*.cif",), re.compile(rb"(?m)^\s*(data_|_cell_length_a|loop_)")),
    ForeignFormat(
        "vasp-out",
        "VASP OUTCAR",
        ("*outcar*",),
        re.compile(rb"\A\s*vasp\.\d|executed on .*\n.*ion"),
    ),
    ForeignFormat(
        "vasp-xml", "VASP vasprun.xml", ("*vasprun*.xml",), re.compile(rb"<modeling>\s*<generator>")
    ),
    ForeignFormat(
        "lammps-data",
        "LAMMPS data file",
        ("*.data", "*.lmp", "data.*"),
        re.compile(rb"(?s)^(?=.{0,2000}?\n\s*\d+\s+atoms\b)(?=.{0,9000}?\bxlo\s+xhi\b)"),
    ),
    ForeignFormat(
        "proteindatabank",
        "PDB",
        ("*.pdb",),
        re.compile(rb"(?m)^(ATOM  |HETATM)[ \d]{5} .{41,}$"),
    ),
    ForeignFormat("espresso-out", "Quantum ESPRESSO output", (), re.compile(rb"Program PWSCF")),
    ForeignFormat(
        "aims-output",
        "FHI-aims output",
        (),
        re.compile(rb"Invoking FHI-aims|(?s:Basic array size parameters:.{0,300}basis fn)"),
    ),
    ForeignFormat(
        "castep-castep", "CASTEP output", ("*.castep",), re.compile(rb"\|\s+CCC\s+AA\s+SSS")
    ),
    ForeignFormat(
        "dlp-history",
        "DL_POLY HISTORY",
        ("history",),
        re.compile(rb"(?m)\A[^\n]{0,200}\n(?:\s+-?\d+){3,8}\s*\ntimestep\s+\d"),
    ),
    ForeignFormat("castep-md", "CASTEP .md", ("*.md.castep",), re.compile(rb"\A BEGIN header\b")),
    ForeignFormat("xsf", "XCrySDen XSF", ("*.xsf", "*.axsf"), re.compile(rb"(?m)^\s*ANIMSTEPS \d")),
    ForeignFormat("eon", "EON .con", ("*.con",), re.compile(rb"(?!)")),
)


class AseWorker:
    """One child process that reads one file at a time. It is started when it is first needed, and
    again after it was killed or has read TASKS_PER_PROCESS files."""

    def __init__(self, most_tasks: int = TASKS_PER_PROCESS) -> None:
        self._lock = threading.Lock()
        self._most_tasks = most_tasks
        self._process: subprocess.Popen[bytes] | None = None
        self._tasks = 0
        self._late = False
        self._guard = threading.Lock()  # of the question that is being answered
        self._question = 0

    def read(self, path: str, format: str, **more: Any) -> dict[str, Any]:
        """The answer of the child with its arrays. Raises ReadProblem."""
        try:
            size = Path(path).stat().st_size
        except OSError as error:
            raise ReadProblem(f"cannot be read: {error.strerror}", path) from error
        with self._lock:
            process = self._running()
            question, self._late = self._next_question(), False
            seconds = SECONDS + SECONDS_PER_MB * size / 1e6
            timer = threading.Timer(seconds, self._give_up, (question,))
            timer.start()
            try:
                return _asked(process, path, format, max(SMALLEST_MEMORY, 4 * size), more)
            except BaseException as error:
                self.stop()  # what it still has to say is no answer to the next question
                if not isinstance(error, OSError | EOFError | struct.error):
                    raise
                reason = "took too long" if self._late else "its reader ended without an answer"
                raise ReadProblem(f"cannot be read: {reason}", path) from error
            finally:
                timer.cancel()
                self._next_question()

    def _next_question(self) -> int:
        with self._guard:
            self._question += 1
            return self._question

    def _running(self) -> subprocess.Popen[bytes]:
        if self._tasks >= self._most_tasks:
            self.stop()
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = _started()
        self._tasks += 1
        return self._process

    def _give_up(self, question: int) -> None:
        """That question takes too long; it may be answered by now, and another one asked."""
        with self._guard:
            if question == self._question and self._process is not None:
                self._late = True
                self._process.kill()

    def stop(self) -> None:
        """End the child process, if there is one."""
        process, self._process, self._tasks = self._process, None, 0
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _started() -> subprocess.Popen[bytes]:
    few = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return start_child(
        worker_command("read"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | few,
        cwd=Path(__file__).anchor,
        creationflags=NO_CONSOLE,
    )


def _asked(
    process: subprocess.Popen[bytes], path: str, format: str, memory: int, more: dict[str, Any]
) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    request = {"path": str(Path(path).absolute()), "format": format, "memory": memory, **more}
    process.stdin.write(json.dumps(request).encode() + b"\n")
    process.stdin.flush()
    (length,) = struct.unpack("<q", _exactly(process.stdout, 8))
    reply: dict[str, Any] = json.loads(_exactly(process.stdout, length))
    reply["arrays"] = [_array(process.stdout, *described) for described in reply["arrays"]]
    return reply


def _exactly(stream: Any, size: int) -> bytes:
    data: bytes = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _array(stream: Any, dtype: str, shape: list[int]) -> Array:
    kind = np.dtype(dtype)
    data = _exactly(stream, math.prod(shape) * kind.itemsize)
    return np.frombuffer(data, kind).reshape(shape)


_worker = AseWorker()
atexit.register(_worker.stop)


def open_foreign(store: ByteStore, format: str) -> MemorySource:
    """All frames of a file that ASE can read. Raises ReadProblem."""
    reply = _worker.read(store.path, format)
    if "error" in reply:
        raise ReadProblem(f"cannot be read as {format}: {reply['error']}", store.path)
    if not reply["frames"]:
        raise ReadProblem("holds no structure", store.path)
    place = Place(store.path)
    notes = [*store.notes, *(Note(f"ASE: {text}", place) for text in reply["notes"])]
    notes += [Note(text, place, loss=True) for text in reply["losses"]]
    frames = [
        frame_of(k, part, reply["arrays"], store.path) for k, part in enumerate(reply["frames"])
    ]
    return MemorySource(store.path, format, frames, notes)


def frame_of(index: int, part: Mapping[str, Any], arrays: list[Array], path: str) -> Frame:
    """A frame from what the process of readers said of it."""
    positions, numbers = arrays[part["positions"]], arrays[part["numbers"]]
    columns = {name: arrays[k] for name, k in part["columns"].items()}
    labels = None if part.get("labels") is None else arrays[part["labels"]]
    known = bool(numbers.all()) or "type" not in columns or labels is not None
    notes = []
    place = Place(path, index + 1)
    if not known:
        notes.append(Note("the file has atom types but no elements", place))
    elif not numbers.any() and labels is None and len(numbers):
        notes.append(Note("the file does not say which elements the atoms are", place))
    if part["info"].get("occupancy") == "partial":
        notes.append(Note("some sites are partly occupied: shown as one atom each", place))
    cell = None if part["cell"] is None else arrays[part["cell"]]
    damage = _not_finite(positions, cell, np.array(part["origin"], float))
    if damage:
        notes.append(Note(f"{damage} is not finite", place, loss=True))
    if torn := part.get("torn"):
        notes.append(Note(f"{torn}: the file is cut or damaged", place, loss=True))
    numbers = np.where((numbers > 0) & (numbers < len(SYMBOLS)), numbers, 0).astype(np.int32)
    ids = columns.get("id")
    return Frame(
        index=index,
        positions=positions,
        numbers=numbers,
        cell=None if damage == THE_CELL else cell,
        pbc=(part["pbc"][0], part["pbc"][1], part["pbc"][2]),
        origin=np.zeros(3) if damage == THE_CELL else np.array(part["origin"], float),
        ids=ids if ids is not None and all_different(ids) else None,
        columns=MappingProxyType(columns),
        info=MappingProxyType(part["info"]),
        species=labels if known else columns["type"].astype(str),
        complete=not (damage or torn),
        notes=tuple(notes),
        units=MappingProxyType(part.get("units") or ASE_UNITS),
    )


def _not_finite(positions: Array, cell: Array | None, origin: Array) -> str:
    """What of a frame holds a nan or an infinity; '' where nothing does."""
    if not np.isfinite(positions).all():
        return "a position"
    known = np.isfinite(origin).all() and (cell is None or np.isfinite(cell).all())
    return "" if known else THE_CELL
