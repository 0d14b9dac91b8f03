"""A property of a potential: how it is computed, its unit, and what stands behind the number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlipviewer.campaign.design import Crystal
from mlipviewer.campaign.failure import Failed

Number = float | tuple[float, ...]
"""A value, or a curve: the error of a curve is the mean of its absolute differences."""


@dataclass(frozen=True)
class CurveKind:
    """A curve behind metrics: its file's name, the titles of its axes. `at`: where it is known; the
    value of the metric of that name is then the curve itself, else `Found.curves` has it."""

    name: str
    x_title: str
    y_title: str
    at: tuple[float, ...] = ()


@dataclass(frozen=True)
class Metric:
    """A column of the table. `is_error`: the number is an error itself (a root mean square
    deviation, a share of wrong pairs), so nothing is subtracted from it; `good` and `bad` are
    errors that are good enough, and useless; below `smallest` an error says nothing (0: below a
    thousandth of `good`); `curve` is what its cell opens."""

    name: str
    label: str
    unit: str
    category: str
    good: float
    bad: float
    is_error: bool = False
    smallest: float = 0.0
    curve: CurveKind | None = None

    @property
    def floor(self) -> float:
        return self.smallest or self.good / 1000


@dataclass(frozen=True)
class Found:
    """Values by metric; uncertainties of some; `frames`: evidence by metric, as ase.Atoms;
    `failures`: the reason why a metric has no value; `curves`: x and y by the name of the curve."""

    values: Mapping[str, Number]
    uncertainties: Mapping[str, float] = field(default_factory=dict)
    frames: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """A model that is asked: `calculator()` makes its ASE calculator, `lattice` is the constant of
    its own crystal in A, `sets` are files of labelled frames by the name of the set, `rare` the
    names of those of rare events, `atom_energy()` is that of an isolated atom of the reference in
    eV."""

    calculator: Callable[[], Any]
    crystal: Crystal
    lattice: Callable[[], float]
    sets: Mapping[str, Path]
    rare: Sequence[str]
    seed: int
    atom_energy: Callable[[], float]


@dataclass(frozen=True)
class Asked:
    """What the metrics of a property depend on: the crystal, names of test sets, and those among
    them that are of rare events."""

    crystal: Crystal
    sets: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()


@dataclass(frozen=True)
class Property:
    """`run(subject) -> Found` raises Failed; `metrics(asked)` are those of a campaign; `cost` is in
    evaluations of forces of 64 atoms, roughly."""

    name: str
    about: str
    metrics: Callable[[Asked], tuple[Metric, ...]]
    run: Callable[[Subject], Found]
    cost: int
    version: int = 1
    of_sets: bool = False


def fixed(*metrics: Metric) -> Callable[[Asked], tuple[Metric, ...]]:
    """The metrics of a property that are always the same."""
    return lambda _asked: metrics


__all__ = ["Asked", "CurveKind", "Failed", "Found", "Metric", "Property", "Subject", "fixed"]
