"""Inputs of analyses that refuse what others take: runs in equilibrium, runs with a temperature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from mlipviewer.core.analysis import Inputs
from mlipviewer.core.curves import Curves
from mlipviewer.core.timing import Clock, Source, Temperature
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from tests import alloys, made
from tests.analysis.atoms.hop_walks import run_of, walk


def walking(kelvin: float) -> Trajectory:
    """Three atoms that walk at random, sixty frames at 1 ps; their energy fluctuates."""
    rng = np.random.default_rng(int(kelvin))
    path = rng.normal(0, kelvin / 1000, (60, 3, 3)).cumsum(axis=0)
    frames = [
        Frame(i, at, np.array([3, 3, 11]), info={"energy": float(rng.normal())})
        for i, at in enumerate(path)
    ]
    name = f"{kelvin:g} K"
    source = MemorySource(name, "memory", frames)
    return Trajectory(name, source, range(60), Clock(Source.USER, "", 1.0), Temperature(kelvin))


def _in_equilibrium() -> Inputs:
    return Inputs(trajectory=walking(500.0))


def _in_a_cell() -> Inputs:
    run = walking(500.0)
    frames = [
        replace(run.frame(i), cell=np.eye(3) * 60.0, pbc=(True, True, True)) for i in range(60)
    ]
    return Inputs(trajectory=replace(run, source=MemorySource("cell", "memory", frames)))


def _of_two_temperatures() -> Inputs:
    return Inputs(trajectory=walking(500.0), beside={"700 K": walking(700.0)})


def _of_hops() -> Inputs:
    """Six atoms on a simple cubic lattice that hop, in a framework."""
    return Inputs(trajectory=run_of(walk(n=6, m=60, rate=0.1)))


def _of_an_alloy() -> Inputs:
    return Inputs(trajectory=alloys.disordering())


def _rock_salt() -> Inputs:
    """Eight ions of NaCl; an edge of 5.64 A."""
    corners = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]) * 2.82
    places = np.concatenate((corners, corners + np.array([2.82, 0, 0])))
    numbers = np.repeat(np.array([11, 17], np.int32), 4)
    frame = Frame(0, places, numbers, np.eye(3) * 5.64, (True, True, True))
    return Inputs(trajectory=Trajectory.whole("NaCl", MemorySource("NaCl", "memory", [frame])))


def _of_two_models() -> Inputs:
    """Frames with energies and forces of two models and their reference."""
    run = made.trajectory(n_atoms=8)
    frames = []
    for k in range(run.n_frames):
        frame = run.frame(k)
        columns = {**frame.columns, "mace_forces": 1.1 * frame.columns["ref_forces"]}
        info = {**frame.info, "REF_energy": -16.0 + 0.01 * k}
        frames.append(replace(frame, columns=columns, info=info))
    return Inputs(trajectory=Trajectory.whole("run", MemorySource("run", "memory", frames)))


def _of_curves() -> Inputs:
    """Three models with curves behind their second error."""
    x = np.linspace(0.0, 1.0, 5)
    of = {f"m{k}": (x, x**2 + 0.1 * k) for k in range(3)}
    curves = {"e1": Curves("volume", "energy (eV)", {"reference": (x, x**2), **of})}
    return Inputs(replace(made.error_table(), curves=MappingProxyType(curves)))


def _of_a_particle() -> Inputs:
    return alloys.inputs(alloys.sphere(alloys.ordered("L1_0", 5), 8.0))


OWN_INPUTS: Mapping[str, Callable[[], Inputs]] = MappingProxyType(
    {
        "free-energy": _in_equilibrium,
        "rates": _in_equilibrium,
        "hops": _of_hops,
        "van-hove": _in_a_cell,
        "vibrations": _in_a_cell,
        "arrhenius": _of_two_temperatures,
        "core-shell": _of_a_particle,
        "curves": _of_curves,
        "diffraction": _of_an_alloy,
        "order": _of_an_alloy,
        "ordering-counts": _of_an_alloy,
        "sites": _rock_salt,
        "retraining": _of_two_models,
        "energy-errors": _of_two_models,
    }
)
