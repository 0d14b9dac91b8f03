"""Whether there is a newer version: one address is asked, when the user wants it. Nothing but the
request is sent; nothing is downloaded or installed.

The address answers in JSON: `{"version": "1.2", "page": "https://..."}`, or as an index of Python
packages does (`info.version`, `info.package_url`), or as GitHub does of a latest release
(`tag_name`, `html_url`).
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mlipviewer import __version__
from mlipviewer.core.progress import Progress
from mlipviewer.session.landing import add_notice
from mlipviewer.session.settings.places import state_folder
from mlipviewer.session.state import Errand, Notice, State

log = logging.getLogger(__name__)

SECONDS = 15.0  # for the whole answer to begin
LONGEST = 16 << 20  # bytes: an index tells all files of all versions
DAY = 86_400.0
FORMS = (
    ("version", "page"),
    ("tag_name", "html_url"),
    ("info.version", "info.package_url"),
)
NOBODY = (
    "There is no address to ask for the newest version: "
    "one can be given in the preferences, page Updates."
)


class UpdateProblem(Exception):
    """Why the newest version could not be told, in one sentence."""


@dataclass(frozen=True)
class Release:
    """A version, and the page that tells of it ('' for none)."""

    version: str
    page: str = ""


def newest_release(address: str) -> Release:
    """What the address tells. Raises UpdateProblem."""
    from http.client import HTTPException
    from urllib.parse import urlsplit
    from urllib.request import Request, urlopen

    try:
        parts = urlsplit(address.strip())
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise UpdateProblem(f"{address} is no address to ask: it begins with https://")
        asking = Request(parts.geturl(), headers={"User-Agent": "MLIPViewer"})
        with urlopen(asking, timeout=SECONDS) as answer:
            return release_of(answer.read(LONGEST))
    except (OSError, HTTPException, ValueError) as failure:
        reason = getattr(failure, "reason", failure) or type(failure).__name__
        said = f"{address} could not be asked for the newest version: {reason}"
        raise UpdateProblem(said) from failure


def release_of(answer: bytes) -> Release:
    """The release in an answer. Raises ValueError with the reason."""
    from packaging.version import InvalidVersion, Version

    try:
        found: Any = json.loads(answer)
    except (ValueError, RecursionError):
        raise ValueError("its answer is not JSON") from None
    for version, page in FORMS:
        told, where = _at(found, version), _at(found, page)
        if told:
            try:
                return Release(str(Version(told)), _address(where))
            except InvalidVersion:
                break
    raise ValueError("its answer names no version")


def _at(found: Any, path: str) -> str:
    """The text at `key.key` of an answer, '' where there is none."""
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def _address(text: str) -> str:
    """An address as it may be shown, '' for what is none."""
    fine = text.startswith(("https://", "http://")) and text.isascii() and text.isprintable()
    return text if fine and " " not in text and len(text) <= 300 else ""


def sentence(release: Release, own: str = __version__) -> str:
    """What to say of a release, '' where it is not newer."""
    from packaging.version import Version

    if Version(release.version) <= Version(own):
        return ""
    where = f": {release.page}" if release.page else "."
    return f"MLIPViewer {release.version} is there; this is {own}{where}"


def look_for_update(state: State, address: str, quiet: bool = False) -> State:
    """Ask the address in a job and tell what it says; a `quiet` question tells only of a newer
    version, and writes what failed into the log."""
    if not address.strip():
        return state if quiet else add_notice(state, Notice(NOBODY))

    def work(_progress: Progress) -> str:
        try:
            release = newest_release(address)
        except UpdateProblem as problem:
            if not quiet:
                raise
            log.info("%s", problem)
            return ""
        fine = f"This is the newest version, {__version__}."
        return sentence(release) or ("" if quiet else fine)

    def land(after: State, said: str) -> State:
        return add_notice(after, Notice(said)) if said else after

    errand = Errand("Look for a new version", work, land, prompt=True)
    return state.with_moment(errands=(*state.moment.errands, errand))


def begin_of_day() -> bool:
    """Whether a day has passed since this last said so. Where that cannot be kept it has not."""
    place = state_folder() / "asked_for_update"
    with suppress(OSError):
        if place.exists() and abs(time.time() - place.stat().st_mtime) < DAY:
            return False
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
        return True
    return False
