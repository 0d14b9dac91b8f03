"""Scattering of X-rays: form factors, wavelengths, structure factors and Debye's sum."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.neighbourhood import neighbourhood
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.resources import resource_json
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

WAVELENGTHS = MappingProxyType(
    {"Cu Kα": 1.54184, "Mo Kα": 0.71073, "Co Kα": 1.79026, "Fe Kα": 1.93735, "Cr Kα": 2.29100,
     "Ag Kα": 0.56090}
)  # fmt: skip
"""A; the weighted means of K alpha 1 and 2 of the International Tables for Crystallography C."""

MOST_WORK = 6e10  # atoms times reflections
FINEST = 0.005  # A: bins of distances, each with its mean
AT_ONCE = 64  # values of q in Debye's sum


@cache
def _factors() -> Array:
    return np.array(resource_json("form_factors.json")["factors"], float)


def form_factor(number: int, q: Array) -> Array:
    """f of a neutral atom in electrons at q = 4 pi sin(theta) / wavelength (1/A): Waasmaier and
    Kirfel, Acta Cryst. A51, 416 (1995). Raises AnalysisProblem for an unknown element."""
    table = _factors()
    if not 1 <= number <= len(table):
        raise AnalysisProblem("X-rays need to know the elements: say them with Time > What the"
                              " trajectory is, or --elements")  # fmt: skip
    row, square = table[number - 1], (np.asarray(q, float) / (4 * np.pi)) ** 2
    terms = row[:5] * np.exp(-row[5:10] * square[..., None])
    found: Array = terms.sum(axis=-1) + row[10]
    return found


def polarisation(two_theta: Array) -> Array:
    """Of an unpolarised beam, at angles in degrees."""
    found: Array = (1 + np.cos(np.radians(two_theta)) ** 2) / 2
    return found


def lorentz(two_theta: Array) -> Array:
    """Of a powder: how many crystallites reflect, and on how long an arc."""
    theta = np.radians(two_theta) / 2
    found: Array = 1 / (np.sin(theta) ** 2 * np.cos(theta))
    return found


def q_of(two_theta: Array, wavelength: float) -> Array:
    found: Array = 4 * np.pi * np.sin(np.radians(two_theta) / 2) / wavelength
    return found


def angle_of(q: Array, wavelength: float) -> Array:
    """2 theta in degrees; NaN where a wave is too long to reach q."""
    sine = np.asarray(q, float) * wavelength / (4 * np.pi)
    found: Array = 2 * np.degrees(np.arcsin(np.where(sine <= 1, sine, np.nan)))
    return found


# --- crystals ----------------------------------------------------------------------------------


def reflections(cell: Array, low: float, high: float) -> Iterator[tuple[int, Array, Array]]:
    """Of each h >= 0: pairs k, l (m, 2) and q (m,) in 1/A between low and high; one of each h k l
    and its opposite."""
    reciprocal = 2 * np.pi * np.linalg.inv(cell)  # columns
    most = np.floor(high * np.linalg.norm(cell, axis=1) / (2 * np.pi) + 1e-9).astype(int)
    k, l = (a.ravel() for a in np.meshgrid(  # noqa: E741 (the field's name)
        np.arange(-most[1], most[1] + 1), np.arange(-most[2], most[2] + 1), indexing="ij"
    ))  # fmt: skip
    for h in range(most[0] + 1):
        q = np.linalg.norm(np.stack([np.full(len(k), h), k, l], axis=1) @ reciprocal.T, axis=1)
        kept = (q >= low) & (q <= high)
        if h == 0:
            kept &= (k > 0) | ((k == 0) & (l > 0))
        yield h, np.stack([k[kept], l[kept]], axis=1), q[kept]


def structure_factors(
    frame: Frame, low: float, high: float, progress: Progress
) -> tuple[Array, Array, Array, Array]:
    """Reflections with q from low to high (1/A) of a periodic frame, one of each and its opposite:
    hkl (m, 3), q (m,), and of each element (numbers (k,)) the sums of phases (m, k).

    Raises AnalysisProblem where cell and range are too large, Cancelled.
    """
    cell = np.array(frame.cell, float)
    volume = abs(np.linalg.det(cell))
    work = frame.n_atoms * volume * high**3 / (12 * np.pi**2)
    if work > MOST_WORK:
        raise AnalysisProblem(
            f"{frame.n_atoms} atoms in {volume:.3g} Å³ have too many reflections up to"
            f" q = {high:.3g}/Å: end at a smaller angle, take a longer wave, or Debye's sum"
        )
    parts = (frame.positions - frame.origin) @ np.linalg.inv(cell)
    numbers = np.unique(frame.numbers)
    masks = [frame.numbers == one for one in numbers]
    most = np.floor(high * np.linalg.norm(cell, axis=1) / (2 * np.pi) + 1e-9).astype(int)
    turns = [np.exp(2j * np.pi * np.outer(np.arange(-n, n + 1), parts[:, a])).astype(np.complex64)
             for a, n in ((1, most[1]), (2, most[2]))]  # fmt: skip
    found: list[tuple[Array, Array, Array]] = []
    for h, kl, q in reflections(cell, low, high):
        progress.step(h, int(most[0]) + 1)
        if not len(q):
            continue
        along = np.exp(2j * np.pi * h * parts[:, 0]).astype(np.complex64)
        sums = np.empty((len(q), len(numbers)), np.complex64)
        for place, own in enumerate(masks):
            grid = (turns[0][:, own] * along[own]) @ turns[1][:, own].T
            sums[:, place] = grid[kl[:, 0] + most[1], kl[:, 1] + most[2]]
        found.append((np.column_stack([np.full(len(q), h), kl]), q, sums))
    if not found:
        raise AnalysisProblem("no reflection of this cell lies in this range of angles")
    hkl, q, sums = (np.concatenate([one[i] for one in found]) for i in range(3))
    return hkl, q, sums, numbers


# --- particles ---------------------------------------------------------------------------------


def pair_histograms(frame: Frame, progress: Progress) -> tuple[Array, Array, Array]:
    """All distances of a frame without its cell, of each two elements i <= j: mean distances (p, b)
    in A of bins, pairs in them (p, b), counted both ways; and (p, 2) the numbers of i and j."""
    from mlipviewer.native.local_order import pair_distances

    free = Frame(frame.index, np.array(frame.positions), np.array(frame.numbers))
    size = _widest(free.positions)
    numbers, kinds = np.unique(free.numbers, return_inverse=True)
    codes, bins = kinds.astype(np.int32), int(np.ceil(size / FINEST))
    with neighbourhood(free, np.arange(free.n_atoms), 64) as grid:
        counts, sums = pair_distances(grid, size, bins, codes, len(numbers), progress.step)
    pairs = [(i, j) for i in range(len(numbers)) for j in range(i, len(numbers))]
    times = np.array([[1 if i == j else 2] for i, j in pairs])
    both = np.array([counts[pair] for pair in pairs])
    means = np.array([sums[pair] for pair in pairs]) / np.maximum(both, 1)
    return means, both * times, np.array([(numbers[i], numbers[j]) for i, j in pairs])


def _widest(positions: Array) -> float:
    """A; no two atoms are farther apart: by directions all around, a little widened."""
    if len(positions) < 2:
        return 1.0
    sides = np.ptp(positions, axis=0)
    middle = (positions.max(axis=0) + positions.min(axis=0)) / 2
    ball = 2 * float(np.linalg.norm(positions - middle, axis=1).max())
    return 1.0001 * min(ball, float(np.linalg.norm(sides))) + 1e-6


def debye(frame: Frame, q: Array, progress: Progress) -> Array:
    """(m,) sum over all pairs f_i f_j sin(q r)/(q r) in electrons squared, each atom with itself
    too: Debye's formula for a particle in all orientations. Raises AnalysisProblem, Cancelled."""
    numbers, n = np.unique(frame.numbers, return_counts=True)
    factors = {int(one): form_factor(int(one), q) for one in numbers}
    total = np.zeros(len(q))
    for one, count in zip(numbers, n, strict=True):
        total += count * factors[int(one)] ** 2
    means, counts, pairs = pair_histograms(frame, progress)
    for at in range(0, len(q), AT_ONCE):
        progress.step(at, len(q))
        some = slice(at, at + AT_ONCE)
        for far, many, (i, j) in zip(means, counts, pairs, strict=True):
            there = many > 0
            waves = np.sinc(np.outer(q[some], far[there]) / np.pi)
            both = factors[int(i)][some] * factors[int(j)][some]
            total[some] += both * (waves @ many[there])
    return total
