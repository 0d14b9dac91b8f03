"""Plug-ins: things that other packages offer by entry points. What fails is listed, and costs only
itself.

A package says in its `pyproject.toml`, for each thing, its name and where it is:

    [project.entry-points."mlipviewer.analyses"]
    spread = "my_package:ANALYSIS"

Nothing is imported before it is asked for. `Requires-Dist: mlipviewer>=0.1,<0.2` of the package is
kept: with another version of this program its plug-ins are not imported.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import Distribution, EntryPoint, entry_points
from threading import RLock
from typing import Any, TypeVar

from mlipviewer import __version__
from mlipviewer.core.own_program import safe_mode

log = logging.getLogger(__name__)

OFF = "MLIPVIEWER_NO_PLUGINS"
"""While this is set in the environment there are none; processes that are started inherit it."""

Thing = TypeVar("Thing")


class Kind(StrEnum):
    """What a plug-in may be; the value is the group of its entry points."""

    ANALYSIS = "mlipviewer.analyses"
    COMPUTATION = "mlipviewer.computations"
    READER = "mlipviewer.readers"
    PROPERTY = "mlipviewer.properties"
    FAMILY = "mlipviewer.families"
    COLOUR_MAP = "mlipviewer.colour_maps"
    EXPORT = "mlipviewer.exports"

    @property
    def word(self) -> str:
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Plugin:
    """One of them as it is listed. `problem`: why it is not used, or how it failed last."""

    kind: Kind
    name: str
    package: str
    version: str
    place: str  # module:constant
    problem: str = ""
    loaded: bool = False

    @property
    def title(self) -> str:
        return f"plug-in {self.name} of {self.package} {self.version}".rstrip()


@dataclass
class _Known:
    """What was found and loaded, until it is forgotten."""

    points: dict[tuple[Kind, str], EntryPoint] | None = None
    things: dict[tuple[Kind, str], Any] = field(default_factory=dict)
    problems: dict[tuple[Kind, str], str] = field(default_factory=dict)
    doubles: list[Plugin] = field(default_factory=list)


_known = _Known()
_lock = RLock()


def switch_off() -> None:
    """No plug-ins from now on, in this process and those that it starts."""
    os.environ[OFF] = "1"
    forget()


def forget() -> None:
    """Look for them anew when they are asked for."""
    with _lock:
        _known.points = None
        _known.things.clear()
        _known.problems.clear()
        _known.doubles.clear()


def _points() -> dict[tuple[Kind, str], EntryPoint]:
    with _lock:
        if _known.points is None:
            _known.points = {}
            every = entry_points()
            for kind in () if is_off() else Kind:
                for point in every.select(group=kind.value):
                    _add(kind, point, _known.points)
        return _known.points


def _add(kind: Kind, point: EntryPoint, points: dict[tuple[Kind, str], EntryPoint]) -> None:
    first = points.setdefault((kind, point.name), point)
    if first is not point and first.value != point.value:
        taken = f"the name is taken by {_package(first)[0]}"
        _known.doubles.append(_listed(kind, point, taken))


def names(kind: Kind) -> tuple[str, ...]:
    """The names of the plug-ins of a kind, nothing imported."""
    return tuple(name for of, name in _points() if of is kind)


def load(kind: Kind, name: str, wanted: type[Thing]) -> Thing | None:
    """The thing of that name; None where there is none, or it does not load (then it is listed as
    failed)."""
    point = _points().get((kind, name))
    if point is None:
        return None
    key = (kind, name)
    with _lock:
        if key not in _known.things:
            _known.things[key], problem = _loaded(point, wanted)
            if problem:
                _known.problems[key] = problem
                log.warning("%s: %s", _listed(kind, point).title, problem)
        thing = _known.things[key]
    return thing if isinstance(thing, wanted) else None


def _loaded(point: EntryPoint, wanted: type) -> tuple[Any, str]:
    """(the thing, '') or (None, why not)."""
    reason = _bound(point.dist)
    if reason:
        return None, reason
    try:
        thing = point.load()
    except (Exception, SystemExit) as problem:  # whatever a stranger's module does
        log.debug("a plug-in does not load", exc_info=True)
        return None, f"it does not load: {one_line(problem)}"
    if not isinstance(thing, wanted):
        return None, f"{point.value} is no {wanted.__name__}"
    called = getattr(thing, "name", point.name)
    if called != point.name:
        return None, f"{point.value} calls itself {called!r}, its entry point {point.name!r}"
    return thing, ""


def _bound(package: Distribution | None) -> str:
    """Why this version of the program is not for the package; '' where it is."""
    from packaging.requirements import InvalidRequirement, Requirement

    for text in (package.requires or ()) if package is not None else ():
        try:
            asked = Requirement(text)
        except InvalidRequirement:
            continue
        ours = asked.name.lower() == "mlipviewer"
        if ours and not asked.specifier.contains(__version__, prereleases=True):
            return f"it is made for mlipviewer {asked.specifier}, this is {__version__}"
    return ""


def failed(kind: Kind, name: str, problem: BaseException) -> str:
    """Remember how one failed at work; the sentence that tells the user."""
    point = _points().get((kind, name))
    said = f"it failed: {one_line(problem)}"
    with _lock:
        _known.problems[kind, name] = said
    log.debug("a plug-in failed", exc_info=problem)
    title = f"plug-in {name}" if point is None else _listed(kind, point).title
    return f"{title}: {one_line(problem)}"


def refuse(kind: Kind, name: str, reason: str) -> None:
    """Remember why one is not used."""
    with _lock:
        _known.problems.setdefault((kind, name), reason)


def one_line(problem: BaseException) -> str:
    said = " ".join(str(problem).split())[:300]
    return f"{type(problem).__name__}: {said}" if said else type(problem).__name__


def listed(wanted: Mapping[Kind, type] | None = None) -> tuple[Plugin, ...]:
    """All plug-ins with what is known of them. With the types of things by kind they are loaded
    first, which takes as long as their imports do."""
    for kind, name in tuple(_points()):
        if wanted and kind in wanted and (kind, name) not in _known.problems:
            load(kind, name, wanted[kind])
    with _lock:
        found = [_listed(kind, point) for (kind, _), point in _points().items()]
        return (*found, *_known.doubles)


def is_off() -> bool:
    """Whether there are none because they are switched off."""
    return safe_mode() or bool(os.environ.get(OFF))


def _listed(kind: Kind, point: EntryPoint, problem: str = "") -> Plugin:
    package, version = _package(point)
    key = (kind, point.name)
    why = problem or _known.problems.get(key, "")
    there = not problem and _known.things.get(key) is not None
    return Plugin(kind, point.name, package, version, point.value, why, there)


def _package(point: EntryPoint) -> tuple[str, str]:
    return ("unknown", "") if point.dist is None else (point.dist.name, point.dist.version)
