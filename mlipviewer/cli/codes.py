"""How commands end."""

from __future__ import annotations

import sys

DONE, BAD_INPUT, WRONG_ARGUMENTS, CANCELLED = 0, 1, 2, 3


class BadInput(Exception):
    """What is wrong with a file, in one line."""


def wrong(sentence: str) -> int:
    """Say on stderr what is wrong with the arguments. Returns the exit code."""
    print(sentence, file=sys.stderr)
    return WRONG_ARGUMENTS


def one_line(problem: Exception) -> str:
    """A problem as one line."""
    if isinstance(problem, OSError):
        where = f"{problem.filename}: " if problem.filename else ""
        return f"{where}{problem.strerror or problem}"
    return " ".join(str(problem).split())
