"""Looking at a design and at the folder of its campaign, in whatever thread asks."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from mlipviewer.campaign import FAMILIES, PROPERTIES
from mlipviewer.campaign.beat import running
from mlipviewer.campaign.calculators import SHORT
from mlipviewer.campaign.design_file import design_of
from mlipviewer.campaign.editing import range_text
from mlipviewer.campaign.environments import ENVIRONMENTS, is_there, missing
from mlipviewer.campaign.estimate import SECONDS_EACH, costs_of
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.family import Family
from mlipviewer.campaign.folder import Folder, design_in
from mlipviewer.campaign.journal import Entry, light_entries
from mlipviewer.campaign.places import line_of
from mlipviewer.campaign.plan import Plan
from mlipviewer.campaign.runner import progress_of
from mlipviewer.session.campaigns.seen import (
    Catalogue,
    FamilySheet,
    PropertySheet,
    Range,
    Reading,
    Reason,
    Standing,
)

MOST_REASONS = 40


def read_text(text: str) -> Reading:
    """What a text says. Nothing is sampled or read for it."""
    try:
        design = design_of(tomllib.loads(text))
        Plan(design, Folder(Path()))
        return Reading(text, design, costs=costs_of(design))
    except tomllib.TOMLDecodeError as problem:
        said = f"this is no TOML: {problem}"
    except DesignProblem as problem:
        said = str(problem)
    return Reading(text, problem=said, line=line_of(text, said))


def catalogue() -> Catalogue:
    """What there is to choose from on this computer."""
    families = tuple(_sheet(one) for one in FAMILIES.values())
    properties = tuple(
        PropertySheet(one.name, one.about, one.cost * SECONDS_EACH) for one in PROPERTIES.values()
    )
    return Catalogue(families, properties, tuple(SHORT))


def _sheet(one: Family) -> FamilySheet:
    ranges = tuple(Range(name, d.about, range_text(d)) for name, d in one.space.items())
    sheet = FamilySheet(
        one.name, one.label, one.title, one.about, ranges, one.seconds, absent_of(one)
    )
    if one.environment not in ENVIRONMENTS or is_there(one.environment):
        return sheet
    size = ENVIRONMENTS[one.environment].gigabytes
    return replace(sheet, to_make=one.environment, gigabytes=size)


def absent_of(one: Family) -> str:
    """What is missing to train a family here; '' for nothing."""
    if one.environment and not is_there(one.environment):
        return missing(one.environment)
    absent = [need for need in one.needs if find_spec(need) is None]
    return f"needs {absent[0]}: pip install mlipviewer[{absent[0]}]" if absent else ""


class Watch:
    """Looks at one folder again and again, and computes anew only what has changed."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._plan: tuple[object, Plan | None] = (None, None)
        self._seen: object = None
        self._known: Standing = Standing(str(folder.path))

    def look(self, message: str = "", begun: bool = False) -> Standing:
        """How far the campaign is now; `begun`: a process of ours is alive. Raises ReadProblem,
        DesignProblem."""
        who = running(self.folder)
        design, results = _stamp(self.folder.design_file), self._stamps()
        if design is None:
            own = str(self.folder.path)
            return Standing(own, who, message=message, starting=begun and who is None)
        if self._plan[0] != design:
            self._plan = (design, Plan(design_in(self.folder), self.folder))
        if self._seen != (design, results):
            self._known = self._standing()
            self._seen = (design, results)
        known = self._known
        table = str(self.folder.table) if self.folder.table.is_file() else ""
        starting = begun and who is None
        return Standing(known.folder, who, known.costs, known.reasons, table, message, starting)

    def _stamps(self) -> object:
        journal = self.folder.journal
        return _stamp(journal), _stamp(journal.with_name(f"{journal.name}-wal"))

    def _standing(self) -> Standing:
        plan = self._plan[1]
        assert plan is not None
        known = light_entries(self.folder.journal) if self.folder.journal.is_file() else {}
        return Standing(str(self.folder.path), None, progress_of(plan, known), reasons_of(known))


def reasons_of(known: Mapping[str, Entry]) -> tuple[Reason, ...]:
    """Why results are missing, the commonest reason first."""
    failed = [entry for entry in known.values() if not entry.good]
    counts = Counter((entry.name, entry.reason) for entry in failed)
    models = {(entry.name, entry.reason): entry.model for entry in failed}
    return tuple(
        Reason(count, name, models[name, why], why)
        for (name, why), count in counts.most_common(MOST_REASONS)
    )


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
