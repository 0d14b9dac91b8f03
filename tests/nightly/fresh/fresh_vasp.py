"""XDATCAR and POSCAR. Written down before any of it was read."""

from __future__ import annotations

from functools import partial

from tests.nightly.fresh.case import Case, text

HEAD = "run of silica\n 1.0\n 5.1 0.0 0.0\n 0.0 5.1 0.0\n 0.0 0.0 5.6\n Si O\n 1 2\n"
ROWS = " 0.10000000 0.20000000 0.30000000\n 0.40000000 0.5 0.60000000\n 0.7 0.8 0.90000000\n"


def run(*numbers: int, head: str = HEAD, rows: str = ROWS) -> str:
    return head + "".join(f"Direct configuration= {k:5d}\n{rows}" for k in numbers)


SALVAGED = ("partial",)
BAD = ("error", "partial", "refused")
vasp = partial(Case, kind="trajectory")
THREE = run(1, 2, 3)

VASP = (
    vasp("XDATCAR_blanks", demand="R3: tabs and blanks around the lattice",
         make=text(THREE.replace(" 5.1 0.0 0.0", "\t5.1\t0.0   0.0  ")), good=3),
    vasp("XDATCAR_no_title", demand="R3: an empty title line", good=3,
         make=text(THREE.replace("run of silica", ""))),
    vasp("XDATCAR_three_scales", demand="R8: three scales are applied, or told; never the first",
         make=text(THREE.replace(" 1.0\n", " 1.0 2.0 1.0\n", 1)),
         statuses=("ok", *BAD),
         check=lambda a: a["problems"] or abs(a["volume"] - 5.1 * 5.1 * 5.6 * 2) < 0.01),
    vasp("XDATCAR_counts", demand="R5: two elements and one count: told", good=0,
         make=text(THREE.replace(" 1 2\n", " 3\n", 1)), statuses=BAD, told=True),
    vasp("XDATCAR_cut_row", demand="R5: it ends within a row: 2 are good, frame 3 told", good=2,
         make=text(THREE[:-20]), statuses=SALVAGED, said=("\"frame\": 3",)),
    vasp("XDATCAR_crlf", demand="R10: CRLF", make=text(THREE.replace("\n", "\r\n")), good=3),
    vasp("XDATCAR_potcar_names", demand="R8: Si_sv and O/0a1b are Si and O", good=3,
         make=text(THREE.replace("Si O", "Si_sv O/0a1b"))),
    vasp("XDATCAR_restarted", demand="R15: numbers that begin again are frames of one run",
         make=text(run(1, 2, 1, 2)), good=4),
    vasp("XDATCAR_scale_word", demand="R5: a scale that is a word: told", good=0,
         make=text(THREE.replace(" 1.0\n", " one\n", 1)), statuses=BAD, told=True),
    vasp("XDATCAR_short_row", demand="R5: a row of two numbers: 1 and 3 are good, frame 2 told",
         make=text(run(1, 2, 3).replace("Direct configuration=     2\n 0.10000000 0.20000000",
                                        "Direct configuration=     2\n 0.10000000")),
         good=2, statuses=SALVAGED, told=True),
    vasp("XDATCAR_zero_scale", demand="R5: a scale of 0: told", good=0,
         make=text(THREE.replace(" 1.0\n", " 0.0\n", 1)), statuses=BAD, told=True),
    vasp("XDATCAR_minus_atoms", demand="R4: -2 atoms: told", good=0,
         make=text(THREE.replace(" 1 2\n", " 1 -2\n", 1)), statuses=BAD, told=True),
    vasp("POSCAR_cut", demand="R5: a row is missing: told, not good", good=0,
         make=text(HEAD + "Direct\n" + ROWS[:60]), statuses=BAD, told=True),
    vasp("POSCAR_velocities", demand="R3: velocities after the places", good=1,
         make=text(HEAD + "Cartesian\n" + ROWS + "\n 0 0 0.1\n 0 0 0.2\n 0 0 0.3\n")),
)  # fmt: skip
