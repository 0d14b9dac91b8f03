"""The lines of results: what was found by which version."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """What was found before; a last line that a kill cut is left out."""
    if not path.exists():
        return
    for line in path.read_text("utf-8").splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def done_before(path: Path, goal: str, at: str) -> int:
    """How many trials of a goal this version has behind it."""
    return sum(
        one.get("n", 0) for one in lines(path) if (one["goal"], one["version"]) == (goal, at)
    )


def append(path: Path, line: dict[str, Any]) -> None:
    """Add a line, whatever a kill left of the last one."""
    cut = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" * cut + json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
