"""Numbers that say how good a front is: volumes and distances. Minimisation in every column.

`ideal_volume` and `ideal_distance` are the scores "HV" and "IGD" of Liu and Mo, npj Comput. Mater.
(2024): of both, lower is better. The volume is not Pareto-compliant: {(2, 2)} alone has a smaller
one than {(1, 4), (2, 2), (4, 1)}. `hypervolume` is the usual one (Zitzler and Thiele 1998), of
which more is better. GD (Van Veldhuizen 1998), IGD (Coello Coello and Reyes Sierra 2004) and their
"+" forms (Ishibuchi et al. 2015) compare a front with a reference front.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlipviewer.core.table import Floats

EXACT_UP_TO = 6  # columns, up to which a volume is computed exactly within milliseconds
SAMPLES = 20_000
BLOCK = 100_000  # numbers compared at once


@dataclass(frozen=True)
class Volume:
    """A volume and its standard error, 0 where it is exact."""

    value: float
    error: float = 0.0


def distinct_front(points: Floats) -> Floats:
    """The points (n, d) that no other dominates, of equal ones the first."""
    import moocore  # type: ignore[import-untyped,unused-ignore]

    return np.asarray(moocore.filter_dominated(points), float)


def ideal_volume(
    points: Floats,
    ideal: Floats,
    seed: int = 0,
    exact_up_to: int = EXACT_UP_TO,
    samples: int = SAMPLES,
) -> Volume:
    """The volume of the union of the boxes between `ideal` (d,) and points (n, d): lower is better.

    Only the points of the front may be given: a dominated point would enlarge it.
    """
    return _union(points - ideal, seed, exact_up_to, samples)


def hypervolume(
    points: Floats,
    reference: Floats,
    seed: int = 0,
    exact_up_to: int = EXACT_UP_TO,
    samples: int = SAMPLES,
) -> Volume:
    """The volume that the points (n, d) dominate up to `reference` (d,): higher is better."""
    return _union(reference - points, seed, exact_up_to, samples)


def _union(sides: Floats, seed: int, exact_up_to: int, samples: int) -> Volume:
    """The volume of the union of boxes from the origin with these sides (n, d)."""
    boxes = np.ascontiguousarray(sides[(sides > 0).all(axis=1)])
    if len(boxes) == 0:
        return Volume(0.0)
    if boxes.shape[1] > exact_up_to:
        return sampled_union(boxes, seed, samples)
    import moocore  # type: ignore[import-untyped,unused-ignore]

    return Volume(float(moocore.hypervolume(boxes, ref=0.0, maximise=True)))


def sampled_union(boxes: Floats, seed: int, samples: int = SAMPLES) -> Volume:
    """The same by chance, without bias and with a bounded relative error.

    A box is drawn by its volume and a point in it; the union is the sum of all volumes times the
    mean of 1 / (number of boxes that hold the point). Karp, Luby and Madras, J. Algorithms 10, 429
    (1989).
    """
    rng = np.random.default_rng(seed)
    scale = boxes.max(axis=0)
    shares = boxes / scale
    volumes = shares.prod(axis=1)
    total = float(volumes.sum())
    if total == 0.0:
        return Volume(0.0)
    chosen = rng.choice(len(boxes), samples, p=volumes / total)
    inside = rng.random((samples, boxes.shape[1])) * shares[chosen]
    weight = 1.0 / _holders(shares, inside)
    unit = total * float(scale.prod())
    error = float(weight.std(ddof=1)) / np.sqrt(samples)
    return Volume(unit * float(weight.mean()), unit * float(error))


def _holders(boxes: Floats, inside: Floats) -> Floats:
    """(k,) how many boxes (n, d) hold each of the points (k, d); at least the one it is from."""
    step = max(1, BLOCK // max(len(boxes), 1))
    counts = []
    for start in range(0, len(inside), step):
        block = inside[start : start + step]
        holds = np.ones((len(block), len(boxes)), bool)
        for column in range(boxes.shape[1]):
            holds &= block[:, column, None] <= boxes[None, :, column]
        counts.append(holds.sum(axis=1))
    return np.asarray(np.maximum(np.concatenate(counts), 1), float)


def ideal_distance(points: Floats, ideal: Floats) -> float:
    """The Euclidean distance from `ideal` (d,) to the nearest point: lower is better."""
    return float(np.sqrt(((points - ideal) ** 2).sum(axis=1)).min())


def gd(front: Floats, reference: Floats, p: float = 1.0) -> float:
    """(sum over s of min over r of |s - r|^p / n)^(1/p): how far the front is from the reference.

    `front` (n, d), `reference` (k, d). Lower is better.
    """
    return _mean_distance(front, reference, p, plus=False)


def igd(front: Floats, reference: Floats, p: float = 1.0) -> float:
    """GD from the reference to the front: how well the front covers it."""
    return _mean_distance(reference, front, p, plus=False)


def gd_plus(front: Floats, reference: Floats, p: float = 1.0) -> float:
    """GD that counts only where the front is worse than the reference."""
    return _mean_distance(front, reference, p, plus=True)


def igd_plus(front: Floats, reference: Floats, p: float = 1.0) -> float:
    """IGD that counts only where the front is worse; weakly Pareto-compliant."""
    return _mean_distance(-reference, -front, p, plus=True)


def _mean_distance(points: Floats, others: Floats, p: float, plus: bool) -> float:
    """The mean (of power p) over the points of the distance to the nearest of the others."""
    square = np.zeros((len(points), len(others)))
    for column in range(points.shape[1]):
        apart = points[:, column, None] - others[None, :, column]
        square += (np.maximum(apart, 0.0) if plus else apart) ** 2
    nearest = np.sqrt(square.min(axis=1))
    return float((nearest**p).mean() ** (1.0 / p))
