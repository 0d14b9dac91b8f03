"""Files that are held over the window: what they are as far as their beginnings tell, and where
they may be let fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.session.arriving import Way
from mlipviewer.session.inputs import Kind
from mlipviewer.session.opening import is_thermo_file, sniff_kind, split_slice
from mlipviewer.session.saving.receipts import is_figure
from mlipviewer.session.saving.session_file import SUFFIX
from mlipviewer.session.state import State

MOST_LOOKED = 24
"""Files whose beginnings are read; of the others their names count."""


@dataclass(frozen=True)
class Looked:
    """What files turned out to be: paths, and for those that cannot be opened why."""

    sessions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()  # folders, too
    joining: tuple[str, ...] = ()  # links, values by step: they belong to what is open
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def hopeless(self) -> bool:
        """Whether nothing of it can be opened."""
        return bool(self.refused) and not (
            self.sessions or self.tables or self.runs or self.joining
        )


@dataclass(frozen=True)
class Target:
    """Where files may be let fall, as it is told."""

    way: Way
    title: str
    about: str


@dataclass
class _Sorted:
    """Files by what they are, while they are looked at."""

    sessions: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    joining: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    def take(self, text: str, closely: bool) -> None:
        path = Path(split_slice(text)[0])
        if text.lower().endswith(SUFFIX):
            self.sessions.append(text)
        elif is_figure(path):
            self._take_figure(text, path if closely else None)
        elif not closely:
            self.runs.append(text)
        else:
            self._take_data(text, path)

    def _take_figure(self, text: str, path: Path | None) -> None:
        """A figure of this program is a session."""
        from mlipviewer.io.receipts import read_receipt

        try:
            if path is not None:
                read_receipt(path)
            self.sessions.append(text)
        except ReadProblem as problem:
            self.refused.append((text, problem.reason))

    def _take_data(self, text: str, path: Path) -> None:
        from mlipviewer.io.trajectories.opening import why_unknown

        if not path.exists():
            self.refused.append((text, "there is no such file"))
            return
        kind = sniff_kind(path)
        if kind is Kind.TABLE:
            self.tables.append(text)
        elif kind is None or is_thermo_file(path):
            self.joining.append(text)
        elif reason := "" if path.is_dir() else why_unknown(path):
            self.refused.append((text, reason))
        else:
            self.runs.append(text)


def look_at_files(paths: Sequence[str], elsewhere: Sequence[str] = ()) -> Looked:
    """What they are, by name and beginning; `elsewhere` are addresses of no files here. It reads:
    not for the window's thread."""
    found = _Sorted(refused=[(one, "is not on this computer") for one in elsewhere])
    for k, text in enumerate(paths):
        found.take(text, closely=k < MOST_LOOKED)
    return Looked(
        tuple(found.sessions),
        tuple(found.tables),
        tuple(found.runs),
        tuple(found.joining),
        tuple(found.refused),
    )


def targets_for(state: State, looked: Looked) -> tuple[Target, ...]:
    """Where the files may go; none where there is one way only."""
    document = state.document
    table = document.table if looked.tables else None
    run = document.trajectory if looked.runs else None
    shown = " and ".join(name for name in (table, run) if name is not None)
    if looked.sessions or not shown:
        return ()
    found = [
        Target(Way.REPLACE, "Replace", f"in place of {shown}"),
        Target(Way.ADD, "Add", "beside all that is open"),
    ]
    if run is not None:
        found.append(Target(Way.COMPARE, "Compare", f"side by side with {run}, in step"))
    return tuple(found)


def carried_words(paths: Sequence[str]) -> str:
    """What is held: the name of a file, or how many."""
    names = [path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] for path in paths]
    return names[0] if len(names) == 1 else f"{len(names)} files"


def refusal_words(looked: Looked) -> str:
    """Why files are not taken, the first of them by name; '' where all are."""
    if not looked.refused:
        return ""
    path, reason = looked.refused[0]
    more = len(looked.refused) - 1
    rest = f" (and {more} more)" if more else ""
    return f"{carried_words([path])}: {reason}{rest}"


def usual_words(looked: Looked, targets: Sequence[Target], alone: bool) -> str:
    """What happens where nothing else is pointed at."""
    if looked.sessions:
        return "Opens the session in place of all that is open"
    parts = ["Elsewhere: added" if targets else "Let fall anywhere to open"]
    if looked.joining and not (looked.tables or looked.runs):
        parts = ["Let fall anywhere: joins what is open"]
    if looked.runs:
        parts.append("on a row of the table: linked to that model")
    if len(looked.runs) > 1:
        parts.append("each on its own" if alone else "Alt: each on its own")
    return " · ".join(parts)
