"""Readers that go through other libraries: ASE, gsd, h5py, scipy, chemfiles in the process of
readers, openpyxl and pyarrow here. Good inputs to begin with are written by those libraries."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import cache

import numpy as np

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.trajectories import foreign, indexed_source
from mlipviewer.io.trajectories.opening import open_trajectory
from tests.fuzz.outputs import AIMS, AIMS_RESULTS, CASTEP, PW_HEAD, PW_STEP, relaxed
from tests.fuzz.readers import Read, Reader, Wrong, as_format, as_table, folder, walk
from tests.fuzz.tng import tng

ENDED = ("took too long", "ended without an answer")
"""What the process of readers is not to do, though the program lives on."""


def through(name: str, format: str) -> Read:
    """As users open it, but with the format given: its first bytes may be the damaged ones."""

    def read(content: bytes) -> None:
        _many_tasks()
        path = folder() / name
        path.write_bytes(content)
        try:
            source = open_trajectory(path, format)
        except ReadProblem as problem:
            if any(words in problem.reason for words in ENDED):
                raise Wrong(problem.reason) from problem
            raise
        walk(source)

    return read


@cache
def _many_tasks() -> None:
    """Starting a process of readers takes longer than a thousand small files."""
    foreign._worker._most_tasks = indexed_source._worker._most_tasks = 100_000


# --- good inputs -------------------------------------------------------------------------------


def by_ase(format: str, n_frames: int = 1) -> Callable[[], list[bytes]]:
    def seeds() -> list[bytes]:
        from ase import Atoms
        from ase.io import write

        rng = np.random.default_rng(3)
        cell = [[6.0, 0, 0], [1, 7, 0], [0, 0.5, 8]]
        frames = [
            Atoms("Li2CH", rng.uniform(0, 5, (4, 3)), cell=cell, pbc=True) for _ in range(n_frames)
        ]
        path = folder() / f"seed.{format}"
        write(path, frames if n_frames > 1 else frames[0], format=format)
        return [path.read_bytes()]

    return seeds


SALT = """data_salt
_cell_length_a 5.64
_cell_length_b 5.64(2)
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_IT_number 225
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Na Na 0 0 0 0.5
Cl Cl 0.5 0.5 0.5 1
"""


def cif() -> list[bytes]:
    return [SALT.encode(), *by_ase("cif")()]


def vasprun() -> list[bytes]:
    def vectors(name: str, rows: str) -> str:
        return f'<varray name="{name}">' + "".join(f"<v>{r}</v>" for r in rows.split(";"))

    cell, places = "5 0 0;0 6 0;0 0 7", "0 0 0;0.5 0.25 0.75"
    crystal = f"<crystal>{vectors('basis', cell)}</varray></crystal>"
    structure = f"{crystal}{vectors('positions', places)}</varray></structure>"
    energy = '<energy><i name="e_fr_energy">-1.5</i><i name="e_0_energy">-1.25</i></energy>'
    energy = energy.replace("</energy>", '<i name="e_wo_entrp">-1.5</i></energy>')
    step = f"<calculation><scstep>{energy}</scstep><structure>{structure}"
    step += f"{vectors('forces', '0 0 0.5;0 0 -0.5')}</varray>"
    step += f"{vectors('stress', '1 0 0;0 1 0;0 0 1')}</varray>{energy}</calculation>"
    rows = "".join(f"<rc><c>{name}</c><c>1</c></rc>" for name in ("Li", "H "))
    atoms = f'<atominfo><array name="atoms"><set>{rows}</set></array></atominfo>'
    first = f'<structure name="initialpos">{structure}'
    head = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<modeling>\n<generator></generator>'
    points = "<kpoints>" + vectors("kpointlist", "0 0 0") + "</varray>"
    points += vectors("weights", "1") + "</varray></kpoints>"
    text = f"{head}{points}{atoms}{first}{step * 2}</modeling>"
    return [text.replace("><", ">\n<").encode()]


def outcar() -> list[bytes]:
    head = (
        " vasp.6.3.0 20Jan22\n executed on  LinuxIFC date 2022.01.01  10:00:00\n"
        + " POTCAR:    PAW_PBE Li 17Jan2003\n POTCAR:    PAW_PBE H 15Jun2001\n" * 2
        + "   VRHFIN =Li: s1p0\n   VRHFIN =H: ultrasoft test\n"
        "   number of dos      NEDOS =    301   number of ions     NIONS =      2\n"
        "   k-points           NKPTS =      1   number of bands  NBANDS=      4\n"
        "   ISPIN  =      1    spin polarized\n   ions per type =               1   1\n"
        "  k-points in reciprocal lattice and weights: K-Points\n   0.0 0.0 0.0  1.000\n"
        "----------------------- Iteration    1(   1)  -----------------------\n"
    )
    step = (
        "  in kB      1.00000   2.00000   3.00000   0.00000   0.00000   0.00000\n"
        "      direct lattice vectors                 reciprocal lattice vectors\n"
        "     5.000000000  0.000000000  0.000000000     0.200000000  0.000000000  0.000000000\n"
        "     0.000000000  6.000000000  0.000000000     0.000000000  0.166666667  0.000000000\n"
        "     0.000000000  0.000000000  7.000000000     0.000000000  0.000000000  0.142857143\n"
        " POSITION                                       TOTAL-FORCE (eV/Angst)\n"
        " ----------------------------------------------------------------------\n"
        "      0.00000      0.00000      0.00000         0.500000      0.000000      0.000000\n"
        "      2.50000      1.50000      5.25000        -0.500000      0.000000      0.000000\n"
        " ----------------------------------------------------------------------\n"
        "  FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)\n  -------------------------\n"
        "  free  energy   TOTEN  =       -10.50000000 eV\n\n"
        "  energy  without entropy=      -10.40000000  energy(sigma->0) =      -10.45000000\n"
    )
    return [(head + step * 2).encode()]


def history() -> list[bytes]:
    head = "a title\n         0         1         2\n"
    frame = (
        "timestep        {}         2         0         1    0.001000    0.1\n"
        "  5.0 0.0 0.0\n  0.0 6.0 0.0\n  0.0 0.0 7.0\n"
        "Li               1    6.941000    1.000000\n  0.1 0.2 0.3\n"
        "H                2    1.008000   -1.000000\n  1.1 1.2 1.3\n"
    )
    return [(head + "".join(frame.format(k) for k in (1, 2))).encode()]


def espresso() -> list[bytes]:
    return [relaxed().encode(), (PW_HEAD.format(alat=10.2) + PW_STEP).encode()]


def aims() -> list[bytes]:
    return [(AIMS + AIMS_RESULTS).encode()]


def castep() -> list[bytes]:
    return [CASTEP.encode()]


def gromacs() -> list[bytes]:
    return [tng(1), tng(4)]


def gsd() -> list[bytes]:
    from gsd import hoomd

    path = folder() / "seed.gsd"
    path.unlink(missing_ok=True)
    with hoomd.open(path, "w") as file:
        for k in range(2):
            frame = hoomd.Frame()
            frame.configuration.step = 100 * k
            frame.configuration.box = [10, 11, 12, 0.1, 0.2, 0.3]
            frame.particles.N, frame.particles.types = 4, ["Li", "Cl"]
            frame.particles.typeid = [0, 1, 0, 1]
            frame.particles.position = np.arange(12.0).reshape(4, 3) / 3
            frame.log["particles/pe"] = np.arange(4) * 0.5
            file.append(frame)
    return [path.read_bytes()]


def h5md() -> list[bytes]:
    import h5py

    path = folder() / "seed.h5md"
    with h5py.File(path, "w") as file:
        group = file.create_group("particles/all")
        place = group.create_group("position")
        place["value"] = np.arange(24.0).reshape(2, 4, 3) / 10
        place["value"].attrs["unit"] = "nm"
        place["step"], place["time"] = np.arange(2) * 50, np.arange(2) * 25.0
        group["species"] = np.array([14] * 4)
        box = group.create_group("box")
        box.attrs["dimension"], box["edges"] = 3, np.array([1.0, 1.1, 1.2])
        box.attrs["boundary"] = np.array([b"periodic", b"periodic", b"none"])
    return [path.read_bytes()]


def netcdf() -> list[bytes]:
    from scipy.io import netcdf_file

    path = folder() / "seed.nc"
    with netcdf_file(path, "w", version=2) as file:
        file.Conventions = "AMBER"
        for name, size in (("frame", None), ("atom", 4), ("spatial", 3)):
            file.createDimension(name, size)
        time = file.createVariable("time", "f8", ("frame",))
        places = file.createVariable("coordinates", "f8", ("frame", "atom", "spatial"))
        lengths = file.createVariable("cell_lengths", "f8", ("frame", "spatial"))
        angles = file.createVariable("cell_angles", "f8", ("frame", "spatial"))
        for k in range(2):
            time[k], places[k] = 10.0 * k, np.arange(12.0).reshape(4, 3)
            lengths[k], angles[k] = [9, 10, 11], [90, 90, 60]
    return [path.read_bytes()]


def database() -> list[bytes]:
    from ase import Atoms
    from ase.db import connect

    path = folder() / "seed.db"
    path.unlink(missing_ok=True)
    with connect(path) as rows:
        for k in range(3):
            atoms = Atoms("LiH", [[0, 0, 0], [0, 0, 1.6 + k]], cell=[5, 6, 7], pbc=True)
            rows.write(atoms, data={"k": k}, name=f"row{k}")
    return [path.read_bytes()]


def by_chemfiles(format: str) -> Callable[[], list[bytes]]:
    def seeds() -> list[bytes]:
        import chemfiles

        path = folder() / f"seed.{format}"
        with chemfiles.Trajectory(str(path), "w") as file:
            for k in range(2):
                frame = chemfiles.Frame()
                for row, symbol in enumerate(("O", "H", "H", "Na", "Cl")):
                    frame.add_atom(chemfiles.Atom(symbol), [row, k, 0.5 * row])
                frame.cell, frame.step = chemfiles.UnitCell([20, 21, 22]), 10 * k
                file.write(frame)
        return [path.read_bytes()]

    return seeds


def chemiscope() -> list[bytes]:
    places = {"x": [0.0, 1.5], "y": [0.0, 2.0], "z": [0.0, 3.0]}
    structure = {"size": 2, "names": ["O", "H"], **places, "cell": [5, 0, 0, 0, 6, 0, 0, 0, 7]}
    energy = {"target": "structure", "values": [-1.5, -2.0], "units": "eV"}
    atomic = {"target": "atom", "values": [0.5, 1, 2, 3]}
    content = {
        "meta": {"name": "two"},
        "structures": [structure] * 2,
        "properties": {"energy": energy, "charge": atomic},
    }
    return [json.dumps(content).encode()]


TABLE = [("Models", "c_pe", "RMSE_f"), ("GAP|1", 0.5, 1), ("NEP|2", None, 2.5), ("x", "n/a", 1e-3)]


def xlsx() -> list[bytes]:
    import openpyxl

    book, found = openpyxl.Workbook(), io.BytesIO()
    for row in TABLE:
        book.active.append(row)
    book.create_sheet("more").append(["a", "b"])
    book.save(found)
    return [found.getvalue()]


def parquet() -> list[bytes]:
    import pyarrow as pa
    from pyarrow import parquet as pq

    columns = {"Models": ["a", "b", "c"], "c_pe": [0.5, None, 1.5], "n": [1, 2, 3]}
    found = io.BytesIO()
    pq.write_table(pa.table(columns), found)
    return [found.getvalue()]


def yaml() -> list[bytes]:
    rows = "".join(f"- model: m{k}\n  E: 0.{k}\n  F: {{rmse: {k}, mae: null}}\n" for k in range(4))
    return [rows.encode()]


def markdown() -> list[bytes]:
    rows = "".join(f"| GAP-{k} | {k}.5 | 1e-{k} |\n" for k in range(4))
    return [("| Models | E | F |\n|---|--:|:-:|\n" + rows).encode()]


LIBRARIES = {
    reader.name: reader
    for reader in (
        Reader("cif", through("input.cif", "cif"), cif),
        Reader("vasp-xml", through("vasprun.xml", "vasp-xml"), vasprun),
        Reader("vasp-out", through("OUTCAR", "vasp-out"), outcar),
        Reader("lammps-data", through("input.data", "lammps-data"), by_ase("lammps-data")),
        Reader("pdb", through("input.pdb", "proteindatabank"), by_ase("proteindatabank", 2)),
        Reader("xsf", through("input.xsf", "xsf"), by_ase("xsf", 2)),
        Reader("eon", through("input.con", "eon"), by_ase("eon", 2)),
        Reader("castep-md", through("input.md", "castep-md"), by_ase("castep-md", 2)),
        Reader("espresso-out", through("input.pwo", "espresso-out"), espresso),
        Reader("aims-output", through("aims.out", "aims-output"), aims),
        Reader("castep-castep", through("input.castep", "castep-castep"), castep),
        Reader("dlp-history", through("HISTORY", "dlp-history"), history),
        Reader("gsd", through("input.gsd", "gsd"), gsd, binary=True),
        Reader("h5md", through("input.h5md", "h5md"), h5md, binary=True),
        Reader("netcdf", through("input.nc", "amber-netcdf"), netcdf, binary=True),
        Reader("ase-db", through("input.db", "ase-db"), database, binary=True),
        Reader("xtc", through("input.xtc", "xtc"), by_chemfiles("xtc"), binary=True),
        Reader("trr", through("input.trr", "trr"), by_chemfiles("trr"), binary=True),
        Reader("tng", through("input.tng", "tng"), gromacs, binary=True),
        Reader("gro", through("input.gro", "gro"), by_chemfiles("gro")),
        Reader("chemiscope", as_format("chemiscope"), chemiscope),
        Reader("table-xlsx", as_table("input.xlsx"), xlsx, binary=True),
        Reader("table-parquet", as_table("input.parquet"), parquet, binary=True),
        Reader("table-yaml", as_table("input.yaml"), yaml),
        Reader("table-markdown", as_table("input.md"), markdown),
    )
}
