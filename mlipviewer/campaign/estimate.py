"""What a campaign costs, before it is begun and while it runs: pieces of work and their seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlipviewer.campaign import FAMILIES, PROPERTIES
from mlipviewer.campaign.design import Design
from mlipviewer.campaign.design_file import MOST

SECONDS_EACH = 0.01
"""of forces on 64 atoms, before anything was measured"""
SET_SECONDS = 20.0
SET, TRAIN, PROPERTY = "set", "train", "property"
Sort = tuple[str, str]
"""The kind of a piece of work and its family or property; all sets are one sort, called ''."""


@dataclass(frozen=True)
class Cost:
    """Pieces of one sort: how many, how many are done and failed, seconds of one of them."""

    kind: str
    name: str
    count: int
    seconds: float
    done: int = 0
    failed: int = 0
    measured: bool = False

    @property
    def left(self) -> float:
        """Seconds of the pieces that remain, one after the other."""
        return max(self.count - self.done, 0) * self.seconds


def sorts_of(design: Design) -> Mapping[Sort, tuple[int, float]]:
    """Of each sort: how many pieces there are when all is done, and a guess of the seconds of one.
    Nothing is sampled for it. Raises KeyError for an unknown family or property."""
    found: dict[Sort, tuple[int, float]] = {(SET, ""): (len(design.sets), SET_SECONDS)}
    for part in design.families:
        n, _ = found.get((TRAIN, part.family), (0, 0.0))
        trained = n + part.candidates * len(part.sets)
        found[TRAIN, part.family] = (trained, FAMILIES[part.family].seconds)
    for name in design.properties:
        judged = 1 + models_of(design, design.subset.get(name, MOST))
        found[PROPERTY, name] = (judged, PROPERTIES[name].cost * SECONDS_EACH)
    return found


def models_of(design: Design, most: int = MOST) -> int:
    """How many models are judged; `most` of each family and set, where costly properties are asked
    of some only."""
    trained = sum(min(part.models, most) * len(part.sets) for part in design.families)
    return trained + len(design.existing)


def costs_of(design: Design) -> tuple[Cost, ...]:
    """What all of it costs by what families and properties say of themselves."""
    return tuple(Cost(*sort, count, each) for sort, (count, each) in sorts_of(design).items())


def seconds_left(costs: Sequence[Cost], room: int = 1) -> float:
    """Seconds until all is done where so many pieces are worked on at once."""
    return sum(cost.left for cost in costs) / max(room, 1)


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 3600:.1f} h" if seconds > 5400 else f"{seconds / 60:.1f} min"
