"""Small JSON files that the program keeps for itself, read whatever became of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.files import MEGABYTE, read_bytes


def read_small_json(path: Path, most: int = MEGABYTE) -> Any:
    """What such a file of at most so many bytes holds; None where it is not there or damaged."""
    try:
        return json.loads(read_bytes(path, most))
    except (ReadProblem, OSError, ValueError, RecursionError):
        return None


def strings_of(path: Path) -> list[str]:
    """The strings of a list that is kept; none where there is no such list."""
    found = read_small_json(path)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def texts_of(path: Path, most: int = MEGABYTE) -> dict[str, str]:
    """The texts by name that are kept; none where there are no such."""
    found = read_small_json(path, most)
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: text for name, text in pairs if isinstance(text, str)}
