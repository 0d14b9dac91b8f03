"""Long-range order of Bragg and Williams: how well two families of elements keep to sublattices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.chemistry import family_codes
from mlipviewer.analysis.methods.parent_lattice import CUBIC, DIAGONAL_NAMES, FCC, ParentLattice

Array = NDArray[Any]

L1_0, L1_2, L1_1, B2 = "L1_0", "L1_2", "L1_1", "B2"
OWN = "column"
STRUCTURES = (L1_0, L1_2, L1_1, B2)


@dataclass(frozen=True, eq=False)
class Sublattices:
    """One way to divide the atoms: `which` (n,) 0, 1, ..., -1 for atoms on none; `share` (k,) of
    the sites that each ideally has; `axis` is the wave that tells it."""

    structure: str
    axis: str
    which: Array
    share: Array


@dataclass(frozen=True, eq=False)
class LongRangeOrder:
    """S = r_A + r_B - 1, r being the share of a sublattice's sites that its own family holds; with
    the sublattices, the family (k,) of each species (0 is A), and `occupied` (sublattices, k): the
    share of a sublattice that each species holds. Of stoichiometric alloys S is (r_A - x_A) /
    (1 - x_A)."""

    value: float
    sublattices: Sublattices
    families: Array
    occupied: Array
    shares: Array


def divisions(lattice: ParentLattice) -> Iterator[Sublattices]:
    """All ways to divide a lattice as ordered structures do, those that its waves allow."""
    waves = dict(zip(lattice.wave_names, lattice.waves.T, strict=True))
    on_it, half = lattice.on_it, np.array([0.5, 0.5])

    def told(first: Array) -> Array:
        return np.where(on_it, np.where(first, 0, 1), -1).astype(np.int8)

    if lattice.kind != FCC:
        yield from (Sublattices(B2, n, told(wave > 0), half) for n, wave in waves.items())
        return
    for name in CUBIC:
        if name in waves:
            yield Sublattices(L1_0, name, told(waves[name] > 0), half)
    for name in DIAGONAL_NAMES:
        if name in waves:
            yield Sublattices(L1_1, name, told(waves[name] > 0), half)
    if all(name in waves for name in CUBIC):
        for x, y in product((1, -1), repeat=2):
            corner = (waves["x"] == x) & (waves["y"] == y)
            name = f"corner {2 * (x < 0) + (y < 0) + 1}"
            yield Sublattices(L1_2, name, told(~corner), np.array([0.75, 0.25]))


def order_on(
    sublattices: Sublattices,
    species: Array,
    n_species: int,
    groups: Sequence[Sequence[str]],
    names: Sequence[str],
) -> LongRangeOrder:
    """The order of `species` (n,) 0..n_species - 1 on two sublattices; without groups a species is
    of the family of the sublattice that it prefers."""
    on = sublattices.which >= 0
    counts = np.zeros((2, n_species))
    np.add.at(counts, (sublattices.which[on], species[on]), 1)
    sites = np.maximum(counts.sum(axis=1), 1)
    total = counts.sum(axis=0)
    occupied = counts / sites[:, None]
    if groups:
        codes = family_codes(names, groups)
        families = np.where(codes == 0, 0, 1)
        if occupied[0, families == 0].sum() < occupied[1, families == 0].sum():
            families = 1 - families
    else:
        families = np.where(occupied[0] >= occupied[1], 0, 1)
    own = [occupied[side, families == side].sum() for side in (0, 1)]
    shares = total / max(total.sum(), 1)
    return LongRangeOrder(float(sum(own) - 1), sublattices, families, occupied, shares)


def best_order(
    lattice: ParentLattice,
    species: Array,
    names: Sequence[str],
    groups: Sequence[Sequence[str]],
    structure: str,
) -> LongRangeOrder | None:
    """The division whose order is the most beyond chance, of one structure or ('') of all that
    there are."""
    there = (one for one in divisions(lattice) if structure in ("", one.structure))
    found = [order_on(one, species, len(names), groups, names) for one in there]
    return max(found, key=_beyond_chance, default=None)


def _beyond_chance(found: LongRangeOrder) -> float:
    chance = chance_of_order(found)
    return found.value / chance if chance > 0 else 0.0


def chance_of_order(found: LongRangeOrder) -> float:
    """The standard deviation of S on these sublattices in random alloys of as many atoms."""
    sites = [int((found.sublattices.which == side).sum()) for side in (0, 1)]
    if not all(sites):
        return float("nan")
    x = float(found.shares[found.families == 0].sum())
    return float(np.sqrt(x * (1 - x) * (1 / sites[0] + 1 / sites[1])))


def mixing_entropy(shares: Array) -> float:
    """k_B for each site: - sum x ln x, of shares (k,)."""
    there = np.asarray(shares, float)
    there = there[there > 0]
    return float(-(there * np.log(there)).sum()) + 0.0


def sublattice_entropy(counts: Array) -> float:
    """k_B for each site, of counts (sublattices, k): the entropy of mixing on each sublattice,
    weighted by its sites."""
    sites = counts.sum(axis=1)
    total = max(float(sites.sum()), 1.0)
    parts = [n / total * mixing_entropy(one / n) for one, n in zip(counts, sites, strict=True) if n]
    return float(sum(parts))
