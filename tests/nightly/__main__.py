"""`python -m tests.nightly [GOAL ...] [N]`: one goal of docs/reliability.md, N trials or seconds;
`all [HOURS]`: each in turn, in pieces, until all columns are full; `state`: how full they are;
`report [VERSION]`: what was found, as rows of that page.

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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY
from tests.nightly import driving
from tests.nightly.goals import GOALS
from tests.nightly.lines import append, done_before
from tests.nightly.report import report

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


def cpu() -> float:
    """Seconds of processors that this process and those it has waited for have used."""
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


def run(name: str, n: int | None) -> dict[str, Any]:
    goal, path, at = GOALS[name], results(), version()
    begin, wall, used = done_before(path, name, at), time.monotonic(), cpu()
    found = goal.run(begin, goal.usual if n is None else n)
    faults = found.pop("faults", [])
    line = {
        "goal": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": at,
        "command": f"./test nightly {name} {goal.usual if n is None else n}",
        "from": begin,
        "seconds": round(time.monotonic() - wall, 1),
        "cpu_s": round(cpu() - used, 1),
        **found,
        "n_faults": len(faults),
        "faults": faults[:SHOWN],
    }
    append(path, line)
    return line


def main(words: list[str]) -> int:
    if words[:1] in (["all"], ["state"]):
        return driving.main(words, results(), version())
    if words[:1] == ["report"]:
        print(*report(results(), words[1] if len(words) > 1 else version()), sep="\n")
        return 0
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
