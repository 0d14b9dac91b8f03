"""Whether molecular dynamics with the potential is stable, and keeps its energy."""

from __future__ import annotations

import numpy as np

from mlipviewer.campaign import crystals
from mlipviewer.campaign.dynamics import verlet
from mlipviewer.campaign.property import CurveKind, Found, Metric, Property, Subject, fixed

TEMPERATURE = 900.0
FRAMES, EVERY = 40, 20  # 0.8 ps
ENERGY = CurveKind("md_energy", "time (ps)", "total energy (meV/atom)")
METRICS = (
    Metric(
        "md_drift",
        "drift of the energy at 900 K",
        "meV/atom/ps",
        "dynamics",
        1.0,
        50.0,
        True,
        curve=ENERGY,
    ),
    Metric("md_msd", "mean square displacement at 900 K", "Å²", "dynamics", 0.02, 0.2),
)


def run(subject: Subject) -> Found:
    """The crystal at constant energy; the run is the model's trajectory. Raises Failed where it
    explodes."""
    start = crystals.large(subject.crystal, subject.lattice())
    rng = np.random.default_rng(subject.seed)
    frames = list(verlet(start, subject.calculator(), TEMPERATURE, FRAMES, EVERY, rng))
    half = frames[FRAMES // 4 :]
    times = np.array([one.info["Time"] for one in half])
    energies = np.array([one.info["total_energy"] for one in half]) / len(start)
    drift = abs(float(np.polynomial.Polynomial.fit(times, energies, 1).convert().coef[1]))
    apart = np.array([one.positions for one in half]) - start.positions
    box = np.diag(np.array(start.cell))
    apart -= np.round(apart / box) * box
    apart -= apart.mean(axis=1, keepdims=True)
    msd = float((apart**2).sum(axis=2).mean())
    told = {ENERGY.name: (times.tolist(), (1000 * (energies - energies[0])).tolist())}
    values = {"md_drift": 1000 * drift, "md_msd": msd}
    return Found(values, frames={"md_drift": frames}, curves=told)


PROPERTY = Property(
    name="stability",
    about="Drift of energy and mean square displacement in dynamics of the crystal at 900 K.",
    metrics=fixed(*METRICS),
    run=run,
    cost=800,
)
