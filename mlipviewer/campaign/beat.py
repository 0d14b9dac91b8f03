"""The sign of life of a process that runs a campaign, and how it is asked to stop.

`running.json` in the folder of the campaign says who runs it and is written anew every two seconds;
a file `stop` asks that process to end. Both are seen by whoever sees the folder, also from another
computer.
"""

from __future__ import annotations

import json
import os
import platform
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import Folder
from mlipviewer.core.progress import Progress
from mlipviewer.io.alone import alone
from mlipviewer.io.files import write_text
from mlipviewer.io.processes import runs

EVERY = 2.0  # s
LOOK = 0.25  # s between two looks for the wish to stop
STALE = 20.0  # s after which a sign of life is none
FILE, STOP = "running.json", "stop"


@dataclass(frozen=True)
class Running:
    """Who runs a campaign: a process of a computer, `room` pieces at once, since when (s)."""

    pid: int
    host: str
    room: int
    since: float

    @property
    def here(self) -> bool:
        return self.host == platform.node()

    def __str__(self) -> str:
        return f"process {self.pid} on {'this computer' if self.here else self.host}"


class Beat:
    """While it is entered, the folder says that this process runs the campaign, and `progress` is
    stopped when somebody asks for it. Entering raises DesignProblem where another process runs it.
    """

    def __init__(self, folder: Folder, room: int, progress: Progress) -> None:
        self._folder, self._progress = folder.path, progress
        self._said = Running(os.getpid(), platform.node(), room, time.time())
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="beat", daemon=True)

    def __enter__(self) -> Beat:
        with alone(self._folder / FILE):  # of two that begin at once one sees the other
            who, own = running(Folder(self._folder)), self._said
            if who is not None and (who.pid, who.host) != (own.pid, own.host):
                raise DesignProblem(f"{who} runs this campaign already")
            (self._folder / STOP).unlink(missing_ok=True)
            self._write()
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _problem: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        for name in (FILE, STOP):
            with suppress(OSError):
                (self._folder / name).unlink()

    def _keep(self) -> None:
        written = time.monotonic()
        while not self._over.wait(LOOK):
            if (self._folder / STOP).exists():
                self._progress.stop()
            if time.monotonic() - written >= EVERY:
                written = time.monotonic()
                with suppress(OSError):
                    self._write()

    def _write(self) -> None:
        one = self._said
        said = {"pid": one.pid, "host": one.host, "room": one.room, "since": one.since}
        write_text(self._folder / FILE, json.dumps(said))


def running(folder: Folder) -> Running | None:
    """Who runs the campaign now; None where nobody does, or who did has died."""
    file = folder.path / FILE
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        age = time.time() - file.stat().st_mtime
        one = Running(int(said["pid"]), str(said["host"]), int(said["room"]), float(said["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if age > STALE or (one.here and not runs(one.pid)):
        return None
    return one


def ask_to_stop(folder: Folder) -> None:
    """Have the process that runs the campaign end soon, with its table written. Raises OSError."""
    if running(folder) is not None:
        write_text(folder.path / STOP, "")
