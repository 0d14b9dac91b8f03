"""Compiled loops: one shared library, loaded when it is first needed, called without the GIL."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path

_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


class NativeMissing(ImportError):
    """The compiled loops are absent or older than the program."""


@cache
def library() -> ctypes.CDLL:
    """The loaded library. Raises NativeMissing with what to do about it."""
    path = Path(__file__).with_name(f"_loops{_SUFFIX}")
    try:
        return ctypes.CDLL(str(path))
    except OSError as error:
        raise NativeMissing(
            f"the compiled loops could not be loaded ({error}); install MLIPViewer again, "
            "or in a checkout run: pip install --no-deps -e ."
        ) from error


def function(name: str) -> ctypes._NamedFuncPointer:
    """A function of the library. Raises NativeMissing where the library is too old to have it."""
    try:
        return getattr(library(), name)  # type: ignore[no-any-return]
    except AttributeError as error:
        raise NativeMissing(
            f"the compiled loops lack `{name}`: they are older than the program; "
            "in a checkout run: pip install --no-deps -e ."
        ) from error
