"""Samples of hyper-parameters, and which candidates become models: the best, and others at random.

Half of the models of Liu and Mo (npj Comput. Mater. 2024) are the best of their kind by
validation, half are drawn at random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, isfinite, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign.space import HyperParameters, Space

SELECTED, DRAWN = "selected", "random"


def sampled(space: Space, count: int, sampler: str, seed: int) -> list[HyperParameters]:
    """`count` choices of hyper-parameters, evenly spread over the space. The first k of a Sobol
    sample are those of a shorter one, so that a campaign can be made longer."""
    places = unit_cube(len(space), count, sampler, seed)
    names = list(space)
    return [
        {name: space[name].at(float(x)) for name, x in zip(names, row, strict=True)}
        for row in places
    ]


def unit_cube(dimensions: int, count: int, sampler: str, seed: int) -> NDArray[Any]:
    """(count, dimensions) points of [0, 1). Raises ValueError for an unknown sampler."""
    from scipy.stats import qmc

    if dimensions == 0 or count == 0:
        return np.zeros((count, dimensions))
    if sampler == "random":
        return np.random.default_rng(seed).random((count, dimensions))
    if sampler == "latin-hypercube":
        return np.asarray(qmc.LatinHypercube(dimensions, rng=seed).random(count))
    if sampler == "sobol":
        points = qmc.Sobol(dimensions, rng=seed).random_base2(ceil(log2(max(count, 2))))
        return np.asarray(points[:count])
    raise ValueError(f"no sampler {sampler!r}")


def chosen(scores: Sequence[float], models: int, selected: float, seed: int) -> Mapping[int, str]:
    """Of candidates with validation `scores` (lower is better; NaN: failed), which become models:
    their numbers, and how they were chosen. Failed ones are never chosen by score; they are drawn
    as others are, and stand in the table as failed."""
    n = min(models, len(scores))
    n_best = min(round(selected * n), sum(isfinite(score) for score in scores))
    order = sorted(range(len(scores)), key=lambda i: (not isfinite(scores[i]), scores[i], i))
    best = order[:n_best]
    rest = sorted(order[n_best:])
    drawn = np.random.default_rng(seed).permutation(len(rest))[: n - n_best]
    picked = dict.fromkeys(best, SELECTED) | {rest[int(k)]: DRAWN for k in drawn}
    return dict(sorted(picked.items()))
