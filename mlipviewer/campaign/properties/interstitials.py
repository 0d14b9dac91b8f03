"""Formation energies of interstitials."""

from __future__ import annotations

from mlipviewer.campaign import crystals
from mlipviewer.campaign.defects import formation
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.property import Asked, Found, Metric, Property, Subject

SAID = {
    "tet": "tetrahedral interstitial",
    "hex": "hexagonal interstitial",
    "spl": "<110> split interstitial",
    "oct": "octahedral interstitial",
}


def metrics(asked: Asked) -> tuple[Metric, ...]:
    """One for each interstitial of the crystal: `tet_Ef`, `hex_Ef` ..."""
    return tuple(
        Metric(f"{kind}_Ef", f"formation energy of the {SAID[kind]}", "eV", "defects", 0.1, 2.0)
        for kind in crystals.INTERSTITIALS[asked.crystal.structure]
    )


def run(subject: Subject) -> Found:
    """Relaxed at fixed cell; all but the split one keep their symmetry. One that does not relax has
    no value. Raises Failed."""
    values, frames, failures = {}, {}, {}
    a = subject.lattice()
    for kind in crystals.INTERSTITIALS[subject.crystal.structure]:
        name = f"{kind}_Ef"
        try:
            start = crystals.interstitial(subject.crystal, a, kind)
            values[name], frames[name] = formation(subject, start, 0.0)
        except Failed as problem:
            failures[name] = str(problem)
    return Found(values, frames=frames, failures=failures)


PROPERTY = Property(
    name="interstitials",
    about="Formation energies of interstitials, relaxed at fixed cell.",
    metrics=metrics,
    run=run,
    cost=150,
)
