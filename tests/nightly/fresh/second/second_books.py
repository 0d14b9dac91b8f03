"""Workbooks, Parquet, JSON, YAML and Markdown again. Not read before its commit."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from tests.nightly.fresh.case import Case, data, text
from tests.nightly.fresh.fresh_tables import has
from tests.nightly.fresh.second.second_tables import BAD, cells, numbers_in, told_or

ANY = ("ok", *BAD)
ROWS = [["model", "E_rmse", "F_rmse"], *([f"nep{k}", k + 0.5, k / 8] for k in range(1, 7))]
table = partial(Case, kind="table")


def workbook(fill: Callable[[Any], object], change: Callable[[bytes], bytes] = bytes) -> Any:
    """A workbook, filled as told."""

    def make(path: Path) -> None:
        import openpyxl

        book, out = openpyxl.Workbook(), io.BytesIO()
        fill(book)
        book.save(out)
        path.write_bytes(change(out.getvalue()))

    return make


def plain(book: Any) -> None:
    for row in ROWS:
        book.active.append(row)


def two_heads(book: Any) -> None:
    book.active.append(["", "Energy", None, "Forces", None])
    book.active.append(["model", "MAE", "RMSE", "MAE", "RMSE"])
    for k in range(1, 5):
        book.active.append([f"nep{k}", k + 0.25, k + 0.5, k / 8, k / 4])
    book.active.merge_cells("B1:C1")
    book.active.merge_cells("D1:E1")


def errors(book: Any) -> None:
    import datetime

    plain(book)
    book.active["D1"], book.active["D2"] = "made", datetime.datetime(2026, 11, 23, 2, 30)
    book.active["E1"], book.active["E2"] = "converged", True
    book.active["B4"] = "#DIV/0!"


def cover(book: Any) -> None:
    book.active.title = "READ ME"
    book.active.append(["These are the errors of the second study."])
    book.active.append(["Ask Anna."])
    for row in ROWS:
        (book["errors"] if "errors" in book.sheetnames else book.create_sheet("errors")).append(row)


def inflated(content: bytes) -> bytes:
    """The same with 200 MB of blanks behind the rows of its sheet."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if "sheet1.xml" not in name:
                new.writestr(name, old.read(name))
                continue
            front, mark, rest = old.read(name).partition(b"</sheetData>")
            with new.open(name, "w") as sheet:
                sheet.write(front)
                for _ in range(200):
                    sheet.write(b" " * 1_000_000)
                sheet.write(mark + rest)
    return out.getvalue()


def open_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content/>")
    return out.getvalue()


def parquet(path: Path, arrays: list[Any], names: list[str]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_arrays([pa.array(one) for one in arrays], names=names), path)


def kinds(path: Path) -> None:
    import datetime

    import pyarrow as pa

    parquet(
        path,
        [
            pa.array(["a", "b", "c"]).dictionary_encode(),
            pa.array([Decimal("0.25"), Decimal("0.50"), None], pa.decimal128(8, 2)),
            pa.array([1.0, 2.0, 3.0], pa.float32()),
            pa.array([True, False, None]),
            pa.array([datetime.datetime(2026, 11, k) for k in (1, 2, 3)]),
        ],
        ["model", "E_rmse", "F_rmse", "converged", "made"],
    )


def twins(path: Path) -> None:
    parquet(path, [["a", "b"], [0.1, 0.2], [0.3, 0.4]], ["model", "E_rmse", "E_rmse"])


def feather(path: Path) -> None:
    import pyarrow as pa
    from pyarrow import feather as writer

    writer.write_feather(pa.table({"model": ["a"], "E_rmse": [0.1]}), path)


RECORDS = [{"model": f"nep{k}", "E_rmse": k + 0.5, "F_rmse": k / 8} for k in range(1, 5)]
SPLIT = {"columns": ["model", "E_rmse"], "index": [0, 1, 2],
         "data": [["a", 0.5], ["b", 1.5], ["c", 2.5]]}  # fmt: skip
LINES = [json.dumps(one) for one in RECORDS]
ANCHORS = f"- {{model: m0, E_rmse: 0.5, a: &a [{', '.join(['lol'] * 9)}]}}\n" + "".join(
    f"- {{model: m{k}, E_rmse: {k}.5, a: &{new} [{', '.join(['*' + old] * 9)}]}}\n"
    for k, (old, new) in enumerate(zip("abcdefghi", "bcdefghij", strict=True), 1)
)
NORWAY = "".join(
    f"- model: {name}\n  E_rmse: 0.{k}\n  F_rmse: 1.{k}\n"
    for k, name in enumerate(("no", "0123", "12:30:45", "1e5", "~"), 1)
)
BOLD = "| Model | E_rmse | F_rmse |\n|---|---:|---:|\n| **nep\\|1** | **1.5** | 0.17 |\n" + "".join(
    f"| nep{k} | {k}.5 | _0.{k}7_ |\n" for k in (2, 3)
)
DEEP = '[{"model": "a", "E_rmse": 1, "more": ' + '{"x": ' * 900 + "1" + "}" * 900 + "}]"

SECOND_BOOKS = (
    table("two_heads.xlsx", demand="R14: heads of two rows, merged: four columns, or told",
          make=workbook(two_heads), statuses=ANY,
          check=told_or(lambda a: len(numbers_in(a)) >= 4)),
    table("errors.xlsx", demand="R14: an error, a date and a truth in cells: numbers stay", good=6,
          make=workbook(errors), check=lambda a: {"E_rmse", "F_rmse"} <= set(numbers_in(a))
          and cells(a, "E_rmse")[0] == 1.5),
    table("cover.xlsx", demand="R14: a first sheet of words: told, or the second read",
          make=workbook(cover), statuses=ANY, check=told_or(lambda a: "E_rmse" in a["columns"])),
    # corrected: it asked for a refusal, where nothing is lost and little memory needed
    table("inflated.xlsx", demand="R14: 200 MB of blanks in a sheet: little memory", good=(0, 6),
          make=workbook(plain, inflated), statuses=ANY,
          check=lambda a: a["problems"] or a["good_frames"] == 6),
    table("protected.xlsx", demand="R11: a workbook with a password: told", good=0, statuses=BAD,
          make=data(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
                    + "EncryptedPackage".encode("utf-16-le") + bytes(500)), told=True),
    table("book.ods", demand="R11: an OpenDocument sheet: told", good=0, statuses=BAD, told=True,
          make=data(open_document())),
    table("twins.parquet", demand="R9: two columns of one name: both kept and told, or refused",
          make=twins, statuses=ANY, told=True),
    table("kinds.parquet", demand="R14: decimals, truths, dates and coded texts", good=3,
          make=kinds, check=lambda a: cells(a, "F_rmse") == [1, 2, 3]
          and cells(a, "E_rmse")[:2] in ([0.25, 0.5], ["0.25", "0.50"])
          and cells(a, "model") == ["a", "b", "c"]),
    table("secret.parquet", demand="R11: an encrypted file: told", good=0, statuses=BAD, told=True,
          make=data(b"PARE" + bytes(300) + b"\x10\0\0\0PARE")),
    table("table.feather", demand="R3: a Feather file: told", good=0, statuses=BAD, told=True,
          make=feather),
    table("split.json", demand="R3: pandas' way 'split': read, or told", statuses=ANY,
          make=text(json.dumps(SPLIT)), check=told_or(has("E_rmse", 0.5, 1.5, 2.5))),
    table("by_name.json", demand="R3: a record for each name: read, or told", statuses=ANY,
          make=text(json.dumps({one["model"]: {"E_rmse": one["E_rmse"], "F_rmse": one["F_rmse"]}
                                for one in RECORDS})), check=told_or(has("E_rmse", 1.5, 2.5))),
    table("wrapped.json", demand="R3: records within an answer: read, or told", statuses=ANY,
          make=text(json.dumps({"status": 200, "results": RECORDS, "next": None})),
          check=told_or(has("E_rmse", 1.5, 2.5))),
    table("broken_line.jsonl", demand="R6, R11: a line cut in the middle: told by its number",
          make=text("\n".join([*LINES[:2], LINES[2][:20], LINES[3]]) + "\n"), good=(0, 3),
          statuses=ANY, said=("3",), told=True),
    table("many_keys.jsonl", demand="R4: 20 000 records, each with a key of its own: refused",
          make=text("".join(f'{{"model": "m{k}", "k{k}": {k}}}\n' for k in range(20_000))),
          statuses=ANY, told=True),
    table("deep_record.json", demand="R4: a record 900 deep: read or told", statuses=ANY,
          make=text(DEEP)),
    table("half_sign.json", demand="R10: half a sign of UTF-16 in a name: read or told",
          make=text('[{"model": "nep\\ud83d", "E_rmse": 1}, {"model": "b", "E_rmse": 2}]'),
          statuses=ANY),
    table("anchors.yaml", demand="R4: anchors that grow to 9^10: told in time", statuses=ANY,
          make=text(ANCHORS), good=(0, 10), told=True),
    table("apply.yaml", demand="S1: a tag that names a program: told, not run", statuses=BAD,
          make=text('- model: !!python/object/apply:os.system ["touch x"]\n  E_rmse: 0.1\n'),
          good=0, told=True),
    table("norway.yaml", demand="R7: names no, 0123, 12:30:45 and 1e5 stay as written, or told",
          make=text(NORWAY), good=(4, 5),
          check=told_or(has("model", "no", "0123", "12:30:45", "1e5"))),
    table("bold.md", demand="R7: numbers in bold are numbers, text or told; no silent gaps",
          make=text(BOLD), statuses=ANY,
          check=told_or(lambda a: cells(a, "E_rmse")[0] in (1.5, "**1.5**"))),
)  # fmt: skip
