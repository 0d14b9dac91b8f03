"""Puts what is bundled, and under which licences, into a frozen folder.

    python packaging/licences.py FOLDER RUNTIME

FOLDER/licences gets the texts and `sbom.cdx.json` (CycloneDX 1.6), from the environment of this
Python; only the packages that the requirements file RUNTIME names count, and MLIPViewer itself.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TEXT = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
NOT_FROZEN = {"matplotlib", "contourpy", "cycler", "fonttools", "kiwisolver", "pyparsing"}
NOT_FROZEN |= {"pycparser", "tzdata"} if sys.platform != "win32" else set()
"""What a package asks for, and the freezer leaves out."""


def names(runtime: Path) -> list[str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==", runtime.read_text("utf-8"), re.MULTILINE)
    return [*(name for name in found if canonical(name) not in NOT_FROZEN), "mlipviewer"]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def copy_texts(one: Distribution, target: Path) -> int:
    """Copy the licences that a package ships; how many there are."""
    n = 0
    for path in one.files or ():
        inside = ".dist-info/" in str(path) and (TEXT.search(path.name) or "licenses" in path.parts)
        if inside and Path(str(path.locate())).is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(path.locate()), target / path.name)
            n += 1
    return n


def licence(one: Distribution) -> str:
    """What a package says of its licence."""
    about = one.metadata
    said = about.get("License-Expression") or ""
    kinds = [
        k.split(" :: ")[-1] for k in about.get_all("Classifier") or () if k.startswith("License")
    ]
    first = (about.get("License") or "").strip().splitlines()
    return said or ", ".join(kinds) or (first[0][:80] if first else "see its text")


def sbom(wanted: set[str]) -> dict[str, Any]:
    """The list of all packages with versions and licences, and of what is not a package."""
    command = ["cyclonedx_py", "environment", "--spec-version", "1.6", "--output-reproducible"]
    said = subprocess.run(
        [sys.executable, "-m", *command, sys.executable], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(said.stdout)
    kept = [c for c in found["components"] if canonical(c["name"]) in wanted]
    left_out = {c["bom-ref"] for c in found["components"]} - {c["bom-ref"] for c in kept}
    found["components"] = sorted([*kept, *others()], key=lambda one: str(one["name"]).lower())
    found["dependencies"] = [
        {**one, "dependsOn": [d for d in one.get("dependsOn", ()) if d not in left_out]}
        for one in found.get("dependencies", ())
        if one["ref"] not in left_out
    ]
    return found


def others() -> list[dict[str, Any]]:
    """Parts that no package of Python's stands for."""
    from PySide6.QtCore import qVersion

    def part(name: str, version: str, licence: str, kind: str = "library") -> dict[str, Any]:
        expression = [{"expression": licence}]
        reference = f"{name}@{version}"
        return {"type": kind, "bom-ref": reference, "name": name, "version": version} | {
            "licenses": expression
        }

    return [
        part("CPython", platform.python_version(), "PSF-2.0", "framework"),
        part("Qt", str(qVersion()), "LGPL-3.0-only", "framework"),
        part("Polyhedral template matching", "bundled", "MIT"),
    ]


def main(words: list[str]) -> None:
    target = Path(words[0]) / "licences"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for text in ("LGPL-3", "LGPL-2.1", "GPL-3"):
        shutil.copyfile(HERE / "licences" / text, target / f"{text}.txt")
    shutil.copyfile(HERE / "licences" / "NOTICE.txt", target / "NOTICE.txt")
    shutil.copyfile(HERE.parent / "LICENSE", target / "LICENSE")
    (target / "ptm").mkdir()
    shutil.copyfile(HERE / "third_party" / "ptm" / "LICENSE", target / "ptm" / "LICENSE")
    lines = []
    for name in sorted(names(Path(words[1])), key=str.lower):
        one = distribution(name)
        n = copy_texts(one, target / canonical(name))
        where = f"{canonical(name)}/" if n else "no text of its own"
        lines.append(f"{name:<20} {one.version:<12} {licence(one):<50} {where}\n")
    (target / "LIST.txt").write_text("".join(lines), "utf-8")
    found = sbom({canonical(name) for name in names(Path(words[1]))})
    (target / "sbom.cdx.json").write_text(json.dumps(found, indent=1), "utf-8")
    print(f"{len(found['components'])} components, {len(lines)} packages with licences")


if __name__ == "__main__":
    main(sys.argv[1:])
