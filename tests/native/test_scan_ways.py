"""The ways to read rows, byte by byte, by edges and by wide vectors: all find the same."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.native import function
from mlipviewer.native.scan import scan_rows
from mlipviewer.native.tokens import Kind, Token

BEFORE = b"ITEM: ATOMS id type x\n"
DTYPES = {Kind.REAL: np.float64, Kind.WHOLE: np.int64, Kind.LABEL: np.int32}
KINDS = {"R": Kind.REAL, "W": Kind.WHOLE, "L": Kind.LABEL, "S": Kind.SKIP}


@contextmanager
def reading(most: int) -> Iterator[int]:
    """Rows are read in no better way than this: the way that this machine takes then."""
    scan_rows(b"", 0, [])  # so that the best way is known
    try:
        yield function("scan_way")(most)
    finally:
        function("scan_way")(2)


def found(text: bytes, n_rows: int, kinds: str, way: int) -> tuple[Any, ...]:
    """All that comes of a scan; numbers as bits."""
    targets = [np.zeros(n_rows, DTYPES.get(KINDS[kind])) for kind in kinds]
    tokens = [
        Token(KINDS[kind], None if kind == "S" else target)
        for kind, target in zip(kinds, targets, strict=True)
    ]
    with reading(way):
        scan = scan_rows(BEFORE + text, n_rows, tokens, len(BEFORE))
    rows = [target[: scan.n_rows].tobytes() for target in targets]
    fault = scan.fault and (scan.fault.row, scan.fault.column, scan.fault.code, scan.fault.offset)
    labels = scan.labels if fault is None else None  # those of the faulty row may be among them
    return scan.n_rows, scan.end, fault, labels, rows


def assert_alike(text: bytes, n_rows: int, kinds: str) -> None:
    slow = found(text, n_rows, kinds, 0)
    for way in (1, 2):
        assert found(text, n_rows, kinds, way) == slow, way


PLAIN = {
    "R": st.from_regex(r"\A-?\d{0,7}\.\d{1,9}\Z|\A-?\d{1,15}\.?\Z", fullmatch=True),
    "W": st.from_regex(r"\A-?\d{1,9}\Z", fullmatch=True),
    "L": st.sampled_from(["Li", "O", "a_long_label_of_an_atom", "1"]),
    "S": st.sampled_from(["x", "17"]),
}
ODD = ("1e-7", "-", ".", "-.", "--1", "5-", "1.2.3", "1.234567.89", "+3", "nan", "1" * 17, "\u00e4")
GAPS = (" ", " ", " ", "  ", "     ", "\t", " \r")


def row_of(draw: st.DrawFn, kinds: Sequence[str]) -> str:
    """A row as files have them, seldom one with a fault or something rare."""
    tokens = [draw(PLAIN[kind]) for kind in kinds]
    how = draw(st.integers(0, 30))
    if how == 0:
        tokens[draw(st.integers(0, len(tokens) - 1))] = draw(st.sampled_from(ODD))
    elif how == 1:
        tokens = tokens[:-1] if draw(st.booleans()) else [*tokens, "7"]
    gap = draw(st.sampled_from(GAPS)) if how in (2, 3) else " "
    return gap.join(tokens) + draw(st.sampled_from(["", "", " "]))


@st.composite
def texts(draw: st.DrawFn) -> tuple[bytes, int, str]:
    kinds = draw(st.text("RRRWLS", min_size=1, max_size=11))
    few = [row_of(draw, kinds) for _ in range(draw(st.integers(1, 6)))]
    rows = few * draw(st.sampled_from([1, 3, 40]))  # more than are looked at in one go
    return "".join(f"{row}\n" for row in rows).encode(), len(rows) + draw(st.integers(-1, 1)), kinds


@given(texts())
def test_that_rows_are_read_alike_in_all_ways(made: tuple[bytes, int, str]) -> None:
    text, n_rows, kinds = made
    assert_alike(text, n_rows, kinds)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=4, max_size=4))
@pytest.mark.parametrize("form", ["%.3f", "%.8f", "%.6g", "%.12g", "%.1f", "%.14f"])
def test_that_wide_numbers_are_those_of_python(form: str, values: list[float]) -> None:
    words = [form % value for value in values]
    text = (" ".join(words) + "\n").encode() * 3
    rows = found(text, 3, "RRRR", 2)[-1]
    assert rows == [struct.pack("d", float(word)) * 3 for word in words]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 9])
@pytest.mark.parametrize("kind", ["R", "W"])
@pytest.mark.parametrize(
    "word", ["-1", "0", "-0", "12345678", "-1234567", "123456789", "-12345678"]
)
def test_that_numbers_of_any_group_are_read(n: int, kind: str, word: str) -> None:
    text = (" ".join([word] * n) + "\n").encode() * 70
    n_rows, _end, fault, _labels, rows = found(text, 70, kind * n, 2)
    assert (n_rows, fault) == (70, None)
    code, value = ("d", float(word)) if kind == "R" else ("q", int(word))
    assert rows == [struct.pack(code, value) * 70] * n


@pytest.mark.parametrize("word", ["0.12345678901234", "99999999.9999999", "9999999999999999"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_that_sixteen_bytes_are_read_to_the_last_bit(word: str, sign: str) -> None:
    word = (sign + word)[:16]
    for n in range(1, 17):
        text = f"{word[:n]} {word[:n]} 1.5\n".encode() * 5
        if word[:n] in ("-", "-."):
            assert_alike(text, 5, "RRR")
            continue
        rows = found(text, 5, "RRR", 2)[-1]
        assert rows[0] == rows[1] == struct.pack("d", float(word[:n])) * 5


def test_that_many_blank_lines_and_long_rows_are_read_alike() -> None:
    for text in (b"1 2\n" * 600 + b"\n" * 5000, b"1" + b" " * 20_000 + b"2\n" + b"3 4\n" * 900):
        assert_alike(text, 1000, "RW")
    assert_alike((b"1 2 " * 200 + b"\n") * 20, 20, "RW" * 200)
    assert_alike((b"1 2 " * 120 + b"\n") * 20, 20, "RW" * 120)
