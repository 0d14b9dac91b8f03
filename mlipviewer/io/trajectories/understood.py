"""A trajectory as it is meant: elements, units, time and values from files beside it, each by its
own word, by what stands beside it, or by the user's choice, and said which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.aliases import ROLES, Roles, guessed_roles
from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.timing import UNKNOWN_CLOCK, Clock
from mlipviewer.core.trajectory import Frame, FrameSource, Trajectory
from mlipviewer.io.thermo import ThermoTable, read_thermo
from mlipviewer.io.trajectories.beside import masses_beside, structure_beside, thermo_beside
from mlipviewer.io.trajectories.choices import NOTHING, TrajectoryChoices
from mlipviewer.io.trajectories.clocks import clock_of, temperature_of
from mlipviewer.io.trajectories.joined_values import Growing, join, units_of
from mlipviewer.io.trajectories.lammps_dump import ASSUMED
from mlipviewer.io.trajectories.lammps_units import STYLES, column_units
from mlipviewer.io.trajectories.layout import counted
from mlipviewer.io.trajectories.masses import element_of_mass
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.io.trajectories.species import SYMBOLS
from mlipviewer.io.trajectories.topology import Topology, topology_of

Array = NDArray[Any]

TIME, TIME_UNIT = "Time", "Time_unit"
LABEL = "label"
"""The column of the file's own names of atoms, where elements were given to them."""


@dataclass(frozen=True, eq=False)
class Meaning:
    """What is known of a source beyond its own frames."""

    style: str = ""  # LAMMPS' units that hold in place of those that the reader assumed
    elements: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    topology: Topology | None = None  # of the atoms, from a structure beside it
    tables: tuple[ThermoTable, ...] = ()
    by_count: bool = False  # rows of tables belong to frames by their number, not by time step
    clock: Clock = UNKNOWN_CLOCK
    notes: tuple[Note, ...] = ()

    def same_as(self, other: Meaning) -> bool:
        """Whether both say the same. What is read from files beside is never taken for the same."""
        beside = (self.topology, other.topology, *self.tables, *other.tables)
        return all(one is None for one in beside) and self._said == other._said

    @property
    def _said(self) -> tuple[Any, ...]:
        return self.style, dict(self.elements), self.by_count, self.clock, self.notes


class Understood:
    """A source with its meaning. What the reader offers besides is offered here too."""

    def __init__(self, inside: FrameSource, meaning: Meaning) -> None:
        self.inside, self.meaning = inside, meaning
        self._ready: dict[int, Frame] = {}  # read already, to be given once
        self._tables = tuple(Growing(table) for table in meaning.tables)
        self._table = _element_table(meaning.elements)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["inside"], name)

    @property
    def path(self) -> str:
        return self.inside.path

    @property
    def format(self) -> str:
        return self.inside.format

    @property
    def n_frames(self) -> int:
        return self.inside.n_frames

    @property
    def notes(self) -> tuple[Note, ...]:
        meaning = self.meaning
        kept = [
            note
            for note in self.inside.notes
            if not (meaning.style and note.text.startswith("units are not stated"))
            and not (self._names_atoms and "elements" in note.text and not note.loss)
        ]
        return counted([*kept, *meaning.notes])

    @property
    def meant(self) -> str:
        """What the numbers of its atoms owe to more than the file."""
        topology = self.meaning.topology
        said = sorted(self.meaning.elements.items())
        return repr((self.meaning.style, said, topology.digest if topology is not None else ""))

    @property
    def _names_atoms(self) -> bool:
        return bool(self.meaning.elements) or self.meaning.topology is not None

    def info(self, index: int) -> Mapping[str, Any]:
        """The values of frame `index`, with those joined to it. Raises IndexError, ReadProblem."""
        return self._joined(index, self.inside.info(index))

    def frame(self, index: int) -> Frame:
        """Frame `index`. Raises IndexError, ReadProblem."""
        frame = self._ready.pop(index, None) or self.inside.frame(index)
        if self.meaning.style:
            frame = rescaled(frame, self.meaning.style)
        frame = self._named(frame)
        info = self._joined(index, frame.info)
        units = {**units_of(self._tables), **frame.units}
        return replace(frame, info=info, units=MappingProxyType(units))

    def _joined(self, index: int, info: Mapping[str, Any]) -> Mapping[str, Any]:
        values = dict(info)
        join(values, self._tables, index + 1 if self.meaning.by_count else info.get("Timestep"))
        if self.meaning.style:
            values["units"] = self.meaning.style
        time = self.meaning.clock.at(index, info)
        if time is not None:
            values[TIME], values[TIME_UNIT] = time, "ps"
        return MappingProxyType(values)

    def _named(self, frame: Frame) -> Frame:
        if self.meaning.topology is not None:
            frame = self.meaning.topology.applied(frame)
        if not self._table:
            return frame
        labels = _labels(frame)
        if labels is None:
            labels = np.array(SYMBOLS)[frame.numbers]
        kinds, codes = np.unique(labels, return_inverse=True)
        known = np.array([self._table.get(str(kind), -1) for kind in kinds], np.int32)[codes]
        numbers = np.where(known >= 0, known, frame.numbers).astype(np.int32)
        columns = frame.columns
        if not _is_type(columns.get("type"), labels):
            columns = MappingProxyType({**columns, LABEL: labels})
        species = _shown_species(kinds, codes, numbers)
        return replace(frame, numbers=numbers, species=species, columns=columns)


def _is_type(types: Array | None, labels: Array) -> bool:
    return (
        types is not None
        and types.shape == labels.shape
        and bool((types.astype(str) == labels).all())
    )


def _shown_species(kinds: Array, codes: Array, numbers: Array) -> Array | None:
    """Labels where the elements alone do not tell the kinds apart: `Si 1`, `Si 2`."""
    first = np.unique(codes, return_index=True)[1]
    elements = numbers[first]
    if elements.all() and len(set(elements.tolist())) == len(kinds):
        return None
    names = [
        f"{SYMBOLS[z]} {kind}" if z else str(kind) for z, kind in zip(elements, kinds, strict=True)
    ]
    return np.array(names or [""])[codes]


def labels_of(frame: Frame, renamed: bool) -> Array:
    """(n,) what the file calls the kinds of its atoms; `renamed`: elements were given to them."""
    if renamed and (found := frame.columns.get(LABEL, frame.columns.get("type"))) is not None:
        return found.astype(str)
    return np.array(SYMBOLS)[frame.numbers] if frame.species is None else frame.species


def _element_table(elements: Mapping[str, str]) -> dict[str, int]:
    return {label: SYMBOLS.index(symbol) for label, symbol in elements.items()}


def _labels(frame: Frame) -> Array | None:
    if frame.species is not None:
        return frame.species
    types = frame.columns.get("type")
    return types.astype(str) if types is not None and types.ndim == 1 else None


def rescaled(frame: Frame, style: str) -> Frame:
    """A frame that was read as metal, in the units of another style."""
    old, new = STYLES["metal"], STYLES.get(style)
    length = new.length if new else 1.0
    columns = dict(frame.columns)
    factors = {
        "forces": new.force / old.force if new else 1.0,
        "velocities": new.velocity / old.velocity if new else 1 / old.velocity,
    }
    for name, factor in factors.items():
        if name in columns and factor != 1.0:
            columns[name] = columns[name] * factor
    return replace(
        frame,
        positions=frame.positions * length,
        cell=None if frame.cell is None else frame.cell * length,
        origin=frame.origin * length,
        columns=MappingProxyType(columns),
        units=MappingProxyType(column_units(style, columns)),
    )


def understood(
    name: str, source: FrameSource, part: slice, choices: TrajectoryChoices = NOTHING
) -> Trajectory:
    """The trajectory that a source is, with what stands beside it and what the user decided.

    Raises ReadProblem where its first frame cannot be read.
    """
    inside = source.inside if isinstance(source, Understood) else source
    first = inside.frame(0)
    finding = _Finding(inside, first, choices)
    meaning = finding.meaning()
    own = Understood(inside, meaning)
    whole = Trajectory.whole(name, own, part)
    if first.complete and 0 in whole.frames[:1]:
        own._ready[0] = first
    clock = meaning.clock
    return replace(
        whole,
        # the frames of `own` carry their time in ps
        clock=replace(clock, key=TIME, factor=1.0) if clock.key else clock,
        temperature=temperature_of(inside, choices),
        roles=_roles(first, own.info(0), choices),
    )


def on_source_of(given: Trajectory, found: Trajectory) -> Trajectory:
    """What was found in the end, read from the source of what was given out before where both are
    understood alike: its frames that are shown by then need not be read and drawn again."""
    one, other = given.source, found.source
    if not (isinstance(one, Understood) and isinstance(other, Understood)):
        return found
    alike = one.inside is other.inside and one.meaning.same_as(other.meaning)
    return replace(found, source=one) if alike else found


def _roles(first: Frame, info: Mapping[str, Any], choices: TrajectoryChoices) -> Roles:
    numbers = [name for name, value in info.items() if np.asarray(value).dtype.kind in "if"]
    roles = dict(guessed_roles(first.columns, numbers))
    roles.update(choices.roles)
    return MappingProxyType({role: roles[role] for role in ROLES if roles.get(role)})


class _Finding:
    """Looks for the meaning of a source; every finding is said in a note."""

    def __init__(self, source: FrameSource, first: Frame, choices: TrajectoryChoices) -> None:
        self._source, self._first, self._choices = source, first, choices
        self._notes: list[Note] = []

    def _say(self, text: str, loss: bool = False) -> None:
        self._notes.append(Note(text, Place(self._source.path), loss))

    def meaning(self) -> Meaning:
        tables = self._tables()
        style = self._style(tables)
        topology = self._structure()
        stated = str(self._first.info.get("units", ""))
        known = style or (stated if stated != ASSUMED else "")
        return Meaning(
            style=style,
            elements=MappingProxyType(self._elements(tables, topology)),
            topology=topology,
            tables=tables,
            by_count=self._source.format != "lammps-dump" and "Timestep" not in self._first.info,
            clock=clock_of(self._source, tables, self._choices, known),
            notes=tuple(self._notes),
        )

    def _tables(self) -> tuple[ThermoTable, ...]:
        tables = []
        for path in self._choices.thermo:
            try:
                tables.append(read_thermo(path))
            except ReadProblem as problem:
                self._say(f"{problem}; its values are not joined", loss=True)
        if not self._choices.thermo:
            table = thermo_beside(self._source)
            tables += [table] if table is not None else []
        for table in tables:
            name = _base(table.path)
            n = len(table.columns)
            self._say(f"{n} values of {name} were joined to the frames by their time steps")
            self._notes += table.notes
        return tuple(tables)

    def _style(self, tables: tuple[ThermoTable, ...]) -> str:
        """Units in place of those that the reader assumed; '' where it need not assume."""
        if self._first.info.get("units") != ASSUMED:
            if self._choices.units:
                self._say("the file states its units: your choice of units is not used")
            return ""
        if self._choices.units:
            self._say(f"units {self._choices.units}, as you said")
            return self._choices.units
        style = next((table.style for table in tables if table.style in STYLES), "")
        if style:
            path = next(table.path for table in tables if table.style == style)
            self._say(f"units {style}, by {_base(path)}")
        return style

    def _structure(self) -> Topology | None:
        """What a structure of the same atoms says of them."""
        unnamed = not self._first.numbers.any() and self._first.species is None
        path = self._choices.topology
        if not path and unnamed and "type" not in self._first.columns:
            found = structure_beside(self._source)
            path = str(found) if found is not None else ""
        if not path:
            return None
        try:
            other = open_trajectory(path).frame(0)
        except ReadProblem as problem:
            self._say(f"{problem}; the atoms stay unknown", loss=True)
            return None
        topology = topology_of(other)
        if topology.rows(self._first) is None and other.n_atoms != self._first.n_atoms:
            counts = f"{other.n_atoms} atoms, not {self._first.n_atoms}"
            self._say(f"{_base(path)} has {counts}: it is not used")
            return None
        if topology.rows(self._first) is None:
            self._say(f"{_base(path)} has other atoms (by their ids): it is not used")
            return None
        more = [*topology.columns, *(["bonds"] if topology.bonds is not None else [])]
        self._say(
            f"elements are those of {_base(path)}" + (f", and {', '.join(more)}" * bool(more))
        )
        return topology

    def _elements(
        self, tables: tuple[ThermoTable, ...], topology: Topology | None
    ) -> dict[str, str]:
        chosen = dict(self._choices.elements)
        if chosen:
            self._say(f"elements as you said: {_listed(chosen)}")
            return chosen
        labels = _labels(self._first)
        if self._first.numbers.any() or labels is None or topology is not None:
            return {}
        kinds = [str(kind) for kind in np.unique(labels)]
        for found, by in self._proposals(tables, labels, kinds):
            if found and all(kind in found for kind in kinds):
                self._say(f"elements by {by}: {_listed(found)}")
                return found
        return {}

    def _proposals(
        self, tables: tuple[ThermoTable, ...], labels: Array, kinds: list[str]
    ) -> Iterator[tuple[dict[str, str], str]]:
        yield self._by_mass_column(labels, kinds), "the masses of the atoms"
        for table in tables:
            by_type = {str(k): symbol for k, symbol in enumerate(table.elements, 1)}
            yield by_type, f"pair_coeff in {_base(table.path)}"
        found, name = masses_beside(self._source, self._first.n_atoms)
        yield found, f"the masses in {name}"

    def _by_mass_column(self, labels: Array, kinds: list[str]) -> dict[str, str]:
        names = (name for name in ("mass", "masses") if name in self._first.columns)
        name = next(names, None)
        if name is None:
            return {}
        masses = self._first.columns[name]
        found = {}
        for kind in kinds:
            values = masses[labels == kind]
            number = element_of_mass(float(values[0])) if np.ptp(values) < 1e-3 else 0
            if not number:
                return {}
            found[kind] = SYMBOLS[number]
        return found


def _listed(elements: Mapping[str, str]) -> str:
    shown = [f"{label} is {symbol}" for label, symbol in list(elements.items())[:8]]
    return ", ".join(shown)


def _base(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]
