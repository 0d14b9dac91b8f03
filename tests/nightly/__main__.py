"""`python -m tests.nightly [GOAL ...] [N]`: one goal of docs/reliability.md, N trials or seconds.

A line of JSON is appended (to MLIPVIEWER_RESULTS, else `nightly.jsonl`): goal, date, version,
command, n, n_faults and the faults. Numbered trials go on where the results of the same version
end, so that a long goal is run in as many pieces as one likes. Fails where a fault is found.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY
from tests.nightly.goals import GOALS

SHOWN = 20


def results() -> Path:
    return Path(os.environ.get("MLIPVIEWER_RESULTS", REPOSITORY / "nightly.jsonl"))


def version() -> str:
    """The commit, with a plus where files differ from it."""
    told = subprocess.run(
        ["git", "describe", "--always", "--tags", "--dirty=+"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return told.stdout.strip() or "unknown"


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """What was found before; a last line that a kill cut is left out."""
    if not path.exists():
        return
    for line in path.read_text("utf-8").splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def done_before(path: Path, goal: str, at: str) -> int:
    """How many trials of a goal this version has behind it."""
    return sum(
        one.get("n", 0) for one in lines(path) if (one["goal"], one["version"]) == (goal, at)
    )


def append(path: Path, line: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def run(name: str, n: int | None) -> dict[str, Any]:
    goal, path, at = GOALS[name], results(), version()
    begin, wall = done_before(path, name, at), time.monotonic()
    found = goal.run(begin, goal.usual if n is None else n)
    faults = found.pop("faults", [])
    line = {
        "goal": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": at,
        "command": f"./test nightly {name} {goal.usual if n is None else n}",
        "from": begin,
        "seconds": round(time.monotonic() - wall, 1),
        **found,
        "n_faults": len(faults),
        "faults": faults[:SHOWN],
    }
    append(path, line)
    return line


def main(words: list[str]) -> int:
    n = next((int(word) for word in words if word.isdigit()), None)
    names = [word.upper() for word in words if not word.isdigit()] or list(GOALS)
    unknown = [name for name in names if name not in GOALS]
    if unknown:
        told = "\n".join(f"{name}  {goal.about}" for name, goal in GOALS.items())
        print(f"no goal {', '.join(unknown)}; there are\n{told}", file=sys.stderr)
        return 2
    failed = False
    for name in names:
        line = run(name, n)
        print(json.dumps(line, indent=1), flush=True)
        failed |= bool(line["n_faults"])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
