"""The liquid: its radial distribution function and how fast its atoms diffuse."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign import crystals
from mlipviewer.campaign.dynamics import langevin, verlet
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.property import (
    CurveKind,
    Found,
    Metric,
    Number,
    Property,
    Subject,
    fixed,
)

Array = NDArray[Any]
HOT, TEMPERATURE = 4000.0, 2000.0  # K
DENSER = 0.93
"""Volume of the liquid against that of the guessed crystal: silicon shrinks when it melts."""
MELTING, COOLING = 1500, 1500  # fs
FRAMES, EVERY = 160, 25  # 4 ps
BLOCKS = 4
EDGES = np.linspace(0.0, 5.0, 51)
MIDDLES = (EDGES[1:] + EDGES[:-1]) / 2
CLOSEST = 0.6
"""Of the distance of neighbours in the crystal: closer pairs are a collapse."""
LEAST = 0.5
"""A^2 in each block: less is no liquid."""
PAIRS = CurveKind("liq_rdf", "distance (Å)", "g(r)", tuple(MIDDLES.tolist()))
SPREAD = CurveKind("liq_msd", "time (ps)", "mean square displacement (Å²)")
METRICS = (
    Metric(
        "liq_rdf",
        "radial distribution function of the liquid",
        "",
        "liquid",
        0.05,
        0.5,
        curve=PAIRS,
    ),
    Metric("liq_peak", "place of its first peak", "Å", "liquid", 0.05, 0.5, curve=PAIRS),
    Metric("liq_D", "diffusivity in the liquid", "1e-5 cm²/s", "liquid", 2.0, 20.0, curve=SPREAD),
)


def run(subject: Subject) -> Found:
    """A crystal is melted and cooled at the volume that the design's lattice constant gives, the
    same for all models; then it moves at constant energy. The uncertainty of the diffusivity is the
    standard error of four parts of the run. Raises Failed where it explodes, collapses or is
    solid."""
    crystal, calculator = subject.crystal, subject.calculator()
    rng = np.random.default_rng(subject.seed)
    start = crystals.large(crystal, crystal.a * DENSER ** (1 / 3))
    start.rattle(0.2, rng=rng)
    melted = list(langevin(start, calculator, HOT, 1, MELTING, rng))[-1]
    cooled = list(langevin(melted, calculator, TEMPERATURE, 1, COOLING, rng))[-1]
    # half of twice the temperature goes into bonds of a crystal; a liquid is at its energy already
    frames = list(verlet(cooled, calculator, TEMPERATURE / 2, FRAMES, EVERY, rng))
    curve = distribution(frames)
    near = crystal.a * NEAREST[crystal.structure]
    if curve[: int(CLOSEST * near / EDGES[1])].any():
        raise Failed(f"atoms came closer than {CLOSEST * near:.2f} A: the liquid collapsed")
    positions = np.array([one.positions for one in frames])
    value, error = diffusivity(positions, frames[0].cell.lengths())
    values: dict[str, Number] = {
        "liq_rdf": tuple(curve.tolist()),
        "liq_peak": peak(MIDDLES, curve),
        "liq_D": value,
    }
    seen = {"liq_rdf": frames, "liq_D": frames}
    moved = {SPREAD.name: spread(positions, frames[0].cell.lengths())}
    return Found(values, {"liq_D": error}, seen, curves=moved)


NEAREST = {"diamond": 3**0.5 / 4, "fcc": 0.5**0.5, "bcc": 3**0.5 / 2}


def distribution(frames: Any) -> Array:
    """(50,) g(r) of frames of the same volume, up to the last of EDGES or half the cell."""
    n, volume = len(frames[0]), frames[0].get_volume()
    upper = np.triu_indices(n, 1)
    counts = np.zeros(len(EDGES) - 1)
    for atoms in frames[::4]:
        counts += np.histogram(atoms.get_all_distances(mic=True)[upper], EDGES)[0]
    shells = 4 / 3 * np.pi * np.diff(EDGES**3)
    found: Array = 2 * counts / len(frames[::4]) / n * volume / (n * shells)
    return found


def peak(places: Array, curve: Array) -> float:
    """Where the first peak is, by a parabola through its top."""
    top = int(np.argmax(curve))
    if not 0 < top < len(curve) - 1:
        raise Failed("the radial distribution function has no peak")
    low, here, high = curve[top - 1 : top + 2]
    moved = 0.5 * (low - high) / (low - 2 * here + high)
    return float(places[top] + moved * (places[1] - places[0]))


def unwrapped(positions: Array, box: Array) -> Array:
    """(f, n, 3) from the first frame on, the drift of all atoms taken off."""
    moves = np.diff(positions, axis=0)
    moves -= np.round(moves / box) * box
    moves -= moves.mean(axis=1, keepdims=True)
    return np.concatenate([np.zeros_like(positions[:1]), np.cumsum(moves, axis=0)])


def spread(positions: Array, box: Array) -> tuple[list[float], list[float]]:
    """ps, and the mean square displacement in A^2 over that time, up to a quarter of the run."""
    path = unwrapped(positions, box)
    lags = np.arange(1, len(path) // BLOCKS)
    found = [float(((path[lag:] - path[:-lag]) ** 2).sum(axis=2).mean()) for lag in lags]
    return (lags * EVERY / 1000).tolist(), found


def diffusivity(positions: Array, box: Array) -> tuple[float, float]:
    """In 1e-5 cm^2/s, of wrapped positions (f, n, 3) of a liquid, and its standard error: the slope
    of the mean square displacement over the second half of each part of the run. Raises Failed."""
    path = unwrapped(positions, box)
    length = len(path) // BLOCKS
    found = []
    for part in np.split(path[: length * BLOCKS], BLOCKS):
        lags = np.arange(length // 4, length // 2)
        apart = [((part[lag:] - part[:-lag]) ** 2).sum(axis=2).mean() for lag in lags]
        if apart[-1] < LEAST:
            raise Failed(f"atoms moved by {apart[-1] ** 0.5:.2f} A only: it is not liquid")
        slope = np.polyfit(lags * EVERY / 1000, apart, 1)[0]  # A^2/ps
        found.append(slope / 6 * 10)  # 1 A^2/ps is 1e-4 cm^2/s
    return float(np.mean(found)), float(np.std(found, ddof=1) / BLOCKS**0.5)


PROPERTY = Property(
    name="liquid",
    about="Radial distribution function and diffusivity of the liquid at 2000 K.",
    metrics=fixed(*METRICS),
    run=run,
    cost=7000,
)
