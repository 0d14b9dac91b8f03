"""What the window knows of a campaign: frozen records of its design, of its cost, of how far it is,
and of what a design can choose from."""

from __future__ import annotations

from dataclasses import dataclass, field

from mlipviewer.campaign.beat import Running
from mlipviewer.campaign.design import Design
from mlipviewer.campaign.estimate import Cost


@dataclass(frozen=True)
class Draft:
    """A design as it is being written (a part of the Document), and how it is to be run. `file` is
    where it is kept; the campaign's folder lies beside it."""

    text: str = ""
    file: str = ""
    workers: int = 1
    scheduler: str = ""
    goes_on: bool = False  # when the window is closed


@dataclass(frozen=True)
class Range:
    """A hyper-parameter: what it is, and the range that a family offers."""

    name: str
    about: str
    text: str


@dataclass(frozen=True)
class FamilySheet:
    """A family to choose; `absent`: why it cannot be trained on this computer now; `to_make`: the
    environment that would help, which takes so many `gigabytes`."""

    name: str
    label: str
    title: str
    about: str
    ranges: tuple[Range, ...]
    seconds: float
    absent: str = ""
    to_make: str = ""
    gigabytes: float = 0.0


@dataclass(frozen=True)
class PropertySheet:
    name: str
    about: str
    seconds: float


@dataclass(frozen=True)
class Catalogue:
    """What a design can choose from."""

    families: tuple[FamilySheet, ...] = ()
    properties: tuple[PropertySheet, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Reading:
    """What the text of a draft says: a design and its cost, or the problem and its line (0 for
    none in particular)."""

    text: str
    design: Design | None = None
    problem: str = ""
    line: int = 0
    costs: tuple[Cost, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why pieces of one kind failed: how many, one of them by its model, the reason."""

    count: int
    name: str
    model: str
    reason: str


@dataclass(frozen=True)
class Standing:
    """How far the campaign of a folder is: who runs it, its work, why some of it failed, its table
    ('' while there is none), what its process said last where it ended badly; `starting`: the
    process was begun and gave no sign of life yet."""

    folder: str
    running: Running | None = None
    costs: tuple[Cost, ...] = ()
    reasons: tuple[Reason, ...] = ()
    table: str = ""
    message: str = ""
    starting: bool = False

    @property
    def n_done(self) -> int:
        return sum(cost.done for cost in self.costs)

    @property
    def n_failed(self) -> int:
        return sum(cost.failed for cost in self.costs)

    @property
    def n_total(self) -> int:
        return sum(cost.count for cost in self.costs)

    @property
    def ended(self) -> bool:
        return bool(self.costs) and self.n_done >= self.n_total


@dataclass(frozen=True, eq=False)
class Seen:
    """All of it (a part of the Moment)."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    reading: Reading | None = None
    standing: Standing | None = None
