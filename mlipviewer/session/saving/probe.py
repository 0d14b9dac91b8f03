"""One session file, read as the window reads it, as a plain answer: `mlipviewer probe`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.inputs import Input
from mlipviewer.session.opening import open_input
from mlipviewer.session.saving.restoring import lost, missing
from mlipviewer.session.saving.session_file import Saved, read_session
from mlipviewer.session.saving.trust import programs, refused


def probe_session(path: str) -> dict[str, Any]:
    """`status` (ok, partial, error), `problems` with file and message, `good_frames`: how many of
    its inputs can be read. Nobody agrees to anything: nothing outside its folder is opened."""
    begin = time.perf_counter()
    name = Path(path).name
    try:
        saved = read_session(Path(path))
    except ReadProblem as problem:
        found: dict[str, Any] = {"status": "error", "good_frames": 0}
        messages = [problem.reason]
    else:
        of_inputs, unread = _of_inputs(saved, Path(path).parent)
        messages = [*saved.problems, *of_inputs]
        n = len(saved.document.inputs)
        good = n - len(_bad(saved, Path(path).parent)) - unread
        found = {"status": "partial" if messages else "ok", "good_frames": good}
        found["info"] = {"format": saved.format, "inputs": n, "past": len(saved.past)}
    problems = [{"file": name, "message": f"{name}: {said}"} for said in messages]
    seconds = round(time.perf_counter() - begin, 3)
    return {**found, "problems": problems, "seconds": seconds, "rss_mb": 0}


def _bad(saved: Saved, folder: Path) -> dict[str, str]:
    """Inputs that are not read, and why."""
    found = {one.name: f"{missing(one)} is not there" for one in lost(saved.document)}
    return {**found, **refused(saved.document, folder, agreed=False)}


def _of_inputs(saved: Saved, folder: Path) -> tuple[list[str], int]:
    """What is told of the inputs, and how many of those that are there cannot be read."""
    bad = _bad(saved, folder)
    said = [*bad.values(), *(f"would run {one}" for one in programs(saved.document))]
    unread = 0
    for one in saved.document.inputs:
        if one.name not in bad:
            try:
                said += _read(saved, one)
            except ReadProblem as problem:
                said.append(str(problem))
                unread += 1
    return said, unread


def _read(saved: Saved, one: Input) -> list[str]:
    """How a file that is there does not agree with the session. Raises ReadProblem."""
    thing = open_input(one).thing
    shown = saved.document.trajectory == one.name
    if isinstance(thing, Trajectory) and shown and saved.document.frame >= thing.n_frames:
        last = thing.n_frames
        return [f"frame {saved.document.frame + 1} is after the last of {one.name}, {last}: shown"]
    return []
