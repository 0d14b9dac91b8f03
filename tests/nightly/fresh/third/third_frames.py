"""Extended XYZ, LAMMPS and VASP a third time. Not read before its commit."""

from __future__ import annotations

import io
import zipfile
from functools import partial

from tests.nightly.fresh.case import Case, data, text

BOX = 'Lattice="6 0 0 0 6 0 0 0 8"'
KINDS = "Properties=species:S:1:pos:R:3:charge:R:1"
PLACES = ((0.2, 0.1, 0.4), (2.1, 0.7, 1.5), (1.3, 3.4, 2.6), (4.0, 4.2, 0.9))
SALVAGED = ("partial",)
MOSTLY = ("ok", "partial")
BAD = ("error", "partial", "refused")
ANY = ("ok", *BAD)
file = partial(Case, kind="trajectory")


def rows(step: int = 0, more: str = " 0.5", name: str = "Cd", gap: str = " ") -> str:
    return "".join(
        f"{name}{gap}{x + 0.01 * step:.4f}{gap}{y}{gap}{z}{more}\n" for x, y, z in PLACES
    )


def xyz(step: int = 0, comment: str = f"{BOX} {KINDS} energy=-2.25", atoms: str = "") -> str:
    return f"4\n{comment}\n{atoms or rows(step)}"


def plain(comment: str, atoms: str = "") -> str:
    return f"4\n{comment}\n{atoms or rows(more='')}"


def three(middle: str) -> str:
    return xyz(0) + middle + xyz(2)


def every(comment: str) -> str:
    return "".join(xyz(k, comment) for k in range(3))


THREE = three(xyz(1))
LINES = xyz(1).splitlines(keepends=True)
INTERLEAVED = xyz(0) + "".join(LINES[:4]) + xyz(2) + "".join(LINES[4:]) + xyz(3)
GLUED = xyz(1).replace("2.1100 0.7 1.5", "2.1100-0.7000-1.5000")

XYZ = (
    file("charged.xyz", demand="R7: labels Fe3+ and O2- are atoms with these labels", good=2,
         make=text(plain("ions", rows(0, "", "Fe3+")) + plain("ions", rows(1, "", "O2-"))),
         statuses=MOSTLY),
    file("numbers_alone.xyz", demand="R8: atomic numbers in place of symbols", good=2,
         make=text(plain("a", rows(0, "", "26")) + plain("b", rows(1, "", "8"))), statuses=MOSTLY),
    file("rules.xyz", demand="R3: comments that are lines of = signs", good=3,
         make=text("".join(plain(f"====== step {k} ======") for k in range(3)))),
    file("tiny_numbers.xyz", demand="R7: 1e-310, -0.0 and 4.9e-324 are numbers", good=2, quiet=True,
         make=text(plain("", "C 1e-310 -0.0 4.9e-324\n" * 4) * 2)),
    file("glued_numbers.xyz", demand="R5: Fortran's numbers without a gap: frame 2 told", good=2,
         make=text(three(GLUED)), statuses=SALVAGED, said=("\"frame\": 2",)),
    file("interleaved.xyz", demand="R6: one frame written into another: the others good, told",
         make=text(INTERLEAVED), good=(2, 3), statuses=SALVAGED, told=True),
    file("ruled.xyz", demand="R6: lines of dashes between frames", good=3, statuses=MOSTLY,
         make=text(xyz(0) + "-----\n" + xyz(1) + "-----\n" + xyz(2))),
    file("words_for_pbc.xyz", demand="R7: pbc as True False True", good=3, quiet=True,
         make=text(every(f'{BOX} {KINDS} pbc="True False True"'))),
    file("small_letters.xyz", demand="R8: properties= in small letters: read, or told",
         make=text(every(f"{BOX} {KINDS.replace('Prop', 'prop')}")), statuses=ANY,
         check=lambda a: a["problems"] or "charge" in a["columns"]),
    file("column_twice.xyz", demand="R7: a column of one name twice is told", statuses=ANY,
         make=text("".join(xyz(k, f"{BOX} {KINDS}:charge:R:1", rows(k, " 0.5 0.7"))
                           for k in range(3))), told=True),
    file("no_width.xyz", demand="R4: a column of width 0: read, or told", statuses=ANY,
         make=text(every(f"{BOX} {KINDS}:tag:S:0")),
         check=lambda a: a["problems"] or a["good_frames"] == 3),
    file("minus_width.xyz", demand="R4: a column of width -3: told", statuses=BAD, told=True,
         make=text(every(f"{BOX} {KINDS.replace('pos:R:3', 'pos:R:-3')}"))),
    file("bytes_of_ff.xyz", demand="R10: bytes that are no text in a comment: told", good=(2, 3),
         make=data(xyz(0).encode() + xyz(1).encode().replace(b"energy", b"\xff\xff\xfe energy")
                   + xyz(2).encode()), statuses=MOSTLY, told=True),
    file("crcrlf.xyz", demand="R10: lines that end by CR CR LF: read, or told", statuses=ANY,
         make=data(THREE.replace("\n", "\r\r\n").encode()),
         check=lambda a: a["problems"] or a["good_frames"] == 3),
    file("form_feeds.xyz", demand="R3: form feeds between columns: read, or told", statuses=ANY,
         make=text(plain("", rows(0, "", "C", "\x0c")) * 3),
         check=lambda a: a["problems"] or a["good_frames"] == 3),
    file("fixed_blanks.xyz", demand="R10: fixed blanks of a web page: read, or told", statuses=ANY,
         make=text(plain("", rows(0, "", "C", "\u00a0")) * 3),
         check=lambda a: a["problems"] or a["good_frames"] == 3),
    file("json_value.xyz", demand="R7: a value as JSON, and what follows it", good=3,
         make=text(every(f'{BOX} {KINDS} about="_JSON {{\\"a\\": [1, 2]}}" energy=-2.25')),
         check=lambda a: a["info"]["energy"] == -2.25, statuses=MOSTLY),
    file("long_label.xyz", demand="R4: a label of 100 000 letters", good=(2, 3), statuses=MOSTLY,
         make=text(three(xyz(1).replace("Cd", "C" * 100_000, 1)))),
    file("blank_front.xyz", demand="R3: three blank lines in front: read, or told", statuses=ANY,
         make=text("\n\n\n" + THREE), check=lambda a: a["problems"] or a["good_frames"] == 3),
    file("count_alone.xyz", demand="R5: a count and nothing else: told", good=0, statuses=BAD,
         make=text("4\n"), told=True),
)  # fmt: skip


def dump(
    step: str = "0", count: str = "4", bounds: str = "pp pp pp", box: str = "0 9\n0 9\n0 9",
    more: str = "", ids: tuple[int, ...] = (1, 2, 3, 4), values: str = "",
) -> str:  # fmt: skip
    atoms = "".join(
        f"{i} 1 {x} {y} {z}{values}\n" for i, (x, y, z) in zip(ids, PLACES, strict=True)
    )
    head = f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{count}\n"
    box = f"ITEM: BOX BOUNDS {bounds}\n{box}\n"
    return f"{head}{box}ITEM: ATOMS id type x y z{more}\n{atoms}"


SECOND = dump("10")
SKEW = dump("10", bounds="xy xz yz pp pp pp", box="0 10 1\n0 9 0\n0 9 0")
GENERAL = dump("20", bounds="abc origin pp pp pp", box="9 0 0 0\n1 9 0 0\n0 0 9 0")
LOG = (
    "LAMMPS (2 Aug 2023)\nunits metal\n   Step Temp\n       0 300\n     100 301.5\nLoop time of 1\n"
)
LABELS = """salt with labels

4 atoms
2 atom types
0 9 xlo xhi
0 9 ylo yhi
0 9 zlo zhi

Atom Type Labels

1 Na
2 Cl

Masses

1 22.98977
2 35.453

Atoms # charge

1 Na 1.0 0.2 0.1 0.4
2 Cl -1.0 2.1 0.7 1.5
3 Na 1.0 1.3 3.4 2.6
4 Cl -1.0 4.0 4.2 0.9
"""


def zipped(name: str, content: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


LAMMPS = (
    file("remark_front.dump", demand="R3: a remark of a tool in front: read, or told", good=(0, 2),
         make=text("# made by a tool\n" + dump() + SECOND), statuses=ANY,
         check=lambda a: a["problems"] and (a["good_frames"] == 2 or a["status"] != "ok")),
    file("three_boxes.dump", demand="R8: straight, skewed and general boxes in one file", good=3,
         make=text(dump() + SKEW + GENERAL), check=lambda a: abs(a["volume"] - 729) < 1e-6),
    file("ids_from_zero.dump", demand="R9: ids 0 and -1 are identities", good=2, statuses=MOSTLY,
         make=text("".join(dump(k, ids=(0, -1, 5, 7)) for k in ("0", "10")))),
    file("step_1e3.dump", demand="R5: a step 1.5e3: read, or frame 2 told", good=(2, 3),
         make=text(dump() + dump("1.5e3") + dump("2000")), statuses=MOSTLY),
    file("step_1e30.dump", demand="R4: a step of 31 digits: read, or frame 2 told", good=(2, 3),
         make=text(dump() + dump("1" + "0" * 30) + dump("20")), statuses=MOSTLY),
    file("blank_inside.dump", demand="R5: a blank line among the atoms of frame 2", good=(2, 3),
         make=text(dump() + SECOND.replace("2 1 2.1", "\n2 1 2.1") + dump("20")), statuses=MOSTLY),
    file("head_twice.dump", demand="R6: the head of frame 2 written twice", good=(2, 3),
         make=text(dump() + SECOND[: SECOND.index("ITEM: ATOMS")] + SECOND + dump("20")),
         statuses=MOSTLY, told=True),
    file("large_speed.dump", demand="R5: a velocity of 1e400: frame 2 without it, or told",
         make=text("".join(dump(k, more=" vx", values=f" {v}")
                           for k, v in (("0", 1), ("10", "1e400"), ("20", 2)))), good=(2, 3),
         statuses=MOSTLY),
    file("a_log.dump", demand="R3: a log of LAMMPS called .dump: told", good=0, statuses=BAD,
         make=text(LOG), told=True),
    file("state.restart", demand="R3: a restart file of LAMMPS: told", good=0, statuses=BAD,
         make=data(b"LammpS RestartT\0" + bytes(range(256)) * 4), told=True),
    file("run.dump.zip", demand="R13: a dump in a zip: told, and what to do", good=0, statuses=BAD,
         make=data(zipped("run.dump", dump() + SECOND)), said=("zip", "unpack")),
    file("labels.data", demand="R8: labels of types are elements", good=1, statuses=MOSTLY,
         make=text(LABELS), library=True, check=lambda a: a["natoms"] == [4]),
    file("no_section.data", demand="R5: four atoms declared, no section Atoms: told", good=0,
         make=text(LABELS[: LABELS.index("Atoms #")]), statuses=BAD, told=True, library=True),
)  # fmt: skip

CELL = " 4.0 0.0 0.0\n 0.0 4.0 0.0\n 0.0 0.0 5.0\n"
DIRECT = " 0.05 0.10 0.15\n 0.50 0.25 0.75\n 0.30 0.80 0.45\n"


def poscar(names: str = " Ti O\n", counts: str = " 1 2", scale: str = "1.0", how: str = "Direct",
           atoms: str = DIRECT, cell: str = CELL) -> str:  # fmt: skip
    return f"rutile\n {scale}\n{cell}{names}{counts}\n{how}\n{atoms}"


def xdatcar(*words: str, atoms: str = DIRECT, title: str = "rutile") -> str:
    head = f"{title}\n 1.0\n{CELL} Ti O\n 1 2\n"
    return head + "".join(f"Direct configuration={word}\n{atoms}" for word in words)


UNIT = " 1.0 0.0 0.0\n 0.0 1.0 0.0\n 0.0 0.0 1.0\n"
VASP = (
    file("POSCAR_two_flags", demand="R5: two flags in place of three: read, or told", statuses=ANY,
         make=text(poscar(how="Selective\nDirect", atoms=DIRECT.replace("\n", " T F\n"))),
         check=lambda a: a["problems"] or a["good_frames"] == 1),
    file("POSCAR_scaled", demand="R8: a scale of 3.5 holds for cell and places", good=1,
         make=text(poscar(scale="3.5", how="Cartesian", cell=UNIT)),
         check=lambda a: abs(a["volume"] - 42.875) < 1e-6),
    file("POSCAR_words_below", demand="R3: words of a program below the places", good=1,
         make=text(poscar() + "\nmade by a program\nfor a picture\n"), statuses=MOSTLY),
    file("POSCAR_labels_behind", demand="R8: VASP 4 with elements behind the places", good=1,
         make=text(poscar(names="", atoms=DIRECT.replace("\n", " Ti\n"))), statuses=MOSTLY),
    file("POSCAR_nan", demand="R5: a place NaN: told, not shown as good", good=0, statuses=BAD,
         make=text(poscar(atoms=DIRECT.replace("0.50", "NaN"))), told=True),
    file("CONTCAR_of_none", demand="R5: no atoms of each element: told", good=(0, 1), told=True,
         make=text(poscar(counts=" 0 0", atoms="")), statuses=ANY),
    file("XDATCAR_blank_inside", demand="R6: a blank line within configuration 2", good=(2, 3),
         make=text(xdatcar("     1", atoms=DIRECT)
                   + "Direct configuration=     2\n" + DIRECT.replace("\n", "\n\n", 1)
                   + "Direct configuration=     3\n" + DIRECT), statuses=MOSTLY,
         check=lambda a: a["problems"] or a["good_frames"] == 3),
    file("XDATCAR_stars", demand="R3: numbers of configurations that became stars", good=3,
         make=text(xdatcar("******", "******", "******"))),
    file("XDATCAR_unnumbered", demand="R3: configurations without a number", good=3,
         make=text(xdatcar("", "", ""))),
    file("XDATCAR_of_mueller", demand="R10: a title in Latin-1", good=3, statuses=MOSTLY,
         make=data(xdatcar(" 1", " 2", " 3", title="Müller").encode("latin-1"))),
    file("vasprun_begun.xml", demand="R11: a vasprun.xml that has but begun: told", good=0,
         make=text('<?xml version="1.0"?>\n<modeling>\n <generator>\n'), statuses=BAD, told=True,
         library=True),
    file("OUTCAR_begun", demand="R11: an OUTCAR without a step: told", good=0, statuses=BAD,
         make=text(" vasp.6.4.2 20Jul23\n executed on  LinuxIFC date 2026.11.01\n"), told=True,
         library=True),
)  # fmt: skip

THIRD_FRAMES = (*XYZ, *LAMMPS, *VASP)
