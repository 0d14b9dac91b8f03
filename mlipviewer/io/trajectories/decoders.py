"""Decoders of compressed bytes, all alike: fed piece by piece, bounded, copied if they can be."""

from __future__ import annotations

import bz2
import importlib
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import Any, Protocol

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
