"""Environments of their own for packages that are heavy, or that cannot be beside others.

Each lies in the data folder of the user (MLIPVIEWER_ENVIRONMENTS names another place), is made
by uv or by venv and pip with pinned versions, and is used by processes only: nothing of it is
imported here."""

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
from mlipviewer.io.files import write_text

PLACE = "MLIPVIEWER_ENVIRONMENTS"
MARK = "environment.json"
LAST = 400  # characters of what a program said last


@dataclass(frozen=True)
class Environment:
    """Packages with their versions, the module that shows whether it works, and words on it."""

    name: str
    packages: tuple[str, ...]
    module: str
    about: str


ENVIRONMENTS: Mapping[str, Environment] = {
    one.name: one
    for one in (
        Environment(
            "soap-gap",
            ("quippy-ase==0.10.3",),
            "quippy.potential",
            "Gaussian approximation potentials on SOAP, 340 MB; GAP is free for research only",
        ),
        Environment("mace", ("mace-torch==0.3.16",), "mace.calculators", "MACE, GB of torch; MIT"),
        Environment(
            "deepmd",
            ("deepmd-kit[torch]==3.2.0", "torch==2.11.0"),
            "deepmd.calculator",
            "DeePMD, GB of torch; LGPL-3",
        ),
        Environment("nequip", ("nequip==0.19.1",), "nequip.ase", "NequIP, GB of torch; MIT"),
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


def make(name: str) -> Mapping[str, str]:
    """Make an environment anew; the versions of its packages. Raises Failed, OSError."""
    one, folder = ENVIRONMENTS[name], place_of(name)
    remove(name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    python = _python()
    uv = shutil.which("uv")
    if uv:
        _done([uv, "venv", "--quiet", "--python", python, str(folder)])
    else:
        _done([python, "-m", "venv", str(folder)])
    own = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    install = [uv, "pip", "install", "--python", own] if uv else [own, "-m", "pip", "install"]
    _done([*install, *one.packages])
    _done([own, "-c", f"import {one.module}"])
    versions = _versions(own)
    said = {"packages": list(one.packages), "made": time.time(), "versions": versions}
    write_text(folder / MARK, json.dumps(said, indent=1))
    return versions


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


def _done(words: Sequence[str]) -> str:
    """What a program says. Raises Failed with its last line where it fails."""
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        creationflags=NO_CONSOLE,
    )
    if done.returncode:
        raise Failed(f"{Path(words[0]).name}: {last_line(done.stderr or done.stdout)}")
    return done.stdout


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][-LAST:] if lines else "it ended without a word"


def run_program(name: str, program: str, words: Sequence[str], folder: Path) -> None:
    """Run a program of an environment in a folder; what it says goes to `PROGRAM.log` there. Raises
    Failed."""
    path = program_of(name, program)
    log = folder / f"{program}.log"
    with log.open("wb") as out:
        done = subprocess.run(
            [str(path), *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            check=False,
            creationflags=NO_CONSOLE,
        )
    if done.returncode:
        said = log.read_text(encoding="utf-8", errors="replace")
        raise Failed(f"{program} ended with code {done.returncode}: {last_line(said)}")
