"""Error tables as text again: other locales, other programs. Not read before its commit."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.fuzz.readers import zstd
from tests.nightly.fresh.case import Answer, Case, data, text
from tests.nightly.fresh.fresh_tables import has

HEAD = "model,E_rmse,F_rmse,note"
ROWS = [f"nep{k},{k}.5,0.{k}7,run {k}" for k in range(1, 7)]
PLAIN = "\n".join([HEAD, *ROWS]) + "\n"
BARE = "\n".join(line.rpartition(",")[0] for line in [HEAD, *ROWS]) + "\n"  # without remarks
BAD = ("error", "partial", "refused")
ANY = ("ok", *BAD)
PAGE = "<!DOCTYPE html>\n<html><head><title>Log in</title></head>\n<body>5</body></html>\n"
HTML = "<table><tr><th>model</th><th>E_rmse</th></tr>\n<tr><td>a</td><td>1</td></tr></table>\n"
table = partial(Case, kind="table")


def cells(answer: Answer, name: str) -> list[Any]:
    return list(answer["columns"].get(name, ()))


def numbers_in(answer: Answer) -> list[str]:
    """The columns of numbers."""
    return [name for name, column in answer["columns"].items()
            if column and all(isinstance(one, float) for one in column)]  # fmt: skip


def told_or(check: Callable[[Answer], object]) -> Callable[[Answer], object]:
    return lambda answer: answer["problems"] or check(answer)


def kept(name: str, row: int, *values: Any) -> Callable[[Answer], object]:
    """A cell is one of the values, or it is told of; it is not a gap without a word."""

    def check(answer: Answer) -> object:
        cell = cells(answer, name)[row]
        lost = isinstance(cell, float) and math.isnan(cell)
        return answer["problems"] or (not lost and cell in values)

    return check


def long(*more: str) -> str:
    rows = [f"m{k},{metric},{k}.{j}" for k in range(1, 4)
            for j, metric in enumerate(("E_rmse", "F_rmse", "S_rmse"))]  # fmt: skip
    return "\n".join(["model,metric,value", *rows, *more]) + "\n"


LEVELS = ",energy,energy,forces\n,rmse,mae,rmse\nmodel,,,\n" + "".join(
    f"nep{k},{k}.5,{k}.25,0.{k}7\n" for k in range(1, 7)
)
ALIGNED = "   model  E_rmse  F_rmse\n" + "".join(f"{k}   nep{k}     {k}.5    0.{k}7\n"
                                              for k in range(1, 7))  # fmt: skip
TWO = PLAIN + "\nmodel,speed\nnep1,12\nnep2,17\n"
POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    f"oid sha256:{'4d7a2146' * 8}\nsize 8675309\n"
)  # fmt: skip

SECOND_TABLES = (
    table("units_row.csv", demand="R8: a row of units: columns stay numbers, and it is told",
          make=text(PLAIN.replace(HEAD, f"{HEAD}\n,meV/atom,meV/Å,", 1)), good=(6, 7),
          check=lambda a: "E_rmse" in numbers_in(a) and (a["problems"] or
                                                         len(cells(a, "E_rmse")) == 6)),
    table("tabs_and_commas.tsv", demand="R7: tabs with decimal commas: 1.5, or told",
          make=text(PLAIN.replace(",", "\t").replace(".", ",")), good=6,
          check=told_or(has("E_rmse", 1.5))),
    table("quoted_commas.csv", demand="R7: \"1,5\" in quotes is 1.5, text or told; never 15",
          make=text("\n".join([HEAD, *(f'"nep{k}","{k},5","0,{k}7","x"' for k in range(1, 7))])
                    + "\n"), good=6, check=kept("E_rmse", 0, 1.5, "1,5")),
    table("french.csv", demand="R7: 1 234,5 with a fixed blank is 1234.5, text or told",
          make=text(PLAIN.replace(",", ";").replace(".", ",").replace("1,5", "1\u00a0234,5", 1)),
          good=6, check=kept("E_rmse", 0, 1234.5, "1\u00a0234,5")),
    table("heads_again.csv", demand="R6: a head within, of files joined by cat: numbers stay",
          make=text("\n".join([HEAD, *ROWS[:3], HEAD, *ROWS[3:]]) + "\n"), good=(6, 7),
          check=lambda a: "E_rmse" in numbers_in(a) and (a["problems"] or a["good_frames"] == 6)),
    table("footer.csv", demand="R5: a sentence below the rows: told, or no row; numbers stay",
          make=text(PLAIN + "\nMean of 6 models: 4.0\n"), good=(6, 7), statuses=("ok", "partial"),
          check=lambda a: "E_rmse" in numbers_in(a) and (a["problems"] or a["good_frames"] == 6)),
    table("sep.csv", demand="R3: the line sep=; of Excel is no head", statuses=ANY,
          make=text("sep=;\n" + PLAIN.replace(",", ";")),
          check=told_or(lambda a: "E_rmse" in a["columns"])),
    table("tabs.csv", demand="R3: tabs in a file called .csv", good=6,
          make=text(PLAIN.replace(",", "\t")), check=has("E_rmse", 1.5, 2.5)),
    table("pipes.csv", demand="R3: upright lines between cells: read, or told", statuses=ANY,
          make=text(PLAIN.replace(",", "|")), check=told_or(has("E_rmse", 1.5))),
    table("aligned.txt", demand="R3: columns aligned by blanks: read, or told", statuses=ANY,
          make=text(ALIGNED), check=told_or(has("E_rmse", 1.5))),
    table("index.csv", demand="R3: the index of pandas, a column without a name", good=6,
          make=text("".join(f"{k or ''},{line}\n" for k, line in enumerate([HEAD, *ROWS]))),
          check=lambda a: "E_rmse" in numbers_in(a) and "model" in a["columns"]),
    table("levels.csv", demand="R3: heads of two levels: numbers under distinct names, or told",
          make=text(LEVELS), statuses=ANY, check=told_or(lambda a: len(numbers_in(a)) >= 3)),
    table("fortran_number.csv", demand="R7: 1.5D-03 is 0.0015, text or told; never 1.5 or a gap",
          make=text(PLAIN.replace(",1.5,", ",1.5D-03,")), good=6,
          check=kept("E_rmse", 0, 0.0015, "1.5D-03")),
    table("digits_in_brackets.csv", demand="R7: 2.5(3) is 2.5, text or told; never 2.53 or a gap",
          make=text(PLAIN.replace(",2.5,", ",2.5(3),")), good=6,
          check=kept("E_rmse", 1, 2.5, "2.5(3)")),
    table("below.csv", demand="R7: <0.01 is text, told or a bound; never a gap without a word",
          make=text(PLAIN.replace(",3.5,", ",<0.01,")), good=6,
          check=kept("E_rmse", 2, 0.01, "<0.01")),
    # corrected: it asked that the spread be a metric, where the guide says a column
    table("plus_minus.csv", demand="R7: 1.5 ± 0.1 are two columns, as the guide says", good=6,
          make=text("\n".join([HEAD, *(f"nep{k},{k}.5 ± 0.1,0.{k}7,x" for k in range(1, 7))])
                    + "\n"), check=lambda a: cells(a, "E_rmse")[:2] == [1.5, 2.5]
          and len(a["columns"]) == 5),
    table("long.csv", demand="R7: a long table is made wide, and says so, as the guide says",
          make=text(long()), good=3, told=True,
          check=lambda a: {"E_rmse", "F_rmse", "S_rmse"} <= set(numbers_in(a))),
    table("long_twice.csv", demand="R7: of two numbers for one cell none is chosen silently",
          make=text(long("m1,E_rmse,9.5")), statuses=ANY,
          check=lambda a: a["good_frames"] == 10 or any(
              word in str(a["problems"]) for word in ("twice", "more than", "several", "again"))),
    table("pointer.parquet", demand="R3: a pointer of Git LFS: told, and what to do", good=0,
          make=text(POINTER), statuses=BAD, said=("lfs",)),
    table("login.csv", demand="R3: the page of a server in place of the table: told",
          make=text(PAGE), statuses=ANY, told=True),
    table("export.xls", demand="R3: HTML called .xls, as web sites export it: told",
          make=text(HTML), statuses=ANY, told=True),
    table("signs.csv", demand="R7, S2: colours of terminals and turned text stay as they are",
          make=text(PLAIN.replace("run 1", "\x1b[31mred\x1b[0m").replace("run 2", "\u202efdp.x")),
          good=6, check=has("note", "\x1b[31mred\x1b[0m", "\u202efdp.x")),
    table("marks.csv", demand="R4: three million quotes take no time", statuses=ANY, told=True,
          make=text(PLAIN + '"' * 3_000_001 + "\n")),
    table("commas.csv", demand="R4: two million columns: told in time", statuses=ANY, told=True,
          make=text("," * 2_000_000 + "\n" + "," * 2_000_000 + "\n")),
    table("two_tables.csv", demand="R5: a second table below the first is told", good=(6, 7, 8, 9),
          make=text(TWO), statuses=ANY, told=True),
    table("bare.csv", demand="R3: lines that end by CR alone, no remarks", good=6,
          make=text(BARE.replace("\n", "\r")), check=has("F_rmse", 0.17, 0.27)),
    table("table.csv.zst", demand="R13: a packed table: told, and what to do", good=0,
          make=data(bytes(zstd().compress((PLAIN * 50).encode()))), statuses=BAD,
          said=("compress",)),
)  # fmt: skip
