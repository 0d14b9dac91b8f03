"""The history in a session file: of each earlier document what was different in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlipviewer.session.saving.document import FIELDS, parts_from, plain_document
from mlipviewer.session.saving.typed import Reading
from mlipviewer.session.state import Document

MOST_CHARACTERS = 16_000_000
"""Of all steps together; the oldest are left out beyond that."""


@dataclass(frozen=True, eq=False)
class Past:
    """A document that undo puts back, and the name of the change that left it."""

    document: Document
    label: str


def plain_past(past: Sequence[Past], now: Document, folder: Path) -> list[dict[str, Any]]:
    """The steps, oldest first: each with the parts of its document that the next one changed."""
    found: list[dict[str, Any]] = []
    after, room = now, MOST_CHARACTERS
    for step in reversed(past):
        plain = _changed(step.document, after, folder)
        room -= len(json.dumps(plain))
        if room < 0:
            break
        found.append({"label": step.label, "before": plain})
        after = step.document
    return found[::-1]


def _changed(one: Document, other: Document, folder: Path) -> dict[str, Any]:
    """The parts of a document that are not those of the other, as JSON."""
    names = tuple(name for name in FIELDS if getattr(one, name) is not getattr(other, name))
    plain, others = (plain_document(document, folder, names) for document in (one, other))
    return {name: part for name, part in plain.items() if part != others[name]}


def past_from(value: Any, now: Document, folder: Path, reading: Reading) -> tuple[Past, ...]:
    """The steps of a session file, up to the first (from the newest) that is not readable."""
    steps = value if isinstance(value, list) else []
    found: list[Past] = []
    after = now
    for number, step in reversed(list(enumerate(steps, 1))):
        before = step.get("before") if isinstance(step, Mapping) else None
        label = step.get("label") if isinstance(step, Mapping) else None
        if not isinstance(before, Mapping) or not isinstance(label, str):
            reading.tell(("past", str(number)), "is not readable; undo ends there")
            break
        parts = parts_from(before, folder, reading.room)
        after = replace(after, **parts)
        found.append(Past(after, label))
    return tuple(reversed(found))
