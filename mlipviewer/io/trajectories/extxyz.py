"""XYZ, extended XYZ: a count, a comment that may hold cell and columns, a row for each atom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, Place
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import decoded
from mlipviewer.io.trajectories.comment_line import Comment, read_comment
from mlipviewer.io.trajectories.frame_text import FrameText
from mlipviewer.io.trajectories.layout import Block, Damaged, Header, MoreNeeded
from mlipviewer.io.trajectories.rows_of_frame import (
    MOST_COLUMNS,
    Field,
    Rows,
    all_different,
    fault_note,
    not_finite,
    read_fields,
    token_kind,
)
from mlipviewer.io.trajectories.species import SYMBOLS, atomic_number, numbers_and_labels
from mlipviewer.native.tokens import Kind

Array = NDArray[Any]

_COUNT = re.compile(rb"[ \t]*(\d{1,18})[ \t\r]*\n")
_CANDIDATE = re.compile(rb"^[ \t]*\d{1,18}[ \t\r]*\n(?=([^\n]*)\n([^\n]*))", re.MULTILINE)
_KINDS = {"S": Kind.LABEL, "R": Kind.REAL, "I": Kind.WHOLE, "L": Kind.LABEL}
_TRUE = {"T", "TRUE", "True", "true", "1", ".TRUE."}
_FALSE = {"F", "FALSE", "False", "false", "0", ".FALSE."}


@dataclass(frozen=True)
class Columns:
    """What the columns of a frame are, and which of them are logical."""

    fields: tuple[Field, ...]
    logical: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    @property
    def n_tokens(self) -> int:
        return sum(field.width for field in self.fields)


@dataclass
class Extxyz:
    """The layout of XYZ frames, plain or extended."""

    path: str
    name: str = "extxyz"
    epoch: int = 0
    known: None = None
    _columns: dict[str, Columns] = field(default_factory=dict)

    def header(self, text: bytes, offset: int) -> Header:  # noqa: ARG002
        match = _COUNT.match(text)
        if match is None:
            raise _no_count(text)
        end = text.find(b"\n", match.end()) + 1
        if not end:
            raise MoreNeeded
        n_atoms = int(match.group(1))
        row_bytes = 2 * self._n_tokens(text[match.end() : end])
        # a number alone above a line with `=` is the count of a frame whose predecessor is damaged
        doubtful = text[match.end() : end].strip().isdigit() and b"=" in text[end:].split(b"\n")[0]
        return Header(n_atoms, end, 2, row_bytes, certain=match.end() if doubtful else end)

    def _n_tokens(self, comment: bytes) -> int:
        """A lower bound of the tokens in a row; bad columns are found when the rows are read."""
        properties = re.search(rb"Properties=\"?([^\s\"]+)", comment)
        widths = re.findall(rb":[A-Z]:(\d{1,4})(?![^:])", properties.group(1)) if properties else []
        return max(4, min(sum(map(int, widths)), MOST_COLUMNS))

    def plausible(self, text: bytes, start: int) -> int:
        for match in _CANDIDATE.finditer(text, start):
            if b"=" in match.group(1) or _is_row(match.group(2)) or match.group().strip() == b"0":
                return match.start()
        return -1

    def remark(self, header: Header) -> str | None:  # noqa: ARG002
        return None

    def memory(self) -> None:
        """Each frame speaks for itself."""

    def recall(self, memory: Any, read: Any) -> None:
        """Nothing to know."""

    def info(self, text: bytes) -> Mapping[str, Any]:
        header = self.header(text, 0)
        return MappingProxyType(_comment(text, header).info)

    def parse(self, text: FrameText, block: Block, index: int) -> Frame:
        header = self.header(text.head, block.start)
        comment = _comment(text.head, header)
        notes = [self._note(words, block, 1) for words in comment.notes]
        if not _is_utf8(text.head[: header.size]):
            notes.append(self._note("text that is not UTF-8 was read as Latin-1", block, 1))
        if not comment.finite:
            raise Damaged("Lattice holds a number that is not finite", 1)
        columns = self._columns_of(comment, text, header)
        notes += [self._note(words, block, 1) for words in columns.notes]
        rows = read_fields(text, header.size, header.n_atoms, columns.fields)
        damage = self._damage(rows, text, block, columns)
        parts = _parts(rows, columns)
        notes += [self._note(words, block, 0) for words in parts.pop("notes")]
        return Frame(
            index=index,
            cell=comment.cell,
            pbc=comment.pbc,
            origin=comment.origin,
            info=MappingProxyType(comment.info),
            complete=damage is None,
            notes=(*notes, damage) if damage else tuple(notes),
            **parts,
        )

    def _note(self, text: str, block: Block, line: int) -> Note:
        return Note(text, Place(self.path, block.number, block.line + line))

    def _damage(self, rows: Rows, text: FrameText, block: Block, columns: Columns) -> Note | None:
        if rows.fault is not None:
            note = fault_note(text, rows.fault, block, 2, columns.n_tokens)
            return Note(note.text, Place(self.path, note.place.frame, note.place.line))
        if (row := not_finite(rows.arrays["pos"])) is not None:
            return self._note("a position is not a finite number", block, 2 + row)
        return None

    def _columns_of(self, comment: Comment, text: FrameText, header: Header) -> Columns:
        key = comment.properties
        if key is None:
            return _unnamed(text, header)
        if key not in self._columns:
            self._columns[key] = _declared(key)
        return self._columns[key]


def _no_count(text: bytes) -> Exception:
    newline = text.find(b"\n")
    line = text[:newline] if newline >= 0 else text
    if newline < 0 and line.strip().isdigit() and len(line) < 4096:
        return MoreNeeded()
    words = decoded(line[:200]).strip()
    if re.fullmatch(r"-\d+", words):
        return Damaged(f"{words} atoms declared")
    shown = ascii(words[:40])
    return Damaged(f"expected the number of atoms, found {shown}")


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_row(line: bytes) -> bool:
    """Whether a line looks like an atom: three numbers among at least four tokens."""
    tokens = line[:2000].split()
    numbers = sum(token_kind(token) is Kind.REAL for token in tokens[:8])
    return len(tokens) >= 4 and numbers >= 3


def _comment(text: bytes, header: Header) -> Comment:
    begin = text.index(b"\n") + 1
    return read_comment(decoded(text[begin : header.size]).strip())


def _declared(properties: str) -> Columns:
    """The columns that `Properties=` declares. Raises Damaged."""
    words = properties.split(":")
    if len(words) % 3:
        raise Damaged(f"Properties: {len(words)} parts, expected triples name:type:count", 1)
    fields: list[Field] = []
    logical, notes, total = set(), [], 0
    for name, kind, count in zip(words[::3], words[1::3], words[2::3], strict=True):
        width = int(count) if count.isascii() and count.isdigit() and len(count) < 12 else 0
        total += width
        if kind not in _KINDS or not 0 < total <= MOST_COLUMNS:
            raise Damaged(f"Properties: {f'{name}:{kind}:{count}'[:60]!a} is not possible", 1)
        unique = _unique(name, {field.name for field in fields})
        if unique != name:
            notes.append(f"the column {name!a} is declared twice; the second is {unique!r}")
        fields.append(Field(unique, _KINDS[kind], width))
        if kind == "L":
            logical.add(unique)
    if not any(field.name == "pos" and field.width == 3 for field in fields):
        raise Damaged("Properties: there is no pos:R:3", 1)
    return Columns(tuple(fields), frozenset(logical), tuple(notes))


def _unique(name: str, taken: set[str]) -> str:
    number = 2
    unique = name
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    return unique


def _unnamed(text: FrameText, header: Header) -> Columns:
    """Plain XYZ: label, x, y, z; what follows is kept under its column's number."""
    tokens = text.line(header.size).split()
    fields = [Field("species", Kind.LABEL), Field("pos", Kind.REAL, 3)]
    if header.n_atoms == 0 or len(tokens) <= 4:
        return Columns(tuple(fields))
    if len(tokens) > MOST_COLUMNS:
        raise Damaged(f"{len(tokens)} columns, at most {MOST_COLUMNS} are read", 2)
    extra = [Field(f"column_{k + 5}", token_kind(token)) for k, token in enumerate(tokens[4:])]
    note = f"columns 5 to {len(tokens)} have no names in this file"
    return Columns((*fields, *extra), notes=(note,))


def _parts(rows: Rows, columns: Columns) -> dict[str, Any]:
    """The arrays of a frame under the names that `Frame` gives them."""
    arrays = dict(rows.arrays)
    notes: list[str] = []
    parts: dict[str, Any] = {"positions": arrays.pop("pos")}
    parts["numbers"], parts["species"] = _species(arrays, rows, notes)
    parts["ids"] = _ids(arrays, notes)
    parts["columns"] = MappingProxyType(
        {name: _column(name, rows, columns, notes) for name in arrays}
    )
    parts["notes"] = notes
    return parts


def _species(arrays: dict[str, Array], rows: Rows, notes: list[str]) -> tuple[Array, Array | None]:
    labels = rows.labels.get("species")
    if labels is not None and arrays["species"].ndim == 1:
        numbers, species = numbers_and_labels(arrays.pop("species"), labels)
        notes += _guesses(labels)
        return numbers, species
    for name in ("Z", "numbers", "species"):
        column = arrays.get(name)
        if column is not None and column.dtype == np.int64 and column.ndim == 1:
            known = np.where((column > 0) & (column < len(SYMBOLS)), column, 0)
            return known.astype(np.int32), None
    notes.append("the file does not say which elements the atoms are")
    return np.zeros(rows.n_rows, np.int32), None


def _guesses(labels: list[str]) -> list[str]:
    odd = [label for label in labels if label not in SYMBOLS][:8]
    if not odd:
        return []
    guesses = ", ".join(f"{label!a} as {SYMBOLS[atomic_number(label)]}" for label in odd)
    return [f"labels that are no elements were read so: {guesses}"]


def _ids(arrays: dict[str, Array], notes: list[str]) -> Array | None:
    column = arrays.get("id")
    if column is None or column.dtype != np.int64 or column.ndim != 1:
        return None
    if not all_different(column):
        notes.append("ids are not unique: atoms are known by their rows")
        return None
    return arrays.pop("id")


def _column(name: str, rows: Rows, columns: Columns, notes: list[str]) -> Array:
    if name not in rows.labels:
        return rows.arrays[name]
    if name in columns.logical and set(rows.labels[name]) <= _TRUE | _FALSE:
        return np.array([label in _TRUE for label in rows.labels[name]] or [False])[
            rows.arrays[name]
        ]
    if name in columns.logical:
        notes.append(f"the logical column {name!a} holds other words than T and F")
    return rows.words(name)
