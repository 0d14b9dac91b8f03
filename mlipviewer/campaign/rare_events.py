"""Frames of atoms that hop: dynamics of the reference with a defect, and which atoms are on the
way from one site to another.

An atom belongs to a site of the crystal while it is within a core around it. It hops in the frames
between the last one in the core of a site and the first one in the core of another.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign import crystals
from mlipviewer.campaign.design import Crystal, LabelledSet
from mlipviewer.campaign.dynamics import langevin
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.labelled import label

Array = NDArray[Any]

EVERY = 10  # fs between frames that are looked at
CORE = 0.3
"""Radius of the core of a site in distances to the nearest neighbour."""
TEMPERATURES = (1300.0, 1600.0, 1900.0)
ROUNDS = 4  # at each temperature, `steps` looked-at frames each
FAR = 5.0  # A; `r` of an atom farther than this from all that hop is not a number


def rare_events(
    one: LabelledSet, crystal: Crystal, a: float, calculator: Any, seed: int
) -> list[Any]:
    """Up to `frames` frames with hopping atoms, labelled; the column `r` is the distance to the
    nearest hopping atom, 0 for these themselves. Raises Failed where none hopped."""
    kinds = one.kinds or ("vacancy", "interstitial")
    found: list[Any] = []
    for number, kind in enumerate(kinds):
        rng = np.random.default_rng([seed, 77, number])
        wanted = one.frames // len(kinds) + (number < one.frames % len(kinds))
        found += on_the_way_frames(kind, wanted, one.steps, crystal, a, calculator, rng)
    if not found:
        raise Failed("no atom hopped: ask for more steps")
    return [_labelled(atoms, calculator) for atoms in found]


def on_the_way_frames(
    kind: str, wanted: int, steps: int, crystal: Crystal, a: float, calculator: Any, rng: Any
) -> list[Any]:
    """Up to `wanted` frames of dynamics with a defect in which atoms hop (the column `hopping`)."""
    if kind == "vacancy":
        start = crystals.vacancy(crystal, a)
    else:
        start = crystals.interstitial(crystal, a, crystals.INTERSTITIALS[crystal.structure][0])
    start.rattle(0.03, rng=rng)
    sites = crystals.large(crystal, a).positions
    run: list[Any] = []
    found: list[Any] = []
    for temperature in TEMPERATURES * ROUNDS:
        last = run[-1] if run else start
        run += langevin(last, calculator, temperature, steps, EVERY, rng)
        hopping = on_the_way(np.array([one.positions for one in run]), sites, np.array(start.cell))
        found = [(run[k], hopping[k]) for k in np.flatnonzero(hopping.any(axis=1))]
        if len(found) >= 3 * wanted:
            break
    places = np.linspace(0, len(found) - 1, min(wanted, len(found))).astype(int)
    made = []
    for atoms, who in (found[k] for k in places):
        atoms.info["kind"] = f"rare {kind}"
        atoms.set_array("hopping", who)
        made.append(atoms)
    return made


def on_the_way(positions: Array, sites: Array, cell: Array) -> Array:
    """(f, n) whether atoms at `positions` (f, n, 3) are between two of the `sites` (m, 3) of a
    rectangular periodic cell; a drift of all atoms together is taken out."""
    from scipy.spatial import cKDTree

    box = np.diag(cell)
    tree = cKDTree(sites % box, boxsize=box)
    core = CORE * float(np.asarray(tree.query(sites[0] % box, 2)[0])[1])
    moves = np.diff(positions, axis=0)
    moves -= np.round(moves / box) * box
    drift = np.concatenate([[np.zeros(3)], np.cumsum(moves.mean(axis=1), axis=0)])
    apart, nearest = tree.query((positions - drift[:, None]) % box)
    at = np.where(apart < core, nearest, -1)
    before, after = _filled(at), _filled(at[::-1])[::-1]
    return np.asarray((at < 0) & (before >= 0) & (after >= 0) & (before != after))


def _filled(at: Array) -> Array:
    """(f, n) the last site that was known, -1 before the first."""
    rows = np.where(at >= 0, np.arange(len(at))[:, None], 0)
    np.maximum.accumulate(rows, axis=0, out=rows)
    return np.asarray(np.take_along_axis(at, rows, axis=0))


def _labelled(atoms: Any, calculator: Any) -> Any:
    made = label(atoms, calculator)
    made.info = {"energy": made.info["energy"], "kind": atoms.info["kind"]}
    hopping = np.flatnonzero(made.arrays.pop("hopping"))
    apart = np.array([made.get_distances(k, range(len(made)), mic=True) for k in hopping])
    r = apart.min(axis=0)
    made.set_array("r", np.where(r <= FAR, r, np.nan))
    return made
