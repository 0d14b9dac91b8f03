"""What happened, one line for each event: kept in files of bounded size and in memory.

Control characters of messages are escaped, so that data cannot write lines of their own, and the
same message many times in a short time is counted instead of written.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
import time
import types
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES, N_FILES = 10 * 2**20, 5
KEPT = 2000  # entries in memory
LONGEST = 4000  # signs of a message, and as many of its details
BURST, WINDOW = 10, 10.0  # so many of the same within so many seconds
ROOT = "mlipviewer"
NAME = "mlipviewer.log"
FAILURES = f"{ROOT}.failure"
"""The logger of what no code expected: the window tells the user of it."""


@dataclass(frozen=True)
class Entry:
    """One event. `details` may have many lines."""

    when: float  # s since 1970
    level: int
    source: str
    text: str
    details: str = ""

    @property
    def line(self) -> str:
        """All of it but line breaks and other control characters, which are escaped."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(self.when))
        name = logging.getLevelName(self.level)
        more = f" | {one_line(self.details)}" if self.details else ""
        return f"{stamp} {name} {self.source}: {one_line(self.text)}{more}"


def one_line(text: str) -> str:
    """The text on one line: backslashes and what cannot be printed are escaped."""
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."
    return "".join(
        sign if sign.isprintable() and sign != "\\" else sign.encode("unicode_escape").decode()
        for sign in short
    )


class Bursts:
    """How often the same was told lately."""

    def __init__(self) -> None:
        self._begun: dict[str, tuple[float, int]] = {}

    def says(self, text: str, now: float) -> tuple[bool, int]:
        """Whether to write it, and how many of it were left out before."""
        begun, n = self._begun.get(text, (now, 0))
        if now - begun > WINDOW:
            self._begun[text] = (now, 1)
            return True, max(0, n - BURST)
        if len(self._begun) > KEPT:
            self._begun.clear()
        self._begun[text] = (begun, n + 1)
        return n < BURST, 0


class LogBook(logging.Handler):
    """Keeps the last entries and writes them to `folder`, where that can be done."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(logging.INFO)
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._bursts = Bursts()
        self._listeners: list[Callable[[Entry], None]] = []
        self.folder = folder
        self._file = None if folder is None else _file_in(folder)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The oldest first."""
        with self._guard():
            return tuple(self._entries)

    def _guard(self) -> threading.RLock:
        assert self.lock is not None
        return self.lock

    def listen(self, heard: Callable[[Entry], None]) -> Callable[[], None]:
        """`heard(entry)` is called from any thread; returns how to end that."""
        self._listeners.append(heard)
        return lambda: self._deafen(heard)

    def _deafen(self, heard: Callable[[Entry], None]) -> None:
        self._listeners = [one for one in self._listeners if one != heard]

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        written, left_out = self._bursts.says(f"{record.name}:{text[:80]}", record.created)
        if not written:
            return
        if left_out:
            text = f"{text} ({left_out} more of this kind were left out)"
        details = _details(record)
        entry = Entry(record.created, record.levelno, record.name, text[:LONGEST], details)
        self._entries.append(entry)
        if self._file is not None:
            self._file.emit(_as_line(entry))
        for heard in tuple(self._listeners):
            try:
                heard(entry)
            except Exception:  # noqa: BLE001 - whoever logs does not fail by who listens
                self._deafen(heard)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


def _details(record: logging.LogRecord) -> str:
    if record.exc_info and record.exc_info[0] is not None:
        return logging.Formatter().formatException(record.exc_info)[-LONGEST:]
    return str(getattr(record, "details", ""))[:LONGEST]


def _as_line(entry: Entry) -> logging.LogRecord:
    return logging.LogRecord(entry.source, entry.level, "", 0, entry.line, None, None)


def _file_in(folder: Path) -> logging.Handler | None:
    """None where the folder cannot be written: the program works without a log."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / NAME).open("a", encoding="utf-8"):
            pass
    except OSError:
        return None
    return logging.handlers.RotatingFileHandler(
        folder / NAME, "a", MAX_BYTES, N_FILES - 1, encoding="utf-8", delay=True
    )


def begin_log(folder: Path | None) -> LogBook:
    """From now on the events of the program, and warnings of others, are in the book."""
    logging.raiseExceptions = False  # a full disk must not fill the standard error
    book = LogBook(folder)
    logging.getLogger(ROOT).setLevel(logging.INFO)
    logging.getLogger().addHandler(book)
    logging.captureWarnings(True)
    return book


def end_log(book: LogBook) -> None:
    logging.getLogger().removeHandler(book)
    logging.captureWarnings(False)
    book.close()


# -- what no code expected -----------------------------------------------------------------


def hear_failures() -> Callable[[], None]:
    """Problems that nobody caught, in any thread, go to the log as well as to the standard error;
    returns how to end that."""
    log = logging.getLogger(FAILURES)
    before = sys.excepthook, threading.excepthook, sys.unraisablehook

    def main(
        kind: type[BaseException], problem: BaseException, trace: types.TracebackType | None
    ) -> None:
        if issubclass(kind, Exception):
            log.error("%s", _said(problem), exc_info=(kind, problem, trace))
        before[0](kind, problem, trace)

    def thread(about: threading.ExceptHookArgs) -> None:
        problem, name = about.exc_value, about.thread.name if about.thread else "a thread"
        if problem is not None and issubclass(about.exc_type, Exception):
            log.error("%s: %s", name, _said(problem), exc_info=problem)
        before[1](about)

    def unraisable(about: sys.UnraisableHookArgs) -> None:
        if about.exc_value is not None:
            said = about.err_msg or "a problem that could not be raised"
            log.warning("%s: %s", said, _said(about.exc_value), exc_info=about.exc_value)
        before[2](about)

    sys.excepthook, threading.excepthook, sys.unraisablehook = main, thread, unraisable

    def end() -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before

    return end


def _said(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
