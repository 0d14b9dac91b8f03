"""Tables of the document as plain data and back: choices, steps and joins as they stand in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlipviewer.analysis.methods.errors_of_values import KINDS
from mlipviewer.analysis.methods.replicates import HOW
from mlipviewer.core.problem import ReadProblem
from mlipviewer.session.inputs import Input, Join, Kind
from mlipviewer.session.table_steps import CombinedSeeds, ErrorsOfValues, Step

STEPS = "steps"
MOST_JOINS = 20  # within each other


def table_input(path: str, name: str, choices_file: str | None = None) -> Input:
    """A table as a JSON file says: choices, and under `steps` a list of what is done in order:

    `{"seeds": "mean", "by": ["model"]}`, `{"errors": "absolute", "reference": "DFT"}`,
    `{"join": "other.csv", "on": ["model"], "keep_unmatched": true, "same": {"RMSE_F": "f_rmse"},
    "as_one": true, "choices": {...}}`. Paths count from the folder of the JSON. Raises ReadProblem.
    """
    if not choices_file:
        return Input(name, path, Kind.TABLE)
    from mlipviewer.io.files import MEGABYTE, decode, read_bytes

    try:
        found = json.loads(decode(read_bytes(choices_file, MEGABYTE), choices_file)[0])
        if not isinstance(found, dict):
            raise ValueError("it is no list of names with values")
        return input_from(path, name, found, Path(choices_file).absolute().parent)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise ReadProblem(f"holds no choices about a table: {error}", choices_file) from None


def input_from(
    path: str, name: str, found: Mapping[str, Any], folder: Path, depth: int = 0
) -> Input:
    """The table that the words of `words_of` speak of. Raises ValueError, TypeError."""
    from mlipviewer.io.tables.choices import choices_from

    if depth > MOST_JOINS:
        raise ValueError(f"more than {MOST_JOINS} joins within each other")
    choices = choices_from({k: v for k, v in found.items() if k != STEPS}).to_dict()
    one = Input(name, path, Kind.TABLE, choices=json.dumps(choices) if choices else "")
    for words in found.get(STEPS, ()):
        if "join" in words:
            how = _join(one, words, folder, depth)
            one = Input(f"{one.name} + {how.second.name}", path, Kind.TABLE, joined=how)
        else:
            one = replace(one, steps=(*one.steps, step_from(words)))
    return one


def step_from(words: Mapping[str, Any]) -> Step:
    """Raises ValueError for what is no step."""
    if words.get("errors") in KINDS and "reference" in words:
        return ErrorsOfValues(str(words["reference"]), str(words["errors"]))
    if words.get("seeds") in HOW and words.get("by"):
        return CombinedSeeds(_names(words["by"]), str(words["seeds"]))
    raise ValueError(
        f"{json.dumps(words)} is no step: errors ({', '.join(KINDS)}) with reference, "
        f"seeds ({', '.join(HOW)}) with by, or join"
    )


def _names(found: Any) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(str(name) for name in found)


def _join(first: Input, words: Mapping[str, Any], folder: Path, depth: int) -> Join:
    path = folder / str(words["join"])
    name = str(words.get("name") or path.name)
    second = input_from(str(path), name, words.get("choices", {}), folder, depth + 1)
    same = words.get("same")
    return Join(
        first,
        second,
        _names(words.get("on", ())),
        bool(words.get("keep_unmatched", False)),
        None if same is None else tuple((str(b), str(a)) for b, a in same.items()),
        bool(words.get("as_one", False)),
    )


def words_of(one: Input) -> dict[str, Any]:
    """What `input_from` makes the same table of; only what was decided."""
    if one.joined is None:
        words: dict[str, Any] = json.loads(one.choices) if one.choices else {}
        before: list[dict[str, Any]] = []
    else:
        words = words_of(one.joined.first)
        before = [*words.pop(STEPS, ()), _words_of_join(one.joined)]
    steps = [*before, *(_words_of_step(step) for step in one.steps)]
    return words | ({STEPS: steps} if steps else {})


def _words_of_step(step: Step) -> dict[str, Any]:
    if isinstance(step, ErrorsOfValues):
        return {"errors": step.kind, "reference": step.reference}
    return {"seeds": step.how, "by": list(step.by)}


def _words_of_join(how: Join) -> dict[str, Any]:
    words: dict[str, Any] = {"join": how.second.path, "name": how.second.name}
    words |= {"on": list(how.on)} if how.on else {}
    words |= {"keep_unmatched": True} if how.keep_unmatched else {}
    words |= {"as_one": True} if how.as_one else {}
    words |= {"same": dict(how.same)} if how.same is not None else {}
    choices = words_of(how.second)
    return words | ({"choices": choices} if choices else {})
