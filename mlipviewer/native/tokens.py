"""What rows of text are made of, as `scan.c` reads them: tokens, their targets, faults, labels."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function


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


_DTYPES = {Kind.REAL: np.float64, Kind.WHOLE: np.int64, Kind.LABEL: np.int32}
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


class _Labels:
    """Room for the distinct labels of one token."""

    def __init__(self, capacity: int) -> None:
        n_slots = 1 << (2 * capacity - 1).bit_length()
        self.letters = np.empty(_MEAN_LETTERS * capacity, np.uint8)
        self.starts, self.rows = np.empty(capacity, np.int64), np.empty(capacity, np.int64)
        self.lengths = np.empty(capacity, np.int32)
        self.slots = np.full(n_slots, -1, np.int32)

    def enter(self, spec: _Spec) -> None:
        spec.capacity, spec.slot_mask = len(self.starts), len(self.slots) - 1
        spec.letters, spec.most_letters = self.letters.ctypes.data, len(self.letters)
        spec.starts, spec.lengths = self.starts.ctypes.data, self.lengths.ctypes.data
        spec.rows, spec.slots = self.rows.ctypes.data, self.slots.ctypes.data

    def larger(self, spec: _Spec) -> _Labels:
        """64 times the room, with the same labels under the same codes."""
        more = _Labels(64 * len(self.starts))
        for name in ("letters", "starts", "rows", "lengths"):
            old = getattr(self, name)
            getattr(more, name)[: len(old)] = old
        more.enter(spec)
        function("scan_slots")(ctypes.byref(spec))
        return more

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
        self._specs = (_Spec * len(tokens))(*[_spec(token, n_rows) for token in tokens])
        self._tables = {
            i: _Labels(_FEW_LABELS) for i, t in enumerate(tokens) if t.kind is Kind.LABEL
        }
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
            specs, n = self._specs, len(self._tokens)
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


def _spec(token: Token, n_rows: int) -> _Spec:
    spec = _Spec(kind=int(token.kind))
    if token.kind is Kind.SKIP:
        return spec
    target = token.target
    if target is None or target.dtype != _DTYPES[token.kind] or target.ndim != 1:
        raise TypeError(f"{token.kind.name} needs a flat {_DTYPES[token.kind].__name__} array")
    if len(target) < n_rows or not target.flags.writeable:
        raise ValueError("the target of a token is too short or read-only")
    address = target.__array_interface__["data"][0]  # a third of the time of target.ctypes
    spec.target, spec.stride = address, target.strides[0]
    return spec
