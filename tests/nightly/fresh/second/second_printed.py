"""What other programs print, and structures as text. Not read before its commit."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from tests.fuzz.outputs import AIMS, AIMS_RESULTS, CASTEP, PW_ERROR, PW_HEAD, PW_STEP, relaxed
from tests.nightly.fresh.case import Answer, Case, text

SALVAGED = ("partial",)
MOSTLY = ("ok", "partial")
BAD = ("error", "partial", "refused")
ANY = ("ok", *BAD)
file = partial(Case, kind="trajectory", library=True)
RELAXED = relaxed()
SIDE = 10.2 * 0.529177


def near(volume: float) -> Any:
    def check(answer: Answer) -> bool:
        return abs(answer["volume"] - volume) < 1e-3 * volume

    return check


def cif(name: str, *rows: str) -> str:
    lengths = "".join(f"_cell_length_{one} 5.0\n" for one in "abc")
    angles = "".join(f"_cell_angle_{one} 90\n" for one in ("alpha", "beta", "gamma"))
    loop = "loop_\n_atom_site_label\n" + "".join(f"_atom_site_fract_{one}\n" for one in "xyz")
    symmetry = "_symmetry_space_group_name_H-M 'P 1'\n"
    atoms = loop + "".join(f"{row}\n" for row in rows) if rows else ""
    return f"data_{name}\n{lengths}{angles}{symmetry}{atoms}\n"


TITLE = "data_paper\n_publ_section_title 'On salts'\n_journal_year 2026\n"


def atom(serial: str, name: str, x: float, element: str = "") -> str:
    return (
        f"ATOM  {serial:>5}  {name:<3} HOH A   1    {x:8.3f}{1:8.3f}{2:8.3f}{1:6.2f}{0:6.2f}"
        f"          {element:>2}\n"
    )


def model(k: int, *serials: str) -> str:
    rows = zip(serials, ("O", "H1", "H2"), strict=True)
    atoms = "".join(atom(serial, name, k + 0.1 * j, name[0]) for j, (serial, name)
                    in enumerate(rows))  # fmt: skip
    return f"MODEL     {k:4d}\n{atoms}TER\nENDMDL\n"


CRYST = "CRYST1   10.000   10.000   10.000  90.00  90.00  90.00 P 1\n"
XSF = (
    "# a slab\nCRYSTAL\nPRIMVEC\n 4.0 0.0 0.0\n 0.0 4.0 0.0\n 0.0 0.0 8.0\nPRIMCOORD\n 2 1\n"
    " 12 0.0 0.0 0.0\n 8 2.0 0.0 0.0\n"
)
HISTORY_HEAD = "salt, second study\n         0         1         2\n"
HISTORY_STEP = (
    "timestep      {:6d}         2         0         1    0.001000    {:f}\n"
    "     5.000     0.000     0.000\n     0.000     6.000     0.000\n"
    "     0.000     0.000     7.000\n"
    "Na               1   22.989770    1.000000\n     0.10     0.20     0.30\n"
    "Cl               2   35.453000   -1.000000\n     1.10     1.20     1.30\n"
)
HISTORY = HISTORY_HEAD + "".join(HISTORY_STEP.format(k, 0.001 * k) for k in (100, 200))


def mtp(*rows: str, size: str = "2") -> str:
    table = "".join(f"    {one}\n" for one in rows)
    return (
        f"BEGIN_CFG\n Size\n    {size}\n Supercell\n    5 0 0\n    0 5 0\n    0 0 5\n"
        f" AtomData:  id type cartes_x cartes_y cartes_z fx fy fz\n{table}"
        " Energy\n    -7.5\nEND_CFG\n\n"
    )


GOOD_MTP = mtp("1 0 0 0 0 0.1 0 0", "2 1 2.5 0 0 -0.1 0 0")
ATOMEYE = (
    "Number of particles = 1000000000000\nA = 1.0 Angstrom (basic length-scale)\n"
    + "".join(f"H0({i},{j}) = {5.0 * (i == j)} A\n" for i in (1, 2, 3) for j in (1, 2, 3))
    + ".NO_VELOCITY.\nentry_count = 3\n28.085\nSi\n0.1 0.2 0.3\n"
)  # fmt: skip


def structure(**more: Any) -> dict[str, Any]:
    sites = [{"species": [{"element": "Si", "occu": 1}], "xyz": [0.5 * k, 0, 0],
              "abc": [0.1 * k, 0, 0], "label": "Si"} for k in range(2)]  # fmt: skip
    matrix = [[5, 0, 0], [0, 5, 0], [0, 0, 5]]
    found = {"@module": "pymatgen.core.structure", "@class": "Structure", "charge": 0,
             "lattice": {"matrix": matrix}, "sites": sites}  # fmt: skip
    return found | more


FORCES = [[[0.1, 0.0, 0.0], [-0.1, 0.0, 0.0]]] * 3


def force_set(path: Path, forces: Any = None) -> None:
    """Three structures in a folder beside, and forces of two calculations."""
    folder = path.with_name("structures")
    folder.mkdir()
    for k in range(3):
        rows = f" 0.0 0.0 {0.1 * k:.2f}\n 0.5 0.5 0.5\n"
        content = f"two\n 1.0\n 5 0 0\n 0 5 0\n 0 0 5\n Mg O\n 1 1\nDirect\n{rows}"
        (folder / f"POSCAR_{k}").write_text(content)
    both = {"DFT": FORCES, "NEP": FORCES if forces is None else forces}
    energies = {"DFT": [-1.0, -2.0, -3.0], "NEP": [-1.5, -2.5, -3.5]}
    path.write_text(json.dumps({"Forces": both, "Energies": energies}))


SECOND_PRINTED = (
    file("relax.pwo", demand="R3: a relaxation of pw.x: its two steps", good=(2, 3),
         make=text(RELAXED), statuses=MOSTLY, check=near(SIDE**3)),
    file("relax_killed.pwo", demand="R5: it ends within the forces of step 2: told, not shown",
         make=text(RELAXED[: RELAXED.rindex("     atom    2 type")]), good=(0, 1), statuses=BAD,
         told=True),
    file("two_runs.pwo", demand="R3: two runs appended to one output", good=2, statuses=MOSTLY,
         make=text(PW_HEAD.format(alat=10.2) + PW_STEP + PW_HEAD.format(alat=10.4) + PW_STEP)),
    file("stopped.pwo", demand="R11: an output that holds but an error: told", good=0, told=True,
         make=text("     Program PWSCF v.7.2 starts on 14Feb2026\n" + PW_ERROR), statuses=BAD),
    file("aims.out", demand="R3: an output of FHI-aims", good=1, make=text(AIMS + AIMS_RESULTS),
         statuses=MOSTLY, check=near(4.2**3)),
    file("aims_killed.out", demand="R5: killed in the first cycle: told, or the structure alone",
         make=text(AIMS), statuses=ANY, good=(0, 1),
         check=lambda a: a["problems"] or a["good_frames"] == 1),
    file("aims_many.out", demand="R4: 900 000 000 000 atoms: told", good=0, statuses=BAD,
         make=text(AIMS.replace(":        2", ": 900000000000", 1) + AIMS_RESULTS), told=True),
    file("si2.castep", demand="R3: an output of CASTEP", good=1, make=text(CASTEP),
         statuses=MOSTLY, check=near(64)),
    file("killed.castep", demand="R5: it ends within the forces: told, not shown whole", good=0,
         make=text(CASTEP[: CASTEP.index(" * Si              2")]), statuses=BAD, told=True),
    file("many.castep", demand="R4: 1 000 000 000 ions: told", good=0, statuses=BAD, told=True,
         make=text(CASTEP.replace("in cell =    2", "in cell = 1000000000", 1))),
    file("two_blocks.cif", demand="R3: two structures in one file", good=2, statuses=MOSTLY,
         make=text(cif("one", "Na1 0 0 0", "Cl1 0.5 0.5 0.5") + cif("two", "Na1 0 0 0.1"))),
    file("no_atoms.cif", demand="R11: a CIF of a paper, without atoms: told", good=0,
         make=text(TITLE), statuses=BAD, told=True),
    file("dots.cif", demand="R5: atoms at . and ?: told, not at the origin", statuses=BAD,
         make=text(cif("open", "Na1 0 0 0", "H1 . . .", "H2 ? ? ?")), told=True),
    file("models.pdb", demand="R3: two models, serials beyond 99 999 as stars and A0000", good=2,
         make=text(CRYST + model(1, "1", "*****", "A0000") + model(2, "1", "2", "3") + "END\n"),
         statuses=MOSTLY, check=lambda a: a["natoms"] == [3, 3]),
    file("slab.xsf", demand="R3: one structure of XCrySDen, with a remark", good=1,
         make=text(XSF), statuses=MOSTLY, check=near(128)),
    file("cut.xsf", demand="R5: an atom short: told", good=0, make=text(XSF[: XSF.index(" 8 2")]),
         statuses=BAD, told=True),
    file("HISTORY", demand="R3: two steps of DL_POLY", good=2, make=text(HISTORY),
         statuses=MOSTLY, check=near(210)),
    file("HISTORY_killed", demand="R5: it ends within step 2: told", good=(0, 1), statuses=BAD,
         make=text(HISTORY[: HISTORY.rindex("Cl ") + 12]), told=True),
    file("short.cfgs", demand="R6: configuration 2 of 3 lacks a row: told, the others good",
         make=text(GOOD_MTP + mtp("1 0 0 0 0 0.1 0 0") + GOOD_MTP), good=2, statuses=SALVAGED,
         told=True),
    file("many.cfgs", demand="R4: a configuration of 10^12 atoms: told", good=(0, 1, 2),
         make=text(GOOD_MTP + mtp("1 0 0 0 0 0.1 0 0", size="1000000000000") + GOOD_MTP),
         statuses=BAD, told=True),
    file("many.cfg", demand="R4: an AtomEye file of 10^12 atoms: told", good=0,
         make=text(ATOMEYE), statuses=BAD, told=True),
    file("module.json", demand="S1: a class that a file names is not looked up: told or refused",
         make=text(json.dumps(structure(**{"@module": "os", "@class": "system"}))),
         statuses=ANY, good=(0, 1)),
    file("not_finite.json", demand="R5: a site at NaN: told, not shown as good", good=0,
         make=text(json.dumps(structure(sites=[{"species": [{"element": "Si", "occu": 1}],
                                                "xyz": [float("nan"), 0, 0], "label": "Si",
                                                "abc": [float("nan"), 0, 0]}]))),
         statuses=BAD, told=True),
    file("forces.json", demand="R3: forces of two calculations, structures beside", good=3,
         make=force_set, statuses=MOSTLY,
         check=lambda a: {"DFT_forces", "NEP_forces"} <= set(a["columns"])),
    file("short_forces.json", demand="R5: forces of two of three structures: told", good=(0, 2),
         make=lambda path: force_set(path, FORCES[:2]), statuses=BAD, told=True),
)  # fmt: skip
