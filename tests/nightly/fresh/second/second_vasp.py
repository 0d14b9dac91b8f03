"""VASP and ASE again: versions 4 to 6, killed jobs, hostile XML. Not read before its commit."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from tests.fuzz.readers import zstd
from tests.nightly.fresh.case import Answer, Case, data, text

CELL = " 4.0 0.0 0.0\n 0.0 4.5 0.0\n 0.0 0.0 5.0\n"
DIRECT = " 0.05 0.10 0.15\n 0.50 0.25 0.75\n 0.30 0.80 0.45\n"
SALVAGED = ("partial",)
MOSTLY = ("ok", "partial")
BAD = ("error", "partial", "refused")
file = partial(Case, kind="trajectory")
printed = partial(file, library=True)


def poscar(names: str = " Mg O\n", counts: str = " 1 2", how: str = "Direct", title: str = "salt",
           rows: str = DIRECT) -> str:  # fmt: skip
    return f"{title}\n 1.0\n{CELL}{names}{counts}\n{how}\n{rows}"


def xdatcar(counts: str, rows: str, *numbers: int) -> str:
    head = f"Mg O\n 1.0\n{CELL} Mg O\n {counts}\n"
    return head + "".join(f"Direct configuration= {k:5d}\n{rows}" for k in numbers)


FOUR_6 = (
    "    3    3    2\n  0.3E+02  0.4E-09  0.4E-09  0.5E-09  0.1E-14\n  300.0\n  CAR\n MgO run\n"
)
AFTER_MD = (
    "\nLattice velocities and vectors\n  1\n" + "  0.1E-02  0.0E+00  0.0E+00\n" * 3
    + "  0.4E+01  0.0E+00  0.0E+00\n" * 3 + "\n" + "  0.1E-03  0.2E-03  0.3E-03\n" * 3
    + "\n  1\n  0.5E+00\n  0.1E+01  0.0E+00  0.0E+00  0.0E+00\n"
    + "  0.05  0.10  0.15\n  0.50  0.25  0.75\n  0.30  0.80  0.45\n" * 3
)  # fmt: skip
GRID = "\n    2    2    2\n 0.11E+01 0.12E+01 0.13E+01 0.14E+01 0.15E+01\n 0.1 0.2 0.3\n"

HEAD = """ vasp.6.4.2 20Jul23 (build Sep 01 2023) complex

 executed on             LinuxIFC date 2026.11.01  08:15:00
 running on    4 total cores
 POTCAR:    PAW_PBE Mg 13Apr2007
 POTCAR:    PAW_PBE O 08Apr2002
 POTCAR:    PAW_PBE Mg 13Apr2007
 POTCAR:    PAW_PBE O 08Apr2002
   VRHFIN =Mg: p6s2
   VRHFIN =O: s2p4
   number of dos      NEDOS =    301   number of ions     NIONS =      3
   k-points           NKPTS =      1   number of bands    NBANDS=      8
   ISPIN  =      1    spin polarized calculation?
   ions per type =               1   2
  k-points in reciprocal lattice and weights: Gamma
   0.0 0.0 0.0  1.000
"""
STEP = """--------------------------------------- Iteration      1(   1)  ------------------
  in kB       1.50000     2.50000     3.50000     0.00000     0.00000     0.00000
      direct lattice vectors                 reciprocal lattice vectors
     4.000000000  0.000000000  0.000000000     0.250000000  0.000000000  0.000000000
     0.000000000  4.500000000  0.000000000     0.000000000  0.222222222  0.000000000
     0.000000000  0.000000000  5.000000000     0.000000000  0.000000000  0.200000000
 POSITION                                       TOTAL-FORCE (eV/Angst)
 -----------------------------------------------------------------------------------
      0.20000      0.45000      0.75000         0.010000      0.000000      0.000000
      2.00000      1.12500      3.75000        -0.020000      0.000000      0.000000
      1.20000      3.60000      2.25000         0.010000      0.000000      0.000000
 -----------------------------------------------------------------------------------
  FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)
  ---------------------------------------------------
  free  energy   TOTEN  =       -17.25000000 eV

  energy  without entropy=      -17.20000000  energy(sigma->0) =      -17.22500000
"""
OUTCAR = HEAD + STEP * 3


def rows(name: str, *lines: str) -> str:
    return f'<varray name="{name}">\n' + "".join(f"<v>{one}</v>\n" for one in lines) + "</varray>\n"


STRUCTURE = (
    "<structure>\n<crystal>\n" + rows("basis", "4 0 0", "0 4.5 0", "0 0 5") + "</crystal>\n"
    + rows("positions", "0.05 0.1 0.15", "0.5 0.25 0.75") + "</structure>\n"
)  # fmt: skip
ENERGY = (
    '<energy>\n<i name="e_fr_energy">-9.5</i>\n<i name="e_wo_entrp">-9.25</i>\n'
    '<i name="e_0_energy">-9.375</i>\n</energy>\n'
)
CALCULATION = (
    f"<calculation>\n<scstep>\n{ENERGY}</scstep>\n{STRUCTURE}"
    + rows("forces", "0.1 0 0", "-0.1 0 0") + rows("stress", "1 0 0", "0 1 0", "0 0 1")
    + f"{ENERGY}</calculation>\n"
)  # fmt: skip


def vasprun(*, doctype: str = "", name: str = "Mg", steps: int = 2) -> str:
    atoms = "".join(f"<rc><c>{one}</c><c>1</c></rc>\n" for one in (name, "O "))
    points = rows("kpointlist", "0 0 0") + rows("weights", "1")
    return (
        f'<?xml version="1.0" encoding="ISO-8859-1"?>\n{doctype}<modeling>\n<generator>\n'
        f"</generator>\n<kpoints>\n{points}</kpoints>\n<atominfo>\n"
        f'<array name="atoms">\n<set>\n{atoms}</set>\n</array>\n</atominfo>\n'
        + STRUCTURE.replace("<structure>", '<structure name="initialpos">', 1)
        + CALCULATION * steps + "</modeling>\n"
    )  # fmt: skip


LAUGHS = "<!DOCTYPE modeling [\n<!ENTITY l0 \"Mg\">\n" + "".join(
    f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">\n' for k in range(1, 11)
) + "]>\n"  # fmt: skip
OUTSIDE = '<!DOCTYPE modeling [<!ENTITY out SYSTEM "secret.txt">]>\n'
WHOLE = vasprun()


def with_secret(path: Path) -> None:
    path.with_name("secret.txt").write_text("SECRETWORD")
    path.write_text(vasprun(doctype=OUTSIDE, name="&out;"))


# --- ASE trajectories --------------------------------------------------------------------------


@cache
def written(kind: str) -> bytes:
    """Frames of ASE: with results, appended to, of a slab, of text, or none."""
    from ase import Atoms
    from ase.calculators.singlepoint import SinglePointCalculator
    from ase.constraints import FixAtoms
    from ase.io.trajectory import Trajectory

    def atoms(k: int) -> Any:
        found = Atoms("MgO", [[0, 0, 0.1 * k], [2.1, 0, 0]], cell=[4.2, 4.2, 4.2], pbc=True)
        found.info["note"] = "__import__('os').system('touch x') <script>"
        if kind == "results":
            found.set_constraint(FixAtoms([0]))
            forces = [[0.1, 0, 0], [-0.1, 0, 0]]
            found.calc = SinglePointCalculator(found, energy=-3.5 - k, forces=forces)
        if kind == "slab":
            found.set_cell([[4.2, 0, 0], [0, 4.2, 0], [0, 0, 0]])
            found.set_pbc((True, True, False))
        return found

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.traj")
        for mode, numbers in (("w", range(3)), ("a", range(3, 4))):
            if mode == "w" or kind == "appended":
                with Trajectory(path, mode) as writer:
                    for k in () if kind == "none" else numbers:
                        writer.write(atoms(k))
        return path.read_bytes()


def traj(kind: str, change: Callable[[bytes], bytes] = bytes) -> Callable[[Path], object]:
    """Written when it is asked for: ASE takes a while to load."""
    return lambda path: path.write_bytes(change(written(kind)))


def has_results(answer: Answer) -> bool:
    return answer["info"]["energy"] == -3.5 and "forces" in answer["columns"]


SECOND_VASP = (
    file("POSCAR_four", demand="R8: VASP 4 names no elements: the title is not taken for them",
         make=text(poscar(names="", title="Mg O")), good=1, statuses=MOSTLY, told=True),
    file("POSCAR_repeated", demand="R3: elements that come again, as in Mg O Mg O", good=1,
         make=text(poscar(" Mg O Mg O\n", " 1 2 1 2", rows=DIRECT * 2)),
         check=lambda a: a["natoms"] == [6]),
    file("POSCAR_remarks", demand="R3: flags and remarks behind the places", good=1,
         make=text(poscar(how="Selective dynamics\ndirect",
                          rows=DIRECT.replace("\n", " T F T ! Mg1\n")))),
    file("CONTCAR_after_md", demand="R3: velocities of the lattice and what VASP 6 puts behind",
         make=text(poscar() + AFTER_MD), good=1, statuses=MOSTLY),
    file("CHGCAR", demand="R8: the grid of a CHGCAR is no velocity", good=1, statuses=MOSTLY,
         make=text(poscar() + GRID), check=lambda a: "velocities" not in a["columns"]),
    file("XDATCAR_joined", demand="R5: two compositions joined by cat: 4 frames, or told",
         make=text(xdatcar("1 2", DIRECT, 1, 2) + xdatcar("2 4", DIRECT * 2, 1, 2)),
         statuses=("ok", *BAD), check=lambda a: a["problems"] or a["natoms"] == [3, 3, 6, 6]),
    file("XDATCAR_of_46", demand="R8: VASP 4.6 writes neither cell nor elements: told", told=True,
         make=text(FOUR_6 + "".join(f" Konfig= {k:4d}\n{DIRECT}" for k in (1, 2))),
         statuses=("ok", *BAD)),
    file("XDATCAR_begun", demand="R5: a head without configurations: told", good=0, statuses=BAD,
         make=text(xdatcar("1 2", DIRECT)), told=True),
    printed("OUTCAR.gz", demand="R13: a packed OUTCAR", good=3, statuses=MOSTLY,
         make=data(gzip.compress(OUTCAR.encode())),
         check=lambda a: abs(a["volume"] - 90) < 1e-6),
    printed("OUTCAR_killed", demand="R5: it ends within the forces of step 3: told", good=(0, 1, 2),
         make=text(OUTCAR[: OUTCAR.rindex("     -0.020000")]), statuses=BAD, told=True),
    printed("vasprun_killed.xml", demand="R5: it ends within the second calculation: told",
         make=text(WHOLE[: WHOLE.rindex('<varray name="stress"')]), good=(0, 1), statuses=BAD,
         told=True),
    printed("vasprun_laughs.xml", demand="R4: entities that grow to 10^10: told", good=0,
         make=text(vasprun(doctype=LAUGHS, name="&l10;")), statuses=BAD, told=True),
    printed("vasprun_outside.xml", demand="S1: an entity that names a file beside is not read",
         make=with_secret, statuses=("ok", *BAD), check=lambda a: "SECRETWORD" not in str(a)),
    file("results.traj", demand="R3: energies, forces and constraints", good=3,
         make=traj("results"), check=has_results),
    file("appended.traj", demand="R15: a second run that appended", good=4, make=traj("appended")),
    file("no_frames.traj", demand="R5: a run that wrote no frame: told", good=0, told=True,
         make=traj("none"), statuses=BAD),
    file("count_zero.traj", demand="R5: killed before the count was written: frames, or told",
         make=traj("text", lambda b: b[:32] + bytes(8) + b[40:]), statuses=("ok", *BAD),
         check=lambda a: a["problems"] or a["good_frames"] == 3),
    file("text.traj", demand="S1: a text that is a program stays a text", good=3,
         make=traj("text"), check=lambda a: a["info"]["note"].startswith("__import__('os')")),
    file("slab.traj", demand="R5: a slab without a third vector", good=3, make=traj("slab"),
         statuses=MOSTLY),
    file("slab.traj.zst", demand="R13: a packed .traj", good=3, statuses=MOSTLY,
         make=traj("slab", lambda b: bytes(zstd().compress(b)))),
)  # fmt: skip
