"""Where the files of a session lie: from its own folder on where that is possible, so that the
folder can be moved; and which places are not to be opened unasked."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path, PurePath

FOREIGN = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+:)?//|^\\\\|^[A-Za-z][A-Za-z0-9+.-]+://")
"""Addresses of the network: of the web, or of another computer's shared folders."""


def near(path: str, folder: Path) -> str:
    """A path as the session says it: from `folder` on with `/` where they share more than the
    root, else whole."""
    whole = Path(path)
    if not whole.is_absolute():
        return path
    try:
        steps = PurePath(os.path.relpath(whole, folder))
    except ValueError:  # another drive
        return path
    return steps.as_posix() if _shares_more_than_root(whole, folder) else path


def _shares_more_than_root(path: Path, folder: Path) -> bool:
    """Paths that only share the root are not related: the way would tell where the folder is."""
    shared = os.path.commonpath([path, folder])
    return len(Path(shared).parts) > 1


def whole_path(text: str, folder: Path) -> str:
    """The path that a session names; `~` is a name like others. Addresses stay as they are."""
    if is_foreign(text) or "\0" in text:
        return text
    path = Path(text)
    return os.path.normpath(path if path.is_absolute() else folder / path)


def is_foreign(text: str) -> bool:
    """Whether it is an address of the network and no file of this computer."""
    return bool(FOREIGN.match(text)) and not Path(text).exists()


def is_inside(path: str, folder: Path) -> bool:
    """Whether a file really lies in the session's folder or below it, links followed."""
    try:
        return Path(path).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False


def with_paths(choices: str, how: Callable[[str], str]) -> str:
    """What a user decided about a trajectory (JSON), its files named in another way."""
    try:
        found = json.loads(choices) if choices else None
    except (ValueError, RecursionError):
        return choices
    if not isinstance(found, dict) or not ({"topology", "thermo"} & found.keys()):
        return choices
    topology, thermo = found.get("topology"), found.get("thermo")
    if isinstance(topology, str) and topology:
        found["topology"] = how(topology)
    if isinstance(thermo, list):
        found["thermo"] = [how(one) if isinstance(one, str) else one for one in thermo]
    return json.dumps(found, sort_keys=True)
