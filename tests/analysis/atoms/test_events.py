"""Events that were put into runs are found, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.detectors import class_changes, spells
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from tests import made

EVENTS = ANALYSES["events"]
M, N = 60, 5


def run_of(columns: dict[str, Any] | None = None, places: Any = None, **info: Any) -> Trajectory:
    """A run of M frames of N atoms, ids from 11; columns (M, N)."""
    at = np.arange(N)[:, None] * [3.0, 0.0, 0.0] + np.zeros((M, N, 3)) if places is None else places
    ids = np.arange(N) + 11
    frames = tuple(
        Frame(
            k, at[k].copy(), np.full(N, 14), ids=ids,
            columns=MappingProxyType({name: of[k].copy() for name, of in (columns or {}).items()}),
            info=MappingProxyType({name: of[k] for name, of in info.items()}),
        )
        for k in range(M)
    )  # fmt: skip
    return Trajectory.whole("made", made.FramesInMemory(frames))


def found(run: Trajectory, **params: Any) -> Result:
    return EVENTS.run(Inputs(trajectory=run), EVENTS.params(**params), Progress())


def places(noise: float = 0.1) -> Any:
    """Atoms that tremble; the second one jumps by 2 A at frame 30, the third one drifts away."""
    rng = np.random.default_rng(0)
    at = np.arange(N)[:, None] * [3.0, 0.0, 0.0] + rng.normal(0, noise, (M, N, 3))
    at[30:, 1, 1] += 2.0
    at[:, 2, 2] += np.linspace(0, 4.0, M)
    return at


def test_that_a_jump_is_found_at_its_frame_and_slow_ways_are_none() -> None:
    events = found(run_of(places=places()), drift="none").tables["events"]
    assert (events["kind"], events["atom"]) == (["jump"], [12])
    assert (events["begin_frame"], events["end_frame"]) == ([29], [30])
    assert events["value"] == pytest.approx([2.0], abs=0.3)


def test_that_a_displacement_lasts_from_its_first_to_its_last_frame() -> None:
    run = run_of(places=places(0.01))
    events = found(run, what="displacement", drift="none", distance=1.0).tables["events"]
    assert events["atom"] == [13, 12]
    assert events["begin_frame"] == [pytest.approx(15, abs=1), 30]
    assert events["end_frame"] == [M - 1, M - 1]
    assert events["value"] == pytest.approx([4.0, 2.0], abs=0.1)


def test_that_a_column_of_classes_changes_only_where_it_lasts() -> None:
    classes = np.full((M, N), "bcc", object)
    classes[20:, 3] = "fcc"
    classes[40:42, 0] = "fcc"  # too short
    events = found(run_of({"class": classes.astype(str)}), what="class change", column="class")
    table = events.tables["events"]
    assert (table["atom"], table["from"], table["to"]) == ([14], ["bcc"], ["fcc"])
    assert (table["begin_frame"], table["end_frame"]) == ([19], [20])


def test_that_structure_types_are_classes_without_a_column() -> None:
    result = EVENTS.run(
        Inputs(trajectory=made.trajectory(n_frames=6)),
        EVENTS.params(what="class change", classes="cna", dwell=1),
        Progress(),
    )
    assert result.summary["n_events"] == 0  # a cubic lattice that only moves


def test_that_spikes_of_energies_of_atoms_and_of_frames_are_found() -> None:
    rng = np.random.default_rng(1)
    energies = -4.0 + 0.01 * rng.normal(size=(M, N))
    energies[10:14, 4] += 0.5
    events = found(run_of({"energies": energies}), what="spike").tables["events"]
    assert (events["atom"], events["begin_frame"], events["end_frame"]) == ([15], [10], [13])
    whole = 0.01 * rng.normal(size=M)
    whole[50:53] -= 1.0
    of_frames = found(run_of(energy=whole), what="spike").tables["events"]
    assert (of_frames["atom"], of_frames["begin_frame"]) == ([-1], [50])


def test_that_times_are_told_where_they_are_known() -> None:
    run = run_of(places=places(), Time=np.arange(M) * 0.5)
    timed = replace(run, clock=made.trajectory().clock)
    table = found(timed, drift="none").tables["events"]
    known = run.info(29).get("Time") is not None and timed.clock.known
    assert ("time" in table) is known


def test_that_what_cannot_be_looked_for_is_said() -> None:
    with pytest.raises(AnalysisProblem, match="carries no energies"):
        found(run_of(), what="spike")
    with pytest.raises(AnalysisProblem, match="no column 'x'; there are: q"):
        found(run_of({"q": np.zeros((M, N))}), what="spike", column="x")
    with pytest.raises(AnalysisProblem, match="no atom takes part"):
        found(run_of(places=places()), among="id > 99")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=2, max_size=30))
def test_that_spells_are_the_runs_of_what_is_above(rows: list[list[bool]]) -> None:
    above = np.array(rows)
    strength = np.where(above, 2.0, 0.0)
    told = spells(strength, 1.0)
    again = np.zeros_like(above)
    for atom, begin, end in zip(told.atom, told.begin, told.end, strict=True):
        assert above[begin : end + 1, atom].all()
        assert begin == 0 or not above[begin - 1, atom]
        assert end == len(above) - 1 or not above[end + 1, atom]
        again[begin : end + 1, atom] = True
    assert np.array_equal(again, above)


def test_that_changes_are_seen_across_short_looks_elsewhere() -> None:
    labels = np.array([[0, 0, 0, 2, 1, 1, 1, 0, 1, 1]]).T
    events, old, new = class_changes(labels, 2)
    assert (old.tolist(), new.tolist()) == ([0], [1])
    assert (events.begin.tolist(), events.end.tolist()) == ([2], [4])
