"""The scanner of text rows: bit for bit Python's float(), strict, and never outside its bytes."""

from __future__ import annotations

import os
import struct
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.native import scan as scan_module
from mlipviewer.native.scan import count_lines, scan_rows, skip_lines
from mlipviewer.native.tokens import FaultCode, Kind, Token

FORMATS = ("%r", "%.17g", "%.20e", "%.16f", "%.6g", "%.18g", "%.19g", "%.3f", "%E", "%+.8e")


BEFORE = b"ITEM: ATOMS id type x\n"
"""With text before them rows are read by the edges of their tokens, without it byte by byte."""


def scanned(text: str) -> float | FaultCode:
    """One number, read in both ways."""
    found = list[float | FaultCode]()
    for before in (b"", BEFORE):
        place = np.empty(1)
        whole = before + text.encode()
        scan = scan_rows(whole, 1, [Token(Kind.REAL, place)], len(before))
        found.append(scan.fault.code if scan.fault else float(place[0]))
    slow, quick = found
    assert slow is quick or struct.pack("d", slow) == struct.pack("d", quick)
    return quick


def bits(value: float) -> bytes:
    return struct.pack("d", value)


@given(st.floats(allow_nan=False), st.sampled_from(FORMATS))
def test_that_printed_numbers_are_read_as_python_reads_them(value: float, form: str) -> None:
    text = form % value
    found = scanned(text)
    assert isinstance(found, float)
    assert bits(found) == bits(float(text))


@given(st.from_regex(r"[+-]?\d{1,25}(\.\d{0,25})?([eE][+-]?\d{1,3})?", fullmatch=True))
def test_that_any_decimal_is_read_as_python_reads_it(text: str) -> None:
    if not text.isascii():
        return
    found = scanned(text)
    assert isinstance(found, float)
    assert bits(found) == bits(float(text))


HALFWAY = ("9007199254740993", "9007199254740995", "1.00000000000000011102230246251565", "5e-324")
EDGES = ("2.4703282292062327e-324", "1.7976931348623159e308", "0.500000000000000166533453693773481")


@pytest.mark.parametrize("text", [*HALFWAY, *EDGES, "-0.0", "1e400", "123456789012345678e-19"])
def test_that_ties_and_edges_round_to_even(text: str) -> None:
    found = scanned(text)
    assert isinstance(found, float)
    assert bits(found) == bits(float(text))


@given(st.text("0123456789+-.eEnaifINF_xD ,", min_size=1, max_size=12))
def test_that_what_is_no_number_is_a_fault(text: str) -> None:
    tokens = text.split()
    if len(tokens) != 1:
        return
    found = scanned(tokens[0])
    try:
        expected = float(tokens[0]) if "_" not in tokens[0] else None
    except ValueError:
        expected = None
    if expected is None:
        assert found is FaultCode.NO_NUMBER
    else:
        assert isinstance(found, float)
        assert bits(found) == bits(expected) or np.isnan(found)


@pytest.mark.parametrize("before", [b"", BEFORE])
def test_that_rows_fill_strided_columns(before: bytes) -> None:
    positions, ids, codes = np.empty((3, 3)), np.empty(3, np.int64), np.empty(3, np.int32)
    text = before + b"1 Si 0.5 1 2 x\r\n  -2\tC  3e0 4. .5 y \n 9 Si nan -inf +7 z\n"
    tokens = [Token(Kind.WHOLE, ids), Token(Kind.LABEL, codes)]
    tokens += [Token(Kind.REAL, positions[:, k]) for k in range(3)] + [Token(Kind.SKIP)]
    scan = scan_rows(text, 3, tokens, len(before))
    assert (scan.fault, scan.end, scan.labels) == (None, len(text), {1: [b"Si", b"C"]})
    assert ids.tolist() == [1, -2, 9]
    assert codes.tolist() == [0, 1, 0]
    np.testing.assert_array_equal(positions, [[0.5, 1, 2], [3, 4, 0.5], [np.nan, -np.inf, 7]])


@pytest.mark.parametrize("before", [b"", BEFORE])
@pytest.mark.parametrize(
    ("text", "row", "column", "code"),
    [
        (b"1 2\n3\n", 1, 1, FaultCode.FEW_COLUMNS),
        (b"1 2\n\n", 1, 0, FaultCode.FEW_COLUMNS),
        (b"1 2\n3 4 5 6\n", 1, 4, FaultCode.MANY_COLUMNS),
        (b"1 2\n3 4x\n", 1, 1, FaultCode.NO_NUMBER),
        (b"1 2\n3.0 4\n", 1, 0, FaultCode.NO_INTEGER),
        (b"1 2\n99999999999999999999 4\n", 1, 0, FaultCode.NO_INTEGER),
        (b"1 2\n", 1, 0, FaultCode.FEW_ROWS),
        (b"1 2\n3 4D0\n", 1, 1, FaultCode.NO_NUMBER),
        (b"1 2\n3 \0\n", 1, 1, FaultCode.NO_NUMBER),
        (b"1 2\n3 -\n", 1, 1, FaultCode.NO_NUMBER),
        (b"1 2\n3 1e\n", 1, 1, FaultCode.NO_NUMBER),
        (b"1 2\n3\x014\n", 1, 0, FaultCode.NO_INTEGER),
        (b"1 2\n3 \xc2\xa04\n", 1, 1, FaultCode.NO_NUMBER),
        (b"1 2\n3 1234567.8.9\n", 1, 1, FaultCode.NO_NUMBER),
        (b"1 2\n3 .\n", 1, 1, FaultCode.NO_NUMBER),
    ],
)
def test_that_the_first_fault_is_named(
    text: bytes, row: int, column: int, code: FaultCode, before: bytes
) -> None:
    ids, values = np.zeros(2, np.int64), np.zeros(2)
    tokens = [Token(Kind.WHOLE, ids), Token(Kind.REAL, values)]
    scan = scan_rows(before + text, 2, tokens, len(before))
    assert scan.fault is not None
    assert (scan.fault.row, scan.fault.column, scan.fault.code) == (row, column, code)
    assert scan.n_rows == row
    assert (ids[0], values[0]) == (1, 2.0)


PARTS = ("1", "-2", "x", "3.25", "1e-7", " ", "\t", "\r", "\n", "\n", "\0", "\u00a0", "12345678901")
WIDE = st.lists(st.sampled_from(PARTS), max_size=90).map("".join)


@given(WIDE, st.integers(0, 12), st.integers(1, 4), st.sampled_from([1, 700]))
def test_that_rows_by_their_edges_are_rows_byte_by_byte(
    text: str, n_rows: int, n_tokens: int, times: int
) -> None:
    plain = b"7 " * n_tokens + b"\n"
    found = []
    for before in (b"", BEFORE):
        kinds = [Kind.REAL, Kind.LABEL, Kind.SKIP, Kind.WHOLE][:n_tokens]
        dtypes = {Kind.REAL: np.float64, Kind.WHOLE: np.int64, Kind.LABEL: np.int32}
        n_all = n_rows + times
        targets = [np.zeros(n_all, dtypes[k]) if k in dtypes else None for k in kinds]
        tokens = [Token(kind, target) for kind, target in zip(kinds, targets, strict=True)]
        whole = before + plain * times + text.encode()
        scan = scan_rows(whole, n_all, tokens, len(before))
        values = [[] if t is None else t[: scan.n_rows].tolist() for t in targets]
        fault = scan.fault and (scan.fault.row, scan.fault.column, scan.fault.code)
        labels = None if fault else scan.labels  # those of the faulty row may be among them
        found.append((scan.n_rows, scan.end - len(before), fault, repr(values), labels))
    assert found[0] == found[1]


@given(st.binary(max_size=60), st.integers(0, 5))
def test_that_no_bytes_can_do_harm(text: bytes, n_rows: int) -> None:
    codes, values = np.empty(n_rows, np.int32), np.empty(n_rows)
    scan = scan_rows(text, n_rows, [Token(Kind.LABEL, codes), Token(Kind.REAL, values)])
    assert 0 <= scan.n_rows <= n_rows
    assert 0 <= scan.end <= len(text)


def test_that_many_labels_and_long_labels_are_handled() -> None:
    codes = np.empty(10_000, np.int32)
    text = "".join(f"atom{k}\n" for k in range(10_000)).encode()
    scan = scan_rows(text, 10_000, [Token(Kind.LABEL, codes)])
    assert codes.tolist() == list(range(10_000))
    assert scan.labels[0][-1] == b"atom9999"
    scan = scan_rows(b"x" * 257, 1, [Token(Kind.LABEL, codes)])
    assert scan.fault is not None
    assert scan.fault.code is FaultCode.LONG_LABEL


def test_that_a_last_row_without_newline_is_read() -> None:
    values = np.empty(2)
    scan = scan_rows(b"skip\n1.5\n2.5", 2, [Token(Kind.REAL, values)], start=5)
    assert (scan.fault, scan.end, values.tolist()) == (None, 12, [1.5, 2.5])


def test_that_targets_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        scan_rows(b"1\n2\n", 2, [Token(Kind.REAL, np.empty(1))])
    with pytest.raises(TypeError, match="REAL"):
        scan_rows(b"1\n", 1, [Token(Kind.REAL, np.empty(1, np.float32))])
    with pytest.raises(ValueError, match="outside"):
        scan_rows(b"1\n", 1, [Token(Kind.SKIP)], start=5)


@given(st.binary(max_size=9000).map(lambda b: b.replace(b"\0", b"\n")), st.integers(0, 200))
def test_that_lines_are_counted_and_skipped(text: bytes, n: int) -> None:
    assert count_lines(text) == text.count(b"\n")
    at, passed = skip_lines(text, n)
    assert passed == min(n, text.count(b"\n"))
    ends = [k + 1 for k, byte in enumerate(text) if byte == 10]
    assert at == (0 if n == 0 else ends[n - 1] if n <= len(ends) else len(text))


@given(
    st.lists(
        st.sampled_from(["Li 1.5 2", "O -0.25 3", "Na 1e3 4", "x", "Li a 1", "", "K 1 2 3"]),
        max_size=40,
    ),
    st.integers(0, 45),
    st.integers(2, 5),
)
def test_that_pieces_on_all_cores_are_as_one_scan(
    lines: list[str], n_rows: int, n_cores: int
) -> None:
    text = "".join(f"{line}\n" for line in lines).encode()
    found = []
    for many_rows in (10**9, 2):
        codes, reals = np.zeros(45, np.int32), np.zeros((45, 2))
        wholes = np.zeros(45, np.int64)
        tokens = [
            Token(Kind.LABEL, codes), Token(Kind.REAL, reals[:, 1]), Token(Kind.WHOLE, wholes),
        ]  # fmt: skip
        with (
            mock.patch.object(scan_module, "MANY_ROWS", many_rows),
            mock.patch.object(scan_module, "PIECE", 16),
            mock.patch.object(os, "cpu_count", return_value=n_cores),
        ):
            scan = scan_rows(text, n_rows, tokens)
        n = scan.n_rows
        names = [scan.labels[0][code] for code in codes[:n]]
        found.append((n, scan.end, scan.fault, names, reals[:n].tolist(), wholes[:n].tolist()))
    assert found[0] == found[1]
