"""Whether the global heaps of an HDF5 file, which hold texts of any length, end where they should.

Where the objects of one do not fill it, the library turns in a circle: what it finds behind them is
an object of no bytes (format of HDF5, III.E). Heaps of attributes are made with them, at the
beginning of a file.
"""

from __future__ import annotations

from struct import Struct

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.files import open_regular

LOOKED_AT = 32 << 20  # bytes of the file
_MARK, _VERSION = b"GCOL", b"\1\0\0\0"
_HEAD, _OBJECT = Struct("<4s4sQ"), Struct("<HHIQ")


def check_heaps(path: str) -> None:
    """Raises ReadProblem for a heap that does not end."""
    with open_regular(path) as file:
        data = file.read(LOOKED_AT)
    at = data.find(_MARK)
    while at >= 0:
        if not _ends(data, at):
            raise ReadProblem(f"is damaged: the heap of texts at byte {at} has no end", path)
        at = data.find(_MARK, at + len(_MARK))


def _ends(data: bytes, at: int) -> bool:
    """Whether whoever goes through the objects of a heap comes to its end, or to that of what is
    looked at. What is no heap does."""
    if at + _HEAD.size > len(data):
        return True
    _, version, size = _HEAD.unpack_from(data, at)
    if version != _VERSION:
        return True
    end = at + size
    at += _HEAD.size
    while at + _OBJECT.size <= min(end, len(data)):
        number, _, _, n = _OBJECT.unpack_from(data, at)
        # the size of what is free, number 0, counts its head
        step = n if number == 0 else _OBJECT.size + (n + 7) // 8 * 8
        if step == 0 or n > size:  # sums of such sizes begin anew at zero
            return False
        at += step
    return True
