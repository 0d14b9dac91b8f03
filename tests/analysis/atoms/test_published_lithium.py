"""Lithium at an oxide, and the published sets of lithium: sensible answers, or none with a reason.

The published files are not ours to keep; what is asked of them is asked of a made interface, too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.analysis.methods.class_rules import METAL
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.many_frames import ManyFrames
from mlipviewer.session.opening import open_input
from tests.analysis.frames.test_structure_columns import frame_of

WARM = 0.2  # A by component: lithium at 300 K


def interface(n_frames: int = 4) -> Trajectory:
    """Warm bcc lithium, 8 x 8 x 10 cells, between rows of oxygen 2 A above its upper layer."""
    rng = np.random.default_rng(0)
    metal = bulk("Li", "bcc", a=3.5, cubic=True).repeat((8, 8, 10))
    upper = metal.positions[metal.positions[:, 2] > metal.positions[:, 2].max() - 0.1]
    frames = []
    for i in range(n_frames):
        shaken = metal.positions + rng.normal(0, WARM, metal.positions.shape)
        shaken[metal.positions[:, 2] > metal.positions[:, 2].max() - 0.1] = upper
        oxygen = Atoms(f"O{len(upper)}", upper + np.array([0, 0, 2.0]))
        places = np.concatenate([shaken, oxygen.positions])
        numbers = [*metal.numbers, *oxygen.numbers]
        whole = Atoms(numbers, places, cell=[28, 28, 60], pbc=True)
        frames.append(frame_of(whole, i))
    return Trajectory.whole("interface", MemorySource("interface", "memory", frames))


def run(name: str, trajectory: Trajectory, **params: object) -> Result:
    analysis = ANALYSES[name]
    inputs = Inputs(trajectory=trajectory, engine=ManyFrames(keep=False))
    return analysis.run(inputs, analysis.params(**params), Progress())


def test_that_contact_lithium_is_left_out_of_the_counts_of_a_made_interface() -> None:
    result = run("structure", interface(), among=METAL)
    assert result.summary["n_atoms"] == 1280 - 64
    assert float(result.summary["bcc_last"]) < 0.85  # type: ignore[arg-type]
    assert result.summary["control"] == "bcc"
    assert result.summary["noise"] == pytest.approx(WARM, abs=0.03)
    quenched = run("structure", interface(), among=METAL, positions="quenched")
    inside = 1280 - 64 - 2 * 64  # the two outermost layers of the metal lack neighbours
    assert float(quenched.summary["bcc_last"]) * 1216 >= 0.97 * (inside - 2 * 64)  # type: ignore[arg-type]
    layers = run("layers", interface(1), among=METAL, wall="element == 'O'", direction="down")
    assert layers.summary["n_layers"] >= 18


def test_that_the_published_interface_opens_and_its_metal_is_disordered(shared_data: Path) -> None:
    """201 frames of Li on LLZO(001): 98 of 444 Li touch oxygen; the rest has no crystal."""
    folder = shared_data / "lithium" / "summer" / "md_LLZO001_Li100_T300"
    trajectory = open_input(Input("interface", str(folder), Kind.TRAJECTORY)).thing
    assert isinstance(trajectory, Trajectory)
    assert trajectory.n_frames == 201
    result = run("structure", trajectory, among=METAL, every=50)
    counts = result.tables["counts"]
    first = [n for f, n in zip(counts["frame"], counts["count"], strict=True) if f == 0]
    assert sum(first) == 444 - 98
    for positions in ("as they are", "quenched"):
        told = run("structure", trajectory, among=METAL, every=50, positions=positions)
        assert told.summary["other_first"] > 0.95  # type: ignore[operator]
        assert told.summary["control"] == ""  # there is no crystal to be compared with
    front = run("layers", trajectory, among=METAL, every=100, wall="element == 'O'", edge=10)
    assert front.summary["n_layers"] > 10


def test_that_static_interfaces_count_their_metal_alone(shared_data: Path) -> None:
    """16 slabs of lithium fitted to the oxide, before they were relaxed."""
    files = sorted((shared_data / "lithium" / "summer" / "interfaces").glob("*.cif"))
    assert len(files) == 16
    for file in files[::5]:
        trajectory = Trajectory.whole(file.stem, open_trajectory(file))
        result = run("structure", trajectory, among=METAL, method="ptm")
        lithium = int((trajectory.frame(0).numbers == 3).sum())
        assert 0.7 * lithium < int(result.summary["n_atoms"]) < lithium  # type: ignore[arg-type]


SHARES = {
    "bcc": (0, 0, 0, 1),
    "fcc": (0, 1, 0, 0),
    "hcp": (0, 0, 1, 0),
    "hr9": (0, 1 / 3, 2 / 3, 0),
}


def test_that_hot_crystals_of_a_published_set_are_what_their_labels_say(shared_data: Path) -> None:
    """45 frames of bcc, fcc and 9R lithium, up to half of whose atoms noise makes other."""
    source = open_trajectory(shared_data / "lithium" / "lithium" / "mace_test.xyz")
    cna, raw = COMPUTATIONS["cna"], []
    for index in range(source.n_frames):
        frame = source.frame(index)
        kind = str(frame.info["label"]).split("_")[0].removeprefix("HT-HT-")
        raw.append(np.mean(cna.run(frame, cna.params()).columns["cna"] == 0))
        found = cna.run(frame, cna.params(positions="quenched")).columns["cna"]
        shares = np.bincount(found, minlength=5)[:4] / frame.n_atoms
        assert shares == pytest.approx(SHARES[kind], abs=0.01), kind
    assert np.mean(raw) > 0.5


def test_that_hot_lithium_by_dft_is_bcc_when_quenched(shared_data: Path) -> None:
    source = open_trajectory(shared_data / "lithium" / "lithium" / "HT_bcc_0_0" / "CONTCAR")
    trajectory = Trajectory.whole("hot", source)
    assert run("structure", trajectory).summary["bcc_last"] < 0.5  # type: ignore[operator]
    assert run("structure", trajectory, positions="quenched").summary["bcc_last"] == 1.0


@pytest.mark.parametrize("stacking", ["AB", "ABC", "ABCBCACAB"])
def test_that_warm_stackings_keep_their_shares_when_quenched(stacking: str) -> None:
    """hcp, fcc and 9R, with 0.2 A of noise at the distances of lithium."""
    layers = stacking * (18 // len(stacking))
    shift = {"A": (0.0, 0.0), "B": (0.5, 1 / (2 * np.sqrt(3))), "C": (0.0, 1 / np.sqrt(3))}
    flat = np.array([(i + 0.5 * (j % 2), j * np.sqrt(0.75)) for i in range(8) for j in range(8)])
    places = [np.column_stack((flat + shift[one], np.full(64, k * np.sqrt(2 / 3))))
              for k, one in enumerate(layers)]  # fmt: skip
    cell = np.diag([8, 8 * np.sqrt(0.75), len(layers) * np.sqrt(2 / 3)]) * 3.05
    noise = np.random.default_rng(2).normal(0, WARM, (64 * len(layers), 3))
    positions = np.concatenate(places) * 3.05 + noise
    frame = Frame(0, positions, np.full(len(positions), 3), cell, (True, True, True))
    cna = COMPUTATIONS["cna"]
    found = cna.run(frame, cna.params(positions="quenched")).columns["cna"]
    wanted = {"AB": "hcp", "ABC": "fcc", "ABCBCACAB": "hr9"}[stacking]
    shares = np.bincount(found, minlength=5)[:4] / len(found)
    assert shares == pytest.approx(SHARES[wanted], abs=0.005)
