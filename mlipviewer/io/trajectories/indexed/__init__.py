"""Formats that a library reads frame by frame, in the process of readers (ase_worker).

Each entry opens one file and offers `n_frames`, `notes`, `losses` and `frame(k)`, which gives a
Part. The libraries are imported when the first file of their format is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from mlipviewer.io.trajectories.indexed.part import Part


class Reader(Protocol):
    """An open file."""

    @property
    def n_frames(self) -> int: ...

    @property
    def notes(self) -> tuple[str, ...]: ...

    @property
    def losses(self) -> tuple[str, ...]:
        """What of the file cannot be read, beside single frames."""

    def frame(self, index: int) -> Part: ...


def _gsd(path: str) -> Reader:
    from mlipviewer.io.trajectories.indexed.gsd_file import GsdReader

    return GsdReader(path)


def _hdf5(path: str) -> Reader:
    from mlipviewer.io.trajectories.indexed.hdf5_files import open_hdf5

    return open_hdf5(path)


def _netcdf(path: str) -> Reader:
    from mlipviewer.io.trajectories.indexed.netcdf import NetcdfReader

    return NetcdfReader(path)


def _ase_db(path: str) -> Reader:
    from mlipviewer.io.trajectories.indexed.ase_db import AseDb

    return AseDb(path)


def _chemfiles(format: str) -> Callable[[str], Reader]:
    def opened(path: str) -> Reader:
        from mlipviewer.io.trajectories.indexed.by_chemfiles import ChemfilesReader

        return ChemfilesReader(path, format)

    return opened


READERS: dict[str, Callable[[str], Reader]] = {
    "gsd": _gsd,
    "h5md": _hdf5,
    "amber-netcdf": _netcdf,
    "ase-db": _ase_db,
    "xtc": _chemfiles("XTC"),
    "trr": _chemfiles("TRR"),
    "tng": _chemfiles("TNG"),
    "gro": _chemfiles("GRO"),
}
