"""A trajectory of GROMACS in the format TNG, by hand: no library that we have writes it.

A file is blocks, all numbers with the high byte first. Two sets of two frames, nothing packed.
"""

from __future__ import annotations

import struct

VERSION = 8
INFO, MOLECULES, FRAME_SET, BOX, PLACES = 0, 1, 2, 0x10000000, 0x10000001
FLOAT, OF_FRAMES, OF_ATOMS = 2, 1, 2
NONE = -1
ATOMS = (("O", "OW"), ("H", "HW"), ("H", "HW"))


def whole(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}q", *numbers)


def text(words: str) -> bytes:
    return words.encode() + b"\0"


def block(kind: int, name: str, content: bytes) -> bytes:
    rest = whole(len(content), kind) + bytes(16) + text(name) + whole(VERSION)
    return whole(8 + len(rest)) + rest + content


def info(first: int, last: int) -> bytes:
    """`first` and `last`: where the sets of frames begin."""
    said = b"".join(map(text, ("made by hand", "", "somebody", "", "here", "", "", "", "a field")))
    return block(
        INFO, "GENERAL INFO", said + whole(0) + b"\0" + whole(2, first, last, 100, 10_000, -9)
    )


def molecules(n: int) -> bytes:
    """`n` waters, each of one chain of one residue."""
    chain = whole(1) + text("W") + whole(1)
    residue = whole(1) + text("SOL") + whole(len(ATOMS))
    atoms = b"".join(whole(k) + text(name) + text(kind) for k, (name, kind) in enumerate(ATOMS))
    water = whole(1) + text("water") + whole(1, n, 1, 1, len(ATOMS)) + chain + residue + atoms
    return block(MOLECULES, "MOLECULES", whole(1) + water + whole(2, 0, 1, 0, 2))


def frames(number: int, before: int, after: int, n_atoms: int) -> bytes:
    """A set of two frames; its neighbours begin at `before` and `after`."""
    times = struct.pack(">2d", 0.5e-12 * number, 0.5e-12)
    links = whole(2 * number, 2, after, before, *[NONE] * 4)
    boxes = struct.pack(">18f", *(1.8, 0, 0, 0, 1.9, 0, 0, 0, 2.0) * 2)
    box = bytes((FLOAT, OF_FRAMES, 0)) + whole(9, 0) + boxes
    n = 2 * n_atoms * 3
    rows = struct.pack(f">{n}f", *(0.01 * (k + number) for k in range(n)))
    places = bytes((FLOAT, OF_FRAMES | OF_ATOMS, 0)) + whole(3, 0, 0, n_atoms) + rows
    head = block(FRAME_SET, "TRAJECTORY FRAME SET", links + times)
    return head + block(BOX, "BOX SHAPE", box) + block(PLACES, "POSITIONS", places)


def tng(n_waters: int = 2) -> bytes:
    n_atoms = n_waters * len(ATOMS)
    size = len(frames(0, NONE, NONE, n_atoms))
    first = len(info(0, 0)) + len(molecules(n_waters))
    second = first + size
    head = info(first, second) + molecules(n_waters)
    return head + frames(0, NONE, second, n_atoms) + frames(1, first, NONE, n_atoms)
