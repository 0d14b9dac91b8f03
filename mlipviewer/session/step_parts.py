"""What a step of history changed: its kind, and the change in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import NONE
from mlipviewer.session.state import Document


class Part(StrEnum):
    """What most of a change is about; the names of icons (gui/icons.py)."""

    FILES = "files"
    MODELS = "models"
    PANELS = "panels"
    ATOMS = "atoms"
    TIME = "time"


_PARTS: dict[str, tuple[Part, str]] = {
    "inputs": (Part.FILES, "open files"),
    "links": (Part.FILES, "links"),
    "links_of_focus": (Part.FILES, "which links are listed"),
    "campaign": (Part.FILES, "the design of the campaign"),
    "panels": (Part.PANELS, "panels and their parameters"),
    "workspace": (Part.PANELS, "the workspace"),
    "figures": (Part.PANELS, "composite figures"),
    "table": (Part.MODELS, "the shown table"),
    "focus": (Part.MODELS, "the model in focus"),
    "axes": (Part.MODELS, "the metrics of the axes"),
    "condition": (Part.MODELS, "the filter"),
    "sorting": (Part.MODELS, "the order of models"),
    "shaded": (Part.MODELS, "the shades of cells"),
    "hidden": (Part.MODELS, "hidden columns"),
    "arranged": (Part.MODELS, "the order of columns"),
    "grouped": (Part.MODELS, "the grouping of columns"),
    "trajectory": (Part.TIME, "the shown trajectory"),
    "comparison": (Part.TIME, "runs side by side"),
    "frame": (Part.TIME, "the frame"),
    "playback": (Part.TIME, "how it plays"),
    "ranges": (Part.TIME, "the played range"),
    "bookmarks": (Part.TIME, "bookmarks"),
    "events": (Part.TIME, "the list of events"),
    "key_views": (Part.TIME, "key views"),
    "sets": (Part.MODELS, "named sets"),
}
"""Fields of the document; those that are not named are about atoms."""

_ATOMS = {
    "computed": "computed columns",
    "colouring": "the colours of atoms",
    "further": "further panes",
    "looks": "how atoms are drawn",
    "visible": "which atoms are shown",
    "dimmed": "dimmed atoms",
    "measurements": "measurements",
    "periodic": "nearest images",
    "reach": "the reach of neighbours",
    "followed": "the followed atom",
    "traces": "traces",
    "sites_drawn": "drawn sites",
}
_OF_SPACE = {Space.MODEL: Part.MODELS, Space.METRIC: Part.MODELS, Space.FRAME: Part.TIME}
MOST_WORDS = 60


def parts_of(before: Document, after: Document) -> tuple[Part, tuple[str, ...]]:
    """(the kind of a step, a line for each thing that it changed)."""
    found = [
        line
        for field in fields(Document)
        if getattr(before, field.name) is not getattr(after, field.name)
        for line in _told(field.name, before, after)
    ]
    kinds = [kind for kind, _ in found]
    kind = next((one for one in Part if one in kinds), Part.PANELS)
    return kind, tuple(dict.fromkeys(words for _, words in found))


def _told(name: str, before: Document, after: Document) -> Iterator[tuple[Part, str]]:
    if name == "selected":
        yield from _selections(before, after)
        return
    kind, words = _PARTS.get(name) or (Part.ATOMS, _ATOMS.get(name, name))
    old, new = getattr(before, name), getattr(after, name)
    if old == new:
        return
    if name == "frame":
        words = f"frame {old + 1} → {new + 1}"
    elif name == "condition":
        words = f"filter: {_short(old)} → {_short(new)}"
    elif name in ("table", "trajectory"):
        words = f"{words}: {_short(old or '')} → {_short(new or '')}"
    elif name in ("inputs", "links", "panels", "bookmarks", "sets", "measurements", "key_views"):
        words = f"{words}: {len(old)} → {len(new)}" if len(old) != len(new) else words
    yield kind, words


def _selections(before: Document, after: Document) -> Iterator[tuple[Part, str]]:
    for owner in dict.fromkeys((*before.selected, *after.selected)):
        old, new = before.selected.get(owner, NONE), after.selected.get(owner, NONE)
        if old is not new and (len(old) or len(new)):
            space, name = owner
            words = f"selected {space.value}s of {name}: {len(old):,} → {len(new):,}"
            yield _OF_SPACE.get(space, Part.ATOMS), words


def _short(text: str) -> str:
    if len(text) > MOST_WORDS:
        return f"{text[:MOST_WORDS]}..."
    return text or "none"
