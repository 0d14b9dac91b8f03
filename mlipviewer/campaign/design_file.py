"""Designs as TOML: read with one clear sentence for what is wrong, written as they are read."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from mlipviewer.campaign.design import (
    HOPPING,
    KINDS,
    ROLES,
    SAMPLERS,
    STRUCTURES,
    Crystal,
    Design,
    Existing,
    FamilyPart,
    LabelledSet,
    Limits,
    Reference,
)
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.io.files import MEGABYTE, decode, read_bytes

FORMAT = 1
PARTS = {"set": "sets", "family": "families", "existing": "existing"}
"""Tables of a design that come several times, and their fields."""
ONE = {"crystal": Crystal, "reference": Reference, "limits": Limits}
RENAMED = {"kinds": "generate", "family": "name"}
MOST = 100_000  # models of a family


def read_design(path: str | Path) -> Design:
    """The design of a file. Raises DesignProblem, ReadProblem."""
    text, _ = decode(read_bytes(path, MEGABYTE), path)
    try:
        return design_of(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise DesignProblem(f"{Path(path).name}: is no TOML: {problem}") from None
    except DesignProblem as problem:
        raise DesignProblem(f"{Path(path).name}: {problem}") from None


def design_of(given: Mapping[str, Any]) -> Design:
    """The design that the tables of a file say. Raises DesignProblem."""
    said = dict(given)
    if said.pop("format", FORMAT) != FORMAT:
        raise DesignProblem(f"format is {FORMAT}: a newer program wrote this design")
    if "crystal" not in said or "reference" not in said:
        missing = "crystal" if "crystal" not in said else "reference"
        raise DesignProblem(f"there is no [{missing}]")
    sets = tuple(_set(one) for one in _tables(said, "set"))
    known = tuple(one.name for one in sets if one.role == "train")
    parts: dict[str, Any] = {
        name: _made(kind, said.pop(name), name) for name, kind in ONE.items() if name in said
    }
    families = tuple(_family(one, known) for one in _tables(said, "family"))
    existing = tuple(_made(Existing, one, "existing") for one in _tables(said, "existing"))
    plain = {f.name for f in fields(Design)} - {*ONE, *PARTS.values()}
    _no_others(said, plain, "design")
    said["properties"] = tuple(_texts(said.get("properties", []), "properties"))
    said.setdefault("name", "campaign")
    design = Design(sets=sets, families=families, existing=existing, **parts, **said)
    _check(design)
    return design


def _tables(said: dict[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = said.pop(name, [])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise DesignProblem(f"several of a kind are written as [[{name}]]")
    return found


def _no_others(said: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(said) - known)
    if unknown:
        raise DesignProblem(f"{where}: {unknown[0]!r} is none of {', '.join(sorted(known))}")


def _made(kind: type, said: object, where: str) -> Any:
    """A frozen record of a table, its values of the kinds of the defaults. Raises DesignProblem."""
    if not isinstance(said, Mapping):
        raise DesignProblem(f"[{where}] is a table")
    about = {f.name: f for f in fields(kind)}
    _no_others(said, set(about), where)
    for name, one in about.items():
        needed = one.default is MISSING and one.default_factory is MISSING
        if needed and name not in said:
            raise DesignProblem(f"{where}: {RENAMED.get(name, name)} is missing")
    return kind(
        **{
            name: _typed(value, str(about[name].type), f"{where}: {RENAMED.get(name, name)}")
            for name, value in said.items()
        }
    )


def _typed(value: Any, kind: str, where: str) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "float":
        if not number or not math.isfinite(value):
            raise DesignProblem(f"{where} is a number, not {value!r}")
        return float(value)
    if kind == "int" and not (isinstance(value, int) and not isinstance(value, bool)):
        raise DesignProblem(f"{where} is a whole number, not {value!r}")
    if kind == "str" and not isinstance(value, str):
        raise DesignProblem(f"{where} is a text, not {value!r}")
    if kind.startswith("tuple"):
        return tuple(_texts(value, where))
    if kind in ("Settings",) or kind.startswith("Mapping"):
        if not isinstance(value, Mapping):
            raise DesignProblem(f"{where} is a table")
        return dict(value)
    return value


def _texts(value: object, where: str) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise DesignProblem(f"{where} is a list of texts")
    return value


def _set(said: Mapping[str, Any]) -> LabelledSet:
    given = {("kinds" if name == "generate" else name): value for name, value in said.items()}
    one: LabelledSet = _made(LabelledSet, given, "set")
    where = f"set {one.name!r}"
    if one.role not in ROLES:
        raise DesignProblem(f"{where}: role is one of {', '.join(ROLES)}")
    if not one.file and not one.kinds and not one.enrich and one.role != "rare":
        raise DesignProblem(f"{where}: it has a file, or generates frames of {', '.join(KINDS)}")
    unknown = [kind for kind in (*one.kinds, *one.enrich) if kind not in KINDS]
    if unknown:
        raise DesignProblem(f"{where}: {unknown[0]!r} is none of {', '.join(KINDS)}")
    hopping = [kind for kind in one.kinds if kind not in HOPPING]
    if one.role == "rare" and not one.file and hopping:
        raise DesignProblem(f"{where}: rare events are of {' or '.join(HOPPING)}")
    if not one.file and one.frames < max(len(one.kinds), 1):
        raise DesignProblem(f"{where}: frames is at least one for each kind")
    if not 0 < one.validation < 1:
        raise DesignProblem(f"{where}: validation is a share between 0 and 1")
    if any(not isinstance(n, int) or n < 0 for n in one.enrich.values()):
        raise DesignProblem(f"{where}: enrich counts frames by kind")
    if any(
        isinstance(n, bool) or not isinstance(n, int) or not 0 < n <= 100
        for n in one.weights.values()
    ):
        raise DesignProblem(f"{where}: weights are whole numbers from 1 to 100 by kind")
    if one.weights and one.role != "train":
        raise DesignProblem(f"{where}: weights are of training sets")
    made = {*one.kinds, *one.enrich}
    missing = [kind for kind in one.weights if not one.file and kind not in made]
    if missing:
        raise DesignProblem(f"{where}: weights: it generates no {missing[0]!r}")
    return one


def _family(said: Mapping[str, Any], sets: tuple[str, ...]) -> FamilyPart:
    given = {("family" if name == "name" else name): value for name, value in said.items()}
    given.setdefault("sets", list(sets))
    models = given.get("models", 0)
    given.setdefault("candidates", models)
    part: FamilyPart = _made(FamilyPart, given, "family")
    where = f"family {part.family!r}"
    if not 0 < part.models <= part.candidates <= MOST:
        raise DesignProblem(f"{where}: 0 < models <= candidates")
    if not 0 <= part.selected <= 1:
        raise DesignProblem(f"{where}: selected is a share from 0 to 1")
    missing = [name for name in part.sets if name not in sets]
    if missing:
        raise DesignProblem(f"{where}: there is no training set {missing[0]!r}")
    if not part.sets:
        raise DesignProblem(f"{where}: there is no set to train on")
    return part


def _check(design: Design) -> None:
    for what, value, known in (
        ("sampler", design.sampler, SAMPLERS),
        ("crystal: structure", design.crystal.structure, tuple(STRUCTURES)),
    ):
        if value not in known:
            raise DesignProblem(f"{what} is one of {', '.join(known)}, not {value!r}")
    if not isinstance(design.cluster, Mapping):
        raise DesignProblem("[cluster] is a table")
    if not isinstance(design.seed, int) or not isinstance(design.evidence, bool):
        raise DesignProblem("seed is a whole number, evidence true or false")
    if not design.crystal.a > 0 or design.crystal.repeat < 1:
        raise DesignProblem("crystal: a and repeat are positive")
    if min(design.limits.seconds, design.limits.memory_gb) <= 0 or design.limits.retries < 0:
        raise DesignProblem("limits: seconds, memory_gb and retries are positive")
    names = [one.name for one in design.sets] + [one.name for one in design.existing]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise DesignProblem(f"two sets or existing potentials are called {twice[0]!r}")
    odd = [
        name for name in names if not name or set(name) & set("/\\|:\0\n") or name.startswith(".")
    ]
    if odd:
        raise DesignProblem(f"{odd[0]!r} is no name that a file can have")
    if not design.families and not design.existing:
        raise DesignProblem("there is no [[family]] and no [[existing]]")
    if not design.properties:
        raise DesignProblem("properties names none")
    _check_subset(design)
    _check_thresholds(design)


def _check_thresholds(design: Design) -> None:
    if not isinstance(design.thresholds, Mapping):
        raise DesignProblem("thresholds is a table of metrics and good-enough errors")
    for name, value in design.thresholds.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 < value < math.inf:
            raise DesignProblem(f"thresholds: {name} is a number above zero")


def _check_subset(design: Design) -> None:
    if not isinstance(design.subset, Mapping):
        raise DesignProblem("subset is a table of properties and numbers of models")
    for name, count in design.subset.items():
        if name not in design.properties:
            raise DesignProblem(f"subset: {name!r} is none of the properties")
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise DesignProblem(f"subset: {name} is a whole number of models, at least 1")


# -- writing


def as_toml(design: Design) -> str:
    """The text that `design_of` reads as this design."""
    top: dict[str, Any] = {"format": FORMAT}
    top |= {
        f.name: getattr(design, f.name)
        for f in fields(design)
        if f.name not in {*ONE, *PARTS.values()}
    }
    lines = [f"{name} = {_value(value)}" for name, value in top.items() if value != {}]
    for name in ONE:
        lines += ["", f"[{name}]", *_record(getattr(design, name))]
    for name, field_name in PARTS.items():
        for one in getattr(design, field_name):
            renamed = {"set": {"kinds": "generate"}, "family": {"family": "name"}}.get(name, {})
            lines += ["", f"[[{name}]]", *_record(one, renamed)]
    return "\n".join(lines) + "\n"


def _record(one: Any, renamed: Mapping[str, str] | None = None) -> list[str]:
    names = renamed or {}
    made = []
    for field in fields(one):
        value = getattr(one, field.name)
        if field.default is MISSING or value != field.default:
            if isinstance(value, Mapping) and not value:
                continue
            made.append(f"{names.get(field.name, field.name)} = {_value(value)}")
    return made


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    return repr(value)


def _key(name: str) -> str:
    bare = name and all(c.isascii() and (c.isalnum() or c in "_-") for c in name)
    return name if bare else json.dumps(name, ensure_ascii=False)
