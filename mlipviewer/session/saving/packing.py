"""A session with its data in one zip, for another computer: unpacked into a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from mlipviewer.core.links import Link
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.io.files import (
    ARCHIVE_DAMAGES,
    MEGABYTE,
    fingerprint,
    open_regular,
    write_atomically,
    write_text,
)
from mlipviewer.io.room import is_temporary
from mlipviewer.io.small_json import texts_of
from mlipviewer.session.inputs import Input
from mlipviewer.session.saving.places import with_paths
from mlipviewer.session.saving.session_file import MOST_BYTES, Saved, session_text
from mlipviewer.session.saving.trust import paths_of
from mlipviewer.session.state import Document

SESSION = "session.json"
DATA = "data"
MARK = "packed.json"  # in an unpacked folder: of which packed file it is
MOST_FOLDERS = 100
MOST_FILES = 100_000
LARGEST_SHARE = 200  # unpacked for packed: more is a bomb


def pack(path: Path, saved: Saved, progress: Progress) -> None:
    """Write a zip of the session and of all files that it reads. Raises OSError, ReadProblem,
    Cancelled; then nothing is left of it."""
    places = _places(saved.document)
    moved = replace(saved, document=_with_paths(saved.document, places, path.parent))
    text = session_text(moved, path.parent)
    parts = _parts(places, path)

    def write(file: BinaryIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.writestr(SESSION, text)
            for done, part in enumerate(parts):
                progress.step(done, len(parts))
                _add(packed, part, progress)

    write_atomically(path, write)


@dataclass(frozen=True)
class Part:
    """A file, where it lies in the zip, and how many bytes it had before the zip was begun."""

    source: Path
    place: str
    size: int


def _parts(places: Mapping[str, str], target: Path) -> list[Part]:
    """The files of all places, those in folders too, but not the zip itself and what is half
    written: it may lie in one of the folders. Raises OSError."""
    found = []
    for text, place in places.items():
        source = Path(text)
        for one in _files(source, target.resolve()):
            inside = one.relative_to(source).as_posix()
            name = place if one == source else f"{place}/{inside}"
            found.append(Part(one, name, one.stat().st_size))
    return found


def _files(source: Path, target: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    files = (one for one in source.rglob("*") if one.is_file() and not is_temporary(one.name))
    return sorted(one for one in files if one.resolve() != target)


def _add(packed: zipfile.ZipFile, part: Part, progress: Progress) -> None:
    left = part.size  # a file that grows meanwhile is cut there
    into = packed.open(part.place, "w", force_zip64=True)
    with open_regular(part.source) as file, into as target:
        while block := file.read(min(left, 8 * MEGABYTE)):
            progress.step(0, 0)
            target.write(block)
            left -= len(block)


def _places(document: Document) -> dict[str, str]:
    """By path, where each file lies in the zip: under its own name, twice the same are numbered."""
    paths = [path for one in document.inputs for path in paths_of(one)]
    paths += [link.path for link in document.links]
    found: dict[str, str] = {}
    for path in dict.fromkeys(paths):
        source = Path(path)
        if source.exists():
            found[path] = _free(f"{DATA}/{source.name}", set(found.values()))
    return found


def _free(name: str, taken: set[str]) -> str:
    pure, number, found = PurePosixPath(name), 2, name
    while found in taken:
        found = f"{pure.parent}/{number}/{pure.name}"
        number += 1
    return found


def _with_paths(document: Document, places: dict[str, str], folder: Path) -> Document:
    """The document with its files where they will be beside the unpacked session."""

    def there(path: str) -> str:
        return str(folder / places[path]) if path in places else path

    def moved(one: Input) -> Input:
        joined = one.joined
        if joined is not None:
            joined = replace(joined, first=moved(joined.first), second=moved(joined.second))
        choices = with_paths(one.choices, there)
        more = tuple(there(path) for path in one.more)
        return replace(one, path=there(one.path), more=more, joined=joined, choices=choices)

    links = tuple(Link(k.model, k.role, there(k.path), k.metric) for k in document.links)
    return replace(document, inputs=tuple(moved(one) for one in document.inputs), links=links)


# -- reading -------------------------------------------------------------------------------


def is_packed(path: Path) -> bool:
    """Whether a session file is a zip. Raises ReadProblem."""
    with open_regular(path) as file:
        return file.read(4) == b"PK\x03\x04"


def packed_text(path: Path) -> str:
    """The JSON of a packed session. Raises ReadProblem."""
    with _opened(path) as packed:
        return _text(packed, path)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (*ARCHIVE_DAMAGES, OSError) as error:
        raise ReadProblem(f"is damaged or cut short: {error}", path) from None


def _text(packed: zipfile.ZipFile, path: Path) -> str:
    try:
        about = packed.getinfo(SESSION)
    except KeyError:
        raise ReadProblem(f"is no packed session: it has no {SESSION}", path) from None
    if about.file_size > MOST_BYTES:
        raise ReadProblem(f"{SESSION} would have {about.file_size / MEGABYTE:.0f} MB", path)
    try:
        return packed.read(about).decode()
    except ARCHIVE_DAMAGES as error:
        raise ReadProblem(f"is damaged: {error}", path) from None


def unpacked(path: Path, progress: Progress) -> tuple[Path, bool]:
    """The session of a packed one in a folder beside it, and whether it was there before: what was
    changed in that folder stays as it is. Raises ReadProblem, OSError, Cancelled."""
    mark = fingerprint(path)
    for number in range(1, MOST_FOLDERS):
        more = f" {number}" if number > 1 else ""
        folder = path.with_name(f"{path.stem} (unpacked{more})")
        if not os.path.lexists(folder):
            session = unpack(path, folder, progress)
            write_text(folder / MARK, json.dumps({"of": mark}))  # last: all of it is there
            return session, False
        if texts_of(folder / MARK).get("of") == mark and _session_in(folder, path).is_file():
            return _session_in(folder, path), True
    raise ReadProblem(f"was unpacked {MOST_FOLDERS} times: some of it may be removed", path)


def _session_in(folder: Path, path: Path) -> Path:
    return folder / path.with_suffix(".mlipview").name


def unpack(path: Path, folder: Path, progress: Progress) -> Path:
    """Unpack a session with its data into a new `folder`; returns its session file there.

    Names that would leave the folder, links and what is suspiciously large are refused; then
    nothing is left of it. Raises ReadProblem, OSError, Cancelled."""
    with _opened(path) as packed:
        text = _text(packed, path)
        members = list(_members(packed, path))
        folder.mkdir(parents=True)  # where one is, links in it may lead anywhere
        try:
            for done, one in enumerate(members):
                progress.step(done, len(members))
                _write(packed, one, folder / one.filename, path)
            session = _session_in(folder, path)
            with session.open("x", encoding="utf-8") as file:
                file.write(text)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return session


def _write(packed: zipfile.ZipFile, one: zipfile.ZipInfo, target: Path, path: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with packed.open(one) as source, target.open("xb") as file:
            shutil.copyfileobj(source, file, 8 * MEGABYTE)
    except (FileExistsError, NotADirectoryError):
        raise ReadProblem(f"{one.filename} is twice in it: refused", path) from None
    except ARCHIVE_DAMAGES as error:
        raise ReadProblem(f"{one.filename} in it is damaged: {error}", path) from None


def _members(packed: zipfile.ZipFile, path: Path) -> Iterator[zipfile.ZipInfo]:
    every = (one for one in packed.infolist() if not one.filename.endswith("/"))
    members = [one for one in every if one.filename != SESSION]
    whole = sum(one.file_size for one in members)
    if len(members) > MOST_FILES or whole > LARGEST_SHARE * max(path.stat().st_size, MEGABYTE):
        raise ReadProblem(f"would unpack to {whole / MEGABYTE:.0f} MB: refused", path)
    for one in members:
        pure = PurePosixPath(one.filename)
        bad = pure.is_absolute() or ".." in pure.parts or "\\" in one.filename or not pure.parts
        if bad or ":" in one.filename or pure.parts[0] != DATA:
            raise ReadProblem(f"{one.filename!r} in it would leave its folder: refused", path)
        yield one
