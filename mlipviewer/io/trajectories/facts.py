"""What a trajectory holds and means, as plain data: for `mlipviewer info --json`."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from mlipviewer.core.frames import unit_of
from mlipviewer.core.problem import Note, ReadProblem
from mlipviewer.core.trajectory import Frame, TimeUnknown, Trajectory
from mlipviewer.io.files import fingerprint_of_files
from mlipviewer.io.trajectories.plain_values import kind_of, plain, species_counts


def trajectory_facts(trajectory: Trajectory) -> dict[str, Any]:
    """Format, counts, columns and values with units, time and its source, problems, fingerprint.

    Raises ReadProblem where the first frame cannot be read.
    """
    first = trajectory.frame(0)
    last = trajectory.frame(trajectory.n_frames - 1) if trajectory.n_frames > 1 else first
    source = trajectory.source
    return {
        "name": trajectory.name,
        "kind": "trajectory",
        "path": source.path,
        "format": source.format,
        "fingerprint": _fingerprint(getattr(source, "paths", (source.path,))),
        "n_frames": trajectory.n_frames,
        "n_frames_of_file": source.n_frames,
        "n_atoms_first": first.n_atoms,
        "n_atoms_last": last.n_atoms,
        "species": species_counts(first),
        "ids": first.ids is not None,
        "cell": None if first.cell is None else first.cell.tolist(),
        "origin": first.origin.tolist(),
        "pbc": list(first.pbc),
        "complete": first.complete and last.complete,
        "time": _time(trajectory),
        "temperature": {
            "K": trajectory.temperature.kelvin,
            "source": trajectory.temperature.source.value,
            "said": trajectory.temperature.said,
        },
        "columns": {
            name: {"kind": kind_of(values), **_unit(first, name, True)}
            for name, values in first.columns.items()
        },
        "values": {
            name: {"first": plain(value), **_unit(first, name, False)}
            for name, value in first.info.items()
        },
        "roles": dict(trajectory.roles),
        "problems": [_problem(note) for note in source.notes if note.loss],
        "notes": [str(note) for note in source.notes],
    }


def _fingerprint(paths: Sequence[str]) -> str | None:
    with contextlib.suppress(OSError, ReadProblem):
        return fingerprint_of_files(paths)
    return None


def _time(trajectory: Trajectory) -> dict[str, Any]:
    clock = trajectory.clock
    about: dict[str, Any] = {
        "source": clock.source.value,
        "said": clock.said,
        "first_ps": plain(trajectory.time(0)),
        "last_ps": plain(trajectory.time(trajectory.n_frames - 1)),
    }
    try:
        return about | {"frame_interval_ps": trajectory.frame_interval(), "why_no_interval": ""}
    except TimeUnknown as unknown:
        return about | {"frame_interval_ps": None, "why_no_interval": str(unknown)}


def _unit(frame: Frame, name: str, per_atom: bool) -> dict[str, str]:
    unit, source = unit_of(frame, name, per_atom)
    return {"unit": unit, "unit_source": source}


def _problem(note: Note) -> dict[str, Any]:
    place = note.place
    return {"file": place.path, "frame": place.frame, "line": place.line, "text": note.text}
