"""Running a campaign to its end or until somebody asks it to stop, its table written meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable

from mlipviewer.campaign.beat import Beat, running
from mlipviewer.campaign.editing import with_part
from mlipviewer.campaign.engines import Engine
from mlipviewer.campaign.estimate import SET, TRAIN
from mlipviewer.campaign.export import export
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import Folder, design_in
from mlipviewer.campaign.given_models import existing_of
from mlipviewer.campaign.journal import Entry, Journal
from mlipviewer.campaign.plan import REFERENCE, Piece, Plan
from mlipviewer.campaign.runner import Run
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.io.files import write_text

FIRST, OFTEN = 2.0, 5.0
"""s until the table is written the first time, and at least between two times."""
SHARE = 0.05
"""of the time at most goes into writing it"""
Told = Callable[[Run, Entry], None]


def drive(
    plan: Plan,
    journal: Journal,
    engine: Engine,
    told: Told = lambda _run, _entry: None,
    wanted: Callable[[Piece], bool] = lambda _piece: True,
) -> Run:
    """Do all that is wanted; the table grows meanwhile and is written at the end, also when it is
    stopped. Raises Cancelled."""
    table = _Growing(plan)

    def heard(entry: Entry) -> None:
        told(run, entry)
        table.grow(run)

    run = Run(plan, journal, engine, heard, wanted)
    progress = Progress()
    with Beat(plan.folder, engine.room, progress):
        try:
            run.go(progress)
        finally:
            export(plan, run.known)
    return run


class _Growing:
    """Writes the table now and then: the longer that takes, the more seldom."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._next = time.monotonic() + FIRST

    def grow(self, run: Run) -> None:
        began = time.monotonic()
        if began < self._next:
            return
        export(self._plan, run.known)
        ended = time.monotonic()
        self._next = ended + max(OFTEN, (ended - began) / SHARE)


def not_running(folder: Folder) -> None:
    """Raises DesignProblem where a process runs the campaign."""
    who = running(folder)
    if who is not None:
        raise DesignProblem(f"{who} runs this campaign: stop it first")


def add_model(
    folder: Folder, name: str, spec: str, settings: dict[str, object], source: str = ""
) -> Plan:
    """The plan of the campaign with one more existing model, as its design says from now on, and
    as the text `source` says (a path of a design file). Raises DesignProblem, OSError."""
    not_running(folder)
    design = design_in(folder)
    one = existing_of(name, spec, settings, design.crystal.element, folder.given)
    before = Plan(design, folder)
    names = {c.name for _, _, group in before.groups for c in group} | {REFERENCE}
    if name in names | {old.name for old in design.existing}:
        raise DesignProblem(f"there is a model {name!r} in this campaign")
    said = {"name": name, "calculator": one.calculator}
    more = {"settings": dict(one.settings)} if one.settings else {}
    for path in dict.fromkeys((str(folder.design_file), source)):
        if path:
            text = folder.path.joinpath(path).read_text(encoding="utf-8")
            write_text(folder.path.joinpath(path), with_part(text, "existing", said | more))
    return Plan(design_in(folder), folder)


def judge(plan: Plan, journal: Journal, engine: Engine, name: str, told: Told) -> Run:
    """Compute the properties of one model, and of the reference where they are not known. Raises
    Cancelled."""

    def wanted(piece: Piece) -> bool:
        return piece.kind == SET or (piece.kind != TRAIN and piece.model in (name, REFERENCE))

    return drive(plan, journal, engine, told, wanted)


__all__ = ["Cancelled", "add_model", "drive", "judge", "not_running"]
