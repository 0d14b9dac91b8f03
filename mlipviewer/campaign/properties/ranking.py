"""Which of two structures has the lower energy: how often a potential is wrong, and by how much."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign.labelled import read_labelled
from mlipviewer.campaign.property import Asked, Found, Metric, Property, Subject
from mlipviewer.campaign.set_errors import errors_on


def metrics(asked: Asked) -> tuple[Metric, ...]:
    """Three of each set: `test_rank`, `test_gap`, `test_gap_max`."""
    found = []
    for name in asked.sets:
        wrong = f"wrongly ordered pairs of the set {name}"
        found += [
            Metric(f"{name}_rank", f"share of {wrong}", "%", "ranking", 5.0, 50.0, True, 0.1),
            Metric(
                f"{name}_gap", f"mean gap of {wrong}", "meV/atom", "ranking", 2.0, 50.0, True, 0.1
            ),
            Metric(
                f"{name}_gap_max",
                f"largest gap of {wrong}",
                "meV/atom",
                "ranking",
                5.0,
                200.0,
                True,
                0.1,
            ),
        ]
    return tuple(found)


def run(subject: Subject) -> Found:
    """Pairs of frames of the same set and composition; the gap is that of the reference. Raises
    Failed."""
    values: dict[str, float] = {}
    for name, file in subject.sets.items():
        predicted = errors_on(subject.calculator(), read_labelled(file)).predicted
        groups: dict[str, list[Any]] = defaultdict(list)
        for atoms in predicted:
            groups[atoms.get_chemical_formula()].append(atoms)
        own, reference = (
            [np.array([a.info[key] / len(a) for a in group]) for group in groups.values()]
            for key in ("energy", "ref_energy")
        )
        share, mean, largest = wrong_pairs(own, reference)
        values |= {f"{name}_rank": share, f"{name}_gap": mean, f"{name}_gap_max": largest}
    return Found(values)


Energies = list[NDArray[Any]]


def wrong_pairs(own: Energies, reference: Energies) -> tuple[float, float, float]:
    """Of groups of energies in eV/atom: the share in % of pairs that are ordered otherwise than by
    the reference, and the mean and largest gap of those in meV/atom; 0 where none is."""
    gaps, pairs = [], 0
    for ours, theirs in zip(own, reference, strict=True):
        i, j = np.triu_indices(len(ours), 1)
        apart = theirs[i] - theirs[j]
        wrong = apart * (ours[i] - ours[j]) < 0
        gaps.append(1000 * np.abs(apart[wrong]))
        pairs += len(i)
    found = np.concatenate(gaps) if gaps else np.empty(0)
    if not len(found):
        return 0.0, 0.0, 0.0
    return 100.0 * len(found) / pairs, float(found.mean()), float(found.max())


PROPERTY = Property(
    name="ranking",
    about="Share and gaps of pairs of structures whose energies are ordered wrongly.",
    metrics=metrics,
    run=run,
    cost=30,
    of_sets=True,
)
