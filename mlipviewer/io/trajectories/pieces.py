"""Dumps written in pieces: each processor its own file (`%` in the name), the same steps in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.trajectory import Frame, FrameSource
from mlipviewer.io.trajectories.layout import counted

Open = Callable[[Path], FrameSource]
STEPS = ("Timestep", "timestep", "step")


def step_of(source: FrameSource, index: int) -> int | float | None:
    """The time step of a frame, where the file says it."""
    info = source.info(index)
    found = next((info[name] for name in STEPS if name in info), None)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def grouped(files: Sequence[Path], opened: Open) -> list[tuple[Path, ...]]:
    """The files, pieces of the same steps together; each alone where that is not beyond doubt.

    Neighbours in natural order are pieces if they hold the same steps in the same box, and their
    first frames share no atom.
    """
    alone: list[tuple[Path, ...]] = [(file,) for file in files]
    if len(files) < 2 or not are_pieces(opened(files[0]), opened(files[1])):
        return alone
    groups: list[list[Path]] = [[files[0]]]
    first = opened(files[0])
    for file in files[1:]:
        source = opened(file)
        if are_pieces(first, source):
            groups[-1].append(file)
        else:
            groups.append([file])
            first = source
    same_number = len({len(group) for group in groups}) == 1
    return [tuple(group) for group in groups] if same_number else alone


def are_pieces(one: FrameSource, other: FrameSource) -> bool:
    """Whether dumps hold the same steps in the same box, and their first frames share no atom."""
    if one.format != "lammps-dump" or one.n_frames != other.n_frames:
        return False
    ends = (0, one.n_frames - 1)
    if any(step_of(one, k) is None or step_of(one, k) != step_of(other, k) for k in ends):
        return False
    return _fit(one.frame(0), other.frame(0)) == ""


def _fit(one: Frame, other: Frame) -> str:
    """Why two frames are no pieces of one; '' where they are."""
    if one.ids is None or other.ids is None:
        return "the atoms have no ids"
    if one.columns.keys() != other.columns.keys():
        return "their columns differ"
    boxes = (one.cell, other.cell), (one.origin, other.origin)
    if not all(np.array_equal(a, b) for a, b in boxes):  # type: ignore[arg-type]
        return "their boxes differ"
    return "they share atoms" if np.intersect1d(one.ids, other.ids).size else ""


class PieceSource:
    """Several files of the same steps as one: every frame is put together from all of them."""

    def __init__(self, parts: Sequence[FrameSource]) -> None:
        self._parts = tuple(parts)
        first = parts[0]
        self.path, self.format, self.n_frames = first.path, first.format, first.n_frames
        text = f"put together from {len(parts)} files, each with a part of the atoms"
        notes = [note for part in parts for note in part.notes]
        self.notes = counted([Note(text, Place(first.path)), *notes])

    def is_there(self) -> bool:
        """Whether the files at their paths are those that are read."""
        return all(part.is_there() for part in self._parts if hasattr(part, "is_there"))

    def info(self, index: int) -> Mapping[str, Any]:
        return self._parts[0].info(index)

    def frame(self, index: int) -> Frame:
        """Frame `index`, piece after piece. Raises IndexError, ReadProblem."""
        frames = [part.frame(index) for part in self._parts]
        for part, frame in zip(self._parts[1:], frames[1:], strict=True):
            reason = _fit(frames[0], frame)
            if not reason and frame.info.get("Timestep") != frames[0].info.get("Timestep"):
                reason = "their steps differ"
            if reason:
                names = f"{Path(self.path).name} and {Path(part.path).name}"
                raise ReadProblem(f"no pieces of one frame ({names}): {reason}", self.path, index)
        return _joined(frames)


def _joined(frames: Sequence[Frame]) -> Frame:
    ids = np.concatenate([frame.ids for frame in frames])
    if len(np.unique(ids)) != len(ids):
        raise ReadProblem("the pieces of this frame share atoms")
    names = frames[0].columns
    labelled = all(frame.species is not None for frame in frames)
    return replace(
        frames[0],
        positions=np.concatenate([frame.positions for frame in frames]),
        numbers=np.concatenate([frame.numbers for frame in frames]),
        ids=ids,
        species=np.concatenate([f.species for f in frames]) if labelled else None,
        columns=MappingProxyType(
            {name: np.concatenate([frame.columns[name] for frame in frames]) for name in names}
        ),
        complete=all(frame.complete for frame in frames),
        notes=tuple(note for frame in frames for note in frame.notes),
    )
