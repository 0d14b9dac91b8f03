"""A worker process and what came of the work that it was given."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import mlipviewer
from mlipviewer.campaign.worker import CAN_FORK, Task
from mlipviewer.core.children import start_child
from mlipviewer.core.own_program import NO_CONSOLE, worker_command

GRACE = 20.0
"""s beyond the limit of a piece after which the worker itself is taken for dead."""
_FEW = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Outcome:
    """`data` of a piece that was done, the `reason` of one that failed, or what is known of one
    that was `lost` with its process and may be tried again."""

    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    lost: str = ""
    seconds: float = 0.0
    cpu: float = 0.0


class Worker:
    """One process that does one piece at a time. Used by one thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._ended = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def do(self, task: Task) -> Outcome:
        """What came of a piece. A worker that has died is replaced for the next one."""
        process = self._running()
        if self._ended:  # meanwhile: then `end` may have seen no process
            process.terminate()
        timer = threading.Timer(float(task["seconds"]) + GRACE, process.kill)
        timer.start()
        try:
            stdin, stdout = _pipes(process)
            stdin.write(json.dumps(task) + "\n")
            stdin.flush()
            line = stdout.readline()
        except (OSError, ValueError):
            line = ""
        finally:
            timer.cancel()
        if not line.endswith("\n"):
            self.close()
            return Outcome(lost="the worker process ended")
        if not CAN_FORK:
            self.close()
        return Outcome(**json.loads(line))

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = _started()
        return self._process

    def end(self) -> None:
        """Let what is under way be given up, from another thread: `do` returns it as lost, and so
        whatever it is given later."""
        self._ended = True  # before the look: one of both sides sees the other
        process = self._process
        if process is not None:
            process.terminate()

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()  # with its input the worker ends what it does
        with suppress(subprocess.TimeoutExpired):
            process.wait(2.0)
        process.kill()
        process.wait()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def _started() -> subprocess.Popen[str]:
    package = str(Path(mlipviewer.__file__).resolve().parents[1])
    paths = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))
    return start_child(
        worker_command("campaign"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=os.environ | _FEW | {"PYTHONPATH": paths},
        start_new_session=CAN_FORK,
        creationflags=NO_CONSOLE,
    )


_own = threading.local()


def do_here(task: Task) -> Outcome:
    """A piece done by the worker of this thread, which is kept for the next one."""
    worker: Worker | None = getattr(_own, "worker", None)
    if worker is None:
        worker = _own.worker = Worker()
    return worker.do(task)
