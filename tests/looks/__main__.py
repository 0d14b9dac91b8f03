"""`python -m tests.looks FOLDER`: pictures of every window, panel, menu, dialog, popup and page in
every theme, and of the windows in several sizes, to be looked at by people. Needs a screen.

Each theme and size is a process of its own, as a user starts one. Sheets of many pictures are in
`FOLDER/sheets`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import REPOSITORY, own_home

THEMES = ("light", "dark", "high contrast")
SCALES = (80, 150, 200)
SIZES = ("1280x720", "1920x1080")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./test looks", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--themes", nargs="*", default=THEMES, choices=THEMES)
    parser.add_argument("--scales", nargs="*", type=int, default=SCALES, help="in per cent")
    parser.add_argument("--sizes", nargs="*", default=SIZES, help="WIDTHxHEIGHT")
    parser.add_argument("--only", nargs="*", default=[], help="windows panels menus popups ...")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.one:
        return picture(given.folder, *given.one, given.only)
    failed = 0
    for theme in given.themes:
        for k, size in enumerate(given.sizes):
            only = given.only or ([] if k == 0 else ["windows"])
            failed += start(given.folder, theme, size, only)
    for scale in given.scales:
        failed += start(given.folder, given.themes[0], given.sizes[-1], given.only, scale)
    return failed


def start(folder: Path, theme: str, size: str, only: list[str], scale: int = 100) -> int:
    """One theme at one size, in a process; 1 where it failed."""
    inside = folder / "-".join((theme.replace(" ", "-"), size, str(scale)))
    command = [sys.executable, "-m", "tests.looks", str(inside), "--one", theme, size]
    environment = {**os.environ, "QT_SCALE_FACTOR": f"{scale / 100:g}"}
    ended = subprocess.run(
        [*command, "--only", *(only or USUAL if scale == 100 else only or ["windows", "pages"])],
        cwd=REPOSITORY, env=environment, check=False,
    )  # fmt: skip
    if ended.returncode == 0:
        from tests.looks.sheets import make_sheets

        print(*make_sheets(inside, folder / "sheets"), sep="\n")
    return int(ended.returncode != 0)


USUAL = ["windows", "panels", "menus", "popups", "dialogs", "pages", "help"]


def picture(folder: Path, theme: str, size: str, groups: list[str]) -> int:
    """Within the process of one theme and size."""
    with tempfile.TemporaryDirectory() as home:
        own_home(Path(home))
        from tests.looks.album import Album

        width, height = map(int, size.split("x"))
        album = Album(folder, theme, (width, height), Path(home))
        for name in groups:
            getattr(album, name)()
        album.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
