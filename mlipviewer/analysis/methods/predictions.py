"""Several predictions of the same frames: columns, runs side by side, calculators, by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from mlipviewer.analysis.frames import calculated_forces
from mlipviewer.analysis.methods.energy_samples import evenly
from mlipviewer.analysis.methods.force_pairs import (
    FORCES,
    REFERENCE,
    Array,
    Pairs,
    forces_in,
    read_pairs,
    roles_in,
)
from mlipviewer.analysis.methods.potential_files import is_potential, shipped_potentials
from mlipviewer.core.aliases import Kind, Whose, guessed_roles, read_name
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.computation import Computed, over_frames
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory

PREDICTIONS = (
    "columns of forces, runs side by side, or calculators, with commas between: DFT_K1_forces,"
    ' lammps:Si-*, SW=lammps:Si-SW, ase.calculators.lj:LennardJones {"sigma": 2.0}'
)
OUTSIDE_BRACES = re.compile(r",(?![^{}]*\})")


class Asked(Protocol):
    """Parameters that say what the predictions are compared with, and of which atoms."""

    @property
    def reference_forces(self) -> str: ...
    @property
    def among(self) -> str: ...
    @property
    def rare(self) -> str: ...
    @property
    def most(self) -> int: ...


@dataclass(frozen=True)
class Source:
    """One prediction: `name` to call it by, and a column, a run side by side, or a calculator."""

    name: str
    column: str = ""
    run: str = ""
    calculator: str = ""
    settings: str = ""


@dataclass(frozen=True, eq=False)
class Prediction:
    """Forces of one source with the reference ones; `energies` (m,) in eV of the m frames looked
    at, NaN where the source tells none."""

    source: Source
    pairs: Pairs
    energies: Array


@dataclass(frozen=True, eq=False)
class _One:
    """What `read_pairs` asks."""

    forces: str
    reference_forces: str
    among: str
    rare: str
    most: int
    calculator: str = ""
    settings: str = ""


def sources_of(text: str, inputs: Inputs, asked: Asked) -> list[Source]:
    """The sources that words name; without words all columns of forces but the reference, and the
    runs side by side. Raises AnalysisProblem."""
    first = inputs.the_trajectory()
    if first.n_frames == 0:
        raise AnalysisProblem(f"{first.name} has no frames")
    frame = first.frame(0)
    own = _columns(frame, reference_column(first, asked))
    if not text.strip():
        found = [Source(name, column=name) for name in own]
        found += [Source(name, run=name) for name in inputs.beside]
    else:
        words = [one.strip() for one in OUTSIDE_BRACES.split(text) if one.strip()]
        found = [source for word in words for source in _named(word, frame, inputs)]
    if not found:
        raise AnalysisProblem(f"{first.name} has no predicted forces: name some, or calculators")
    names = [one.name for one in found]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise AnalysisProblem(f"{twice} is named twice; NAME=... gives it another name")
    return found


def reference_column(trajectory: Trajectory, asked: Asked) -> str:
    """The column of reference forces of the first run: as named, by its role, or by its own name;
    may be empty."""
    frame = trajectory.frame(0)
    found = asked.reference_forces or roles_in(frame, trajectory.roles).get(REFERENCE, "")
    meant = (Kind.FORCES, Whose.REFERENCE)
    return found or next((n for n in frame.columns if read_name(n, per_atom=True) == meant), "")


def _columns(frame: Frame, reference: str) -> list[str]:
    return [
        name
        for name, values in frame.columns.items()
        if name != reference
        and forces_in({name: values}, name) is not None
        and (read_name(name, per_atom=True)[0] is Kind.FORCES or name.endswith("_forces"))
    ]


def _named(word: str, frame: Frame, inputs: Inputs) -> Iterator[Source]:
    head, _, settings = word.partition("{")
    label, sign, rest = head.partition("=")
    given = (rest if sign else head).strip()
    label, settings = (label.strip() if sign else ""), f"{{{settings}" if settings else ""
    if forces_in(frame.columns, given) is not None:
        yield Source(label or given, column=given)
    elif given in inputs.beside:
        yield Source(label or given, run=given)
    elif given.startswith("lammps:") and any(mark in given for mark in "*?["):
        pattern = given.removeprefix("lammps:")
        fitting = [name for name in shipped_potentials() if fnmatchcase(name, pattern)]
        if not fitting:
            raise AnalysisProblem(f"no potential is called {given}")
        for name in fitting:
            yield Source(name, calculator=f"lammps:{name}", settings=settings)
    elif is_potential(given) or ":" in given:
        yield Source(label or _short(given), calculator=given, settings=settings)
    else:
        known = ", ".join((*_columns(frame, ""), *inputs.beside)) or "none"
        raise AnalysisProblem(
            f"{given!r} is no column of forces, run or calculator; there: {known}"
        )


def _short(given: str) -> str:
    if is_potential(given) and not given.startswith("lammps:"):
        path = Path(given)
        return path.stem if path.suffix == ".toml" and path.stem != "potential" else path.name
    return given.rpartition(":")[2]


def predictions_of(
    inputs: Inputs, sources: Sequence[Source], asked: Asked, progress: Progress
) -> tuple[list[Prediction], list[str]]:
    """The predictions that could be had, of the same atoms in the same frames, and why others could
    not. Raises AnalysisProblem where there are none, ReadProblem, Cancelled."""
    found: list[Prediction] = []
    notes: list[str] = []
    for source in sources:
        try:
            one = _predicted(inputs, source, asked, progress)
        except (AnalysisProblem, ReadProblem) as problem:
            notes.append(f"{source.name}: {problem}")
            continue
        if found and not _same(found[0].pairs, one.pairs):
            notes.append(f"{source.name}: it is of other atoms than {found[0].source.name}")
        else:
            found.append(one)
    if not found:
        raise AnalysisProblem("; ".join(notes[:3]))
    return found, notes


def _same(one: Pairs, other: Pairs) -> bool:
    return np.array_equal(one.frames, other.frames) and np.array_equal(one.ids, other.ids)


def _predicted(inputs: Inputs, source: Source, asked: Asked, progress: Progress) -> Prediction:
    first, against = inputs.the_trajectory(), inputs.reference
    name = reference_column(first, asked) if against is None else asked.reference_forces
    ask = _One(source.column, name, asked.among, asked.rare, asked.most)
    if source.run:
        run = inputs.beside[source.run]
        pairs = read_pairs(inputs, run, against or first, replace(ask, rare=""), progress)
        return Prediction(source, pairs, _energies(run, "", asked.most))
    if source.column:
        pairs = read_pairs(inputs, first, against, ask, progress)
        return Prediction(source, pairs, _energies(first, source.column, asked.most))
    frames = evenly(first.n_frames, asked.most)
    computed = _computed(inputs, source.calculator, source.settings, frames, progress)
    energies = np.array([one.values["energy_computed"] for one in computed], float)
    forces = (one.columns[calculated_forces.COLUMN] for one in computed)
    ask = replace(ask, calculator=source.calculator)
    return Prediction(source, read_pairs(inputs, first, against, ask, progress, forces), energies)


def _computed(
    inputs: Inputs, calculator: str, settings: str, frames: Sequence[int], progress: Progress
) -> list[Computed]:
    given = calculated_forces.CalculatedForcesParams(calculator, settings)
    here = replace(inputs, trajectory=inputs.the_trajectory())
    return list(over_frames(here, calculated_forces.COMPUTATION, given, frames, progress))


def energies_of_calculator(
    inputs: Inputs, calculator: str, settings: str, frames: Sequence[int], progress: Progress
) -> Array:
    """(m,) eV of these frames. Raises AnalysisProblem, ReadProblem, Cancelled."""
    found = _computed(inputs, calculator, settings, frames, progress)
    return np.array([one.values["energy_computed"] for one in found], float)


def reference_energies(inputs: Inputs, asked: Asked) -> tuple[Array, Array, Array]:
    """((m,) eV, (m,) atoms, (m,) frames) of the reference; NaN where a frame tells no energy."""
    own = inputs.reference is None
    run = inputs.the_trajectory() if inputs.reference is None else inputs.reference
    column = reference_column(run, asked) if own else ""
    frames = evenly(run.n_frames, asked.most)
    sizes = np.array([run.frame(index).n_atoms for index in frames])
    return _energies(run, column, asked.most, "reference energy"), sizes, np.array(frames)


def _energies(run: Trajectory, column: str, most: int, role: str = "energy") -> Array:
    """(m,) eV: the values whose name goes with that of a column of forces, else those of the role,
    and of the plain energy where the column is empty or is that of the plain forces."""
    frames = [run.frame(index) for index in evenly(run.n_frames, most)]
    return np.array([_energy(frame, run, column, role) for frame in frames], float)


def _energy(frame: Frame, run: Trajectory, column: str, role: str) -> float:
    roles = {**guessed_roles(frame.columns, frame.info), **run.roles}
    beside = re.sub(r"(?i)forces?$", "energy", column)
    plain = column in ("", roles.get(FORCES)) or role != "energy"
    name = beside if beside in frame.info else (plain and (roles.get(role) or roles.get("energy")))
    value: Any = frame.info.get(name or "")
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return float(value) if number else float("nan")
