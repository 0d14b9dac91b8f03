"""LAMMPS again: dumps of other styles and times, data files. Not read before its commit."""

from __future__ import annotations

import struct
from functools import partial

from tests.nightly.fresh.case import Case, data, text

BOX = "0.0 9.0\n0.0 9.0\n0.0 9.0"
PLACES = ((3.5, 2.5, 1.0), (1.0, 4.5, 6.0), (6.5, 0.5, 3.0), (8.0, 7.5, 2.0))


def frame(
    step: int = 0, columns: str = "id type x y z", row: str = "{i} 2 {x} {y} {z}",
    bounds: str = "pp pp pp", box: str = BOX,
) -> str:  # fmt: skip
    head = f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n4\nITEM: BOX BOUNDS {bounds}\n{box}\n"
    rows = (row.format(i=i, x=x, y=y, z=z) for i, (x, y, z) in enumerate(PLACES, 1))
    return f"{head}ITEM: ATOMS {columns}\n" + "".join(f"{one}\n" for one in rows)


def three(middle: str) -> str:
    return frame(0) + middle + frame(20)


def moved(step: int) -> str:
    """The same places, once as x y z, else partly unwrapped and scaled; the box begins at -2."""
    box = "-2.0 7.0\n-2.0 7.0\n-2.0 7.0"
    if not step:
        return frame(0, box=box)
    rows = "".join(f"{i} 2 {x} {(y + 2) / 9!r} {z}\n" for i, (x, y, z) in enumerate(PLACES, 1))
    return frame(step, "id type xu ys z", "", box=box).rstrip("\n") + "\n" + rows


GRID = (
    f"ITEM: TIMESTEP\n0\nITEM: BOX BOUNDS pp pp pp\n{BOX}\nITEM: DIMENSION\n3\n"
    "ITEM: GRID SIZE nx ny nz\n2 1 1\nITEM: GRID CELLS f_ave[1] f_ave[2]\n0.5 1.5\n0.25 1.75\n"
)
LOCAL = (
    f"ITEM: TIMESTEP\n0\nITEM: NUMBER OF ENTRIES\n3\nITEM: BOX BOUNDS pp pp pp\n{BOX}\n"
    "ITEM: ENTRIES index c_d[1] c_d[2]\n1 1.5 0.5\n2 1.75 0.5\n3 1.25 0.5\n"
)
YAML = (
    "---\ncreator: LAMMPS\ntimestep: 0\nnatoms: 2\nboundary: [ p, p, p, p, p, p, ]\nbox:\n"
    "  - [ 0, 9 ]\n  - [ 0, 9 ]\n  - [ 0, 9 ]\nkeywords: [ id, type, x, y, z, ]\ndata:\n"
    "  - [ 1 , 1 , 0 , 0 , 0 , ]\n  - [ 2 , 1 , 1.5 , 1.5 , 0 , ]\n...\n"
)
BINARY = (
    struct.pack("<q", -8) + b"DUMPATOM" + struct.pack("<iiqq", 1, 2, 0, 4) + struct.pack("<i", 0)
    + struct.pack("<6i", *[0] * 6) + struct.pack("<6d", 0, 9, 0, 9, 0, 9) + bytes(200)
)  # fmt: skip
DATA = """LAMMPS data file of a salt, timestep = 0

4 atoms
2 atom types
0.0 9.0 xlo xhi
0.0 9.0 ylo yhi
0.0 9.0 zlo zhi
1.0 0.5 0.25 xy xz yz

Masses

1 22.98976928  # Na
2 35.453       # Cl

Atoms  # full

1 1 1  1.0 3.5 2.5 1.0 0 0 0
3 2 1  1.0 6.5 0.5 3.0 0 0 1
2 1 2 -1.0 1.0 4.5 6.0 0 -1 0
4 2 2 -1.0 8.0 7.5 2.0 0 0 0

Velocities

1 0.1 0 0
2 0.2 0 0
3 0.3 0 0
4 0.4 0 0
"""
SALVAGED = ("partial",)
MOSTLY = ("ok", "partial")
BAD = ("error", "partial", "refused")
GOOD = frame(10)
KILLED = GOOD[: GOOD.index("4 2 8.0") + 5]
dump = partial(Case, kind="trajectory")
file = partial(dump, library=True)

SECOND_DUMPS = (
    dump("old_no_columns.dump", demand="R8: columns without names are told, not guessed",
         make=text("".join(frame(k, "").replace("ATOMS \n", "ATOMS\n") for k in (0, 10))),
         statuses=("ok", *BAD), told=True,
         check=lambda a: not a["good_frames"] or "column" in str(a["problems"])),
    dump("skew_without_flags.dump", demand="R8: tilts without boundaries, as before 2010", good=2,
         make=text("".join(frame(k, bounds="xy xz yz",
                                 box="0.0 10.5 1.0\n0.0 9.25 0.5\n0.0 9.0 0.25")
                           for k in (0, 10))), check=lambda a: abs(a["volume"] - 729) < 1e-6),
    dump("killed.dump", demand="R5, R6: a row cut by a kill, the restart glued to it",
         make=text(frame(0) + KILLED + GOOD + frame(20)), good=(2, 3), statuses=SALVAGED,
         told=True),
    dump("brackets.dump", demand="R7: columns c_1[1], f_ave[2], v_e, d_q and i_flag", good=2,
         make=text("".join(frame(k, "id type x y z c_1[1] f_ave[2] v_e d_q i_flag",
                                 "{i} 2 {x} {y} {z} 0.5 1.5 2.5 -0.5 7") for k in (0, 10))),
         check=lambda a: all(any(name.startswith(word) for name in a["columns"])
                             for word in ("c_1", "f_ave", "v_e", "d_q", "i_flag"))),
    dump("mixed_places.dump", demand="R8: xu ys z are the places x y z, or told",
         make=text(moved(0) + moved(10)), statuses=("ok", *BAD), good=(0, 1, 2),
         check=lambda a: (a["good_frames"] < 2 and a["problems"]) or a.get("same_position")),
    dump("minus_nan.dump", demand="R5: a force of -nan: frame 2 without it, or told",
         make=text("".join(frame(k, "id type x y z fx", f"{{i}} 2 {{x}} {{y}} {{z}} {word}")
                           for k, word in ((0, "0.1"), (10, "-nan"), (20, "0.3")))),
         good=(2, 3), statuses=MOSTLY),
    dump("exploded.dump", demand="R5: a box of 1e150 A: no crash", good=(2, 3), statuses=MOSTLY,
         make=text(three(frame(10, box="-1e150 1e150\n-1e150 1e150\n-1e150 1e150")))),
    dump("many_columns.dump", demand="R4: 5 000 columns declared, 5 there: frame 2 told", good=2,
         make=text(three(frame(10, "id type x y z " + " ".join(f"c{k}" for k in range(4995))))),
         statuses=SALVAGED, told=True),
    dump("digits.dump", demand="R4: a number of a million digits takes no time", good=(2, 3),
         make=text(three(GOOD.replace("3 2 6.5", "3 2 6." + "3" * 1_000_000))), statuses=MOSTLY),
    dump("grid.dump", demand="R3: a dump of a grid is told, not shown as atoms", good=0,
         make=text(GRID * 2), statuses=BAD, told=True),
    dump("local.dump", demand="R3: a dump of bonds is told, not shown as atoms", good=0,
         make=text(LOCAL * 2), statuses=BAD, told=True),
    dump("in_yaml.yaml", demand="R3: a dump of style yaml: read, or told", good=(0, 2),
         make=text(YAML * 2), statuses=("ok", *BAD),
         check=lambda a: a["problems"] or a["good_frames"]),
    dump("reduced.dump", demand="R8: units lj, stated once, are said", good=3, statuses=MOSTLY,
         make=text("ITEM: UNITS\nlj\n" + three(GOOD)),
         check=lambda a: any(word in str(a["problems"]) for word in ("lj", "reduced"))),
    dump("style_atom.dump.bin", demand="R3: a binary dump is told, and what to do", good=0,
         make=data(BINARY), statuses=BAD, said=("binary",)),
    dump("water_labels.dump", demand="R8: elements OW and HW are labels", good=2, statuses=MOSTLY,
         make=text("".join(frame(k, "id element x y z", "{i} HW {x} {y} {z}").replace(
             "1 HW", "1 OW") for k in (0, 10)))),
    dump("blanks_at_ends.dump", demand="R3: a blank after each row and head", good=3,
         make=text("".join(frame(k, "id type x y z ", "{i} 2 {x} {y} {z} ") for k in range(3)))),
    dump("commented.dump", demand="R6: a line of a user between frames", good=3, statuses=MOSTLY,
         make=text(frame(0) + "# joined by hand on Monday\n" + GOOD + frame(20))),
    file("salt.data", demand="R3: a data file of style full, skewed", good=1, make=text(DATA),
         check=lambda a: a["natoms"] == [4] and abs(a["volume"] - 729) < 1e-6),
    file("cut_salt.data", demand="R5: a data file that ends within its atoms: told", good=0,
         make=text(DATA[: DATA.index("2 1 2 -1.0") + 6]), statuses=BAD, told=True),
    file("types_alone.data", demand="R8: types without masses are no elements: told", good=1,
         make=text(DATA[: DATA.index("Masses")] + DATA[DATA.index("Atoms") : DATA.index("Vel")]),
         statuses=MOSTLY, told=True),
)  # fmt: skip
