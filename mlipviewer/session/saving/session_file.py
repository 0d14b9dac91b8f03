"""Session files: `*.mlipview`, one JSON, or a zip with it and the data (saving.packing)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

import mlipviewer
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.rows import NONE, Rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.files import MEGABYTE, read_bytes, write_bytes
from mlipviewer.session.saving.document import document_from, plain_document
from mlipviewer.session.saving.history import Past, past_from, plain_past
from mlipviewer.session.saving.typed import Reading
from mlipviewer.session.state import Document, State

FORMAT = 1
SUFFIX = ".mlipview"
APP = "MLIPViewer"
MOST_BYTES = 256 * MEGABYTE
DEEPEST = 60
Plain = Mapping[str, Any]


def _nothing() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Saved:
    """What a session file holds. `keys`: by table, the names of the rows that the document speaks
    of. `window`: places of docks, cameras; plain values that only the window understands.

    `problems` are what was wrong with the file, in words; `format` is that of the program which
    wrote it, `unknown` what a newer one put there."""

    document: Document
    past: tuple[Past, ...] = ()
    fingerprints: Plain = field(default_factory=_nothing)
    keys: Mapping[str, Mapping[str, Mapping[int, str]]] = field(default_factory=_nothing)
    window: Plain = field(default_factory=_nothing)
    problems: tuple[str, ...] = ()
    format: int = FORMAT
    unknown: Mapping[tuple[str, ...], Any] = field(default_factory=_nothing)
    path: Path = Path()  # where it was read
    digest: str = ""
    told: str = ""  # of how it was read, for the user

    @property
    def newer(self) -> bool:
        """Whether a newer program wrote it: then it is saved under another name only."""
        return self.format > FORMAT


# -- writing -------------------------------------------------------------------------------


def session_text(saved: Saved, folder: Path, now: datetime | None = None) -> str:
    """The JSON of a session that is to lie in `folder`. The same but for its time stamp, for the
    same session."""
    document = plain_document(saved.document, folder)
    for one in document["inputs"]:
        one["fingerprint"] = saved.fingerprints.get(one["name"], "")
    found: dict[str, Any] = {
        "app": APP,
        "format": FORMAT,
        "version": mlipviewer.__version__,
        "saved": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "document": document,
        "keys": {
            table: {
                space: {str(row): key for row, key in rows.items()} for space, rows in of.items()
            }
            for table, of in saved.keys.items()
        },
        "window": dict(saved.window),
        "past": plain_past(saved.past, saved.document, folder),
    }
    for place, value in saved.unknown.items():
        _put_back(found, place, value)
    return json.dumps(found, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _put_back(found: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    """What a newer program wrote stays where it was; what lay in a list is not found again."""
    at: Any = found
    for name in place[:-1]:
        at = at.get(name) if isinstance(at, dict) else None
    if isinstance(at, dict):
        at.setdefault(place[-1], value)


def save_session(path: Path, saved: Saved) -> str:
    """Write a session file, the one before kept as `.bak`; returns its `digest`. Raises OSError."""
    text = session_text(saved, path.parent)
    if path.exists():
        write_bytes(backup_of(path), read_bytes(path, MOST_BYTES))
    write_bytes(path, text.encode())
    return digest(text)


def backup_of(path: Path) -> Path:
    return path.with_name(path.name + ".bak")


def digest(text: str) -> str:
    """By what a session is known that this user saved."""
    return sha256(text.encode()).hexdigest()


# -- reading -------------------------------------------------------------------------------


def read_session(path: Path) -> Saved:
    """Raises ReadProblem where it is no session file; what is wrong in it is in `problems`."""
    text = session_source(path)
    return replace(session_from(text, path), digest=digest(text))


def session_source(path: Path) -> str:
    """The JSON of a session file as text. Raises ReadProblem."""
    data = read_bytes(path, MOST_BYTES)
    if data[:4] == b"PK\x03\x04":
        from mlipviewer.session.saving.packing import packed_text

        return packed_text(path)
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ReadProblem("is no session file: it is not text", path) from None


def session_from(text: str, path: Path) -> Saved:
    """What the text of a session file at `path` says. Raises ReadProblem."""
    try:
        found = json.loads(text, parse_constant=_NO_NUMBERS.get, parse_float=_number)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        backup = " An earlier one lies beside it: " + backup_of(path).name
        more = backup if backup_of(path).exists() else ""
        reason = f"is damaged or cut short: {error.msg} ({where}).{more}"
        raise ReadProblem(reason, path) from None
    except (RecursionError, ValueError) as error:
        raise ReadProblem(f"is damaged: {type(error).__name__}", path) from None
    if not isinstance(found, dict) or not ({"format", "document"} & found.keys()):
        raise ReadProblem("is no session file of this program", path)
    reading = Reading()
    _cut_off(found, reading)
    return _saved(found, path, reading)


_NO_NUMBERS = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


def _number(text: str) -> float | str:
    """As we write it: JSON knows none that is not finite, and none may be where it is kept as it
    stands."""
    number = float(text)
    return number if math.isfinite(number) else str(number)


def _cut_off(found: dict[str, Any], reading: Reading) -> None:
    """Leave out what is nested deeper than anything that we write: reading it goes into itself."""
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        inner = (one.values() if isinstance(one, dict) else one for one in level)
        level = [one for many in inner for one in many if isinstance(one, dict | list)]
    if level:
        reading.tell((), f"what is nested more than {DEEPEST} deep is left out")
    for one in level:
        one.clear()


def _saved(found: dict[str, Any], path: Path, reading: Reading) -> Saved:
    number = _format(found, reading)
    for step in MIGRATIONS[number - 1 : FORMAT - 1]:
        found = step(found)
    document = document_from(found.get("document"), path.parent, reading)
    known = {"app", "format", "version", "saved", "document", "keys", "window", "past"}
    reading.unknown |= {(key,): found[key] for key in found if key not in known}
    if number > FORMAT:
        said = f"written by format {number} of a newer program; what is not known of it is kept"
        reading.problems.insert(0, said)
    window = found.get("window")
    return Saved(
        document,
        past_from(found.get("past"), document, path.parent, reading),
        _fingerprints(found.get("document")),
        _keys(found.get("keys")),
        window if isinstance(window, dict) else {},
        tuple(reading.problems),
        number,
        reading.unknown,
        path,
    )


def _format(found: Mapping[str, Any], reading: Reading) -> int:
    number = found.get("format")
    if isinstance(number, int) and not isinstance(number, bool) and 1 <= number < 2**31:
        return number
    reading.tell(("format",), f"{number!r} is no number of a format; taken as {FORMAT}")
    return FORMAT


def _fingerprints(document: Any) -> dict[str, str]:
    inputs = document.get("inputs") if isinstance(document, Mapping) else None
    many = inputs if isinstance(inputs, list) else []
    named = (one for one in many if isinstance(one, Mapping))
    both = ((one.get("name"), one.get("fingerprint")) for one in named)
    return {name: mark for name, mark in both if isinstance(name, str) and isinstance(mark, str)}


def _keys(value: Any) -> dict[str, dict[str, dict[int, str]]]:
    found: dict[str, dict[str, dict[int, str]]] = {}
    for table, spaces in value.items() if isinstance(value, Mapping) else ():
        for space, rows in spaces.items() if isinstance(spaces, Mapping) else ():
            if isinstance(rows, Mapping):
                kept = {int(r): k for r, k in rows.items() if _is_row(r) and isinstance(k, str)}
                found.setdefault(table, {})[space] = kept
    return found


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


MIGRATIONS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()
"""The first makes a session of format 1 one of format 2, and so on."""


# -- what the rows of tables are called ----------------------------------------------------


def keys_of(state: State, past: Sequence[Past] = ()) -> dict[str, dict[str, dict[int, str]]]:
    """The names of the rows of tables that the documents speak of: another order of the file's rows
    must not let them speak of others."""
    documents = (state.document, *(one.document for one in past))
    found: dict[str, dict[str, dict[int, str]]] = {}
    for one in state.document.inputs:
        table = state.loaded_table(one.name)
        if table is not None:
            found[one.name] = _keys_of(documents, table)
    return found


def _keys_of(documents: Sequence[Document], table: ErrorTable) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for space, names in ((Space.MODEL, table.keys), (Space.METRIC, table.metrics)):
        spoken = np.zeros(len(names), bool)
        every = (rows for one in documents for rows in _rows_of(one, space, table.name))
        for rows in {id(rows): rows for rows in every}.values():  # most steps share theirs
            inside = slice(*np.searchsorted(rows, (0, len(names))))
            spoken[rows[inside]] = True
        found[space.value] = {row: names[row] for row in np.flatnonzero(spoken).tolist()}
    return found


def _rows_of(document: Document, space: Space, table: str) -> Iterator[Rows]:
    yield document.selected.get((space, table), NONE)
    for one in document.sets:
        if one.rows is not None and (one.space, one.owner) == (space, table):
            yield one.rows.rows
    if space is Space.MODEL and document.table == table and document.focus is not None:
        yield np.array([document.focus], np.int32)
