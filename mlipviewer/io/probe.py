"""One file, read whole by the program's own readers, as a plain answer: `mlipviewer probe`.

Made for testing readers on damaged and odd files from outside. Other kinds of files join by an
entry in PROBES.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from mlipviewer.core.problem import Note, ReadProblem
from mlipviewer.core.trajectory import Frame, FrameSource
from mlipviewer.io.trajectories.opening import FORMATS, open_trajectory
from mlipviewer.io.trajectories.plain_values import kind_of, plain

Answer = dict[str, Any]


def probe(path: str, format: str) -> Answer:
    """Read `path` as `format` (`extxyz`, `lammps`, `vasp`, `traj`, ...; only a hint).

    The answer holds `status` (ok, partial, error, refused), `good_frames`, `problems` with file,
    frame, line and message, `seconds`, `rss_mb` (memory needed), and what was read. Never raises
    for anything in the file.
    """
    begin, before = time.perf_counter(), _peak_memory()
    kind = format.partition("/")[0]
    try:
        answer = PROBES.get(kind, _trajectory)(path, format)
    except ReadProblem as problem:
        refused = problem.reason.startswith("refused") or ": refused" in problem.reason
        answer = {
            "status": "refused" if refused else "error",
            "good_frames": 0,
            "problems": [_problem(Note(problem.reason, problem.place), path)],
        }
    answer["seconds"] = round(time.perf_counter() - begin, 3)
    answer["rss_mb"] = _peak_memory() - before
    return answer


def _trajectory(path: str, format: str) -> Answer:
    source = open_trajectory(path, format if format in FORMATS else None)
    return answer_of(source)


def _table(path: str, format: str) -> Answer:  # noqa: ARG001
    from mlipviewer.io.tables.probe import probe_table

    return dict(probe_table(path))


PROBES: dict[str, Callable[[str, str], Answer]] = {"table": _table}
"""Kind of file to its probe; what is not entered is read as a trajectory."""


def answer_of(source: FrameSource) -> Answer:
    """Every frame read once; nothing kept but the first two and what they all say."""
    notes, n_atoms = list(source.notes), list[int]()
    shown: list[Frame] = []
    for index in range(source.n_frames):
        try:
            frame = source.frame(index)
        except ReadProblem as problem:
            notes.append(Note(f"{problem.reason}; this frame is left out", problem.place, True))
            continue
        if frame.complete:
            n_atoms.append(frame.n_atoms)
            shown = [*shown, frame] if len(shown) < 2 else shown
        else:
            notes.extend(frame.notes)
    loss = any(note.loss for note in notes)
    return {
        "status": "partial" if loss else "ok",
        "good_frames": len(n_atoms),
        "natoms": n_atoms,
        "format": source.format,
        "problems": [_problem(note, source.path) for note in notes],
        **(_first(shown) if shown else {}),
    }


def _first(frames: list[Frame]) -> Answer:
    frame = frames[0]
    cell = frame.cell
    return {
        "cell": None if cell is None else cell.tolist(),
        "volume": None if cell is None else abs(float(np.linalg.det(cell))),
        "info": {key: plain(value) for key, value in frame.info.items()},
        "columns": {name: kind_of(values) for name, values in frame.columns.items()},
        "same_position": all(_same(one, two) for one, two in pairwise(frames)),
    }


def _same(one: Frame, two: Frame) -> bool:
    if one.n_atoms != two.n_atoms:
        return False
    return bool(np.allclose(one.positions - one.origin, two.positions - two.origin, atol=1e-6))


def _problem(note: Note, path: str) -> Answer:
    place = note.place
    return {
        "file": place.path or path,
        "frame": place.frame,
        "line": place.line,
        "message": note.text,
    }


def _peak_memory() -> int:
    """The most memory this process has had, in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 10
