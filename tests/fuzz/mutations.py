"""Damage as it happens to files, and as someone malicious would do it. Reproducible by number."""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable, Sequence

NUMBERS = (
    b"nan inf -inf 1e400 -1e400 1e308 1e-320 -0.0 0 -1 1 2 4096 4097 65536 2147483647 2147483648"
    b" 9223372036854775807 9223372036854775808 1000000000000"
    b" 1_000 007 1d5 1.5D+03 0x10 ****** . - + e"
).split()
WORDS = (
    *(
        b"Li",
        b"X99",
        b"H_Li",
        b"Si1",
        b"\xff\xfe",
        b"\0",
        b"\xc3\xa9",
        b"a" * 300,
        b"'",
        b'"',
        b'""',
    ),
    *(
        b"pos:R:2000000000",
        b"pos:R:3",
        b"Properties=",
        b"Lattice=",
        b'Lattice="1 2"',
        b"=",
        b":",
        b",",
    ),
    *(b"ITEM: TIMESTEP", b"ITEM: NUMBER OF ATOMS", b"ITEM: ATOMS id", b"ITEM: UNITS", b"ITEM:"),
    *(
        b"Direct configuration= 9",
        b"Direct",
        b"Selective",
        b"BEGIN_CFG",
        b"END_CFG",
        b"{",
        b"}",
        b"[",
    ),
    *(b"null", b"true", b"\r", b"\t", b"\x0c", b"#", b"xs", b"xu", b"fx", b"id", b"type", b"pp"),
)
INTEGERS = (0, 1, -1, 2**31 - 1, 2**31, 2**40, 2**62, -(2**63), 48, 8, 10**9)

Mutation = Callable[[random.Random, bytes], bytes]


def _place(rng: random.Random, text: bytes) -> int:
    return rng.randrange(len(text) + 1)


def cut(rng: random.Random, text: bytes) -> bytes:
    return text[: _place(rng, text)]


def drop_block(rng: random.Random, text: bytes) -> bytes:
    at = _place(rng, text)
    return text[:at] + text[at + rng.choice((1, 2, 10, 100, 1000)) :]


def flip(rng: random.Random, text: bytes) -> bytes:
    found = bytearray(text or b"\0")
    for _ in range(rng.choice((1, 1, 2, 8))):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def hole(rng: random.Random, text: bytes) -> bytes:
    at, n = _place(rng, text), rng.choice((1, 4, 64, 400))
    return text[:at] + bytes(n) + text[at + n :]


def repeat_block(rng: random.Random, text: bytes) -> bytes:
    at, to, n = _place(rng, text), _place(rng, text), rng.choice((1, 8, 64, 500))
    return text[:to] + text[at : at + n] * rng.choice((1, 2, 20)) + text[to:]


def change_token(rng: random.Random, text: bytes) -> bytes:
    tokens = list(re.finditer(rb"[^\s,:=\"]+", text[:200_000]))
    if not tokens:
        return text
    token = rng.choice(tokens)
    new = rng.choice(rng.choice((NUMBERS, NUMBERS, WORDS)))
    return text[: token.start()] + new + text[token.end() :]


def change_digit(rng: random.Random, text: bytes) -> bytes:
    places = [m.start() for m in re.finditer(rb"\d", text[:200_000])]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + rng.choice(b"0123456789.-e").to_bytes() + text[at + 1 :]


def change_lines(rng: random.Random, text: bytes) -> bytes:
    lines = text.splitlines(keepends=True)
    if len(lines) < 2:
        return text
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    how = rng.randrange(5)
    if how == 0:
        del lines[one]
    elif how == 1:
        lines.insert(other, lines[one])
    elif how == 2:
        lines[one], lines[other] = lines[other], lines[one]
    elif how == 3:
        lines.insert(one, rng.choice((b"\n", b" \n", b"\r\n", rng.choice(WORDS) + b"\n")))
    else:
        lines[one] = lines[one].rstrip(b"\n") + b" " + rng.choice(NUMBERS) + b"\n"
    return b"".join(lines)


def overwrite_integer(rng: random.Random, text: bytes) -> bytes:
    """Sizes and offsets of binary formats stand at multiples of four, mostly in front."""
    kind = rng.choice(["<i", ">i", "<q", ">q"])
    size = struct.calcsize(kind)
    at = 4 * rng.randrange(1 + min(len(text), rng.choice((100, 1000, 10**6))) // 4)
    value = rng.choice(INTEGERS) if size == 8 else rng.choice(INTEGERS) % 2**31
    return text[:at] + struct.pack(kind, value) + text[at + size :]


def insert_word(rng: random.Random, text: bytes) -> bytes:
    at = _place(rng, text)
    return text[:at] + rng.choice((*WORDS, *NUMBERS)) + text[at:]


TEXT: tuple[Mutation, ...] = (
    *(cut, drop_block, flip, hole, repeat_block, change_token, change_token, change_token),
    *(change_digit, change_lines, change_lines, insert_word),
)
BINARY: tuple[Mutation, ...] = (
    *(cut, drop_block, flip, flip, hole, repeat_block, overwrite_integer, overwrite_integer),
    *(change_token, change_digit, insert_word),
)


def mutated(number: int, seeds: Sequence[bytes], binary: bool) -> bytes:
    """Input `number`: one of the seeds, damaged one to four times; now and then two spliced."""
    rng = random.Random(number)
    text = rng.choice(seeds)
    if rng.random() < 0.05:
        other = rng.choice(seeds)
        text = text[: _place(rng, text)] + other[_place(rng, other) :]
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        text = rng.choice(BINARY if binary else TEXT)(rng, text)
    return text
