"""Files that were given together: which of them are one trajectory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mlipviewer.core.progress import Progress
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.opening import (
    TABLE_SUFFIXES,
    Opened,
    group_input,
    open_group,
    sniff_kind,
    split_slice,
)
from mlipviewer.session.settings.remembered import recall

Groups = tuple[tuple[tuple[str, ...], str], ...]
"""The paths of each trajectory in order, and the path of what names its atoms."""


def never_together(texts: Sequence[str]) -> tuple[str, ...]:
    """Those that stand for themselves, by their names alone; all where only one does not."""
    rest = [text for text in texts if not _is_named_alone(text)]
    return tuple(text for text in texts if len(rest) < 2 or text not in rest)


def _is_named_alone(text: str) -> bool:
    name = text.lower()
    return name.endswith(TABLE_SUFFIXES) or "@" in name or "*" in name or "links." in name


def groups_of(
    texts: Sequence[str], progress: Progress | None = None, surely: bool = True
) -> Groups:
    """What belongs together, in the order of the files named; `surely`, or because it is numbered.
    Raises Cancelled."""
    from mlipviewer.io.trajectories.together import grouped_files

    paths = [Path(split_slice(text)[0]).expanduser().absolute() for text in texts]
    known = dict(zip(paths, texts, strict=True))
    runs = [path for path in known if path.is_file() and sniff_kind(path) is Kind.TRAJECTORY]
    found = grouped_files(runs, progress, surely)
    groups = [(tuple(map(str, group.paths)), group.topology) for group in found]
    groups += [((known[path],), "") for path in known if path not in runs]
    return tuple(groups)


def open_one_of(
    paths: Sequence[str], topology: str, choices: str, progress: Progress | None = None
) -> Opened:
    """One of the groups. Raises ReadProblem, Cancelled."""
    return open_group(paths, topology, progress, choices)


def runs_of(
    texts: Sequence[str], separate: bool = False, progress: Progress | None = None
) -> tuple[tuple[Input, ...], tuple[str, ...]]:
    """The trajectories among files, in the order given; and what is none or cannot be read. Files
    that are parts of one run are one, unless `separate`. A LAMMPS data file names the atoms of
    dumps beside it. Raises Cancelled."""
    from mlipviewer.io.trajectories.together import format_name

    found: dict[str, Input | None] = {}
    for paths, topology in groups_of(texts, progress):
        if not separate and _is_one(paths, texts):
            by_path = {_path(text): text for text in texts}
            first, *more = sorted((by_path[path] for path in paths), key=texts.index)
            found[first] = group_input(paths, topology, "", "", recall(paths[0]))
            found |= dict.fromkeys(more)
            continue
        for path in paths:
            text = next((t for t in texts if _path(t) == path), path)
            if _is_run(path) and format_name(Path(path)):
                known = group_input([path], topology, "", split_slice(text)[1], recall(path))
                found[text] = replace(known, name=Path(path).name)
    others = [text for text in texts if text not in found and not _is_topology(text, found)]
    runs = (found.get(text) for text in texts)
    return tuple(one for one in runs if one is not None), tuple(others)


def _is_one(paths: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether files of a group are parts of one run, and all of each is wanted."""
    whole = len(paths) > 1 and all(split_slice(text)[1] == "" for text in texts)
    return whole and all(map(_is_run, paths))


def _path(text: str) -> str:
    return str(Path(split_slice(text)[0]).expanduser().absolute())


def _is_run(path: str) -> bool:
    return Path(path).is_file() and sniff_kind(Path(path)) is Kind.TRAJECTORY


def _is_topology(text: str, found: dict[str, Input | None]) -> bool:
    """Whether a file names the atoms of one of the trajectories."""
    from mlipviewer.io.trajectories.choices import trajectory_choices

    return any(
        trajectory_choices(one.choices).topology == _path(text) for one in found.values() if one
    )
