"""Which share of atoms took which way, and how sure that is: bootstrap by neighbourhoods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.class_paths import Passages

Array = NDArray[Any]

N_BOOTSTRAP = 2000


@dataclass(frozen=True)
class Shares:
    """Shares of direct and of multi-step passages, with the middle 95 % of a bootstrap by blocks.

    `corrected`: of multi-step ones, without those that flicker fakes.
    """

    n_direct: int
    n_steps: int
    steps: float
    low: float
    high: float
    corrected: float
    corrected_low: float
    corrected_high: float
    n_blocks: int = 0


@dataclass(frozen=True, eq=False)
class Flicker:
    """The flicker (c,) of each atom of a control, and the block (c,) that it belongs to."""

    each: Array
    blocks: Array


def blocks_of(places: Array, edge: float) -> Array:
    """(n,) the cube of this edge that each place (n, 3) lies in, as numbers from 0; each place is
    a block of its own where the edge is 0."""
    if edge <= 0 or len(places) == 0:
        return np.arange(len(places))
    cubes = np.floor(np.nan_to_num(np.asarray(places, float)) / edge).astype(np.int64)
    found: Array = np.unique(cubes, axis=0, return_inverse=True)[1]
    return found.ravel()


def shares_of(
    passages: Passages,
    flicker: float,
    control: Flicker | None,
    blocks: Array | None = None,
    seed: int = 0,
) -> Shares:
    """Shares of the passages by kind, and their bootstrap (seeded) by `blocks` (m,) of the passages
    (None: single atoms): atoms of one neighbourhood crystallize together.

    `flicker` is the share of frames in which an atom of the crystal is labelled close-packed for
    as long as a state has to last. An atom that goes directly arrives in such a moment with that
    probability, so (observed - flicker) / (1 - flicker) are true. The control is resampled with
    the passages; None: its flicker is taken to be exact.
    """
    steps_taken = ~passages.direct
    n = len(steps_taken)
    if n == 0:
        return Shares(0, 0, *(np.nan,) * 6)
    rng = np.random.default_rng(seed)
    own = np.arange(n) if blocks is None else blocks
    drawn = _drawn_means(steps_taken.astype(float), own, rng)
    of_control = np.full(N_BOOTSTRAP, flicker)
    if control is not None and len(control.each):
        of_control = _drawn_means(control.each, control.blocks, rng)
    low, high = np.quantile(drawn, (0.025, 0.975))
    true_low, true_high = np.quantile(_without(drawn, of_control), (0.025, 0.975))
    steps = float(steps_taken.mean())
    return Shares(
        int(n - steps_taken.sum()),
        int(steps_taken.sum()),
        steps,
        float(low),
        float(high),
        float(_without(np.array(steps), np.array(flicker))),
        float(true_low),
        float(true_high),
        len(np.unique(own)),
    )


def _drawn_means(values: Array, blocks: Array, rng: np.random.Generator) -> Array:
    """(N_BOOTSTRAP,) means of values (n,) over blocks that are drawn again, each whole."""
    _, own = np.unique(blocks, return_inverse=True)
    counts = np.bincount(own)
    sums = np.bincount(own, values)
    k = len(counts)
    found = np.empty(N_BOOTSTRAP)
    for i in range(N_BOOTSTRAP):
        times = np.bincount(rng.integers(0, k, k), minlength=k)
        found[i] = (times @ sums) / (times @ counts)
    return found


def _without(observed: Array, flicker: Array) -> Array:
    found: Array = np.clip((observed - flicker) / np.maximum(1 - flicker, 1e-9), 0, 1)
    return found
