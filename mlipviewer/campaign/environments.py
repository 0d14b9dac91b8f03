"""Environments of their own for packages that are heavy, or that cannot be beside others.

Each lies in the data folder of the user (MLIPVIEWER_ENVIRONMENTS names another place), is made
by uv or by venv and pip with pinned versions, and is used by processes only: nothing of it is
imported here. PyTorch comes first, in its build for processors without CUDA, which is GB smaller:
on Linux of the index of PyTorch (MLIPVIEWER_TORCH names another one, or a folder of wheels)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlipviewer.campaign.failure import Failed
from mlipviewer.core.own_program import NO_CONSOLE, is_frozen
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.io.files import write_text

PLACE = "MLIPVIEWER_ENVIRONMENTS"
MARK = "environment.json"
TORCH = "MLIPVIEWER_TORCH"
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
POLL = 0.1  # s
LAST = 400  # characters of what a program said last
ALONE: Mapping[str, str] = {
    **dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"),
    **dict.fromkeys(("DP_INTRA_OP_PARALLELISM_THREADS", "DP_INTER_OP_PARALLELISM_THREADS"), "1"),
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "PYTHONPATH": "",
}
"""For what runs in an environment: one thread, and none of this program's packages."""


@dataclass(frozen=True)
class Environment:
    """Packages with their versions, the module that shows whether it works, and words on it;
    `gigabytes` of disk; `torch`: the version of PyTorch that it needs, if any."""

    name: str
    packages: tuple[str, ...]
    module: str
    about: str
    gigabytes: float
    torch: str = ""


ENVIRONMENTS: Mapping[str, Environment] = {
    one.name: one
    for one in (
        Environment(
            "soap-gap",
            ("quippy-ase==0.10.3",),
            "quippy.potential",
            "Gaussian approximation potentials on SOAP; GAP is free for research only",
            0.34,
        ),
        Environment(
            "mace",
            ("mace-torch==0.3.16",),
            "mace.calculators",
            "MACE on PyTorch; MIT",
            1.4,
            "2.13.0",
        ),
        Environment(
            "deepmd",
            ("deepmd-kit[cpu]==3.2.0", "ase==3.29.0"),
            "deepmd.calculator",
            "DeePMD-kit on TensorFlow; LGPL-3.0",
            2.0,
        ),
        Environment(
            "nequip",
            ("nequip==0.19.1",),
            "nequip.integrations.ase",
            "NequIP on PyTorch; MIT",
            1.3,
            "2.13.0",
        ),
    )
}


def place_of(name: str) -> Path:
    """The folder of an environment, whether it is there or not."""
    from platformdirs import user_data_path

    given = os.environ.get(PLACE, "")
    return (Path(given) if given else user_data_path("mlipviewer") / "environments") / name


def program_of(name: str, program: str) -> Path:
    """A program of an environment, `python` or one that its packages bring. Raises Failed where
    the environment is not there."""
    folder = place_of(name)
    if name not in ENVIRONMENTS:
        raise Failed(f"there is no environment {name!r}, but {', '.join(ENVIRONMENTS)}")
    if not (folder / MARK).is_file():
        raise Failed(missing(name))
    inside = folder / ("Scripts" if os.name == "nt" else "bin")
    return inside / (f"{program}.exe" if os.name == "nt" else program)


def missing(name: str) -> str:
    """What to say where an environment is needed and not there."""
    return f"needs the environment {name}: mlipviewer campaign environment {name}"


def is_there(name: str) -> bool:
    return (place_of(name) / MARK).is_file()


def make(name: str, progress: Progress | None = None) -> Mapping[str, str]:
    """Make an environment anew; the versions of its packages. Raises Failed, OSError, and Cancelled
    where the progress is stopped: nothing of it remains then."""
    one, folder = ENVIRONMENTS[name], place_of(name)
    told = progress or Progress()
    remove(name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    own = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    steps = [*recipe(one, folder, own), [own, "-c", f"import {one.module}"]]
    try:
        for k, words in enumerate(steps):
            told.step(k, len(steps))
            _done(words, told)
    except Cancelled:
        remove(name)
        raise
    versions = _versions(own)
    said = {"packages": list(one.packages), "made": time.time(), "versions": versions}
    write_text(folder / MARK, json.dumps(said, indent=1))
    return versions


def recipe(one: Environment, folder: Path, own: str) -> list[list[str]]:
    """The commands that make an environment whose Python will be `own`. Modules are compiled at
    once: a process for each piece of work would else do it again. Raises Failed."""
    uv, python = shutil.which("uv"), _python()
    if uv:
        begin = [uv, "venv", "--quiet", "--python", python, str(folder)]
        install = [uv, "pip", "install", "--compile-bytecode", "--python", own]
    else:
        begin, install = [python, "-m", "venv", str(folder)], [own, "-m", "pip", "install"]
    torch = [[*install, f"torch=={one.torch}", *_torch_from()]] if one.torch else []
    return [begin, *torch, [*install, *one.packages]]


def _torch_from() -> list[str]:
    """Where PyTorch is installed from: that of the usual index brings CUDA on Linux only."""
    given = os.environ.get(TORCH, "")
    if given:
        return ["--index-url" if "://" in given else "--find-links", given]
    return ["--index-url", TORCH_INDEX] if sys.platform == "linux" else []


def remove(name: str) -> bool:
    """Whether there was one. Raises OSError."""
    folder = place_of(name)
    there = folder.is_dir()
    if there:
        shutil.rmtree(folder)
    return there


def _python() -> str:
    if not is_frozen():
        return sys.executable
    found = shutil.which("python3") or shutil.which("python")
    if found is None:
        raise Failed("there is no Python on this computer to make an environment with")
    return found


def _versions(python: str) -> dict[str, str]:
    code = (
        "import importlib.metadata as m, json;"
        "print(json.dumps({d.name: d.version for d in m.distributions()}))"
    )
    return dict(json.loads(_done([python, "-c", code])))


def _done(words: Sequence[str], progress: Progress | None = None) -> str:
    """What a program says. Raises Failed with its last line where it fails, Cancelled."""
    process = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        creationflags=NO_CONSOLE,
    )
    while True:
        try:
            out, complaint = process.communicate(timeout=POLL)
        except subprocess.TimeoutExpired:
            if progress is not None and progress.stopped:
                process.kill()
                process.communicate()
                raise Cancelled from None
            continue
        if process.returncode:
            raise Failed(f"{Path(words[0]).name}: {last_line(complaint or out)}")
        return out


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][-LAST:] if lines else "it ended without a word"


def run_program(
    name: str, program: str, words: Sequence[str], folder: Path, log_name: str = ""
) -> None:
    """Run a program of an environment in a folder; what it says goes to `PROGRAM.log` there, or to
    the log of another name. Raises Failed."""
    path = program_of(name, program)
    log = folder / f"{log_name or program}.log"
    with log.open("wb") as out:
        done = subprocess.run(
            [str(path), *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=os.environ | ALONE,
            check=False,
            creationflags=NO_CONSOLE,
        )
    if done.returncode:
        said = log.read_text(encoding="utf-8", errors="replace")
        raise Failed(f"{program} ended with code {done.returncode}: {last_line(said)}")
