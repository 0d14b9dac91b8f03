"""The goals G1 to G12: each a function of the trials that are done and those to do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY
from tests.nightly import beneath, cuts, damage, exits, killing

Found = dict[str, Any]
HOURS = 3600.0


@dataclass(frozen=True)
class Goal:
    """`run(done before, to do)`. The `column` is full after so many; a `piece` is a good part of
    it, some minutes long. A column of 1 is a run of all there is."""

    about: str
    usual: int
    run: Callable[[int, int], Found]
    column: int = 1
    piece: int = 1


def pytest(*words: str, **environment: str) -> Found:
    """Tests in a process of their own: how many passed and were skipped; the failed as faults."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words],
        cwd=REPOSITORY, env=os.environ | environment, capture_output=True, text=True,
        timeout=12 * HOURS, check=False,
    )  # fmt: skip
    counts = {what: int(n) for n, what in re.findall(r"(\d+) (passed|failed|skipped)", done.stdout)}
    faults = re.findall(r"^(?:FAILED|ERROR) (.*)", done.stdout, flags=re.MULTILINE)
    if done.returncode not in (0, 1):
        faults.append(f"pytest ended with {done.returncode}: {done.stdout[-300:]}")
    return {**counts, "faults": faults}


def corpus(_begin: int, _n: int) -> Found:
    found = pytest("tests/io/test_corpus.py", "tests/saving/test_session_corpus.py")
    return {"n": found.get("passed", 0) + found.get("failed", 0), **found}


def workers(_begin: int, n: int) -> Found:
    """Each round of the test kills twenty."""
    faults: list[str] = []
    for _ in range(max(n // 20, 1)):
        faults += pytest("tests/campaign/test_running.py", "-k", "killed_workers")["faults"]
    return {"n": 20 * max(n // 20, 1), "faults": faults}


def calls(_begin: int, _n: int) -> Found:
    from tests.nightly.failing_calls import measure

    return measure()


def disk(_begin: int, _n: int) -> Found:
    from tests.nightly.small_disk import disks

    return disks()


def fresh(_begin: int, _n: int) -> Found:
    return bench("tests.nightly.fresh.running") or {"n": 0, "faults": ["ended without a word"]}


def contexts(_begin: int, n: int) -> Found:
    found = pytest("tests/views/test_atoms_context.py", MLIPVIEWER_CONTEXTS=str(n))
    return {"n": n if found.get("passed") or found["faults"] else 0, "faults": found["faults"]}


def gaps(_begin: int, _n: int) -> Found:
    found = bench("tests.bench", "gaps")
    measured = found.get("gaps", {})
    if not isinstance(measured, dict) or "limit" not in measured:
        return {"n": 0, "faults": [f"not measured: {measured}"]}
    limit = measured.pop("limit")
    first = {"open the first files": 250.0}
    faults = [f"{name}: {ms} ms" for name, ms in measured.items() if ms > first.get(name, limit)]
    return {"n": len(measured), "ms": measured, "faults": faults}


def memory(_begin: int, n: int) -> Found:
    found = bench("tests.bench.big", str(n))
    return {"n": n, "found": found, "faults": [] if found else ["not measured"]}


def bench(module: str, *words: str) -> Found:
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=12 * HOURS, check=False,
    )  # fmt: skip
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def soak(_begin: int, n: int) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        found = bench("tests.nightly.soak", str(n), str(Path(folder) / "run.xyz"))
    return found or {"n": 0, "faults": ["the soak ended without figures"]}


def monkey(begin: int, n: int) -> Found:
    """Deeds begin with another seed each time; 2000 of one seed, as tests have a time limit."""
    faults: list[str] = []
    done, each = 0, min(n, 2000)
    while done < n:
        seed = str(3 + (begin + done) // each)
        told = {"MLIPVIEWER_MONKEY_DEEDS": str(each), "MLIPVIEWER_MONKEY_SEEDS": seed}
        found = pytest("tests/story/test_monkey.py", **told)
        if not found.get("passed") and not found["faults"]:
            return {"n": done, "faults": ["no screen: nothing was done"]}
        faults += [f"seed {seed}: {one}" for one in found["faults"]]
        done += each
    return {"n": done, "faults": faults}


GOALS = {
    "G1": Goal("the corpus of bad files, where it is there", 1, corpus),
    "G2": Goal("every cut of a file gives its first frames; N is not used", 1, cuts.prefixes),
    "G3": Goal("N damaged inputs for each reader", 10_000, damage.fuzz, 300_000, 500),
    "G4": Goal(
        "N mutations of real files, one fault each", 20_000, damage.one_faults, 20_000, 1000
    ),
    "G5": Goal("N kills while something is written", 2_000, killing.saves, 2_000, 50),
    "G6": Goal("N kills of workers of a campaign", 200, workers, 200, 20),
    "G7": Goal("every call to the system fails while files are written", 1, calls),
    "G8": Goal("the longest gap of the window", 1, gaps),
    "G9": Goal("N seconds of playing, selecting and scrolling: slopes", 7_200, soak, 7_200, 3_600),
    "G10": Goal("N deeds at random in the window", 100_000, monkey, 100_000, 2_000),
    "G11": Goal("memory with a trajectory of N GB", 10, memory, 10, 10),
    "G12": Goal("the time until a bad file is judged", 1, damage.verdicts),
    "FRESH": Goal("inputs written for this, each with what is demanded of it", 1, fresh),
    "EXITS": Goal("N windows closed at random moments of their work", 200, exits.exits, 200, 10),
    "BENEATH": Goal("N files that change while they are read", 2_000, beneath.beneath, 2_000, 500),
    "DISK": Goal("every way of writing on a disk that is full, if one can be mounted", 1, disk),
    "CONTEXTS": Goal("N contexts of OpenGL lost and made anew", 100, contexts, 100, 100),
}
"""G1 to G12 are those of docs/reliability.md; the others prove rules of it."""
