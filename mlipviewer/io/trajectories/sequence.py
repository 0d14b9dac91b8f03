"""A folder, or numbered files, as one trajectory in natural order."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mlipviewer.core.file_names import Key, fits, template
from mlipviewer.core.file_names import natural_key as in_order
from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, FrameSource
from mlipviewer.io.trajectories.bytestore import Change
from mlipviewer.io.trajectories.layout import counted
from mlipviewer.io.trajectories.pieces import PieceSource, grouped, step_of

KEPT_OPEN = 8
MOST_FILES = 1_000_000

Open = Callable[[Path], FrameSource]


def natural_key(path: Path) -> Key:
    """Sort `frame_2` before `frame_10`."""
    return in_order(path.name)


def files_of(folder: Path) -> tuple[list[Path], tuple[Note, ...]]:
    """The numbered files of a folder: the largest group that differs in numbers alone.

    Raises ReadProblem where there is none.
    """
    try:
        names = [path for path in folder.iterdir() if not path.name.startswith(".")]
        files = [path for path in names if path.is_file()]
    except OSError as error:
        raise ReadProblem(f"cannot be opened: {error.strerror}", folder) from error
    patterns = Counter(template(path.name) for path in files)
    if not patterns:
        raise ReadProblem("is a folder without files", folder)
    pattern = max(patterns, key=lambda name: ("#" in name, patterns[name], name))
    chosen = [path for path in files if template(path.name) == pattern]
    left_out = len(names) - len(chosen)
    text = f"{len(chosen)} files {pattern} are read as frames, {left_out} others are left out"
    notes = (Note(text, Place(str(folder))),) if left_out else ()
    return sorted(chosen, key=natural_key), notes


def is_pattern(path: str | Path) -> bool:
    """Whether a path means several files: it has a `*` in its name and is no file itself."""
    return "*" in Path(path).name and not Path(path).exists()


def matching_files(pattern: Path) -> list[Path]:
    """The files that a name with `*` means, in natural order. Raises ReadProblem for none."""
    try:
        near = [path for path in pattern.parent.iterdir() if fits(path.name, pattern.name)]
        files = [path for path in near if path.is_file()]
    except OSError as error:
        raise ReadProblem(f"cannot be opened: {error.strerror}", pattern) from error
    if not files:
        raise ReadProblem("no file fits this name", pattern)
    return sorted(files, key=natural_key)


class SequenceSource:
    """Files as one trajectory. With `one_each` a file is opened when its frame is asked for; else
    all are opened at once, to count their frames."""

    def __init__(
        self,
        path: str,
        files: Sequence[Path],
        opened: Open,
        one_each: bool,
        notes: Sequence[Note] = (),
        progress: Progress | None = None,
    ) -> None:
        if not files:
            raise ReadProblem("no files", path)
        self._path, self._open, self._one_each = path, opened, one_each
        self._files = [(file,) for file in files] if one_each else grouped(files, opened)
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, FrameSource] = OrderedDict()
        first = self._source(0)
        self._format = first.format
        self._skipped = dict[int, int]()  # files that begin with the last step of the one before
        self._found = [*notes, *first.notes]
        counts = [1] * len(self._files) if one_each else self._counts(progress)
        self._ends = list(accumulate(counts))
        self._notes = counted(self._found)

    def _counts(self, progress: Progress | None) -> list[int]:
        counts, last = [], None
        for index in range(len(self._files)):
            source = self._source(index)
            begin, end = step_of(source, 0), step_of(source, source.n_frames - 1)
            self._join(index, source, last, begin)
            counts.append(source.n_frames - self._skipped.get(index, 0))
            last = end if end is not None else last
            if progress is not None:
                progress.step(index + 1, len(self._files))
        return counts

    def _join(
        self, index: int, source: FrameSource, last: float | None, begin: float | None
    ) -> None:
        """A restart writes its first step again: it is shown once."""
        if last is None or begin is None or begin > last:
            return
        if begin == last > 0 and source.n_frames > 1:  # step 0 is another run
            self._skipped[index] = 1
            text = f"step {begin} ends one file and begins the next (a restart): shown once"
        else:
            text = f"the time step goes back from {last} to {begin} (a restart?)"
        self._found.append(Note(text, Place(source.path, 1)))

    @property
    def path(self) -> str:
        return self._path

    @property
    def paths(self) -> tuple[str, ...]:
        """What it is read from: the folder, or the files in order."""
        if Path(self._path).is_dir():
            return (self._path,)
        return tuple(str(file) for group in self._files for file in group)

    @property
    def last_path(self) -> str:
        """The file that would grow."""
        return str(self._files[-1][-1])

    @property
    def format(self) -> str:
        return self._format

    @property
    def n_frames(self) -> int:
        return self._ends[-1]

    @property
    def notes(self) -> tuple[Note, ...]:
        return self._notes

    def is_there(self) -> bool:
        """Whether the files that are open are those at their paths."""
        with self._lock:
            opened = tuple(self._kept.values())
        return all(one.is_there() for one in opened if hasattr(one, "is_there"))

    def refresh(self, progress: Any = None, told: Any = None) -> Change:  # noqa: ARG002
        """What became of the last file: a running program writes no other."""
        with self._lock:
            last = self._kept.get(len(self._files) - 1)
        if last is None and not self._one_each:  # it went as others were read
            last = self._source(len(self._files) - 1)
        if last is None or not hasattr(last, "refresh"):
            return Change.SAME
        change: Change = last.refresh(progress)
        known = self._ends[-1]
        before = self._ends[-2] if len(self._ends) > 1 else 0
        skipped = self._skipped.get(len(self._files) - 1, 0)
        self._ends[-1] = max(known, before + last.n_frames - skipped)
        return Change.GROWN if self._ends[-1] > known else change

    def frame(self, index: int) -> Frame:
        """Frame `index`. Raises IndexError, ReadProblem naming the file it is in."""
        source, part = self._place(index)
        return replace(source.frame(part), index=index)

    def info(self, index: int) -> Mapping[str, Any]:
        """The values of frame `index`, and the name of its `file`."""
        source, part = self._place(index)
        return MappingProxyType({**source.info(part), "file": Path(source.path).name})

    def _place(self, index: int) -> tuple[FrameSource, int]:
        if not 0 <= index < self.n_frames:
            raise IndexError(f"frame {index} of {self.n_frames}")
        file = bisect_right(self._ends, index)
        within = index - (self._ends[file - 1] if file else 0)
        return self._source(file), within + self._skipped.get(file, 0)

    def _source(self, file: int) -> FrameSource:
        with self._lock:
            if file in self._kept:
                self._kept.move_to_end(file)
                return self._kept[file]
        parts = [self._open(path) for path in self._files[file]]
        source = parts[0] if len(parts) == 1 else PieceSource(parts)
        with self._lock:
            self._kept[file] = source
            while len(self._kept) > KEPT_OPEN:
                self._kept.popitem(last=False)
        return source
