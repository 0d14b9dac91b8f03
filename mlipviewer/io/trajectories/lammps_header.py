"""The sections before the atoms of a LAMMPS text dump: step, time, units, box."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.io.trajectories.bytestore import decoded
from mlipviewer.io.trajectories.layout import Damaged, Header, MoreNeeded
from mlipviewer.io.trajectories.rows_of_frame import MOST_COLUMNS

Array = NDArray[Any]

_STEP = re.compile(rb"ITEM: TIMESTEP\n(\d{1,18})\n")
_SECTION = re.compile(rb"ITEM: ([^\n]*)\n")
_START = re.compile(rb"^ITEM: (?:TIMESTEP|TIME|UNITS)\b", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class DumpHeader:
    """What a frame says before its atoms. cell rows and origin as in the file's length unit."""

    timestep: int | float
    columns: tuple[str, ...]
    cell: Array
    origin: Array
    pbc: tuple[bool, bool, bool]
    pbc_known: bool
    time: float | None = None
    units: str | None = None

    def at_step(self, timestep: int) -> DumpHeader:
        """The same at another time step (`replace` takes three times as long)."""
        return DumpHeader(
            timestep, self.columns, self.cell, self.origin, self.pbc, self.pbc_known,
            self.time, self.units,
        )  # fmt: skip


def plausible(text: bytes, start: int) -> int:
    """Where in `text` the next frame may begin, or -1."""
    match = _START.search(text, start)
    return match.start() if match else -1


def read_header(text: bytes) -> Header:
    """The header at the beginning of `text`. Raises Damaged, MoreNeeded."""
    if not text.startswith(b"ITEM: "):
        raise Damaged(f"expected ITEM: TIMESTEP, found {_shown(text)}")
    sections: dict[str, tuple[str, list[bytes], int]] = {}
    at, line = 0, 0
    while True:
        match = _SECTION.match(text, at)
        if match is None:
            raise MoreNeeded
        title, name = _named(match.group(1))
        if name == "ATOMS":
            return _header(sections, title, match.end(), line)
        if name in sections:
            raise Damaged(f"ITEM: {name} comes twice", line)
        at, lines = _section_lines(text, match.end(), _KNOWN.get(name))
        sections[name] = (title, lines, line)
        line += 1 + len(lines)


class HeaderReader:
    """Reads header after header: where only the time step differs, the rest is known already."""

    def __init__(self) -> None:
        self._last: tuple[bytes, Header] = (b"?", Header(0, 0, 0, 0))

    def read(self, text: bytes) -> Header:
        """As `read_header`."""
        step = _STEP.match(text)
        if step is None:
            return read_header(text)
        rest, last = self._last
        if text.startswith(rest, step.end()):
            details = last.details.at_step(int(step.group(1)))
            size = step.end() + len(rest)
            return Header(last.n_atoms, size, last.n_lines, last.row_bytes, details)
        header = read_header(text)
        self._last = (text[step.end() : header.size], header)
        return header


@lru_cache(maxsize=64)
def _named(found: bytes) -> tuple[str, str]:
    """(title, name of the section) of what stands behind ITEM."""
    title = decoded(found).strip()
    return title, next((known for known in _KNOWN if title.startswith(known)), title)


_KNOWN = {"TIMESTEP": 1, "TIME": 1, "UNITS": 1, "NUMBER OF ATOMS": 1, "BOX BOUNDS": 3, "ATOMS": 0}


def _section_lines(text: bytes, at: int, expected: int | None) -> tuple[int, list[bytes]]:
    """The lines of a section up to the next ITEM, and where that begins."""
    lines: list[bytes] = []
    while len(lines) < (16 if expected is None else expected):
        end = text.find(b"\n", at)
        if end < 0:
            raise MoreNeeded
        if text.startswith(b"ITEM:", at):
            break
        lines.append(text[at:end])
        at = end + 1
    return at, lines


def _header(sections: dict[str, Any], atoms_title: str, size: int, line: int) -> Header:
    n_atoms = _count(sections)
    cell, origin, pbc, known = _box(sections)
    columns = _columns(atoms_title)
    if not 0 < len(columns) <= MOST_COLUMNS:
        raise Damaged(f"ITEM: ATOMS names {len(columns)} columns", line)
    time = _single(sections, "TIME")
    units = _single(sections, "UNITS")
    details = DumpHeader(
        timestep=_step(sections),
        columns=columns,
        cell=cell,
        origin=origin,
        pbc=pbc,
        pbc_known=known,
        time=None if time is None else _number(time, sections["TIME"][2] + 1),
        units=None if units is None else units.strip(),
    )
    return Header(n_atoms, size, line + 1, 2 * len(columns), details)


@lru_cache(maxsize=8)
def _columns(title: str) -> tuple[str, ...]:
    return tuple(title.split()[1:])


def _single(sections: dict[str, Any], name: str) -> str | None:
    if name not in sections:
        return None
    _, lines, line = sections[name]
    if not lines:
        raise Damaged(f"ITEM: {name} has no value", line)
    return decoded(lines[0]).strip()


def _number(word: str, line: int) -> float:
    try:
        return float(word)
    except ValueError:
        raise Damaged(f"{word[:40]!a} is not a number", line) from None


def _step(sections: dict[str, Any]) -> int | float:
    word = _single(sections, "TIMESTEP")
    if word is None:
        raise Damaged("ITEM: TIMESTEP is missing")
    if re.fullmatch(r"[+-]?\d{1,18}", word):
        return int(word)
    return _number(word, sections["TIMESTEP"][2] + 1)


def _count(sections: dict[str, Any]) -> int:
    word = _single(sections, "NUMBER OF ATOMS")
    if word is None:
        raise Damaged("ITEM: NUMBER OF ATOMS is missing")
    if not re.fullmatch(r"\d{1,18}", word):
        line = sections["NUMBER OF ATOMS"][2] + 1
        raise Damaged(f"{word[:40]!a} is not a number of atoms", line)
    return int(word)


def _box(sections: dict[str, Any]) -> tuple[Array, Array, tuple[bool, bool, bool], bool]:
    if "BOX BOUNDS" not in sections:
        raise Damaged("ITEM: BOX BOUNDS is missing")
    title, lines, line = sections["BOX BOUNDS"]
    return _box_of(title, tuple(lines), line)


@lru_cache(maxsize=8)
def _box_of(
    title: str, lines: tuple[bytes, ...], line: int
) -> tuple[Array, Array, tuple[bool, bool, bool], bool]:
    """Frames of a run at constant volume share their box: it is made out once."""
    words = title.split()[2:]
    flags = [word for word in words if re.fullmatch(r"[pfsm]{1,2}", word)]
    general = words[:2] == ["abc", "origin"]
    n_columns = 4 if general else 3 if "xy" in words else 2
    rows = [_row(text, n_columns, line + 1 + k) for k, text in enumerate(lines)]
    if len(rows) != 3:
        raise Damaged(f"ITEM: BOX BOUNDS has {len(rows)} lines, expected 3", line)
    bounds = np.array(rows)
    with np.errstate(all="ignore"):
        cell, origin = _general(bounds) if general else _restricted(bounds)
    if not (np.isfinite(cell).all() and np.isfinite(origin).all()):
        raise Damaged("the box is not finite", line)
    if not general and (np.diag(cell) < 0).any():
        raise Damaged("a side of the box has a negative length", line)
    pbc = [flag[0] == "p" for flag in flags] if len(flags) == 3 else [False] * 3
    for array in (cell, origin):
        array.setflags(write=False)
    return cell, origin, (pbc[0], pbc[1], pbc[2]), len(flags) == 3


def _row(text: bytes, n_columns: int, line: int) -> list[float]:
    words = decoded(text).split()
    if len(words) < n_columns:
        raise Damaged(f"{len(words)} numbers, expected {n_columns}", line)
    return [_number(word, line) for word in words[:n_columns]]


def _general(bounds: Array) -> tuple[Array, Array]:
    """`abc origin`: the three vectors as they are, each followed by one part of the origin."""
    return np.ascontiguousarray(bounds[:, :3]), bounds[:, 3].copy()


def _restricted(bounds: Array) -> tuple[Array, Array]:
    """lo and hi are those of the bounding box: the tilts are taken off (LAMMPS howto_triclinic)."""
    xy, xz, yz = bounds[:, 2] if bounds.shape[1] == 3 else (0.0, 0.0, 0.0)
    low, high = bounds[:, 0].copy(), bounds[:, 1].copy()
    low[0] -= min(0.0, xy, xz, xy + xz)
    high[0] -= max(0.0, xy, xz, xy + xz)
    low[1] -= min(0.0, yz)
    high[1] -= max(0.0, yz)
    lx, ly, lz = high - low
    return np.array([[lx, 0.0, 0.0], [xy, ly, 0.0], [xz, yz, lz]]), low


def _shown(text: bytes) -> str:
    return ascii(decoded(text[:200].split(b"\n")[0])[:40])
