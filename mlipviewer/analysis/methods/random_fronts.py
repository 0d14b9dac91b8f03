"""How many models a front holds by chance: of random subsets of metrics, and of random numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb

import numpy as np

from mlipviewer.analysis.methods.fronts import non_dominated
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import Floats

Subset = tuple[int, ...]


def expected_front(n: int, d: int) -> float:
    """The mean size of the front of n independent points in d dimensions without ties.

    A(n, 1) = 1, A(n, d) = sum over k <= n of A(k, d - 1) / k. Barndorff-Nielsen and Sobel, Theory
    Probab. Appl. 11, 249 (1966).
    """
    if n < 1:
        return 0.0
    sizes = np.ones(n)
    for _ in range(d - 1):
        sizes = np.cumsum(sizes / np.arange(1, n + 1))
    return float(sizes[-1])


def random_subsets(m: int, d: int, draws: int, rng: np.random.Generator) -> list[Subset]:
    """`draws` subsets of d of m columns, sorted; each of them once where there are no more."""
    if comb(m, d) <= draws:
        return list(combinations(range(m), d))
    return [tuple(sorted(rng.choice(m, d, replace=False).tolist())) for _ in range(draws)]


def known_points(points: Floats, subset: Sequence[int]) -> Floats:
    """(k, d) the rows that have a value in all of these columns."""
    chosen = points[:, list(subset)]
    return chosen[np.isfinite(chosen).all(axis=1)]


def front_size(points: Floats) -> int:
    """The number of rows of (n, d) that no other dominates."""
    return int(non_dominated(points).sum())


def coarse_front_size(logs: Floats, step: float) -> int:
    """The number of boxes of side `step` that no other box dominates: epsilon-dominance.

    One model of each stands for it. Laumanns, Thiele, Deb and Zitzler, Evol. Comput. 10, 263
    (2002), with logarithms for their relative steps.
    """
    boxes = np.unique(np.floor(logs / step), axis=0)
    return int(non_dominated(boxes).sum())


def gaussian_front_sizes(
    n: int, d: int, r: float, draws: int, rng: np.random.Generator, progress: Progress
) -> Floats:
    """(draws,) front sizes of n points of d Gaussians that correlate with r pairwise (Cholesky)."""
    lower = np.linalg.cholesky(np.full((d, d), r) + (1.0 - r) * np.eye(d))
    sizes = np.empty(draws)
    for i in range(draws):
        if progress.stopped:
            progress.step(i, draws)
        sizes[i] = front_size(rng.standard_normal((n, d)) @ lower.T)
    return sizes


def numbers_of(text: str, what: str, low: float, high: float) -> list[float]:
    """`2,3,4` as numbers, each once, increasing. Raises AnalysisProblem."""
    try:
        found = sorted({float(word) for word in text.split(",") if word.strip()})
    except ValueError:
        raise AnalysisProblem(f"{what} are numbers with commas between, not {text!r}") from None
    if not found or not all(low <= value <= high for value in found):
        raise AnalysisProblem(f"{what} lie between {low:g} and {high:g}: {text!r}")
    return found


def whole_numbers_of(text: str, what: str, low: int, high: int) -> list[int]:
    """The same for whole numbers."""
    found = numbers_of(text, what, low, high)
    if any(value != round(value) for value in found):
        raise AnalysisProblem(f"{what} are whole numbers: {text!r}")
    return [int(value) for value in found]


def percentiles(sizes: Floats, *shares: float) -> Iterator[float]:
    """Percentiles as plain numbers."""
    yield from np.percentile(sizes, shares).tolist()
