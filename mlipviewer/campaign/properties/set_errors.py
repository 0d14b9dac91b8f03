"""Errors of energies and forces on the test sets."""

from __future__ import annotations

from mlipviewer.campaign.labelled import read_labelled
from mlipviewer.campaign.property import Asked, Found, Metric, Property, Subject
from mlipviewer.campaign.set_errors import errors_on


def metrics(asked: Asked) -> tuple[Metric, ...]:
    """Two of each set: `test_E`, `test_F`."""
    found = []
    for name in asked.sets:
        said = f"on the set {name}"
        found += [
            Metric(f"{name}_E", f"energy RMSE {said}", "meV/atom", "sets", 5.0, 100.0, True),
            Metric(f"{name}_F", f"force RMSE {said}", "eV/Å", "sets", 0.12, 1.5, True),
        ]
    return tuple(found)


def run(subject: Subject) -> Found:
    """Root mean squares; the frames with predicted and reference forces are the evidence.
    Raises Failed."""
    values: dict[str, float] = {}
    frames = {}
    for name, file in subject.sets.items():
        found = errors_on(subject.calculator(), read_labelled(file))
        values |= {f"{name}_E": found.energies, f"{name}_F": found.forces}
        frames[f"{name}_F"] = found.predicted
    return Found(values, frames=frames)


PROPERTY = Property(
    name="set-errors",
    about="Root mean square errors of energies and forces on each test set.",
    metrics=metrics,
    run=run,
    cost=30,
    of_sets=True,
)
