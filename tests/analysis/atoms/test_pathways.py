"""Pathways along a trajectory: tables, control, persistence in ps, births, what plots choose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.control_crystal import control
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Area, Bars
from mlipviewer.core.progress import Progress
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

PATHWAYS = ANALYSES["pathways"]
NAMES = {"d": "other", "c": "hcp", "f": "fcc", "b": "bcc"}


def trajectory_of(*lines: str) -> Trajectory:
    """Atom i + 100 is in the states that line i spells, one letter a frame; '.': not there."""
    rng = np.random.default_rng(0)
    frames = []
    for t in range(len(lines[0])):
        there = rng.permutation([i for i, line in enumerate(lines) if line[t] != "."])
        kinds = np.array([NAMES[lines[i][t]] for i in there], object)
        positions = np.stack((there, there, there), axis=1).astype(float)
        numbers = np.full(len(there), 3)
        frame = Frame(t, positions, numbers, ids=there + 100, columns={"kind": kinds})
        frames.append(frame)
    clock = Clock(Source.USER, "said", interval=0.5)
    whole = Trajectory.whole("made", MemorySource("made", "memory", frames))
    return replace(whole, clock=clock)


MADE = trajectory_of(
    "ddddddbbbbbb",
    "dddcffbbbbbb",
    "dddcffbbbbbb",
    "bbbbbbbbbbbb",
    "bbbbbbcbbbbb",
    "dddddddddddd",
    "....ddddbbbb",
)


def found(trajectory: Trajectory = MADE, **params: object) -> Result:
    params = {"method": "column", "column": "kind", "persistence_frames": 3, **params}
    return PATHWAYS.run(Inputs(trajectory=trajectory), PATHWAYS.params(**params), Progress())


def test_that_direct_and_multi_step_ways_are_counted() -> None:
    result = found()
    assert (result.summary["n_direct"], result.summary["n_multi_step"]) == (2, 2)
    transitions = result.tables["transitions"]
    counts = dict(
        zip(zip(transitions["from"], transitions["to"], strict=True), transitions["n"], strict=True)
    )
    assert counts["disordered", "bcc"] == 2
    assert counts["disordered", "close-packed"] == 2
    assert counts["close-packed", "bcc"] == 2
    assert sum(counts.values()) == 6
    assert result.tables["shares"]["share"] == [0.5, 0.5]


def test_that_the_control_is_what_is_crystalline_throughout_or_said() -> None:
    result = found(persistence_frames=1)
    assert result.summary["n_control"] == 2
    assert result.summary["flicker"] == pytest.approx(1 / 24)
    corrected = (0.5 - 1 / 24) / (1 - 1 / 24)
    assert result.summary["multi_step_corrected"] == pytest.approx(corrected, abs=1e-6)
    said = found(persistence_frames=1, control="id == 104")
    assert said.summary["flicker"] == pytest.approx(1 / 12)
    given = found(persistence_frames=1, flicker=0.25)
    assert given.summary["multi_step_corrected"] == pytest.approx(1 / 3, abs=1e-6)
    with pytest.raises(AnalysisProblem, match="no atom fits"):
        found(control="id == 5")


def test_that_persistence_is_in_ps_where_the_time_is_known() -> None:
    assert found(persistence=1.5).summary["persistence"] == 3
    assert found(persistence=2.0).summary["n_multi_step"] == 0
    with pytest.raises(AnalysisProblem, match="frame-interval"):
        found(replace(MADE, clock=Clock()), persistence=2.0)


def test_that_residence_is_told_in_ps_and_knows_of_cut_stays() -> None:
    table = found().tables["residence"]
    at = list(table["class"]).index("close-packed")
    assert (table["n"][at], table["n_complete"][at]) == (2, 2)
    assert table["mean"][at] == pytest.approx(1.5)
    disordered = list(table["class"]).index("disordered")
    assert table["lifetime"][disordered] == pytest.approx(0.5 * (6 + 3 + 3 + 12 + 4) / 4)
    assert found().units["lifetime"] == "ps"


def test_that_some_atoms_are_followed_also_those_that_appear_later() -> None:
    assert found(of="x < 3").summary["n_atoms"] == 3
    assert found(of="x > 5").summary["n_direct"] == 1
    assert found(of="x > 5", control="x == 3").summary["n_control"] == 1


def test_that_flows_stand_for_atoms_and_the_frames_of_their_change() -> None:
    drawn = PATHWAYS.plots["Pathways"](Inputs(), PATHWAYS.params(), found())
    areas = {one.label.split("\n")[0]: one for one in drawn.marks if isinstance(one, Area)}
    steps = areas["disordered → close-packed → bcc"]
    assert steps.rows.tolist() == [101, 102]
    assert steps.frames is not None
    assert steps.frames.tolist() == [6]
    direct = areas["disordered → bcc"]
    assert direct.rows.tolist() == [100, 106]
    assert direct.frames is not None
    assert direct.frames.tolist() == [6, 8]
    assert areas["bcc at last"].rows.tolist() == [100, 101, 102, 103, 104, 106]
    fewer = PATHWAYS.plots["Pathways"](Inputs(), PATHWAYS.params(unchanged=False), found())
    assert "disordered → disordered" not in {
        one.label.split("\n")[0] for one in fewer.marks if isinstance(one, Area)
    }


def test_that_bars_of_transitions_stand_for_their_atoms() -> None:
    drawn = PATHWAYS.plots["Transitions"](Inputs(), PATHWAYS.params(), found())
    bars = next(mark for mark in drawn.marks if isinstance(mark, Bars))
    assert [own.tolist() for own in bars.rows] == [[101, 102], [100, 106], [], [101, 102], [], []]


def test_that_nothing_to_subtract_is_said() -> None:
    result = found(trajectory_of("ddddbbbb", "dddddddd"))
    assert any("flicker" in note for note in result.notes)


def test_that_another_run_is_the_control() -> None:
    steady = trajectory_of("bbbbcbbbbbbb", "bbbbbbbbbbbb")
    inputs = Inputs(trajectory=MADE, beside={"bulk": steady})
    asked = {"method": "column", "column": "kind", "persistence_frames": 1}
    given = PATHWAYS.run(inputs, PATHWAYS.params(control_run="bulk", **asked), Progress())
    assert given.summary["flicker"] == pytest.approx(1 / 24)
    assert given.summary["n_control"] == 2
    one = PATHWAYS.params(control_run="bulk", control="id == 100", **asked)
    assert PATHWAYS.run(inputs, one, Progress()).summary["flicker"] == pytest.approx(1 / 12)
    with pytest.raises(AnalysisProblem, match="no run 'bull' beside this one; there are: bulk"):
        PATHWAYS.run(inputs, PATHWAYS.params(control_run="bull", **asked), Progress())


def test_that_a_made_crystal_is_a_control() -> None:
    """0.27 A of noise, all templates fit: some of bcc is called close-packed, here and there."""
    warm = [control("bcc", 2.98, 0.27, 1000, seed=20 + i) for i in range(8)]
    frames = [replace(one, index=i) for i, one in enumerate(warm)]
    trajectory = Trajectory.whole("warm", MemorySource("warm", "memory", frames))
    params = PATHWAYS.params(method="ptm", cutoff=0.5, persistence_frames=1, control_run="made")
    made = PATHWAYS.run(Inputs(trajectory=trajectory), params, Progress()).summary
    own = replace(params, control_run="", control="true")
    true = PATHWAYS.run(Inputs(trajectory=trajectory), own, Progress()).summary
    assert float(true["flicker_raw"]) > 0.005  # type: ignore[arg-type]
    assert made["flicker_raw"] == pytest.approx(true["flicker_raw"], rel=0.3)
    with pytest.raises(AnalysisProblem, match="can be made where"):
        found(control_run="made")
