"""Reads each fresh input in a process of its own, which is watched: `./test nightly fresh`."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from tests.nightly.fresh import CASES
from tests.nightly.fresh.case import Case, wrong

HANG_S = 60
MOST_BYTES = 6 << 30
WATCHED = ("os.system", "os.exec", "os.posix_spawn", "socket.connect", "pickle.find_class")
WORKERS = ("mlipviewer.io.trajectories.ase_worker",)
"""Programs of ours that a reader may start."""


def fresh(_begin: int, _n: int) -> dict[str, Any]:
    """Every case: how many are read as demanded, and which not."""
    warm()
    faults = {case.name: found for case in CASES if (found := judged(case))}
    bad = [name for name, found in faults.items() if any(map(_severe, found))]
    n, passed = len(CASES), len(CASES) - len(faults)
    told = [f"{name}: {'; '.join(found)}" for name, found in faults.items()]
    return {"n": n, "passed": passed, "share": round(passed / n, 3), "severe": bad, "faults": told}


def warm() -> None:
    """Load once what every child needs."""
    for name in ("io.tables.reading", "io.trajectories.opening", "session.saving.probe"):
        import_module(f"mlipviewer.{name}")
    for name in ("pandas", "pyarrow.parquet", "openpyxl", "ase.io.trajectory"):
        import_module(name)


def _severe(fault: str) -> bool:
    return fault.startswith(("crash", "hang", "executed"))


def judged(case: Case) -> list[str]:
    """What is wrong with how a case is read."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "folder")
        folder.mkdir()
        case.make(folder / case.name)
        answer = apart(case, folder / case.name)
    if "fault" in answer:
        return [answer["fault"]]
    executed = [f"executed: {one}" for one in answer.pop("heard")]
    return [*executed, *wrong(case, answer)]


def apart(case: Case, path: Path) -> dict[str, Any]:
    """The answer of a child with limits, or the `fault` by which it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(case, path, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        how = f"hang: {HANG_S} s" if number == signal.SIGALRM else f"crash: signal {number}"
        return {"fault": how}
    if not said:
        return {"fault": f"crash: ended with {os.waitstatus_to_exitcode(status)}"}
    return dict(json.loads(said))


def _be_child(case: Case, path: Path, writing: int) -> NoReturn:
    try:
        import resource

        signal.alarm(HANG_S)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, resource.RLIM_INFINITY))
        heard: list[str] = []
        sys.addaudithook(lambda event, args: _listen(heard, event, args))
        try:
            began = time.process_time()
            answer = {**probed(case, path), "heard": heard}
            answer["seconds"] = round(time.process_time() - began, 2)
        except BaseException as error:  # noqa: BLE001 (that is what is looked for)
            answer = {"fault": f"crash: {type(error).__name__}: {str(error)[:200]}"}
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(json.dumps(answer).encode())
    finally:
        os._exit(0)


def probed(case: Case, path: Path) -> dict[str, Any]:
    from mlipviewer.io.probe import probe
    from mlipviewer.session.saving.probe import probe_session

    if case.kind == "session":
        return probe_session(str(path))
    return probe(str(path), case.kind)


def _listen(heard: list[str], event: str, args: Sequence[Any]) -> None:
    """What no file may cause: programs, the network, pickles, a file opened from outside."""
    if event in WATCHED:
        heard.append(f"{event} {args[:1]}")
    elif event == "subprocess.Popen" and not any(one in str(args[1]) for one in WORKERS):
        heard.append(f"{event} {args[1]}")
    elif event == "open" and any(word in str(args[0]) for word in ("hostname", "outside.csv")):
        heard.append(f"opened {args[0]}")


if __name__ == "__main__":
    found = fresh(0, 0)
    print(json.dumps(found, indent=1))
    sys.exit(bool(found["faults"]))
