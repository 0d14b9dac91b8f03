"""What a session of a stranger must not do unasked: open files outside its folder, run programs.

A session that this user saved is known by its digest and not asked about.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

from mlipviewer.core.params import Params
from mlipviewer.io.alone import alone
from mlipviewer.io.files import write_text
from mlipviewer.io.small_json import strings_of
from mlipviewer.session.campaigns.seen import Draft
from mlipviewer.session.inputs import Input
from mlipviewer.session.saving.document import without_lost
from mlipviewer.session.saving.places import is_foreign, ways_out
from mlipviewer.session.settings.settings_file import settings_path
from mlipviewer.session.state import Document

PROGRAMS = ("calculator",)
"""Parameters that name code which is run."""

MOST_KNOWN = 1000


def _place() -> Path:
    return settings_path().parent / "saved-sessions.json"


def known_digests() -> list[str]:
    """Of sessions that this user saved or agreed to, the oldest first."""
    return strings_of(_place())


def trust(digest: str) -> None:
    """Remember a session that this user saved or agreed to. Raises OSError."""
    _place().parent.mkdir(parents=True, exist_ok=True)
    with alone(_place()):
        others = [one for one in known_digests() if one != digest]
        write_text(_place(), json.dumps([*others, digest][-MOST_KNOWN:], indent=0))


def is_trusted(digest: str) -> bool:
    return digest in known_digests()


# -- what is to be asked about -------------------------------------------------------------


def paths_of(one: Input) -> Iterator[str]:
    """All files that an input reads."""
    if one.joined is not None:
        joined = (*paths_of(one.joined.first), *paths_of(one.joined.second))
        yield from joined
        yield from (path for path in (one.path, *one.more) if path not in joined)
    else:
        yield from (one.path, *one.more)
        yield from _named_beside(one)


def _named_beside(one: Input) -> Iterator[str]:
    """Files that the user's decisions about a trajectory name."""
    try:
        choices = json.loads(one.choices) if one.choices else {}
    except (ValueError, RecursionError):
        return
    if isinstance(choices, dict):
        thermo = choices.get("thermo", ())
        many = [choices.get("topology", ""), *(thermo if isinstance(thermo, list) else ())]
        yield from (path for path in many if isinstance(path, str) and path)


def _named(document: Document) -> Iterator[str]:
    """All files that a document names."""
    yield from (path for one in document.inputs for path in paths_of(one))
    yield from (one.path for one in document.links)


def _leading_out(paths: Iterable[str], folder: Path) -> Iterator[str]:
    """What of them does not lie in the session's folder, links followed."""
    return (out for path in paths for out in ways_out(path, folder))


def programs(document: Document) -> tuple[str, ...]:
    """Code that panels or computed columns of the document would run."""
    asked = [one.params for one in document.computed]
    asked += [one.params for one in document.panels if one.params is not None]
    named = (getattr(one, name, "") for one in asked for name in PROGRAMS)
    return tuple(dict.fromkeys(str(one) for one in named if one))


def questions(document: Document, folder: Path, past: Sequence[Document] = ()) -> tuple[str, ...]:
    """What the user is to agree to, a sentence each; of the documents that undo brings back too."""
    every = (document, *past)
    named = dict.fromkeys(path for one in every for path in _named(one))
    asked = [f"opens {path}" for path in _leading_out(named, folder) if not is_foreign(path)]
    asked += [f"runs the calculator {name}" for one in every for name in programs(one)]
    asked += [sentence for one in every for sentence in _of_campaign(one.campaign)]
    return tuple(dict.fromkeys(asked))


def _of_campaign(draft: Draft) -> Iterator[str]:
    if draft.text or draft.file:
        yield "brings a campaign, which runs the programs it names when it is started"
    if draft.scheduler:
        yield f"lets the scheduler {draft.scheduler} run its campaign"


# -- without consent -----------------------------------------------------------------------


def without_programs(document: Document) -> Document:
    """No panel and no column of it runs anything, and it has no campaign to start."""
    panels = tuple(
        one if one.params is None else replace(one, params=_harmless(one.params))
        for one in document.panels
    )
    computed = tuple(one for one in document.computed if _harmless(one.params) == one.params)
    return replace(document, panels=panels, computed=computed, campaign=Draft())


def without_outside(document: Document, folder: Path) -> Document:
    """It names no file outside the folder: what is saved of it later asks for none."""
    inputs = tuple(one for one in document.inputs if not any(_leading_out(paths_of(one), folder)))
    links = tuple(one for one in document.links if not any(_leading_out([one.path], folder)))
    if (inputs, links) == (document.inputs, document.links):
        return document
    return without_lost(replace(document, inputs=inputs, links=links))


def without_addresses(document: Document) -> Document:
    """A design that lies on another computer is not looked after; its text stays."""
    draft = document.campaign
    if not is_foreign(draft.file):
        return document
    return replace(document, campaign=replace(draft, file=""))


def _harmless(params: Params) -> Params:
    named = {one.name for one in fields(params)} & set(PROGRAMS)
    return replace(params, **dict.fromkeys(named, "")) if named else params


def refused(document: Document, folder: Path, agreed: bool) -> dict[str, str]:
    """Inputs that are not to be read, and why: addresses of the network never are, files outside
    the folder only if the user agreed."""
    found = {}
    for one in document.inputs:
        paths = tuple(paths_of(one))
        foreign = next((path for path in paths if is_foreign(path)), None)
        if foreign is not None:
            found[one.name] = f"{foreign} is an address, not a file of this computer: not opened"
        elif not agreed and (out := next(_leading_out(paths, folder), "")):
            found[one.name] = f"{out} lies outside the session's folder: not opened"
    return found


def past_of(past: Sequence[tuple[Document, str]], agreed: bool) -> list[tuple[Document, str]]:
    """What undo may bring back, the oldest first: nothing unless the user agreed, and nothing from
    a document on, back in time, that names an address of the network."""
    found: list[tuple[Document, str]] = []
    for document, label in reversed(past if agreed else ()):
        if any(is_foreign(path) for path in _named(document)):
            break
        found.append((without_addresses(document), label))
    return found[::-1]
