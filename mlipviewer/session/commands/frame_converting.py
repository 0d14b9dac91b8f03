"""Frames of a trajectory written in another format, with the forces of a calculator if wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.analysis import Inputs
from mlipviewer.core.frames import some_atoms
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.rows import Mask
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session.commands.displaced_frames import Conditions
from mlipviewer.session.commands.read_files import files_read, refuse_what_is_read
from mlipviewer.session.inputs import Input

Keeps = Callable[[NDArray[np.integer]], Mask]
"""Which atoms of these ids are wanted."""


@dataclass(frozen=True)
class Wanted:
    """Which frames (`frames` by their numbers, `where` by a condition on their values) and atoms
    (`atoms` by a condition, `keeps` by their ids) are written, and the calculator whose
    `model_forces` and `model_energy` are added, made with `settings` (JSON). Of the columns of
    atoms those named are kept; all where it is None. Displacements count from frame `since`."""

    where: str = ""
    atoms: str = ""
    calculator: str = ""
    settings: str = ""
    columns: tuple[str, ...] | None = None
    frames: tuple[int, ...] | None = None
    keeps: Keeps | None = None
    since: int = 0


def write_frames(
    trajectory: Trajectory,
    out: str | Path,
    wanted: Wanted,
    known: Mapping[str, Input],
    progress: Progress | None = None,
) -> tuple[int, int]:
    """(frames written, atoms written in all); `known` are the files of trajectories, by name.

    Raises ReadProblem, QueryProblem, AnalysisProblem, OSError, Cancelled."""
    from mlipviewer.io.files import write_atomically
    from mlipviewer.io.trajectories.frame_formats import CHEMISCOPE, FrameFile

    told = progress or Progress()
    path = Path(out)
    refuse_what_is_read(path, files_read(Inputs(trajectory=trajectory)))
    if path.name.lower().endswith(CHEMISCOPE):
        return _write_chemiscope(trajectory, path, wanted, known, told)
    written, conditions = FrameFile(path), Conditions(trajectory, wanted.since)

    def fill(file: Any) -> None:
        for frame in _frames(trajectory, wanted, known, told):
            for part in written.parts(_some(frame, wanted, conditions)):
                if told.stopped:
                    raise Cancelled
                file.write(part)

    write_atomically(path, fill)
    return written.n_frames, written.n_atoms


def _write_chemiscope(
    trajectory: Trajectory, path: Path, wanted: Wanted, known: Mapping[str, Input], told: Progress
) -> tuple[int, int]:
    """All frames in one file. Raises as `write_frames`."""
    from mlipviewer.io.files import write_bytes
    from mlipviewer.io.trajectories.chemiscope import as_chemiscope

    conditions = Conditions(trajectory, wanted.since)
    every = _frames(trajectory, wanted, known, told)
    frames = [_some(frame, wanted, conditions) for frame in every]
    try:
        text = as_chemiscope(frames, trajectory.name, path.suffix.lower() == ".gz")
    except ValueError as problem:
        raise ReadProblem(str(problem), path) from None
    write_bytes(path, text)
    return len(frames), sum(frame.n_atoms for frame in frames)


def _frames(
    trajectory: Trajectory, wanted: Wanted, known: Mapping[str, Input], progress: Progress
) -> Iterator[Frame]:
    """The frames, with the forces and the energy of a calculator where one is named."""
    conditions = Conditions(trajectory, wanted.since)
    fits = [
        k
        for k in (range(trajectory.n_frames) if wanted.frames is None else wanted.frames)
        if not wanted.where or conditions.fits(wanted.where, k)
    ]
    if not wanted.calculator:
        for done, k in enumerate(fits):
            progress.step(done, len(fits))
            yield trajectory.frame(k)
        return
    from mlipviewer.analysis.frames import calculated_forces as of
    from mlipviewer.session.many_frames import ManyFrames

    params = of.CalculatedForcesParams(wanted.calculator, wanted.settings)
    found = ManyFrames(known=known).over(trajectory, of.COMPUTATION, params, fits, progress)
    for k, computed in zip(fits, found, strict=True):
        frame = trajectory.frame(k)
        columns = {**frame.columns, "model_forces": computed.columns[of.COLUMN]}
        info = {**frame.info, "model_energy": computed.values["energy_computed"]}
        yield replace(frame, columns=columns, info=info)


def _some(frame: Frame, wanted: Wanted, conditions: Conditions) -> Frame:
    """The atoms and columns that are wanted. Raises ReadProblem for a column that it lacks."""
    if wanted.atoms:
        frame = some_atoms(frame, conditions.atoms(wanted.atoms, frame))
    if wanted.keeps is not None:
        frame = some_atoms(frame, wanted.keeps(frame.atom_ids))
    if wanted.columns is None:
        return frame
    lacking = [name for name in wanted.columns if name not in frame.columns]
    if lacking:
        known = ", ".join(frame.columns) or "none"
        raise ReadProblem(f"frame {frame.index + 1} has no column {lacking[0]}; it has {known}")
    return replace(frame, columns={name: frame.columns[name] for name in wanted.columns})
