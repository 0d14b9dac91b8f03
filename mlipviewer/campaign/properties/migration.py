"""Barriers of hops of the vacancy and of the tetrahedral interstitial."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from mlipviewer.campaign import crystals
from mlipviewer.campaign.barriers import barrier
from mlipviewer.campaign.design import Crystal
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.property import Asked, CurveKind, Found, Metric, Property, Subject

ALONG, ENERGY = "length of the path (Å)", "energy (eV)"
VACANCY = Metric(
    "vac_Em",
    "barrier of a hop of the vacancy",
    "eV",
    "migration",
    0.05,
    1.0,
    curve=CurveKind("vacancy_path", ALONG, ENERGY),
)
INTERSTITIAL = Metric(
    "tet_Em",
    "barrier between tetrahedral interstitial sites",
    "eV",
    "migration",
    0.05,
    1.0,
    curve=CurveKind("interstitial_path", ALONG, ENERGY),
)


def metrics(asked: Asked) -> tuple[Metric, ...]:
    """That of the interstitial in diamond alone."""
    return (VACANCY, INTERSTITIAL) if asked.crystal.structure == "diamond" else (VACANCY,)


def run(subject: Subject) -> Found:
    """Bands of seven structures with a climbing one, at fixed cell; the uncertainty is by how much
    the two ends differ, which are the same by symmetry. Raises Failed."""
    crystal, a = subject.crystal, subject.lattice()
    values, uncertainties, frames, failures, curves = {}, {}, {}, {}, {}
    for metric in metrics(Asked(crystal)):
        hop = vacancy_hop if metric is VACANCY else interstitial_hop
        try:
            found = barrier(*hop(crystal, a), subject.calculator())
            values[metric.name], uncertainties[metric.name], frames[metric.name] = found
            assert metric.curve is not None
            curves[metric.curve.name] = path_of(found[2])
        except Failed as problem:
            failures[metric.name] = str(problem)
    return Found(values, uncertainties, frames, failures, curves)


def path_of(band: Sequence[Any]) -> tuple[list[float], list[float]]:
    """How far along the path each structure of a band is, in A, and its energy above the first."""
    from ase.geometry import find_mic

    cell = band[0].cell
    steps = [
        float(np.linalg.norm(find_mic(b.positions - a.positions, cell)[0]))
        for a, b in pairwise(band)
    ]
    energies = np.array([one.info["energy"] for one in band])
    return [0.0, *np.cumsum(steps).tolist()], (energies - energies[0]).tolist()


def vacancy_hop(crystal: Crystal, a: float) -> tuple[Any, Any]:
    """A large cell without an atom, and with a neighbour moved there; the neighbours of the vacant
    site are drawn in."""
    whole = crystals.large(crystal, a)
    apart = whole.get_distances(0, range(len(whole)), mic=True)
    hopping = int(np.argsort(apart, kind="stable")[1])
    made = []
    for vacant in (0, hopping):
        atoms = _drawn_in(whole, vacant)
        if vacant:
            atoms.positions[hopping] = whole.positions[0]
        del atoms[0]
        made.append(atoms)
    return made[0], made[1]


def _drawn_in(whole: Any, vacant: int) -> Any:
    atoms = whole.copy()
    apart = whole.get_distances(vacant, range(len(whole)), mic=True, vector=True)
    lengths = np.linalg.norm(apart, axis=1)
    near = (lengths > 0) & (lengths < 1.1 * lengths[lengths > 0].min())
    atoms.positions[near] -= 0.25 * apart[near]
    return atoms


def interstitial_hop(crystal: Crystal, a: float) -> tuple[Any, Any]:
    """An extra atom in a tetrahedral site, and in the next one, with a hexagonal one between."""
    start = crystals.interstitial(crystal, a, "tet")
    end = start.copy()
    end.positions[-1] += a / 4
    return start, end


PROPERTY = Property(
    name="migration",
    about="Barriers of hops of the vacancy and of the tetrahedral interstitial (elastic band).",
    metrics=metrics,
    run=run,
    cost=2500,
)
