"""Extended XYZ, plain and compressed. Written down before any of it was read."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.nightly.fresh.case import Answer, Case, data, text

PROPS = "Properties=species:S:1:pos:R:3:q:R:1"
PLACES = ((0.0, 0.0, 0.0), (1.4, 0.1, 0.2), (0.3, 2.2, 1.1), (3.0, 3.1, 0.7))


def frame(
    n: int = 4, head: str = "", count: str = "", row: str = "Ge {x:.3f} {y:.3f} {z:.3f} {q}"
) -> str:
    """One frame of germanium; `count` in place of its number of atoms."""
    rows = [
        row.format(x=PLACES[k % 4][0] + k // 4, y=PLACES[k % 4][1], z=PLACES[k % 4][2], q=0.5 * k)
        for k in range(n)
    ]
    lattice = 'Lattice="6 0 0 0 6 0 0 0 6"'
    return "\n".join([count or str(n), head or f"{lattice} {PROPS}", *rows]) + "\n"


ONE = frame()
THREE = ONE * 3


def changed(old: str, new: str, which: int = 1) -> str:
    """Three frames; within number `which` a text is another."""
    frames = [ONE, ONE, ONE]
    assert old in ONE
    frames[which] = ONE.replace(old, new, 1)
    return "".join(frames)


def says(**info: str) -> Callable[[Answer], bool]:
    return lambda answer: all(str(answer["info"].get(key)) == said for key, said in info.items())


def packed(name: str, content: str) -> bytes:
    zstd: Any = import_module(
        "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    )
    ways = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd.compress}
    return bytes(ways[name](content.encode()))


def zeros(path: Path) -> None:
    """300 MB of blanks in one comment."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"2\n")
        for _ in range(300):
            file.write(b" " * 1_000_000)
        file.write(b"\nGe 0 0 0\nGe 1 1 1\n")


SALVAGED = ("partial",)
BAD = ("error", "partial", "refused")
xyz = partial(Case, kind="trajectory")
CUT_GZ = gzip.compress(  # of frames that differ: what repeats is packed to nothing
    "".join(
        frame(60, row=f"Ge {{x}}{k * 7919 % 997} {{y}}{k} {{z}} {{q}}") for k in range(40)
    ).encode()
)

XYZ = (
    xyz("tabs.xyz", demand="R3: tabs and runs of blanks part the columns of a row",
        make=text(THREE.replace("Ge ", "Ge\t \t")), good=3, quiet=True),
    xyz("numerals.xyz", demand="R7: +1.5, .5, 5., 1e+00 and -0 are numbers",
        make=text(changed("1.400 0.100 0.200", "+1.5 .5 5.").replace("0.300 2.200", "1e+00 -0")),
        good=3, quiet=True),
    xyz("leading_zeros.xyz", demand="R5: a count 004 is 4",
        make=text(THREE.replace("4\n", "004 \n", 1)), good=3),
    xyz("no_atoms.xyz", demand="R5: a frame of no atoms is a frame, or is told of",
        make=text(ONE + frame(0) + ONE), good=(2, 3), statuses=("ok", "partial")),
    xyz("cut_count.xyz", demand="R5: the file ends within the count of a frame: 3 are good, told",
        make=text(THREE + "1"), good=3, statuses=("partial", "ok"), told=True),
    xyz("cut_comment.xyz", demand="R5: it ends within a comment: 3 are good, frame 4 told",
        make=text(THREE + '4\nLattice="6 0 0'), good=3, statuses=SALVAGED, said=('"frame": 4',)),
    xyz("count_too_large.xyz", demand="R5, R6: frame 2 declares 5 of 4 atoms: 1 and 3 are good",
        make=text(ONE + frame(count="5") + ONE), good=2, statuses=SALVAGED, told=True),
    xyz("count_too_small.xyz", demand="R5, R6: frame 2 declares 3 of 4 atoms: the surplus is told",
        make=text(ONE + frame(count="3") + ONE), good=(2, 3), statuses=SALVAGED, told=True),
    xyz("utf8_labels.xyz", demand="R7, R10: labels in UTF-8 stay as written",
        make=text(THREE.replace(PROPS, f'{PROPS} sample="Glühkathode Å-7"')),
        good=3, quiet=True, check=says(sample="Glühkathode Å-7")),
    xyz("utf16.xyz", demand="R10: UTF-16 with its mark is read",
        make=data(THREE.encode("utf-16")), good=3),
    xyz("latin1.xyz", demand="R10: Latin-1 is read, with a note",
        make=data(THREE.replace(PROPS, f"{PROPS} who=Müller").encode("latin-1")),
        good=3, told=True, said=("latin-1",)),
    xyz("old_mac.xyz", demand="R10: lines that end by CR alone",
        make=text(THREE.replace("\n", "\r")), good=3),
    xyz("quoted.xyz", demand="R7: blanks, equal signs and braces within quotes are text",
        make=text(THREE.replace(PROPS, PROPS + ' note="a=b {c} [d] e"')),
        good=3, quiet=True, check=says(note="a=b {c} [d] e")),
    xyz("flat_cell.xyz", demand="R5: a cell without volume shows no crash; told, or without cell",
        make=text(THREE.replace("6 0 0 0 6 0 0 0 6", "6 0 0 6 0 0 0 0 6")),
        good=(0, 3), statuses=("ok", "partial")),
    xyz("nan_cell.xyz", demand="R5: a cell that is no number: frame 2 told, 1 and 3 good",
        make=text(changed("6 0 0 0 6", "6 0 0 nan 6")), good=2, statuses=SALVAGED,
        said=("frame\": 2",)),
    xyz("numbers_for_species.xyz", demand="R8: Z:I:1 are atomic numbers",
        make=text(frame(head=f"{PROPS.replace('species:S:1', 'Z:I:1')}", row="32 {x} {y} {z} {q}")),
        good=1),
    xyz("places_first.xyz", demand="R7: columns in another order",
        make=text(frame(head="Properties=q:R:1:pos:R:3:species:S:1", row="{q} {x} {y} {z} Ge")),
        good=1, quiet=True),
    xyz("properties_twice.xyz", demand="R7: Properties given twice is told, never chosen silently",
        make=text(THREE.replace(PROPS, f"{PROPS} Properties=species:S:1:pos:R:3")),
        statuses=("ok", "partial", "error"), said=("given twice",)),
    xyz("ones_for_pbc.xyz", demand="R7: pbc as 1 0 1 is read", quiet=True,
        make=text(THREE.replace(PROPS, f'{PROPS} pbc="1 0 1"')), good=3),
    xyz("energy_with_unit.xyz", demand="R7: -1.5eV is text, no number", good=3,
        make=text(THREE.replace(PROPS, f"{PROPS} energy=-1.5eV")), check=says(energy="-1.5eV")),
    xyz("decimal_comma.xyz", demand="R5: 1,400 is no number: frame 2 told by its line",
        make=text(changed("1.400", "1,400")), good=2, statuses=SALVAGED, said=("10",)),
    xyz("hex.xyz", demand="R5: 0x10 is no number: frame 2 is not good",
        make=text(changed("1.400", "0x10")), good=2, statuses=SALVAGED, told=True),
    xyz("underscore.xyz", demand="R7: 1_4.0 is no number: frame 2 is not good",
        make=text(changed("1.400", "1_4.0")), good=2, statuses=SALVAGED, told=True),
    xyz("blanks_1mb.xyz", demand="R4: a megabyte of blanks after a comment",
        make=text(THREE.replace(PROPS, PROPS + " " * 1_000_000, 1)), good=3),
    xyz("many_tiny.xyz", demand="R4: 20 000 frames of one atom", quiet=True,
        make=text("1\n\nHe 0 0 0\n" * 20_000), good=20_000),
    xyz("count_4.0.xyz", demand="R5: a count 4.0 is no count: told, frames 1 and 3 good",
        make=text(ONE + frame(count="4.0") + ONE), good=(2, 3), statuses=("ok", "partial"),
        told=True),
    xyz("ansi.xyz", demand="S2, S6: control characters in a label are data",
        good=3,
        make=text(THREE.replace(PROPS, PROPS + ' name="\x1b[31m<script>alert(1)</script>"'))),
    xyz("two_members.xyz.gz", demand="R13: members of gzip one after the other are one file",
        make=data(gzip.compress(ONE.encode()) + gzip.compress((ONE * 2).encode())), good=3),
    xyz("whole.xyz.xz", demand="R13: xz", make=data(packed("xz", THREE)), good=3),
    xyz("whole.xyz.zst", demand="R13: zstd", make=data(packed("zst", THREE)), good=3),
    xyz("cut.xyz.bz2", demand="R5, R13: a cut bzip2 file gives what it holds, or is told",
        make=data(packed("bz2", THREE)[:-9]), statuses=BAD, told=True),
    xyz("cut.xyz.gz", demand="R5, R13: a cut gzip file gives its whole frames, and is told",
        make=data(CUT_GZ[: len(CUT_GZ) // 2]), statuses=SALVAGED, told=True,
        check=lambda answer: answer["good_frames"] >= 5),
    xyz("garbage_after.xyz.gz", demand="R13: bytes after the end of gzip are told, frames good",
        make=data(gzip.compress(THREE.encode()) + b"garbage!" * 20), good=3,
        statuses=("ok", "partial"), told=True),
    xyz("not_packed.xyz.gz", demand="R3: plain text called .gz is read by its content",
        make=text(THREE), good=3),
    xyz("twice_packed.xyz.gz", demand="R13: gzip in gzip is unpacked, or told; no garbage",
        make=data(gzip.compress(packed("gz", THREE))), good=(0, 3), statuses=("ok", *BAD)),
    xyz("blank_bomb.xyz.gz", demand="R13: 300 MB of blanks in 300 kB: refused or told, < 1 GB",
        make=zeros, statuses=BAD, told=True),
)  # fmt: skip
