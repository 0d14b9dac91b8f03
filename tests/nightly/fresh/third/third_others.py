"""Sessions, ASE and other programs a third time. Not read before its commit."""

from __future__ import annotations

import json
import struct
import tempfile
from functools import cache, partial
from pathlib import Path

from tests.fuzz.tng import tng
from tests.nightly.fresh.case import Case, data, text
from tests.nightly.fresh.fresh_sessions import at
from tests.nightly.fresh.second.second_sessions import RUN, outside, run, written
from tests.nightly.fresh.third.third_frames import zipped

MOSTLY = ("ok", "partial")
BAD = ("error", "partial", "refused")
ANY = ("ok", *BAD)
session = partial(Case, kind="session")
file = partial(Case, kind="trajectory")
printed = partial(file, library=True)


def table_beside(folder: Path) -> None:
    (folder / "t.csv").write_text("model,E_mae,F_mae\na,1.5,0.5\nb,2.5,0.25\n")


HUGE = {"looks": {"images": [10**9, 10**9, 10**9], "radius": 1e308}}
LINK = {"model": "a", "role": "trajectory", "path": "../outside.csv", "metric": ""}

SESSIONS = (
    session("capitals.MLIPVIEW", demand="R3: a session whose suffix is in capitals", good=1,
            quiet=True, make=written(RUN)),
    session("minus_frame.mlipview", demand="D6: frame -5: told, or the first is shown", good=1,
            make=written(RUN, more={"frame": -5}), statuses=ANY),
    session("no_axes.mlipview", demand="D6: axes and columns that are not there", good=1,
            make=written(RUN, more={"axes": ["x", "y"], "hidden": ["z"], "table": "gone"}),
            statuses=ANY),
    session("bad_sets.mlipview", demand="D6: sets that are none cost themselves alone", good=1,
            make=written(RUN, more={"sets": [{"name": 5}, 7, {"name": "a", "rows": "all"}]}),
            statuses=BAD, told=True),
    session("no_step.mlipview", demand="D6: a slice with a step of 0: told, the other good",
            make=written(RUN, run("run.xyz", frames="::0")), good=1, statuses=BAD, told=True),
    session("far_slice.mlipview", demand="R4: a slice from 10^30 on: told, the other good",
            make=written(RUN, run("run.xyz", frames="1" + "0" * 30 + "::")), good=1, statuses=BAD,
            told=True),
    session("nobody_beside.mlipview", demand="D6: runs side by side that are not there", good=1,
            make=written(RUN, more={"comparison": {"names": ["x", "y", "run.xyz"]}}),
            statuses=ANY),
    session("huge_looks.mlipview", demand="R4: 10^27 images of the cell: told, or bounded", good=1,
            make=written(RUN, more=HUGE), statuses=BAD, told=True),
    session("wrong_roles.mlipview", demand="D6: a table that is a run, a run that is a table: told",
            make=written(RUN, run("t.csv"), at("run.xyz"), beside=table_beside), good=1,
            statuses=BAD, told=True),
    session("one_file_often.mlipview", demand="R4: one file as 200 inputs: in time", good=200,
            make=written(*({**RUN, "name": f"run{k}"} for k in range(200))), statuses=ANY),
    session("long_condition.mlipview", demand="S4: a condition of a megabyte: told, or kept unused",
            make=written(RUN, more={"condition": "E < 1 and " * 100_000 + "E < 1"}), good=1,
            statuses=ANY),
    session("bad_steps.mlipview", demand="D6: steps of a table that nobody knows: told", told=True,
            make=written(RUN, at("t.csv") | {"steps": [{"launch": 1}, 5]}, beside=table_beside),
            good=(1, 2), statuses=BAD),
    session("link_out.mlipview", demand="S3: a link to a file outside is not opened", good=1,
            make=written(RUN, more={"links": [LINK]}, beside=outside), statuses=ANY),
    session("bad_choices.mlipview", demand="D6: choices about a table of wrong kinds: told", good=1,
            make=written(RUN, at("t.csv") | {"choices": '{"roles": 5, "pivot": 7, "keys": 3}'},
                         beside=table_beside), statuses=BAD, told=True),
)  # fmt: skip


@cache
def traj(kind: str) -> bytes:
    from ase import Atoms
    from ase.io.trajectory import Trajectory

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.traj")
        with Trajectory(path, "w") as writer:
            for k in range(3):
                atoms = Atoms("TiO2", [[0, 0, 0], [1.9, 0, 0], [0, 1.9, 0.1 * k]], cell=[6, 6, 6])
                if kind == "arrays":
                    atoms.set_tags([0, 1, 2])
                    atoms.set_array("bader", atoms.positions[:, 0] * 0.5)
                    atoms.set_array("tensor", atoms.positions.repeat(3, axis=1))
                else:
                    atoms.info["about"] = {"list": [1, [2, None]], "deep": {"a": {"b": True}}}
                writer.write(atoms)
        return path.read_bytes()


def dcd(n_frames: int) -> bytes:
    """Of three atoms, without cells, as older CHARMM writes it: high bytes first."""

    def record(content: bytes) -> bytes:
        return struct.pack(">i", len(content)) + content + struct.pack(">i", len(content))

    control = [n_frames, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, *[0] * 8, 24]
    found = record(b"CORD" + struct.pack(">20i", *control))
    found += record(struct.pack(">i", 1) + b"without cells".ljust(80))
    found += record(struct.pack(">i", 3))
    for k in range(n_frames):
        found += record(struct.pack(">3f", k, k + 1, k + 2)) * 3
    return found


def gromacs(path: Path) -> None:
    import chemfiles

    with chemfiles.Trajectory(str(path), "w") as whole:
        for k in range(3):
            frame = chemfiles.Frame()
            for row in range(4):
                frame.add_atom(chemfiles.Atom("C"), [row, k, 0.5])
            frame.cell = chemfiles.UnitCell([12, 13, 14])
            whole.write(frame)


TILTED = "Box, t= 0.0\n    1\n    1ION     NA    1   0.100   0.200   0.300\n"
TILTED += "   2.0   2.0   2.0   0.0   0.0   0.5   0.0   0.0   0.0\n"
MOVIE = "ANIMSTEPS 3\nCRYSTAL\nPRIMVEC\n 4 0 0\n 0 4 0\n 0 0 5\n" + "".join(
    f"PRIMCOORD {k}\n 1 1\n 22 0.0 0.0 0.{k}\n" for k in (1, 2)
)
QUOTED = (
    "data_quoted\n_publ_section_title\n;\nA title of\ndata_ and loop_ words\n;\n"
    "_cell_length_a 4.0(1)\n_cell_length_b 4.0\n_cell_length_c 5.0\n_cell_angle_alpha 90\n"
    "_cell_angle_beta 90\n_cell_angle_gamma 90\n_symmetry_space_group_name_H-M 'P 1'\nloop_\n"
    "_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
    "Ti1 0.0 0.0 0.0\n'O1' 0.25(2) 0.5 0.5\n"
)
HETERO = "".join(
    f"HETATM{k:5d}  {name:<3} LIG A   1    {1.2 * k:8.3f}{0.5:8.3f}{0.0:8.3f}{1:6.2f}{0:6.2f}"
    f"          {name[0]:>2}\n"
    for k, name in enumerate(("C1", "O1", "H1"), 1)
)
INPUT = "&CONTROL\n calculation = 'scf'\n/\n&SYSTEM\n ibrav = 0, nat = 1, ntyp = 1\n/\n"
GAUSSIAN = (
    " Entering Gaussian System, Link 0=g16\n Input=water.com\n SCF Done:  E(RB3LYP) = -76.4\n"
)
SCRIPT = "units metal\nlattice fcc 3.6\nregion box block 0 4 0 4 0 4\ncreate_box 1 box\nrun 100\n"
GEOMETRY = "lattice_vector 4 0 0\nlattice_vector 0 4 0\nlattice_vector 0 0 4\natom 0 0 0 Mg\n"
CLUSTER = (
    "BEGIN_CFG\n Size\n 2\n AtomData: id type cartes_x cartes_y cartes_z fx fy fz\n"
    " 1 0 0.0 0.0 0.0 0.1 0 0\n 2 0 1.5 0.0 0.0 -0.1 0 0\n Energy\n -2.5\n"
    " Feature EFS_by hand\n Feature mindist 1.5\nEND_CFG\n\n"
)
ASE_JSON = {
    "1": {"numbers": [22], "positions": {"__ndarray__": [[1, 3], "float64", [0.0, 0.0, 0.0]]},
          "cell": {"array": {"__ndarray__": [[3, 3], "float64", [4.0] * 9]}}, "pbc": [True] * 3},
    "ids": [1], "nextid": 2,
}  # fmt: skip
CHEMISCOPE = json.dumps(
    {
        "meta": {"name": "x"},
        "structures": [{"size": 1, "names": ["Ti"], "x": [0.0], "y": [0.0], "z": [0.0]}] * 4,
        "properties": {},
    }
)

OTHERS = (
    # corrected: it asked for a column of the user's own, which ASE does not write
    file("arrays.traj", demand="R7: tags are columns", good=3,
         make=lambda path: path.write_bytes(traj("arrays")),
         check=lambda a: "tags" in a["columns"], statuses=MOSTLY),
    file("nested.traj", demand="R7: a value of lists and records", good=3, statuses=MOSTLY,
         make=lambda path: path.write_bytes(traj("nested"))),
    file("packed.traj", demand="R13: a zip called .traj: told", good=0, statuses=BAD, said=("zip",),
         make=lambda path: path.write_bytes(zipped("run.traj", "hello"))),
    file("no_cells.dcd", demand="R3: a DCD of CHARMM without cells, high bytes first", good=3,
         make=data(dcd(3)), statuses=MOSTLY),
    printed("three.trr", demand="R3: three frames of GROMACS", good=3, statuses=MOSTLY,
            make=gromacs),
    printed("whole.tng", demand="R3: a TNG of two sets of frames", good=4, statuses=MOSTLY,
            make=data(tng(3)), check=lambda a: a["natoms"] == [9] * 4),
    printed("cut.tng", demand="R1, R5: a TNG that ends within its second set: told", statuses=BAD,
            make=data(tng(3)[:-60]), good=(0, 1, 2, 3), told=True),
    printed("tilted.gro", demand="R8: a skewed box of GROMACS", good=1, make=text(TILTED),
            statuses=MOSTLY, check=lambda a: abs(a["volume"] - 8000) < 1),
    printed("short_movie.axsf", demand="R5: three steps declared, two there: told", good=(0, 2),
            make=text(MOVIE), statuses=BAD, told=True),
    printed("quoted.cif", demand="R3: texts with words of CIF in them, errors in brackets", good=1,
            make=text(QUOTED), statuses=MOSTLY, check=lambda a: abs(a["volume"] - 80) < 1e-6),
    printed("ligand.pdb", demand="R3: atoms of a ligand alone, without a cell", good=1,
            make=text(HETERO + "END\n"), statuses=MOSTLY, check=lambda a: a["natoms"] == [3]),
    file("pw.in", demand="R11: an input of Quantum ESPRESSO: told, and what to do", good=0,
         make=text(INPUT), statuses=BAD, said=("input",)),
    file("water.log", demand="R11: a log of Gaussian: told", good=0, make=text(GAUSSIAN),
         statuses=BAD, told=True),
    file("in.melt", demand="R11: a script of LAMMPS: told", good=0, make=text(SCRIPT),
         statuses=BAD, told=True),
    file("geometry.in", demand="R11: a geometry of FHI-aims: told, or read", make=text(GEOMETRY),
         statuses=ANY, check=lambda a: a["problems"] or a["good_frames"] == 1),
    file("cluster.cfgs", demand="R3: clusters of MTP without a cell", good=2, statuses=MOSTLY,
         make=text(CLUSTER * 2)),
    file("of_ase.json", demand="R3: a database of ASE as JSON: told, or read", statuses=ANY,
         make=text(json.dumps(ASE_JSON)), check=lambda a: a["problems"] or a["good_frames"] == 1),
    file("cut_chemiscope.json", demand="R5: half an input of chemiscope: told", good=0,
         make=text(CHEMISCOPE[: len(CHEMISCOPE) // 2]), statuses=BAD, told=True),
)  # fmt: skip

THIRD_OTHERS = (*SESSIONS, *OTHERS)
