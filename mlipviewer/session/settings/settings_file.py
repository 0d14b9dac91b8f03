"""The file of settings: TOML in the platform's folder. Only what is changed is written, key by key,
so that two programs at once keep both changes, and what this version does not know stays."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.alone import alone
from mlipviewer.io.files import MEGABYTE, read_bytes, write_bytes, write_text

Changes = Mapping[tuple[str, str], Any]
"""Values by (table, key); None takes a key away."""


def settings_path() -> Path:
    import platformdirs

    return Path(platformdirs.user_config_dir("mlipviewer", appauthor=False)) / "settings.toml"


def read_tables(path: Path) -> tuple[dict[str, dict[str, Any]], str]:
    """The tables of the file, and one sentence about what is wrong with it ('' when nothing is)."""
    try:
        found = tomllib.loads(read_bytes(path, 4 * MEGABYTE).decode("utf-8"))
    except FileNotFoundError:
        return {}, ""
    except (ReadProblem, OSError, ValueError, RecursionError) as problem:
        if not path.exists():
            return {}, ""
        return {}, f"{path.name} is damaged, the usual settings are used: {problem}"
    return {name: table for name, table in found.items() if isinstance(table, dict)}, ""


def write_changes(path: Path, changes: Changes) -> Path | None:
    """Change these keys and nothing else; a damaged file is put aside, its new place is returned. A
    link to a file elsewhere stays one. Raises OSError."""
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone(path):
        _, problem = read_tables(path)
        aside = _put_aside(path) if problem else None
        text = path.read_text("utf-8") if path.exists() else ""
        write_text(path, _changed(text, changes))
    return aside


def _changed(text: str, changes: Changes) -> str:
    import tomlkit

    document: Any = tomlkit.parse(text)
    for (table, key), value in changes.items():
        if value is None:
            if isinstance(document.get(table), Mapping):
                document[table].pop(key, None)
            continue
        if not isinstance(document.get(table), Mapping):
            document[table] = tomlkit.table()
        document[table][key] = value
    return tomlkit.dumps(document)


def _put_aside(path: Path) -> Path:
    """A copy of a damaged file, beside it: nothing that a user wrote is lost."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    write_bytes(aside, path.read_bytes())
    path.unlink()
    return aside
