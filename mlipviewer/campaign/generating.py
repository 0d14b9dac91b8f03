"""Structures to train on and to test with, made and labelled by a reference calculator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlipviewer.campaign import crystals
from mlipviewer.campaign.design import Crystal, LabelledSet
from mlipviewer.campaign.dynamics import langevin
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.labelled import label
from mlipviewer.campaign.rare_events import on_the_way_frames

HOT = 3500.0
"""K at which a crystal of silicon melts at once; others melt below."""


def generated(
    one: LabelledSet, crystal: Crystal, a: float, calculator: Any, seed: int
) -> list[Any]:
    """The frames of a set, `info["kind"]` saying what each is. Raises Failed."""
    counts = counts_of(one)
    found = []
    for number, (kind, n) in enumerate(counts.items()):
        rng = np.random.default_rng([seed, number])
        for atoms in _MAKERS[kind](crystal, a, n, calculator, rng, one.steps):
            made = label(atoms, calculator)
            made.info = {"energy": made.info["energy"], "kind": kind}
            found.append(made)
    return found


def counts_of(one: LabelledSet) -> dict[str, int]:
    """Frames by kind: evenly shared, the first kinds get what is left over, and the enrichment."""
    counts = dict.fromkeys(one.kinds, 0)
    for k in range(one.frames if one.kinds else 0):
        counts[one.kinds[k % len(one.kinds)]] += 1
    for kind, n in one.enrich.items():
        counts[kind] = counts.get(kind, 0) + n
    return {kind: n for kind, n in counts.items() if n}


def _runs(
    start: Any, temperatures: list[float], n: int, calc: Any, rng: Any, steps: int
) -> Iterator[Any]:
    """`n` frames of dynamics, shared by the temperatures."""
    shares = [len(part) for part in np.array_split(np.arange(n), len(temperatures))]
    for temperature, share in zip(temperatures, shares, strict=True):
        if share:
            yield from langevin(start, calc, temperature, share, steps, rng)


def _bulk(crystal: Crystal, a: float, n: int, calc: Any, rng: Any, steps: int) -> Iterator[Any]:
    start = crystals.large(crystal, a)
    start.rattle(0.02, rng=rng)
    yield from _runs(start, [300.0, 600.0, 1200.0][: max(n, 1)], n, calc, rng, steps)


def _strained(
    crystal: Crystal, a: float, n: int, _calc: Any, rng: Any, _steps: int
) -> Iterator[Any]:
    for _ in range(n):
        atoms = crystals.large(crystal, a)
        strain = rng.uniform(-0.04, 0.04, (3, 3))
        strain[np.diag_indices(3)] += rng.uniform(-0.05, 0.05)
        atoms.set_cell(
            np.array(atoms.cell) @ (np.eye(3) + (strain + strain.T) / 2), scale_atoms=True
        )
        atoms.rattle(rng.uniform(0.01, 0.12), rng=rng)
        yield atoms


def _vacancy(crystal: Crystal, a: float, n: int, calc: Any, rng: Any, steps: int) -> Iterator[Any]:
    start = crystals.vacancy(crystal, a)
    start.rattle(0.05, rng=rng)
    yield from _runs(start, [800.0, 1200.0, 1600.0][: max(n, 1)], n, calc, rng, steps)


def _interstitial(
    crystal: Crystal, a: float, n: int, calc: Any, rng: Any, steps: int
) -> Iterator[Any]:
    kinds = crystals.INTERSTITIALS[crystal.structure]
    for kind, part in zip(kinds, np.array_split(np.arange(n), len(kinds)), strict=True):
        if len(part):
            start = crystals.interstitial(crystal, a, kind)
            start.rattle(0.03, rng=rng)
            yield from _runs(start, [700.0, 1300.0][: len(part)], len(part), calc, rng, steps)


def _surface(crystal: Crystal, a: float, n: int, calc: Any, rng: Any, steps: int) -> Iterator[Any]:
    planes = list(crystals.PLANES)
    for plane, part in zip(planes, np.array_split(np.arange(n), len(planes)), strict=True):
        if len(part):
            atoms, _ = crystals.slab(crystal, a, plane, 2 if plane == "111" else 3)
            wide = atoms.repeat((2, 2, 1))
            wide.rattle(0.05, rng=rng)
            yield from _runs(wide, [600.0], len(part), calc, rng, steps // 2)


def _liquid(crystal: Crystal, a: float, n: int, calc: Any, rng: Any, steps: int) -> Iterator[Any]:
    atoms = crystals.large(crystal, 0.99 * a)
    atoms.rattle(0.3, rng=rng)
    melt = list(langevin(atoms, calc, HOT, 1, 4 * steps, rng))[-1]
    yield from _runs(melt, [HOT, 2000.0][: max(n, 1)], n, calc, rng, steps)


def _phases(crystal: Crystal, a: float, n: int, _calc: Any, rng: Any, _steps: int) -> Iterator[Any]:
    names = [name for name in crystals.PHASES if name != crystal.structure]
    volume = a**3 / crystals.n_cubic(crystal)
    for k in range(n):
        atoms = crystals.phase(
            names[k % len(names)], crystal.element, volume * rng.uniform(0.7, 1.1)
        )
        wide = atoms.repeat([max(1, round(9.0 / length)) for length in atoms.cell.lengths()])
        wide.rattle(0.05, rng=rng)
        yield wide


def _rare(crystal: Crystal, a: float, n: int, calc: Any, rng: Any, steps: int) -> Iterator[Any]:
    """Frames in which an atom is on its way between two sites, of a vacancy and an interstitial in
    turn."""
    kinds = ("vacancy", "interstitial")
    for kind, part in zip(kinds, np.array_split(np.arange(n), len(kinds)), strict=True):
        if len(part):
            yield from on_the_way_frames(kind, len(part), steps, crystal, a, calc, rng)


_MAKERS = {
    "bulk": _bulk,
    "strained": _strained,
    "vacancy": _vacancy,
    "interstitial": _interstitial,
    "surface": _surface,
    "liquid": _liquid,
    "phases": _phases,
    "rare": _rare,
}


def checked(frames: list[Any]) -> list[Any]:
    """The frames, where none is spoilt. Raises Failed."""
    for number, atoms in enumerate(frames):
        largest = float(np.abs(atoms.arrays["forces"]).max())
        if largest > 200:
            raise Failed(f"frame {number + 1} has a force of {largest:.0f} eV/A")
    return frames
