"""The process that does pieces of a campaign's work: `python -m mlipviewer.campaign.worker`.

It loads the numerical libraries once and then forks for each piece, so that what one of them
spoils (memory, a library in a bad state, a crash) ends with it. Where there is no fork it does the
one piece itself. Lines of JSON come in and go out; with the input the process ends, and with it
what it has begun.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import IO, Any, NoReturn

from mlipviewer.core.children import end_with_parent

Task = Mapping[str, Any]
CAN_FORK = hasattr(os, "fork")
TOLD = 2000  # characters of a reason at most


def main() -> None:
    """Serve until the input ends. What libraries print goes to stderr, not among the answers."""
    end_with_parent()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _load()
    for line in sys.stdin:
        task = json.loads(line)
        reply = _in_child(task) if CAN_FORK else _answer(task)
        print(json.dumps(reply), file=answers, flush=True)


def _load() -> None:
    """What nearly every piece needs, before it is forked."""
    for name in ("ase.optimize", "scipy.linalg", "scipy.sparse", "scipy.optimize", "vesin"):
        import_module(name)
    import_module("mlipviewer.campaign.task")


def _answer(task: Task) -> dict[str, Any]:
    """The result of a piece, or the reason why there is none."""
    from mlipviewer.campaign.failure import Failed
    from mlipviewer.campaign.task import perform
    from mlipviewer.core.problem import ReadProblem

    try:
        return {"data": perform(task)}
    except (Failed, ReadProblem) as problem:
        return {"reason": str(problem)[:TOLD]}
    except MemoryError:
        return {"reason": f"it needs more than {task['memory_gb']:g} GB"}
    except Exception as problem:  # noqa: BLE001 (calculators raise whatever they like)
        return {"reason": f"{type(problem).__name__}: {problem}"[:TOLD]}


# -- one process for each piece


def _in_child(task: Task) -> dict[str, Any]:
    began = time.monotonic()
    reading, writing = os.pipe()
    life, held = os.pipe()  # the child ends when the writing end is gone
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.close(held)
        _be_child(task, writing, life)
    os.close(writing)
    os.close(life)
    with os.fdopen(reading, "rb") as pipe:
        text, why = _collected(pipe, child, float(task["seconds"]))
    _, status, used = os.wait4(child, 0)
    _end_group(child)
    os.close(held)
    reply = _reply(text, why, status)
    cpu = used.ru_utime + used.ru_stime
    return {**reply, "seconds": time.monotonic() - began, "cpu": cpu}


def _reply(text: bytes, why: str, status: int) -> dict[str, Any]:
    if why:
        return {"reason": why}
    with suppress(ValueError):
        return dict(json.loads(text))
    if os.WIFSIGNALED(status):
        return {"lost": f"its process was ended by {signal.Signals(os.WTERMSIG(status)).name}"}
    return {"lost": f"its process ended with code {os.waitstatus_to_exitcode(status)}"}


def _collected(pipe: IO[bytes], child: int, seconds: float) -> tuple[bytes, str]:
    """What the child writes until it ends, and why it was ended, if it was."""
    end = time.monotonic() + seconds
    found = b""
    while True:
        left = end - time.monotonic()
        ready, _, _ = select.select([pipe, sys.stdin], [], [], max(left, 0.0))
        if sys.stdin in ready:  # nothing is asked while a piece is under way: the input has ended
            _end_group(child)
            os._exit(0)
        if pipe in ready:
            block = os.read(pipe.fileno(), 1 << 16)
            if not block:
                return found, ""
            found += block
        elif left <= 0:
            _end_group(child)
            return found, f"stopped after {seconds:g} s"


def _end_group(child: int) -> None:
    """The child and what it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _be_child(task: Task, writing: int, life: int) -> NoReturn:
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        threading.Thread(target=_end_with, args=(life,), daemon=True).start()
        _limit(float(task["memory_gb"]))
        text = json.dumps(_answer(task)).encode()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(text)
    finally:
        os._exit(0)


def _end_with(life: int) -> None:
    """A child whose parent has gone works for nobody."""
    os.read(life, 1)
    os.killpg(0, signal.SIGKILL)


def _limit(gigabytes: float) -> None:
    if sys.platform == "linux":
        import resource

        size = int(gigabytes * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
