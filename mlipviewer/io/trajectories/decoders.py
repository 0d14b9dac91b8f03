"""Decoders of compressed bytes, all alike: fed piece by piece, bounded, copied if they can be."""

from __future__ import annotations

import bz2
import importlib
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

MOST_AT_ONCE = 4 << 20
"""No call unpacks more than this, whatever the bytes claim."""


class Damage(Exception):
    """The compressed bytes are not what they should be."""


class Decoder(Protocol):
    """One stream: `decode` gives what it can and keeps the rest; `rest` is what lies behind it."""

    @property
    def ended(self) -> bool: ...

    @property
    def hungry(self) -> bool:
        """Whether more compressed bytes are needed for more output."""
        ...

    @property
    def rest(self) -> bytes: ...

    def decode(self, packed: bytes) -> bytes:
        """Raises Damage."""
        ...

    def copy(self) -> Decoder | None:
        """The same state once more: a place to go on from. None where that cannot be had."""
        ...


class _Deflate:
    """gzip by zlib-ng, whose state can be copied (40 kB) in a microsecond."""

    def __init__(self, inflater: Any = None, waiting: bytes = b"") -> None:
        if inflater is None:
            from zlib_ng import zlib_ng

            inflater = zlib_ng.decompressobj(31)
        self._inflater, self._waiting = inflater, waiting

    @property
    def ended(self) -> bool:
        return bool(self._inflater.eof)

    @property
    def hungry(self) -> bool:
        return not self._waiting

    @property
    def rest(self) -> bytes:
        return bytes(self._inflater.unused_data)

    def decode(self, packed: bytes) -> bytes:
        try:
            text = self._inflater.decompress(self._waiting + packed, MOST_AT_ONCE)
        except zlib.error as error:
            raise Damage(str(error)) from error
        except Exception as error:
            if type(error).__name__ != "error":  # zlib-ng's own class of that name
                raise
            raise Damage(str(error)) from error
        self._waiting = self._inflater.unconsumed_tail
        return bytes(text)

    def copy(self) -> Decoder:
        return _Deflate(self._inflater.copy(), self._waiting)


class Resumed:
    """gzip from a block inside: raw deflate, its bits moved to where bytes begin.

    `window` is the text before, up to 32 kB; `length` how much of it the stream has had so far.
    """

    def __init__(self, bit: int, window: bytes, length: int, inflater: Any = None) -> None:
        if inflater is None:
            from zlib_ng import zlib_ng

            inflater = zlib_ng.decompressobj(-15, zdict=window)
        self._inflater, self._bit, self._length = inflater, bit, length
        self._packed = b""  # from the first byte on that was not used
        self._rest: bytes | None = None
        self.hungry = True

    @property
    def ended(self) -> bool:
        return self._rest is not None

    @property
    def rest(self) -> bytes:
        return self._rest or b""

    def decode(self, packed: bytes) -> bytes:
        self._packed += packed
        text = b"" if self._inflater.eof else self._inflated()
        self._length += len(text)
        if self._inflater.eof:
            self._end()
        return text

    def _inflated(self) -> bytes:
        moved = _moved(self._packed, self._bit)
        try:
            text = bytes(self._inflater.decompress(moved, MOST_AT_ONCE))
        except Exception as error:
            if type(error).__name__ != "error":  # zlib-ng's own class of that name
                raise
            raise Damage(str(error)) from error
        eof = self._inflater.eof
        left = len(self._inflater.unused_data if eof else self._inflater.unconsumed_tail)
        self._packed = self._packed[len(moved) - left :]
        self.hungry = not left
        return text

    def _end(self) -> None:
        """Behind the last block stand checksum and length, at the next byte or the one after it."""
        self.hungry = len(self._packed) < 9
        for start in (0, 1):
            if self._packed[start + 4 : start + 8] == (self._length & 0xFFFFFFFF).to_bytes(
                4, "little"
            ):
                self._rest = self._packed[start + 8 :]
                return
        if not self.hungry:
            raise Damage("the length of the text is not what the file says")

    def copy(self) -> Decoder:
        other = Resumed(self._bit, b"", self._length, self._inflater.copy())
        other._packed, other._rest, other.hungry = self._packed, self._rest, self.hungry
        return other


def _moved(packed: bytes, bit: int) -> bytes:
    """The bytes that begin at this bit of the first one; those that are whole."""
    if not bit:
        return packed
    wide = np.frombuffer(packed, np.uint8).astype(np.uint16)
    return ((wide[:-1] >> bit) | (wide[1:] << (8 - bit))).astype(np.uint8).tobytes()


class _Streamed:
    """bz2, xz and zstd: Python's own kind of decompressor, which cannot be copied."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    @property
    def ended(self) -> bool:
        return bool(self._inner.eof)

    @property
    def hungry(self) -> bool:
        return bool(self._inner.needs_input)

    @property
    def rest(self) -> bytes:
        return bytes(self._inner.unused_data)

    def decode(self, packed: bytes) -> bytes:
        try:
            return bytes(self._inner.decompress(packed, MOST_AT_ONCE))
        except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
            raise Damage(str(error)) from error
        except Exception as error:
            if type(error).__name__ != "ZstdError":
                raise
            raise Damage(str(error)) from error

    def copy(self) -> Decoder | None:
        return None


def _zstd() -> Decoder:
    name = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    return _Streamed(importlib.import_module(name).ZstdDecompressor())


DECODERS: dict[str, Callable[[], Decoder]] = {
    "gz": _Deflate,
    "bz2": lambda: _Streamed(bz2.BZ2Decompressor()),
    "xz": lambda: _Streamed(lzma.LZMADecompressor(memlimit=1 << 30)),
    "zst": _zstd,
}
