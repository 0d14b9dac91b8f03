"""Which format a file has, and its source of frames."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from mlipviewer.core.extension import Reader
from mlipviewer.core.problem import Note, ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io.plugged import frames_of, reader_named, reader_of
from mlipviewer.io.trajectories.ase_traj import AseTraj
from mlipviewer.io.trajectories.atomeye_cfg import looks_like_atomeye, open_atomeye
from mlipviewer.io.trajectories.bytestore import ByteStore, as_text
from mlipviewer.io.trajectories.chemiscope import looks_like_chemiscope, open_chemiscope
from mlipviewer.io.trajectories.compressed import PackedBytes, open_bytes
from mlipviewer.io.trajectories.dcd import Dcd, looks_like_dcd
from mlipviewer.io.trajectories.extxyz import Extxyz
from mlipviewer.io.trajectories.force_sets import looks_like_force_set, open_force_set
from mlipviewer.io.trajectories.foreign import FOREIGN, ForeignFormat, open_foreign
from mlipviewer.io.trajectories.indexed_source import INDEXED, IndexedFormat, IndexedSource
from mlipviewer.io.trajectories.lammps_dump import LammpsDump
from mlipviewer.io.trajectories.layout import Damaged, Layout, MoreNeeded
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.io.trajectories.mtp_cfg import MtpCfg, looks_like_mtp
from mlipviewer.io.trajectories.poscar import open_poscar
from mlipviewer.io.trajectories.sequence import (
    SequenceSource,
    files_of,
    is_pattern,
    matching_files,
)
from mlipviewer.io.trajectories.structures_json import looks_like_structures, open_structures
from mlipviewer.io.trajectories.text_source import TextSource, Told
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
    single: bool = False  # one structure in a file, as a rule
    layout: Callable[[str], Layout] | None = None  # of a path; for text read frame by frame


def _text_format(
    name: str,
    title: str,
    names: tuple[str, ...],
    sniffed: Callable[[bytes], bool],
    layout: Callable[[str], Layout],
) -> Format:
    """A format whose frames can be shown while they are looked for, and followed."""

    def opened(store: ByteStore, progress: Progress | None) -> FrameSource:
        return TextSource(as_text(store), layout(store.path), progress)

    return Format(name, title, names, sniffed, opened, layout=layout)


def _poscar(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
    return open_poscar(as_text(store))


def _ase_traj(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
    return AseTraj(store)


def _dcd(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
    return Dcd(store)


def _mtp(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
    return MtpCfg(as_text(store))


def _atomeye(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
    return open_atomeye(as_text(store))


def _structures(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
    return open_structures(as_text(store))


def _chemiscope(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
    return open_chemiscope(as_text(store))


def _force_set(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
    return open_force_set(as_text(store))


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
        _text_format(
            "lammps-dump",
            "LAMMPS text dump",
            ("*.dump", "*.lammpstrj", "*.dump.*", "dump.*"),
            lambda head: re.match(rb"\s*ITEM: (TIMESTEP|UNITS|TIME)\b", head) is not None,
            LammpsDump,
        ),
        Format("ase-traj", "ASE trajectory", ("*.traj",), _looks_like_traj, _ase_traj),
        _text_format("xdatcar", "VASP XDATCAR", ("*xdatcar*",), _looks_like_xdatcar, Xdatcar),
        Format(
            "poscar",
            "VASP POSCAR, CONTCAR",
            ("*poscar*", "*contcar*", "*.vasp"),
            _looks_like_poscar,
            _poscar,
            single=True,
        ),
        Format("dcd", "DCD", ("*.dcd",), looks_like_dcd, _dcd),
        Format("mtp-cfg", "MTP CFG", ("*.cfgs",), looks_like_mtp, _mtp),
        Format("atomeye-cfg", "AtomEye CFG", ("*.cfg",), looks_like_atomeye, _atomeye, single=True),
        Format(
            "pymatgen-json", "pymatgen structures as JSON", (), looks_like_structures, _structures
        ),
        Format("chemiscope", "input of chemiscope", (), looks_like_chemiscope, _chemiscope),
        Format("force-set", "forces by calculation as JSON", (), looks_like_force_set, _force_set),
        _text_format("extxyz", "XYZ, extended XYZ", ("*.xyz", "*.extxyz"), _looks_like_xyz, Extxyz),
    )
}


def _foreign(entry: ForeignFormat) -> Format:
    def opened(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
        return open_foreign(store, entry.name)

    def sniffed(head: bytes) -> bool:
        return entry.sniff.search(head) is not None

    return Format(entry.name, entry.title, entry.names, sniffed, opened, single=True)


FORMATS |= {entry.name: _foreign(entry) for entry in FOREIGN}


def _indexed(entry: IndexedFormat) -> Format:
    def opened(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
        return IndexedSource(store, entry.name)

    return Format(entry.name, entry.title, entry.names, entry.sniff, opened)


FORMATS |= {entry.name: _indexed(entry) for entry in INDEXED}


def sniff(store: ByteStore) -> Format | None:
    """The format by content, else by name; None where neither says."""
    head = as_text(store).read(0, 1 << 16)
    if head.startswith(b"version https://git-lfs"):
        raise ReadProblem("is a Git LFS pointer, not the file itself", store.path)
    found = next((entry for entry in FORMATS.values() if entry.sniff(head)), None)
    if found is None and b"\0" not in head[:4096]:
        found = _by_name(Path(store.path).name)
    return found or _plugged(reader_of(head, Path(store.path).name.lower()))


def _plugged(reader: Reader | None) -> Format | None:
    """The format of a plug-in; what the program knows itself comes first."""
    if reader is None:
        return None

    def opened(store: ByteStore, progress: Progress | None) -> FrameSource:  # noqa: ARG001
        return MemorySource(store.path, reader.name, frames_of(reader, store.path))

    return Format(reader.name, reader.title, reader.names, lambda _head: False, opened)


def _named(name: str) -> Format | None:
    return FORMATS.get(name) or _plugged(reader_named(name))


def _by_name(name: str) -> Format | None:
    plain = re.sub(r"\.(gz|bz2|xz|zst)$", "", name.lower())
    matches = (e for e in FORMATS.values() if any(fnmatch(plain, p) for p in e.names))
    return next(matches, None)


def open_trajectory(
    path: str | Path,
    format: str | None = None,
    progress: Progress | None = None,
    told: Told | None = None,
) -> FrameSource:
    """The frames of a file, recognised by its content unless `format` names one of FORMATS.

    A folder is one trajectory of its numbered files, a name with `*` one of the files that fit it
    where there is no file of this very name. `told` gets sources whose frames are still
    being looked for, from the first frame on, in this thread. Damaged frames are left out and
    named in `notes`. Raises ReadProblem where nothing is usable, Cancelled.
    """
    if format is not None and _named(format) is None:
        raise ReadProblem(f"not supported: the format {format!r}", path)
    if Path(path).is_dir():
        files, notes = files_of(Path(path))
        return _sequence(str(path), files, format, notes, progress)
    if is_pattern(path):
        return _sequence(str(path), matching_files(Path(path)), format, (), progress)
    store = open_bytes(path)
    entry = _named(format) if format is not None else sniff(store)
    if entry is None:
        raise ReadProblem(f"not supported: {_what(store)}", path)
    if entry.layout is not None:
        return TextSource(as_text(store), entry.layout(store.path), progress, told)
    if isinstance(store, PackedBytes):
        store.finish(progress)  # these readers ask for the size
    return entry.open(store, progress)


def why_unknown(path: str | Path) -> str:
    """Why no format is recognised in a file, as far as its beginning tells; '' where one is."""
    try:
        store = open_bytes(path)
        return "" if sniff(store) is not None else f"not supported: {_what(store)}"
    except ReadProblem as problem:
        return problem.reason


def open_in_order(
    files: Sequence[Path], format: str | None = None, progress: Progress | None = None
) -> FrameSource:
    """Several files, in this order, as one trajectory that goes by the path of the first.
    Raises ReadProblem, Cancelled."""
    return _sequence(str(files[0]), files, format, (), progress)


def _sequence(
    name: str,
    files: Sequence[Path],
    format: str | None,
    notes: Sequence[Note],
    progress: Progress | None,
) -> FrameSource:
    entry = _named(format) if format is not None else sniff(open_bytes(files[0]))
    if entry is None:
        raise ReadProblem("not supported: an unknown format", files[0])
    if len(files) == 1:
        return open_trajectory(files[0], entry.name, progress)

    def opened(path: Path) -> FrameSource:
        return open_trajectory(path, format)

    return SequenceSource(name, files, opened, entry.single, notes, progress)


def _what(store: ByteStore) -> str:
    """What the file seems to be, for the sentence that refuses it."""
    head = store.read(0, 4096)
    for magic, what in _REFUSED.items():
        if magic in head[:64]:
            return what
    kind = "binary data" if b"\0" in head else "text"
    return f"{kind} of a format that is not known here"


_REFUSED = {
    b"DUMPATOM": "a binary LAMMPS dump; convert it with binary2txt",
    b"DUMPCUSTOM": "a binary LAMMPS dump; convert it with binary2txt",
    b"&CONTROL": "an input file of Quantum ESPRESSO; open its output",
    b"DBCSR|": "the log of CP2K; open its -pos-1.xyz",
    b"Siesta Version": "the log of SIESTA; convert it to extxyz",
    b"PK\x03\x04": "a zip archive; unpack it first",
    b"PAR1": "a Parquet table",
}
