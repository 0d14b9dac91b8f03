"""What a user decided about a trajectory, where its files do not say it or say it wrongly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from mlipviewer.core.aliases import ROLES
from mlipviewer.io.trajectories.lammps_units import STYLES
from mlipviewer.io.trajectories.species import SYMBOLS

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TrajectoryChoices:
    """`interval` between frames in ps, `temperature` in K, `units` a style of LAMMPS, `elements`
    (type or label, symbol), `topology` and `thermo` paths, `roles` (core.aliases.ROLES, column;
    '' for none); `format` one of opening.FORMATS, '' for what the file seems to be."""

    interval: float | None = None
    temperature: float | None = None
    units: str = ""
    elements: Pairs = ()
    topology: str = ""
    thermo: tuple[str, ...] = ()
    roles: Pairs = ()
    format: str = ""

    def as_text(self) -> str:
        """JSON for the document; '' where nothing was decided."""
        return "" if self == NOTHING else json.dumps(asdict(self), sort_keys=True)


NOTHING = TrajectoryChoices()


def trajectory_choices(text: str) -> TrajectoryChoices:
    """The choices in JSON. Raises ValueError where they are none."""
    if not text:
        return NOTHING
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("choices about a trajectory are not nested as deep") from None
    if not isinstance(found, Mapping):
        raise ValueError("choices about a trajectory are a mapping")
    known = {field.name for field in fields(TrajectoryChoices)}
    given: dict[str, Any] = {name: value for name, value in found.items() if name in known}
    for name in ("elements", "roles"):
        given[name] = tuple((str(a), str(b)) for a, b in given.get(name, ()))
    given["thermo"] = tuple(str(path) for path in given.get("thermo", ()))
    choices = TrajectoryChoices(**given)
    _check(choices)
    return choices


def _check(choices: TrajectoryChoices) -> None:
    for name in ("interval", "temperature"):
        value = getattr(choices, name)
        if value is not None and not (isinstance(value, int | float) and 0 < value < 1e15):
            raise ValueError(f"{name} is a positive number")
    if not isinstance(choices.format, str):
        raise ValueError("a format is named by a text")
    if choices.units and choices.units not in (*STYLES, "lj"):
        raise ValueError(f"units {choices.units!r} are not known")
    if any(symbol not in SYMBOLS for _, symbol in choices.elements):
        raise ValueError("elements are named by their symbols")
    if any(role not in ROLES for role, _ in choices.roles):
        raise ValueError(f"roles are {', '.join(ROLES)}")
