"""Which format a file has, and its source of frames."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io.trajectories.ase_traj import AseTraj
from mlipviewer.io.trajectories.bytestore import ByteStore, as_text, open_bytes
from mlipviewer.io.trajectories.extxyz import Extxyz
from mlipviewer.io.trajectories.lammps_dump import LammpsDump
from mlipviewer.io.trajectories.layout import Damaged, MoreNeeded
from mlipviewer.io.trajectories.poscar import open_poscar
from mlipviewer.io.trajectories.text_source import TextSource
from mlipviewer.io.trajectories.vasp_header import read_vasp_header
from mlipviewer.io.trajectories.xdatcar import Xdatcar

Opener = Callable[[ByteStore, Progress | None], FrameSource]


@dataclass(frozen=True)
class Format:
    """A format that can be opened.

    `names` are file name patterns (lower case, without .gz); `sniff` judges the first 64 kB, with
    blanks at the very beginning left in. Content is asked first, of all formats; then names.
    """

    name: str
    title: str
    names: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    open: Opener


def _extxyz(store: ByteStore, progress: Progress | None) -> FrameSource:
    return TextSource(as_text(store), Extxyz(store.path), progress)


def _lammps_dump(store: ByteStore, progress: Progress | None) -> FrameSource:
    return TextSource(as_text(store), LammpsDump(store.path), progress)


def _xdatcar(store: ByteStore, progress: Progress | None) -> FrameSource:
    return TextSource(as_text(store), Xdatcar(store.path), progress)


def _poscar(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
    return open_poscar(as_text(store))


def _ase_traj(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
    return AseTraj(store)


def _looks_like_traj(head: bytes) -> bool:
    return head.startswith((b"PickleTrajectory", b"- of UlmASE-Trajectory"))


def _behind_vasp_header(head: bytes) -> bytes | None:
    """The line below a header of VASP, or None where there is no such header."""
    try:
        size = read_vasp_header(head).size
    except (Damaged, MoreNeeded):
        return None
    return head[size : size + 200].split(b"\n")[0].strip()


def _looks_like_xdatcar(head: bytes) -> bool:
    line = _behind_vasp_header(head)
    return (
        line is not None
        and re.match(rb"(?i)(Direct|Cartesian)? *(configuration|konfig)", line) is not None
    )


def _looks_like_poscar(head: bytes) -> bool:
    line = _behind_vasp_header(head)
    return line is not None and line[:1].lower() in (b"d", b"c", b"k", b"s", b"f")


_XYZ_HEAD = re.compile(rb"\s*\d{1,18}[ \t\r]*\n[^\n]*\n(?:\s*(?=\S)|\Z)")


def _looks_like_xyz(head: bytes) -> bool:
    match = _XYZ_HEAD.match(head)
    if match is None:
        return False
    comment = match.group().strip(b"\n").split(b"\n", 1)[-1]
    return b"Properties=" in comment or Extxyz("").plausible(head + b"\n", 0) >= 0


FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        Format(
            "lammps-dump",
            "LAMMPS text dump",
            ("*.dump", "*.lammpstrj", "*.dump.*", "dump.*"),
            lambda head: re.match(rb"\s*ITEM: (TIMESTEP|UNITS|TIME)\b", head) is not None,
            _lammps_dump,
        ),
        Format("ase-traj", "ASE trajectory", ("*.traj",), _looks_like_traj, _ase_traj),
        Format(
            "xdatcar",
            "VASP XDATCAR",
            ("*xdatcar*",),
            _looks_like_xdatcar,
            _xdatcar,
        ),
        Format(
            "poscar",
            "VASP POSCAR, CONTCAR",
            ("*poscar*", "*contcar*", "*.vasp"),
            _looks_like_poscar,
            _poscar,
        ),
        Format("extxyz", "XYZ, extended XYZ", ("*.xyz", "*.extxyz"), _looks_like_xyz, _extxyz),
    )
}


def sniff(store: ByteStore) -> Format | None:
    """The format by content, else by name; None where neither says."""
    head = as_text(store).read(0, 1 << 16)
    if head.startswith(b"version https://git-lfs"):
        raise ReadProblem("is a Git LFS pointer, not the file itself", store.path)
    found = next((entry for entry in FORMATS.values() if entry.sniff(head)), None)
    return found or _by_name(Path(store.path).name)


def _by_name(name: str) -> Format | None:
    plain = re.sub(r"\.(gz|bz2|xz)$", "", name.lower())
    matches = (e for e in FORMATS.values() if any(fnmatch(plain, p) for p in e.names))
    return next(matches, None)


def open_trajectory(
    path: str | Path, format: str | None = None, progress: Progress | None = None
) -> FrameSource:
    """The frames of a file, which is recognised by its content unless `format` names one of FORMATS.

    Damaged frames are left out and named in `notes`. Raises ReadProblem where nothing is usable,
    Cancelled where `progress` was stopped.
    """
    if format is not None and format not in FORMATS:
        raise ReadProblem(f"not supported: the format {format!r}", path)
    store = open_bytes(path)
    entry = FORMATS[format] if format is not None else sniff(store)
    if entry is None:
        known = ", ".join(entry.title for entry in FORMATS.values())
        raise ReadProblem(f"not supported: none of {known}", path)
    return entry.open(store, progress)
