"""What is kept of a window while it is open, so that a crash costs seconds: a session file of its
own for each, in the place for states; found again when the process that wrote it is gone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io import room
from mlipviewer.io.files import MEGABYTE, read_bytes, write_text
from mlipviewer.io.processes import is_alive, own_name
from mlipviewer.io.room import DAY
from mlipviewer.io.small_json import read_small_json
from mlipviewer.session.saving.session_file import Saved, digest, session_text

KEPT_DAYS = 30
SUFFIX = ".recovery"


def recovery_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_state_dir("mlipviewer", appauthor=False)) / "recovery"


@dataclass(frozen=True)
class Left:
    """What a process left behind: the session, of which file it was ('' for none), when, and what
    it held."""

    path: Path
    of: str
    when: float
    n_inputs: int


def own_path(number: int = 0) -> Path:
    """Where this process keeps its window `number`."""
    return recovery_folder() / f"{own_name()}-{number}{SUFFIX}"


def keep(saved: Saved, path: Path, of: str = "", restored: Path | None = None) -> None:
    """Keep the session of a window; what it was `restored` from may go then. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = session_text(saved, path.parent)
    marks = [*_marks(path)[-1:], digest(text)]  # of what lies there, and of what will
    n_inputs = len(saved.document.inputs)
    about = {"of": of, "inputs": n_inputs, "when": time.time(), "digests": marks}
    write_text(_about(path), json.dumps(about))
    write_text(path, text)  # last: a crash in between leaves nothing that is half known
    if restored is not None:
        forget(restored)


def is_remains(path: Path) -> bool:
    """Whether a file is where remains are kept: one of that name elsewhere is a stranger's."""
    return path.suffix == SUFFIX and path.parent.resolve() == recovery_folder().resolve()


def is_own(path: Path, mark: str) -> bool:
    """Whether this user's window kept a session of that digest there."""
    return is_remains(path) and bool(mark) and mark in _marks(path)


def _marks(path: Path) -> list[str]:
    """Digests of what is kept there; the list of sessions that were saved is not for them."""
    found = _told(path).get("digests")
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def session_of(path: Path) -> str:
    """The session file that was open in the window of which this was kept; '' for none."""
    of = _told(path).get("of")
    return of if isinstance(of, str) else ""


def _told(path: Path) -> dict[str, Any]:
    found = read_small_json(_about(path))
    return found if isinstance(found, dict) else {}


def forget(path: Path) -> None:
    """The window was closed as usual."""
    for one in (path, _about(path)):
        one.unlink(missing_ok=True)


def left_behind() -> list[Left]:
    """Sessions of processes that are gone, the newest first; what is older than a month goes."""
    found = sorted(_left(), key=lambda one: -one.when)
    for one in found:
        if time.time() - one.when > KEPT_DAYS * DAY:
            forget(one.path)
    return [one for one in found if one.path.exists()]


def _left() -> Iterator[Left]:
    for path in recovery_folder().glob(f"*{SUFFIX}"):
        try:
            if is_alive(path.stem, path.stat().st_mtime):
                continue
            about = json.loads(read_bytes(_about(path), MEGABYTE))
            yield Left(path, str(about["of"]), float(about["when"]), int(about["inputs"]))
        except (ReadProblem, OSError, ValueError, KeyError, TypeError):
            continue


def sweep() -> None:
    """Temporary files that a crash left in the folder go after a day."""
    room.sweep(recovery_folder())


def _about(path: Path) -> Path:
    return path.with_suffix(".json")
