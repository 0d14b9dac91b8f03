"""LAMMPS dumps. Written down before any of it was read."""

from __future__ import annotations

import gzip
from functools import partial

from tests.nightly.fresh.case import Case, data, text


def frame(
    step: int | str = 0,
    n: int = 5,
    box: str = "0 9\n0 9\n0 9",
    flags: str = "pp pp pp",
    columns: str = "id type x y z",
    row: str = "{i} 1 {x} 2.5 1.0",
) -> str:
    rows = "".join(row.format(i=k + 1, x=1.5 * k, s=0.1 * k) + "\n" for k in range(n))
    return (
        f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{n}\nITEM: BOX BOUNDS {flags}\n{box}\n"
        f"ITEM: ATOMS {columns}\n{rows}"
    )


def three(middle: str) -> str:
    return frame(0) + middle + frame(20)


GOOD = frame(10)
SALVAGED = ("partial",)
dump = partial(Case, kind="trajectory")
ZIPPED = gzip.compress(  # of frames that differ: what repeats is packed to nothing
    "".join(
        frame(k, 200, row=f"{{i}} 1 {{x}}{k * 7919 % 997} {k}.5 1.{k}") for k in range(30)
    ).encode()
)

DUMPS = (
    dump("with_time.dump", demand="R3: ITEM: TIME beside the step is read over", quiet=False,
         make=text(three(GOOD).replace("ITEM: TIMESTEP", "ITEM: TIME\n0.5\nITEM: TIMESTEP")),
         good=3),
    dump("xsu.dump", demand="R8: scaled unwrapped places",
         make=text("".join(frame(k, columns="id type xsu ysu zsu", row="{i} 1 {s} 1.25 -0.5")
                           for k in (0, 10))), good=2),
    dump("shrunk.dump", demand="R8: boundaries f and s do not repeat",
         make=text(three(GOOD).replace("pp pp pp", "ff ss mm")), good=3),
    dump("late_steps.dump", demand="R4: steps beyond 2^31",
         make=text("".join(frame(5_000_000_000 + k) for k in range(3))), good=3),
    dump("no_atoms.dump", demand="R5: a frame of no atoms is a frame, or told",
         make=text(three(frame(10, n=0))), good=(2, 3), statuses=("ok", "partial")),
    dump("no_count.dump", demand="R6: frame 2 lacks its number of atoms: 1 and 3 are good",
         make=text(three(GOOD.replace("ITEM: NUMBER OF ATOMS\n5\n", ""))), good=2,
         statuses=SALVAGED, told=True),
    dump("no_places.dump", demand="R5: no coordinates: told in words, nothing shown as places",
         make=text("".join(frame(k, columns="id type c_pe", row="{i} 1 {x}") for k in (0, 10))),
         statuses=("error", "partial", "ok"), told=True),
    dump("nan_place.dump", demand="R5: a place that is no number: frame 2 is not good",
         make=text(three(GOOD.replace("3 1 3.0", "3 1 nan"))), good=2, statuses=SALVAGED,
         said=("\"frame\": 2",)),
    dump("flat_box.dump", demand="R5: a box without width: frame 2 told",
         make=text(three(frame(10, box="0 9\n4 4\n0 9"))), good=(2, 3), told=True,
         statuses=("partial", "ok")),
    dump("cut_header.dump", demand="R5: it ends within BOX BOUNDS: 2 are good, frame 3 told",
         make=text(frame(0) + frame(10) + frame(20).partition("BOX BOU")[0] + "BOX BOU"), good=2,
         statuses=SALVAGED, said=("\"frame\": 3",)),
    dump("letters.dump", demand="R5: letters in a number: frame 2 told by its line",
         make=text(three(GOOD.replace("4 1 4.5", "4 1 4.x5"))), good=2, statuses=SALVAGED,
         said=("27",)),
    dump("blank_around.dump", demand="R6: blank lines before, between and after frames",
         make=text("\n\n" + frame(0) + "\n" + GOOD + "\n\n\n"), good=2,
         statuses=("ok", "partial")),
    dump("large_ids.dump", demand="R9: ids beyond 2^31 are identities",
         make=text("".join(frame(k, row="700000000{i} 1 {x} 2.5 1.0") for k in (0, 10))), good=2),
    dump("without_ids.dump", demand="R9: without ids the row is the identity",
         make=text("".join(frame(k, columns="type x y z", row="1 {x} 2.5 1") for k in (0, 10))),
         good=2),
    dump("fractional_id.dump", demand="R9: an id 2.5 is no identity: told, or by row",
         make=text(three(GOOD.replace("3 1 3.0", "2.5 1 3.0"))), good=(2, 3), told=True,
         statuses=("ok", "partial")),
    dump("swapped_count.dump", demand="R5, R6: 6 declared, 5 there: frame 2 told, 1 and 3 good",
         make=text(three(GOOD.replace("ATOMS\n5\n", "ATOMS\n6\n"))), good=2, statuses=SALVAGED,
         said=("\"frame\": 2",)),
    dump("minus_count.dump", demand="R4: -5 atoms: frame 2 told",
         make=text(three(GOOD.replace("ATOMS\n5\n", "ATOMS\n-5\n"))), good=2, statuses=SALVAGED,
         told=True),
    dump("same_column.dump", demand="R7: a column given twice is told, both kept or refused",
         make=text("".join(frame(k, columns="id type x y z q q", row="{i} 1 {x} 2 1 0.5 0.7")
                           for k in (0, 10))), statuses=("ok", "partial", "error"), told=True),
    dump("cut.dump.gz", demand="R5, R13: half a gzip: whole frames good, told",
         make=data(ZIPPED[: len(ZIPPED) // 2]), statuses=SALVAGED, told=True,
         check=lambda answer: answer["good_frames"] >= 3),
    dump("wrong_sum.dump.gz", demand="R13: a wrong checksum of gzip is told",
         make=data(ZIPPED[:-8] + bytes(4) + ZIPPED[-4:]), statuses=("partial", "ok", "error"),
         told=True),
)  # fmt: skip
