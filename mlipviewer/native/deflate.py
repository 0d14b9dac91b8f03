"""The blocks of a deflate stream: the typed call of `deflate.c`."""

from __future__ import annotations

import ctypes
from enum import IntEnum
from functools import cache
from typing import Any

from mlipviewer.native import function

_SPARE = 16


class Stop(IntEnum):
    """Why the blocks were followed no further; the numbers are those of deflate.c."""

    WANTED = 0
    LAST_BLOCK = 1
    MORE_BYTES = 2
    INVALID = 3


@cache
def _deflate_blocks() -> Any:
    call = function("deflate_blocks")
    number = ctypes.c_int64
    call.argtypes = [ctypes.c_char_p, number, number, ctypes.c_void_p, ctypes.c_void_p]
    call.restype = ctypes.c_int
    return call


def follow_blocks(packed: bytes, bit: int, wanted: int) -> tuple[Stop, int, int]:
    """From the block that begins at bit `bit` of `packed` to the first behind `wanted` bytes.

    Returns why it stopped, at which bit the block begins that was reached (behind LAST_BLOCK: where
    the stream ends), and how many bytes of text lie between. Nothing is unpacked.
    """
    if not 0 <= bit <= 8 * len(packed):
        raise ValueError(f"bit {bit} lies outside {len(packed)} bytes")
    place, length = ctypes.c_int64(bit), ctypes.c_int64()
    found = _deflate_blocks()(
        packed + bytes(_SPARE), len(packed), wanted, ctypes.byref(place), ctypes.byref(length)
    )
    return Stop(found), place.value, length.value
