"""Opening files: from paths as people type or drop them to what the document holds."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlipviewer.core.file_names import Contents, Offer, pattern_of, template
from mlipviewer.core.links import Link
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import FrameSource, Trajectory
from mlipviewer.session.inputs import Input, Join, Kind
from mlipviewer.session.settings.remembered import recall, remember
from mlipviewer.session.state import Loaded

if TYPE_CHECKING:
    from mlipviewer.io.trajectories.choices import TrajectoryChoices

SLICE = re.compile(r"^(?P<path>.+)@(?P<slice>-?\d*(?::-?\d*){0,2})$")
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".parquet")
RECORDS = (".json", ".jsonl", ".ndjson", ".yml", ".yaml", ".md")
TABLE_SUFFIXES = (".csv", ".tsv", *SPREADSHEETS, *RECORDS)

QUIET = 60.0
"""A file that was not written for so many seconds is taken as complete: its end is its end."""


@dataclass(frozen=True, eq=False)
class Opened:
    """What a path turned out to be: a loaded input, or links between models and files.

    `young`: the file was written a moment ago, so that more may come.
    """

    input: Input | None = None
    thing: Loaded | None = None
    links: tuple[Link, ...] = ()
    thermo: str = ""  # the path of values by step, which belong to a trajectory
    stages: tuple[ErrorTable, ...] = ()  # of a table with steps, that before each of them
    young: bool = False
    offer: Offer | None = None  # what could be opened besides, or of a folder


def split_slice(text: str) -> tuple[str, str]:
    """(path, slice as typed): an existing path wins over the `@slice` reading of its name."""
    if Path(text).exists():
        return text, ""
    found = SLICE.match(text)
    return (found["path"], found["slice"]) if found else (text, "")


def parse_slice(text: str) -> slice:
    """`a:b:c` as Python slices; a single number is that frame alone. Raises ValueError."""
    if not text:
        return slice(None)
    parts = [int(part) if part else None for part in text.split(":")]
    if len(parts) == 1:
        first = parts[0] or 0
        return slice(first, first + 1 if first != -1 else None)
    if len(parts) == 3 and parts[2] == 0:
        raise ValueError("the step of a slice is not zero")
    return slice(*parts)


def sniff_kind(path: Path) -> Kind | None:
    """Table or trajectory by name, None for a file of links; the readers look at the content."""
    name = path.name.lower()
    if name.startswith("links.") or name.endswith((".links.csv", ".links.yaml")):
        return None
    if path.is_dir():
        from mlipviewer.io.tables.yaml_tables import is_leaderboard_folder

        return Kind.TABLE if is_leaderboard_folder(path) else Kind.TRAJECTORY
    plain = name.removesuffix(".gz")
    if plain.endswith(".json") and _holds_structures(path):
        return Kind.TRAJECTORY
    return Kind.TABLE if plain.endswith(TABLE_SUFFIXES) else Kind.TRAJECTORY


def _holds_structures(path: Path) -> bool:
    from mlipviewer.io.trajectories.structures_json import holds_structures

    return path.is_file() and holds_structures(path)


def open_path(
    text: str,
    name: str = "",
    progress: Progress | None = None,
    recalled: bool = False,
    choices: str = "",
) -> Opened:
    """Read one path. `choices` are about a trajectory; `recalled`: without them, what the user once
    said of it, and with offers of what else could be opened. Raises ReadProblem, Cancelled."""
    path_text, frames = split_slice(text)
    path = Path(path_text).expanduser().absolute()
    if not path.exists() and "*" not in path.name:
        raise ReadProblem("there is no such file", path)
    kind = sniff_kind(path)
    if kind is None:
        return _open_links(path)
    if is_thermo_file(path):
        return Opened(thermo=str(path))
    if kind is not Kind.TRAJECTORY:
        choices = ""
    elif recalled and not choices:
        choices = recall(str(path))
    one = Input(name or path.name, str(path), kind, frames, choices)
    if not recalled or kind is not Kind.TRAJECTORY:
        return open_input(one, progress)
    if path.is_dir():
        found = _contents(path, progress)
        if len(found.found) > 1:
            return Opened(offer=found)
        if found.found and found.found[0].n == 1:
            return open_path(found.found[0].path, name, progress, recalled, choices)
    return replace(open_input(one, progress), offer=_siblings(path))


def open_as(path: str, format: str, progress: Progress | None = None) -> Opened:
    """A file as a trajectory of that format, '' as an error table, whatever it seems to be. The
    format is kept for the next time. Raises ReadProblem, Cancelled."""
    from mlipviewer.io.trajectories.choices import TrajectoryChoices

    kind = Kind.TRAJECTORY if format else Kind.TABLE
    choices = TrajectoryChoices(format=format).as_text() if format else ""
    opened = open_input(Input(Path(path).name, path, kind, "", choices), progress)
    if choices:
        with suppress(OSError):
            remember(path, choices)
    return opened


def _contents(folder: Path, progress: Progress | None) -> Contents:
    from mlipviewer.io.trajectories.together import contents_of

    return contents_of(folder, lambda name: name.lower().endswith(TABLE_SUFFIXES), progress)


def _siblings(path: Path) -> Offer | None:
    from mlipviewer.io.trajectories.together import siblings_of

    return siblings_of(path) if path.is_file() else None


def open_group(
    paths: Sequence[str], topology: str = "", progress: Progress | None = None, choices: str = ""
) -> Opened:
    """Files that are one trajectory, in order. Raises ReadProblem, Cancelled."""
    if len(paths) == 1 and not topology:
        return open_path(paths[0], "", progress, recalled=True, choices=choices)
    known = choices or recall(paths[0])
    return open_input(group_input(paths, topology, choices=known), progress)


def group_input(
    paths: Sequence[str], topology: str = "", name: str = "", frames: str = "", choices: str = ""
) -> Input:
    """Files that are one trajectory, in order, as an input of the document."""
    from mlipviewer.io.trajectories.choices import trajectory_choices

    first, *more = paths
    known = trajectory_choices(choices)
    decided = replace(known, topology=known.topology or topology).as_text()
    name = name or group_name(paths)
    return Input(name, first, Kind.TRAJECTORY, frames, decided, more=tuple(more))


def group_name(paths: Sequence[str]) -> str:
    """`run_*.dump` where the names are numbered, else those of the first and the last file."""
    names = [Path(path).name for path in paths]
    if len({template(name) for name in names}) == 1:
        return pattern_of(names)
    return f"{names[0]} ... {names[-1]}"


def is_thermo_file(path: Path) -> bool:
    """Whether a file holds values by step, as log.lammps does; asked of likely names only."""
    from mlipviewer.io.thermo import is_thermo

    name = path.name.lower()
    likely = re.search(r"log|oszicar|model_devi|thermo", name) is not None
    return likely and path.is_file() and is_thermo(path)


def _open_links(path: Path) -> Opened:
    from mlipviewer.io.links import read_links

    return Opened(links=tuple(read_links(path)))


def open_input(one: Input, progress: Progress | None = None, known: Loaded | None = None) -> Opened:
    """Load an input of the document. Raises ReadProblem, JoinProblem, AnalysisProblem.

    `known` is what was read from it before: a trajectory that is only meant otherwise now is not
    read again.
    """
    if not one.path:
        raise ReadProblem("no file is named")
    if one.kind is Kind.TABLE:
        *stages, table = read_stages(one)
        return Opened(one, table, stages=tuple(stages))
    trajectory = _open_trajectory(one, progress, known)
    return Opened(one, trajectory, young=is_young(trajectory.source))


def read_stages(one: Input) -> list[ErrorTable]:
    """A table as it is read or joined, and after each of its steps."""
    first = _joined(one, one.joined) if one.joined is not None else _table_of_file(one)
    stages = [first]
    for step in one.steps:
        stages.append(step.taken(stages[-1]))
    return stages


def _table_of_file(one: Input) -> ErrorTable:
    from mlipviewer.io.tables import read_table
    from mlipviewer.io.tables.choices import choices_from

    try:
        choices = choices_from(json.loads(one.choices)) if one.choices else None
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ReadProblem(f"what was decided about it is not usable: {error}", one.path) from None
    return read_table(Path(one.path), one.name, choices)


def _joined(one: Input, how: Join) -> ErrorTable:
    first, second = (read_stages(part)[-1] for part in (how.first, how.second))
    return how.joined(first, second).table.renamed(one.name)


def _open_trajectory(
    one: Input, progress: Progress | None, known: Loaded | None = None
) -> Trajectory:
    from mlipviewer.io.trajectories.choices import trajectory_choices
    from mlipviewer.io.trajectories.opening import open_in_order, open_trajectory
    from mlipviewer.io.trajectories.understood import on_source_of, understood

    try:
        part = parse_slice(one.frames)
    except ValueError:
        raise ReadProblem(f"{one.frames!r} is no slice of frames (a:b:c)", one.path) from None
    try:
        choices = trajectory_choices(one.choices)
    except (ValueError, TypeError) as error:
        raise ReadProblem(f"what was decided about it is not usable: {error}", one.path) from None
    same = isinstance(known, Trajectory) and known.source.path == str(Path(one.path))
    source: FrameSource | None = known.source if same and isinstance(known, Trajectory) else None
    given: list[Trajectory] = []
    if source is None:
        begun = min(part.start or 0, part.stop or 0, part.step or 1) >= 0  # without the end
        told = _giver(one, part, choices, progress, given) if begun else None
        if one.more:
            files = [Path(p) for p in (one.path, *one.more)]
            source = open_in_order(files, choices.format or None, progress)
        else:
            path, form = Path(one.path), choices.format or None
            source = open_trajectory(path, form, progress=progress, told=told)
    trajectory = understood(one.name, source, part, choices)
    if trajectory.n_frames == 0:
        raise ReadProblem(f"no frame is left by @{one.frames} of {source.n_frames}", one.path)
    return on_source_of(given[0], trajectory) if given else trajectory


def _giver(
    one: Input,
    part: slice,
    choices: TrajectoryChoices,
    progress: Progress | None,
    given: list[Trajectory],
) -> Callable[[FrameSource], None]:
    """Hands out the trajectory while its frames are still looked for, from its first frame on, and
    keeps what it handed out first in `given`."""
    from mlipviewer.io.trajectories.understood import understood

    def told(source: FrameSource) -> None:
        frames = range(source.n_frames)[part]
        if progress is None or not frames:
            return
        try:
            first = given[0] if given else understood(one.name, source, part, choices)
        except ReadProblem:
            return  # the first frame is damaged: that is told in the end
        given[:] = [first]
        progress.give(Opened(one, replace(first, frames=frames)))

    return told


def is_young(source: FrameSource) -> bool:
    """Whether the file was written within the last minute: then its end may be still to come."""
    try:
        last = getattr(source, "last_path", source.path)
        age = time.time() - Path(last).stat().st_mtime
    except (OSError, ValueError):
        return False
    return age < QUIET
