"""Which of several files are one trajectory: numbered ones, restarts, a topology with its dump."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from mlipviewer.core.file_names import Contents, Found, Siblings, pattern_of, template
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.io.trajectories.compressed import open_bytes
from mlipviewer.io.trajectories.opening import sniff
from mlipviewer.io.trajectories.seams import First, begin, goes_on
from mlipviewer.io.trajectories.sequence import natural_key

MOST_NAMES = 100_000
LOOKED_AT = 3  # of numbered files that may hold one frame each
TOPOLOGY = "lammps-data"


@dataclass(frozen=True)
class Group:
    """Files of one trajectory in order; `topology` is that which names its atoms, '' for none."""

    paths: tuple[Path, ...]
    topology: str = ""


def siblings_of(path: Path) -> Siblings | None:
    """The files that are numbered as this one is; None where it stands alone."""
    wanted = template(path.name)
    if "#" not in wanted:
        return None
    names = [name for name in _names(path.parent) if template(name) == wanted]
    if len(names) < 2 or path.name not in names:
        return None
    return Siblings(str(path.parent), pattern_of(names), tuple(names))


def _names(folder: Path) -> list[str]:
    """The files of a folder, as far as they are looked at."""
    found: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(found) >= MOST_NAMES:
                    break
                if entry.is_file():
                    found.append(entry.name)
    except OSError:
        return []
    return found


# --- several files ------------------------------------------------------------------------------


def grouped_files(
    paths: Sequence[Path], progress: Progress | None = None, surely: bool = True
) -> list[Group]:
    """Files that were given together, as trajectories.

    Those of one format are one where each goes on where the one before ends (restarts, by their
    steps or places), and where names differ in numbers alone and each holds one frame; unless they
    are to be so `surely`, such names are enough. Runs that are merely named alike, or begin
    alike, stay apart. A LAMMPS data file with dumps is their topology. What cannot be read stands
    alone: who opens it says why. Raises Cancelled.
    """
    firsts = []
    for k, path in enumerate(paths):
        firsts.append(First(path, format_name(path)))
        if progress is not None:
            progress.step(k + 1, len(paths))
    groups = list[list[First]]()
    for key in dict.fromkeys((one.format, template(one.path.name)) for one in firsts):
        alike = [one for one in firsts if (one.format, template(one.path.name)) == key]
        names = {one.path.name for one in alike}
        numbered = key[0] not in ("", TOPOLOGY) and 1 < len(names) == len(alike)
        ordered = sorted(alike, key=lambda one: natural_key(one.path))
        if not numbered:
            groups += [[one] for one in ordered]
        else:
            groups += _runs(ordered, progress) if surely else [ordered]
    return _with_topology(_restarts(groups, progress))


def _runs(files: list[First], progress: Progress | None) -> list[list[First]]:
    """Files that are numbered alike, those together that are one run."""
    files = [*map(begin, files[:LOOKED_AT]), *files[LOOKED_AT:]]
    if all(one.alone for one in files[:LOOKED_AT]):
        return [files]
    files = [*files[:LOOKED_AT], *map(begin, files[LOOKED_AT:])]
    runs = [[files[0]]]
    for before, one in pairwise(files):
        if goes_on(before, one, progress):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def format_name(path: Path) -> str:
    """The name of a file's format in FORMATS; '' where none is recognised."""
    try:
        found = sniff(open_bytes(path))
    except ReadProblem:
        return ""
    return found.name if found is not None else ""


def _restarts(groups: list[list[First]], progress: Progress | None) -> list[list[First]]:
    """Groups of a format that follow each other by their steps are one."""
    done = list[list[First]]()
    for format in dict.fromkeys(group[0].format for group in groups):
        mine = [group for group in groups if group[0].format == format]
        fit = len(mine) > 1 and format not in ("", TOPOLOGY)
        chain = _chain(mine, progress) if fit else None
        done += [chain] if chain is not None else mine
    return done


def _chain(groups: list[list[First]], progress: Progress | None) -> list[First] | None:
    begins = [begin(group[0]) for group in groups]
    steps = [one.step for one in begins]
    if len({one.n_atoms for one in begins}) > 1 or None in steps or len(set(steps)) < len(steps):
        return None
    order = sorted(range(len(groups)), key=lambda k: steps[k] or 0)
    for k, after in pairwise(order):
        last = groups[k][-1]
        if not goes_on(begin(last), begins[after], progress):
            return None
    return [one for k in order for one in groups[k]]


def _with_topology(groups: list[list[First]]) -> list[Group]:
    """One LAMMPS data file among dumps names their atoms and is no trajectory itself."""
    topologies = [group for group in groups if group[0].format == TOPOLOGY]
    dumps = [group for group in groups if group[0].format in ("lammps-dump", "dcd")]
    if len(topologies) != 1 or len(topologies[0]) != 1 or not dumps:
        return [Group(tuple(one.path for one in group)) for group in groups]
    topology = str(topologies[0][0].path)
    return [
        Group(tuple(one.path for one in group), topology if group in dumps else "")
        for group in groups
        if group is not topologies[0]
    ]


# --- a folder -----------------------------------------------------------------------------------

MOST_ENTRIES = 20_000
DEEPEST = 2


def contents_of(
    folder: Path, is_table: Callable[[str], bool], progress: Progress | None = None
) -> Contents:
    """What can be opened in a folder and in those within it, numbered files as one.

    One file of each kind is looked into. `is_table` judges names. Raises Cancelled.
    """
    kinds: dict[tuple[Path, str], list[str]] = {}
    n = 0
    for n, path in enumerate(_below(folder, DEEPEST), 1):
        if n > MOST_ENTRIES:
            break
        kinds.setdefault((path.parent, template(path.name)), []).append(path.name)
    found: list[Found] = []
    for k, ((parent, _), names) in enumerate(sorted(kinds.items())):
        if progress is not None:
            progress.step(k, len(kinds))
        found += _found_in(parent, names, is_table)
    return Contents(str(folder), tuple(found), n <= MOST_ENTRIES)


def _found_in(parent: Path, names: list[str], is_table: Callable[[str], bool]) -> list[Found]:
    if is_table(names[0]):
        return [Found(str(parent / name), "error table") for name in sorted(names)]
    title = _title(parent / names[0])
    if not title:
        return []
    return [Found(str(parent / pattern_of(names)), title, len(names))]


def _title(path: Path) -> str:
    try:
        entry = sniff(open_bytes(path))
    except ReadProblem:
        return ""
    return entry.title if entry is not None else ""


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """The files of a folder before those of its folders, without hidden ones."""
    inside = []
    try:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    inside.append(Path(entry.path))
                elif entry.is_file():
                    yield Path(entry.path)
    except OSError:
        return
    if depth > 1:
        for path in inside:
            yield from _below(path, depth - 1)
