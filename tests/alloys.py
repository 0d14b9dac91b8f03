"""Alloys made for tests: ordered structures, antisites, random ones, particles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.analysis import Inputs
from mlipviewer.core.timing import Temperature
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

Array = NDArray[Any]
CU, PT, FE, CO, NI, PD, AU, SN = 29, 78, 26, 27, 28, 46, 79, 50
A = 3.8  # A
BASIS = {
    "fcc": ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)),
    "bcc": ((0, 0, 0), (1, 1, 1)),
}
PARENT = {"L1_0": "fcc", "L1_2": "fcc", "L1_1": "fcc", "B2": "bcc"}


def sites(parent: str, n: int) -> Array:
    """(m, 3) the sites of n x n x n cubic cells in halves of the cell."""
    corners = np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij"), axis=-1).reshape(-1, 1, 3)
    found: Array = (2 * corners + np.array(BASIS[parent])).reshape(-1, 3)
    return found


def on_second(structure: str, at: Array) -> Array:
    """(m,) which sites are of the second sublattice: Pt of CuPt, Cu3Pt."""
    rules = {
        "L1_0": at[:, 2] % 2 == 0,
        "L1_2": (at % 2 == 0).all(axis=1),
        "L1_1": (at.sum(axis=1) // 2) % 2 == 0,
        "B2": at[:, 0] % 2 == 0,
    }
    return rules[structure]


def periodic(at: Array, numbers: Array, n: int, index: int = 0, a: float = A) -> Frame:
    cell = np.eye(3) * a * n
    return Frame(index, at * a / 2, np.asarray(numbers), cell, (True, True, True))


def ordered(structure: str, n: int = 4, numbers: tuple[int, int] = (CU, PT)) -> Frame:
    at = sites(PARENT[structure], n)
    return periodic(at, np.where(on_second(structure, at), numbers[1], numbers[0]), n)


def with_antisites(structure: str, order: float, n: int, seed: int = 0) -> Frame:
    """As many atoms of both kinds of CuPt change places as S = 1 - 2 f says."""
    rng, frame = np.random.default_rng(seed), ordered(structure, n)
    numbers = np.array(frame.numbers)
    wrong = round((1 - order) / 2 * len(numbers) / 2)
    first = rng.choice(np.flatnonzero(numbers == CU), wrong, replace=False)
    second = rng.choice(np.flatnonzero(numbers == PT), wrong, replace=False)
    numbers[first], numbers[second] = PT, CU
    return replace(frame, numbers=numbers)


def random_alloy(parent: str, n: int, kinds: tuple[int, ...] = (CU, PT), seed: int = 0) -> Frame:
    """The same number of atoms of each kind at random."""
    at = sites(parent, n)
    numbers = np.resize(np.array(kinds), len(at))
    return periodic(at, np.random.default_rng(seed).permutation(numbers), n)


def sphere(frame: Frame, radius: float) -> Frame:
    """What of a frame lies within a radius (A) of its middle, as a particle in free space."""
    middle = frame.positions.mean(axis=0)
    near = np.linalg.norm(frame.positions - middle, axis=1) <= radius
    return Frame(frame.index, frame.positions[near] - middle, frame.numbers[near])


def octahedron(edge: int, cut: int, number: int = PT) -> Frame:
    """A truncated octahedron of fcc: so many atoms along an edge before the corners are cut."""
    from ase.cluster import Octahedron

    atoms = Octahedron("Pt", edge, cutoff=cut, latticeconstant=A)
    return Frame(0, np.array(atoms.positions), np.full(len(atoms), number))


def shaken(frame: Frame, by: float, seed: int = 0) -> Frame:
    """Every atom moved at random, with a standard deviation in A along each axis."""
    moved = np.random.default_rng(seed).normal(0, by, frame.positions.shape)
    return replace(frame, positions=frame.positions + moved)


def turned(frame: Frame, seed: int = 0) -> Frame:
    """The frame in another orientation, its cell with it."""
    from scipy.spatial.transform import Rotation

    by = Rotation.random(random_state=seed).as_matrix().T
    cell = None if frame.cell is None else frame.cell @ by
    return replace(frame, positions=frame.positions @ by, cell=cell)


def trajectory(*frames: Frame, name: str = "alloy", kelvin: float | None = None) -> Trajectory:
    numbered = [replace(frame, index=i) for i, frame in enumerate(frames)]
    found = Trajectory(name, MemorySource(name, "memory", numbered), range(len(frames)))
    return found if kelvin is None else replace(found, temperature=Temperature(kelvin))


def disordering(n: int = 3) -> Trajectory:
    """L1_0 that becomes disordered as it is heated: six frames that tell their temperature."""
    steps = [
        replace(with_antisites("L1_0", order, n), info={"temperature": kelvin})
        for order, kelvin in zip((1.0, 0.9, 0.7, 0.5, 0.2, 0.0), range(300, 900, 100), strict=True)
    ]
    return trajectory(*steps)


def inputs(*frames: Frame) -> Inputs:
    return Inputs(trajectory=trajectory(*frames))
