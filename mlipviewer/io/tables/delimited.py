"""Text with separators -> rows of text cells. Nothing is converted; damage is noted by line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import pairwise
from types import MappingProxyType

from mlipviewer.core.problem import Note, Place, ReadProblem

SEPARATORS = ",;\t|"
SAMPLE = 65_536  # characters that the choice of the separator looks at
SAMPLED_ROWS = 50
MOST_COLUMNS = 4_096
LISTED = 100  # notes of one kind; more are counted


@dataclass(frozen=True, eq=False)
class Cells:
    """The rows of a file that have all their cells; `lines` are their line numbers, from 1.

    `facts` are what the file itself says of a column (`category`, `unit`), by its name.
    """

    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    separator: str
    notes: tuple[Note, ...] = ()
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def column(self, index: int) -> list[str]:
        return [row[index] for row in self.rows]


def split_cells(text: str, path: str = "") -> Cells:
    """Cells of a delimited text whose first line with content is the header. Raises ReadProblem."""
    text, notes = _visible(text, path)
    separator = _separator(text)
    if separator is None:
        raise ReadProblem("is no table: no comma, semicolon, tab or bar separates columns", path)
    lines, rows, damage = _rows(text, separator, path)
    n_before = _rows_before_the_header(rows)
    lines, rows = lines[n_before:], rows[n_before:]
    if not rows:
        raise ReadProblem(damage[0].text if damage else "is empty", path)
    header = [name.strip() for name in rows[0]]
    header[0] = header[0].removeprefix("#").strip()
    if len(header) > MOST_COLUMNS:
        raise ReadProblem(f"has {len(header)} columns; at most {MOST_COLUMNS} are read", path)
    if len(rows) > 1 and all(len(row) == len(header) + 1 for row in rows[1:]):
        header = ["", *header]  # row names without a header, as R writes them
    good_lines, good, ragged = _complete(rows[1:], lines[1:], len(header), path)
    names, named = distinct_names(header, path)
    return Cells(
        names,
        good,
        good_lines,
        separator,
        (*notes, *named, *ragged, *damage, *unfinished(text, path)),
    )


def _visible(text: str, path: str) -> tuple[str, list[Note]]:
    if "\0" not in text:
        return text, []
    line = text[: text.index("\0")].count("\n") + 1
    note = Note("a NUL character is shown as \N{SYMBOL FOR NULL}", Place(path, line=line))
    return text.replace("\0", "\N{SYMBOL FOR NULL}"), [note]


def _separator(text: str) -> str | None:
    """The separator that cuts most of the first lines into as many cells as the header."""
    best, best_score = None, (0, 0)
    for separator in SEPARATORS:
        counts = _counts(text[:SAMPLE], separator)
        if not counts or counts[0] < 2:
            continue
        alike = sum(count in (counts[0], counts[0] + 1) for count in counts)
        if (alike, counts[0]) > best_score:
            best, best_score = separator, (alike, counts[0])
    return best


def _counts(sample: str, separator: str) -> list[int]:
    rows: list[list[str]] = []
    reader = csv.reader(StringIO(sample, newline=""), delimiter=separator)
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) == SAMPLED_ROWS:
                break
    except csv.Error:
        pass
    return [len(row) for row in rows[_rows_before_the_header(rows) :]]


def _rows_before_the_header(rows: Sequence[Sequence[str]]) -> int:
    """Comments (`# ...`) and Excel's `sep=;`; a commented header is as long as what follows it."""
    for number, (row, after) in enumerate(pairwise(rows)):
        comment = row[0].startswith("#") and len(row) not in (len(after), len(after) - 1)
        if not comment and not re.match("sep=.?$", row[0], re.IGNORECASE):
            return number
    return max(len(rows) - 1, 0)


def _rows(
    text: str, separator: str, path: str
) -> tuple[list[int], list[list[str]], tuple[Note, ...]]:
    """All rows up to the first damage of the quotes, and what that damage is.

    A quote that is never closed would swallow the rest of the file into one cell: the rows
    before it are kept and its line is named.
    """
    lines: list[int] = []
    rows: list[list[str]] = []
    start = 1
    try:
        for start, row in _numbered(text, separator, strict=True):
            if row and any(row):
                lines.append(start)
                rows.append(row)
    except _QuoteError as error:
        if not error.open_to_end:
            return _rows_as_they_are(text, separator, path, error.line)
        note = Note(
            "a quote opened here is never closed; the rows before it are read",
            Place(path, line=error.line),
        )
        return lines, rows, (note,)
    return lines, rows, ()


class _QuoteError(Exception):
    def __init__(self, line: int, open_to_end: bool) -> None:
        self.line, self.open_to_end = line, open_to_end
        super().__init__(line)


def _numbered(text: str, separator: str, strict: bool) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=strict)
    start = 1
    try:
        for row in reader:
            yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        reason = str(error)
        raise _QuoteError(start, "end of data" in reason or "larger than" in reason) from None


def _rows_as_they_are(
    text: str, separator: str, path: str, line: int
) -> tuple[list[int], list[list[str]], tuple[Note, ...]]:
    """Rows of a file with text after a closing quote, as spreadsheets read it."""
    numbered = []
    try:
        for start, row in _numbered(text, separator, strict=False):
            if row and any(row):
                numbered.append((start, row))
    except _QuoteError as error:
        line = error.line
    note = Note("text follows a closing quote", Place(path, line=line))
    return [start for start, _ in numbered], [row for _, row in numbered], (note,)


def _complete(
    rows: list[list[str]], lines: list[int], width: int, path: str
) -> tuple[list[int], list[list[str]], list[Note]]:
    """The rows with `width` cells; the others are left out, each with a note."""
    good, good_lines, notes, n_bad = [], [], [], 0
    for line, row in zip(lines, rows, strict=True):
        while len(row) > width and not row[-1].strip():
            row.pop()  # surplus separators at the end of a line hold nothing
        if len(row) == width:
            good.append(row)
            good_lines.append(line)
            continue
        n_bad += 1
        if n_bad <= LISTED:
            text = f"{len(row)} of {width} cells; the row is left out"
            notes.append(Note(text, Place(path, line=line), loss=True))
    if n_bad > LISTED:
        notes.append(Note(f"{n_bad - LISTED} more rows are left out", Place(path), loss=True))
    return good_lines, good, notes


def distinct_names(
    header: Sequence[str], path: str, line: int = 1
) -> tuple[tuple[str, ...], list[Note]]:
    """Column names, made distinct: `rmse`, `rmse (2)`; nameless ones `column 4`, the first ''."""
    taken: set[str] = set()
    names: list[str] = []
    changed: list[str] = []
    for position, name in enumerate(header):
        wanted = name or ("" if position == 0 else f"column {position + 1}")
        new, count = wanted, 2
        while new in taken:
            new, count = f"{wanted} ({count})", count + 1
        taken.add(new)
        names.append(new)
        if new != name:
            changed.append(new)
    if not changed:
        return tuple(names), []
    shown = ", ".join(changed[:5]) + (" ..." if len(changed) > 5 else "")
    text = f"column names were repeated or missing; named {shown}"
    return tuple(names), [Note(text, Place(path, line=line))]


def unfinished(text: str, path: str) -> list[Note]:
    """A note where the last line has no end: it may be cut, inside a number perhaps."""
    if text.endswith(("\n", "\r")):
        return []
    line = len(text.splitlines())
    return [Note("the last line has no line end; it may be incomplete", Place(path, line=line))]
