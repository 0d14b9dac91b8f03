"""Barriers of hops of the vacancy and of the tetrahedral interstitial."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.campaign import crystals
from mlipviewer.campaign.barriers import barrier
from mlipviewer.campaign.design import Crystal
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.property import Asked, Found, Metric, Property, Subject

VACANCY = Metric("vac_Em", "barrier of a hop of the vacancy", "eV", "migration", 0.05, 1.0)
INTERSTITIAL = Metric(
    "tet_Em", "barrier between tetrahedral interstitial sites", "eV", "migration", 0.05, 1.0
)


def metrics(asked: Asked) -> tuple[Metric, ...]:
    """That of the interstitial in diamond alone."""
    return (VACANCY, INTERSTITIAL) if asked.crystal.structure == "diamond" else (VACANCY,)


def run(subject: Subject) -> Found:
    """Bands of seven structures with a climbing one, at fixed cell; the uncertainty is by how much
    the two ends differ, which are the same by symmetry. Raises Failed."""
    crystal, a = subject.crystal, subject.lattice()
    values, uncertainties, frames, failures = {}, {}, {}, {}
    for metric in metrics(Asked(crystal)):
        hop = vacancy_hop if metric is VACANCY else interstitial_hop
        try:
            found = barrier(*hop(crystal, a), subject.calculator())
            values[metric.name], uncertainties[metric.name], frames[metric.name] = found
        except Failed as problem:
            failures[metric.name] = str(problem)
    return Found(values, uncertainties, frames, failures)


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
