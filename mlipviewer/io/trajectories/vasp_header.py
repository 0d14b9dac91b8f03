"""The header that POSCAR and XDATCAR share: name, scale, three vectors, species, counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.io.trajectories.bytestore import decoded
from mlipviewer.io.trajectories.layout import Damaged, MoreNeeded
from mlipviewer.io.trajectories.species import SYMBOLS, atomic_number, numbers_and_labels

Array = NDArray[Any]

_COUNTS = re.compile(r"\s*\d{1,18}(\s+\d{1,18})*\s*(!.*|#.*)?")


@dataclass(frozen=True, eq=False)
class VaspHeader:
    """`cell` rows in A, already scaled; Cartesian coordinates are to be multiplied by `scale`."""

    title: str
    cell: Array
    scale: Array
    species: tuple[str, ...]
    counts: tuple[int, ...]
    size: int
    n_lines: int
    note: str | None = None
    _all: list[tuple[Array, Array | None]] = field(default_factory=list)

    @property
    def n_atoms(self) -> int:
        return sum(self.counts)

    def cartesian(self, values: Array, direct: bool) -> Array:
        """(n, 3) coordinates as written to A; numbers too large for that become inf or nan."""
        with np.errstate(all="ignore"):
            positions: Array = values @ self.cell if direct else values * self.scale
        return positions

    def atoms(self, n_rows: int) -> tuple[Array, Array | None]:
        """Atomic numbers and labels of the first `n_rows` atoms; frames share them, read-only."""
        if n_rows == self.n_atoms and self._all:
            return self._all[0]
        codes = np.repeat(np.arange(len(self.counts)), self.counts)[:n_rows]
        found = numbers_and_labels(codes, self.species)
        if n_rows == self.n_atoms:
            self._all.append(found)
        return found


def read_vasp_header(text: bytes) -> VaspHeader:
    """The header at the beginning of `text`. Raises Damaged, MoreNeeded."""
    lines: list[str] = []
    at = 0
    while len(lines) < 7:
        end = text.find(b"\n", at)
        if end < 0:
            if len(lines) >= 5 or len(text) < 4096:
                raise MoreNeeded
            raise Damaged("a line of the header never ends", len(lines))
        lines.append(decoded(text[at:end]).strip())
        at = end + 1
        if len(lines) == 6 and _COUNTS.fullmatch(lines[5]):
            return _header(lines, [], lines[5], at)
    return _header(lines, lines[5].split(), lines[6], at)


def _header(lines: list[str], species: list[str], counts: str, size: int) -> VaspHeader:
    scale = _numbers(lines[1], 1)
    vectors = np.array([_three(lines[2 + k], 2 + k) for k in range(3)])
    if len(scale) not in (1, 3):
        raise Damaged(f"the scale has {len(scale)} numbers, expected 1 or 3", 1)
    if not _COUNTS.fullmatch(counts):
        line = 6 if species else 5
        raise Damaged(f"expected the numbers of atoms, found {counts[:40]!a}", line)
    numbers = tuple(int(word) for word in re.split(r"[!#]", counts)[0].split())
    if not any(numbers):
        raise Damaged("it declares no atoms", 6 if species else 5)
    with np.errstate(all="ignore"):
        factors = _factors(np.array(scale), vectors)
        cell = vectors * factors
    if not np.isfinite(cell).all():
        raise Damaged("the cell is not finite", 2)
    labels, note = _labels(species, len(numbers), lines[0])
    return VaspHeader(lines[0], cell, factors, labels, numbers, size, 7 if species else 6, note)


def _factors(scale: Array, vectors: Array) -> Array:
    """(3,) factors; one negative number is the volume that the cell shall have."""
    if len(scale) == 1 and scale[0] < 0:
        volume = abs(float(np.linalg.det(vectors)))
        if volume == 0:
            raise Damaged("the cell has no volume", 2)
        return np.full(3, (-scale[0] / volume) ** (1 / 3))
    if (scale <= 0).any():
        raise Damaged("the scale is not positive", 1)
    return np.broadcast_to(scale, 3).copy()


def _numbers(line: str, at: int) -> list[float]:
    values = []
    for word in re.split(r"[!#]", line)[0].split():
        try:
            values.append(float(word))
        except ValueError:
            raise Damaged(f"{word[:40]!a} is not a number", at) from None
    if not np.isfinite(values).all():
        raise Damaged("the cell is not finite", at)
    return values


def _three(line: str, at: int) -> list[float]:
    values = _numbers(" ".join(line.split()[:3]), at)
    if len(values) != 3:
        raise Damaged(f"{len(values)} numbers, expected 3", at)
    return values


def _labels(words: list[str], n: int, title: str) -> tuple[tuple[str, ...], str | None]:
    """The species, without what POTCAR appends (`Fe_pv`, `Fe/hash`)."""
    words = [re.split(r"[_/]", word)[0] for word in words]
    if words and len(words) != n:
        raise Damaged(f"{len(words)} species, but {n} numbers of atoms", 5)
    if words:
        odd = [word for word in words if not atomic_number(word)]
        text = f"species that are no elements: {', '.join(map(ascii, odd))}"
        return tuple(words), text if odd else None
    guess = _elements_in(title, n)
    if guess:
        return guess, f"no species line: {' '.join(guess)} is taken from the first line"
    unknown = tuple(f"type {k + 1}" for k in range(n))
    return unknown, "no species line (VASP 4): the elements are unknown"


def _elements_in(title: str, n: int) -> tuple[str, ...]:
    """The n elements that a title such as `Al Cu` or `cubic BN` names; else nothing."""
    words = title.lstrip("# ").split()
    if len(words) == n and all(word in SYMBOLS[1:] for word in words):
        return tuple(words)
    for word in words:
        parts = re.findall(r"[A-Z][a-z]?", word)
        plain = re.fullmatch(r"(?:[A-Z][a-z]?\d*)+", word) is not None
        if plain and len(parts) == n > 1 and all(part in SYMBOLS[1:] for part in parts):
            return tuple(parts)
    return ()
