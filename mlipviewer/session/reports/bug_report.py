"""A bundle for a bug report: the log, versions and settings, without paths and the user's name."""

from __future__ import annotations

import getpass
import json
import platform
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from mlipviewer.io.files import write_atomically
from mlipviewer.session.reports.log_book import LogBook
from mlipviewer.session.settings.values import load_settings

MOST_OF_FILE = 2 * 2**20  # B, the end of it
_PATH = re.compile(r"""(?<![\w.~])(?:[A-Za-z]:)?[\\/](?:[^\s\\/:'"|<>]+[\\/])+([^\s\\/:'"|<>]*)""")
_OWN = re.compile(r"(mlipviewer|site-packages)[\\/].*")


def without_paths(text: str) -> str:
    """The text with paths cut to what tells nothing of the computer: the name of a file, and of
    our own sources their place in the program. The user's name is left out."""
    text = _PATH.sub(_short, text)
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return text
    return re.sub(rf"\b{re.escape(name)}\b", "USER", text) if len(name) > 2 else text


def _short(found: re.Match[str]) -> str:
    own = _OWN.search(found[0])
    return own[0] if own else f"[...]/{found[1]}"


def report_parts(book: LogBook, drawing: Mapping[str, str]) -> dict[str, str]:
    """Name in the bundle -> text. `drawing` tells of OpenGL and screens."""
    parts = {
        "versions.json": _json(versions()),
        "drawing.json": _json(dict(drawing)),
        "settings.json": without_paths(_json(asdict(load_settings()))),
        "recent.log": without_paths("\n".join(entry.line for entry in book.entries)),
    }
    for path in _kept(book.folder):
        parts[f"kept/{path.name}"] = without_paths(_end_of(path))
    return parts


def versions() -> dict[str, Any]:
    """Of the program, Python, the system and the libraries that the program names."""
    from importlib import metadata

    import mlipviewer

    try:
        needed = metadata.requires("mlipviewer") or []
    except metadata.PackageNotFoundError:
        needed = []
    names = sorted({re.split(r"[\s<>=!;\[(]", one)[0] for one in needed})
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return {
        "mlipviewer": mlipviewer.__version__,
        "python": sys.version,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "libraries": found,
    }


def write_report(path: Path, parts: Mapping[str, str]) -> None:
    """Write the bundle, whole or not at all. Raises OSError."""

    def write(target: BinaryIO) -> None:
        with zipfile.ZipFile(target, "w") as file:
            for name, text in parts.items():
                file.writestr(name, text, zipfile.ZIP_DEFLATED)

    write_atomically(path, write)


def _json(value: object) -> str:
    return json.dumps(value, indent=1, default=str)


def _kept(folder: Path | None) -> Iterable[Path]:
    """The logs of earlier starts, and what a crash left."""
    if folder is None or not folder.is_dir():
        return []
    wanted = ("mlipviewer.log*", "*crash*")
    return sorted({one for like in wanted for one in folder.glob(like) if one.is_file()})


def _end_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - MOST_OF_FILE))
            return file.read().decode("utf-8", "replace")
    except OSError as problem:
        return f"could not be read: {problem.strerror}"
