"""The version that is built: `python packaging/version.py` says it.

That of the tag `vX.Y.Z` of this very commit; n commits later that of the next, in the making:
`X.Y.(Z+1).devN+gCOMMIT`; in a source archive the one it was made with; without any tag what
`mlipviewer/__init__.py` says. Hatch and the build hook (build_native.py) ask this file.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TAG = re.compile(r"v(\d+(?:\.\d+)*)((?:a|b|rc)\d+)?-(\d+)-g([0-9a-f]+)")


def version(root: Path = ROOT) -> str:
    """Raises ValueError for a tag that begins with v and a digit, but is no version."""
    archived = root / "PKG-INFO"
    if archived.exists():
        found = re.search(r"^Version: (\S+)$", archived.read_text("utf-8"), re.MULTILINE)
        if found:
            return found[1]
    described = _git(root, "describe", "--tags", "--long", "--match", "v[0-9]*")
    if described and Path(_git(root, "rev-parse", "--show-toplevel")).resolve() == root.resolve():
        return of_tag(described)
    written = (root / "mlipviewer" / "__init__.py").read_text("utf-8")
    return re.findall(r'__version__ = "(.*)"', written)[-1]


def of_tag(described: str) -> str:
    """The version of a commit described as TAG-N-gCOMMIT. Raises ValueError."""
    found = TAG.fullmatch(described)
    if not found:
        raise ValueError(f"the tag of {described} is no version such as v1.2.3 or v1.2.3rc1")
    numbers, early, n_later, commit = found[1], found[2] or "", int(found[3]), found[4]
    if n_later == 0:
        return numbers + early
    if early:  # rc1 is followed by rc2
        kind, count = re.fullmatch(r"(\D+)(\d+)", early).groups()  # type: ignore[union-attr]
        early = f"{kind}{int(count) + 1}"
    else:
        first, _, last = numbers.rpartition(".")
        numbers = f"{first}.{int(last) + 1}".lstrip(".")
    return f"{numbers}{early}.dev{n_later}+g{commit}"


def _git(root: Path, *words: str) -> str:
    """What git says, '' where there is no git, no repository or no tag."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    print(version())
