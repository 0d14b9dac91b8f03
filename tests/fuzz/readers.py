"""The readers that are fuzzed: how each is called, and good inputs to begin with."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io.trajectories.bytestore import MemoryBytes
from mlipviewer.io.trajectories.opening import FORMATS, open_trajectory
from tests.conftest import REPOSITORY

SAMPLE = REPOSITORY / "tests" / "saving" / "samples" / "format-1.mlipview"
Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Reader:
    name: str
    read: Read
    seeds: Callable[[], list[bytes]]
    binary: bool = False


class Wrong(Exception):
    """A damaged frame was given as a good one."""


def walk(source: FrameSource) -> None:
    """Read what the source offers. Raises Wrong."""
    for index in range(min(source.n_frames, 50)):
        try:
            source.info(index)
            frame = source.frame(index)
        except ReadProblem:
            continue
        if not frame.complete:
            continue
        if not np.isfinite(frame.positions).all() or len(frame.numbers) != frame.n_atoms:
            raise Wrong(f"frame {index}: positions that are no numbers")
        if frame.cell is not None and not np.isfinite(frame.cell).all():
            raise Wrong(f"frame {index}: a cell that is not finite")
        if any(len(column) != frame.n_atoms for column in frame.columns.values()):
            raise Wrong(f"frame {index}: a column of another length")


def as_format(name: str) -> Read:
    return lambda content: walk(FORMATS[name].open(MemoryBytes("input", content), None))


@cache
def folder() -> Path:
    kept = tempfile.TemporaryDirectory(prefix="mlipviewer-fuzz-")
    _KEPT.append(kept)
    return Path(kept.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def as_file(name: str) -> Read:
    """By content alone, through a file, as users open it."""

    def read(content: bytes) -> None:
        path = folder() / name
        path.write_bytes(content)
        walk(open_trajectory(path))

    return read


def as_table(name: str) -> Read:
    def read(content: bytes) -> None:
        from mlipviewer.io.tables import read_table

        path = folder() / name
        path.write_bytes(content)
        read_table(path)

    return read


def as_thermo(name: str) -> Read:
    def read(content: bytes) -> None:
        from mlipviewer.io.thermo.reading import read_thermo

        path = folder() / name
        path.write_bytes(content)
        table = read_thermo(path)
        if any(len(column) != len(table.steps) for column in table.columns.values()):
            raise Wrong("columns of different lengths")

    return read


def as_session(content: bytes) -> None:
    """As a stranger's: read, looked at for what it asks, and written again."""
    from mlipviewer.session.saving.restoring import questions_of, undo_of
    from mlipviewer.session.saving.session_file import read_session, session_text
    from mlipviewer.session.saving.trust import refused

    path = folder() / "input.mlipview"
    path.write_bytes(content)
    saved = read_session(path)
    questions_of(saved, path.parent)
    undo_of(saved, agreed=True)
    refused(saved.document, path.parent, agreed=False)
    session_text(saved, path.parent)


def beside_structures(name: str) -> Read:
    """A set of forces, or the archive of its structures, with the other of them whole beside it."""

    def read(content: bytes) -> None:
        place = folder() / name
        place.mkdir(exist_ok=True)
        (place / "DATA.json").write_bytes(force_set()[0])
        (place / "structures.zip").write_bytes(archive()[0])
        (place / name).write_bytes(content)
        walk(open_trajectory(place / "DATA.json", "force-set"))

    return read


# --- good inputs -------------------------------------------------------------------------------


def extxyz() -> list[bytes]:
    rows = "".join(f"Li {k}.12345678 0.5 1.25000000 {k - 2}.0 0 T\n" for k in range(4))
    props = "Properties=species:S:1:pos:R:3:forces:R:2:fixed:L:1"
    first = f'4\nLattice="5 0 0 1 6 0 0 0 7" {props} energy=-1.5 pbc="T T F" t="a b"\n{rows}'
    plain = "2\na comment\nLi 0 0 0\nC 1.5 2 3\n"
    return [first.encode() * 3, plain.encode() * 3, (first + plain).encode()]


def dump() -> list[bytes]:
    def one(step: int, box: str, columns: str, row: str) -> str:
        rows = "".join(row.format(k + 1, k) + "\n" for k in range(5))
        head = f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n5\nITEM: BOX BOUNDS {box}\n"
        return f"{head}ITEM: ATOMS {columns}\n{rows}"

    cube = one(0, "pp pp ff\n0 5\n0 6\n-1 7", "id type x y z fx fy fz", "{0} 1 {1}.5 1 2 0 0 1")
    skew = one(
        100,
        "xy xz yz pp pp pp\n0 5 1\n0 6 0.5\n0 7 -0.25",
        "element xs ys zs ix iy iz",
        "Li 0.{1} 0 1 0 1 -1",
    )
    return [
        (cube + cube + cube).encode(),
        (cube + skew).encode(),
        ("ITEM: UNITS\nreal\n" + cube).encode(),
    ]


def xdatcar() -> list[bytes]:
    head = "Li C\n 1.0\n 5.0 0.0 0.0\n 0.0 6.0 0.0\n 0.0 0.0 7.0\n Li C\n 3 1\n"
    frame = "Direct configuration= {}\n" + "  0.10000000  0.25000000  0.75000000\n" * 4
    single = head + "".join(frame.format(k) for k in (1, 2, 3))
    return [single.encode(), "".join(head + frame.format(k) for k in (1, 2, 3)).encode()]


def poscar() -> list[bytes]:
    head = "cubic\n -120\n 5.0 0.0 0.0\n 0.0 6.0 0.0\n 0.0 0.0 7.0\n Li C\n 3 1\n"
    rows = " 0.1 0.25 0.75 T F T\n" * 4
    speeds = "\n" + "  0.0 0.1 -0.2\n" * 4
    return [
        (head + "Selective\nDirect\n" + rows + speeds).encode(),
        (head + "Cartesian\n" + rows).encode(),
    ]


def ase_traj() -> list[bytes]:
    from ase import Atoms
    from ase.calculators.singlepoint import SinglePointCalculator
    from ase.io.trajectory import Trajectory

    path = folder() / "seed.traj"
    with Trajectory(path, "w") as writer:
        for k in range(3):
            atoms = Atoms("Li2C", np.arange(9.0).reshape(3, 3) + k, cell=[5, 6, 7], pbc=True)
            atoms.calc = SinglePointCalculator(atoms, energy=-1.0 - k, forces=np.ones((3, 3)))
            atoms.info["name"] = f"frame {k}"
            writer.write(atoms)
    return [path.read_bytes()]


def zstd() -> Any:
    return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def packed() -> list[bytes]:
    texts = [*extxyz(), *dump()]
    packers = (gzip.compress, zstd().compress, bz2.compress, lzma.compress)
    return [pack(text) for text in texts for pack in packers] + [gzip.compress(texts[0]) * 2]


def delimited() -> list[bytes]:
    rows = "".join(f"GAP,{k},0.{k}5,1e-{k},abc {k}\n" for k in range(6))
    comma = "Models,number,c_pe,RMSE_f,note\nThreshold,0,1,1,x\n" + rows
    return [comma.encode(), comma.replace(",", ";").replace(".", ",").encode("utf-16")]


def records() -> list[bytes]:
    rows = [{"model": f"m{k}", "E": 0.5 * k, "F": {"rmse": k, "mae": None}} for k in range(5)]
    return [json.dumps(rows).encode(), "\n".join(map(json.dumps, rows)).encode()]


def dcd() -> list[bytes]:
    def record(order: str, code: str, content: bytes) -> bytes:
        mark = struct.pack(order + code, len(content))
        return mark + content + mark

    def one(order: str, code: str, fixed: int) -> bytes:
        control = [3, 0, 10, 0, 0, 0, 0, 0, fixed, 0, 1, *[0] * 8, 24]
        words = [record(order, code, b"CORD" + struct.pack(order + "20i", *control))]
        words.append(record(order, code, struct.pack(order + "i", 1) + b" " * 80))
        words.append(record(order, code, struct.pack(order + "i", 4)))
        if fixed:
            words.append(record(order, code, struct.pack(order + "3i", 1, 2, 4)))
        for k in range(3):
            words.append(record(order, code, struct.pack(order + "6d", 5, 90, 6, 90, 90, 7)))
            n = 4 - fixed if k else 4
            row = struct.pack(f"{order}{n}f", *[0.5 * k + j for j in range(n)])
            words += [record(order, code, row)] * 3
        return b"".join(words)

    return [one("<", "i", 0), one(">", "i", 0), one("<", "q", 0), one("<", "i", 1)]


def mtp() -> list[bytes]:
    box = " Supercell\n 4 0 0\n 0 4 0\n 0 0 5\n"
    rows = "".join(f" {k} {k % 2} 1.{k} 1.5 2.0 0.1 0.2 -0.3\n" for k in (1, 2, 3))
    atoms = " AtomData: id type cartes_x cartes_y cartes_z fx fy fz\n" + rows
    more = " Energy\n -12.5\n PlusStress: xx yy zz yz xz xy\n 1 2 3 4 5 6\n Feature EFS_by vasp\n"
    whole = f"BEGIN_CFG\n Size\n 3\n{box}{atoms}{more}END_CFG\n\n"
    return [(whole * 3).encode(), f"BEGIN_CFG\n Size\n 3\n{atoms}END_CFG\n".encode() * 2]


def atomeye() -> list[bytes]:
    box = "".join(f"H0({i},{j}) = {5.0 * (i == j)} A\n" for i in (1, 2, 3) for j in (1, 2, 3))
    head = f"Number of particles = 3\nA = 1.0 Angstrom (basic length-scale)\n{box}"
    plain = "".join(f"28.085 Si 0.{k} 0.25 0.75 0 0.1 0\n" for k in (1, 2, 3))
    more = ".NO_VELOCITY.\nentry_count = 4\nauxiliary[0] = pe [eV]\n28.085\nSi\n"
    return [(head + plain).encode(), (head + more + "0.1 0.2 0.3 -1.5\n" * 3).encode()]


def structures() -> list[bytes]:
    sites = [
        {"species": [{"element": e, "occu": 1}], "xyz": [k, 0.5, 1.0], "abc": [0, 0, 0], "label": e}
        for k, e in enumerate(("Si", "O", "O"))
    ]
    matrix = [[5.0, 0, 0], [0, 6, 0], [1, 0, 7]]
    one = {"@module": "pymatgen.core", "@class": "Structure", "lattice": {"matrix": matrix}}
    one |= {"charge": 0, "sites": sites}
    record = {"structure": one, "energy": -3.5, "forces": [[0.0, 0.1, 0.2]] * 3, "tag": "a"}
    return [json.dumps(it).encode() for it in (one, [one, one], [record, record])]


def logs() -> list[bytes]:
    head = "LAMMPS (2 Aug 2023)\nunits metal\ntimestep 0.002\n"
    rows = "".join(f"{100 * k:8d} {300 + k}.5 -1{k}.25 1e{k}\n" for k in range(4))
    one = f"{head}   Step Temp PotEng Press\n{rows}Loop time of 1.5 on 1 procs for 300 steps\n"
    yaml = "---\nkeywords: ['Step', 'Temp', ]\ndata:\n  - [0, 300.5, ]\n  - [10, 301, ]\n...\n"
    return [one.encode(), one.replace("\n", "\r\n").encode(), (head + yaml).encode()]


def oszicar() -> list[bytes]:
    head = "       N       E                     dE             d eps       ncg     rms\n"
    step = "DAV:   1  0.2E+02  0.1E+01 -0.3E+03  128  0.5E+02\n"
    last = "      {} T=   300. E= -.1E+02 F= -.2E+02 E0= -.2E+02  EK= 0.1E+01 SP= 0. SK= 0.\n"
    run = "".join(step * 2 + last.format(k) for k in range(1, 4))
    return [(head + run).encode(), (head + run * 3).encode()]


def model_devi() -> list[bytes]:
    head = "#       step         max_devi_v         min_devi_v         avg_devi_v"
    head += "         max_devi_f         min_devi_f         avg_devi_f\n"
    return [(head + "".join(f"{10 * k} 0.1 0.2 0.15 1e-{k} 0.0 0.5\n" for k in range(4))).encode()]


def force_set() -> list[bytes]:
    forces = [[[0.1 * k, 0.0, -0.2], [-0.1, 0.5, 1e-3]] for k in range(3)]
    both = {"Forces": {"DFT": forces, "GAP": forces}, "Energies": {"DFT": [-1.0, -2.5, -3]}}
    return [json.dumps(both | {"r": [[1.5, 5.5], None, [2.5, 3.5]]}).encode()]


def archive() -> list[bytes]:
    """Three numbered POSCARs."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as packed:
        for k in range(3):
            rows = f" 0.0 0.0 0.{k}\n 0.5 0.5 0.5\n"
            text = f"salt\n 1.0\n 4 0 0\n 0 4 0\n 0 0 5\n Li F\n 1 1\nDirect\n{rows}"
            packed.writestr(f"poscars/POSCAR_{k}", text)
    return [found.getvalue()]


def sessions() -> list[bytes]:
    run = {"name": "run.xyz", "path": "run.xyz", "role": "trajectory", "more": ["on.xyz"]}
    run |= {"choices": '{"interval": 2, "elements": [["1", "Si"]], "topology": "a.data"}'}
    table = {"name": "t", "path": "t.csv", "role": "table", "choices": '{"keys": ["model"]}'}
    chosen = [[["atom", "run.xyz"], [[0, 99], 200]], [["model", "t"], [1, 2]]]
    document = {"inputs": [run, table], "selected": chosen, "frame": 3, "axes": ["E", "F"]}
    past = [{"label": "chosen", "before": {"selected": chosen[:1], "frame": 1}}]
    small = {"app": "MLIPViewer", "format": 1, "document": document, "past": past}
    return [json.dumps(small).encode(), SAMPLE.read_bytes()]


READERS = {
    reader.name: reader
    for reader in (
        Reader("extxyz", as_format("extxyz"), extxyz),
        Reader("lammps-dump", as_format("lammps-dump"), dump),
        Reader("xdatcar", as_format("xdatcar"), xdatcar),
        Reader("poscar", as_format("poscar"), poscar),
        Reader("ase-traj", as_format("ase-traj"), ase_traj, binary=True),
        Reader("dcd", as_format("dcd"), dcd, binary=True),
        Reader("mtp-cfg", as_format("mtp-cfg"), mtp),
        Reader("atomeye-cfg", as_format("atomeye-cfg"), atomeye),
        Reader("pymatgen-json", as_format("pymatgen-json"), structures),
        Reader("force-set", beside_structures("DATA.json"), force_set),
        Reader("force-set-zip", beside_structures("structures.zip"), archive, binary=True),
        Reader("session", as_session, sessions),
        Reader("log.lammps", as_thermo("log.lammps"), logs),
        Reader("oszicar", as_thermo("OSZICAR"), oszicar),
        Reader("model-devi", as_thermo("model_devi.out"), model_devi),
        Reader("compressed", as_file("input"), packed, binary=True),
        Reader("table-csv", as_table("input.csv"), delimited),
        Reader("table-json", as_table("input.json"), records),
    )
}
