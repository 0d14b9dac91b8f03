"""Names under which files keep energies, forces and stresses, and whose values they are.

`energy`, `REF_energy` and `MACE_energy` are one kind of value from different origins. Nothing is
renamed: the table here only says which column stands for what, as a guess that the user may change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a column or a value of a frame is."""

    ENERGY = "energy"
    ATOM_ENERGY = "atom energy"
    FORCES = "forces"
    STRESS = "stress"
    VIRIAL = "virial"


UNITS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.ENERGY: "eV",
        Kind.ATOM_ENERGY: "eV",
        Kind.FORCES: "eV/Å",
        Kind.STRESS: "eV/Å³",
        Kind.VIRIAL: "eV",
    }
)

_PER_FRAME = {
    "energy": Kind.ENERGY,
    "freeenergy": Kind.ENERGY,
    "totalenergy": Kind.ENERGY,
    "potentialenergy": Kind.ENERGY,
    "etot": Kind.ENERGY,
    "poteng": Kind.ENERGY,
    "pe": Kind.ENERGY,
    "stress": Kind.STRESS,
    "virial": Kind.VIRIAL,
    "virialstress": Kind.STRESS,
    "plusstress": Kind.VIRIAL,
}
_PER_ATOM = {
    "force": Kind.FORCES,
    "forces": Kind.FORCES,
    "f": Kind.FORCES,
    "energies": Kind.ATOM_ENERGY,
    "energy": Kind.ATOM_ENERGY,
    "localenergy": Kind.ATOM_ENERGY,
    "atomicenergy": Kind.ATOM_ENERGY,
    "nodeenergy": Kind.ATOM_ENERGY,
    "siteenergy": Kind.ATOM_ENERGY,
    "siteen": Kind.ATOM_ENERGY,
    "pe": Kind.ATOM_ENERGY,
    "cpe": Kind.ATOM_ENERGY,
    "cpeatom": Kind.ATOM_ENERGY,
    "vpe": Kind.ATOM_ENERGY,
    "stresses": Kind.STRESS,
}
_REFERENCES = frozenset(
    ("ref", "reference", "dft", "qm", "true", "truth", "target", "label", "vasp", "pbe", "scan")
)
_MODELS = frozenset(
    (
        *("mace", "pred", "predicted", "prediction", "mlip", "ml", "mlp", "nep", "gap", "ace"),
        *("pace", "snap", "mtp", "nnp", "nequip", "allegro", "chgnet", "m3gnet", "sevennet"),
        *("sevenn", "7net", "orb", "mattersim", "model", "nn", "dp", "calc"),
    )
)


class Whose(StrEnum):
    """Whose value a name announces."""

    REFERENCE = "reference"
    MODEL = "model"
    NOBODY = ""


def read_name(name: str, per_atom: bool) -> tuple[Kind | None, Whose]:
    """(kind, whose) of a name: `REF_forces` is (FORCES, REFERENCE), `mood` is (None, NOBODY)."""
    words = [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]
    marks = [word for word in words if word in _REFERENCES or word in _MODELS]
    rest = "".join(word for word in words if word not in marks)
    kinds = _PER_ATOM if per_atom else _PER_FRAME
    whose = Whose.NOBODY
    if marks:
        whose = Whose.REFERENCE if marks[0] in _REFERENCES else Whose.MODEL
    return kinds.get(rest), whose


Roles = Mapping[str, str]
"""Column or value by what it stands for: `forces`, `reference forces`, `energy`, ..."""

NO_ROLES: Roles = MappingProxyType({})
ROLES = tuple(f"{mark}{kind}" for kind in Kind for mark in ("", "reference "))


def guessed_roles(columns: Iterable[str], values: Iterable[str]) -> Roles:
    """Which columns (per atom) and values (per frame) are the energy, the forces, their reference.

    A name without a mark is the model's where another is marked as reference, and the reference
    where another is marked as a model's. The first name in the file's order wins. Of names that
    differ in a number of k-points (`DFT_K4_forces`, `DFT_K1_forces`) the one with the most is the
    reference; the one with the fewest is compared with it where no model's stands beside.
    """
    found: dict[tuple[Kind, Whose], str] = {}
    named = [(name, True) for name in columns] + [(name, False) for name in values]
    for of, grids in _by_k_points(named).items():
        found[of, Whose.REFERENCE] = grids[max(grids)]
    for name, per_atom in named:
        kind, whose = read_name(name, per_atom)
        if kind is not None:
            found.setdefault((kind, whose), name)
    for of, grids in _by_k_points(named).items():
        if len(grids) > 1:
            found.setdefault((of, Whose.MODEL), grids[min(grids)])
    roles: dict[str, str] = {}
    for kind in Kind:
        own, reference, plain = (
            found.get((kind, whose)) for whose in (Whose.MODEL, Whose.REFERENCE, Whose.NOBODY)
        )
        model = own or plain
        against = reference or (plain if own else None)
        if model or against:
            roles[str(kind)] = model or str(against)
        if against and model:
            roles[f"reference {kind}"] = against
    return MappingProxyType(roles)


_K_POINTS = re.compile(r"(?i)(.*)_k(\d{1,4})_(forces?|energy|stress)")


def _by_k_points(named: Iterable[tuple[str, bool]]) -> dict[Kind, dict[int, str]]:
    """Names with a number of k-points, by kind and number."""
    found: dict[Kind, dict[int, str]] = {}
    for name, per_atom in named:
        match = _K_POINTS.fullmatch(name)
        of = read_name(f"{match[1]}_{match[3]}", per_atom)[0] if match else None
        if match and of is not None:
            found.setdefault(of, {}).setdefault(int(match[2]), name)
    return found


def unit_guess(name: str, per_atom: bool) -> str:
    """The unit that such a name has by the convention of extended XYZ; '' for other names."""
    kind, _ = read_name(re.sub(r"(?i)_k\d{1,4}_", "_", name), per_atom)
    return UNITS[kind] if kind is not None else ""
