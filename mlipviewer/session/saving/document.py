"""The Document as plain JSON and back: inputs by where they lie from the session file, panels and
columns with the parameters of their analyses. What cannot hold is told and left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.core.computation import Asked
from mlipviewer.core.params import Params, param_help
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import FOLLOWED, all_panels, start_panels
from mlipviewer.session.saving.places import near, whole_path, with_paths
from mlipviewer.session.saving.typed import (
    SPECIAL,
    Misfit,
    Reading,
    Room,
    as_plain,
    record_from,
)
from mlipviewer.session.state import Document, Panel, frozen

At = tuple[str, ...]


FIELDS = tuple(one.name for one in fields(Document))


def plain_document(
    document: Document, folder: Path, names: Collection[str] = FIELDS
) -> dict[str, Any]:
    """The document, or the named parts of it, as JSON with paths from `folder` on."""
    found = {name: as_plain(getattr(document, name)) for name in FIELDS if name in names}
    if "inputs" in found:
        found["inputs"] = [_plain_input(one, folder) for one in document.inputs]
    if "links" in found:
        pairs = zip(found["links"], document.links, strict=True)
        found["links"] = [{**plain, "path": near(one.path, folder)} for plain, one in pairs]
    if "campaign" in found and document.campaign.file:
        found["campaign"] = {**found["campaign"], "file": near(document.campaign.file, folder)}
    return found


def _plain_input(one: Input, folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = as_plain(one)
    found = {("role" if name == "kind" else name): value for name, value in found.items()}
    found["path"] = near(one.path, folder)
    found["more"] = [near(path, folder) for path in one.more]
    found["choices"] = with_paths(one.choices, lambda path: near(path, folder))
    if one.joined is not None:
        first, second = one.joined.first, one.joined.second
        found["joined"] |= {"first": _plain_input(first, folder)}
        found["joined"] |= {"second": _plain_input(second, folder)}
    return found


def document_from(value: Any, folder: Path, reading: Reading) -> Document:
    """The document of a session in `folder`. Whatever is wrong with it, something comes of it."""
    at: At = ("document",)
    if not isinstance(value, Mapping):
        reading.tell(at, "is not a mapping; an empty one is opened")
        return Document(panels=start_panels())
    value = {"panels": as_plain(start_panels()), **_absolute(value, folder)}
    document = record_from(Document, value, at, reading)
    return _coherent(document, reading)


def parts_from(value: Mapping[str, Any], folder: Path, room: Room | None = None) -> dict[str, Any]:
    """Those parts of a document that are given and can be read, in the `room` that is left."""
    reading = Reading(room or Room())
    document = record_from(Document, _absolute(value, folder), ("document",), reading)
    document = _drawable(document, reading)
    return {name: getattr(document, name) for name in FIELDS if name in value}


def _absolute(value: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The document with whole paths, where there are any."""

    def whole(one: Any) -> Any:
        if not isinstance(one, Mapping):
            return one
        found = dict(one)
        if isinstance(found.get("path"), str):
            found["path"] = whole_path(found["path"], folder)
        if isinstance(found.get("more"), list):
            more = found["more"]
            found["more"] = [whole_path(p, folder) if isinstance(p, str) else p for p in more]
        if isinstance(found.get("choices"), str):
            found["choices"] = with_paths(found["choices"], lambda path: whole_path(path, folder))
        if isinstance(found.get("joined"), Mapping):
            joined = found["joined"]
            parts = {name: whole(joined[name]) for name in ("first", "second") if name in joined}
            found["joined"] = {**joined, **parts}
        return found

    lists = {name: value[name] for name in ("inputs", "links") if isinstance(value.get(name), list)}
    found = {**value, **{name: [whole(one) for one in many] for name, many in lists.items()}}
    draft = value.get("campaign")
    if isinstance(draft, Mapping) and isinstance(draft.get("file"), str) and draft["file"]:
        found["campaign"] = {**draft, "file": whole_path(draft["file"], folder)}
    return found


# -- what is read in a way of its own -------------------------------------------------------


def _input(value: Any, at: At, reading: Reading) -> Input:
    if not isinstance(value, Mapping):
        raise Misfit("an input is a mapping")
    named = {("kind" if name == "role" else name): one for name, one in value.items()}
    named.pop("fingerprint", None)
    one: Input = record_from(Input, named, at, reading, {"choices": _choices})
    if not one.path or "\0" in one.path:
        raise Misfit("an input has a path")
    if one.joined is not None and one.kind is not Kind.TABLE:
        raise Misfit("only tables are joined")
    return one


def _choices(value: Any, _at: At, _reading: Reading) -> str:
    """What was decided about an input, as JSON; a mapping, or nothing."""
    try:
        good = isinstance(value, str) and (not value or isinstance(json.loads(value), dict))
    except (ValueError, RecursionError):
        good = False
    if not good:
        raise Misfit("is no mapping as JSON")
    return str(value)


def _panel(value: Any, at: At, reading: Reading) -> Panel:
    if not isinstance(value, Mapping):
        raise Misfit("a panel is a mapping")
    analysis, view = value.get("analysis", ""), value.get("view")
    if not isinstance(view, str) or view not in {one.view for one in all_panels()}:
        raise Misfit(f"there is no view {view!r}")
    if not analysis and view == "plot":
        raise Misfit("a plot has an analysis")
    if analysis and (not isinstance(analysis, str) or analysis not in ANALYSES):
        raise Misfit(f"there is no analysis {analysis!r}")
    params = partial(_params, ANALYSES[analysis].params) if analysis else _no_params
    panel: Panel = record_from(Panel, value, at, reading, {"params": params})
    if not analysis:
        return panel
    if panel.plot not in ANALYSES[analysis].plots:
        raise Misfit(f"{analysis} has no plot {panel.plot!r}")
    if panel.params is None:
        panel = replace(panel, params=ANALYSES[analysis].params())
    names = param_help(ANALYSES[analysis].params)
    follows = tuple(one for one in panel.follows if one[0] in names and one[1] in FOLLOWED)
    return panel if follows == panel.follows else replace(panel, follows=follows)


def _asked(value: Any, at: At, reading: Reading) -> Asked:
    name = value.get("computation") if isinstance(value, Mapping) else None
    if not isinstance(name, str) or name not in COMPUTATIONS:
        raise Misfit(f"there is no computation {name!r}")
    own = {"params": partial(_params, COMPUTATIONS[name].params)}
    asked: Asked = record_from(Asked, value, at, reading, own)
    return asked


def _no_params(_value: Any, _at: At, _reading: Reading) -> None:
    return None


def _params(kind: type[Params], value: Any, at: At, reading: Reading) -> Params:
    """Parameters of an analysis; those out of their bounds are the usual ones."""
    found: Params = record_from(kind, value, at, reading)
    for name, about in param_help(kind).items():
        given = getattr(found, name)
        reason = ""
        if about.choices and isinstance(given, str) and given not in about.choices:
            reason = f"{given!r} is not one of {', '.join(about.choices)}"
        elif isinstance(given, int | float) and not isinstance(given, bool):
            low, high = about.low, about.high
            outside = (low is not None and not given >= low) or (
                high is not None and not given <= high
            )
            reason = f"{given:g} is out of bounds" if outside else ""
        if reason:
            reading.tell((*at, name), f"{reason}; the usual is taken")
            usual = next(one.default for one in fields(kind) if one.name == name)
            found = replace(found, **{name: usual})
    return found


SPECIAL.update({Input: _input, Panel: _panel, Asked: _asked})


# -- what must agree ------------------------------------------------------------------------


def _coherent(document: Document, reading: Reading) -> Document:
    """A document whose parts agree: each name once, nothing of inputs that are not there, and
    numbers that drawing can do with."""
    for mend in (_inputs_once, _panels_once, _of_inputs, _drawable):
        document = mend(document, reading)
    return document


def _once(many: tuple[Any, ...], key: Callable[[Any], str]) -> tuple[Any, ...]:
    return tuple({key(one): one for one in reversed(many)}.values())[::-1]


def _inputs_once(document: Document, reading: Reading) -> Document:
    inputs = _once(document.inputs, lambda one: one.name)
    if len(inputs) < len(document.inputs):
        reading.tell(("document", "inputs"), "two have the same name; the first is taken")
    return replace(document, inputs=inputs)


def _panels_once(document: Document, reading: Reading) -> Document:
    panels = _once(document.panels, lambda one: one.id)
    if len(panels) < len(document.panels):
        reading.tell(("document", "panels"), "two have the same id; the first is taken")
    return replace(document, panels=panels)


def without_lost(document: Document) -> Document:
    """Nothing of inputs that are not there any more."""
    return _of_inputs(document, Reading())


def _of_inputs(document: Document, reading: Reading) -> Document:
    names = {one.name for one in document.inputs}
    paths = {one.path for one in document.inputs}
    links = tuple(one for one in document.links if one.role != "trajectory" or one.path in paths)
    if len(links) < len(document.links):
        reading.tell(("document", "links"), "some name no file of the session; left out")
    selected = {key: one for key, one in document.selected.items() if key[1] in names}
    changes: dict[str, Any] = {"links": links, "selected": frozen(selected)}
    for name in ("table", "trajectory"):
        shown = getattr(document, name)
        if shown is not None and shown not in names:
            reading.tell(("document", name), f"{shown!r} is no file of the session")
            changes[name] = None
    if document.frame < 0 or document.frame > 2**31:
        reading.tell(("document", "frame"), f"{document.frame} is no frame; the first is shown")
        changes["frame"] = 0
    return replace(document, **changes)


MOST_IMAGES = 9
BOUNDS: Mapping[str, tuple[float, float]] = {
    "radius": (0.05, 10.0),
    "selected_opacity": (0.0, 1.0),
}


def _drawable(document: Document, reading: Reading) -> Document:
    """Numbers that would take all memory or time, or draw nothing, are brought in bounds."""
    looks, play = document.looks, document.playback
    tame: dict[str, Any] = {
        name: min(max(getattr(looks, name), low), high) for name, (low, high) in BOUNDS.items()
    }
    tame["images"] = tuple(min(max(n, 1), MOST_IMAGES) for n in looks.images)
    tame["labels"] = replace(looks.labels, size=min(max(looks.labels.size, 4), 72))
    tame["text"] = replace(looks.text, size=min(max(looks.text.size, 4), 72))
    tamed = replace(looks, **tame)
    playing = replace(
        play,
        fps=min(max(play.fps, 1), 120),
        every=min(max(play.every, 1), 2**31),
        speed=min(max(play.speed, 1e-3), 1e3),
    )
    if tamed != looks or playing != play:
        reading.tell(("document",), "numbers out of bounds are brought in bounds")
    return replace(document, looks=tamed, playback=playing)
