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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import REPOSITORY, own_home

THEMES = ("light", "dark", "high contrast")  # that of the system is one of these
SCALES = (80, 150, 200)
SMALL, LARGE = "1280x720", "1920x1080"
ALL = ("windows", "panels", "menus", "popups", "dialogs", "pages", "help", "campaigns")
SOME = ("windows", "pages")


@dataclass(frozen=True)
class Sitting:
    """One start of the program: theme, pixels of its window, size of everything in per cent, and
    what is pictured."""

    theme: str
    size: str
    scale: int
    groups: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.theme.replace(' ', '-')}-{self.size}-{self.scale}"


def sittings(given: argparse.Namespace) -> Iterator[Sitting]:
    """Everything in each theme, the windows larger, and those in other scales in one theme."""
    own = tuple(given.only)
    for theme in given.themes:
        yield Sitting(theme, SMALL, 100, own or ALL)
        yield Sitting(theme, LARGE, 100, own or SOME[:1])
    for scale in given.scales:
        yield Sitting(given.themes[0], LARGE, scale, own or SOME)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./test looks", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--themes", nargs="+", default=THEMES, choices=THEMES)
    parser.add_argument("--scales", nargs="*", type=int, default=SCALES, help="in per cent")
    parser.add_argument("--only", nargs="*", default=(), choices=ALL)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        theme, size, scale = given.one
        return picture(given.folder, Sitting(theme, size, int(scale), tuple(given.only)))
    return sum(start(given.folder, one) for one in sittings(given))


def start(folder: Path, one: Sitting) -> int:
    """In a process of its own; 1 where it failed."""
    inside = folder / one.name
    inside.mkdir(parents=True, exist_ok=True)
    about = (str(inside), "--one", one.theme, one.size, str(one.scale), "--only", *one.groups)
    environment = {**os.environ, "QT_SCALE_FACTOR": f"{one.scale / 100:g}"}
    command = [sys.executable, "-m", "tests.looks", *about]
    ended = subprocess.run(command, cwd=REPOSITORY, env=environment, check=False)
    if ended.returncode == 0:
        from tests.looks.sheets import make_sheets

        print(*make_sheets(inside, folder / "sheets"), sep="\n")
    return int(ended.returncode != 0)


def picture(folder: Path, one: Sitting) -> int:
    """Within that process."""
    with tempfile.TemporaryDirectory() as home:
        own_home(Path(home))
        from tests.looks.album import Album

        width, height = (int(side) * 100 // one.scale for side in one.size.split("x"))
        album = Album(folder, one.theme, (width, height), Path(home))
        for name in one.groups:
            getattr(album, name)()
        album.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
