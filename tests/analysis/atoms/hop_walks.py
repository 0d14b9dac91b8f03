"""Made walkers on lattices, of which all is known: rate, times at sites, correlation of jumps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Frame, Trajectory
from tests import made

EDGE = 2.5  # A between neighbouring sites
SIDE = 4  # sites along each edge of the cell of a simple cubic lattice
SC = np.concatenate([np.eye(3), -np.eye(3)]) * EDGE
TETRAHEDRON = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * EDGE / np.sqrt(3)
DIAMOND_EDGE = 4 * EDGE / np.sqrt(3)


def walk(
    n: int = 100,
    m: int = 400,
    rate: float = 0.05,
    back: float = 0.0,
    diamond: bool = False,
    axes: int = 3,
    seed: int = 3,
) -> Any:
    """(m, n, 3) places in A: in each frame an atom jumps to a neighbouring site with probability
    `rate`; with probability `back` the jump takes the last one back, else all are as likely."""
    rng = np.random.default_rng(seed)
    steps = np.concatenate([SC[:axes], SC[3 : 3 + axes]])
    at = rng.integers(0, SIDE, (n, 3)) * (EDGE if not diamond else DIAMOND_EDGE)
    last, sign = np.zeros((n, 3)), np.ones(n)
    places = np.empty((m, n, 3))
    places[0] = at
    for k in range(1, m):
        jumps = rng.random(n) < rate
        if diamond:
            step = TETRAHEDRON[rng.integers(0, 4, n)] * sign[:, None]
        else:
            step = steps[rng.integers(0, len(steps), n)]
        returns = (rng.random(n) < back) & (last != 0).any(axis=1)
        step = np.where(returns[:, None], -last, step)
        at = at + step * jumps[:, None]
        last = np.where(jumps[:, None], step, last)
        sign = np.where(jumps, -sign, sign)
        places[k] = at
    return places


def run_of(
    places: Any,
    edge: float = EDGE * SIDE,
    noise: float = 0.0,
    interval: float = 1.0,
    shift: Any = (0.3, 0.4, 0.5),
    turn: Any = None,
    wrap: bool = True,
    drift: float = 0.0,
    breath: float = 0.0,
    seed: int = 7,
    images: bool = False,
) -> Trajectory:
    """A run of lithium (the places) in a framework of oxygen, periodic in a cube of `edge` A."""
    m, n = places.shape[:2]
    rng = np.random.default_rng(seed)
    turn = np.eye(3) if turn is None else turn
    corners = np.array([[x, y, z] for x in (0.1, 0.6) for y in (0.1, 0.6) for z in (0.1, 0.6)])
    numbers = np.repeat([3, 8], [n, len(corners)])
    frames = []
    for k in range(m):
        shaken = places[k] + rng.normal(0, noise, (n, 3)) if noise else places[k]
        there = np.concatenate([shaken, corners * edge]) + np.asarray(shift) + drift * k
        columns = {"image": np.floor(there / edge)} if images else {}
        if wrap:
            there = there % edge
        grown = 1 + breath * np.sin(0.3 * k)
        cell = np.eye(3) * edge * grown @ turn
        frames.append(
            Frame(k, there * grown @ turn, numbers, cell, (True, True, True), columns=columns)
        )
    whole = Trajectory.whole("walk", made.FramesInMemory(tuple(frames)))
    return replace(whole, clock=Clock(Source.USER, "said", interval=interval))
