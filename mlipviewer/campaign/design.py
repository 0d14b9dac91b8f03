"""The design of a campaign: which models, trained on what, judged by which properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Settings = Mapping[str, Any]

KINDS = ("bulk", "strained", "vacancy", "interstitial", "surface", "liquid", "phases", "rare")
"""Kinds of structures that a generated set can hold."""
HOPPING = ("vacancy", "interstitial")
"""Defects whose hops are rare events."""
SAMPLERS = ("sobol", "latin-hypercube", "random")
ROLES = ("train", "test", "rare")
STRUCTURES = {"diamond": 8, "fcc": 4, "bcc": 2}
"""Cubic crystals, and atoms of their cubic cells."""


@dataclass(frozen=True)
class Crystal:
    """The crystal whose properties are asked: an element, a structure, a first guess of `a` in
    A, and cubic cells along each edge of the large cells."""

    element: str
    structure: str = "diamond"
    a: float = 5.43
    repeat: int = 2


@dataclass(frozen=True)
class Reference:
    """What labels structures, and what values are compared with: a calculator, and values of a
    table where there are better ones (by metric; `sources` say where they are from)."""

    calculator: str
    settings: Settings = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LabelledSet:
    """Frames to train on or to test with: of a file that holds energies and forces, or made and
    labelled by the reference. `enrich` gives more frames of some kinds; a frame of a kind with a
    weight counts so many times in training (the kind of a frame of a file: its `kind`, else
    `config_type`)."""

    name: str
    role: str = "train"
    file: str = ""
    kinds: tuple[str, ...] = ()
    frames: int = 0
    enrich: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)
    validation: float = 0.2
    steps: int = 100


@dataclass(frozen=True)
class FamilyPart:
    """Models of one family for each of the training sets: `models` of them are judged, half of
    them (`selected`) the best of `candidates` by validation, the others drawn from the rest."""

    family: str
    models: int
    candidates: int
    sets: tuple[str, ...]
    ranges: Settings = field(default_factory=dict)
    selected: float = 0.5


@dataclass(frozen=True)
class Existing:
    """A potential that exists: the calculator of a module, a LAMMPS potential, a checkpoint."""

    name: str
    calculator: str
    settings: Settings = field(default_factory=dict)
    family: str = "existing"


@dataclass(frozen=True)
class Limits:
    """Of one process: seconds and GB; `retries` of one that was lost."""

    seconds: float = 300.0
    memory_gb: float = 4.0
    retries: int = 3


@dataclass(frozen=True)
class Design:
    name: str
    crystal: Crystal
    reference: Reference
    sets: tuple[LabelledSet, ...]
    families: tuple[FamilyPart, ...]
    existing: tuple[Existing, ...]
    properties: tuple[str, ...]
    sampler: str = "sobol"
    seed: int = 1
    evidence: bool = True
    limits: Limits = Limits()
    subset: Mapping[str, int] = field(default_factory=dict)
    """Of costly properties: for how many models of each family and training set they are asked."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Errors that are good enough, by metric, where they are not those of the metric itself."""
    cluster: Settings = field(default_factory=dict)
    """What jobs of a cluster's queue ask for, in words of dask-jobqueue, and its `scheduler`."""

    @property
    def test_sets(self) -> tuple[LabelledSet, ...]:
        return tuple(one for one in self.sets if one.role != "train")

    def set_named(self, name: str) -> LabelledSet:
        return next(one for one in self.sets if one.name == name)
