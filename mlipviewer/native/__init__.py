"""Compiled loops: one shared library, loaded when it is first needed, called without the GIL."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


OLD = "older or newer than the program; in a checkout run: pip install --no-deps -e ."


class NativeMissing(ImportError):
    """The compiled loops are absent or older than the program."""


@cache
def library() -> ctypes.CDLL:
    """The loaded library. Raises NativeMissing with what to do about it."""
    path = Path(__file__).with_name(f"_loops{_SUFFIX}")
    try:
        loaded = ctypes.CDLL(str(path))
    except OSError as error:
        raise NativeMissing(
            f"the compiled loops could not be loaded ({error}); install MLIPViewer again, "
            "or in a checkout run: pip install --no-deps -e ."
        ) from error
    if _made_of(loaded) != digest_of_sources(path.parent):
        # functions whose arguments have changed would crash the program
        raise NativeMissing(f"the compiled loops are {OLD}")
    return loaded


def digest_of_sources(folder: Path) -> str:
    """By what the C and C++ sources in a folder are known; '' where there are none."""
    kinds = (".c", ".h", ".cpp")
    sources = sorted(one for one in folder.iterdir() if one.suffix in kinds)
    digest = sha256()
    for one in sources:
        text = one.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{one.name} {len(text)}\n".encode() + text)
    return digest.hexdigest() if sources else ""


def _made_of(loaded: ctypes.CDLL) -> str:
    try:
        tell = loaded.loops_made_of
    except AttributeError:
        return "unknown"
    tell.restype = ctypes.c_char_p
    return str(tell().decode())


def function(name: str) -> ctypes._NamedFuncPointer:
    """A function of the library. Raises NativeMissing where the library is too old to have it."""
    try:
        return getattr(library(), name)  # type: ignore[no-any-return]
    except AttributeError as error:
        raise NativeMissing(f"the compiled loops lack `{name}`: they are {OLD}") from error
