"""`./test nightly all [HOURS]`: every goal in turn, in pieces of minutes, until its column is full.

It may be killed at any time, which costs the piece under way, and begun again: what is full for
this version is passed over. A piece runs in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.nightly.goals import GOALS
from tests.nightly.lines import lines

PATIENCE = 2  # pieces of a goal that may end without a result


@dataclass(frozen=True)
class Standing:
    """How far a goal has come at a version."""

    name: str
    done: int
    faults: int
    cpu_s: float

    @property
    def full(self) -> bool:
        return self.done >= GOALS[self.name].column

    @property
    def piece(self) -> int:
        """What is done next."""
        goal = GOALS[self.name]
        return max(1, min(goal.piece, goal.column - self.done))

    @property
    def hours_left(self) -> float | None:
        """Hours of a processor, by those used; None where nothing was measured."""
        if self.full:
            return 0.0
        if not self.done:
            return None
        return self.cpu_s / self.done * (GOALS[self.name].column - self.done) / 3600


def standings(path: Path, version: str) -> list[Standing]:
    """Every goal, by the lines of results of a version."""
    found = [one for one in lines(path) if one.get("version") == version]
    return [_standing(name, [one for one in found if one.get("goal") == name]) for name in GOALS]


def _standing(name: str, own: list[dict[str, float]]) -> Standing:
    done, faults, cpu = (sum(one.get(key, 0) for one in own) for key in ("n", "n_faults", "cpu_s"))
    return Standing(name, int(done), int(faults), float(cpu))


def told(found: list[Standing]) -> Iterator[str]:
    """A table of them."""
    yield f"{'goal':9} {'done':>8} {'of':>8} {'faults':>7} {'cpu used':>9} {'cpu left':>9}"
    for one in found:
        left = "not known" if one.hours_left is None else f"{one.hours_left:.2f} h"
        column = GOALS[one.name].column
        used = f"{one.cpu_s / 3600:.2f} h"
        yield f"{one.name:9} {one.done:8} {column:8} {one.faults:7} {used:>9} {left:>9}"


def drive(path: Path, version: str, hours: float) -> bool:
    """Run pieces, a goal after the other, for so long; whether all columns are full."""
    end = time.monotonic() + hours * 3600
    lost = dict.fromkeys(GOALS, 0)
    while time.monotonic() < end:
        open_ones = [one for one in standings(path, version) if not one.full]
        open_ones = [one for one in open_ones if lost[one.name] < PATIENCE]
        if not open_ones:
            break
        for one in open_ones:
            if time.monotonic() >= end:
                break
            before = one.done
            _piece(one, path)
            after = next(o for o in standings(path, version) if o.name == one.name)
            lost[one.name] += after.done <= before
            print(*told([after]), sep="\n", flush=True)
    return all(one.full for one in standings(path, version))


def _piece(one: Standing, path: Path) -> None:
    words = [sys.executable, "-m", "tests.nightly", one.name, str(one.piece)]
    environment = os.environ | {"MLIPVIEWER_RESULTS": str(path)}
    subprocess.run(words, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, check=False)


def main(words: list[str], path: Path, version: str) -> int:
    hours = float(words[1]) if len(words) > 1 else 1e6
    full = drive(path, version, hours) if words[0] == "all" else False
    found = standings(path, version)
    print(*told(found), sep="\n")
    if words[0] == "state":
        return 0
    return 0 if full and not any(one.faults for one in found) else 1
