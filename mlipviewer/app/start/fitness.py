"""Whether this Python and this PySide6 can run the program at all, in a sentence if not."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("PySide6-Essentials", "PySide6")


def unfit(python: tuple[int, ...], pyside: str) -> str:
    """Why the two do not go together; '' if nothing is known against them.

    PySide6 6.12 takes a reference from None with each call; Python 3.12 is the first that keeps
    None for ever, and earlier ones end with `none_dealloc` after some thousand calls.
    """
    numbers = pyside.split(".")[:2]
    if not all(one.isdigit() for one in numbers) or len(numbers) < 2:
        return ""
    if tuple(map(int, numbers)) == (6, 12) and python < (3, 12):
        mine = ".".join(map(str, python[:2]))
        return (
            f"PySide6 {pyside} ends Python {mine} after a short while: "
            'pip install "PySide6-Essentials<6.11", or use Python 3.12'
        )
    return ""


def unfit_here() -> str:
    """The same of what is installed here."""
    for name in PACKAGES:
        try:
            return unfit(sys.version_info[:2], version(name))
        except PackageNotFoundError:
            continue
    return ""
