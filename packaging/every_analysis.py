"""Runs every analysis by a command, and compares what two commands found.

    python packaging/every_analysis.py run EXAMPLES FOLDER COMMAND...
    python packaging/every_analysis.py compare FOLDER FOLDER

`run` asks COMMAND for its list and runs each analysis on the shipped examples below EXAMPLES, on
the first of them that it accepts; FOLDER gets NAME.json each, and needs to be seen by this program
and by COMMAND alike (SEEN_AS is how COMMAND sees it). `compare` tells what differs: numbers by more
than a millionth, anything else at all. Needs no package.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TOLERANCE = 1e-6
OF_THIS_RUN = {"inputs", "version"}
SECONDS = 600


def inputs(needs: list[str], examples: str, usage: str) -> list[list[str]]:
    """What can be tried, in order."""
    silicon, lithium = f"{examples}/classical", f"{examples}/lithium/crystallization.extxyz.gz"
    run = f"{silicon}/trajectories/SW_sobol-031.extxyz.gz"
    words = ["--table", f"{silicon}/errors.csv"] if "table" in needs else []
    if "runs" in needs:
        words += ["--links", f"{silicon}/links.csv"]
    atoms = ["--atoms", "x < 5"] if "atoms" in needs else []
    if "trajectory" not in needs:
        return [[*words, *atoms]]
    tried = [f"{lithium}@0:91:15", f"{run}@0:60:10", f"{lithium}@0:91:4", run]
    found = [[*words, "--trajectory", one, *atoms] for one in tried]
    if "--reference" in usage:
        found += [[*one, "--reference", one[one.index("--trajectory") + 1]] for one in found[:2]]
    return [*found, words] if words else found


def run(examples: str, folder: Path, command: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    seen = os.environ.get("SEEN_AS", str(folder))
    listed = asked([*command, "list"])
    for line in listed.stdout.splitlines():
        name, rest = line.split(None, 1)
        words = rest.split("  ")[0].split()
        needs = [one for one in words if one in ("table", "trajectory", "runs", "atoms")]
        usage = asked([*command, "run", name, "--help"]).stdout
        found = tried(name, [*command, "run", name], inputs(needs, examples, usage), seen)
        result = folder / f"{name}.out.json"
        if result.exists():
            found["result"] = json.loads(result.read_text("utf-8"))
            result.unlink()
        (folder / f"{name}.json").write_text(json.dumps(found), "utf-8")


def tried(name: str, command: list[str], several: list[list[str]], seen: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for words in several:
        done = asked([*command, *words, "--out", f"{seen}/{name}.out.json"])
        said = done.stderr.strip().splitlines()[-1:]
        found = {"exit": done.returncode, "tried": several.index(words), "said": said}
        if done.returncode == 0:
            return found
    return found


def asked(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


def compare(one: Path, other: Path) -> int:
    names = sorted({path.stem for folder in (one, other) for path in folder.glob("*.json")})
    n_results = n_different = 0
    for name in names:
        both = [folder / f"{name}.json" for folder in (one, other)]
        missing = [str(path) for path in both if not path.exists()]
        first, second = ([] if missing else [json.loads(path.read_text()) for path in both]) or "??"
        found = missing or list(differences(first, second, ""))[:5]
        n_different += bool(found)
        n_results += "result" in first
        for difference in found:
            print(f"{name}: {difference}")
    print(f"{len(names)} analyses: {n_different} differ, {n_results} gave results on the examples")
    return 1 if n_different or not n_results else 0


def differences(one: Any, other: Any, where: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other} - (OF_THIS_RUN if where == "/result" else set())):
            yield from differences(one.get(key), other.get(key), f"{where}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from differences(a, b, f"{where}/{n}")
    elif not same(one, other):
        yield f"{where}: {str(one)[:80]} and {str(other)[:80]}"


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-12)
    return bool(one == other)


def main(words: list[str]) -> int:
    if words[0] == "compare":
        return compare(Path(words[1]), Path(words[2]))
    run(words[1], Path(words[2]), words[3:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
