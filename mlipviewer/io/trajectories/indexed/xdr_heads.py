"""Whether the heads of the frames of XTC and TRR files fit the file, before their library sees it.

That library (chemfiles) takes memory for as many atoms as a head declares, and gives frames without
positions as atoms at the origin. Only heads are read here, each where the one before says that its
frame ends. Both formats are those of GROMACS (`xdrfile`): integers and reals, the highest byte
first, texts and packed bytes filled up to four.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from struct import Struct
from types import MappingProxyType

from mlipviewer.io.files import open_regular

XTC, LARGE_XTC, TRR = 1995, 2023, 1993
MOST_HEADS = 200_000  # a second; those behind are for the library alone
CUT = "the file ends within it"
FEW = 9  # so many atoms or fewer stand in an XTC frame unpacked
_XTC, _XTC_SIZE = Struct(">iii4x36xi"), Struct(">4x12x12x4xi")
_LARGE_SIZE = Struct(">4x12x12x4xq")
_TRR, _TRR_SIZES = Struct(">iii"), Struct(">13i")


@dataclass(frozen=True)
class Heads:
    """What is wrong with frames, by index; from frame `end` on nothing can be believed."""

    bad: MappingProxyType[int, str] = field(default_factory=lambda: MappingProxyType({}))
    end: int | None = None
    why: str = ""

    def problem(self, index: int) -> str:
        """Why a frame is not read; '' where nothing is wrong with its head."""
        if self.end is not None and index >= self.end:
            return self.why
        return self.bad.get(index, "")

    def losses(self, n_frames: int) -> tuple[str, ...]:
        """What is told of a file of which the library counts so many frames."""
        if self.end is None or self.end < n_frames:
            return ()  # told with the frame
        behind = "" if self.why == CUT else "; what follows is not read"
        return (f"frame {self.end + 1}: {self.why}{behind}",)


class Misfit(Exception):
    """A head that does not fit the file."""


class Bytes:
    """Parts of an open file."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self.size = descriptor, os.fstat(descriptor).st_size

    def unpack(self, form: Struct, at: int) -> tuple[int, ...]:
        """Raises Misfit where the file ends before."""
        self.reaches(at + form.size)
        os.lseek(self._descriptor, at, os.SEEK_SET)
        part = os.read(self._descriptor, form.size)
        if len(part) < form.size:  # it was cut meanwhile
            raise Misfit(CUT)
        return form.unpack(part)

    def reaches(self, end: int) -> None:
        """Raises Misfit where the file ends before."""
        if end > self.size:
            raise Misfit(CUT)


def heads_of(path: str, format: str) -> Heads:
    """What is wrong with the heads of a file. Raises ReadProblem, OSError."""
    step = _STEPS.get(format)
    if step is None:
        return Heads()
    with open_regular(path) as file:
        return _walked(islice(step(Bytes(file.fileno())), MOST_HEADS))


def _walked(frames: Iterator[str]) -> Heads:
    bad: dict[int, str] = {}
    index = 0
    try:
        for index, reason in enumerate(frames, 1):
            if reason:
                bad[index - 1] = reason
    except Misfit as problem:
        return Heads(MappingProxyType(bad), index, str(problem))
    return Heads(MappingProxyType(bad))


def _xtc(data: Bytes) -> Iterator[str]:
    at = 0
    while at < data.size:
        magic, declared, _, n = data.unpack(_XTC, at)
        if magic not in (XTC, LARGE_XTC):
            return  # the library tells what it thinks of it
        if n != declared or n < 0:
            raise Misfit(f"declares {declared} atoms, its positions {n}")
        at += _XTC.size
        if n <= FEW:
            at += 12 * n
            data.reaches(at)
            yield ""
            continue
        form = _LARGE_SIZE if magic == LARGE_XTC else _XTC_SIZE
        (size,) = data.unpack(form, at)
        at += form.size
        if n > 8 * size:  # each atom takes a bit at least
            raise Misfit(f"declares {n} atoms in {max(size, 0)} bytes")
        at += (size + 3) // 4 * 4
        data.reaches(at)
        yield ""


def _trr(data: Bytes) -> Iterator[str]:
    at = 0
    while at < data.size:
        magic, _, n_letters = data.unpack(_TRR, at)
        if magic != TRR or not 0 <= n_letters <= 128:
            return
        at += _TRR.size + (n_letters + 3) // 4 * 4
        sizes = data.unpack(_TRR_SIZES, at)
        at += _TRR_SIZES.size
        places, n = sizes[7], sizes[10]
        real = _real(sizes)
        body = sum(sizes[:10])
        if min(sizes[:10]) < 0 or n < 0 or any(one not in (0, 3 * real * n) for one in sizes[7:10]):
            raise Misfit(f"declares {n} atoms, which does not fit the sizes in its head")
        if not body and n > data.size:
            raise Misfit(f"declares {n} atoms and holds nothing of them")
        at += 2 * real + body
        data.reaches(at)
        yield "holds no positions" if n and not places else ""


def _real(sizes: tuple[int, ...]) -> int:
    """Bytes of a real, by the size of the cell or of the first that is there per atom."""
    box, n = sizes[2], sizes[10]
    if box:
        return 8 if box == 72 else 4
    first = next((one for one in sizes[7:10] if one), 0)
    return 8 if n > 0 and first == 24 * n else 4


_STEPS: dict[str, Callable[[Bytes], Iterator[str]]] = {"XTC": _xtc, "TRR": _trr}
