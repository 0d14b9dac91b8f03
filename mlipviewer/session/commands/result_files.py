"""Results of analyses as files of schema 1, with the files that they were found in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlipviewer.core.analysis import Inputs, Params, Result
from mlipviewer.io.export import result_as_json
from mlipviewer.io.files import fingerprint_of_files
from mlipviewer.io.trajectories.sequence import is_pattern, matching_files
from mlipviewer.session.inputs import Input
from mlipviewer.session.step_words import words_of


def with_notes(inputs: Inputs, result: Result) -> Result:
    """The result of an analysis; what is to be known of the files themselves is told first."""
    return replace(result, notes=tuple(dict.fromkeys((*inputs.notes, *result.notes))))


def result_text(name: str, params: Params, used: Sequence[Input], result: Result) -> str:
    """The JSON of a result. Raises OSError, ReadProblem where a file is gone."""
    inputs: list[dict[str, Any]] = []
    for one in used:
        inputs.append({"name": one.name, "path": one.path, "fingerprint": _fingerprint(one)})
        if one.more:
            inputs[-1]["more"] = list(one.more)
        if said := words_of(one):
            inputs[-1]["choices"] = said
    return result_as_json(name, params, inputs, result)


def _fingerprint(one: Input) -> str:
    if is_pattern(one.path):
        return fingerprint_of_files(matching_files(Path(one.path)))
    return fingerprint_of_files((one.path, *one.more))
