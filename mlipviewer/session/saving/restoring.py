"""From what a session file holds to the state of a window, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from mlipviewer.core.file_names import Astray
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.io.files import fingerprint_of_files
from mlipviewer.session.inputs import Input
from mlipviewer.session.landing import add_notice
from mlipviewer.session.saving.history import Past
from mlipviewer.session.saving.places import is_foreign
from mlipviewer.session.saving.session_file import Saved, keys_of
from mlipviewer.session.saving.trust import (
    past_of,
    paths_of,
    questions,
    refused,
    without_addresses,
    without_outside,
    without_programs,
)
from mlipviewer.session.state import (
    Document,
    Errand,
    Failure,
    Moment,
    Notice,
    RowNames,
    State,
    Weight,
    frozen,
)

Fingerprints = Mapping[str, str]


def state_of(saved: Saved, path: Path, agreed: bool = True) -> State:
    """The state that a session file describes; its files are read when they are shown.

    Unless `agreed`, nothing outside the folder of the file is opened and nothing is run: the
    document is without it, so that what is saved later does not ask for it again."""
    folder = path.parent
    document, refusals = saved.document, refused(saved.document, folder, agreed)
    if not agreed:
        document = without_outside(without_programs(document), folder)
    document = without_addresses(document)
    failed = {one.name: Failure(f"{missing(one)} is not there") for one in lost(document)}
    failed |= {name: Failure(why) for name, why in refusals.items()}
    there = {one.name for one in document.inputs}
    kept = frozen({name: why for name, why in failed.items() if name in there})
    spaces = Space.MODEL.value, Space.METRIC.value
    expected = {
        name: RowNames(*(frozen(of.get(space, {})) for space in spaces))
        for name, of in saved.keys.items()
    }
    state = State(document, Moment(failed=kept, expected=frozen(expected)))
    if saved.told:
        state = add_notice(state, Notice(saved.told))
    state = _with_problems(state, saved, path)
    if failed:
        astray = next((missing(one) for one in lost(document)), "")
        state = add_notice(state, _not_opened(failed, astray))
    return state.with_moment(errands=_checks(document, saved.fingerprints, failed))


def questions_of(saved: Saved, folder: Path) -> tuple[str, ...]:
    """What the user is to agree to, a sentence each."""
    return questions(saved.document, folder, [one.document for one in saved.past])


def undo_of(saved: Saved, agreed: bool) -> list[tuple[Document, str]]:
    """What undo brings back, with the names of the changes."""
    return past_of([(one.document, one.label) for one in saved.past], agreed)


def _with_problems(state: State, saved: Saved, path: Path) -> State:
    if not saved.problems:
        return state
    more = f" (and {len(saved.problems) - 1} more)" if len(saved.problems) > 1 else ""
    said = f"{path.name}: {saved.problems[0]}{more}"
    return add_notice(state, Notice(said, Weight.WARNING, "\n".join(saved.problems)))


def _not_opened(failed: Mapping[str, Failure], astray: str) -> Notice:
    reasons = [one.reason for one in failed.values()]
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return Notice(
        f"{reasons[0]}{more}",
        Weight.WARNING,
        "\n".join(reasons),
        offer=Astray(astray) if astray else None,
    )


# -- files that are not there --------------------------------------------------------------


def missing(one: Input) -> str:
    """The first file of an input that is not there; '' where all are."""
    return next((path for path in paths_of(one) if not is_foreign(path) and not _there(path)), "")


def _there(path: str) -> bool:
    try:
        whole = Path(path)
        return whole.exists() or ("*" in whole.name and whole.parent.is_dir())
    except (OSError, ValueError):
        return False


def lost(document: Document) -> tuple[Input, ...]:
    """The inputs of which a file is not there."""
    return tuple(one for one in document.inputs if missing(one))


# -- files that have changed ---------------------------------------------------------------


def fingerprints(inputs: Sequence[Input], progress: Progress | None = None) -> dict[str, str]:
    """By name, by what the files of the inputs are known, without those that cannot be read."""
    found = {}
    for number, one in enumerate(inputs):
        if progress is not None:
            progress.step(number, len(inputs))
        try:
            found[one.name] = fingerprint_of_files(tuple(paths_of(one)))
        except (ReadProblem, OSError, ValueError):
            continue
    return found


def _checks(
    document: Document, before: Fingerprints, failed: Mapping[str, Any]
) -> tuple[Errand, ...]:
    """Look whether the files are those of then, while the session is already open."""
    known = tuple(one for one in document.inputs if before.get(one.name) and one.name not in failed)
    if not known:
        return ()

    def land(state: State, now: Fingerprints) -> State:
        others = [name for name, mark in now.items() if mark != before[name]]
        if not others:
            return state
        verb = "has" if len(others) == 1 else "have"
        said = f"{', '.join(others[:3])} {verb} changed since the session was saved"
        return add_notice(state, Notice(said, Weight.WARNING, "\n".join(others)))

    return (Errand("Check files", lambda progress: fingerprints(known, progress), land),)


# -- saving --------------------------------------------------------------------------------


def saved_of(
    state: State,
    past: Sequence[Past],
    window: Mapping[str, Any],
    marks: Fingerprints,
    kept: Saved | None = None,
) -> Saved:
    """What a session file is to hold; `kept` is the one that was opened, of which what is not
    understood stays. The names of rows are looked up by whoever writes it, in a thread."""
    unknown = kept.unknown if kept is not None else {}

    def named() -> dict[str, Any]:
        return {**(_unread(state, kept) if kept is not None else {}), **keys_of(state, past)}

    keys: Mapping[str, Any] = Later(named)
    return Saved(state.document, tuple(past), marks, keys, window, unknown=unknown)


class Later(Mapping[str, Any]):
    """What is looked up when it is asked for first."""

    def __init__(self, made: Callable[[], Mapping[str, Any]]) -> None:
        self._made = cache(made)

    def __getitem__(self, name: str) -> Any:
        return self._made()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made())

    def __len__(self) -> int:
        return len(self._made())


def _unread(state: State, kept: Saved) -> Mapping[str, Any]:
    """Names of rows of tables that were not read meanwhile."""
    return {name: of for name, of in kept.keys.items() if state.loaded_table(name) is None}
