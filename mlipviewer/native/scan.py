"""Text rows to numpy columns: typed wrappers around `scan.c`."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function

_PAGE = 4096


class Kind(IntEnum):
    """How a token of a row is read."""

    SKIP = 0
    REAL = 1
    WHOLE = 2
    LABEL = 3


class FaultCode(IntEnum):
    """What was wrong with the first faulty token; the numbers are those of scan.c."""

    FEW_COLUMNS = 1
    MANY_COLUMNS = 2
    NO_NUMBER = 3
    NO_INTEGER = 4
    LONG_LABEL = 5
    MANY_LABELS = 6
    FEW_ROWS = 7


@dataclass(frozen=True)
class Fault:
    """The first faulty token: row and column count from 0, `offset` is in the text.

    For FEW_COLUMNS and MANY_COLUMNS `column` is the number of columns found.
    """

    row: int
    column: int
    code: FaultCode
    offset: int


@dataclass(frozen=True, eq=False)
class Token:
    """One token of every row and where it goes.

    REAL needs a float64 `target`, WHOLE an int64 one, LABEL an int32 one for codes into the labels;
    SKIP needs none. `target` is (n_rows,), any stride: `positions[:, 0]` is fine.
    """

    kind: Kind
    target: NDArray[Any] | None = None


@dataclass(frozen=True, eq=False)
class Scan:
    """What came of a scan: rows read, where the next row begins, the labels of each LABEL token."""

    n_rows: int
    end: int
    fault: Fault | None = None
    labels: dict[int, list[bytes]] = field(default_factory=dict)


class _Spec(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_int32),
        ("capacity", ctypes.c_int32),
        ("slot_mask", ctypes.c_int32),
        ("count", ctypes.c_int32),
        ("target", ctypes.c_void_p),
        ("stride", ctypes.c_int64),
        ("starts", ctypes.c_void_p),
        ("lengths", ctypes.c_void_p),
        ("slots", ctypes.c_void_p),
        ("short_words", ctypes.c_uint64 * 16),
        ("short_codes", ctypes.c_int32 * 16),
    )


class _Result(ctypes.Structure):
    _fields_ = (
        ("row", ctypes.c_int64),
        ("column", ctypes.c_int64),
        ("code", ctypes.c_int64),
        ("end", ctypes.c_int64),
        ("row_start", ctypes.c_int64),
    )


class _LabelTable:
    """Room for the distinct labels of one token."""

    def __init__(self, capacity: int) -> None:
        n_slots = 1 << (2 * capacity - 1).bit_length()
        self.starts = np.empty(capacity, np.int64)
        self.lengths = np.empty(capacity, np.int32)
        self.slots = np.full(n_slots, -1, np.int32)

    def enter(self, spec: _Spec) -> None:
        spec.capacity, spec.slot_mask = len(self.starts), len(self.slots) - 1
        spec.starts, spec.lengths = self.starts.ctypes.data, self.lengths.ctypes.data
        spec.slots = self.slots.ctypes.data

    def labels(self, text: bytes, count: int) -> list[bytes]:
        places = zip(self.starts[:count].tolist(), self.lengths[:count].tolist(), strict=True)
        return [text[start : start + length] for start, length in places]


MANY_ROWS = 200_000
"""From so many rows on all cores scan, each a piece of half as many rows or more."""

_DTYPES = {Kind.REAL: np.float64, Kind.WHOLE: np.int64, Kind.LABEL: np.int32}


@cache
def _scan_rows() -> Any:
    function("scan_prepare")()
    call = function("scan_rows")
    number = ctypes.c_int64
    call.argtypes = [ctypes.c_char_p, number, number, number, number, ctypes.c_void_p, number]
    call.argtypes += [ctypes.c_void_p]
    call.restype = None
    return call


@cache
def _counting(name: str) -> Any:
    call = function(name)
    call.argtypes = [ctypes.c_char_p, *[ctypes.c_int64] * (2 if name == "count_lines" else 3)]
    call.restype = ctypes.c_int64
    return call


def _checked(text: bytes, start: int, end: int | None) -> int:
    end = len(text) if end is None else end
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"[{start}, {end}) lies outside a text of {len(text)} bytes")
    return end


def _spec(token: Token, n_rows: int) -> _Spec:
    spec = _Spec(kind=int(token.kind))
    if token.kind is Kind.SKIP:
        return spec
    target = token.target
    if target is None or target.dtype != _DTYPES[token.kind] or target.ndim != 1:
        raise TypeError(f"{token.kind.name} needs a flat {_DTYPES[token.kind].__name__} array")
    if len(target) < n_rows or not target.flags.writeable:
        raise ValueError("the target of a token is too short or read-only")
    spec.target, spec.stride = target.ctypes.data, target.strides[0]
    return spec


def scan_rows(
    text: bytes, n_rows: int, tokens: Sequence[Token], start: int = 0, end: int | None = None
) -> Scan:
    """Read `n_rows` lines of text[start:end] into the targets of `tokens`.

    A last line without newline is read too. Rows after a fault mean nothing. Raises ValueError
    and TypeError for targets that do not fit, never for anything in the text.
    """
    end = _checked(text, start, end)
    if end > start and text[end - 1 : end] != b"\n":
        return _shifted(scan_rows(text[start:end] + b"\n", n_rows, tokens), start, end)
    if n_rows < MANY_ROWS or (os.cpu_count() or 1) == 1:
        return _whole(text, n_rows, tokens, start, end)
    return _in_pieces(text, n_rows, tokens, start, end)


def _whole(text: bytes, n_rows: int, tokens: Sequence[Token], start: int, end: int) -> Scan:
    capacity = 64
    while True:
        scan = _scanned(text, start, end, n_rows, tokens, capacity)
        if scan.fault is None or scan.fault.code is not FaultCode.MANY_LABELS:
            return scan
        capacity *= 64


def _in_pieces(text: bytes, n_rows: int, tokens: Sequence[Token], start: int, end: int) -> Scan:
    """As many rows at a time as there are cores: the same scan, to the row of a fault."""
    from concurrent.futures import ThreadPoolExecutor

    n_pieces = min(os.cpu_count() or 1, n_rows // (MANY_ROWS // 2))
    rows = [n_rows * i // n_pieces for i in range(n_pieces + 1)]
    starts = [start]
    for first, last in pairwise(rows):
        starts.append(skip_lines(text, last - first, starts[-1], end)[0])

    def piece(i: int) -> Scan:
        mine = [_part(token, rows[i], rows[i + 1]) for token in tokens]
        stop = end if i == n_pieces - 1 else starts[i + 1]
        return _whole(text, rows[i + 1] - rows[i], mine, starts[i], stop)

    with ThreadPoolExecutor(n_pieces) as pool:
        scans = list(pool.map(piece, range(n_pieces)))
    return _joined(scans, rows, tokens)


def _part(token: Token, first: int, last: int) -> Token:
    return token if token.target is None else replace(token, target=token.target[first:last])


def _joined(scans: Sequence[Scan], rows: Sequence[int], tokens: Sequence[Token]) -> Scan:
    """One scan of all pieces up to the first fault; labels get the codes of their first place."""
    known: dict[int, dict[bytes, int]] = {column: {} for column in scans[0].labels}
    for scan, first in zip(scans, rows, strict=False):
        for column, labels in scan.labels.items():
            codes = known[column]
            new = [codes.setdefault(label, len(codes)) for label in labels]
            target = tokens[column].target
            if target is not None and new != list(range(len(new))):
                part = target[first : first + scan.n_rows]
                part[:] = np.array(new, np.int32)[part]
        if scan.fault is not None:
            fault = replace(scan.fault, row=scan.fault.row + first)
            return Scan(first + scan.n_rows, scan.end, fault, _in_order(known))
    return Scan(rows[-1], scans[-1].end, None, _in_order(known))


def _in_order(known: dict[int, dict[bytes, int]]) -> dict[int, list[bytes]]:
    return {column: list(codes) for column, codes in known.items()}


def _shifted(scan: Scan, start: int, end: int) -> Scan:
    """The scan of a copy that got a newline, in the offsets of the original."""
    fault = scan.fault
    if fault is not None:
        fault = replace(fault, offset=min(fault.offset + start, end))
    return Scan(scan.n_rows, min(scan.end + start, end), fault, scan.labels)


def _scanned(
    text: bytes, start: int, end: int, n_rows: int, tokens: Sequence[Token], capacity: int
) -> Scan:
    specs = (_Spec * len(tokens))(*[_spec(token, n_rows) for token in tokens])
    tables = {i: _LabelTable(capacity) for i, t in enumerate(tokens) if t.kind is Kind.LABEL}
    for i, table in tables.items():
        table.enter(specs[i])
    result = _Result()
    _scan_rows()(text, start, end, 0, n_rows, specs, len(tokens), ctypes.byref(result))
    labels = {i: table.labels(text, specs[i].count) for i, table in tables.items()}
    return Scan(result.row, result.end, _fault(result), labels)


def _fault(result: _Result) -> Fault | None:
    if not result.code:
        return None
    return Fault(result.row, result.column, FaultCode(result.code), result.end)


def count_lines(text: bytes, start: int = 0, end: int | None = None) -> int:
    """Newlines in text[start:end]."""
    return int(_counting("count_lines")(text, start, _checked(text, start, end)))


def skip_lines(text: bytes, n: int, start: int = 0, end: int | None = None) -> tuple[int, int]:
    """Where the line n lines further begins, and how many newlines were passed.

    Where there are fewer than n, the offset is `end` and the count says how many there were.
    """
    end = _checked(text, start, end)
    at = int(_counting("skip_lines")(text, start, end, n))
    return (at, n) if at >= 0 else (end, -1 - at)
