"""The formats that frames are written in, by the suffix of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.plugged import frame_writer
from mlipviewer.io.trajectories.atom_csv import csv_names, csv_parts
from mlipviewer.io.trajectories.lammps_data import data_parts
from mlipviewer.io.trajectories.writing import dump_parts, extxyz_parts

CHEMISCOPE = (".json", ".json.gz")
"""Written as a whole, see `chemiscope`."""

Parts = Callable[[Frame, bool], Iterator[bytes]]
"""A frame, and whether it is the first of its file, in pieces."""


@dataclass(frozen=True)
class FrameFormat:
    """Files of one kind; `single` holds one frame, a `table` the same columns in all frames."""

    title: str
    suffixes: tuple[str, ...]
    parts: Parts
    single: bool = False
    table: bool = False
    columns: bool = True  # whether it holds any column of atoms


FORMATS = (
    FrameFormat("Extended XYZ", (".extxyz", ".xyz"), lambda frame, _first: extxyz_parts(frame)),
    FrameFormat("LAMMPS dump", (".dump", ".lammpstrj"), lambda frame, _first: dump_parts(frame)),
    FrameFormat(
        "LAMMPS data file",
        (".data", ".lmp"),
        lambda frame, _first: data_parts(frame),
        single=True,
        columns=False,
    ),
    FrameFormat("Table of atoms", (".csv",), csv_parts, table=True),
)
SUFFIXES = tuple(suffix for one in FORMATS for suffix in one.suffixes)


def frame_format(path: Path) -> FrameFormat:
    """The format of a file by its name, one of plug-ins too. Raises ReadProblem."""
    suffix = path.suffix.lower()
    known = next((one for one in FORMATS if suffix in one.suffixes), None)
    if known is not None:
        return known
    write = frame_writer(suffix)
    if write is None:
        raise ReadProblem(
            f"frames are written as {', '.join(SUFFIXES)}, .json(.gz) of chemiscope", path
        )
    return FrameFormat(suffix, (suffix,), lambda frame, _first: iter((write(frame),)))


class FrameFile:
    """Frames one after the other into an open file."""

    def __init__(self, path: Path) -> None:
        self._path, self._format = path, frame_format(path)
        self._names: list[str] | None = None
        self.n_frames = self.n_atoms = 0

    def parts(self, frame: Frame) -> Iterator[bytes]:
        """The bytes of the next frame. Raises ReadProblem where the format cannot hold it."""
        self._check(frame)
        yield from self._format.parts(frame, self.n_frames == 0)
        self.n_frames += 1
        self.n_atoms += frame.n_atoms

    def _check(self, frame: Frame) -> None:
        title = self._format.title
        if self._format.single and self.n_frames:
            raise ReadProblem(f"a {title} holds one frame: choose one", self._path)
        if self._format.table:
            names = csv_names(frame)
            if self._names is not None and names != self._names:
                said = f"frame {frame.index + 1} has other columns than the first: choose columns"
                raise ReadProblem(said, self._path)
            self._names = names
