"""Error tables: CSV, JSON, Excel, Parquet, compressed. Written down before any of it was read."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.nightly.fresh.case import Answer, Case, data, text

HEAD = "potential,E_rmse,F_rmse,remark"
ROWS = [f"pot{k},0.0{k}1,{k}.25,made {k}" for k in range(1, 7)]
PLAIN = "\n".join([HEAD, *ROWS]) + "\n"
BAD = ("error", "partial", "refused")
table = partial(Case, kind="table")


def records(*more: Any) -> str:
    made = [{"potential": f"pot{k}", "E_rmse": 0.1 * k, "F_rmse": k} for k in range(1, 5)]
    return json.dumps([*made, *more])


def has(name: str, *cells: Any) -> Callable[[Answer], bool]:
    return lambda answer: tuple(answer["columns"].get(name, ()))[: len(cells)] == cells


def never(*values: float) -> Callable[[Answer], bool]:
    """None of these numbers is shown for what was written otherwise, unless it is told of."""

    def check(answer: Answer) -> bool:
        cells = [cell for column in answer["columns"].values() for cell in column]
        return bool(answer["problems"]) or not any(cell in values for cell in cells)

    return check


def workbook(fill: Callable[[Any], object], change: Callable[[bytes], bytes] = bytes) -> Any:
    def make(path: Path) -> None:
        import openpyxl

        book, out = openpyxl.Workbook(), io.BytesIO()
        for line in PLAIN.splitlines():
            cells = line.split(",")
            book.active.append([float(c) if c[:1].isdigit() else c for c in cells])
        fill(book)
        book.save(out)
        path.write_bytes(change(out.getvalue()))

    return make


def parquet(columns: dict[str, Any], change: Callable[[bytes], bytes] = bytes) -> Any:
    def make(path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        out = io.BytesIO()
        pq.write_table(pa.table(columns), out)
        path.write_bytes(change(out.getvalue()))

    return make


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def nothing(_book: Any) -> None: ...


def formulas(book: Any) -> None:
    for k in range(2, 8):
        book.active[f"C{k}"] = '=HYPERLINK("http://127.0.0.1:9/","x")'


COLUMNS = {"potential": ["a", "b", "c"], "E_rmse": [0.1, 0.2, 0.3], "F_rmse": [1.0, None, 3.0]}

TABLES = (
    table("points.csv", demand="R3: semicolons with decimal points", good=6, quiet=True,
          make=text(PLAIN.replace(",", ";")), check=has("E_rmse", 0.011, 0.021)),
    table("lines_in_cells.tsv", demand="R3: a quoted cell of two lines is one cell", good=6,
          make=text(PLAIN.replace(",", "\t").replace("made 2", '"made\n2"'))),
    table("utf16.csv", demand="R10: UTF-16 with its mark", good=6,
          make=data(PLAIN.encode("utf-16"))),
    table("latin1.csv", demand="R10: Latin-1 is read, with a note", good=6, told=True,
          make=data(PLAIN.replace("made 3", "für 3").encode("latin-1")), said=("latin-1",)),
    table("blank_lines.csv", demand="R3: blank lines are no rows", good=6,
          make=text(PLAIN.replace("\n", "\n\n"))),
    table("remark_first.csv", demand="R3: a line that begins with # is no header",
          make=text("# made by hand\n" + PLAIN), good=6, statuses=("ok", "partial"),
          check=lambda a: "E_rmse" in a["columns"]),
    table("units_in_heads.csv", demand="R8: units in the heads", good=6,
          make=text(PLAIN.replace("E_rmse", "E_rmse (meV/atom)"))),
    table("thousands.csv", demand="R7: \"1,234.5\" is not 1.2345 nor 1: text, told or 1234.5",
          make=text(PLAIN.replace("1.25", '"1,234.5"')), good=6, check=never(1.2345, 1.0)),
    table("real_minus.csv", demand="R7: a typographic minus is -0.011 or told; never 0.011",
          make=text(PLAIN.replace("0.011", "\u22120.011")), good=6, check=never(0.011)),
    table("gaps.csv", demand="R7: -, N/A, nan and nothing are gaps of a column of numbers",
          make=text(PLAIN.replace("1.25,", "-,").replace("2.25,", "N/A,").replace("3.25,", ",")),
          good=6, check=lambda a: isinstance(a["columns"]["F_rmse"][3], float)),
    table("percents.csv", demand="R7: 12% is not 12 unless told",
          make=text(PLAIN.replace("1.25", "12%")), good=6, check=never(12.0)),
    table("wide.csv", demand="R4: 3 000 columns", good=2,
          make=text(",".join(f"c{k}" for k in range(3000)) + "\n" + (",".join(["1"] * 3000) + "\n")
                    * 2)),
    table("alone.csv", demand="R3: one column: read or told, never a crash",
          make=text("potential\nx\ny\n"), statuses=("ok", *BAD)),
    table("quoted_heads.csv", demand="R10: a mark of UTF-8 before a quoted head", good=6,
          make=data(b"\xef\xbb\xbf" + PLAIN.replace("potential", '"potential"', 1).encode()),
          check=lambda a: "potential" in a["columns"]),
    table("comma_in_quotes.csv", demand="R3: a comma within quotes parts nothing", good=6,
          make=text(PLAIN.replace("made 4", '"a, b, c"')), check=lambda a: "a, b, c" in
          a["columns"]["remark"]),
    table("cut_quote.csv", demand="R5: it ends within quotes: 5 rows are good, told",
          make=text(PLAIN.replace("made 6\n", '"made')), good=(5, 6), told=True,
          statuses=("ok", "partial")),
    table("same_names.csv", demand="R9: two rows of one name are two rows", good=7,
          make=text(PLAIN + "pot1,9,9,again\n")),
    table("formula_heads.csv", demand="S5, S2: heads that are formulas or HTML are text", good=6,
          make=text(PLAIN.replace("E_rmse", "=cmd|' /C calc'!A0").replace("remark", "<b>r</b>"))),
    table("nothing.csv", demand="R11: an empty file is told", make=text(""), statuses=BAD,
          told=True),
    table("gaps.json", demand="R3: records that lack a key", good=5, quiet=False,
          make=text(records({"potential": "pot9", "E_rmse": 0.9}))),
    table("columns.json", demand="R3: a column for each key", good=2,
          make=text('{"potential": ["a", "b"], "E_rmse": [0.1, 0.2]}'), check=has("E_rmse", 0.1)),
    table("blank.jsonl", demand="R3: blank lines between records", good=2,
          make=text('{"m": "a", "E": 1}\n\n{"m": "b", "E": 2}\n\n')),
    table("marked.json", demand="R10: a mark of UTF-8", good=4,
          make=data(b"\xef\xbb\xbf" + records().encode())),
    table("lists.json", demand="R4: lists within lists: read or told, never a crash",
          make=text('[[[1, 2], [3]], {"a": [{}]}]'), statuses=("ok", *BAD)),
    table("program.json", demand="S1: text that is a program is text", good=5,
          make=text(records({"potential": "__import__('os').system('touch /tmp/x')"}))),
    table("no_records.json", demand="R11: no records: told, or a table without rows", good=0,
          make=text("[]"), statuses=("ok", *BAD)),
    table("twice.json", demand="R7: a key given twice in a record is told",
          make=text('[{"m": "a", "E": 1, "E": 2}, {"m": "b", "E": 3}]'), told=True,
          statuses=("ok", *BAD)),
    table("too_large.json", demand="R7: 1e999 is told, no silent infinity", told=True,
          make=text('[{"m": "a", "E": 1e999}, {"m": "b", "E": 3}]'), statuses=("ok", *BAD)),
    table("book.xlsx", demand="R14: a sheet", good=6, make=workbook(nothing),
          check=has("E_rmse", 0.011, 0.021)),
    table("formulas.xlsx", demand="S1, S5: formulas are neither run nor fetched: gaps or text",
          make=workbook(formulas), good=6),
    table("two_sheets.xlsx", demand="R14: more sheets: the first is read, others may be told",
          make=workbook(lambda book: book.create_sheet("more").append(["a", "b"])), good=6),
    table("cut.xlsx", demand="R11: a cut workbook is told", statuses=BAD, told=True,
          make=workbook(nothing, lambda b: b[: 4 * len(b) // 5])),
    table("other_zip.xlsx", demand="R3: a zip that is no workbook: told, or its member read",
          make=data(zipped(words_txt="hello")), statuses=("ok", *BAD), told=True),
    table("merged.xlsx", demand="R14: merged cells in the head: read or told",
          make=workbook(lambda book: book.active.merge_cells("B1:C1")), statuses=("ok", *BAD)),
    table("columns.parquet", demand="R14: columns with a gap", good=3, make=parquet(COLUMNS),
          check=has("E_rmse", 0.1, 0.2)),
    table("no_rows.parquet", demand="R14: no rows", good=0, statuses=("ok", *BAD),
          make=parquet({name: cells[:0] for name, cells in COLUMNS.items()})),
    table("nested.parquet", demand="R14: columns of lists and records: read or told",
          make=parquet({**COLUMNS, "more": [[1], [2, 3], []], "r": [{"x": 1}] * 3}),
          statuses=("ok", *BAD)),
    table("cut.parquet", demand="R11: the last 5 bytes are missing: told", statuses=BAD, told=True,
          make=parquet(COLUMNS, lambda b: b[:-5])),
    table("flipped.parquet", demand="R11: a damaged page ends no process",
          make=parquet(COLUMNS, lambda b: b[:30] + b"\xff" * 8 + b[38:]), statuses=("ok", *BAD)),
    table("one.zip", demand="R13: a zip of one table is told, and what to do",
          make=data(zipped(one_csv=PLAIN)), statuses=BAD, said=("zip archive", "unpack")),
    table("wrong_sum.csv.gz", demand="R13: a wrong checksum is told", told=True,
          make=data(gzip.compress(PLAIN.encode())[:-8] + bytes(8)), statuses=("ok", *BAD)),
    table("cut.csv.gz", demand="R13: a cut gzip is told", told=True, statuses=("ok", *BAD),
          make=data(gzip.compress((PLAIN * 400).encode())[:200])),
)  # fmt: skip
