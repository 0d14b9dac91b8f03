"""Classes by the user's own rules."""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from mlipviewer.analysis.methods.class_rules import (
    CRYSTAL,
    classes_of,
    classified,
    read_rules,
    write_rules,
)
from mlipviewer.analysis.methods.neighbourhood import AS_THEY_ARE, PLACES, POSITIONS
from mlipviewer.core.analysis import Params, param
from mlipviewer.core.atoms import AtomNames
from mlipviewer.core.computation import ANY_COLUMN, Computation, Computed, with_computed
from mlipviewer.core.trajectory import Array, Frame


@dataclass(frozen=True)
class RulesParams(Params):
    rules: str = param(
        write_rules(CRYSTAL),
        "name: condition, on lines of their own or with ; between; the first that holds counts",
    )
    among: str = param(
        "",
        "a condition: only these atoms take part in structures that rules ask for and that are not"
        " computed yet; all when empty",
    )
    deviation: float = param(
        0.2, "the largest deviation where these are told by templates", low=0.0, high=1.0
    )
    positions: str = param(AS_THEY_ARE, POSITIONS, choices=PLACES)


def run(frame: Frame, params: RulesParams) -> Computed:
    """Column `rules` (n,): the class of each atom, the first rule that holds; `other` for none.

    Conditions may use all columns of the frame, and those of other computations: what the frame has
    not yet is computed with its usual parameters. Raises AnalysisProblem.
    """
    rules = read_rules(params.rules)
    codes = classified(rules, names_of(frame, params), frame.n_atoms)
    names, colours = classes_of(rules)
    return Computed({"rules": codes}, classes={"rules": names}, colours={"rules": colours})


def names_of(frame: Frame, params: RulesParams) -> AtomNames:
    """The names of a frame, and of what can be computed of it, when they are asked for."""
    return _Names(frame, params)


class _Names(AtomNames):
    """See `names_of`."""

    def __init__(self, frame: Frame, params: RulesParams) -> None:
        super().__init__(frame)
        self._params = params

    def missing(self, name: str) -> Array:
        from mlipviewer.analysis import COMPUTATIONS

        column = name.partition("[")[0]
        for computation in COMPUTATIONS.values():
            if column in computation.columns and computation is not COMPUTATION:
                found = computation.run(self.frame, _asked(computation, self._params))
                self.take(with_computed(self.frame, computation, found))
                return self[name]
        return super().missing(name)


def _asked(computation: Computation, params: RulesParams) -> Any:
    """Its usual parameters, but among the atoms that take part."""
    known = {one.name for one in fields(computation.params)}
    own: dict[str, Any] = {"among": params.among} if "among" in known else {}
    if "positions" in known:
        own["positions"] = params.positions
    if computation.name == "ptm":
        own["cutoff"] = params.deviation
    return computation.params(**own)


COMPUTATION = Computation(
    name="rules",
    title="Rules",
    about="Classes by conditions of your own, the first that holds.",
    params=RulesParams,
    run=run,
    columns=MappingProxyType({"rules": "class by rules"}),
    reads_columns=ANY_COLUMN,
)
