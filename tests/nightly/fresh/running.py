"""Reads each fresh input in a process of its own, which is watched: `./test nightly fresh`.

`python -m tests.nightly.fresh.running [first|second|third]` reads one of the sets.
"""

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

from tests.nightly.fresh import CASES, FIRST, SECOND, THIRD
from tests.nightly.fresh.case import Case, wrong

HANG_S = 60
MOST_BYTES = 6 << 30
WATCHED = ("os.system", "os.exec", "os.posix_spawn", "socket.connect", "pickle.find_class")
WORKERS = ("mlipviewer.io.trajectories.ase_worker",)
"""Programs of ours that a reader may start."""


def fresh(_begin: int, _n: int, cases: Sequence[Case] = CASES) -> dict[str, Any]:
    """Every case: how many are read as demanded, and which not."""
    warm()
    faults = {name: found for name, found in all_judged(cases).items() if found}
    bad = [name for name, found in faults.items() if any(map(_severe, found))]
    n, passed = len(cases), len(cases) - len(faults)
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


def all_judged(cases: Sequence[Case]) -> dict[str, list[str]]:
    """What is wrong with how each is read, by name. What libraries read shares a child: the process
    of readers takes longer to start than to read."""
    shared = [case for case in cases if case.library]
    groups = [[case] for case in cases if not case.library]
    return {name: found for group in (*groups, shared) for name, found in _judged(group).items()}


def judged(case: Case) -> list[str]:
    """What is wrong with how a case is read."""
    return _judged([case])[case.name]


def _judged(cases: Sequence[Case]) -> dict[str, list[str]]:
    found = dict[str, list[str]]()
    with tempfile.TemporaryDirectory() as home:
        paths = [Path(home, str(k), "folder", case.name) for k, case in enumerate(cases)]
        for case, path in zip(cases, paths, strict=True):
            path.parent.mkdir(parents=True)
            case.make(path)
        while len(found) < len(cases):
            begin = len(found)
            answers = apart(cases[begin:], paths[begin:])
            for case, answer in zip(cases[begin:], answers, strict=False):
                found[case.name] = _faults(case, answer)
    return found


def _faults(case: Case, answer: dict[str, Any]) -> list[str]:
    if "fault" in answer:
        return [answer["fault"]]
    executed = [f"executed: {one}" for one in answer.pop("heard")]
    return [*executed, *wrong(case, answer)]


def apart(cases: Sequence[Case], paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The answers of a child with limits, one by one; where it ended early the last is the `fault`
    by which it did."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(cases, paths, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answers = [dict(json.loads(line)) for line in pipe if line.endswith(b"\n")]
    _, status = os.waitpid(child, 0)
    if len(answers) < len(cases):
        answers.append({"fault": _end(status)})
    return answers


def _end(status: int) -> str:
    if not os.WIFSIGNALED(status):
        return f"crash: ended with {os.waitstatus_to_exitcode(status)}"
    number = os.WTERMSIG(status)
    return f"hang: {HANG_S} s" if number == signal.SIGALRM else f"crash: signal {number}"


def _be_child(cases: Sequence[Case], paths: Sequence[Path], writing: int) -> NoReturn:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, resource.RLIM_INFINITY))
        heard: list[str] = []
        sys.addaudithook(lambda event, args: _listen(heard, event, args))
        with os.fdopen(writing, "wb") as pipe:
            for case, path in zip(cases, paths, strict=True):
                heard.clear()
                signal.alarm(HANG_S)
                pipe.write(json.dumps(_answer(case, path, heard)).encode() + b"\n")
                pipe.flush()
    finally:
        os._exit(0)


def _answer(case: Case, path: Path, heard: list[str]) -> dict[str, Any]:
    try:
        began = time.process_time()
        answer = {**probed(case, path), "heard": heard}
        answer["seconds"] = round(time.process_time() - began, 2)
    except BaseException as error:  # noqa: BLE001 (that is what is looked for)
        return {"fault": f"crash: {type(error).__name__}: {str(error)[:200]}"}
    return answer


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
    sets = {"first": FIRST, "second": SECOND, "third": THIRD}
    found = fresh(0, 0, sets.get(" ".join(sys.argv[1:]), CASES))
    print(json.dumps(found, indent=1))
    sys.exit(bool(found["faults"]))
