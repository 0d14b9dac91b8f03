"""Error tables a third time. Not read before its commit."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.nightly.fresh.case import Case, data, text
from tests.nightly.fresh.fresh_tables import has
from tests.nightly.fresh.second.second_tables import cells, kept, numbers_in, told_or

BAD = ("error", "partial", "refused")
ANY = ("ok", *BAD)
HEAD = "model,E_mae,F_mae,origin"
ROWS = [f"ace{k},{k}.25,0.{k}3,set {k}" for k in range(1, 7)]
PLAIN = "\n".join([HEAD, *ROWS]) + "\n"
table = partial(Case, kind="table")


def workbook(fill: Callable[[Any], object]) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        import openpyxl

        book, out = openpyxl.Workbook(), io.BytesIO()
        fill(book)
        book.save(out)
        path.write_bytes(out.getvalue())

    return make


def typed_rows() -> list[list[Any]]:
    return [["model", "E_mae", "F_mae"], *([f"ace{k}", k + 0.25, k / 8] for k in range(1, 7))]


def plain(book: Any) -> None:
    for row in typed_rows():
        book.active.append(row)


def as_words(book: Any) -> None:
    for row in typed_rows():
        book.active.append([str(cell) for cell in row])


def moved(book: Any) -> None:
    for j, row in enumerate(typed_rows(), 5):
        for k, cell in enumerate(row, 3):
            book.active.cell(j, k, cell)


def hidden(book: Any) -> None:
    book.active.append(["old"])
    book.active.append(["see the other sheet"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("errors")
    for row in typed_rows():
        sheet.append(row)
    book.active = 1


def indexed(path: Path) -> None:
    import pandas as pd

    index = pd.Index(["a", "b", "c"], name="model")
    pd.DataFrame({"E_mae": [0.5, 1.5, 2.5], "F_mae": [1, 2, 3]}, index=index).to_parquet(path)


def no_columns(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({}), path)


RECORDS = [{"model": f"ace{k}", "E_mae": k + 0.25, "F_mae": k / 8} for k in range(1, 5)]
NAMES = ("\u6df1\u5ea6\u52bf", "e\u0301nergie", "\U0001f9ea ace", "\u05d0\u05d1")
LATEX = (
    "\\begin{tabular}{lrr}\nmodel & E & F \\\\\n\\hline\nace1 & 1.25 & 0.13 \\\\\n"
    "ace2 & 2.25 & 0.23 \\\\\n\\end{tabular}\n"
)
GNUPLOT = "# model E_mae F_mae\n" + "".join(f"ace{k} {k}.25 0.{k}3\n" for k in range(1, 7))
WEB = "<html><body><table><tr><td>a</td></tr></table></body></html>\n"

THIRD_TABLES = (
    table("two_locales.csv", demand="R7: one column with commas, one with points: read, or told",
          make=text("model;E_mae;F_mae\n" + "".join(f"ace{k};{k},25;0.{k}3\n"
                                                    for k in range(1, 7))), good=6,
          check=told_or(lambda a: has("E_mae", 1.25)(a) and has("F_mae", 0.13)(a))),
    table("blanks_after.csv", demand="R3: a blank behind each comma", good=6,
          make=text(PLAIN.replace(",", ", ")), check=has("E_mae", 1.25, 2.25)),
    table("apostrophe.csv", demand="R7: '1.25 of a spreadsheet is 1.25, text or told", good=6,
          make=text(PLAIN.replace(",1.25,", ",'1.25,")), check=kept("E_mae", 0, 1.25, "'1.25")),
    table("large_e.csv", demand="R7: 1.25E+00 is 1.25", good=6,
          make=text(PLAIN.replace(",1.25,", ",1.25E+00,")), check=has("E_mae", 1.25)),
    table("all_gaps.csv", demand="R7: a column of gaps alone; the others stay", good=6,
          make=text("\n".join(["model,E_mae,F_mae", *(f"ace{k},,0.{k}3" for k in range(1, 7))])
                    + "\n"), check=lambda a: "F_mae" in numbers_in(a)),
    table("one_row.csv", demand="R3: a table of one model", good=1,
          make=text(f"{HEAD}\n{ROWS[0]}\n"), check=has("E_mae", 1.25)),
    table("cases.csv", demand="R7: RMSE and rmse are two columns", good=6,
          make=text(PLAIN.replace("E_mae", "RMSE").replace("F_mae", "rmse")),
          check=lambda a: {"RMSE", "rmse"} <= set(a["columns"])),
    table("long_name.csv", demand="R4: a name of 100 000 letters", good=6,
          make=text(PLAIN.replace("ace1", "a" * 100_000)),
          check=told_or(lambda a: len(cells(a, "model")[0]) == 100_000)),
    table("scripts.csv", demand="R7, R10: names in other scripts stay as written", good=4,
          make=text("\n".join(["model,E_mae,F_mae", *(f"{name},{k}.5,0.5"
                                                      for k, name in enumerate(NAMES))]) + "\n"),
          check=has("model", *NAMES)),
    table("unmarked_utf16.csv", demand="R10: UTF-16 without a mark: told, or read", statuses=ANY,
          make=data(PLAIN.encode("utf-16-le")),
          check=told_or(has("E_mae", 1.25))),
    table("gnuplot.dat", demand="R3: a commented head over columns of blanks: read, or told",
          make=text(GNUPLOT), statuses=ANY, check=told_or(has("E_mae", 1.25))),
    table("page.html", demand="R3: a web page: told", make=text(WEB), statuses=ANY, told=True),
    table("table.tex", demand="R3: a table of LaTeX: told", make=text(LATEX), statuses=ANY,
          told=True),
    table("percent_head.csv", demand="R8: a unit of % in a head", good=6,
          make=text(PLAIN.replace("E_mae", "E_mae (%)")),
          check=lambda a: len(numbers_in(a)) == 2),
    table("truths.csv", demand="R7: TRUE and FALSE are words, no numbers", good=6,
          make=text("\n".join([f"{HEAD},stable", *(f"{row},{'TRUE' if k % 2 else 'FALSE'}"
                                                   for k, row in enumerate(ROWS))]) + "\n"),
          check=has("stable", "FALSE", "TRUE")),
    table("days.csv", demand="R7: dates stay as written", good=6,
          make=text(PLAIN.replace("origin", "made").replace("set ", "2026-11-0")),
          check=has("made", "2026-11-01", "2026-11-02")),
    table("empty_lines.csv", demand="R3: lines of commas alone are no rows, or told", good=(6, 8),
          make=text(PLAIN + ",,,\n,,,\n"), check=told_or(lambda a: a["good_frames"] == 6)),
    table("doubled_quotes.csv", demand="R7: doubled quotes within quotes are quotes", good=6,
          make=text(PLAIN.replace("set 1", '"a ""good"" set"')),
          check=has("origin", 'a "good" set')),
    table("two_separators.csv", demand="R5: a head of commas over rows of semicolons: told",
          make=text(HEAD + "\n" + "\n".join(ROWS).replace(",", ";") + "\n"), statuses=ANY,
          told=True),
    table("many_rows.csv", demand="R4: 200 000 rows in time", good=200_000,
          make=text("model,E_mae,F_mae\n" + "".join(f"m{k},{k}.5,0.25\n" for k in range(200_000)))),
    table("as_words.xlsx", demand="R14: numbers that are stored as text are numbers", good=6,
          make=workbook(as_words), check=has("E_mae", 1.25, 2.25)),
    table("from_c5.xlsx", demand="R14: a table that begins at C5", good=6, make=workbook(moved),
          check=has("E_mae", 1.25, 2.25)),
    table("hidden.xlsx", demand="R14: a hidden sheet in front: told, or the other read",
          make=workbook(hidden), statuses=ANY, check=told_or(has("E_mae", 1.25))),
    table("no_cells.xlsx", demand="R14: a workbook without cells: told", good=0, statuses=BAD,
          make=workbook(lambda _book: None), told=True),
    table("book.xlsm", demand="R14: a workbook called .xlsm", good=6, make=workbook(plain),
          check=has("E_mae", 1.25, 2.25)),
    table("nan_words.json", demand="R7: \"NaN\" in a column of numbers is a gap", good=4,
          make=text(json.dumps([RECORDS[0] | {"E_mae": "NaN"}, *RECORDS[1:]])),
          check=lambda a: cells(a, "E_mae")[1:] == [2.25, 3.25, 4.25]),
    table("remarks.jsonl", demand="R6: a remark among the records is told", good=(0, 4), told=True,
          make=text("// made by a script\n" + "\n".join(map(json.dumps, RECORDS)) + "\n"),
          statuses=ANY),
    table("by_column.json", demand="R3: names within columns, as pandas writes: read, or told",
          make=text(json.dumps({name: {str(one["model"]): one[name] for one in RECORDS}
                                for name in ("E_mae", "F_mae")})), statuses=ANY,
          check=told_or(has("E_mae", 1.25, 2.25))),
    table("comma_behind.json", demand="R11: a comma behind the last record: told", good=(0, 4),
          make=text(json.dumps(RECORDS)[:-1] + ",]"), statuses=ANY, told=True),
    table("bad_byte.json", demand="R10: a byte that is no UTF-8: told", statuses=ANY, told=True,
          make=data(json.dumps(RECORDS).encode().replace(b"ace1", b"ac\xe91"))),
    table("indexed.parquet", demand="R14: names that are the index of pandas", good=3, make=indexed,
          check=lambda a: cells(a, "model") == ["a", "b", "c"]),
    table("no_columns.parquet", demand="R14: no columns: told", good=0, make=no_columns,
          statuses=ANY, told=True),
    table("two_documents.yaml", demand="R3: two documents of YAML in one file: read, or told",
          make=text("---\n- {model: a, E: 1}\n---\n- {model: b, E: 2}\n"), statuses=ANY,
          check=told_or(lambda a: a["good_frames"] == 2)),
    table("tabbed.yaml", demand="R11: YAML indented by tabs: told", good=0, statuses=BAD, told=True,
          make=text("- model: a\n\tE: 1\n- model: b\n\tE: 2\n")),
)  # fmt: skip
