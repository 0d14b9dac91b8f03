"""What is written down when something goes wrong: in a folder of this computer, sent nowhere.

A crash of the process (faulthandler) has a file of its own, as an installed program may have no
stderr; exceptions that nobody caught and what Qt complains about go to the log. What a crash left
is told at the next start.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO

from mlipviewer.session.places import state_folder

LOG = "mlipviewer.log"
LARGEST, OLDER = 10_000_000, 5
SAME_S = 10.0  # the same complaint is written down once in that time
SHOWN = 4000  # characters of a report that are shown
DAYS_KEPT = 30

log = logging.getLogger("mlipviewer.crash")
_open: list[IO[str]] = []


def logs_folder() -> Path:
    return state_folder() / "logs"


class OneLine(logging.Formatter):
    """Each event on one line: what comes from a file cannot forge another."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def begin_log() -> None:
    """Write down from now on. Without a place to write there is no log, and no complaint."""
    folder = logs_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        crash = (folder / f"crash-{os.getpid()}.txt").open("w", encoding="utf-8")
        handler = RotatingFileHandler(
            folder / LOG, maxBytes=LARGEST, backupCount=OLDER, encoding="utf-8", delay=True
        )
    except OSError:
        if sys.stderr is not None:
            faulthandler.enable()
        return
    _open.append(crash)
    faulthandler.enable(crash)
    handler.setFormatter(OneLine("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    _hear()


def end_log() -> None:
    """The process ends as usual: its file of a crash is empty and goes."""
    for crash in _open:
        faulthandler.disable()
        crash.close()
        path = Path(crash.name)
        if path.exists() and path.stat().st_size == 0:
            path.unlink()
    _open.clear()


def _hear() -> None:
    """Let everything that nobody caught be written down, besides what is done about it anyway."""
    before, of_threads, unraisable = sys.excepthook, threading.excepthook, sys.unraisablehook
    written: dict[str, float] = {}

    def write(error: BaseException | None, where: str) -> None:
        text = repr(error)
        if time.monotonic() - written.get(text, -SAME_S) < SAME_S:
            return
        written.clear() if len(written) > 100 else None
        written[text] = time.monotonic()
        log.error("not caught in %s", where, exc_info=error)

    def on_error(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        write(error, "the window")
        before(kind, error, trace)

    def on_thread(args: threading.ExceptHookArgs) -> None:
        write(args.exc_value, f"thread {args.thread.name if args.thread else '?'}")
        of_threads(args)

    def on_unraisable(args: sys.UnraisableHookArgs) -> None:
        write(args.exc_value, "an object that ends")
        unraisable(args)

    sys.excepthook, threading.excepthook = on_error, on_thread
    sys.unraisablehook = on_unraisable


def hear_qt() -> None:
    """Let Qt's own complaints go to the log as well; to be called once Qt is there."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }
    of_qt = logging.getLogger("mlipviewer.qt")

    def told(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        of_qt.log(levels.get(kind, logging.WARNING), "%s", text)
        if sys.stderr is not None and kind != QtMsgType.QtDebugMsg:
            sys.stderr.write(f"{text}\n")

    qInstallMessageHandler(told)


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
    for path in logs_folder().glob("crash-*.txt"):
        number = path.stem.removeprefix("crash-")
        if number.isdigit() and int(number) != os.getpid() and not _lives(int(number)):
            found.append(path)
    return found


def _lives(number: int) -> bool:
    if sys.platform == "win32":  # there an open file cannot be renamed: `take` passes it over
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _sweep(folder: Path) -> None:
    """Reports that were told a month ago go."""
    for path in folder.glob("told-*.txt"):
        if time.time() - path.stat().st_mtime > DAYS_KEPT * 86400:
            path.unlink(missing_ok=True)
