"""What is written down when something goes wrong: in a folder of this computer, sent nowhere.

A crash of the process (faulthandler) has a file of its own, as an installed program may have no
stderr; exceptions that nobody caught go to the log (session/reports/log_book.py). What a crash
left is told at the next start.
"""

from __future__ import annotations

import faulthandler
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from mlipviewer.io.processes import is_alive, own_name
from mlipviewer.session.reports import log_book
from mlipviewer.session.reports.log_book import LogBook
from mlipviewer.session.settings.places import state_folder

LOG = log_book.NAME
SHOWN = 4000  # characters of a report that are shown
DAYS_KEPT = 30
BEGIN = "crash-"

_open: list[IO[str]] = []
_books: list[tuple[LogBook, Callable[[], None]]] = []


def logs_folder() -> Path:
    return state_folder() / "logs"


def begin_log() -> LogBook:
    """Write down from now on. Without a place to write there is no file, and no complaint."""
    folder = logs_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        crash = (folder / f"{BEGIN}{own_name()}.txt").open("w", encoding="utf-8")
    except OSError:
        if sys.stderr is not None:
            faulthandler.enable()
    else:
        _open.append(crash)
        faulthandler.enable(crash)
    book = log_book.begin_log(folder)
    _books.append((book, log_book.hear_failures()))
    return book


def end_log() -> None:
    """The process ends as usual: its file of a crash is empty and goes."""
    for book, deafen in _books:
        deafen()
        log_book.end_log(book)
    _books.clear()
    for crash in _open:
        faulthandler.disable()
        crash.close()
        path = Path(crash.name)
        if path.exists() and path.stat().st_size == 0:
            path.unlink()
    _open.clear()


# -- at the next start


def take_crash_report() -> tuple[Path, str] | None:
    """The newest report of a process that is gone, and what it says. It is told once: its name is
    changed, so that it stays for whoever wants to send it."""
    newest: tuple[float, Path] | None = None
    for path in _reports():
        try:
            if path.stat().st_size == 0:
                path.unlink()
                continue
            kept = path.with_name(f"told-{path.name}")
            path.replace(kept)
            newest = max(newest or (0.0, kept), (kept.stat().st_mtime, kept))
        except OSError:
            continue
    if newest is None:
        return None
    try:
        return newest[1], newest[1].read_text("utf-8", "backslashreplace")[:SHOWN]
    except OSError:
        return None


def _reports() -> list[Path]:
    """Of processes that are gone."""
    found = []
    for path in logs_folder().glob(f"{BEGIN}*.txt"):
        with suppress(OSError):  # another start may have taken it
            if not is_alive(path.stem.removeprefix(BEGIN), path.stat().st_mtime):
                found.append(path)
    return found


def _sweep(folder: Path) -> None:
    """Reports that were told a month ago go."""
    for path in folder.glob("told-*.txt"):
        with suppress(OSError):  # another start may sweep too
            if time.time() - path.stat().st_mtime > DAYS_KEPT * 86400:
                path.unlink(missing_ok=True)
