"""Processes that end with the one that started them, however that ends.

Each holds the reading end of a pipe whose writing end only its parent has. When the parent is gone
the system tells the child by a signal that ends it, also within a loop of C that never returns to
Python. (Linux offers PR_SET_PDEATHSIG for that, but it means the parent's *thread*: workers are
started by threads of jobs, which end long before the program.) Without such signals (Windows) a
worker ends with its input, or looks for its parent each second.
"""

from __future__ import annotations

import os
import subprocess
import weakref
from collections.abc import Sequence
from typing import Any

LIFE = "MLIPVIEWER_LIFE"
"""The variable that tells a child which descriptor is that end."""
CAN_SIGNAL = hasattr(os, "O_ASYNC")


def start_child(command: Sequence[str], **how: Any) -> subprocess.Popen[Any]:
    """As subprocess.Popen; the child calls `end_with_parent` first. It ends with this process, and
    with the Popen that nobody keeps. Raises OSError."""
    if not CAN_SIGNAL:
        return subprocess.Popen(command, **how)
    reading, held = os.pipe()
    try:
        given = how.pop("env", None)
        env = {**(os.environ if given is None else given), LIFE: str(reading)}
        process = subprocess.Popen(command, env=env, pass_fds=(reading,), **how)
    except BaseException:
        os.close(held)
        raise
    finally:
        os.close(reading)
    weakref.finalize(process, os.close, held)
    return process


def end_with_parent() -> None:
    """Let the system end this process with its parent, where that started it by `start_child`."""
    told = os.environ.pop(LIFE, "")
    if CAN_SIGNAL and told.isdigit():
        end_with_pipe(int(told))


def end_with_pipe(life: int) -> None:
    """Let the system end this process when nobody holds the writing end of a pipe any more, to
    which nothing is ever written."""
    import fcntl
    import select

    try:
        os.set_inheritable(life, False)
        fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)
        gone = bool(select.select([life], [], [], 0)[0])
    except (OSError, ValueError):
        return  # no such descriptor: somebody else's variable
    if gone:
        os._exit(1)


def end_with_pool() -> None:
    """For a worker of multiprocessing's spawn: it knows a pipe of its parent's."""
    from multiprocessing import parent_process

    parent = parent_process()
    if CAN_SIGNAL and parent is not None:
        end_with_pipe(int(parent.sentinel))
