"""What rows of text are made of, as `scan.c` reads them: tokens, their targets, faults, labels."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function

Target = NDArray[Any]


class Kind(IntEnum):
    """How a token of a row is read."""

    SKIP = 0
    REAL = 1
    WHOLE = 2
    LABEL = 3


class FaultCode(IntEnum):
    """What was wrong with the first faulty token; the numbers are those of decimal.h."""

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
    """One token of every row and where it goes, or several neighbours of one kind.

    REAL needs a float64 `target`, WHOLE an int64 one, LABEL an int32 one for codes into the labels;
    SKIP needs none. `target` is (n_rows,), any stride: `positions[:, 0]` is fine; or (n_rows, k)
    for k tokens.
    """

    kind: Kind
    target: NDArray[Any] | None = None


@dataclass(frozen=True, eq=False)
class Scan:
    """What came of a scan: rows read, where the next row begins, the labels of each LABEL token.

    `labels` go by the place of the token in its row.
    """

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
        ("letters", ctypes.c_void_p),
        ("n_letters", ctypes.c_int64),
        ("most_letters", ctypes.c_int64),
        ("starts", ctypes.c_void_p),
        ("lengths", ctypes.c_void_p),
        ("rows", ctypes.c_void_p),
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


_HEAD = struct.Struct("@iiiiPq")  # the fields of a spec that every kind has
_SIZE = ctypes.sizeof(_Spec)
_TYPES = {Kind.REAL: np.float64, Kind.WHOLE: np.int64, Kind.LABEL: np.int32}
_DTYPES = {kind: np.dtype(one) for kind, one in _TYPES.items()}
_FEW_LABELS = 64
_MEAN_LETTERS = 32


@cache
def _scan_rows() -> Any:
    function("scan_prepare")()
    call = function("scan_rows")
    number = ctypes.c_int64
    call.argtypes = [ctypes.c_void_p, number, number, number, number, ctypes.c_void_p, number]
    call.argtypes += [ctypes.c_void_p]
    call.restype = None
    return call


def label_targets(tokens: Sequence[Token]) -> dict[int, Target]:
    """Where the codes of each LABEL token go, (n_rows,), by its place in the row."""
    found = dict[int, Target]()
    at = 0
    for token in tokens:
        columns = np.atleast_2d(token.target.T) if token.target is not None else [None]
        for k, column in enumerate(columns):
            if token.kind is Kind.LABEL and column is not None:
                found[at + k] = column
        at += len(columns)
    return found


class _Labels:
    """Room for the distinct labels of one token: one piece of memory for the parts below."""

    def __init__(self, capacity: int) -> None:
        self.capacity, self.n_slots = capacity, 1 << (2 * capacity - 1).bit_length()
        sizes = (8 * capacity, 8 * capacity, 4 * capacity, 4 * self.n_slots)
        self._ends = list(accumulate((*sizes, _MEAN_LETTERS * capacity)))
        self._memory = np.empty(self._ends[-1], np.uint8)
        self._memory[self._ends[2] : self._ends[3]] = 255  # -1: free slots

    def _part(self, k: int, dtype: type[np.generic]) -> NDArray[Any]:
        begin = self._ends[k - 1] if k else 0
        return self._memory[begin : self._ends[k]].view(dtype)

    @property
    def starts(self) -> NDArray[np.int64]:
        return self._part(0, np.int64)

    @property
    def rows(self) -> NDArray[np.int64]:
        return self._part(1, np.int64)

    @property
    def lengths(self) -> NDArray[np.int32]:
        return self._part(2, np.int32)

    @property
    def letters(self) -> NDArray[np.uint8]:
        return self._part(4, np.uint8)

    def enter(self, spec: _Spec) -> None:
        spec.capacity, spec.slot_mask = self.capacity, self.n_slots - 1
        spec.most_letters = _MEAN_LETTERS * self.capacity
        begin = _address(self._memory)
        spec.starts, spec.rows = begin, begin + self._ends[0]
        spec.lengths, spec.slots = begin + self._ends[1], begin + self._ends[2]
        spec.letters = begin + self._ends[3]

    def larger(self, spec: _Spec) -> _Labels:
        """64 times the room, with the same labels under the same codes."""
        more = _Labels(64 * self.capacity)
        for old, new in zip(self._parts(), more._parts(), strict=True):
            new[: len(old)] = old
        more.enter(spec)
        function("scan_slots")(ctypes.byref(spec))
        return more

    def _parts(self) -> tuple[NDArray[Any], ...]:
        return self.letters, self.starts, self.rows, self.lengths

    def found(self, spec: _Spec) -> list[tuple[int, bytes]]:
        """The first row of each label, and the label."""
        n, letters = spec.count, self.letters[: spec.n_letters].tobytes()
        places = zip(self.starts[:n].tolist(), self.lengths[:n].tolist(), strict=True)
        words = [letters[start : start + length] for start, length in places]
        return list(zip(self.rows[:n].tolist(), words, strict=True))


class Reader:
    """Reads rows of tokens piece by piece; what it learns of labels stays from piece to piece.

    Raises ValueError and TypeError for targets that do not fit `n_rows` rows.
    """

    def __init__(self, tokens: Sequence[Token], n_rows: int) -> None:
        self._tokens = tokens  # they own the memory that C writes to
        widths = [_checked_width(token, n_rows) for token in tokens]
        n = sum(widths)
        memory = bytearray(n * _SIZE)
        self._specs, self._n = (_Spec * n).from_buffer(memory), n
        self._tables = dict[int, _Labels]()
        at = 0
        for token, width in zip(tokens, widths, strict=True):
            if token.target is not None and token.kind is not Kind.SKIP:
                _enter(memory, at, token.kind, token.target, width)
            if token.kind is Kind.LABEL:
                self._tables |= {k: _Labels(_FEW_LABELS) for k in range(at, at + width)}
            at += width
        for i, table in self._tables.items():
            table.enter(self._specs[i])

    def read(
        self, address: int, start: int, end: int, first_row: int, n_rows: int
    ) -> tuple[int, int, Fault | None]:
        """Read rows of what lies in [start, end) from `address` on; its last byte is a newline.

        Returns how far it came: the rows read so far, counted with `first_row`, the offset behind
        them, and the fault there. FEW_ROWS means that the text was at its end.
        """
        row, last = first_row, first_row + n_rows
        result = _Result()
        while True:
            specs, n = self._specs, self._n
            _scan_rows()(address, start, end, row, last - row, specs, n, ctypes.byref(result))
            if result.code != FaultCode.MANY_LABELS:
                break
            row, start = result.row, result.row_start
            table = self._tables[result.column]
            self._tables[result.column] = table.larger(self._specs[result.column])
        if not result.code:
            return result.row, result.end, None
        fault = Fault(result.row, result.column, FaultCode(result.code), result.end)
        return result.row, result.end, fault

    def labels(self) -> dict[int, list[tuple[int, bytes]]]:
        """For each LABEL token the first row of each label, and the label, by code."""
        return {i: table.found(self._specs[i]) for i, table in self._tables.items()}


def _checked_width(token: Token, n_rows: int) -> int:
    """The tokens that one stands for. Raises ValueError and TypeError for a bad target."""
    if token.kind is Kind.SKIP:
        return 1
    target = token.target
    if target is None or target.dtype != _DTYPES[token.kind] or not 0 < target.ndim < 3:
        raise TypeError(f"{token.kind.name} needs a flat {_TYPES[token.kind].__name__} array")
    if len(target) < n_rows or not target.flags.writeable:
        raise ValueError("the target of a token is too short or read-only")
    return 1 if target.ndim == 1 else target.shape[1]


def _enter(memory: bytearray, at: int, kind: Kind, target: NDArray[Any], width: int) -> None:
    """Write the specs of `width` tokens from the one at place `at` on."""
    address, strides = _address(target), target.strides
    for k in range(width):
        place = address + k * strides[-1] if k else address
        _HEAD.pack_into(memory, (at + k) * _SIZE, kind, 0, 0, 0, place, strides[0])


def _address(array: NDArray[Any]) -> int:
    if array.size and array.flags.c_contiguous:
        return ctypes.addressof(ctypes.c_char.from_buffer(array.data))  # a tenth of array.ctypes
    return int(array.__array_interface__["data"][0])
