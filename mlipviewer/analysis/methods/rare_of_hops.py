"""Which forces are on atoms in the middle of a hop."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.hopping import HoppingParams, find_hops, rare_atoms
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory

Array = NDArray[Any]


def text_of(params: HoppingParams) -> str:
    """Parameters of hops as a text."""
    return json.dumps(asdict(params))


def params_in(text: str) -> HoppingParams:
    """The parameters in a text: JSON, defaults where it says nothing. Raises AnalysisProblem."""
    if not text.strip():
        return HoppingParams()
    try:
        given = json.loads(text)
    except json.JSONDecodeError as problem:
        raise AnalysisProblem(f"parameters of hops: {problem}") from None
    usual = asdict(HoppingParams())
    known = {field.name for field in fields(HoppingParams)}
    if not isinstance(given, dict) or not given.keys() <= known:
        raise AnalysisProblem(
            f"parameters of hops are JSON with some of {', '.join(sorted(known))}"
        )
    wrong = [name for name, value in given.items() if not _alike(value, usual[name])]
    if wrong:
        raise AnalysisProblem(f"parameters of hops: {wrong[0]} is not such as {usual[wrong[0]]!r}")
    return HoppingParams(**given)


def _alike(value: Any, usual: Any) -> bool:
    if isinstance(usual, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is type(usual)


def atoms_in_hops(
    inputs: Inputs, trajectory: Trajectory, text: str, progress: Progress
) -> tuple[Array, Array]:
    """((k,) frames, (k,) ids) of atoms in the middle of a hop: from the last frame in the core of
    the old site to the first in that of the new one, both with it. Raises AnalysisProblem,
    ReadProblem, Cancelled."""
    params = params_in(text)
    own = replace(inputs, trajectory=trajectory, atoms=None, reference=None)
    return rare_atoms(find_hops(own, params, progress), params.every)


def among(frames: Array, ids: Array, rare: tuple[Array, Array]) -> Array:
    """(n,) which of the atoms `ids` in `frames` are among the rare ones."""
    size = int(max(ids.max(initial=0), rare[1].max(initial=0))) + 1
    return np.isin(frames * size + ids, rare[0] * size + rare[1])
