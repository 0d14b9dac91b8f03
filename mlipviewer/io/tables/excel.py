"""XLSX workbooks -> cells, streaming: what is in the file is counted, not what it claims to span.

Sheets are read with defusedxml, which openpyxl uses where it is installed (a dependency).
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any, BinaryIO

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.files import ARCHIVE_DAMAGES, MEGABYTE, open_regular
from mlipviewer.io.tables.delimited import Cells, distinct_names
from mlipviewer.io.tables.records import MOST_CELLS, check_size, text_of

MOST_UNPACKED = 512 * MEGABYTE
MOST_RATIO = 400  # of unpacked to packed bytes, for a file of more than a few MB
MOST_MEMBERS = 4_096
Row = dict[int, str]  # cells by column, from 1


def read_excel(file: Path, sheet: str = "") -> Cells:
    """The cells of one sheet: the named one, else the first with a table. Raises ReadProblem."""
    with open_regular(file) as handle, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions, which are not needed
        _check_archive(handle, file)
        try:
            return _read_sheet(handle, file, sheet)
        except ReadProblem:
            raise
        except Exception as error:  # noqa: BLE001  openpyxl raises what it happens to raise
            reason = type(error).__name__
            raise ReadProblem(f"is no complete spreadsheet ({reason})", file) from None


def sheet_names(file: Path) -> tuple[str, ...]:
    """The sheets of a workbook that hold cells. Raises ReadProblem."""
    import openpyxl  # type: ignore[import-untyped,unused-ignore]

    with open_regular(file) as handle, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _check_archive(handle, file)
        try:
            book = openpyxl.load_workbook(handle, read_only=True, keep_links=False)
            return tuple(one.title for one in book.worksheets)
        except Exception as error:  # noqa: BLE001  openpyxl raises what it happens to raise
            reason = type(error).__name__
            raise ReadProblem(f"is no complete spreadsheet ({reason})", file) from None


def _check_archive(handle: BinaryIO, file: Path) -> None:
    try:
        members = zipfile.ZipFile(handle).infolist()
    except (*ARCHIVE_DAMAGES, OSError):
        raise ReadProblem("is no complete spreadsheet: the archive is cut", file) from None
    names = {member.filename for member in members}
    if "content.xml" in names:
        raise ReadProblem("is an OpenDocument spreadsheet; save it as XLSX or CSV", file)
    if "xl/workbook.xml" not in names:
        raise ReadProblem("is a zip archive and no spreadsheet; unpack it first", file)
    packed = sum(member.compress_size for member in members)
    size = sum(member.file_size for member in members)
    bomb = size > 8 * MEGABYTE and size > MOST_RATIO * max(packed, 1)
    if size > MOST_UNPACKED or bomb or len(members) > MOST_MEMBERS:
        raise ReadProblem(
            f"refused: unpacked it has {size / MEGABYTE:.0f} MB in {len(members)} parts", file
        )
    handle.seek(0)


def _read_sheet(handle: BinaryIO, file: Path, wanted: str) -> Cells:
    import openpyxl  # type: ignore[import-untyped,unused-ignore]

    book = openpyxl.load_workbook(handle, read_only=True, data_only=True, keep_links=False)
    names = [one.title for one in book.worksheets]
    if wanted and wanted not in names:
        raise ReadProblem(f"has no sheet {wanted!r}; there are {', '.join(names)}", file)
    for name in [wanted] if wanted else names:
        rows = _filled_rows(book[name], file)
        if len(rows) > 1 or name == wanted:
            note = [f"sheet {name!r} is read; there are {', '.join(names)}"]
            return _cells(rows, file, note if len(names) > 1 else [])
    raise ReadProblem("has no sheet with a table", file)


def _filled_rows(sheet: Any, file: Path) -> dict[int, Row]:
    """The cells that hold something, by row. Raises ReadProblem when they are too many."""
    rows: dict[int, Row] = {}
    n_filled = 0
    for number, cells in _parsed(sheet):
        filled = {
            cell["column"]: text
            for cell in cells
            if (text := _text(cell["value"])) and cell["column"] > 0
        }
        n_filled += len(filled)
        if n_filled > MOST_CELLS:
            raise ReadProblem(f"refused: has more than {MOST_CELLS:,} cells", file)
        if filled:
            rows[number] = filled
    return rows


def _parsed(sheet: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Rows as they stand in the file: openpyxl's own rows are padded to what the sheet claims."""
    from openpyxl.worksheet._reader import (  # type: ignore[import-untyped,unused-ignore]
        WorkSheetParser,
    )

    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        yield from parser.parse()


def _text(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    return text_of(value)


def _cells(rows: dict[int, Row], file: Path, told: list[str]) -> Cells:
    """A dense table below the first row that has more than one cell."""
    numbers = list(rows)
    head = next((n for n in numbers if len(rows[n]) > 1), None)
    if head is None:
        raise ReadProblem("has no row with more than one cell", file)
    body = [n for n in numbers if n > head]
    width = max(max(rows[n]) for n in (head, *body))
    first = min(min(rows[n]) for n in (head, *body))
    n_filled = sum(len(rows[n]) for n in body)
    check_size(len(body), width - first + 1, n_filled, str(file))
    columns = range(first, width + 1)
    header, notes = distinct_names(
        [rows[head].get(c, "").strip() for c in columns], str(file), head
    )
    dense = [[rows[n].get(c, "") for c in columns] for n in body]
    notes = [*(Note(text, Place(str(file))) for text in told), *notes]
    return Cells(header, dense, body, ",", tuple(notes))
