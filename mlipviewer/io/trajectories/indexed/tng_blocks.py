"""Whether the blocks of a TNG file fit each other, before its library sees it.

That library (of GROMACS, in chemfiles) believes what a file says of its sizes, and ends its process
where they are wrong. A file is blocks: a head with the sizes, then contents. Only heads are read
here, so that a large file takes no longer than its index.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mlipviewer.core.problem import ReadProblem

INFO, MOLECULES, FRAME_SET, MAPPING, DATA = 0, 1, 2, 3, 0x10000000
PLACES = DATA + 1
OWN = DATA + 0x1000
"""From here on blocks are of users' own kinds; those below hold places, boxes, speeds, forces."""
LONGEST_NAME, LARGEST_HEAD = 1024, 64 << 20
MOST_BLOCKS, MOST_FRAMES, MOST_VALUES = 10_000_000, 10_000_000, 4096
SIZES = {1: 8, 2: 4, 3: 8}
"""Bytes of a value by its type; texts have any length."""
TEXT, NONE = 0, -1


class Misfit(Exception):
    """What does not fit."""


@dataclass(frozen=True)
class Block:
    """Where a block begins, what it is, and its contents."""

    at: int
    kind: int
    start: int
    size: int


class Fields:
    """Numbers and texts one after the other. Raises Misfit where they end too early."""

    def __init__(self, content: bytes, order: str) -> None:
        self._content, self._order, self._at = content, order, 0

    @property
    def left(self) -> int:
        return len(self._content) - self._at

    def whole(self, low: int = -(2**63), high: int = 2**63 - 1) -> int:
        if self.left < 8:
            raise Misfit("a block ends too early")
        (found,) = struct.unpack_from(f"{self._order}q", self._content, self._at)
        self._at += 8
        if not low <= found <= high:
            raise Misfit(f"a number is {found}")
        return int(found)

    def flag(self, most: int) -> int:
        if not self.left:
            raise Misfit("a block ends too early")
        self._at += 1
        if self._content[self._at - 1] > most:
            raise Misfit(f"a flag is {self._content[self._at - 1]}")
        return self._content[self._at - 1]

    def text(self) -> None:
        end = self._content.find(b"\0", self._at, self._at + LONGEST_NAME)
        if end < 0:
            raise Misfit("a text has no end")
        self._at = end + 1


def check_blocks(path: str) -> None:
    """Raises ReadProblem where the file is cut, or says sizes that it cannot have."""
    try:
        with Path(path).open("rb") as file:
            _check(file, Path(path).stat().st_size)
    except (Misfit, struct.error) as misfit:
        raise ReadProblem(f"is cut or damaged: {misfit}") from None


def _check(file: BinaryIO, size: int) -> None:
    head = file.read(8)
    order = "<" if head[:1] != b"\0" and head[7:] == b"\0" else ">"
    blocks = list(_blocks(file, size, order))
    if not blocks or blocks[0].kind != INFO:
        raise Misfit("it does not begin with a block of general information")
    sets = {block.at for block in blocks if block.kind == FRAME_SET}
    varying = _check_info(_fields(file, blocks[0], order), sets)
    n_atoms = n_frames = first = placed = 0
    atoms_of = list[int]()
    for block in blocks:
        if block.kind == MOLECULES:
            n_atoms, atoms_of = _check_molecules(_fields(file, block, order), varying)
        elif block.kind == FRAME_SET:
            _check_placed(placed, n_atoms)
            placed = 0
            fields = _fields(file, block, order)
            first, n_frames = fields.whole(0, 2**62), fields.whole(0, MOST_FRAMES)
            if varying:
                n_atoms = sum(fields.whole(0, 2**40) * n for n in atoms_of)
            _check_links(fields, sets, block.at)
        elif block.kind >= DATA:
            fields = _fields(file, block, order, 64)
            own = _check_data(fields, block, n_atoms, first, n_frames)
            placed += own if block.kind == PLACES else 0
        if n_atoms > 1000 * size:
            raise Misfit(f"it declares {n_atoms} atoms")
    _check_placed(placed, n_atoms)


def _check_placed(placed: int, n_atoms: int) -> None:
    """The library puts atoms of which there is no place at the origin."""
    if placed not in (0, n_atoms):
        raise Misfit(f"there are places of {placed} of {n_atoms} atoms")


def _blocks(file: BinaryIO, size: int, order: str) -> Iterator[Block]:
    at = 0
    for _ in range(MOST_BLOCKS):
        if at == size:
            return
        file.seek(at)
        head = Fields(file.read(40 + LONGEST_NAME + 8), order)
        whole, content, kind = head.whole(49, 48 + LONGEST_NAME), head.whole(0), head.whole(0)
        head.whole(), head.whole()  # the hash
        before = head.left
        head.text()
        if whole != 48 + before - head.left or at + whole + content > size:
            raise Misfit("a block is longer than the file, or its head is none")
        yield Block(at, kind, at + whole, content)
        at += whole + content
    raise Misfit("it has too many blocks")


def _fields(file: BinaryIO, block: Block, order: str, most: int = LARGEST_HEAD) -> Fields:
    file.seek(block.start)
    return Fields(file.read(min(block.size, most)), order)


def _place(fields: Fields, sets: set[int]) -> int:
    found = fields.whole()
    if found not in (NONE, 0) and found not in sets:
        raise Misfit("a set of frames is not where it is said to be")
    return found


def _check_info(fields: Fields, sets: set[int]) -> bool:
    """Whether the number of molecules varies."""
    for _ in range(9):
        fields.text()
    fields.whole()
    varying = fields.flag(1)
    fields.whole(0, MOST_FRAMES)
    _place(fields, sets), _place(fields, sets)
    fields.whole(0), fields.whole(0)
    return bool(varying)


def _check_molecules(fields: Fields, varying: bool) -> tuple[int, list[int]]:
    """The number of atoms of all molecules, and of one of each kind."""
    n_atoms, atoms_of = 0, list[int]()
    for _ in range(fields.whole(0, fields.left)):
        fields.whole()
        fields.text()
        fields.whole()
        count = 0 if varying else fields.whole(0, 2**40)
        n_chains, n_residues, own = (fields.whole(0, fields.left) for _ in range(3))
        _check_parts(fields, n_chains, n_residues, own)
        for _ in range(fields.whole(0, fields.left // 16)):
            fields.whole(0, max(own - 1, 0)), fields.whole(0, max(own - 1, 0))
        n_atoms += count * own
        atoms_of.append(own)
    return n_atoms, atoms_of


def _check_parts(fields: Fields, n_chains: int, n_residues: int, n_atoms: int) -> None:
    """Chains of residues of atoms, as many as are said."""
    residues = n_residues
    if n_chains:
        residues = 0
    atoms = 0
    for _ in range(max(n_chains, 1)):
        here = n_residues
        if n_chains:
            fields.whole()
            fields.text()
            here = fields.whole(0, fields.left)
            residues += here
        for _ in range(here):
            fields.whole()
            fields.text()
            n = fields.whole(0, fields.left)
            _check_atoms(fields, n)
            atoms += n
    if not n_chains and not n_residues:
        _check_atoms(fields, n_atoms)
        atoms = n_atoms
    if (residues, atoms) != (n_residues, n_atoms):
        raise Misfit("its residues or atoms are not as many as it says")


def _check_atoms(fields: Fields, n: int) -> None:
    for _ in range(n):
        fields.whole()
        fields.text()
        fields.text()


def _check_links(fields: Fields, sets: set[int], at: int) -> None:
    """Where the neighbours of a set of frames are."""
    after, before = _place(fields, sets), _place(fields, sets)
    if 0 < after <= at or before >= at:
        raise Misfit("its sets of frames go round")
    for _ in range(4):
        _place(fields, sets)


def _check_data(fields: Fields, block: Block, n_atoms: int, first: int, n_frames: int) -> int:
    """Values of frames, atoms or both: as many as are there, where they are not packed. Of how many
    atoms they are."""
    own = 0
    begin = fields.left
    kind, dependency = fields.flag(3), fields.flag(3)
    if kind == TEXT and block.kind < OWN:
        raise Misfit("places or boxes are texts")
    sparse = fields.flag(1) if dependency & 1 else 0
    n = fields.whole(1, MOST_VALUES)
    packed = fields.whole(0, 4)
    if packed:
        fields.whole()  # a factor
    if dependency & 1:
        start, stride = (fields.whole(), fields.whole(1)) if sparse else (first, 1)
        if not first <= start <= first + n_frames:
            raise Misfit("values begin outside of their frames")
        n *= -(-(n_frames - (start - first)) // stride)
    if dependency & 2:
        if fields.whole(0, n_atoms) + (own := fields.whole(0, n_atoms)) > n_atoms:
            raise Misfit("values are of more atoms than there are")
        n *= own
    there = block.size - (begin - fields.left)
    if not packed and kind in SIZES and n * SIZES[kind] != there:
        raise Misfit(f"{n} values are said to be in {there} bytes")
    return own
