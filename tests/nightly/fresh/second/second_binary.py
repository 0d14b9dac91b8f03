"""Binary formats of other libraries: NetCDF, HDF5, GSD, GROMACS, DCD, databases. Not read before
its commit."""

from __future__ import annotations

import sqlite3
import struct
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from tests.nightly.fresh.case import Case, data, text

MOSTLY = ("ok", "partial")
BAD = ("error", "partial", "refused")
ANY = ("ok", *BAD)
file = partial(Case, kind="trajectory", library=True)


@cache
def made(write: Callable[..., object], suffix: str, *about: Any) -> bytes:
    """What a library writes into a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"made{suffix}")
        write(path, *about)
        return path.read_bytes()


def wrote(
    write: Callable[..., object], suffix: str, *about: Any, change: Callable[[bytes], bytes] = bytes
) -> Callable[[Path], object]:
    """Written when it is asked for: libraries take a while to load."""
    return lambda path: path.write_bytes(change(made(write, suffix, *about)))


def share(part: float) -> Callable[[bytes], bytes]:
    return lambda content: content[: int(part * len(content))]


# --- NetCDF ------------------------------------------------------------------------------------


def _dimensions(netcdf: Any, program: str) -> None:
    netcdf.Conventions, netcdf.ConventionVersion, netcdf.program = "AMBER", "1.0", program
    for name, size in (("frame", None), ("atom", 5), ("spatial", 3), ("cell_spatial", 3),
                       ("cell_angular", 3)):  # fmt: skip
        netcdf.createDimension(name, size)


def amber(path: Path, n_frames: int) -> None:
    from scipy.io import netcdf_file

    with netcdf_file(path, "w", version=2) as netcdf:
        _dimensions(netcdf, "sander")
        time = netcdf.createVariable("time", "f4", ("frame",))
        places = netcdf.createVariable("coordinates", "f4", ("frame", "atom", "spatial"))
        speeds = netcdf.createVariable("velocities", "f4", ("frame", "atom", "spatial"))
        lengths = netcdf.createVariable("cell_lengths", "f8", ("frame", "cell_spatial"))
        angles = netcdf.createVariable("cell_angles", "f8", ("frame", "cell_angular"))
        time.units, places.units, lengths.units = "picosecond", "angstrom", "angstrom"
        angles.units, speeds.units, speeds.scale_factor = "degree", "angstrom/picosecond", 20.455
        for k in range(n_frames):
            time[k] = 0.5 * k
            places[k] = np.arange(15).reshape(5, 3) + 0.1 * k
            speeds[k] = np.full((5, 3), 0.01)
            lengths[k], angles[k] = (20, 21, 22), (90, 90, 90)


def lammps(path: Path, n_frames: int) -> None:
    from scipy.io import netcdf_file

    with netcdf_file(path, "w", version=2) as netcdf:
        _dimensions(netcdf, "LAMMPS")
        ids = netcdf.createVariable("id", "i4", ("frame", "atom"))
        types = netcdf.createVariable("type", "i4", ("frame", "atom"))
        places = netcdf.createVariable("coordinates", "f4", ("frame", "atom", "spatial"))
        origin = netcdf.createVariable("cell_origin", "f8", ("frame", "cell_spatial"))
        lengths = netcdf.createVariable("cell_lengths", "f8", ("frame", "cell_spatial"))
        angles = netcdf.createVariable("cell_angles", "f8", ("frame", "cell_angular"))
        for k in range(n_frames):
            ids[k], types[k] = np.arange(1, 6), (1, 2, 1, 2, 1)
            places[k] = np.arange(15).reshape(5, 3) + 0.1 * k
            origin[k], lengths[k], angles[k] = (-1, -1, -1), (20, 21, 22), (90, 90, 90)


def weather(path: Path) -> None:
    from scipy.io import netcdf_file

    with netcdf_file(path, "w") as netcdf:
        netcdf.Conventions = "CF-1.6"
        netcdf.createDimension("lat", 3)
        netcdf.createVariable("temperature", "f4", ("lat",))[:] = (280, 290, 300)


# --- HDF5 and GSD ------------------------------------------------------------------------------


def hdf5(path: Path, kind: str) -> None:
    import h5py

    with h5py.File(path, "w") as whole:
        if kind == "other":
            whole["weights/layer"] = np.zeros((4, 4))
            return
        h5md = whole.create_group("h5md")
        h5md.attrs["version"] = np.array([1, 1])
        place = whole.create_group("particles/all/position")
        place["step"] = np.arange(2)
        if kind == "round":
            place["value"] = h5py.SoftLink("/particles/all/position/value")
        else:
            shape, chunks = (10**9, 10**6, 3), (1, 1000, 3)
            place.create_dataset("value", shape, "f4", chunks=chunks)
        box = whole.create_group("particles/all/box")
        box.attrs["dimension"], box.attrs["boundary"] = 3, np.array([b"periodic"] * 3)
        box["edges"] = np.array([10.0, 10.0, 10.0])


def gsd(path: Path) -> None:
    from gsd import hoomd

    with hoomd.open(path, "w") as whole:
        for k in range(2):
            frame = hoomd.Frame()
            frame.configuration.step, frame.configuration.box = 10 * k, [8, 8, 8, 0, 0, 0]
            frame.particles.N, frame.particles.types = 3 + 2 * k, ["A", "B"]
            frame.particles.typeid = [0] * (3 + 2 * k)
            frame.particles.position = np.arange(9.0 + 6 * k).reshape(-1, 3) / 4
            whole.append(frame)


def other_gsd(path: Path) -> None:
    from gsd import fl

    with fl.open(path, "w", application="test", schema="weights", schema_version=(1, 0)) as whole:
        whole.write_chunk("layer", np.zeros(4))
        whole.end_frame()


# --- GROMACS, DCD, databases -------------------------------------------------------------------


def xtc(path: Path) -> None:
    import chemfiles

    with chemfiles.Trajectory(str(path), "w") as whole:
        for k in range(5):
            frame = chemfiles.Frame()
            for row in range(30):
                frame.add_atom(chemfiles.Atom("O"), [0.37 * row, 0.11 * k, 0.53 * row % 7])
            frame.cell, frame.step = chemfiles.UnitCell([20, 21, 22]), 10 * k
            whole.write(frame)


def gro(n: int, k: int) -> str:
    rows = "".join(
        f"{1:5d}{'SOL':<5}{name:>5}{j:5d}{0.1 * j:8.3f}{0.2 + 0.01 * k:8.3f}{0.3:8.3f}\n"
        for j, name in enumerate(("OW", "HW1", "HW2"), 1)
    )
    return f"Water, t= {0.5 * k:.3f} step= {k}\n{n:5d}\n{rows}   1.86206   1.86206   1.86206\n"


def dcd(n_atoms: int = 3, n_frames: int = 3, counted: int = 3) -> bytes:
    def record(content: bytes) -> bytes:
        return struct.pack("<i", len(content)) + content + struct.pack("<i", len(content))

    control = [counted, 0, 100, 0, 0, 0, 0, 0, 0, 0, 1, *[0] * 8, 24]
    found = record(b"CORD" + struct.pack("<20i", *control))
    found += record(struct.pack("<i", 2) + b"made by hand".ljust(80) + b"of three atoms".ljust(80))
    found += record(struct.pack("<i", n_atoms))
    for k in range(n_frames):
        found += record(struct.pack("<6d", 8, 90, 8, 90, 90, 9))
        found += record(struct.pack("<3f", k, k + 1, k + 2)) * 3
    return found


def rows(path: Path) -> None:
    from ase import Atoms
    from ase.db import connect

    with connect(path) as database:
        for k in range(3):
            database.write(Atoms("LiF", [[0, 0, 0], [0, 0, 1.5 + 0.1 * k]]), tag=f"t{k}")


def notes(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("create table notes (id integer, said text)")
        database.execute("insert into notes values (1, 'hello')")
    database.close()


SECOND_BINARY = (
    file("amber.nc", demand="R3: frames of sander with scaled velocities", good=3,
         make=wrote(amber, ".nc", 3), statuses=MOSTLY,
         check=lambda a: a["natoms"] == [5, 5, 5] and abs(a["volume"] - 9240) < 1),
    file("lammps.nc", demand="R8: types of LAMMPS in NetCDF are no elements: said", good=2,
         make=wrote(lammps, ".nc", 2), statuses=MOSTLY, told=True),
    file("cut.nc", demand="R5: six frames cut at three fifths: told, none of zeros",
         make=wrote(amber, ".nc", 6, change=share(0.6)), good=(0, 1, 2, 3), statuses=BAD,
         told=True),
    file("weather.nc", demand="R11: a NetCDF file of the weather: told", good=0, statuses=BAD,
         make=wrote(weather, ".nc"), told=True),
    file("weights.h5", demand="R11: an HDF5 file of a model: told", good=0, statuses=BAD,
         make=wrote(hdf5, ".h5", "other"), told=True),
    file("round.h5md", demand="R11: positions that are a link to themselves: told", good=0,
         make=wrote(hdf5, ".h5md", "round"), statuses=BAD, told=True),
    file("empty.h5md", demand="R4: 10^9 frames of 10^6 atoms declared in 5 kB: told", good=0,
         make=wrote(hdf5, ".h5md", "huge"), statuses=BAD, told=True),
    file("growing.gsd", demand="R3: a number of particles that varies", good=2, statuses=MOSTLY,
         make=wrote(gsd, ".gsd"), check=lambda a: a["natoms"] == [3, 5]),
    file("cut.gsd", demand="R5: half a GSD file: told", good=(0, 1), statuses=BAD, told=True,
         make=wrote(gsd, ".gsd", change=share(0.5))),
    file("weights.gsd", demand="R11: a GSD file of something else: told", good=0, statuses=BAD,
         make=wrote(other_gsd, ".gsd"), told=True),
    file("cut.xtc", demand="R5: five frames cut at seven tenths: told, whole ones good",
         make=wrote(xtc, ".xtc", change=share(0.7)), good=(0, 1, 2, 3), statuses=BAD, told=True),
    file("water.gro", demand="R3: two frames of GROMACS, one behind the other", good=2,
         make=text(gro(3, 0) + gro(3, 1)), statuses=MOSTLY, check=lambda a: a["natoms"] == [3, 3]),
    file("short.gro", demand="R5: four atoms declared, three there: told", good=0, statuses=BAD,
         make=text(gro(4, 0)), told=True),
    file("never_counted.dcd", demand="R5: a run killed before it counted: its frames, or told",
         make=data(dcd(counted=0)), statuses=ANY,
         check=lambda a: a["problems"] or a["good_frames"] == 3),
    file("cut.dcd", demand="R5: it ends within frame 3: two good, told", good=2,
         make=data(dcd()[:-20]), statuses=("partial",), told=True),
    file("many.dcd", demand="R4: 2 147 483 647 atoms: told", good=0, statuses=BAD, told=True,
         make=data(dcd(n_atoms=2**31 - 1))),
    file("rows.db", demand="R3: a database of ASE", good=3, make=wrote(rows, ".db"),
         statuses=MOSTLY),
    file("notes.db", demand="R11: a database of something else: told", good=0, statuses=BAD,
         make=wrote(notes, ".db"), told=True),
)  # fmt: skip
