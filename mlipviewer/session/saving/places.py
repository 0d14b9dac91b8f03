"""Where the files of a session lie: from its own folder on where that is possible, so that the
folder can be moved; and which places are not to be opened unasked."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

from mlipviewer.core.file_names import fits

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


def ways_out(path: str, folder: Path) -> Iterator[str]:
    """What of a path lies outside the session's folder: the file itself, or links among the files
    that a folder or a name with `*` stands for."""
    if not is_inside(path, folder):
        yield path
        return
    place = Path(path)
    if "*" in place.name and not place.exists():
        links = [one for one in _links_in(place.parent) if fits(Path(one).name, place.name)]
    else:
        links = list(_links_below(place, folder))
    yield from (one for one in links if not is_inside(one, folder))


def _links_in(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(one.path for one in entries if one.is_symlink())
    except (OSError, ValueError):
        return []


def _links_below(place: Path, folder: Path) -> Iterator[str]:
    """All links below a place, and below those that stay in the session's folder, each once."""
    seen = set[str]()
    for base, folders, files in os.walk(place, followlinks=True):
        real = os.path.realpath(base)
        links = [one for name in (*folders, *files) if (one := Path(base, name)).is_symlink()]
        out = {one.name for one in links if not is_inside(str(one), folder)}
        folders[:] = [] if real in seen else [name for name in folders if name not in out]
        yield from (str(one) for one in links if real not in seen)
        seen.add(real)


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
