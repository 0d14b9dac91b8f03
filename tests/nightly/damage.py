"""G3, G4 and G12: mutated and bad files, and how long it takes to judge them."""

from __future__ import annotations

import random
import time
from itertools import islice
from pathlib import Path
from typing import Any

from mlipviewer.io.probe import probe
from tests.conftest import REPOSITORY, SHARED_DATA
from tests.fuzz import mutations
from tests.fuzz.__main__ import fault_of
from tests.fuzz.__main__ import run as fuzzed
from tests.fuzz.libraries import LIBRARIES
from tests.fuzz.readers import READERS, Reader, as_file, as_table

N_REAL, LARGEST = 30, 100_000
TABLES = (".csv", ".tsv", ".json")
FRAMES = (".xyz", ".extxyz", ".dump", ".lammpstrj", ".traj", ".poscar")
ONE_FAULT = (
    *(mutations.flip, mutations.hole, mutations.change_digit, mutations.change_lines),
    mutations.drop_block,
)
VERDICT_S = 5.0


def fuzz(begin: int, n: int) -> dict[str, Any]:
    """`n` inputs for each reader, our own and those through libraries."""
    every = READERS | LIBRARIES
    faults = [
        f"{name} {one['number']}: {one['fault']}"
        for name, reader in every.items()
        for one in fuzzed(reader, range(begin, begin + n))
    ]
    return {"n": n, "n_inputs": n * len(every), "faults": faults}


def real_files() -> list[Path]:
    """Small files that people published, where they are there; else the examples we ship."""
    for folder in (SHARED_DATA, REPOSITORY / "resources"):
        found = (p for p in sorted(folder.rglob("*")) if p.suffix.lower() in (*FRAMES, *TABLES))
        small = [p for p in found if p.is_file() and 200 < p.stat().st_size <= LARGEST]
        if small:
            step = max(len(small) // N_REAL, 1)
            return list(islice(small[::step], N_REAL))
    return []


def reader_of(path: Path) -> Reader:
    read = as_table if path.suffix.lower() in TABLES else as_file
    return Reader(path.name, read(f"input{path.suffix}"), list, binary=path.suffix == ".traj")


def one_faults(begin: int, n: int) -> dict[str, Any]:
    """Mutations number `begin` to `begin + n`, each one fault in one of the files, in turn."""
    files = [(path, reader_of(path), path.read_bytes()) for path in real_files()]
    faults = [] if files else ["there are no files to mutate"]
    for number in range(begin, begin + n if files else begin):
        path, reader, content = files[number % len(files)]
        chance = random.Random(number)
        damaged = chance.choice(ONE_FAULT)(chance, content)
        began = time.process_time()
        fault = fault_of(reader, damaged)
        if not fault and time.process_time() - began > 1 + len(damaged) / 1e6:
            fault = "took too long"
        if fault:
            faults.append(f"{number}, {path.name}: {fault}")
    return {"n": n if files else 0, "n_files": len(files), "faults": faults}


def verdicts(_begin: int, _n: int) -> dict[str, Any]:
    """Seconds until each bad file is judged."""
    folder = SHARED_DATA / "malformed"
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()] if folder.is_dir() else []
    taken: dict[str, float] = {}
    for path in files:
        kind = "table" if path.suffix.lower() in TABLES else "trajectory"
        began = time.monotonic()
        probe(str(path), kind)
        taken[path.name] = round(time.monotonic() - began, 2)
    slow = [f"{name}: {seconds} s" for name, seconds in taken.items() if seconds > VERDICT_S]
    return {"n": len(files), "slowest_s": max(taken.values(), default=None), "faults": slow}
