"""Start, size and memory of the frozen program beside the source tree, as JSON.

    python packaging/bench_frozen.py FROZEN [TIMES] [-- COMMAND OF THE SOURCE TREE]

FROZEN is the installed program or the one in a frozen folder. Both take turns on this screen
(DISPLAY), so that what else the machine does is shared. `list`: analyses told without a window;
`window`: from the start to the picture of the shipped example, all loaded; seconds by the clock
and of the processor, memory in MB at its highest.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path


def spent(command: list[str]) -> dict[str, float]:
    """Run to the end. Raises SystemExit."""
    began = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=QUIET)
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
    }


QUIET = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]


def middle(many: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(statistics.median(one[key] for one in many), 2) for key in many[0]}


def size_mb(program: Path) -> dict[str, float]:
    files = [path for path in program.resolve().parent.rglob("*") if path.is_file()]
    own = [path for path in files if not path.is_symlink()]
    return {"mb": round(sum(path.stat().st_size for path in own) / 1e6), "files": len(own)}


def main(words: list[str]) -> None:
    source = [sys.executable, "-m", "mlipviewer"]
    if "--" in words:
        source, words = words[words.index("--") + 1 :], words[: words.index("--")]
    times = int(words[1]) if len(words) > 1 else 5
    commands = {"frozen": [words[0]], "source": source}
    found: dict[str, object] = {"machine": platform.platform(), "times": times}
    with tempfile.TemporaryDirectory() as folder:
        picture = ["--screenshot", f"{folder}/x.png", "--example"]
        for what, more in (("list", ["list"]), ("window", picture)):
            seen: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
            for command in commands.values():
                spent([*command, *more])  # the first fills the caches of the disk
            for _ in range(times):
                for name, command in commands.items():
                    seen[name].append(spent([*command, *more]))
            found[what] = {name: middle(many) for name, many in seen.items()}
    found["size"] = size_mb(Path(words[0]))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
