"""Python as the user types it, run in a thread of its own; what it says is told piece by piece.

Nothing is run but what `run` is given, and that is what was typed.
"""

from __future__ import annotations

import code
import codeop
import ctypes
import io
import queue
import rlcompleter
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any, TextIO

MOST_SAID = 200_000  # characters that one command may say
PIECE = 4096


@dataclass(frozen=True)
class Said:
    """A piece of output; of errors where `wrong`."""

    text: str
    wrong: bool = False


@dataclass(frozen=True)
class Ready:
    """The command has ended."""


@dataclass(frozen=True)
class Completed:
    """The words that a word may be completed to."""

    word: str
    found: tuple[str, ...]


Tell = Callable[[Said | Ready | Completed], None]


def needs_more(source: str) -> bool:
    """Whether what is typed is a begun statement, or a block that goes on: one more line is to
    come. An empty line ends a block."""
    last = source.rsplit("\n", 1)[-1]
    indented = "\n" in source and last[:1] in (" ", "\t") and bool(last.strip())
    return indented or _begun(source)


def _begun(source: str) -> bool:
    try:
        return codeop.compile_command(source, symbol="exec") is None
    except (SyntaxError, ValueError, OverflowError):
        return False


class Interpreter:
    """`names` are what code sees. `tell` is called in the interpreter's thread."""

    def __init__(self, names: dict[str, Any], tell: Tell) -> None:
        self._tell = tell
        self._names = {"__name__": "__console__", "__doc__": None, **names}
        self._names["input"] = _no_input
        self._asked: queue.SimpleQueue[tuple[str, str] | None] = queue.SimpleQueue()
        self._console = _Console(self._names, self._say_wrong)
        self._completer = rlcompleter.Completer(self._names)
        self._room = 0
        self.busy = False
        self._begun = False
        self._thread = threading.Thread(target=self._work, name="console", daemon=True)
        self._thread.start()

    # -- asked by others -------------------------------------------------------------------

    def run(self, source: str) -> None:
        """Run what was typed; `Ready` tells that it has ended."""
        self.busy = True
        self._asked.put(("run", source))

    def complete(self, word: str) -> None:
        """Look what a word could be, unless something runs: properties are asked for it."""
        if not self.busy:
            self._asked.put(("complete", word))

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in what runs, at its next step in Python. A thread that has not
        come so far would die of it."""
        if self.busy and self._begun and self._thread.ident is not None:
            _raise_in(self._thread.ident, KeyboardInterrupt)

    def close(self) -> None:
        """End it. What does not end by itself is left behind: the thread is a daemon."""
        self.interrupt()
        self._asked.put(None)
        self._thread.join(1.0)

    # -- the thread ------------------------------------------------------------------------

    def _work(self) -> None:
        interrupted = False
        while True:
            try:
                self._begun = True
                if interrupted:  # told in here: a second interrupt may come meanwhile
                    self._say_wrong("KeyboardInterrupt\n")
                    self._end()
                    interrupted = False
                asked = self._asked.get()
                if asked is None:
                    return
                what, text = asked
                self._complete(text) if what == "complete" else self._run(text)
            except KeyboardInterrupt:
                interrupted = True

    def _run(self, source: str) -> None:
        self._room = MOST_SAID
        try:
            with _captured(self._say):
                self._console.run_text(source)
        finally:
            self._end()

    def _end(self) -> None:
        self.busy = False
        self._tell(Ready())

    def _complete(self, word: str) -> None:
        found: list[str] = []
        try:
            while (one := self._completer.complete(word, len(found))) is not None:
                found.append(one)
        except Exception as problem:  # noqa: BLE001 - a property of the user's own raised
            del problem
        self._tell(Completed(word, tuple(dict.fromkeys(found))))

    def _say(self, text: str) -> None:
        self._told(text, False)

    def _say_wrong(self, text: str) -> None:
        self._told(text, True)

    def _told(self, text: str, wrong: bool) -> None:
        if self._room <= 0 and not wrong:
            return
        kept = text[: max(self._room, PIECE if wrong else 0)]
        self._room -= len(text)
        self._tell(Said(kept, wrong))
        if self._room <= 0 and not wrong:
            self._tell(Said(f"\n... cut after {MOST_SAID:,} characters\n", True))


class _Console(code.InteractiveInterpreter):
    """Tells errors to `say`; leaving is not ended by it."""

    def __init__(self, names: dict[str, Any], say: Callable[[str], None]) -> None:
        super().__init__(names)
        self._say = say

    def run_text(self, source: str) -> None:
        """As one statement, whose value is shown; else as several."""
        if "\n" in source.strip() and not self._is_one(source):
            self.runsource(source, "<console>", "exec")
        else:
            self.runsource(f"{source}\n", "<console>", "single")

    @staticmethod
    def _is_one(source: str) -> bool:
        try:
            return codeop.compile_command(f"{source}\n\n", symbol="single") is not None
        except (SyntaxError, ValueError, OverflowError):
            return False

    def runcode(self, code: CodeType) -> None:
        try:
            super().runcode(code)
        except SystemExit:
            self._say("The console goes on: close its panel to leave it.\n")

    def write(self, data: str) -> None:
        self._say(data)

    def showsyntaxerror(self, filename: str | None = None, **_more: object) -> None:
        """What is wrong with what was typed, whoever else hears of errors."""
        del filename
        self._say("".join(traceback.format_exception_only(sys.exception())))

    def showtraceback(self) -> None:
        """Without the lines of the console itself."""
        kind, problem, trace = sys.exc_info()
        inside = trace.tb_next if trace is not None else None
        self._say("".join(traceback.format_exception(kind, problem, inside)))


def _no_input(_prompt: object = "") -> str:
    raise EOFError("the console reads no input: give the value as an argument")


def _raise_in(ident: int, kind: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(kind))


# -- what one thread prints ------------------------------------------------------------------


class _ByThread(io.TextIOBase):
    """Standard output in which some threads have an ear of their own."""

    ears: dict[int, Callable[[str], None]] = {}  # noqa: RUF012 - of the process, as the output is

    def __init__(self, before: TextIO | None) -> None:
        self.before = before

    def write(self, text: str) -> int:
        ear = self.ears.get(threading.get_ident())
        if ear is not None:
            ear(text)
        elif self.before is not None:
            self.before.write(text)
        return len(text)

    def flush(self) -> None:
        if self.before is not None and threading.get_ident() not in self.ears:
            self.before.flush()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"


class _captured:  # noqa: N801 - read as a word: with _captured(say)
    """What this thread prints goes to an ear."""

    def __init__(self, ear: Callable[[str], None]) -> None:
        self._ear = ear

    def __enter__(self) -> None:
        _ByThread.ears[threading.get_ident()] = self._ear
        for name in ("stdout", "stderr"):
            if not isinstance(getattr(sys, name), _ByThread):
                setattr(sys, name, _ByThread(getattr(sys, name)))

    def __exit__(self, *_about: object) -> None:
        _ByThread.ears.pop(threading.get_ident(), None)
        for name in ("stdout", "stderr"):
            now = getattr(sys, name)
            if isinstance(now, _ByThread) and not _ByThread.ears:
                setattr(sys, name, now.before)
