"""The rows of one frame to named arrays; what is wrong with them, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.problem import Note, Place
from mlipviewer.io.trajectories.bytestore import decoded
from mlipviewer.io.trajectories.frame_text import FrameText
from mlipviewer.io.trajectories.layout import Block
from mlipviewer.native.scan import scan_pieces, scan_rows
from mlipviewer.native.tokens import Fault, FaultCode, Kind, Scan, Token

Array = NDArray[Any]

MOST_COLUMNS = 4096
LARGE = 4 << 20  # bytes: from here on numpy asks for large pages
_PLAIN = re.compile(rb"-?\d{1,18}(\.\d{0,20})?")
_SKIPPED = Token(Kind.SKIP)
_DTYPES = {Kind.REAL: np.float64, Kind.WHOLE: np.int64, Kind.LABEL: np.int32}


@dataclass(frozen=True, slots=True)
class Field:
    """`width` neighbouring tokens that are one array: (n,) for width 1, else (n, width)."""

    name: str
    kind: Kind
    width: int = 1


@dataclass(frozen=True, eq=False)
class Rows:
    """The arrays of a frame by field name; label fields hold codes into `labels[name]`."""

    arrays: dict[str, Array]
    labels: dict[str, list[str]]
    n_rows: int
    fault: Fault | None

    def words(self, name: str) -> Array:
        """The labels of a field as text, (n,) or (n, k)."""
        return np.array(self.labels[name] or [""])[self.arrays[name]]


def read_fields(text: FrameText, start: int, n_rows: int, fields: Sequence[Field]) -> Rows:
    """Read `n_rows` rows of `fields` from text[start:]; after a fault the rows before it stay.
    Raises ReadProblem."""
    places = _places(n_rows, fields)
    tokens = list[Token]()
    for field, place in zip(fields, places, strict=True):
        tokens += [Token(field.kind, place)] if field.kind else [_SKIPPED] * field.width
    return _gathered(_scanned(text, start, n_rows, tokens), fields, places)


def _places(n_rows: int, fields: Sequence[Field]) -> list[Array]:
    """An array (n_rows, width) for each field; large ones are parts of one piece of memory, for
    which numpy asks for large pages: they come much faster than many small ones."""
    shapes = [((n_rows if field.kind else 0), field.width) for field in fields]
    dtypes = [np.dtype(_DTYPES.get(field.kind)) for field in fields]
    sizes = [n * w * dtype.itemsize for (n, w), dtype in zip(shapes, dtypes, strict=True)]
    if sum(sizes) < LARGE or max(sizes) >= LARGE:
        return [np.empty(shape, dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]
    starts = list(accumulate((-(-size // 64) * 64 for size in sizes), initial=0))
    whole = np.empty(starts[-1], np.uint8)
    return [
        whole[start : start + size].view(dtype).reshape(shape)
        for start, size, dtype, shape in zip(starts, sizes, dtypes, shapes, strict=False)
    ]


def _scanned(text: FrameText, start: int, n_rows: int, tokens: Sequence[Token]) -> Scan:
    if text.whole:
        return scan_rows(text.head, n_rows, tokens, start)
    return scan_pieces(text.read_into, n_rows, tokens, start, text.size - start)


def _gathered(scan: Scan, fields: Sequence[Field], places: Sequence[Array]) -> Rows:
    arrays: dict[str, Array] = {}
    labels: dict[str, list[str]] = {}
    token = 0
    for field, place in zip(fields, places, strict=True):
        if field.kind is not Kind.SKIP:
            rows = place[: scan.n_rows]
            arrays[field.name] = rows[:, 0] if field.width == 1 else rows
        if field.kind is Kind.LABEL:
            labels[field.name] = _merged(scan, token, rows)
        token += field.width
    return Rows(arrays, labels, scan.n_rows, scan.fault)


def _merged(scan: Scan, token: int, codes: Array) -> list[str]:
    """One list of labels for all tokens of a field; the codes are moved along in place."""
    labels: list[str] = []
    for k in range(codes.shape[1]):
        codes[:, k] += len(labels)
        labels.extend(decoded(label) for label in scan.labels[token + k])
    return labels


def fault_note(
    text: FrameText, fault: Fault, block: Block, header_lines: int, n_columns: int
) -> Note:
    """A fault in words: `line 16: 3 columns, expected 7`. Place.path is filled in by the caller."""
    row = block.line + header_lines + fault.row
    if fault.code is FaultCode.FEW_ROWS:
        reason = f"{fault.row} of {block.n_atoms} atoms"
        return Note(reason, Place("", block.number, block.line))
    return Note(_reason(text, fault, n_columns, block), Place("", block.number, row))


def _reason(text: FrameText, fault: Fault, n_columns: int, block: Block) -> str:
    near = text.part(fault.offset, 60)
    if (hole := near.find(b"\0")) >= 0:
        place = block.start + fault.offset + hole
        return f"NUL bytes from byte {place} of the file, as a crash leaves them"
    if fault.code in (FaultCode.FEW_COLUMNS, FaultCode.MANY_COLUMNS):
        return f"{fault.column} columns, expected {n_columns}"
    token = decoded(near).split()
    shown = ascii(token[0] if token else "")
    if fault.code is FaultCode.LONG_LABEL:
        return f"column {fault.column + 1} holds a label of more than 256 characters"
    kind = "an integer" if fault.code is FaultCode.NO_INTEGER else "a number"
    return f"column {fault.column + 1}: {shown} is not {kind}"


def token_kind(token: bytes) -> Kind:
    """How a token of an undeclared column is read: a number where it is one, else a label."""
    if _PLAIN.fullmatch(token):
        return Kind.REAL
    place = np.empty(1)
    scan = scan_rows(token + b"\n", 1, [Token(Kind.REAL, place)])
    return Kind.LABEL if scan.fault else Kind.REAL


def not_finite(values: Array) -> int | None:
    """The first row of (n,) or (n, k) values that holds a nan or an infinity."""
    with np.errstate(all="ignore"):
        if np.isfinite(values.sum()):  # ten times faster, and nan and infinities stay in a sum
            return None
    bad = ~np.isfinite(values)
    rows = bad if bad.ndim == 1 else bad.any(axis=1)
    return int(rows.argmax()) if rows.any() else None


def all_different(ids: Array) -> bool:
    """Whether no id occurs twice: as they rise, by a table where dense, else by sorting."""
    if len(ids) < 2:
        return True
    if (ids[1:] > ids[:-1]).all():  # as sorted dumps have them: no table is needed
        return True
    low, high = int(ids.min()), int(ids.max())
    if high - low < 8 * len(ids):
        seen = np.zeros(high - low + 1, bool)
        seen[ids - low] = True
        return int(np.count_nonzero(seen)) == len(ids)
    ordered = np.sort(ids)
    return bool((ordered[1:] != ordered[:-1]).all())
